using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using Discord.Actors.Messages;
using Discord.Actors.Presences;
using Discord.Actors.Relays;
using Discord.Actors.Sessions;
using Discord.Kernel;
using Discord.Protocol;
using Discord.Protocol.Payloads;

namespace Discord.Actors.Guilds;

/// <summary>
/// A guild that is loaded on this node, as everything but its actor sees it: the current state to read, relays to publish to. Reads ask
/// nobody. Thread-safe; the guild actor alone sets <see cref="State"/>.
/// </summary>
public sealed class GuildHandle(Snowflake id, SessionRegistry sessions, PresenceBoard presences)
{
    private readonly ConcurrentDictionary<Snowflake, Snowflake> _lastMessages = new();
    private readonly ConcurrentDictionary<Snowflake, ChannelHandle> _channels = new();
    private readonly ConcurrentDictionary<Snowflake, ThreadCount> _messageCounts = new();

    // One cached encoding a class and form; the table lets go of classes that are gone.
    private readonly ConditionalWeakTable<ViewerClass, CachedCreate> _created = [];
    private GuildState _state = GuildState.None;
    private long _messageStamp;

    public Snowflake Id { get; } = id;

    /// <summary>The state after the last stored change.</summary>
    public GuildState State
    {
        get => Volatile.Read(ref _state);
        internal set => Volatile.Write(ref _state, value);
    }

    /// <summary>The guild's actor.</summary>
    public IActorRef Actor { get; internal set; } = ActorRefs.Nobody;

    public GuildRelays Relays { get; } = new();
    public SessionRegistry Sessions { get; } = sessions;
    public PresenceBoard Presences { get; } = presences;

    /// <summary>Channels whose actor runs.</summary>
    internal IEnumerable<ChannelHandle> Channels => _channels.Values;

    internal ChannelHandle? ChannelOrNull(Snowflake channelId) => _channels.GetValueOrDefault(channelId);

    internal void Add(ChannelHandle channel) => _channels[channel.Host.ChannelId] = channel;

    internal ChannelHandle? RemoveChannel(Snowflake channelId) =>
        _channels.TryRemove(channelId, out ChannelHandle? channel) ? channel : null;

    /// <summary>Members of the guild that are online.</summary>
    public int OnlineCount => Presences.OnlineAmong(State.Members).Count();

    /// <summary>The newest message a channel ever had; null when none.</summary>
    public Snowflake? LastMessageOf(Snowflake channelId) => _lastMessages.TryGetValue(channelId, out Snowflake last) ? last : null;

    /// <summary>
    /// The channel with its <c>last_message_id</c> of now, which in a forum is its newest thread; a thread with its counts of messages too.
    /// </summary>
    public Channel WithLastMessage(Channel channel)
    {
        Snowflake? newest = channel.Type.IsThreadOnly() ? NewestThreadIn(channel.Id) : LastMessageOf(channel.Id);
        Channel shown = channel with { LastMessageId = newest };
        if (channel.ThreadMetadata is null || !_messageCounts.TryGetValue(channel.Id, out ThreadCount count))
            return shown;
        return shown with { MessageCount = count.Present, TotalMessageSent = Math.Max(count.Sent, channel.TotalMessageSent ?? 0) };
    }

    private Snowflake? NewestThreadIn(Snowflake forum)
    {
        Snowflake? newest = null;
        foreach (ThreadState thread in State.Threads.Values)
        {
            if (thread.Channel.ParentId == forum && (newest is not { } known || thread.Channel.Id.Value > known.Value))
                newest = thread.Channel.Id;
        }
        return newest;
    }

    /// <summary>Messages of threads that were sent into or whose count was asked for since the guild was loaded; starters do not
    /// count.</summary>
    internal IReadOnlyDictionary<Snowflake, ThreadCount> MessageCounts => _messageCounts;

    internal IReadOnlyDictionary<Snowflake, Snowflake> LastMessages => _lastMessages;

    /// <summary>Threads only: how many messages are in it, besides the one it starts with.</summary>
    internal void SetMessageCount(Snowflake threadId, int count, Channel thread) =>
        _messageCounts[threadId] = new ThreadCount(count, Math.Max(count, thread.TotalMessageSent ?? 0));

    /// <summary>What was sent into a thread so far is what it starts with and does not count.</summary>
    public void ResetMessageCount(Snowflake threadId) => _messageCounts[threadId] = default;

    internal void CountMessage(Snowflake threadId, Snowflake messageId)
    {
        if (messageId != threadId && State.Threads.TryGetValue(threadId, out ThreadState? thread))
        {
            _messageCounts.AddOrUpdate(
                threadId, static (_, stored) => ThreadCount.Of(stored).More(1), static (_, count, _) => count.More(1), thread.Channel);
        }
    }

    internal void UncountMessages(Snowflake threadId, IReadOnlyList<Snowflake> messageIds)
    {
        int gone = messageIds.Count(id => id != threadId);
        if (State.Threads.TryGetValue(threadId, out ThreadState? thread))
        {
            _messageCounts.AddOrUpdate(
                threadId, static (_, x) => ThreadCount.Of(x.Channel).Fewer(x.gone), static (_, count, x) => count.Fewer(x.gone),
                (thread.Channel, gone));
        }
    }

    internal void ForgetChannel(Snowflake channelId)
    {
        _messageCounts.TryRemove(channelId, out _);
        _lastMessages.TryRemove(channelId, out _);
    }

    internal void SetLastMessage(Snowflake channelId, Snowflake messageId)
    {
        _lastMessages[channelId] = messageId;
        Interlocked.Increment(ref _messageStamp);
    }

    /// <summary>GUILD_CREATE for a session; called by the relay that holds the class.</summary>
    internal DispatchEvent CreateFor(Session session, Member self, ViewerClass viewers, GuildState state)
    {
        byte[] shared = SharedPart(session, viewers, state);
        return new(EventNames.GuildCreate, shared, GuildCreatePayload.Own(state, self, session, viewers, this, inReady: false));
    }

    /// <summary>The guild as it stands in a user's READY.</summary>
    internal GuildSlice SliceFor(Session session, Member self, ViewerClass viewers, GuildState state) =>
        new(state, self, SharedPart(session, viewers, state), GuildCreatePayload.Own(state, self, session, viewers, this, inReady: true));

    // The first part of the guild as a session sees it; an object without its closing brace.
    private byte[] SharedPart(Session session, ViewerClass viewers, GuildState state)
    {
        long stamp = Interlocked.Read(ref _messageStamp);
        CachedCreate cached = _created.GetOrCreateValue(viewers);
        if (!ReferenceEquals(cached.State, state) || cached.Stamp != stamp)
        {
            cached.State = state;
            cached.Stamp = stamp;
            cached.Bot = cached.User = cached.UserNested = null;
        }
        if (session.Identity.IsBot)
            return cached.Bot ??= GuildCreatePayload.Shared(state, viewers, this);
        return (session.Identity.Capabilities & UserCapabilities.ClientStateV2) != 0
            ? cached.UserNested ??= GuildCreatePayload.SharedForUsers(state, viewers, this, nested: true)
            : cached.User ??= GuildCreatePayload.SharedForUsers(state, viewers, this, nested: false);
    }

    private sealed class CachedCreate
    {
        public GuildState? State { get; set; }
        public long Stamp { get; set; }
        public byte[]? Bot { get; set; }
        public byte[]? User { get; set; }
        public byte[]? UserNested { get; set; }
    }
}

/// <summary>Messages of a thread, its first one aside.</summary>
/// <param name="Present">Those that are there.</param>
/// <param name="Sent">Those that ever were.</param>
internal readonly record struct ThreadCount(int Present, int Sent)
{
    public static ThreadCount Of(Channel thread) => new(thread.MessageCount ?? 0, thread.TotalMessageSent ?? 0);

    public ThreadCount More(int count) => new(Present + count, Sent + count);

    public ThreadCount Fewer(int count) => new(Math.Max(0, Present - count), Sent);
}
