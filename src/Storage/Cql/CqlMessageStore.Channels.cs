using Discord.Cql;
using Discord.Protocol;

namespace Discord.Storage.Cql;

/// <summary>
/// What goes away: whole channels (first a mark, then partition by partition, then the mark; a start finds the marks of what a crash
/// interrupted), and the graves of deleted messages, which are noted by day before a message is deleted so that none is overlooked.
/// </summary>
internal sealed partial class CqlMessageStore
{
    /// <summary>Notes of one day lie in so many partitions, by channel, so that a cluster's deletions do not all go to one.</summary>
    private const int NoteShards = 16;

    /// <summary>Rows that are looked at to find which graves lie side by side.</summary>
    private const int RangeRows = 5 * SkipRows;

    private const long DayMicros = 24L * 60 * 60 * 1_000_000;

    private static readonly Query InsertDay = Query.Write("INSERT INTO deletion_days (shard, day) VALUES (?, ?)");
    private static readonly Query SelectDays = Query.Read("SELECT day FROM deletion_days WHERE shard = ? AND day <= ?");
    private static readonly Query DeleteDay = Query.Write("DELETE FROM deletion_days WHERE shard = ? AND day = ?");

    private static readonly Query InsertNote = Query.Write(
        "INSERT INTO deleted_messages (shard, day, deleted_at, channel_id, message_id) VALUES (?, ?, ?, ?, ?)");

    private static readonly Query SelectNotes = Query.Read(
        "SELECT channel_id, message_id, deleted_at FROM deleted_messages WHERE shard = ? AND day = ? AND deleted_at < ? LIMIT ?");

    private static readonly Query DeleteNotes = Query.Write(
        "DELETE FROM deleted_messages WHERE shard = ? AND day = ? AND (deleted_at, channel_id, message_id) <= (?, ?, ?)");

    private static readonly Query SelectRange = Query.Read(
        "SELECT message_id, deleted_at FROM messages WHERE channel_id = ? AND bucket = ? AND message_id >= ? AND message_id <= ? LIMIT ?");

    private static readonly Query DeleteRange = Query.Write(
        "DELETE FROM messages WHERE channel_id = ? AND bucket = ? AND message_id >= ? AND message_id <= ?");

    private static readonly Query MarkDeletion = Query.Write("INSERT INTO channel_deletions (shard, channel_id) VALUES (0, ?)");
    private static readonly Query UnmarkDeletion = Query.Write("DELETE FROM channel_deletions WHERE shard = 0 AND channel_id = ?");
    private static readonly Query SelectDeletions = Query.Read("SELECT channel_id FROM channel_deletions WHERE shard = 0");

    private static readonly Query DeleteBucket = Query.Write("DELETE FROM messages WHERE channel_id = ? AND bucket = ?");
    private static readonly Query DeleteReactedBucket = Query.Write("DELETE FROM reacted_messages WHERE channel_id = ? AND bucket = ?");
    private static readonly Query DeleteBuckets = Query.Write("DELETE FROM channel_buckets WHERE channel_id = ?");
    private static readonly Query DeletePins = Query.Write("DELETE FROM pins WHERE channel_id = ?");

    private readonly KnownSet<(int Shard, int Day)> _days = new(NoteShards * 4);

    public async ValueTask DeleteChannelAsync(Snowflake channel, CancellationToken ct)
    {
        ct.ThrowIfCancellationRequested();
        await database.WriteAsync((await database.BindAsync(MarkDeletion, default).ConfigureAwait(false)).AddId(channel).At(clock.Next()))
            .ConfigureAwait(false);
        await FinishDeletionAsync(channel).ConfigureAwait(false);
    }

    /// <summary>Goes on with the deletions that a crash interrupted.</summary>
    public async Task ResumeDeletionsAsync()
    {
        var pending = await database.ListAsync(
            await database.BindAsync(SelectDeletions, default).ConfigureAwait(false), row => row.GetId(0), default).ConfigureAwait(false);
        foreach (var channel in pending) await FinishDeletionAsync(channel).ConfigureAwait(false);
    }

    public async ValueTask<int> TrimTombstonesAsync(DateTimeOffset before, CancellationToken ct)
    {
        var total = 0;
        for (var shard = 0; shard < NoteShards; shard++)
        {
            var select = (await database.BindAsync(SelectDays, ct).ConfigureAwait(false)).Add(shard).Add(DayOf(before));
            foreach (var day in await database.ListAsync(select, row => row.GetInt32(0), ct).ConfigureAwait(false))
            {
                total += await TrimDayAsync(shard, day, before, ct).ConfigureAwait(false);
                // Nothing is noted under a day that is over.
                if (day < DayOf(before))
                {
                    await database.WriteAsync(
                        (await database.BindAsync(DeleteDay, default).ConfigureAwait(false)).Add(shard).Add(day).At(clock.Next()))
                            .ConfigureAwait(false);
                }
            }
        }
        return total;
    }

    private static int DayOf(DateTimeOffset time) => (int)(time.ToUnixTimeMilliseconds() * 1000 / DayMicros);

    private static int ShardOf(Snowflake channel) => (int)((channel.Value >> 22 ^ channel.Value) % NoteShards);

    internal async ValueTask NoteDeletedAsync(Snowflake channel, Snowflake[] ids, DateTimeOffset at)
    {
        var (shard, day) = (ShardOf(channel), DayOf(at));
        if (!_days.Contains((shard, day)))
        {
            await database.WriteAsync(
                (await database.BindAsync(InsertDay, default).ConfigureAwait(false)).Add(shard).Add(day).At(clock.Next()))
                    .ConfigureAwait(false);
            _days.Add((shard, day));
        }
        var batch = database.PartitionBatch();
        foreach (var id in ids)
        {
            batch.Add((await database.BindAsync(InsertNote, default).ConfigureAwait(false))
                .Add(shard).Add(day).Add(at).AddId(channel).AddId(id));
        }
        batch.Timestamp = clock.Next();
        await database.WriteAsync(batch).ConfigureAwait(false);
    }

    private async ValueTask<int> TrimDayAsync(int shard, int day, DateTimeOffset before, CancellationToken ct)
    {
        for (var total = 0; ;)
        {
            var select = (await database.BindAsync(SelectNotes, ct).ConfigureAwait(false)).Add(shard).Add(day).Add(before).Add(SkipRows);
            var notes = await database.ListAsync(
                select, row => (Channel: row.GetId(0), Id: row.GetId(1), At: row.Get<DateTimeOffset>(2)), ct).ConfigureAwait(false);
            if (notes.Count == 0) return total;
            foreach (var place in notes.GroupBy(note => (note.Channel, Bucket: MessageBucket.Of(note.Id))))
            {
                total += await RemoveGravesAsync(
                    place.Key.Channel, place.Key.Bucket, [.. place.Select(note => note.Id)], ct).ConfigureAwait(false);
            }
            var last = notes[^1];
            await database.WriteAsync((await database.BindAsync(DeleteNotes, default).ConfigureAwait(false))
                .Add(shard).Add(day).Add(last.At).AddId(last.Channel).AddId(last.Id).At(clock.Next())).ConfigureAwait(false);
            if (notes.Count < SkipRows) return total;
        }
    }

    /// <summary>
    /// Removes graves for good. Those side by side go as one range: a read passes one tombstone there, where it would have to step over
    /// each row's own until a server refuses to (at 100,000, unless it is told otherwise).
    /// </summary>
    private async ValueTask<int> RemoveGravesAsync(Snowflake channel, int bucket, HashSet<Snowflake> noted, CancellationToken ct)
    {
        var ranges = await GravesAsync(channel, bucket, noted, ct).ConfigureAwait(false);
        foreach (var graves in ranges.SelectMany(range => range).Chunk(ChunkRows))
            await StripAsync(channel, bucket, graves, forGood: true).ConfigureAwait(false);
        foreach (var chunk in ranges.Chunk(ChunkRows))
        {
            var batch = database.PartitionBatch();
            foreach (var range in chunk)
            {
                batch.Add((await database.BindAsync(DeleteRange, default).ConfigureAwait(false))
                    .AddId(channel).Add(bucket).AddId(range[^1]).AddId(range[0]));
            }
            batch.Timestamp = clock.Above(chunk.Max(range => WriteClock.MicrosOf(range[0])));
            await database.WriteAsync(batch).ConfigureAwait(false);
        }
        return ranges.Sum(range => range.Count);
    }

    /// <summary>The graves among the noted, newest first, divided by whatever else lies between them. A note may be of a deletion that was
    /// not carried out. Where much else lies between them each is on its own.</summary>
    private async ValueTask<List<List<Snowflake>>> GravesAsync(
        Snowflake channel, int bucket, HashSet<Snowflake> noted, CancellationToken ct)
    {
        var ranges = new List<List<Snowflake>>();
        if (await RangeAsync(channel, bucket, noted.Min(), noted.Max(), ct).ConfigureAwait(false) is { } rows)
        {
            List<Snowflake>? open = null;
            foreach (var (id, isGrave) in rows)
            {
                if (!isGrave || !noted.Contains(id)) open = null;
                else if (open is not null) open.Add(id);
                else ranges.Add(open = [id]);
            }
            return ranges;
        }
        foreach (var chunk in noted.Chunk(ChunkRows))
        {
            var states = await StatesAsync(channel, bucket, chunk, ct).ConfigureAwait(false);
            ranges.AddRange(states.Where(state => state.IsDeleted).Select(state => (List<Snowflake>)[state.Id]));
        }
        return ranges;
    }

    // All that is left from one id to another, newest first; null where that is more than is looked at, or than servers can read past.
    private async ValueTask<List<(Snowflake Id, bool IsGrave)>?> RangeAsync(
        Snowflake channel, int bucket, Snowflake first, Snowflake last, CancellationToken ct)
    {
        var select = (await database.BindAsync(SelectRange, ct).ConfigureAwait(false))
            .AddId(channel).Add(bucket).AddId(first).AddId(last).Add(RangeRows);
        try
        {
            var rows = await database.ListAsync(select, row => (row.GetId(0), !row.IsNull(1)), ct).ConfigureAwait(false);
            return rows.Count < RangeRows ? rows : null;
        }
        catch (StorageException e) when (CqlFault.IsTooMuch(e))
        {
            return null;
        }
    }

    // A channel's id is never used again: its deletion is a day ahead, and so above whatever another node's or the servers' clocks have
    // written.
    private async ValueTask FinishDeletionAsync(Snowflake channel)
    {
        var timestamp = clock.Next() + DayMicros;
        await foreach (var bucket in BucketsAsync(Up, channel, 0, default).ConfigureAwait(false))
        {
            await CqlDatabase.EachAsync(
                await ReactedAsync(channel, bucket, Snowflake.None, new Snowflake(long.MaxValue), default).ConfigureAwait(false),
                message => DeleteReactionsAsync(channel, message, timestamp)).ConfigureAwait(false);
            await DeletePartitionAsync(DeleteReactedBucket, channel, bucket, timestamp).ConfigureAwait(false);
            await DeletePartitionAsync(DeleteBucket, channel, bucket, timestamp).ConfigureAwait(false);
        }
        await database.WriteAsync((await database.BindAsync(DeletePins, default).ConfigureAwait(false)).AddId(channel).At(timestamp))
            .ConfigureAwait(false);
        await database.WriteAsync((await database.BindAsync(DeleteBuckets, default).ConfigureAwait(false)).AddId(channel).At(timestamp))
            .ConfigureAwait(false);
        await database.WriteAsync((await database.BindAsync(UnmarkDeletion, default).ConfigureAwait(false)).AddId(channel).At(clock.Next()))
            .ConfigureAwait(false);
    }

    private async ValueTask DeletePartitionAsync(Query query, Snowflake channel, int bucket, long timestamp) =>
        await database.WriteAsync((await database.BindAsync(query, default).ConfigureAwait(false)).AddId(channel).Add(bucket).At(timestamp))
            .ConfigureAwait(false);
}
