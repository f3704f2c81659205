using Discord.Protocol;

namespace Discord.Storage.Tests.DataService;

/// <summary>
/// A store in memory that a test conducts: every call waits until it is told to take effect, and then until it is told to answer or to
/// fail. Calls take effect one at a time, in the test's order.
/// </summary>
internal sealed class ScriptedStore : IMessageStore
{
    private readonly SortedDictionary<Snowflake, string?> _messages = [];
    private readonly SortedSet<Snowflake> _pins = [];
    private readonly Dictionary<string, Snowflake> _nonces = [];
    private readonly Dictionary<Snowflake, Call> _creators = [];

    /// <summary>Calls that have not been answered, in the order they came.</summary>
    public List<Call> Pending { get; } = [];

    /// <summary>Whether a call waits for its answer; from any thread.</summary>
    public bool IsWaiting
    {
        get
        {
            lock (Pending) return Pending.Count > 0;
        }
    }

    /// <summary>All calls that ever came.</summary>
    public int Calls { get; private set; }

    /// <summary>What <see cref="Call.Tag"/> the next calls get.</summary>
    public object? Tag { get; set; }

    /// <summary>When set, every call does its work and is answered by itself.</summary>
    public bool Automatic { get; set; }

    /// <summary>When set, every call fails with it at once.</summary>
    public Exception? Outage { get; set; }

    /// <summary>Told of every message that a write has looked at: what it is afterwards (null: none), and by which call.</summary>
    public Action<Snowflake, string?, Call>? Written { get; set; }

    /// <summary>Told of an append that changed nothing, and of the one that had stored the message before.</summary>
    public Action<Call, Call>? Repeated { get; set; }

    /// <summary>As <see cref="Written"/>, for pins.</summary>
    public Action<Snowflake, bool, Call>? Pinned { get; set; }

    /// <summary>Live messages, newest first.</summary>
    public IEnumerable<(Snowflake Id, string Body)> Messages =>
        _messages.Where(m => m.Value is not null).Reverse().Select(m => (m.Key, m.Value!));

    public static readonly Snowflake Author = new(7);

    public ValueTask AppendAsync(MessageRow row, CancellationToken ct) => new(Begin("append", call =>
    {
        Append(row, call);
        return true;
    }));

    public ValueTask<Snowflake> AppendOnceAsync(MessageRow row, string nonce, DateTimeOffset since, CancellationToken ct) =>
        new(Begin("once", call =>
        {
            if (_nonces.TryGetValue(nonce, out var stored))
            {
                Repeated?.Invoke(call, _creators[stored]);
                return stored;
            }
            Append(row, call);
            return _nonces[nonce] = row.Id;
        }));

    public ValueTask<bool> UpdateAsync(MessageRow row, CancellationToken ct) => new(Begin("update", call =>
    {
        var exists = _messages.GetValueOrDefault(row.Id) is not null;
        if (exists) _messages[row.Id] = Body(row);
        Written?.Invoke(row.Id, _messages.GetValueOrDefault(row.Id), call);
        return exists;
    }));

    public ValueTask<IReadOnlyList<Snowflake>> DeleteAsync(Snowflake channel, IReadOnlyList<Snowflake> ids, CancellationToken ct) =>
        new(Begin<IReadOnlyList<Snowflake>>("delete", call => Delete(ids, call)));

    public ValueTask<IReadOnlyDictionary<Snowflake, IReadOnlyList<Snowflake>>> DeleteByAuthorAsync(
        IReadOnlyList<Snowflake> channels, Snowflake author, DateTimeOffset since, CancellationToken ct) =>
        new(Begin<IReadOnlyDictionary<Snowflake, IReadOnlyList<Snowflake>>>("delete-by-author", call =>
            new Dictionary<Snowflake, IReadOnlyList<Snowflake>> { [channels[0]] = Delete([.. _messages.Keys], call) }));

    public ValueTask DeleteChannelAsync(Snowflake channel, CancellationToken ct) => new(Begin("delete-channel", call =>
    {
        Delete([.. _messages.Keys], call);
        _messages.Clear();
        _nonces.Clear();
        return true;
    }));

    public ValueTask<bool> PinAsync(Snowflake channel, Snowflake message, DateTimeOffset at, CancellationToken ct) =>
        new(Begin("pin", call =>
        {
            var done = _messages.GetValueOrDefault(message) is not null && _pins.Add(message);
            Pinned?.Invoke(message, _pins.Contains(message), call);
            return done;
        }));

    public ValueTask<bool> UnpinAsync(Snowflake channel, Snowflake message, CancellationToken ct) => new(Begin("unpin", call =>
    {
        var done = _pins.Remove(message);
        Pinned?.Invoke(message, false, call);
        return done;
    }));

    public ValueTask<MessageRow?> GetAsync(Snowflake channel, Snowflake id, CancellationToken ct) => new(Begin("get", _ =>
        _messages.GetValueOrDefault(id) is { } body ? Row(channel, id, body) : (MessageRow?)null));

    public ValueTask<IReadOnlyList<MessageRow>> PageAsync(Snowflake channel, MessagePage page, CancellationToken ct) =>
        new(Begin<IReadOnlyList<MessageRow>>("page", _ => [.. Pages.Of(Messages, page).Select(m => Row(channel, m.Id, m.Body))]));

    public ValueTask<IReadOnlyDictionary<Snowflake, Snowflake>> LatestIdAsync(IReadOnlyList<Snowflake> channels, CancellationToken ct) =>
        new(Begin<IReadOnlyDictionary<Snowflake, Snowflake>>("latest-id", _ =>
            _messages.Count == 0 ? [] : new Dictionary<Snowflake, Snowflake> { [channels[0]] = _messages.Keys.Last() }));

    public ValueTask<IReadOnlyList<PinRow>> PinsAsync(Snowflake channel, DateTimeOffset? before, int limit, CancellationToken ct) =>
        new(Begin<IReadOnlyList<PinRow>>("pins", _ => [.. _pins.Select(id => new PinRow(id, default))]));

    public ValueTask<int> PinCountAsync(Snowflake channel, CancellationToken ct) => new(Begin("pin-count", _ => _pins.Count));

    public ValueTask<IReadOnlyDictionary<Snowflake, IReadOnlyList<ReactionCount>>> ReactionsAsync(
        Snowflake channel, IReadOnlyList<Snowflake> messages, Snowflake viewer, CancellationToken ct) =>
        new(Begin<IReadOnlyDictionary<Snowflake, IReadOnlyList<ReactionCount>>>(
            "reactions", _ => new Dictionary<Snowflake, IReadOnlyList<ReactionCount>>()));

    public ValueTask<IReadOnlyDictionary<Snowflake, MessageReactions?>> WhoReactedAsync(
        Snowflake channel, IReadOnlyList<Snowflake> messages, int maxReactions, CancellationToken ct) =>
        new(Begin<IReadOnlyDictionary<Snowflake, MessageReactions?>>("who-reacted", _ => new Dictionary<Snowflake, MessageReactions?>()));

    public ValueTask<IReadOnlyList<Snowflake>> ReactionUsersAsync(
        Snowflake channel, Snowflake message, string emoji, Snowflake after, int limit, bool? burst, CancellationToken ct) =>
        new(Begin<IReadOnlyList<Snowflake>>("reaction-users", _ => []));

    public ValueTask<bool> AddReactionAsync(
        Snowflake channel, Snowflake message, string emoji, Snowflake user, bool burst, CancellationToken ct) =>
        new(Begin("react", _ => true));

    public ValueTask<bool> RemoveReactionAsync(Snowflake channel, Snowflake message, string emoji, Snowflake user, CancellationToken ct) =>
        throw new NotSupportedException();

    public ValueTask<int> RemoveReactionsAsync(Snowflake channel, Snowflake message, string? emoji, CancellationToken ct) =>
        throw new NotSupportedException();

    public ValueTask<Snowflake?> FindByNonceAsync(
        Snowflake channel, Snowflake author, string nonce, DateTimeOffset since, CancellationToken ct) => throw new NotSupportedException();

    public ValueTask TrimNoncesAsync(DateTimeOffset before, CancellationToken ct) => throw new NotSupportedException();

    public ValueTask<int> TrimTombstonesAsync(DateTimeOffset before, CancellationToken ct) => throw new NotSupportedException();

    /// <summary>A row as this store has them.</summary>
    public static MessageRow Row(Snowflake channel, Snowflake id, string body) =>
        new(channel, id, Author, System.Text.Encoding.UTF8.GetBytes(body));

    public static string Body(MessageRow row) => System.Text.Encoding.UTF8.GetString(row.Body.Span);

    private void Append(MessageRow row, Call call)
    {
        if (!_messages.TryAdd(row.Id, Body(row)))
        {
            Repeated?.Invoke(call, _creators[row.Id]);
            return;
        }
        _creators[row.Id] = call;
        Written?.Invoke(row.Id, Body(row), call);
    }

    private List<Snowflake> Delete(IReadOnlyList<Snowflake> ids, Call call)
    {
        List<Snowflake> gone = [];
        foreach (var id in ids)
        {
            if (_messages.GetValueOrDefault(id) is not null)
            {
                _messages[id] = null;
                gone.Add(id);
            }
            _pins.Remove(id);
            Written?.Invoke(id, null, call);
            Pinned?.Invoke(id, false, call);
        }
        return gone;
    }

    private Task<T> Begin<T>(string name, Func<Call, T> work)
    {
        var call = new Call<T>(this, name, Tag, work);
        lock (Pending)
        {
            Calls++;
            if (Outage is { } outage) return Task.FromException<T>(outage);
            if (!Automatic) Pending.Add(call);
        }
        if (Automatic) call.Answer();
        return call.Task;
    }

    /// <summary>A call that has come.</summary>
    internal abstract class Call(ScriptedStore store, string name, object? tag)
    {
        protected ScriptedStore Store => store;

        public string Name => name;

        public object? Tag => tag;

        public bool HasEffect { get; protected set; }

        public abstract void TakeEffect();

        /// <summary>Takes effect, if that has not been, and tells the caller.</summary>
        public void Answer()
        {
            if (!HasEffect) TakeEffect();
            lock (store.Pending) store.Pending.Remove(this);
            Tell(null);
        }

        /// <summary>Tells the caller of an error; whatever the call has done stays done.</summary>
        public void Fail(Exception error)
        {
            lock (store.Pending) store.Pending.Remove(this);
            Tell(error);
        }

        protected abstract void Tell(Exception? error);
    }

    private sealed class Call<T>(ScriptedStore store, string name, object? tag, Func<Call, T> work) : Call(store, name, tag)
    {
        private readonly TaskCompletionSource<T> _answer = new();
        private T _result = default!;

        public Task<T> Task => _answer.Task;

        public override void TakeEffect()
        {
            lock (Store._messages) _result = work(this);
            HasEffect = true;
        }

        protected override void Tell(Exception? error)
        {
            if (error is null) _answer.SetResult(_result);
            else _answer.SetException(error);
        }
    }
}

/// <summary>What a page is, said plainly.</summary>
internal static class Pages
{
    public static IEnumerable<(Snowflake Id, string Body)> Of(IEnumerable<(Snowflake Id, string Body)> newestFirst, MessagePage page)
    {
        var all = newestFirst.ToList();
        return page.Kind switch
        {
            MessagePageKind.Latest => all.Take(page.Limit),
            MessagePageKind.Before => all.Where(m => m.Id < page.Anchor).Take(page.Limit),
            MessagePageKind.After => all.Where(m => m.Id > page.Anchor).TakeLast(page.Limit),
            _ => all.Where(m => m.Id > page.Anchor).TakeLast(page.Limit / 2)
                .Concat(all.Where(m => m.Id <= page.Anchor).Take(page.Limit - (page.Limit / 2))),
        };
    }
}
