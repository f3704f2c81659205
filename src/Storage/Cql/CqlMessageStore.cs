using Discord.Cql;
using Discord.Protocol;

namespace Discord.Storage.Cql;

/// <summary>
/// Messages in partitions of a channel's ten days, newest first. Nothing is written twice and nothing comes back, by timestamps alone: see
/// <see cref="WriteClock"/>. A deleted message stays as a row with <c>deleted_at</c> and without a body, so that an edit that comes late
/// finds a grave. One actor writes a channel; where several do, each cell's last write wins and a deletion always does.
/// </summary>
internal sealed partial class CqlMessageStore(CqlDatabase database, WriteClock clock, TimeProvider time) : IMessageStore
{
    /// <summary>Ids of one IN and rows of one batch.</summary>
    private const int ChunkRows = 100;

    private const int NonceSeconds = 2 * 60 * 60;
    private const int KnownBuckets = 100_000;

    private static readonly Query InsertMessage = Query.Write(
        "INSERT INTO messages (channel_id, bucket, message_id, author_id, body) VALUES (?, ?, ?, ?, ?)");

    private static readonly Query InsertBucket = Query.Write("INSERT INTO channel_buckets (channel_id, bucket) VALUES (?, ?)");

    private static readonly Query SelectOne = Query.Read(
        "SELECT author_id, body, deleted_at FROM messages WHERE channel_id = ? AND bucket = ? AND message_id = ?");

    private static readonly Query SelectStates = Query.Read(
        "SELECT message_id, author_id, deleted_at, WRITETIME(body) FROM messages WHERE channel_id = ? AND bucket = ? AND message_id IN ?");

    private static readonly Query UpdateBody = Query.Write(
        "UPDATE messages SET body = ? WHERE channel_id = ? AND bucket = ? AND message_id = ?");

    private static readonly Query Bury = Query.Write(
        "UPDATE messages SET deleted_at = ?, body = null WHERE channel_id = ? AND bucket = ? AND message_id = ?");

    private static readonly Query ClaimNonce = Query.Conditional(
        "INSERT INTO nonces (channel_id, author_id, nonce, message_id) VALUES (?, ?, ?, ?) IF NOT EXISTS USING TTL ?");

    private static readonly Query ReplaceNonce = Query.Conditional(
        "UPDATE nonces USING TTL ? SET message_id = ? WHERE channel_id = ? AND author_id = ? AND nonce = ? IF message_id = ?");

    private static readonly Query SelectNonce = Query.Read(
        "SELECT message_id FROM nonces WHERE channel_id = ? AND author_id = ? AND nonce = ?");

    private static readonly Query SelectNonceSerial = Query.SerialRead(SelectNonce.Text);

    private readonly KeyedGate<(Snowflake Channel, Snowflake Author, string Nonce)> _nonces = new();
    private readonly KnownSet<(Snowflake Channel, int Bucket)> _buckets = new(KnownBuckets);
    private ulong _nonceFloor;

    public async ValueTask AppendAsync(MessageRow row, CancellationToken ct)
    {
        MessageRules.Check(row);
        ct.ThrowIfCancellationRequested();
        await InsertAsync(row, clock.OfAppend(row.Id)).ConfigureAwait(false);
    }

    /// <summary>
    /// The nonce is claimed first, in the name of the message's id, then the message is stored. Who finds it claimed looks whether that
    /// message is there. If it is not, its writer died in between or is slow: then its id is buried, so that it can never appear, and the
    /// claim is taken over. The new message has an id of now and is told to everybody, as one is that was never there; stored under the old
    /// id it would stand among those that were told long ago. Requests of this process with one nonce go one after another, so that none
    /// takes another's for dead.
    /// </summary>
    public async ValueTask<Snowflake> AppendOnceAsync(MessageRow row, string nonce, DateTimeOffset since, CancellationToken ct)
    {
        MessageRules.Check(row);
        MessageRules.CheckNonce(nonce);
        ct.ThrowIfCancellationRequested();
        using (await _nonces.EnterAsync((row.ChannelId, row.AuthorId, nonce)).ConfigureAwait(false))
        {
            var owner = await ClaimAsync(row, nonce, Oldest(since)).ConfigureAwait(false);
            if (owner == row.Id) await InsertAsync(row, clock.OfAppend(row.Id)).ConfigureAwait(false);
            return owner;
        }
    }

    public async ValueTask<Snowflake?> FindByNonceAsync(
        Snowflake channel, Snowflake author, string nonce, DateTimeOffset since, CancellationToken ct)
    {
        MessageRules.CheckNonce(nonce);
        var found = await ReadNonceAsync(SelectNonce, channel, author, nonce, ct).ConfigureAwait(false);
        return found >= Oldest(since) ? found : null;
    }

    /// <summary>
    /// The rows go by themselves two hours after they were written; here they are forgotten at once, by this process. Who asks for nonces
    /// asks for those of minutes, so that another process's longer memory is never seen.
    /// </summary>
    public ValueTask TrimNoncesAsync(DateTimeOffset before, CancellationToken ct)
    {
        var floor = Snowflake.FromTimestamp(before).Value;
        while (Volatile.Read(ref _nonceFloor) is var current && current < floor)
            Interlocked.CompareExchange(ref _nonceFloor, floor, current);
        return ValueTask.CompletedTask;
    }

    public async ValueTask<MessageRow?> GetAsync(Snowflake channel, Snowflake id, CancellationToken ct)
    {
        var select = (await database.BindAsync(SelectOne, ct).ConfigureAwait(false)).AddId(channel).Add(MessageBucket.Of(id)).AddId(id);
        return await database.FirstAsync(
            select, row => row.IsNull(0) || !row.IsNull(2) ? (MessageRow?)null
                : new MessageRow(channel, id, row.GetId(0), row.CopyBytes(1)), ct)
            .ConfigureAwait(false);
    }

    /// <summary>
    /// Reads whether the message is there and when its body was written, then writes above that. A condition would cost four rounds between
    /// replicas for two, and give the write a time that client timestamps cannot be compared with.
    /// </summary>
    public async ValueTask<bool> UpdateAsync(MessageRow row, CancellationToken ct)
    {
        MessageRules.Check(row);
        var bucket = MessageBucket.Of(row.Id);
        var states = await StatesAsync(row.ChannelId, bucket, [row.Id], ct).ConfigureAwait(false);
        if (states is not [{ IsLive: true } state]) return false;
        var update = (await database.BindAsync(UpdateBody, ct).ConfigureAwait(false))
            .AddBlob(row.Body.Span).AddId(row.ChannelId).Add(bucket).AddId(row.Id);
        await database.WriteAsync(update.At(clock.Above(Math.Max(state.WrittenAt, WriteClock.MicrosOf(row.Id))))).ConfigureAwait(false);
        return true;
    }

    public async ValueTask<IReadOnlyList<Snowflake>> DeleteAsync(Snowflake channel, IReadOnlyList<Snowflake> ids, CancellationToken ct)
    {
        MessageRules.CheckIds(ids);
        Snowflake[] distinct = [.. ids.Distinct()];
        HashSet<Snowflake> gone = [];
        foreach (var bucket in distinct.GroupBy(MessageBucket.Of))
        {
            foreach (var chunk in bucket.Chunk(ChunkRows))
            {
                var states = await StatesAsync(channel, bucket.Key, chunk, ct).ConfigureAwait(false);
                MessageState[] live = [.. states.Where(state => state.IsLive)];
                if (live.Length > 0) await BuryAsync(channel, bucket.Key, live).ConfigureAwait(false);
                gone.UnionWith(live.Select(state => state.Id));
                // Also of those that were deleted before: that deletion may have died before it came to this.
                await StripAsync(channel, bucket.Key, [.. states.Where(state => !state.IsPhantom).Select(state => state.Id)])
                    .ConfigureAwait(false);
            }
        }
        return [.. distinct.Where(gone.Contains)];
    }

    public async ValueTask<IReadOnlyDictionary<Snowflake, IReadOnlyList<Snowflake>>> DeleteByAuthorAsync(
        IReadOnlyList<Snowflake> channels, Snowflake author, DateTimeOffset since, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(channels);
        var oldest = Snowflake.FromTimestamp(since);
        var deleted = new Dictionary<Snowflake, IReadOnlyList<Snowflake>>();
        foreach (var channel in channels)
        {
            var gone = new List<Snowflake>();
            await foreach (var found in ByAuthorAsync(channel, author, oldest, ct).ConfigureAwait(false))
                gone.AddRange(await DeleteAsync(channel, found, ct).ConfigureAwait(false));
            if (gone.Count > 0) deleted.Add(channel, gone);
        }
        return deleted;
    }

    private Snowflake Oldest(DateTimeOffset since) =>
        new(Math.Max(Snowflake.FromTimestamp(since).Value, Volatile.Read(ref _nonceFloor)));

    // The index of buckets first: a message in a bucket that it does not name would be found by nobody.
    private async ValueTask InsertAsync(MessageRow row, long timestamp)
    {
        var bucket = MessageBucket.Of(row.Id);
        if (!_buckets.Contains((row.ChannelId, bucket)))
        {
            await database.WriteAsync(
                (await database.BindAsync(InsertBucket, default).ConfigureAwait(false)).AddId(row.ChannelId).Add(bucket).At(clock.Next()))
                .ConfigureAwait(false);
            _buckets.Add((row.ChannelId, bucket));
        }
        var insert = (await database.BindAsync(InsertMessage, default).ConfigureAwait(false))
            .AddId(row.ChannelId).Add(bucket).AddId(row.Id).AddId(row.AuthorId).AddBlob(row.Body.Span);
        await database.WriteAsync(insert.At(timestamp)).ConfigureAwait(false);
    }

    /// <summary>The id that the nonce stands for from now on: the row's own, or that of an earlier message that is not too old.</summary>
    private async ValueTask<Snowflake> ClaimAsync(MessageRow row, string nonce, Snowflake oldest)
    {
        var claim = (await database.BindAsync(ClaimNonce, default).ConfigureAwait(false))
            .AddId(row.ChannelId).AddId(row.AuthorId).Add(nonce).AddId(row.Id).Add(NonceSeconds);
        for (var attempt = 0; attempt < Attempts.Max; attempt++)
        {
            if (await database.DecideAsync(claim).ConfigureAwait(false) == true) return row.Id;
            // Taken, or in doubt. Where our own id is found the claim is ours, of this attempt or of an earlier one whose answer was lost.
            var holder = await ReadNonceAsync(SelectNonceSerial, row.ChannelId, row.AuthorId, nonce, default).ConfigureAwait(false);
            if (holder is not { } earlier) continue;
            if (earlier == row.Id || (earlier >= oldest
                && await WasStoredAsync(row.ChannelId, earlier).ConfigureAwait(false))) return earlier;
            var replace = (await database.BindAsync(ReplaceNonce, default).ConfigureAwait(false))
                .Add(NonceSeconds).AddId(row.Id).AddId(row.ChannelId).AddId(row.AuthorId).Add(nonce).AddId(earlier);
            if (await database.DecideAsync(replace).ConfigureAwait(false) == true) return row.Id;
        }
        throw Attempts.Exhausted("a nonce");
    }

    /// <summary>Whether a message is there or was deleted; sees to it that one that is not will never be.</summary>
    private async ValueTask<bool> WasStoredAsync(Snowflake channel, Snowflake id)
    {
        var bucket = MessageBucket.Of(id);
        if (await StatesAsync(channel, bucket, [id], default).ConfigureAwait(false) is [{ IsPhantom: false }]) return true;
        await BuryAsync(channel, bucket, [new MessageState(id, IsPhantom: true, IsDeleted: false, WrittenAt: 0)]).ConfigureAwait(false);
        return false;
    }

    private async ValueTask<Snowflake?> ReadNonceAsync(Query query, Snowflake channel, Snowflake author, string nonce, CancellationToken ct)
    {
        var select = (await database.BindAsync(query, ct).ConfigureAwait(false)).AddId(channel).AddId(author).Add(nonce);
        // A row whose value has expired before its marker is none.
        return await database.FirstAsync(select, row => row.IsNull(0) ? (Snowflake?)null : row.GetId(0), ct).ConfigureAwait(false);
    }

    private async ValueTask<List<MessageState>> StatesAsync(Snowflake channel, int bucket, IReadOnlyList<Snowflake> ids,
        CancellationToken ct)
    {
        var select = (await database.BindAsync(SelectStates, ct).ConfigureAwait(false))
            .AddId(channel).Add(bucket).Add(ids.Select(id => (long)id.Value).ToArray());
        return await database.ListAsync(
            select, row => new MessageState(row.GetId(0), row.IsNull(1), !row.IsNull(2), row.IsNull(3) ? 0 : row.GetInt64(3)), ct)
            .ConfigureAwait(false);
    }

    private async ValueTask BuryAsync(Snowflake channel, int bucket, MessageState[] live)
    {
        var now = time.GetUtcNow();
        await NoteDeletedAsync(channel, [.. live.Select(state => state.Id)], now).ConfigureAwait(false);
        var batch = database.PartitionBatch();
        foreach (var state in live)
        {
            batch.Add((await database.BindAsync(Bury, default).ConfigureAwait(false))
                .Add(now).AddId(channel).Add(bucket).AddId(state.Id));
        }
        batch.Timestamp = clock.Above(live.Max(state => Math.Max(state.WrittenAt, WriteClock.MicrosOf(state.Id))));
        await database.WriteAsync(batch).ConfigureAwait(false);
    }

    /// <summary>What is known of a message without its body.</summary>
    /// <param name="Id">Its id.</param>
    /// <param name="IsPhantom">There is no author: something was written to an id that was never stored, or is trimmed.</param>
    /// <param name="IsDeleted">It has a grave.</param>
    /// <param name="WrittenAt">The timestamp of its body; 0 when it has none.</param>
    private readonly record struct MessageState(Snowflake Id, bool IsPhantom, bool IsDeleted, long WrittenAt)
    {
        public bool IsLive => !IsPhantom && !IsDeleted;
    }
}
