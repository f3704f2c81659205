using Discord.Protocol;
using Discord.Storage;

namespace Discord.Actors.Tests.Messages;

/// <summary>
/// Messages in memory. Writes of new messages are held while <see cref="HoldAppends"/>: the test settles each, in any order and with either
/// outcome. What was acknowledged survives whatever uses the store, as a disk does.
/// </summary>
internal sealed class FakeMessageStore : IMessageStore
{
    private readonly Lock _gate = new();
    private readonly SortedDictionary<ulong, MessageRow> _rows = [];
    private readonly HashSet<ulong> _deleted = [];
    private readonly Dictionary<(Snowflake Channel, Snowflake Author, string Nonce), Snowflake> _nonces = [];
    private readonly Dictionary<Snowflake, DateTimeOffset> _pins = [];
    private readonly List<(Snowflake Message, string Emoji, Snowflake User, bool Burst)> _reactions = [];
    private readonly List<Held> _held = [];

    public volatile bool HoldAppends;

    public Exception? FailReads { get; set; }

    /// <summary>Runs when a page has been read and nobody has it yet.</summary>
    public Action? AfterPage { get; set; }

    /// <summary>The next reaction is stored, and its answer lost.</summary>
    public bool LoseNextReaction { get; set; }

    /// <summary>Acknowledges new messages without keeping them, so that only their sender's cost is seen.</summary>
    public bool Forgets { get; init; }

    public int Reads { get; private set; }

    public IReadOnlyList<Snowflake> StoredIds
    {
        get
        {
            lock (_gate)
                return [.. _rows.Keys.Select(id => new Snowflake(id))];
        }
    }

    public async Task<IReadOnlyList<Held>> HeldAsync(int count)
    {
        using CancellationTokenSource limit = new(TimeSpan.FromSeconds(20));
        while (true)
        {
            lock (_gate)
            {
                if (_held.Count >= count)
                    return [.. _held];
            }
            await Task.Delay(1, limit.Token);
        }
    }

    public ValueTask AppendAsync(MessageRow row, CancellationToken ct = default) => Forgets ? default : new(Write(row, null, default));

    public ValueTask<Snowflake> AppendOnceAsync(MessageRow row, string nonce, DateTimeOffset since, CancellationToken ct = default) =>
        new(Write(row, nonce, since));

    private Task<Snowflake> Write(MessageRow row, string? nonce, DateTimeOffset since)
    {
        lock (_gate)
        {
            if (!HoldAppends)
                return Task.FromResult(Put(row, nonce, since));
            Held held = new(this, row, nonce, since);
            _held.Add(held);
            return held.Task;
        }
    }

    private Snowflake Put(MessageRow row, string? nonce, DateTimeOffset since)
    {
        lock (_gate)
        {
            if (nonce is not null)
            {
                if (_nonces.TryGetValue((row.ChannelId, row.AuthorId, nonce), out Snowflake known) && known.Timestamp >= since)
                    return known;
                _nonces[(row.ChannelId, row.AuthorId, nonce)] = row.Id;
            }
            if (!_deleted.Contains(row.Id.Value))
                _rows.TryAdd(row.Id.Value, row with { Body = row.Body.ToArray() });
            return row.Id;
        }
    }

    public ValueTask<Snowflake?> FindByNonceAsync(
        Snowflake channel, Snowflake author, string nonce, DateTimeOffset since, CancellationToken ct = default)
    {
        lock (_gate)
            return new(_nonces.TryGetValue((channel, author, nonce), out Snowflake id) && id.Timestamp >= since ? id : null);
    }

    public ValueTask TrimNoncesAsync(DateTimeOffset before, CancellationToken ct = default) => default;

    public ValueTask<MessageRow?> GetAsync(Snowflake channel, Snowflake id, CancellationToken ct = default) =>
        Read(() => _rows.TryGetValue(id.Value, out MessageRow row) && row.ChannelId == channel ? row : (MessageRow?)null);

    public ValueTask<IReadOnlyList<MessageRow>> PageAsync(Snowflake channel, MessagePage page, CancellationToken ct = default)
    {
        ValueTask<IReadOnlyList<MessageRow>> answer = Page(channel, page);
        AfterPage?.Invoke();
        return answer;
    }

    private ValueTask<IReadOnlyList<MessageRow>> Page(Snowflake channel, MessagePage page) => Read(() =>
    {
        IEnumerable<MessageRow> rows = _rows.Values.Where(row => row.ChannelId == channel);
        return (IReadOnlyList<MessageRow>)(page.Kind switch
        {
            MessagePageKind.Latest => rows.Reverse().Take(page.Limit),
            MessagePageKind.Before => rows.Reverse().Where(row => row.Id < page.Anchor).Take(page.Limit),
            MessagePageKind.After => rows.Where(row => row.Id > page.Anchor).Take(page.Limit).Reverse(),
            _ => rows.Where(row => row.Id > page.Anchor).Take(page.Limit / 2).Reverse()
                .Concat(rows.Reverse().Where(row => row.Id <= page.Anchor).Take(page.Limit - (page.Limit / 2))),
        }).ToList();
    });

    public ValueTask<bool> UpdateAsync(MessageRow row, CancellationToken ct = default) => Read(() =>
    {
        if (!_rows.ContainsKey(row.Id.Value))
            return false;
        _rows[row.Id.Value] = row;
        return true;
    });

    public ValueTask<IReadOnlyList<Snowflake>> DeleteAsync(Snowflake channel, IReadOnlyList<Snowflake> ids,
        CancellationToken ct = default) =>
        Read(() => (IReadOnlyList<Snowflake>)Delete(ids));

    public ValueTask<IReadOnlyDictionary<Snowflake, IReadOnlyList<Snowflake>>> DeleteByAuthorAsync(
        IReadOnlyList<Snowflake> channels, Snowflake author, DateTimeOffset since, CancellationToken ct = default) => Read(() =>
        (IReadOnlyDictionary<Snowflake, IReadOnlyList<Snowflake>>)channels.ToDictionary(channel => channel, channel =>
            (IReadOnlyList<Snowflake>)Delete(
            [.. _rows.Values.Where(row => row.ChannelId == channel && row.AuthorId == author && row.Id.Timestamp >= since).Select(row =>
                row.Id)])));

    public ValueTask DeleteChannelAsync(Snowflake channel, CancellationToken ct = default) => throw new NotSupportedException();

    public ValueTask<int> TrimTombstonesAsync(DateTimeOffset before, CancellationToken ct = default) => throw new NotSupportedException();

    public ValueTask<IReadOnlyDictionary<Snowflake, Snowflake>> LatestIdAsync(IReadOnlyList<Snowflake> channels,
        CancellationToken ct = default) => Read(() =>
        (IReadOnlyDictionary<Snowflake, Snowflake>)_rows.Values.Where(row => channels.Contains(row.ChannelId))
            .GroupBy(row => row.ChannelId).ToDictionary(of => of.Key, of => of.Max(row => row.Id)));

    public ValueTask<bool> PinAsync(Snowflake channel, Snowflake message, DateTimeOffset at, CancellationToken ct = default) =>
        Read(() => _rows.ContainsKey(message.Value) && _pins.TryAdd(message, at));

    public ValueTask<bool> UnpinAsync(Snowflake channel, Snowflake message, CancellationToken ct = default) => Read(() =>
        _pins.Remove(message));

    public ValueTask<IReadOnlyList<PinRow>> PinsAsync(Snowflake channel, DateTimeOffset? before, int limit,
        CancellationToken ct = default) =>
        Read(() => (IReadOnlyList<PinRow>)[.. _pins.Where(pin => before is null || pin.Value < before).OrderByDescending(pin => pin.Value)
            .Take(limit).Select(pin => new PinRow(pin.Key, pin.Value))]);

    public ValueTask<int> PinCountAsync(Snowflake channel, CancellationToken ct = default) => Read(() => _pins.Count);

    public ValueTask<bool> AddReactionAsync(
        Snowflake channel, Snowflake message, string emoji, Snowflake user, bool burst = false, CancellationToken ct = default) =>
            Read(() =>
    {
        if (!_rows.ContainsKey(message.Value) || _reactions.Any(r => r.Message == message && r.Emoji == emoji && r.User == user))
            return false;
        _reactions.Add((message, emoji, user, burst));
        if (!LoseNextReaction)
            return true;
        LoseNextReaction = false;
        throw new StorageException(StorageError.Io, "the answer is lost, as the test wants");
    });

    public void React(Snowflake message, string emoji, IEnumerable<Snowflake> users)
    {
        lock (_gate)
            _reactions.AddRange(users.Select(user => (message, emoji, user, false)));
    }

    public ValueTask<bool> RemoveReactionAsync(Snowflake channel, Snowflake message, string emoji, Snowflake user,
        CancellationToken ct = default) =>
        Read(() => _reactions.RemoveAll(r => r.Message == message && r.Emoji == emoji && r.User == user) > 0);

    public ValueTask<int> RemoveReactionsAsync(Snowflake channel, Snowflake message, string? emoji = null,
        CancellationToken ct = default) =>
        Read(() => _reactions.RemoveAll(r => r.Message == message && (emoji is null || r.Emoji == emoji)));

    public ValueTask<IReadOnlyList<Snowflake>> ReactionUsersAsync(
        Snowflake channel, Snowflake message, string emoji, Snowflake after, int limit, bool? burst = null,
            CancellationToken ct = default) =>
        Read(() => (IReadOnlyList<Snowflake>)[.. _reactions.Where(r => r.Message == message && r.Emoji == emoji && r.User > after)
            .Select(r => r.User).Order().Take(limit)]);

    public ValueTask<IReadOnlyDictionary<Snowflake, IReadOnlyList<ReactionCount>>> ReactionsAsync(
        Snowflake channel, IReadOnlyList<Snowflake> messages, Snowflake viewer, CancellationToken ct = default) => Read(() =>
        (IReadOnlyDictionary<Snowflake, IReadOnlyList<ReactionCount>>)_reactions.Where(r => messages.Contains(r.Message)).GroupBy(r =>
            r.Message)
            .ToDictionary(of => of.Key, of => (IReadOnlyList<ReactionCount>)[.. of.GroupBy(r => r.Emoji).Select(by => new ReactionCount(
                by.Key, by.Count(), by.Count(r => r.Burst), by.Any(r => r.User == viewer && !r.Burst), by.Any(r =>
                    r.User == viewer && r.Burst)))]));

    public ValueTask<IReadOnlyDictionary<Snowflake, MessageReactions?>> WhoReactedAsync(
        Snowflake channel, IReadOnlyList<Snowflake> messages, int maxReactions, CancellationToken ct = default) => Read(() =>
        (IReadOnlyDictionary<Snowflake, MessageReactions?>)_reactions.Where(r => messages.Contains(r.Message)).GroupBy(r => r.Message)
            .ToDictionary(of => of.Key, of => of.Count() > maxReactions
                ? null
                : MessageReactions.Of(of.Select(r => r.Emoji), of.Select(r => (r.Emoji, r.User, r.Burst)))));

    private List<Snowflake> Delete(IReadOnlyList<Snowflake> ids)
    {
        List<Snowflake> gone = [];
        foreach (Snowflake id in ids)
        {
            if (!_rows.Remove(id.Value))
                continue;
            gone.Add(id);
            _deleted.Add(id.Value);
            _pins.Remove(id);
            _reactions.RemoveAll(r => r.Message == id);
        }
        return gone;
    }

    private ValueTask<T> Read<T>(Func<T> read)
    {
        lock (_gate)
        {
            Reads++;
            return FailReads is { } error ? ValueTask.FromException<T>(error) : new(read());
        }
    }

    /// <summary>A write that waits for the test.</summary>
    internal sealed class Held(FakeMessageStore store, MessageRow row, string? nonce, DateTimeOffset since)
    {
        private readonly TaskCompletionSource<Snowflake> _done = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Snowflake Id => row.Id;

        public Task<Snowflake> Task => _done.Task;

        public void Acknowledge() => _done.SetResult(store.Put(row, nonce, since));

        /// <summary>As when only the answer is lost.</summary>
        public void StoreAndFail()
        {
            store.Put(row, nonce, since);
            Fail();
        }

        /// <summary>After <see cref="Fail"/>.</summary>
        public void StoreLate() => store.Put(row, nonce, since);

        public void Fail() => _done.SetException(new StorageException(StorageError.Io, "the disk refuses, as the test wants"));
    }
}
