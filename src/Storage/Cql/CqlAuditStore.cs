using Discord.Cql;
using Discord.Protocol;

namespace Discord.Storage.Cql;

/// <summary>
/// Audit entries in partitions of a guild's ten days. A guild's log is five of them, for entries are kept for 45 days; so a filter reads
/// past what does not fit instead of having a table for each way to filter. Rows end by themselves after a hundred days, should no clean-up
/// have come.
/// </summary>
internal sealed class CqlAuditStore(CqlDatabase database, WriteClock clock, TimeProvider time) : IAuditStore
{
    public const int MaxBodyBytes = 256 * 1024;

    /// <summary>Guilds with entries in a bucket lie in so many partitions.</summary>
    private const int GuildShards = 16;

    private const int MaxLimit = 100;
    private const int ReadRows = 200;
    private const int MaxDays = 100;
    private const string Columns = "id, action, user_id, target_id, body";

    private static readonly Query SelectDown = Query.Read(
        $"SELECT {Columns} FROM audit WHERE guild_id = ? AND bucket = ? AND id < ? ORDER BY id DESC LIMIT ?");

    private static readonly Query SelectUp = Query.Read(
        $"SELECT {Columns} FROM audit WHERE guild_id = ? AND bucket = ? AND id > ? ORDER BY id ASC LIMIT ?");

    private static readonly Query SelectIds = Query.Read("SELECT id FROM audit WHERE guild_id = ? AND bucket = ? AND id < ?");
    private static readonly Query SelectGuilds = Query.Read("SELECT guild_id FROM audit_guilds WHERE bucket = ? AND shard = ?");
    private static readonly Query DeleteBelow = Query.Write("DELETE FROM audit WHERE guild_id = ? AND bucket = ? AND id < ?");
    private static readonly Query DeleteBucket = Query.Write("DELETE FROM audit WHERE guild_id = ? AND bucket = ?");
    private static readonly Query DeleteGuild = Query.Write("DELETE FROM audit_guilds WHERE bucket = ? AND shard = ? AND guild_id = ?");

    public static int ShardOf(Snowflake guild) => (int)((guild.Value >> 22 ^ guild.Value) % GuildShards);

    public ValueTask<IReadOnlyList<AuditRow>> QueryAsync(AuditQuery query, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(query);
        ArgumentOutOfRangeException.ThrowIfLessThan(query.Limit, 1, nameof(query));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(query.Limit, MaxLimit, nameof(query));
        if (query.Before is not null && query.After is not null)
            throw new ArgumentException("before and after exclude each other", nameof(query));
        return ReadAsync();

        async ValueTask<IReadOnlyList<AuditRow>> ReadAsync()
        {
            var rows = new List<AuditRow>();
            var (oldest, newest) = (OldestBucket(), NewestBucket());
            if (query.After is { } after)
            {
                for (var bucket = Math.Max(oldest, MessageBucket.Of(after.Clamp())); bucket <= newest && rows.Count < query.Limit; bucket++)
                    await CollectAsync(SelectUp, query, bucket, after.Clamp(), rows, ct).ConfigureAwait(false);
                return rows;
            }
            var before = (query.Before ?? Snowflake.MaxValue).Clamp();
            for (var bucket = Math.Min(newest, MessageBucket.Of(before)); bucket >= oldest && rows.Count < query.Limit; bucket--)
                await CollectAsync(SelectDown, query, bucket, before, rows, ct).ConfigureAwait(false);
            return rows;
        }
    }

    public async ValueTask<int> TrimAsync(DateTimeOffset before, CancellationToken ct)
    {
        var limit = Snowflake.FromTimestamp(before);
        var total = 0;
        for (var bucket = OldestBucket(); bucket <= MessageBucket.Of(limit); bucket++)
        {
            for (var shard = 0; shard < GuildShards; shard++)
            {
                var select = (await database.BindAsync(SelectGuilds, ct).ConfigureAwait(false)).Add(bucket).Add(shard);
                await foreach (var guild in database.StreamAsync(select, row => row.GetId(0), ct).ConfigureAwait(false))
                    total += await TrimAsync(guild, bucket, limit, ct).ConfigureAwait(false);
            }
        }
        return total;
    }

    public async ValueTask DeleteGuildAsync(Snowflake guild, CancellationToken ct)
    {
        for (var bucket = OldestBucket(); bucket <= NewestBucket(); bucket++)
        {
            await database.WriteAsync((await database.BindAsync(DeleteBucket, ct).ConfigureAwait(false))
                .AddId(guild).Add(bucket).At(clock.Next())).ConfigureAwait(false);
            await ForgetAsync(guild, bucket).ConfigureAwait(false);
        }
    }

    // A bucket beyond the clock's, for entries of a node whose clock is ahead.
    private int NewestBucket() => MessageBucket.Of(time.GetUtcNow()) + 1;

    private int OldestBucket() => MessageBucket.Of(time.GetUtcNow() - TimeSpan.FromDays(MaxDays));

    private async ValueTask CollectAsync(
        Query text, AuditQuery query, int bucket, Snowflake from, List<AuditRow> rows, CancellationToken ct)
    {
        for (var next = from; ;)
        {
            var select = (await database.BindAsync(text, ct).ConfigureAwait(false)).AddId(query.GuildId).Add(bucket).AddId(next)
                .Add(ReadRows);
            var found = await database.ListAsync(
                select,
                row => new AuditRow(query.GuildId, row.GetId(0), row.GetInt32(1), row.GetId(2), row.GetId(3), row.CopyBytes(4)), ct)
                .ConfigureAwait(false);
            rows.AddRange(found.Where(row => Fits(query, row)).Take(query.Limit - rows.Count));
            if (rows.Count == query.Limit || found.Count < ReadRows) return;
            next = found[^1].Id;
        }
    }

    private static bool Fits(AuditQuery query, AuditRow row) =>
        (query.UserId is not { } user || user == row.UserId) && (query.ActionType is not { } action || action == row.ActionType)
        && (query.TargetId is not { } target || target == row.TargetId);

    private async ValueTask<int> TrimAsync(Snowflake guild, int bucket, Snowflake limit, CancellationToken ct)
    {
        var count = 0;
        var select = (await database.BindAsync(SelectIds, ct).ConfigureAwait(false)).AddId(guild).Add(bucket).AddId(limit);
        await foreach (var _ in database.StreamAsync(select, row => row.GetId(0), ct).ConfigureAwait(false)) count++;
        if (count > 0)
        {
            await database.WriteAsync((await database.BindAsync(DeleteBelow, ct).ConfigureAwait(false))
                .AddId(guild).Add(bucket).AddId(limit).At(clock.Next())).ConfigureAwait(false);
        }
        // Nothing is added to a bucket that is over.
        if (bucket < MessageBucket.Of(limit)) await ForgetAsync(guild, bucket).ConfigureAwait(false);
        return count;
    }

    private async ValueTask ForgetAsync(Snowflake guild, int bucket) =>
        await database.WriteAsync((await database.BindAsync(DeleteGuild, default).ConfigureAwait(false))
            .Add(bucket).Add(ShardOf(guild)).AddId(guild).At(clock.Next())).ConfigureAwait(false);
}
