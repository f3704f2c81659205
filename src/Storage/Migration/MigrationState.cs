using System.Buffers;
using Discord.Storage.Sqlite;

namespace Discord.Storage.Migration;

/// <summary>
/// A migration's memory: a small SQLite file in the data directory, mode 0600 because it holds what is needed to log in to the target.
/// Every page's end is committed, so a killed process goes on where it was; a page that is copied twice changes nothing. Thread-safe.
/// </summary>
internal sealed class MigrationState : IDisposable
{
    /// <summary>The file in the data directory.</summary>
    public const string FileName = "migration.db";

    private static readonly Sql Get = new("SELECT value FROM facts WHERE name = ?1");
    private static readonly Sql Set = new("INSERT OR REPLACE INTO facts (name, value) VALUES (?1, ?2)");
    private static readonly Sql Add = new("INSERT INTO ranges (tab, n, after, up_to, rows, done) VALUES (?1, ?2, ?3, ?4, 0, 0)");
    private static readonly Sql Select = new("SELECT n, after, up_to, rows, done FROM ranges WHERE tab = ?1 ORDER BY n");
    private static readonly Sql Move = new("UPDATE ranges SET after = ?3, rows = rows + ?4 WHERE tab = ?1 AND n = ?2");
    private static readonly Sql Finish = new("UPDATE ranges SET done = 1 WHERE tab = ?1 AND n = ?2");

    private readonly Lock _lock = new();
    private readonly Database _database;

    public MigrationState(string dataDirectory)
    {
        var path = Path.Combine(dataDirectory, FileName);
        var options = new FileStreamOptions { Mode = FileMode.OpenOrCreate, Access = FileAccess.ReadWrite, Share = FileShare.ReadWrite };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        using (new FileStream(path, options)) { }
        _database = Database.Open(path, readOnly: false);
        _database.Execute("""
            PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA secure_delete=ON;
            CREATE TABLE IF NOT EXISTS facts (name TEXT PRIMARY KEY, value) WITHOUT ROWID;
            CREATE TABLE IF NOT EXISTS ranges (
                tab TEXT NOT NULL, n INTEGER NOT NULL, after BLOB NOT NULL, up_to BLOB NOT NULL, rows INTEGER NOT NULL, done INTEGER NOT NULL,
                PRIMARY KEY (tab, n)) WITHOUT ROWID;
            """);
    }

    public MigrationPhase Phase
    {
        get => Enum.Parse<MigrationPhase>(Text("phase") ?? nameof(MigrationPhase.None));
        set => Write("phase", value.ToString());
    }

    /// <summary>What is needed to open the target, as the node keeps it.</summary>
    public string? Target
    {
        get => Text("target");
        set => Write("target", value);
    }

    public DateTimeOffset StartedAt
    {
        get => DateTimeOffset.FromUnixTimeMilliseconds(Number("started_at"));
        set => Write("started_at", value.ToUnixTimeMilliseconds());
    }

    public long RateLimit
    {
        get => Number("rate_limit");
        set => Write("rate_limit", value);
    }

    /// <summary>The latest time that rows were written with.</summary>
    public long LastTimestamp
    {
        get => Number("last_timestamp");
        set => Write("last_timestamp", value);
    }

    /// <summary>
    /// Whether a full comparison has shown that the stores are equal, with every change noted ever since. Only then may the target answer.
    /// </summary>
    public bool IsVerified
    {
        get => Number("verified") != 0;
        set => Write("verified", value ? 1 : 0);
    }

    /// <summary>
    /// The boot of the machine in which changes were last noted; empty after a clean stop. Noted changes are not flushed to the disk: if
    /// the machine has gone down with them, only a comparison of everything helps.
    /// </summary>
    public string Boot
    {
        get => Text("boot") ?? "";
        set => Write("boot", value);
    }

    /// <summary>How many rows a table was thought to have.</summary>
    public long Estimate(ReplicaTable table) => Number("estimate." + table.Name);

    public void SetEstimate(ReplicaTable table, long rows) => Write("estimate." + table.Name, rows);

    /// <summary>The ranges of a table; none before <see cref="AddRanges"/>.</summary>
    public List<CopyRange> Ranges(ReplicaTable table)
    {
        lock (_lock)
        {
            var ranges = new List<CopyRange>();
            using var select = _database.Use(Select);
            select.Bind(1, table.Name);
            while (select.Step())
            {
                var range = new ReplicaRange(Cell.Read(select.Span(1)), Cell.Read(select.Span(2)));
                ranges.Add(new CopyRange(select.Int32(0), range, select.Int64(3), select.Int64(4) != 0));
            }
            return ranges;
        }
    }

    public void AddRanges(ReplicaTable table, IReadOnlyList<ReplicaRange> ranges)
    {
        lock (_lock)
        {
            _database.Execute("BEGIN");
            try
            {
                for (var n = 0; n < ranges.Count; n++)
                {
                    using var add = _database.Use(Add);
                    add.Bind(1, table.Name).Bind(2, n).Bind(3, Encode(ranges[n].After)).Bind(4, Encode(ranges[n].UpTo)).Run();
                }
                _database.Execute("COMMIT");
            }
            catch
            {
                if (_database.InTransaction) _database.Execute("ROLLBACK");
                throw;
            }
        }
    }

    /// <summary>A page has arrived at the target.</summary>
    public void Advance(ReplicaTable table, int range, Cell[] position, int rows)
    {
        lock (_lock)
        {
            using var move = _database.Use(Move);
            move.Bind(1, table.Name).Bind(2, range).Bind(3, Encode(position)).Bind(4, rows).Run();
        }
    }

    public void Complete(ReplicaTable table, int range)
    {
        lock (_lock)
        {
            using var finish = _database.Use(Finish);
            finish.Bind(1, table.Name).Bind(2, range).Run();
        }
    }

    /// <summary>Forgets everything but the latest timestamp, which another migration to the same place must stay above.</summary>
    public void Clear()
    {
        // The login at the target leaves the file and its log, too.
        lock (_lock)
            _database.Execute(
                "BEGIN; DELETE FROM ranges; DELETE FROM facts WHERE name <> 'last_timestamp'; COMMIT; PRAGMA wal_checkpoint(TRUNCATE)");
    }

    public void Dispose()
    {
        lock (_lock) _database.Dispose();
    }

    private static ReadOnlySpan<byte> Encode(Cell[] cells)
    {
        var output = new ArrayBufferWriter<byte>();
        Cell.Write(output, cells);
        return output.WrittenSpan;
    }

    private string? Text(string name) => Fact(name) is { IsNull: false } value ? value.Text : null;

    private long Number(string name) => Fact(name) is { IsNull: false } value ? value.Number : 0;

    private Cell Fact(string name)
    {
        lock (_lock)
        {
            using var get = _database.Use(Get);
            return get.Bind(1, name).Step() ? get.Cell(0) : default;
        }
    }

    private void Write(string name, Cell value)
    {
        lock (_lock)
        {
            using var set = _database.Use(Set);
            set.Bind(1, name).Bind(2, value).Run();
        }
    }
}

/// <summary>One range of a table and how far it is copied.</summary>
internal sealed record CopyRange(int Number, ReplicaRange Rest, long Rows, bool IsDone);
