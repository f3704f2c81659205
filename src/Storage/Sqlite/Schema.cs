using System.Globalization;

namespace Discord.Storage.Sqlite;

/// <summary>
/// The tables, as the list of steps that made them. A step that was released is never changed: append a new one. <c>PRAGMA user_version</c>
/// counts the steps a file has seen; each runs in a transaction of its own. Ids are signed 64-bit integers, times Unix milliseconds.
/// </summary>
internal static class Schema
{
    /// <summary>Marks the file as ours ("DsSt").</summary>
    private const int ApplicationId = 0x44735374;

    private static readonly string[] Steps =
    [
        """
        -- docs/decisions/0003-sqlite-layout.md tells why the rows are clustered. body is NULL in a tombstone.
        CREATE TABLE messages (
            channel_id INTEGER NOT NULL, bucket INTEGER NOT NULL, id INTEGER NOT NULL, author_id INTEGER NOT NULL, body BLOB,
                deleted_at INTEGER,
            PRIMARY KEY (channel_id, bucket, id)) WITHOUT ROWID;
        CREATE INDEX messages_deleted ON messages (deleted_at) WHERE deleted_at IS NOT NULL;
        CREATE TABLE channel_deletions (channel_id INTEGER PRIMARY KEY);
        CREATE TABLE nonces (
            channel_id INTEGER NOT NULL, author_id INTEGER NOT NULL, nonce TEXT NOT NULL, message_id INTEGER NOT NULL,
            PRIMARY KEY (channel_id, author_id, nonce)) WITHOUT ROWID;
        CREATE INDEX nonces_message ON nonces (message_id);
        CREATE TABLE pins (
            channel_id INTEGER NOT NULL, message_id INTEGER NOT NULL, pinned_at INTEGER NOT NULL, PRIMARY KEY (channel_id,
                message_id)) WITHOUT ROWID;
        CREATE INDEX pins_time ON pins (channel_id, pinned_at, message_id);
        CREATE TABLE reactions (
            channel_id INTEGER NOT NULL, message_id INTEGER NOT NULL, emoji TEXT NOT NULL, user_id INTEGER NOT NULL, burst INTEGER NOT NULL,
            PRIMARY KEY (channel_id, message_id, emoji, user_id)) WITHOUT ROWID;
        CREATE TABLE reaction_counts (
            channel_id INTEGER NOT NULL, message_id INTEGER NOT NULL, emoji TEXT NOT NULL, ordinal INTEGER NOT NULL, count INTEGER NOT NULL,
            burst_count INTEGER NOT NULL, PRIMARY KEY (channel_id, message_id, emoji)) WITHOUT ROWID;

        CREATE TABLE journal_ids (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, highest INTEGER NOT NULL DEFAULT 0);
        CREATE TABLE journal (actor INTEGER NOT NULL, seq INTEGER NOT NULL, payload BLOB NOT NULL, PRIMARY KEY (actor, seq)) WITHOUT ROWID;
        CREATE TABLE snapshot_heads (
            actor INTEGER PRIMARY KEY, seq INTEGER NOT NULL, generation INTEGER NOT NULL, chunks INTEGER NOT NULL, length INTEGER NOT NULL);
        CREATE TABLE snapshots (
            actor INTEGER NOT NULL, generation INTEGER NOT NULL, chunk INTEGER NOT NULL, payload BLOB NOT NULL,
            PRIMARY KEY (actor, generation, chunk)) WITHOUT ROWID;

        CREATE TABLE lookups (kind INTEGER NOT NULL, key TEXT NOT NULL, value BLOB NOT NULL, PRIMARY KEY (kind, key)) WITHOUT ROWID;
        CREATE TABLE sets (
            kind INTEGER NOT NULL, key INTEGER NOT NULL, member INTEGER NOT NULL, PRIMARY KEY (kind, key, member)) WITHOUT ROWID;

        CREATE TABLE audit (
            id INTEGER PRIMARY KEY, guild_id INTEGER NOT NULL, action INTEGER NOT NULL, user_id INTEGER NOT NULL,
                target_id INTEGER NOT NULL,
            body BLOB NOT NULL);
        CREATE INDEX audit_guild ON audit (guild_id, id);
        CREATE INDEX audit_user ON audit (guild_id, user_id, id);
        CREATE INDEX audit_action ON audit (guild_id, action, id);

        CREATE TABLE accounts (
            id INTEGER PRIMARY KEY, username TEXT NOT NULL, username_key TEXT NOT NULL, discriminator TEXT NOT NULL, email TEXT,
                email_key TEXT,
            password_hash TEXT, bot INTEGER NOT NULL, flags INTEGER NOT NULL, profile BLOB NOT NULL);
        CREATE UNIQUE INDEX accounts_username ON accounts (username_key, discriminator);
        CREATE UNIQUE INDEX accounts_email ON accounts (email_key) WHERE email_key IS NOT NULL;
        CREATE TABLE tokens (
            hash BLOB PRIMARY KEY, account_id INTEGER NOT NULL, created_at INTEGER NOT NULL, session_id_hash TEXT NOT NULL) WITHOUT ROWID;
        CREATE INDEX tokens_account ON tokens (account_id, created_at);
        CREATE TABLE applications (id INTEGER PRIMARY KEY, owner_id INTEGER NOT NULL, bot_user_id INTEGER, body BLOB NOT NULL);
        CREATE INDEX applications_owner ON applications (owner_id);
        CREATE INDEX applications_bot ON applications (bot_user_id) WHERE bot_user_id IS NOT NULL;
        """,
    ];

    /// <summary>The version that this program writes.</summary>
    public static int Version => Steps.Length;

    /// <summary>Brings a file up to <see cref="Version"/>.</summary>
    /// <exception cref="StorageException">The file is of a newer program, or is not ours.</exception>
    public static void Migrate(Database database)
    {
        var version = (int)database.Scalar("PRAGMA user_version");
        if (version > Version)
        {
            throw new StorageException(StorageError.NewerSchema,
                $"the data was written by a newer version of this program "
                + $"(schema {version}, this one knows {Version}); start that version");
        }
        if (database.Scalar("PRAGMA application_id") is var owner && owner != ApplicationId && (owner != 0 || version != 0))
            throw new StorageException(StorageError.Corrupt, "the database file belongs to another program");
        for (; version < Version; version++)
        {
            database.Execute("BEGIN IMMEDIATE");
            database.Execute(Steps[version]);
            database.Execute(string.Create(CultureInfo.InvariantCulture,
                $"PRAGMA application_id={ApplicationId}; PRAGMA user_version={version + 1}"));
            database.Execute("COMMIT");
        }
    }
}
