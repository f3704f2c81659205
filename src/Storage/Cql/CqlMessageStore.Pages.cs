using System.Runtime.CompilerServices;
using Discord.Protocol;

namespace Discord.Storage.Cql;

/// <summary>
/// Reads over a channel's buckets. Every statement names one partition and a limit; a page goes on from the last row that it saw until it
/// is full or the channel ends. The index of buckets tells where there is anything, so an empty bucket costs nothing. A long run of deleted
/// messages is stepped over without bodies, a thousand small rows at a time.
/// </summary>
internal sealed partial class CqlMessageStore
{
    private const int SkipRows = 1_000;
    private const int IndexRows = 64;
    private const string PageColumns = "message_id, author_id, body, deleted_at";
    private const string Place = "FROM messages WHERE channel_id = ? AND bucket = ? AND message_id";

    private static readonly Direction Down = new(
        Query.Read($"SELECT {PageColumns} {Place} <= ? ORDER BY message_id DESC LIMIT ?"),
        Query.Read(
            $"SELECT message_id, deleted_at {Place} <= ? ORDER BY message_id DESC LIMIT ?"),
        Query.Read("SELECT bucket FROM channel_buckets WHERE channel_id = ? AND bucket <= ? ORDER BY bucket DESC LIMIT ?"),
        IsUp: false);

    private static readonly Direction Up = new(
        Query.Read($"SELECT {PageColumns} {Place} >= ? ORDER BY message_id ASC LIMIT ?"),
        Query.Read(
            $"SELECT message_id, deleted_at {Place} >= ? ORDER BY message_id ASC LIMIT ?"),
        Query.Read("SELECT bucket FROM channel_buckets WHERE channel_id = ? AND bucket >= ? ORDER BY bucket ASC LIMIT ?"),
        IsUp: true);

    private static readonly Query SelectNewestId =
        Query.Read("SELECT message_id FROM messages WHERE channel_id = ? AND bucket = ? LIMIT 1");

    private static readonly Query SelectAuthors = Query.Read(
        $"SELECT message_id, author_id, deleted_at {Place} >= ? ORDER BY message_id ASC");

    public ValueTask<IReadOnlyList<MessageRow>> PageAsync(Snowflake channel, MessagePage page, CancellationToken ct)
    {
        if (page.Limit == 0) throw new ArgumentException("a page is made by Latest, Before, After or Around", nameof(page));
        return ReadAsync();

        async ValueTask<IReadOnlyList<MessageRow>> ReadAsync()
        {
            var anchor = page.Anchor.Clamp();
            switch (page.Kind)
            {
                case MessagePageKind.Latest:
                    return await LatestAsync(channel, page.Limit, ct).ConfigureAwait(false);
                case MessagePageKind.Before:
                    if (page.Anchor.Value == 0) return [];
                    // An id beyond what is stored stands for "before everything that comes after": all.
                    var newest = page.Anchor.Value > long.MaxValue ? anchor : new Snowflake(anchor.Value - 1);
                    return await WalkAsync(Down, channel, newest, page.Limit, ct).ConfigureAwait(false);
                case MessagePageKind.After:
                    return await AboveAsync(channel, anchor, page.Limit, ct).ConfigureAwait(false);
                default:
                    var newer = page.Limit / 2;
                    var above = newer == 0 ? Task.FromResult(new List<MessageRow>()) : AboveAsync(channel, anchor, newer, ct);
                    var below = WalkAsync(Down, channel, anchor, page.Limit - newer, ct);
                    return [.. await above.ConfigureAwait(false), .. await below.ConfigureAwait(false)];
            }
        }
    }

    public async ValueTask<IReadOnlyDictionary<Snowflake, Snowflake>> LatestIdAsync(IReadOnlyList<Snowflake> channels, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(channels);
        var latest = new Dictionary<Snowflake, Snowflake>();
        await CqlDatabase.EachAsync(
            channels.Distinct(),
            async channel =>
            {
                if (await LatestIdAsync(channel, ct).ConfigureAwait(false) is not { } id) return;
                lock (latest) latest.Add(channel, id);
            },
            ct).ConfigureAwait(false);
        return latest;
    }

    private async ValueTask<Snowflake?> LatestIdAsync(Snowflake channel, CancellationToken ct)
    {
        await foreach (var bucket in BucketsAsync(Down, channel, int.MaxValue, ct).ConfigureAwait(false))
        {
            var select = (await database.BindAsync(SelectNewestId, ct).ConfigureAwait(false)).AddId(channel).Add(bucket);
            if (await database.FirstAsync(select, row => (Snowflake?)row.GetId(0), ct).ConfigureAwait(false) is { } id) return id;
        }
        return null;
    }

    // The bucket of now is read together with the index: in a channel that is in use it fills the page.
    private async Task<List<MessageRow>> LatestAsync(Snowflake channel, int limit, CancellationToken ct)
    {
        var current = MessageBucket.Of(time.GetUtcNow());
        var rows = new List<MessageRow>(limit);
        var first = new List<MessageRow>(limit);
        var reading = CollectAsync(Down, channel, current, MessageBucket.Last(current), limit, first, ct);
        try
        {
            await foreach (var bucket in BucketsAsync(Down, channel, int.MaxValue, ct).ConfigureAwait(false))
            {
                if (bucket == current)
                {
                    await reading.ConfigureAwait(false);
                    rows.AddRange(first.Take(limit - rows.Count));
                }
                else
                    await CollectAsync(Down, channel, bucket, MessageBucket.Last(bucket).Clamp(), limit, rows, ct).ConfigureAwait(false);
                if (rows.Count == limit) break;
            }
        }
        finally
        {
            await reading.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
        return rows;
    }

    /// <summary>The rows next above an id, newest first.</summary>
    private async Task<List<MessageRow>> AboveAsync(Snowflake channel, Snowflake anchor, int limit, CancellationToken ct)
    {
        if (anchor.Value == long.MaxValue) return [];
        var rows = await WalkAsync(Up, channel, new Snowflake(anchor.Value + 1), limit, ct).ConfigureAwait(false);
        rows.Reverse();
        return rows;
    }

    /// <summary>Rows from an id on, in the order of the direction: its own bucket first, which mostly suffices, then those of the
    /// index.</summary>
    private async Task<List<MessageRow>> WalkAsync(Direction direction, Snowflake channel, Snowflake from, int limit, CancellationToken ct)
    {
        var rows = new List<MessageRow>(limit);
        var own = MessageBucket.Of(from);
        await CollectAsync(direction, channel, own, from, limit, rows, ct).ConfigureAwait(false);
        if (rows.Count == limit) return rows;
        await foreach (var bucket in BucketsAsync(direction, channel, direction.Next(own), ct).ConfigureAwait(false))
        {
            var start = direction.IsUp ? MessageBucket.First(bucket) : MessageBucket.Last(bucket).Clamp();
            await CollectAsync(direction, channel, bucket, start, limit, rows, ct).ConfigureAwait(false);
            if (rows.Count == limit) break;
        }
        return rows;
    }

    /// <summary>Adds live rows of one bucket until there are <paramref name="limit"/> in all or the bucket ends.</summary>
    private async Task CollectAsync(
        Direction direction, Snowflake channel, int bucket, Snowflake from, int limit, List<MessageRow> rows, CancellationToken ct)
    {
        for (Snowflake? next = from; next is { } start;)
        {
            var wanted = limit - rows.Count;
            var select = (await database.BindAsync(direction.Rows, ct).ConfigureAwait(false)).AddId(channel).Add(bucket).AddId(start)
                .Add(wanted);
            var found = await database.ListAsync(
                select,
                row => (Id: row.GetId(0), Row: row.IsNull(1) || !row.IsNull(3)
                    ? (MessageRow?)null
                    : new MessageRow(channel, row.GetId(0), row.GetId(1), row.CopyBytes(2))),
                ct).ConfigureAwait(false);
            var before = rows.Count;
            foreach (var (_, row) in found)
            {
                if (row is { } live) rows.Add(live);
            }
            if (rows.Count == limit || found.Count < wanted) return;
            next = direction.Next(found[^1].Id);
            if (rows.Count == before && next is { } dead) next = await SkipAsync(direction, channel, bucket, dead, ct)
                .ConfigureAwait(false);
        }
    }

    /// <summary>The next id that is not deleted, from an id on; null when the bucket has none.</summary>
    private async Task<Snowflake?> SkipAsync(Direction direction, Snowflake channel, int bucket, Snowflake from, CancellationToken ct)
    {
        for (Snowflake? next = from; next is { } start;)
        {
            var select = (await database.BindAsync(direction.Graves, ct).ConfigureAwait(false)).AddId(channel).Add(bucket).AddId(start)
                .Add(SkipRows);
            var found = await database.ListAsync(select, row => (Id: row.GetId(0), Live: row.IsNull(1)), ct).ConfigureAwait(false);
            foreach (var (id, live) in found)
            {
                if (live) return id;
            }
            if (found.Count < SkipRows) return null;
            next = direction.Next(found[^1].Id);
        }
        return null;
    }

    private async IAsyncEnumerable<int> BucketsAsync(
        Direction direction, Snowflake channel, int from, [EnumeratorCancellation] CancellationToken ct)
    {
        while (true)
        {
            var select = (await database.BindAsync(direction.Buckets, ct).ConfigureAwait(false)).AddId(channel).Add(from).Add(IndexRows);
            var found = await database.ListAsync(select, row => row.GetInt32(0), ct).ConfigureAwait(false);
            foreach (var bucket in found) yield return bucket;
            if (found.Count < IndexRows) yield break;
            from = direction.Next(found[^1]);
        }
    }

    /// <summary>An author's live messages from an id on, oldest first, in lists that one deletion takes.</summary>
    private async IAsyncEnumerable<List<Snowflake>> ByAuthorAsync(
        Snowflake channel, Snowflake author, Snowflake oldest, [EnumeratorCancellation] CancellationToken ct)
    {
        var found = new List<Snowflake>();
        await foreach (var bucket in BucketsAsync(Up, channel, MessageBucket.Of(oldest), ct).ConfigureAwait(false))
        {
            var select = (await database.BindAsync(SelectAuthors, ct).ConfigureAwait(false)).AddId(channel).Add(bucket)
                .AddId(oldest.Clamp());
            await foreach (var id in database.StreamAsync(
                select, row => !row.IsNull(1) && row.IsNull(2) && row.GetId(1) == author ? row.GetId(0) : (Snowflake?)null, ct)
                    .ConfigureAwait(false))
            {
                if (id is not { } mine) continue;
                found.Add(mine);
                if (found.Count < MessageRules.MaxIds / 2) continue;
                yield return found;
                found = [];
            }
        }
        if (found.Count > 0) yield return found;
    }

    /// <summary>The statements that read a channel towards newer or older messages.</summary>
    private sealed record Direction(Query Rows, Query Graves, Query Buckets, bool IsUp)
    {
        public int Next(int bucket) => IsUp ? bucket + 1 : bucket - 1;

        public Snowflake? Next(Snowflake id) =>
            IsUp ? id.Value >= long.MaxValue ? null : new Snowflake(id.Value + 1)
            : id.Value == 0 ? null : new Snowflake(id.Value - 1);
    }
}
