using Discord.Cql;
using Discord.Protocol;

namespace Discord.Storage.Cql;

/// <summary>
/// Writes the rows that follow from a commit. Each write has the commit's timestamp, so that it may be repeated at any time and never
/// undoes what came later. Thread-safe.
/// </summary>
internal sealed class RowChanges(CqlDatabase database)
{
    /// <summary>The keys of a kind lie in so many partitions, which a list reads and merges.</summary>
    public const int ListShards = 32;

    /// <summary>Members of a set that may be wide lie in so many partitions.</summary>
    public const int WideSetShards = 16;

    private static readonly Query PutLookup = Query.Write("INSERT INTO lookups (kind, key, value) VALUES (?, ?, ?)");
    private static readonly Query DeleteLookup = Query.Write("DELETE FROM lookups WHERE kind = ? AND key = ?");
    private static readonly Query PutListed = Query.Write("INSERT INTO lookup_lists (kind, shard, key, value) VALUES (?, ?, ?, ?)");
    private static readonly Query DeleteListed = Query.Write("DELETE FROM lookup_lists WHERE kind = ? AND shard = ? AND key = ?");
    private static readonly Query AddMember = Query.Write("INSERT INTO sets (kind, key, shard, member) VALUES (?, ?, ?, ?)");
    private static readonly Query RemoveMember = Query.Write("DELETE FROM sets WHERE kind = ? AND key = ? AND shard = ? AND member = ?");

    private static readonly Query InsertAudit = Query.Write(
        "INSERT INTO audit (guild_id, bucket, id, action, user_id, target_id, body) VALUES (?, ?, ?, ?, ?, ?, ?)");

    private static readonly Query InsertAuditGuild = Query.Write("INSERT INTO audit_guilds (bucket, shard, guild_id) VALUES (?, ?, ?)");

    /// <summary>Which of a kind's partitions a key is listed in: the same for ever, so no hash of the runtime's.</summary>
    public static int ListShardOf(string key)
    {
        var hash = 2166136261u;
        foreach (var unit in key) hash = (hash ^ unit) * 16777619;
        return (int)(hash % ListShards);
    }

    /// <summary>How many partitions a set of this kind has: an application may be in any number of guilds.</summary>
    public static int ShardsOf(SetKind kind) => kind == SetKind.ApplicationGuilds ? WideSetShards : 1;

    public static int ShardOf(SetKind kind, Snowflake member) => (int)(member.Value % (ulong)ShardsOf(kind));

    /// <summary>Writes one change that is no unique key's.</summary>
    public async ValueTask ApplyAsync(RowChange change, long timestamp)
    {
        switch (change)
        {
            case LookupChange lookup:
                await ListAsync((int)lookup.Kind, lookup.Key, lookup.Value, timestamp).ConfigureAwait(false);
                await database.WriteAsync((lookup.Value is { } value
                    ? (await database.BindAsync(PutLookup, default).ConfigureAwait(false)).Add((int)lookup.Kind).Add(lookup.Key)
                        .AddBlob(value)
                    : (await database.BindAsync(DeleteLookup, default).ConfigureAwait(false)).Add((int)lookup.Kind).Add(lookup.Key))
                        .At(timestamp))
                    .ConfigureAwait(false);
                break;
            case SetChange set:
                await database.WriteAsync((await database.BindAsync(set.Present ? AddMember : RemoveMember, default).ConfigureAwait(false))
                    .Add((int)set.Kind).AddId(set.Key).Add(ShardOf(set.Kind, set.Member)).AddId(set.Member).At(timestamp))
                        .ConfigureAwait(false);
                break;
            case AuditChange { Row: var row }:
                var bucket = MessageBucket.Of(row.Id);
                await database.WriteAsync((await database.BindAsync(InsertAuditGuild, default).ConfigureAwait(false))
                    .Add(bucket).Add(CqlAuditStore.ShardOf(row.GuildId)).AddId(row.GuildId).At(timestamp)).ConfigureAwait(false);
                await database.WriteAsync((await database.BindAsync(InsertAudit, default).ConfigureAwait(false))
                    .AddId(row.GuildId).Add(bucket).AddId(row.Id).Add(row.ActionType).AddId(row.UserId).AddId(row.TargetId)
                    .AddBlob(row.Body.Span).At(timestamp)).ConfigureAwait(false);
                break;
            case AccountChange { Account: var account }:
                await AccountRows.WriteAsync(database, account, timestamp).ConfigureAwait(false);
                break;
            case ApplicationChange { Application: var application }:
                await AccountRows.WriteAsync(database, application, timestamp).ConfigureAwait(false);
                break;
            case TokenChange { Token: var token }:
                await AccountRows.WriteAsync(database, token, timestamp).ConfigureAwait(false);
                break;
            default:
                throw new ArgumentException($"{change.GetType().Name} is not applied here", nameof(change));
        }
    }

    /// <summary>Writes what a list of a kind's keys finds; nothing for keys that are no look-ups.</summary>
    public async ValueTask ListAsync(int kind, string key, byte[]? value, long timestamp)
    {
        if (kind < 0) return;
        await database.WriteAsync((value is not null
            ? (await database.BindAsync(PutListed, default).ConfigureAwait(false)).Add(kind).Add(ListShardOf(key)).Add(key).AddBlob(value)
            : (await database.BindAsync(DeleteListed, default).ConfigureAwait(false)).Add(kind).Add(ListShardOf(key)).Add(key))
                .At(timestamp))
            .ConfigureAwait(false);
    }

    /// <summary>
    /// Whether an account's name is held by an account that does not bear it: of two changes of one account at the same time, the name that
    /// lost.
    /// </summary>
    public async ValueTask<bool> IsStaleAsync(int kind, string key, byte[] value) =>
        kind < 0 && !AccountKeys.Bears(await AccountRows.ReadAsync(database, AccountKeys.IdOf(value), default)
            .ConfigureAwait(false), kind, key);
}
