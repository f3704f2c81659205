namespace Discord.Storage.Cql;

/// <summary>
/// The tables, as the list of steps that made them. A step that was released is never changed: append a new one. Each statement may be run
/// again, so that a step that a crash interrupted is simply done anew. docs/storage-cql.md tells why each table is as it is; compaction is
/// set once and then the operator's. Ids are signed 64-bit integers.
/// </summary>
internal static class CqlSchema
{
    // Written once, in order of time, hardly ever changed: a window's files are merged with each other and then left alone.
    private const string ByTime =
        "compaction = {'class': 'TimeWindowCompactionStrategy', 'compaction_window_unit': 'DAYS', 'compaction_window_size': '10'}";

    // Read by key, overwritten and deleted: few files hold a row.
    private const string ByKey = "compaction = {'class': 'LeveledCompactionStrategy'}";

    private static readonly string[][] Steps =
    [
        [
            $"""
            CREATE TABLE IF NOT EXISTS messages (channel_id bigint, bucket int, message_id bigint, author_id bigint, body blob,
                deleted_at timestamp, PRIMARY KEY ((channel_id, bucket), message_id))
                WITH CLUSTERING ORDER BY (message_id DESC) AND {ByTime}
            """,
            $"""
            CREATE TABLE IF NOT EXISTS channel_buckets (channel_id bigint, bucket int, PRIMARY KEY (channel_id, bucket))
                WITH CLUSTERING ORDER BY (bucket DESC) AND {ByKey}
            """,
            """
            CREATE TABLE IF NOT EXISTS nonces (channel_id bigint, author_id bigint, nonce text, message_id bigint,
                PRIMARY KEY ((channel_id, author_id, nonce))) WITH gc_grace_seconds = 86400
                AND compaction = {'class': 'TimeWindowCompactionStrategy', 'compaction_window_unit': 'HOURS', 'compaction_window_size': '1'}
            """,
            $"""
            CREATE TABLE IF NOT EXISTS pins (channel_id bigint, message_id bigint, pinned_at timestamp,
                PRIMARY KEY (channel_id, message_id)) WITH {ByKey}
            """,
            $"""
            CREATE TABLE IF NOT EXISTS reactions (channel_id bigint, message_id bigint, emoji text, user_id bigint, burst boolean,
                version bigint static, counts blob static, PRIMARY KEY ((channel_id, message_id), emoji, user_id)) WITH {ByKey}
            """,
            $"""
            CREATE TABLE IF NOT EXISTS reacted_messages (channel_id bigint, bucket int, message_id bigint,
                PRIMARY KEY ((channel_id, bucket), message_id)) WITH CLUSTERING ORDER BY (message_id DESC) AND {ByKey}
            """,
            $"CREATE TABLE IF NOT EXISTS deletion_days (shard int, day int, PRIMARY KEY (shard, day)) WITH {ByKey}",
            $"""
            CREATE TABLE IF NOT EXISTS deleted_messages (shard int, day int, deleted_at timestamp, channel_id bigint, message_id bigint,
                PRIMARY KEY ((shard, day), deleted_at, channel_id, message_id)) WITH {ByKey}
            """,
            $"CREATE TABLE IF NOT EXISTS channel_deletions (shard int, channel_id bigint, PRIMARY KEY (shard, channel_id)) WITH {ByKey}",

            $"""
            CREATE TABLE IF NOT EXISTS journal (persistence_id text, partition_nr bigint, sequence_nr bigint, payload blob, write_id uuid,
                last_sequence_nr bigint static, last_write_id uuid static, outbox blob static, outbox_at bigint static,
                applied_write_id uuid static,
                PRIMARY KEY ((persistence_id, partition_nr), sequence_nr)) WITH {ByKey}
            """,
            $"""
            CREATE TABLE IF NOT EXISTS journal_partitions (persistence_id text, partition_nr bigint,
                PRIMARY KEY (persistence_id, partition_nr)) WITH CLUSTERING ORDER BY (partition_nr DESC) AND {ByKey}
            """,
            $"""
            CREATE TABLE IF NOT EXISTS open_commits (shard int, persistence_id text, begun_at timestamp,
                PRIMARY KEY (shard, persistence_id)) WITH {ByKey}
            """,
            $"""
            CREATE TABLE IF NOT EXISTS snapshot_heads (persistence_id text PRIMARY KEY, sequence_nr bigint, generation uuid,
                chunks int, length int) WITH {ByKey}
            """,
            $"""
            CREATE TABLE IF NOT EXISTS snapshot_chunks (persistence_id text, generation uuid, part int, chunk int, payload blob,
                PRIMARY KEY ((persistence_id, generation, part), chunk)) WITH {ByKey}
            """,
            $"""
            CREATE TABLE IF NOT EXISTS snapshot_generations (persistence_id text, generation uuid, chunks int, begun_at timestamp,
                PRIMARY KEY (persistence_id, generation)) WITH {ByKey}
            """,

            $"CREATE TABLE IF NOT EXISTS lookups (kind int, key text, value blob, PRIMARY KEY ((kind, key))) WITH {ByKey}",
            $"""
            CREATE TABLE IF NOT EXISTS lookup_lists (kind int, shard int, key text, value blob,
                PRIMARY KEY ((kind, shard), key)) WITH {ByKey}
            """,
            $"""
            CREATE TABLE IF NOT EXISTS unique_keys (kind int, key text, value blob, stamp bigint, claim uuid, claim_value blob,
                claim_id text, claim_sequence_nr bigint, PRIMARY KEY ((kind, key))) WITH {ByKey}
            """,
            $"""
            CREATE TABLE IF NOT EXISTS sets (kind int, key bigint, shard int, member bigint,
                PRIMARY KEY ((kind, key, shard), member)) WITH {ByKey}
            """,

            """
            CREATE TABLE IF NOT EXISTS audit (guild_id bigint, bucket int, id bigint, action int, user_id bigint, target_id bigint,
                body blob, PRIMARY KEY ((guild_id, bucket), id)) WITH CLUSTERING ORDER BY (id DESC) AND default_time_to_live = 8640000
                AND compaction = {'class': 'TimeWindowCompactionStrategy', 'compaction_window_unit': 'DAYS', 'compaction_window_size': '5'}
            """,
            """
            CREATE TABLE IF NOT EXISTS audit_guilds (bucket int, shard int, guild_id bigint, PRIMARY KEY ((bucket, shard), guild_id))
                WITH default_time_to_live = 8640000
                AND compaction = {'class': 'TimeWindowCompactionStrategy', 'compaction_window_unit': 'DAYS', 'compaction_window_size': '5'}
            """,

            $"""
            CREATE TABLE IF NOT EXISTS accounts (id bigint PRIMARY KEY, username text, discriminator text, email text, password_hash text,
                bot boolean, flags bigint, profile blob) WITH {ByKey}
            """,
            $"CREATE TABLE IF NOT EXISTS account_buckets (shard int, bucket int, PRIMARY KEY (shard, bucket)) WITH {ByKey}",
            $"CREATE TABLE IF NOT EXISTS account_ids (bucket int, id bigint, PRIMARY KEY (bucket, id)) WITH {ByKey}",
            $"""
            CREATE TABLE IF NOT EXISTS tokens (hash blob PRIMARY KEY, account_id bigint, created_at timestamp, session_id_hash text)
                WITH {ByKey}
            """,
            $"""
            CREATE TABLE IF NOT EXISTS account_tokens (account_id bigint, created_at timestamp, hash blob, session_id_hash text,
                PRIMARY KEY (account_id, created_at, hash)) WITH CLUSTERING ORDER BY (created_at DESC, hash ASC) AND {ByKey}
            """,
            $"CREATE TABLE IF NOT EXISTS applications (id bigint PRIMARY KEY, owner_id bigint, bot_user_id bigint, body blob) WITH {ByKey}",
            $"CREATE TABLE IF NOT EXISTS owner_applications (owner_id bigint, id bigint, PRIMARY KEY (owner_id, id)) WITH {ByKey}",
            $"CREATE TABLE IF NOT EXISTS bot_applications (bot_user_id bigint, id bigint, PRIMARY KEY (bot_user_id, id)) WITH {ByKey}",
        ],
    ];

    /// <summary>The version that this program writes.</summary>
    public static int Version => Steps.Length;

    /// <summary>The statements that lead from the version before to this one.</summary>
    public static IReadOnlyList<string> StepTo(int version) => Steps[version - 1];
}
