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

    private const long DayMicros = 24L * 60 * 60 * 1_000_000;

    private static readonly Query InsertDay = Query.Write("INSERT INTO deletion_days (shard, day) VALUES (?, ?)");
    private static readonly Query SelectDays = Query.Read("SELECT day FROM deletion_days WHERE shard = ? AND day <= ?");
    private static readonly Query DeleteDay = Query.Write("DELETE FROM deletion_days WHERE shard = ? AND day = ?");

    private static readonly Query InsertNote = Query.Write(
        "INSERT INTO deleted_messages (shard, day, deleted_at, channel_id, message_id) VALUES (?, ?, ?, ?, ?)");

    private static readonly Query SelectNotes = Query.Read(
        "SELECT channel_id, message_id, deleted_at FROM deleted_messages WHERE shard = ? AND day = ? AND deleted_at < ? LIMIT ?");

    private static readonly Query DeleteNote = Query.Write(
        "DELETE FROM deleted_messages WHERE shard = ? AND day = ? AND deleted_at = ? AND channel_id = ? AND message_id = ?");

    private static readonly Query DeleteMessage = Query.Write(
        "DELETE FROM messages WHERE channel_id = ? AND bucket = ? AND message_id = ?");

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
            foreach (var place in notes.GroupBy(note => (note.Channel, Bucket: MessageBucket.Of(note.Id))))
            {
                foreach (var chunk in place.Select(note => note.Id).Distinct().Chunk(ChunkRows))
                    total += await RemoveGravesAsync(place.Key.Channel, place.Key.Bucket, chunk, ct).ConfigureAwait(false);
            }
            await CqlDatabase.EachAsync(notes, async note => await database.WriteAsync(
                (await database.BindAsync(DeleteNote, default).ConfigureAwait(false))
                    .Add(shard).Add(day).Add(note.At).AddId(note.Channel).AddId(note.Id).At(clock.Next())).ConfigureAwait(false), ct)
                .ConfigureAwait(false);
            if (notes.Count < SkipRows) return total;
        }
    }

    // A note may be of a deletion that was not carried out: only a grave is removed.
    private async ValueTask<int> RemoveGravesAsync(Snowflake channel, int bucket, Snowflake[] ids, CancellationToken ct)
    {
        Snowflake[] graves =
            [.. (await StatesAsync(channel, bucket, ids, ct).ConfigureAwait(false)).Where(state => state.IsDeleted)
                .Select(state => state.Id)];
        if (graves.Length == 0) return 0;
        await StripAsync(channel, bucket, graves, forGood: true).ConfigureAwait(false);
        var batch = database.PartitionBatch();
        foreach (var id in graves)
            batch.Add((await database.BindAsync(DeleteMessage, default).ConfigureAwait(false)).AddId(channel).Add(bucket).AddId(id));
        batch.Timestamp = clock.Above(graves.Max(WriteClock.MicrosOf));
        await database.WriteAsync(batch).ConfigureAwait(false);
        return graves.Length;
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
