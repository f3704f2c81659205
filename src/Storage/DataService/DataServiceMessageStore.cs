using System.Runtime.CompilerServices;
using Discord.Protocol;

namespace Discord.Storage.DataService;

/// <summary>
/// A message store in front of another one. Identical reads in flight share one query, the newest messages of busy channels are answered
/// from memory, and no partition is asked more than so much at a time. Thread-safe.
/// <para>
/// <b>What must hold.</b> Whatever was written and acknowledged is seen by every read that starts later, wherever that read is answered
/// from. What is being written, or has failed with an unknown outcome, may be seen or not. All writes of a channel go through this object:
/// the node owns the channel. (In a cluster the routing key of a message is its channel's id; the owner of the key is the one node that
/// has a data service for it, and reads of other nodes come to it.)
/// </para>
/// <para>
/// <b>Queries in flight.</b> A read may join a query that has not begun, or that began after the last end of a write it depends on: each
/// end of a write, before its caller hears of it, makes those stale that have begun (<see cref="Flight.IsStale"/>). A read that comes too
/// late for the query in flight makes the next one, which begins when that one is over; so a question is asked once at a time, however
/// many ask and write. An answer stays good, and is kept, until such a write ends. An error goes to all who wait, and is not kept. Who
/// stops waiting stops nothing.
/// </para>
/// <para>
/// <b>The tail.</b> It is read by one query (<see cref="NewestRead"/>) and from then on changed by the writes, each at its end, before its
/// caller hears of it. Three things could make it wrong:
/// <list type="number">
/// <item>A write ends while the query is under way: the answer may hold it or not. So writes that end meanwhile are noted and put in
/// again, in their order, before the tail is installed; all kinds of <see cref="Change"/> may be put in twice. A write that ended before
/// is in the answer, and one that ends later is put in then.</item>
/// <item>Two writes of one message overlap: which of them was last in the store is not known, and their ends may come in either order. So
/// writes under way are counted by message (<see cref="HotChannel.Begin(Snowflake)"/>); the end of one that was not alone throws the tail
/// away, and the noted writes with it, so that the tail being read is not installed. The same goes for sweeps, whose messages are not
/// known: deletion of a channel, or by author; there the noted writes go at the beginning already.</item>
/// <item>A write whose effect the tail cannot know: the append of an id that may have been deleted, or a change of a message that is not
/// here and should be. See <see cref="Tail"/>; it is thrown away.</item>
/// </list>
/// A channel without a user, which may be evicted, has no query and no write under way, so that nothing of the above is lost with it. A
/// reader that found it just before reads nothing from it any more. What a store does by itself, which is to finish the deletion of a
/// channel that a crash interrupted, concerns channels that nobody can open.
/// </para>
/// <para>
/// <b>The store fails.</b> Reads from memory go on: no write has been acknowledged that they lack. A write that failed is in doubt: the
/// tail does not show it, and the store may. From then on the store is asked first, so that all see what it has, for as long as a late
/// replica might still carry the write out; only when the store cannot answer either, the tail does. A tail in doubt lacks nothing that
/// was acknowledged: acknowledged writes are put in as ever, and the rules above throw it away
/// as ever. That is why a busy channel, whose
/// writes all fail while the store is gone, can still be read.
/// </para>
/// <para>
/// <b>Over a restart</b> pages are handed on by <see cref="Handover"/>.
/// </para>
/// </summary>
internal sealed class DataServiceMessageStore(IMessageStore inner, DataServiceOptions options) : IMessageStore
{
    private readonly HotChannels _channels = new(options);
    private readonly NewestRead _newest = new(options.TailMessages);
    private readonly ReadGate _gate = new(
        options.PartitionConcurrency, options.Concurrency, options.MaxWaiting, options.AnswerInline);

    /// <summary>The channels in memory.</summary>
    internal HotChannels Channels => _channels;

    /// <summary>Memory of hot pages.</summary>
    internal long CachedBytes => _channels.Bytes;

    /// <summary>Queries that wait for their turn.</summary>
    internal int Waiting => _gate.Waiting;

    // The object that waits for the store is used again: a create is the node's most frequent write.
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    public async ValueTask AppendAsync(MessageRow row, CancellationToken ct)
    {
        var channel = _channels.Rent(row.ChannelId);
        var stamp = channel.Begin(row.Id);
        try
        {
            await inner.AppendAsync(row, ct).ConfigureAwait(false);
            channel.End(ChangeKind.Appended, row, stamp);
        }
        catch (Exception e)
        {
            Failed(channel, [row.Id], stamp, Touched.Messages, e);
            throw;
        }
        finally
        {
            _channels.Return(channel);
        }
    }

    public async ValueTask<Snowflake> AppendOnceAsync(MessageRow row, string nonce, DateTimeOffset since, CancellationToken ct)
    {
        var channel = _channels.Rent(row.ChannelId);
        var stamp = channel.Begin(row.Id);
        try
        {
            var stored = await inner.AppendOnceAsync(row, nonce, since, ct).ConfigureAwait(false);
            if (stored == row.Id) channel.End(ChangeKind.Appended, row, stamp);
            else channel.EndKnown(row.Id, stored, stamp);
            return stored;
        }
        catch (Exception e)
        {
            Failed(channel, [row.Id], stamp, Touched.Messages, e);
            throw;
        }
        finally
        {
            _channels.Return(channel);
        }
    }

    public async ValueTask<bool> UpdateAsync(MessageRow row, CancellationToken ct)
    {
        var channel = _channels.Rent(row.ChannelId);
        var stamp = channel.Begin(row.Id);
        try
        {
            var existed = await inner.UpdateAsync(row, ct).ConfigureAwait(false);
            channel.End(existed ? ChangeKind.Replaced : ChangeKind.NotFound, row, stamp);
            return existed;
        }
        catch (Exception e)
        {
            Failed(channel, [row.Id], stamp, Touched.Messages, e);
            throw;
        }
        finally
        {
            _channels.Return(channel);
        }
    }

    public async ValueTask<IReadOnlyList<Snowflake>> DeleteAsync(Snowflake channelId, IReadOnlyList<Snowflake> ids, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(ids);
        Snowflake[] copy = [.. ids];
        var channel = _channels.Rent(channelId);
        var stamp = channel.Begin(copy);
        try
        {
            var gone = await inner.DeleteAsync(channelId, copy, ct).ConfigureAwait(false);
            channel.EndDelete(copy, stamp);
            return gone;
        }
        catch (Exception e)
        {
            Failed(channel, copy, stamp, Touched.All, e);
            throw;
        }
        finally
        {
            _channels.Return(channel);
        }
    }

    public async ValueTask<IReadOnlyDictionary<Snowflake, IReadOnlyList<Snowflake>>> DeleteByAuthorAsync(
        IReadOnlyList<Snowflake> channels, Snowflake author, DateTimeOffset since, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(channels);
        Snowflake[] copy = [.. channels];
        var swept = BeginSweep(copy);
        var succeeded = false;
        try
        {
            var gone = await inner.DeleteByAuthorAsync(copy, author, since, ct).ConfigureAwait(false);
            succeeded = true;
            return gone;
        }
        finally
        {
            EndSweep(swept, succeeded);
        }
    }

    public async ValueTask DeleteChannelAsync(Snowflake channel, CancellationToken ct)
    {
        var swept = BeginSweep(channel);
        var succeeded = false;
        try
        {
            await inner.DeleteChannelAsync(channel, ct).ConfigureAwait(false);
            succeeded = true;
        }
        finally
        {
            EndSweep(swept, succeeded);
        }
    }

    public ValueTask<bool> PinAsync(Snowflake channel, Snowflake message, DateTimeOffset at, CancellationToken ct) =>
        MarkAsync(channel, message, Touched.Pins, store => store.PinAsync(channel, message, at, ct));

    public ValueTask<bool> UnpinAsync(Snowflake channel, Snowflake message, CancellationToken ct) =>
        MarkAsync(channel, message, Touched.Pins, store => store.UnpinAsync(channel, message, ct));

    public ValueTask<bool> AddReactionAsync(
        Snowflake channel, Snowflake message, string emoji, Snowflake user, bool burst, CancellationToken ct) =>
        MarkAsync(channel, message, Touched.Reactions, store => store.AddReactionAsync(channel, message, emoji, user, burst, ct));

    public ValueTask<bool> RemoveReactionAsync(Snowflake channel, Snowflake message, string emoji, Snowflake user, CancellationToken ct) =>
        MarkAsync(channel, message, Touched.Reactions, store => store.RemoveReactionAsync(channel, message, emoji, user, ct));

    public ValueTask<int> RemoveReactionsAsync(Snowflake channel, Snowflake message, string? emoji, CancellationToken ct) =>
        MarkAsync(channel, message, Touched.Reactions, store => store.RemoveReactionsAsync(channel, message, emoji, ct));

    public ValueTask<MessageRow?> GetAsync(Snowflake channel, Snowflake id, CancellationToken ct)
    {
        ct.ThrowIfCancellationRequested();
        if (_channels.Find(channel) is { } hot && hot.TryGet(id, out var row))
        {
            StorageMetrics.CacheHit();
            return new ValueTask<MessageRow?>(row);
        }
        return AskAsync(this, channel, id, ct);

        static async ValueTask<MessageRow?> AskAsync(DataServiceMessageStore self, Snowflake channel, Snowflake id, CancellationToken ct)
        {
            MessageRow? old = null;
            try
            {
                return await self.ReadAsync(channel, new MessageRead(id), ct).ConfigureAwait(false);
            }
            catch (StorageException e)
                when (e.IsTransient && self._channels.Find(channel)?.TryGet(id, out old, lastResort: true) == true)
            {
                return old;
            }
        }
    }

    public ValueTask<IReadOnlyList<MessageRow>> PageAsync(Snowflake channel, MessagePage page, CancellationToken ct)
    {
        if (page.Limit == 0) throw new ArgumentException("a page is made by Latest, Before, After or Around", nameof(page));
        ct.ThrowIfCancellationRequested();
        if (_channels.Find(channel)?.TryPage(page) is { } found)
        {
            StorageMetrics.CacheHit();
            return new ValueTask<IReadOnlyList<MessageRow>>(found);
        }
        return AskAsync(this, channel, page, ct);

        static async ValueTask<IReadOnlyList<MessageRow>> AskAsync(
            DataServiceMessageStore self, Snowflake channel, MessagePage page, CancellationToken ct)
        {
            try
            {
                if (!self.IsOfTail(page)) return await self.ReadAsync(channel, new PageRead(page), ct).ConfigureAwait(false);
                return (await self.ReadAsync(channel, self._newest, ct).ConfigureAwait(false)).Page(page.Limit);
            }
            catch (StorageException e)
                when (e.IsTransient && self._channels.Find(channel)?.TryPage(page, lastResort: true) is { } old)
            {
                return old;
            }
        }
    }

    public ValueTask<IReadOnlyList<PinRow>> PinsAsync(Snowflake channel, DateTimeOffset? before, int limit, CancellationToken ct) =>
        ReadAsync(channel, new PinsRead(before, limit), ct);

    public ValueTask<int> PinCountAsync(Snowflake channel, CancellationToken ct) => ReadAsync(channel, new PinCountRead(), ct);

    public ValueTask<IReadOnlyList<Snowflake>> ReactionUsersAsync(
        Snowflake channel, Snowflake message, string emoji, Snowflake after, int limit, bool? burst, CancellationToken ct) =>
        ReadAsync(channel, new ReactionUsersRead(message, emoji, after, limit, burst), ct);

    public ValueTask<IReadOnlyDictionary<Snowflake, IReadOnlyList<ReactionCount>>> ReactionsAsync(
        Snowflake channel, IReadOnlyList<Snowflake> messages, Snowflake viewer, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(messages);
        return messages.Count == 0
            ? inner.ReactionsAsync(channel, messages, viewer, ct)
            : ReadAsync(channel, new ReactionsRead([.. messages], viewer), ct);
    }

    public ValueTask<IReadOnlyDictionary<Snowflake, MessageReactions?>> WhoReactedAsync(
        Snowflake channel, IReadOnlyList<Snowflake> messages, int maxReactions, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(messages);
        return messages.Count == 0
            ? inner.WhoReactedAsync(channel, messages, maxReactions, ct)
            : ReadAsync(channel, new WhoReactedRead([.. messages], maxReactions), ct);
    }

    // What only actors ask, each for itself.
    public ValueTask<Snowflake?> FindByNonceAsync(
        Snowflake channel, Snowflake author, string nonce, DateTimeOffset since, CancellationToken ct) =>
        inner.FindByNonceAsync(channel, author, nonce, since, ct);

    public ValueTask<IReadOnlyDictionary<Snowflake, Snowflake>> LatestIdAsync(IReadOnlyList<Snowflake> channels, CancellationToken ct) =>
        inner.LatestIdAsync(channels, ct);

    // Neither changes what a read sees.
    public ValueTask TrimNoncesAsync(DateTimeOffset before, CancellationToken ct) => inner.TrimNoncesAsync(before, ct);

    public ValueTask<int> TrimTombstonesAsync(DateTimeOffset before, CancellationToken ct) => inner.TrimTombstonesAsync(before, ct);

    // The store is asked for the whole tail then, whatever the page's limit.
    private bool IsOfTail(MessagePage page) =>
        options.CacheBytes > 0 && page.Kind == MessagePageKind.Latest && page.Limit <= options.TailMessages;

    private ValueTask<T> ReadAsync<T>(Snowflake channelId, Read<T> read, CancellationToken ct)
    {
        ct.ThrowIfCancellationRequested();
        var channel = _channels.Rent(channelId);
        var flight = channel.Join(read, out var isNew);
        if (isNew)
        {
            StorageMetrics.CacheMiss();
            // It returns the channel, and tells its end through the flight alone.
            _ = FlyAsync(channel, flight);
        }
        else
        {
            _channels.Return(channel);
            if (flight.Answer.IsCompletedSuccessfully) StorageMetrics.CacheHit();
            else StorageMetrics.Coalesced();
        }
        return new ValueTask<T>(ct.CanBeCanceled ? flight.Answer.WaitAsync(ct) : flight.Answer);
    }

    private async Task FlyAsync<T>(HotChannel channel, Flight<T> flight)
    {
        T answer;
        try
        {
            if (flight.Behind is { } earlier) await earlier.Over.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            var partition = new Partition(channel.Id, flight.Question.Bucket);
            await _gate.EnterAsync(partition).ConfigureAwait(false);
            try
            {
                channel.Depart(flight);
                answer = await flight.Question.AskAsync(inner, channel.Id).ConfigureAwait(false);
            }
            finally
            {
                _gate.Leave(partition);
            }
        }
        catch (Exception e)
        {
            // Whatever it was, it is for those who asked.
            channel.Crash(flight, e);
            _channels.Return(channel);
            flight.Fail(e);
            return;
        }
        channel.Land(flight, answer);
        _channels.Return(channel);
        flight.Succeed(answer);
    }

    private async ValueTask<T> MarkAsync<T>(
        Snowflake channelId, Snowflake message, Touched what, Func<IMessageStore, ValueTask<T>> write)
    {
        var channel = _channels.Rent(channelId);
        try
        {
            return await write(inner).ConfigureAwait(false);
        }
        finally
        {
            channel.EndMark(what, message);
            _channels.Return(channel);
        }
    }

    private HotChannel[] BeginSweep(params ReadOnlySpan<Snowflake> channels)
    {
        var swept = new HotChannel[channels.Length];
        for (var i = 0; i < swept.Length; i++)
        {
            swept[i] = _channels.Rent(channels[i]);
            swept[i].BeginSweep();
        }
        return swept;
    }

    private void EndSweep(HotChannel[] swept, bool succeeded)
    {
        foreach (var channel in swept)
        {
            channel.EndSweep(succeeded);
            _channels.Return(channel);
        }
    }

    private static void Failed(HotChannel channel, ReadOnlySpan<Snowflake> messages, long stamp, Touched what, Exception error)
    {
        // Refused, not failed: nothing of it was handed to the store.
        if (error is ArgumentException
            or StorageException { Error: StorageError.Overloaded or StorageError.TooLarge or StorageError.Closed })
            channel.EndRefused(messages, stamp);
        else channel.EndUnknown(messages, stamp, what);
    }
}
