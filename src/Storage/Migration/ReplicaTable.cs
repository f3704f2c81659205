namespace Discord.Storage.Migration;

/// <summary>
/// The tables as a migration sees them: the same for every store, however it keeps them. Rows are cells, those of the key first.
/// </summary>
public sealed class ReplicaTable
{
    private ReplicaTable(string name, string[] key, string[] values, int? shortestPrefix = null) =>
        (Name, Key, Values, ShortestPrefix) = (name, key, values, shortestPrefix ?? key.Length);

    /// <summary>Its name.</summary>
    public string Name { get; }

    /// <summary>What the key's cells are; rows that share the first ones lie together.</summary>
    public IReadOnlyList<string> Key { get; }

    /// <summary>How many cells of a key must at least be given to find rows by it.</summary>
    public int ShortestPrefix { get; }

    /// <summary>The cell of the key that tells when what the row is about was made: an id with a time in it. Null where none does.</summary>
    public int? TimedBy { get; private init; }

    /// <summary>What the other cells are.</summary>
    public IReadOnlyList<string> Values { get; }

    /// <summary>Messages; a deleted one has no body but the time of its deletion, Unix milliseconds.</summary>
    public static readonly ReplicaTable Messages = new("messages", ["channel_id", "id"], ["author_id", "body", "deleted_at"], 1) { TimedBy = 1 };

    /// <summary>Messages by their author's nonce; for an hour.</summary>
    public static readonly ReplicaTable Nonces = new("nonces", ["channel_id", "author_id", "nonce"], ["message_id"]);

    /// <summary>Pins with their time, Unix milliseconds.</summary>
    public static readonly ReplicaTable Pins = new("pins", ["channel_id", "message_id"], ["pinned_at"], 1) { TimedBy = 1 };

    /// <summary>The reactions of a message, all in one value: <see cref="ReactionList"/>.</summary>
    public static readonly ReplicaTable Reactions = new("reactions", ["channel_id", "message_id"], ["reactions"], 1) { TimedBy = 1 };

    /// <summary>Events.</summary>
    public static readonly ReplicaTable Journal = new("journal", ["persistence_id", "sequence_nr"], ["payload"], 1);

    /// <summary>The highest number ever given to an event of an actor.</summary>
    public static readonly ReplicaTable JournalHeads = new("journal_heads", ["persistence_id"], ["highest"]);

    /// <summary>Snapshots, each whole.</summary>
    public static readonly ReplicaTable Snapshots = new("snapshots", ["persistence_id"], ["sequence_nr", "payload"]);

    /// <summary>Look-ups, by <see cref="LookupKind"/>.</summary>
    public static readonly ReplicaTable Lookups = new("lookups", ["kind", "key"], ["value"]);

    /// <summary>Sets, by <see cref="SetKind"/>.</summary>
    public static readonly ReplicaTable Sets = new("sets", ["kind", "key", "member"], []);

    /// <summary>Audit logs.</summary>
    public static readonly ReplicaTable Audit = new("audit", ["guild_id", "id"], ["action_type", "user_id", "target_id", "body"], 1)
    {
        TimedBy = 1,
    };

    /// <summary>Accounts.</summary>
    public static readonly ReplicaTable Accounts =
        new("accounts", ["id"], ["username", "discriminator", "email", "password_hash", "bot", "flags", "profile"]);

    /// <summary>Tokens by their SHA-256; the time of their making in Unix milliseconds.</summary>
    public static readonly ReplicaTable Tokens = new("tokens", ["hash"], ["account_id", "created_at", "session_id_hash"]);

    /// <summary>The same tokens by account: a second way to read and write them, not copied again.</summary>
    public static readonly ReplicaTable AccountTokens = new("account_tokens", ["account_id", "hash"], ["created_at", "session_id_hash"], 1);

    /// <summary>Applications.</summary>
    public static readonly ReplicaTable Applications = new("applications", ["id"], ["owner_id", "bot_user_id", "body"]);

    /// <summary>
    /// All of them, in the order in which they are copied: a message before what hangs on it, an account before its tokens.
    /// </summary>
    public static readonly IReadOnlyList<ReplicaTable> All =
    [
        Accounts, Applications, Tokens, Journal, JournalHeads, Snapshots, Lookups, Sets, Audit, Messages, Pins, Reactions, Nonces,
    ];

    /// <summary>Cells of a row.</summary>
    public int Width => Key.Count + Values.Count;

    /// <summary>The table of a name, or null.</summary>
    internal static ReplicaTable? Named(string name) => All.Append(AccountTokens).FirstOrDefault(table => table.Name == name);

    /// <inheritdoc/>
    public override string ToString() => Name;
}
