using Discord.Kernel.Persistence;
using Discord.Storage.Accounts;
using Discord.Storage.Migration;

namespace Discord.Storage.Sqlite;

/// <summary>How one table of a migration lies in the file.</summary>
internal sealed class SqliteReplicaTable
{
    public SqliteReplicaTable(
        ReplicaTable table, string from, string[] columns, string[] order, string[]? below = null, string? where = null)
    {
        (Table, From, OrderWidth) = (table, where is null ? from : $"{from} WHERE {where}", order.Length);
        var select = $"SELECT {string.Join(", ", columns.Concat(order))} FROM {from}";
        var sort = $"ORDER BY {string.Join(", ", order)}";
        var markers = string.Join(", ", order.Select((_, i) => $"?{i + 2}"));
        First = new Sql($"{select} {(where is null ? "" : $"WHERE {where} ")}{sort} LIMIT ?1");
        Next = new Sql(
            $"{select} WHERE ({string.Join(", ", order)}) > ({markers}) {(where is null ? "" : $"AND {where} ")}{sort} LIMIT ?1");
        below ??= order;
        Below =
        [
            .. Enumerable.Range(0, below.Length + 1).Select(length =>
            {
                var conditions = below.Take(length).Select((column, i) => $"{column} = ?{i + 1}").Append(where ?? "1");
                return new Sql($"{select} WHERE {string.Join(" AND ", conditions)} {sort} LIMIT {IReplica.MostBelow + 1}");
            }),
        ];
        DeletedAt = IndexOf("deleted_at");
        BytesColumn = IndexOf("body") ?? IndexOf("payload") ?? IndexOf("value") ?? IndexOf("profile") ?? IndexOf("reactions");

        int? IndexOf(string name) => table.Key.Concat(table.Values).ToList().IndexOf(name) is >= 0 and var index ? index : null;
    }

    public ReplicaTable Table { get; }

    /// <summary>What its rows are counted in.</summary>
    public string From { get; }

    /// <summary>Cells behind a row's own that tell its place in the order of a scan.</summary>
    public int OrderWidth { get; }

    /// <summary>The first page; parameter 1 is the number of rows.</summary>
    public Sql First { get; }

    /// <summary>The page after a place, whose cells are the parameters from 2 on.</summary>
    public Sql Next { get; }

    /// <summary>By the number of leading columns that are given.</summary>
    public Sql[] Below { get; }

    public int? DeletedAt { get; }

    /// <summary>The column that a row's size is mostly made of.</summary>
    public int? BytesColumn { get; }

    /// <summary>The leading cells of the order for those of the key.</summary>
    public Func<ReadOnlySpan<Cell>, Cell[]> Physical { get; init; } = static key => key.ToArray();

    /// <summary>Fills in what no join can give.</summary>
    public Action<Database, Cell[]>? Complete { get; init; }

    public required Action<Database, Cell[]> Put { get; init; }

    /// <summary>Takes a key or the beginning of one.</summary>
    public required Action<Database, Cell[]> Remove { get; init; }

    /// <summary>What must be forgotten when a write is durable.</summary>
    public Action<IReadOnlyList<ReplicaChange>>? Written { get; init; }
}

/// <summary>All tables, with the statements that read and write them.</summary>
internal sealed class SqliteReplicaTables
{
    private static readonly Sql SelectReactions = new(
        """
        SELECT emoji, user_id, burst FROM reactions JOIN reaction_counts USING (channel_id, message_id, emoji)
        WHERE channel_id = ?1 AND message_id = ?2 ORDER BY ordinal, user_id
        """);

    private readonly Dictionary<ReplicaTable, SqliteReplicaTable> _tables;

    public SqliteReplicaTables(SqliteAccountStore accounts, TimeProvider time)
    {
        SqliteReplicaTable[] all =
        [
            Plain(ReplicaTable.Pins, "pins", "channel_id, message_id, pinned_at", keys: 2),
            Plain(ReplicaTable.Nonces, "nonces", "channel_id, author_id, nonce, message_id", keys: 3),
            Plain(ReplicaTable.Lookups, "lookups", "kind, key, value", keys: 2),
            Plain(ReplicaTable.Sets, "sets", "kind, key, member", keys: 3),
            Plain(ReplicaTable.Applications, "applications", "id, owner_id, bot_user_id, body", keys: 1),
            Plain(ReplicaTable.Tokens, "tokens", "hash, account_id, created_at, session_id_hash", keys: 1, c => accounts.Forget(c, 0)),
            Plain(
                ReplicaTable.AccountTokens, "tokens", "account_id, hash, created_at, session_id_hash", keys: 2, c => accounts.Forget(c, 1)),
            Audit(),
            Accounts(),
            Messages(),
            Reactions(),
            Journal(),
            JournalHeads(),
            Snapshots(time),
        ];
        _tables = all.ToDictionary(table => table.Table);
    }

    public SqliteReplicaTable this[ReplicaTable table] => _tables[table];

    // The columns of these are the cells, and the first ones the primary key.
    private static SqliteReplicaTable Plain(
        ReplicaTable table, string name, string columns, int keys, Action<IReadOnlyList<ReplicaChange>>? written = null)
    {
        var list = columns.Split(", ");
        return new(table, name, list, list[..keys])
        {
            Put = Put($"INSERT OR REPLACE INTO {name} ({columns}) VALUES ({Markers(list.Length)})"),
            Remove = Removal(name, list[..keys]),
            Written = written,
        };
    }

    // The id alone is the primary key; a guild's log is found by an index.
    private static SqliteReplicaTable Audit()
    {
        string[] columns = ["guild_id", "id", "action", "user_id", "target_id", "body"];
        return new(ReplicaTable.Audit, "audit", columns, ["guild_id", "id"])
        {
            Put = Put($"INSERT OR REPLACE INTO audit ({string.Join(", ", columns)}) VALUES ({Markers(columns.Length)})"),
            Remove = Removal("audit", ["guild_id", "id"]),
        };
    }

    private static SqliteReplicaTable Accounts()
    {
        // Replaces whoever still has the name, too: an exchange of names arrives in either order, and the other row is on its way.
        var put = Put(
            """
            INSERT OR REPLACE INTO accounts (id, username, discriminator, email, password_hash, bot, flags, profile, username_key, email_key)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)
            """);
        return new(
            ReplicaTable.Accounts, "accounts", ["id", "username", "discriminator", "email", "password_hash", "bot", "flags", "profile"],
            ["id"])
        {
            Put = (database, row) =>
            {
                Cell email = row[3].IsNull ? default : AccountRules.KeyOf(row[3].Text);
                put(database, [.. row, AccountRules.KeyOf(row[1].Text), email]);
            },
            Remove = Removal("accounts", ["id"]),
        };
    }

    private static SqliteReplicaTable Messages()
    {
        string[] order = ["channel_id", "bucket", "id"];
        var put = Put(
            "INSERT OR REPLACE INTO messages (channel_id, bucket, id, author_id, body, deleted_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6)");
        var remove = Removal("messages", order);
        return new(ReplicaTable.Messages, "messages", ["channel_id", "id", "author_id", "body", "deleted_at"], order)
        {
            Physical = WithBucket,
            Put = (database, row) => put(database, [.. WithBucket(row.AsSpan(0, 2)), .. row.AsSpan(2)]),
            Remove = (database, key) => remove(database, WithBucket(key)),
        };

        static Cell[] WithBucket(ReadOnlySpan<Cell> key) =>
            key.Length == 2 ? [key[0], Protocol.MessageBucket.Of(new Protocol.Snowflake((ulong)key[1].Number)), key[1]] : key.ToArray();
    }

    private static SqliteReplicaTable Reactions()
    {
        string[] key = ["channel_id", "message_id"];
        var put = Put("INSERT INTO reactions (channel_id, message_id, emoji, user_id, burst) VALUES (?1, ?2, ?3, ?4, ?5)");
        var count = Put(
            "INSERT INTO reaction_counts (channel_id, message_id, emoji, ordinal, count, burst_count) VALUES (?1, ?2, ?3, ?4, ?5, ?6)");
        var (removeRows, removeCounts) = (Removal("reactions", key), Removal("reaction_counts", key));
        return new(
            ReplicaTable.Reactions, "(SELECT DISTINCT channel_id, message_id FROM reaction_counts)", ["channel_id", "message_id", "NULL"],
            key)
        {
            Complete = static (database, row) =>
            {
                var reactions = new List<(string Emoji, IReadOnlyList<(long, bool)> Users)>();
                using var select = database.Use(SelectReactions);
                select.Bind(1, row[0]).Bind(2, row[1]);
                while (select.Step())
                {
                    var emoji = select.Text(0);
                    if (reactions.Count == 0 || reactions[^1].Emoji != emoji) reactions.Add((emoji, new List<(long, bool)>()));
                    ((List<(long, bool)>)reactions[^1].Users).Add((select.Int64(1), select.Int64(2) != 0));
                }
                row[2] = ReactionList.ToBytes(reactions);
            },
            Put = (database, row) =>
            {
                Remove(database, row[..2]);
                var ordinal = 0;
                foreach (var (emoji, users) in ReactionList.Read(row[2].Bytes))
                {
                    count(database, [row[0], row[1], emoji, ++ordinal, users.Count, users.Count(user => user.Burst)]);
                    foreach (var (user, burst) in users) put(database, [row[0], row[1], emoji, user, burst ? 1 : 0]);
                }
            },
            Remove = Remove,
        };

        void Remove(Database database, Cell[] key)
        {
            removeRows(database, key);
            removeCounts(database, key);
        }
    }

    private static SqliteReplicaTable Journal() =>
        new(ReplicaTable.Journal, "journal JOIN journal_ids ON journal_ids.id = journal.actor", ["name", "seq", "payload"],
            ["journal.actor", "journal.seq"], ["name", "seq"])
        {
            Put = OfActor(Put("INSERT OR REPLACE INTO journal (actor, seq, payload) VALUES (?1, ?2, ?3)")),
            Remove = OfActor(Removal("journal", ["actor", "seq"])),
        };

    private static SqliteReplicaTable JournalHeads() =>
        new(ReplicaTable.JournalHeads, "journal_ids", ["name", "highest"], ["id"], ["name"], "highest > 0")
        {
            Put = OfActor(Put("UPDATE journal_ids SET highest = ?2 WHERE id = ?1")),
            Remove = OfActor(Put("UPDATE journal_ids SET highest = 0 WHERE id = ?1")),
        };

    private static SqliteReplicaTable Snapshots(TimeProvider time) =>
        new(ReplicaTable.Snapshots, "snapshot_heads JOIN journal_ids ON journal_ids.id = snapshot_heads.actor", ["name", "seq", "NULL"],
            ["snapshot_heads.actor"], ["name"])
        {
            Complete = static (database, row) =>
            {
                var snapshot = SqliteSnapshotStore.Load(database, row[0].Text);
                row[2] = System.Runtime.InteropServices.MemoryMarshal.TryGetArray(snapshot!.Value.Payload, out var bytes)
                    ? bytes.Array
                    : null;
            },
            Put = (database, row) =>
                SqliteSnapshotStore.Replace(database, row[0].Text, new Snapshot(row[1].Number, row[2].Bytes), time.GetUtcNow().UtcTicks),
            Remove = static (database, key) => SqliteSnapshotStore.Delete(database, key[0].Text),
        };

    // The first cell is the actor's name, the statement's first parameter its number.
    private static Action<Database, Cell[]> OfActor(Action<Database, Cell[]> run) =>
        (database, cells) => run(database, [SqliteJournal.FindOrAdd(database, cells[0].Text).Id, .. cells.AsSpan(1)]);

    private static Action<Database, Cell[]> Put(string sql) => Put(new Sql(sql));

    private static Action<Database, Cell[]> Put(Sql sql) => (database, cells) =>
    {
        using var statement = database.Use(sql);
        for (var i = 0; i < cells.Length; i++) statement.Bind(i + 1, cells[i]);
        statement.Run();
    };

    private static Action<Database, Cell[]> Removal(string table, string[] key)
    {
        var byLength = Enumerable.Range(1, key.Length)
            .Select(
                length => Put($"DELETE FROM {table} WHERE {string.Join(" AND ", key.Take(length).Select((c, i) => $"{c} = ?{i + 1}"))}"))
            .ToArray();
        return (database, cells) => byLength[cells.Length - 1](database, cells);
    }

    private static string Markers(int count) => string.Join(", ", Enumerable.Range(1, count).Select(i => $"?{i}"));
}
