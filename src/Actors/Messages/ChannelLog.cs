using Discord.Actors.Guilds;
using Discord.Kernel;
using Discord.Protocol;
using Discord.Protocol.Errors;
using Discord.Protocol.Payloads;
using Discord.Storage;

namespace Discord.Actors.Messages;

/// <summary>
/// The read side of a channel: REST reads here without asking the actor. The newest messages are held encoded in memory, and the last page
/// that
/// was read of them whole, so that history costs one array; older pages come from the store.
/// <para>
/// One writer, the <see cref="ChannelActor"/>, changes it after the store has acknowledged and before anyone is answered: whoever was told
/// that
/// a message exists finds it in the next read. A log begins cold and becomes so again when its channel is idle; the first read has the
/// actor
/// load it. While it is being loaded the actor applies nothing, so that what was read cannot lack a change that came before it.
/// </para>
/// Thread-safe.
/// </summary>
public sealed partial class ChannelLog
{
    /// <summary>
    /// The most reactions of which users are kept: of one page together when it is read, of one message afterwards. 8 bytes each. Of what
    /// is above it each reader's own are asked of the store.
    /// </summary>
    internal const int MaxKnownReactions = 20_000;

    private readonly IChannelHost _host;
    private readonly ChannelServices _services;
    private readonly Lock _gate = new();

    // Under _gate. Oldest first; unbroken: no message of the channel lies between two of these or above the last.
    private List<LogEntry> _tail = [];
    private long _tailBytes;

    // Under _gate: the tail is all there is.
    private bool _tailIsAll;

    // Under _gate: messages outside of the tail that replies in it show. Cleared on every change of such a message.
    private readonly Dictionary<Snowflake, LogEntry?> _references = [];
    private Dictionary<Snowflake, DateTimeOffset> _pins = [];
    private TaskCompletionSource? _loading;
    private IActorRef? _owner;

    private volatile bool _isWarm;

    // Warm, but it may lack something: readers wait for what is being read, and where that fails they see what there is.
    private volatile bool _isRenewing;
    private volatile CachedPage? _page;
    private int _version;
    private ulong _lastMessageId;
    private long _lastPinTicks;
    private int _count;
    private long _lastRead;

    public ChannelLog(IChannelHost host, ChannelServices services)
    {
        _host = host;
        _services = services;
    }

    public Snowflake ChannelId => _host.ChannelId;

    public IChannelHost Host => _host;

    /// <summary>
    /// The newest message that was ever sent here, if it is known: once the channel was used, or after <see cref="PrimeLastMessageId"/>. It
    /// may
    /// have been deleted since.
    /// </summary>
    public Snowflake? LastMessageId => Volatile.Read(ref _lastMessageId) is var id && id == 0 ? null : new Snowflake(id);

    /// <summary>When the newest pin was made; null before the channel was used.</summary>
    public DateTimeOffset? LastPinTimestamp =>
        Volatile.Read(ref _lastPinTicks) is var ticks && ticks == 0 ? null : new(ticks, TimeSpan.Zero);

    /// <summary>Messages in a thread, about: exact to 1,000, counted on from what was found when the channel was loaded.</summary>
    public int MessageCount => Volatile.Read(ref _count);

    internal bool IsWarm => _isWarm;

    internal DateTimeOffset LastRead => new(Volatile.Read(ref _lastRead), TimeSpan.Zero);

    /// <summary>Tells the log what the store said of many channels at once, before this one is used.</summary>
    public void PrimeLastMessageId(Snowflake id)
    {
        ulong seen = Volatile.Read(ref _lastMessageId);
        while (seen < id.Value)
        {
            ulong found = Interlocked.CompareExchange(ref _lastMessageId, id.Value, seen);
            if (found == seen)
                return;
            seen = found;
        }
    }

    /// <summary>One message, or null.</summary>
    /// <exception cref="StorageException">The store failed.</exception>
    public async ValueTask<Message?> FindAsync(Snowflake id, CancellationToken ct = default)
    {
        await WarmAsync(ct).ConfigureAwait(false);
        return (await EntryAsync(id, ct).ConfigureAwait(false))?.Message;
    }

    /// <summary>The message as <paramref name="viewer"/> may see it, with URLs of its attachments: for answers that have messages
    /// inside.</summary>
    public Message Show(Message message, MessageViewer viewer)
    {
        bool sees = viewer.SeesContent || _host.GuildId is null || message.Author.Id == viewer.UserId
            || message.ApplicationId == viewer.UserId || message.Mentions.Any(user => user.Id == viewer.UserId);
        if (!sees)
            return message with { Content = "", Attachments = [], Embeds = [], Components = [] };
        return message.Attachments.Count == 0 ? message : message with
        {
            Attachments =
            [
                .. message.Attachments.Select(
                    a => _services.AttachmentUrls.UrlFor(ChannelId, a) is var url ? a with { Url = url, ProxyUrl = url } : a),
            ],
        };
    }

    /// <summary>When a message was pinned; null when it is not.</summary>
    public async ValueTask<DateTimeOffset?> PinnedAtAsync(Snowflake id, CancellationToken ct = default)
    {
        await WarmAsync(ct).ConfigureAwait(false);
        lock (_gate)
            return _pins.TryGetValue(id, out DateTimeOffset at) ? at : null;
    }

    internal int PinCount
    {
        get
        {
            lock (_gate)
                return _pins.Count;
        }
    }

    internal bool IsPinned(Snowflake id)
    {
        lock (_gate)
            return _pins.ContainsKey(id);
    }

    internal void Attach(IActorRef owner)
    {
        lock (_gate)
            _owner = owner;
    }

    /// <summary>True when a reader waits for the log to be loaded.</summary>
    internal bool IsWanted
    {
        get
        {
            lock (_gate)
                return _loading is not null;
        }
    }

    // Completed at once when the log is warm.
    private ValueTask WarmAsync(CancellationToken ct)
    {
        Volatile.Write(ref _lastRead, _services.Time.GetUtcNow().UtcTicks);
        return _isWarm && !_isRenewing ? default : Slow(ct);

        async ValueTask Slow(CancellationToken ct)
        {
            Task loaded;
            IActorRef? ask = null;
            lock (_gate)
            {
                if (_isWarm && !_isRenewing)
                    return;
                if (_loading is null)
                {
                    _loading = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                    ask = _owner;
                }
                loaded = _loading.Task;
            }
            ask?.Tell(ChannelActor.Warm.Instance);
            try
            {
                await loaded.WaitAsync(_services.Options.LoadTimeout, _services.Time, ct).ConfigureAwait(false);
            }
            catch (Exception e) when (_isWarm && e is TimeoutException or ApiException)
            {
                // What is in memory is shown.
            }
            catch (TimeoutException)
            {
                throw new ApiException(ApiError.ServiceUnavailable);
            }
        }
    }

    /// <summary>The log may lack something and is being read anew, which <see cref="Load"/> or <see cref="LoadFailed"/> ends.</summary>
    internal void Renew()
    {
        lock (_gate)
        {
            _isRenewing = _isWarm;
            Changed();
        }
    }

    /// <summary>Takes what the store holds. Called by the actor; nothing was applied since the reads began.</summary>
    internal void Load(IReadOnlyList<LogEntry> oldestFirst, bool isAll, IReadOnlyList<PinRow> pins, int count)
    {
        TaskCompletionSource? loading;
        lock (_gate)
        {
            _tail = [.. oldestFirst];
            _tailBytes = _tail.Sum(e => e.Bytes);
            _tailIsAll = isAll;
            _references.Clear();
            _pins = pins.ToDictionary(pin => pin.MessageId, pin => pin.PinnedAt);
            Volatile.Write(ref _count, count);
            Changed();
            PinsChanged();
            Trim();
            _isWarm = true;
            _isRenewing = false;
            loading = _loading;
            _loading = null;
        }
        if (oldestFirst.Count > 0)
            PrimeLastMessageId(oldestFirst[^1].Id);
        loading?.TrySetResult();
    }

    /// <summary>Readers get the error, and the next one tries again.</summary>
    internal void LoadFailed(Exception error)
    {
        TaskCompletionSource? loading;
        lock (_gate)
        {
            _isRenewing = false;
            loading = _loading;
            _loading = null;
        }
        loading?.TrySetException(error);
    }

    /// <summary>
    /// Gives the memory back, but for the pins, which are few. A reader that found the log warm a moment ago goes to the store.
    /// </summary>
    internal void Shed()
    {
        lock (_gate)
        {
            _isWarm = false;
            _isRenewing = false;
            _tail = [];
            _tailBytes = 0;
            _tailIsAll = false;
            _references.Clear();
            Changed();
        }
    }

    internal void Append(LogEntry entry)
    {
        lock (_gate)
        {
            // Nearly always the last. Not so for what was in flight when the log was loaded: the store may have had a part of it.
            int at = IndexOf(entry.Id);
            if (at >= 0)
                Put(at, entry);
            else
            {
                _tail.Insert(~at, entry);
                _tailBytes += entry.Bytes;
                _count++;
                Trim();
            }
            Changed();
        }
        PrimeLastMessageId(entry.Id);
    }

    /// <summary>Replaces what is shown of a message, wherever it is held, but for its reactions.</summary>
    internal void Replace(LogEntry entry)
    {
        lock (_gate)
        {
            _references.Remove(entry.Id);
            int at = IndexOf(entry.Id);
            if (at >= 0)
                Put(at, entry with { Reactions = _tail[at].Reactions });
            Changed();
        }
    }

    /// <summary>
    /// Puts in what a change of a message's reactions did. It may have been put in before: the log may have been read since the store made
    /// it.
    /// </summary>
    internal void React(Snowflake id, Func<MessageReactions, MessageReactions> change)
    {
        lock (_gate)
        {
            int at = IndexOf(id);
            if (at >= 0 && _tail[at].Reactions is { } reactions)
            {
                reactions = change(reactions);
                Put(at, _tail[at] with { Reactions = reactions.Count <= MaxKnownReactions ? reactions : null });
                Trim();
            }
            Changed();
        }
    }

    /// <summary>Who has reacted to a message, if that is in memory.</summary>
    internal MessageReactions? ReactionsOrNull(Snowflake id)
    {
        lock (_gate)
            return IndexOf(id) is var at && at >= 0 ? _tail[at].Reactions : null;
    }

    /// <summary>Removes messages with their pins. True when a pin went with them.</summary>
    internal bool Remove(IReadOnlyList<Snowflake> ids)
    {
        bool unpinned = false;
        lock (_gate)
        {
            foreach (Snowflake id in ids)
            {
                _references.Remove(id);
                unpinned |= _pins.Remove(id);
                int at = IndexOf(id);
                if (at < 0)
                    continue;
                _tailBytes -= _tail[at].Bytes;
                _tail.RemoveAt(at);
            }
            _count = Math.Max(0, _count - ids.Count);
            if (unpinned)
                PinsChanged();
            Changed();
        }
        return unpinned;
    }

    /// <summary>Pins or, with null, unpins.</summary>
    internal void SetPin(Snowflake id, DateTimeOffset? at)
    {
        lock (_gate)
        {
            if (at is { } time)
                _pins[id] = time;
            else
                _pins.Remove(id);
            PinsChanged();
            Changed();
        }
    }

    /// <summary>Renders a message as it is shown now: pin flag, and the author's current user where it is known.</summary>
    internal LogEntry Render(Message message, MessageReactions? reactions)
    {
        bool pinned = IsPinned(message.Id);
        if (message.Pinned != pinned)
            message = message with { Pinned = pinned };
        User author = CurrentAuthor(message, _host.Guild);
        return new LogEntry(message, MessageJson.Encode(message, author, null, _services.AttachmentUrls), author, reactions);
    }

    /// <summary>The message in the tail or in the store.</summary>
    internal async ValueTask<LogEntry?> EntryAsync(Snowflake id, CancellationToken ct)
    {
        lock (_gate)
        {
            int at = IndexOf(id);
            if (at >= 0)
                return Refreshed(at);
            if (_isWarm && _tailIsAll)
                return null;
        }
        return await _services.Store.GetAsync(ChannelId, id, ct).ConfigureAwait(false) is { } row ? Render(row) : null;
    }

    /// <summary>As <see cref="EntryAsync"/> for a message that the store has told of: the log may lack it.</summary>
    internal async ValueTask<LogEntry?> StoredEntryAsync(Snowflake id, CancellationToken ct)
    {
        lock (_gate)
        {
            int at = IndexOf(id);
            if (at >= 0)
                return Refreshed(at);
        }
        return await _services.Store.GetAsync(ChannelId, id, ct).ConfigureAwait(false) is { } row ? Render(row) : null;
    }

    /// <summary>Whether a message that exists should be in the log and is not.</summary>
    internal bool Lacks(Snowflake id)
    {
        lock (_gate)
            return _isWarm && IndexOf(id) < 0 && (_tailIsAll || (_tail.Count > 0 && id > _tail[0].Id));
    }

    private LogEntry Render(MessageRow row) => Render(StoredMessages.Decode(row.ChannelId, row.Id, row.Body), reactions: null);

    private static User CurrentAuthor(Message message, GuildState? guild) =>
        guild is not null && !message.IsByWebhook && guild.Members.TryGet(message.Author.Id, out Member? member)
            && member.User is { } user
            ? user
            : message.Author;

    // Under _gate. The entry with its author as it is now; kept when it had to be rendered.
    private LogEntry Refreshed(int at)
    {
        LogEntry entry = _tail[at];
        User current = CurrentAuthor(entry.Message, _host.Guild);
        if (ReferenceEquals(current, entry.Author))
            return entry;
        EncodedMessage encoded = current.Equals(entry.Author)
            ? entry.Encoded
            : MessageJson.Encode(entry.Message, current, null, _services.AttachmentUrls);
        entry = entry with { Author = current, Encoded = encoded };
        Put(at, entry);
        return entry;
    }

    private void Put(int at, LogEntry entry)
    {
        _tailBytes += entry.Bytes - _tail[at].Bytes;
        _tail[at] = entry;
    }

    // Under _gate. The number tells a reader that what it took is not what is there now.
    private void Changed()
    {
        Volatile.Write(ref _version, _version + 1);
        _page = null;
    }

    private void PinsChanged() => Volatile.Write(ref _lastPinTicks, _pins.Count == 0 ? 0 : _pins.Values.Max().UtcTicks);

    // Under _gate. At least one message stays, however large.
    private void Trim()
    {
        int drop = Math.Max(0, _tail.Count - _services.Options.TailMessages);
        long bytes = _tailBytes;
        for (int i = 0; i < drop; i++)
            bytes -= _tail[i].Bytes;
        while (bytes > _services.Options.TailBytes && drop < _tail.Count - 1)
            bytes -= _tail[drop++].Bytes;
        if (drop == 0)
            return;
        _tail.RemoveRange(0, drop);
        _tailBytes = bytes;
        _tailIsAll = false;
    }

    // Under _gate.
    private int IndexOf(Snowflake id)
    {
        int low = 0, high = _tail.Count - 1;
        while (low <= high)
        {
            int middle = (low + high) >>> 1;
            Snowflake found = _tail[middle].Id;
            if (found == id)
                return middle;
            if (found < id)
                low = middle + 1;
            else
                high = middle - 1;
        }
        return ~low;
    }
}
