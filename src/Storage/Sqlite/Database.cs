using SQLitePCL;

namespace Discord.Storage.Sqlite;

/// <summary>
/// A statement's text. Make each once, in a static field: its number finds the prepared statement of a connection without hashing.
/// </summary>
internal sealed class Sql(string text)
{
    private static int _count;

    public string Text { get; } = text;

    public int Index { get; } = Interlocked.Increment(ref _count) - 1;
}

/// <summary>One SQLite connection with its prepared statements. Used by one thread at a time.</summary>
internal sealed class Database : IDisposable
{
    private const uint PreparePersistent = 1;
    private const int BusyTimeoutMilliseconds = 5_000;

    private readonly sqlite3 _handle;
    private sqlite3_stmt?[] _statements = new sqlite3_stmt?[64];

    static Database() => Batteries_V2.Init();

    private Database(sqlite3 handle) => _handle = handle;

    /// <summary>The handle, for calls that have no method here.</summary>
    public sqlite3 Handle => _handle;

    /// <summary>Rows that the last statement wrote.</summary>
    public int Changes => raw.sqlite3_changes(_handle);

    /// <summary>Whether a transaction is open.</summary>
    public bool InTransaction => raw.sqlite3_get_autocommit(_handle) == 0;

    /// <summary>Opens or creates a file.</summary>
    public static Database Open(string path, bool readOnly)
    {
        // NOMUTEX: each connection belongs to one thread, SQLite's own lock would only cost.
        var flags = raw.SQLITE_OPEN_NOMUTEX | (readOnly ? raw.SQLITE_OPEN_READONLY : raw.SQLITE_OPEN_READWRITE | raw.SQLITE_OPEN_CREATE);
        var rc = raw.sqlite3_open_v2(path, out var handle, flags, null);
        if (rc != raw.SQLITE_OK)
        {
            handle?.Dispose();
            throw SqliteError.ToException(rc, $"the database '{path}' could not be opened");
        }
        var database = new Database(handle);
        raw.sqlite3_extended_result_codes(handle, 1);
        raw.sqlite3_busy_timeout(handle, BusyTimeoutMilliseconds);
        return database;
    }

    /// <summary>Runs statements that return nothing of interest.</summary>
    public void Execute(string sql) => Check(raw.sqlite3_exec(_handle, sql));

    /// <summary>Runs a statement without parameters and rows.</summary>
    public void Execute(Sql sql)
    {
        using var statement = Use(sql);
        while (statement.Step()) { }
    }

    /// <summary>The first column of the first row of a statement that is run seldom; 0 without a row.</summary>
    public long Scalar(string sql)
    {
        Check(raw.sqlite3_prepare_v2(_handle, sql, out var prepared));
        using (prepared)
        {
            var rc = raw.sqlite3_step(prepared);
            if (rc == raw.SQLITE_ROW) return raw.sqlite3_column_int64(prepared, 0);
            if (rc != raw.SQLITE_DONE) throw Error(rc);
            return 0;
        }
    }

    /// <summary>The prepared statement, ready to bind. Dispose it when its rows are read; only one use of each at a time.</summary>
    public Statement Use(Sql sql)
    {
        var index = sql.Index;
        if (index >= _statements.Length) Array.Resize(ref _statements, Math.Max(index + 1, _statements.Length * 2));
        var prepared = _statements[index];
        if (prepared is null)
        {
            Check(raw.sqlite3_prepare_v3(_handle, sql.Text, PreparePersistent, out prepared));
            _statements[index] = prepared;
        }
        return new Statement(this, prepared);
    }

    /// <summary>Several reads that see one state; also saves taking the read lock for each.</summary>
    public T Read<T>(Func<Database, T> read)
    {
        Execute(Begin);
        try
        {
            return read(this);
        }
        finally
        {
            if (InTransaction) Execute(Commit);
        }
    }

    /// <summary>The exception for a result code of this connection.</summary>
    public StorageException Error(int rc) =>
        SqliteError.ToException(rc, raw.sqlite3_errmsg(_handle).utf8_to_string());

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var statement in _statements) statement?.Dispose();
        _handle.Dispose();
    }

    internal static readonly Sql Begin = new("BEGIN");
    internal static readonly Sql Commit = new("COMMIT");

    private void Check(int rc)
    {
        if (rc != raw.SQLITE_OK) throw Error(rc);
    }
}

/// <summary>A prepared statement in use. Parameters count from 1, columns from 0.</summary>
internal readonly ref struct Statement(Database database, sqlite3_stmt prepared)
{
    public Statement Bind(int index, long value)
    {
        Check(raw.sqlite3_bind_int64(prepared, index, value));
        return this;
    }

    public Statement Bind(int index, Protocol.Snowflake value) => Bind(index, (long)value.Value);

    public Statement Bind(int index, ReadOnlySpan<byte> value)
    {
        // An empty span has no address, and a blob without an address would be NULL.
        Check(value.IsEmpty ? raw.sqlite3_bind_zeroblob(prepared, index, 0) : raw.sqlite3_bind_blob(prepared, index, value));
        return this;
    }

    public Statement Bind(int index, string? value)
    {
        Check(value is null ? raw.sqlite3_bind_null(prepared, index) : raw.sqlite3_bind_text(prepared, index, value));
        return this;
    }

    public Statement Bind(int index, Migration.Cell value)
    {
        if (value.IsNull) Check(raw.sqlite3_bind_null(prepared, index));
        else if (value.IsNumber) Bind(index, value.Number);
        else if (value.IsText) Bind(index, value.Text);
        else Bind(index, value.Bytes.AsSpan());
        return this;
    }

    /// <summary>Moves to the next row; false after the last.</summary>
    public bool Step()
    {
        var rc = raw.sqlite3_step(prepared);
        if (rc == raw.SQLITE_ROW) return true;
        if (rc == raw.SQLITE_DONE) return false;
        throw database.Error(rc);
    }

    /// <summary>Runs to the end and tells how many rows were written.</summary>
    public int Run()
    {
        while (Step()) { }
        return database.Changes;
    }

    /// <summary>Makes it ready for other parameters.</summary>
    public void Reset() => raw.sqlite3_reset(prepared);

    public long Int64(int column) => raw.sqlite3_column_int64(prepared, column);

    public int Int32(int column) => raw.sqlite3_column_int(prepared, column);

    public Protocol.Snowflake Id(int column) => new((ulong)raw.sqlite3_column_int64(prepared, column));

    public byte[] Bytes(int column) => Span(column).ToArray();

    /// <summary>Valid until the next step.</summary>
    public ReadOnlySpan<byte> Span(int column) => raw.sqlite3_column_blob(prepared, column);

    public string Text(int column) => raw.sqlite3_column_text(prepared, column).utf8_to_string();

    /// <summary>A value of whatever type it has in the file.</summary>
    public Migration.Cell Cell(int column) => raw.sqlite3_column_type(prepared, column) switch
    {
        raw.SQLITE_NULL => default,
        raw.SQLITE_INTEGER => Int64(column),
        raw.SQLITE_TEXT => Text(column),
        _ => Bytes(column),
    };

    public bool IsNull(int column) => raw.sqlite3_column_type(prepared, column) == raw.SQLITE_NULL;

    /// <summary>Ends the use; its result was already told by <see cref="Step"/>.</summary>
    public void Dispose() => raw.sqlite3_reset(prepared);

    private void Check(int rc)
    {
        if (rc != raw.SQLITE_OK) throw database.Error(rc);
    }
}
