using Discord.Actors.Messages;
using Discord.Actors.Relays;
using Discord.Actors.Sessions;
using Discord.Actors.Users.ReadStates;
using Discord.Kernel;
using Discord.Protocol;
using Discord.Protocol.Payloads;

namespace Discord.Actors.Privates;

/// <summary>A private channel that is loaded on this node, as everything but its actor sees it. Thread-safe; its actor alone sets the
/// state.</summary>
public sealed class PrivateHandle(Snowflake id, SessionRegistry sessions)
{
    private PrivateChannelState _state = PrivateChannelState.None;
    private Channel? _channel;
    private ChannelHandle? _messages;
    private ulong _lastMessage;
    private long _used;

    public Snowflake Id { get; } = id;

    /// <summary>The state after the last stored change.</summary>
    public PrivateChannelState State
    {
        get => Volatile.Read(ref _state);
        internal set
        {
            Volatile.Write(ref _channel, value.IsAlive ? PrivatePayloads.Channel(value, Snowflake.None, null) : null);
            Volatile.Write(ref _state, value);
        }
    }

    /// <summary>The channel's actor.</summary>
    public IActorRef Actor { get; internal set; } = ActorRefs.Nobody;

    /// <summary>The newest message the channel ever had; null when none.</summary>
    public Snowflake? LastMessageId => Volatile.Read(ref _lastMessage) is var id && id == 0 ? null : new Snowflake(id);

    /// <summary>The channel as <paramref name="viewer"/> sees it.</summary>
    public Channel ChannelFor(Snowflake viewer) => PrivatePayloads.Channel(State, viewer, LastMessageId);

    /// <summary>The channel with all its recipients; null when it is gone.</summary>
    internal Channel? Channel => Volatile.Read(ref _channel);

    /// <summary>Its messages, while their actor runs.</summary>
    internal ChannelHandle? Messages
    {
        get => Volatile.Read(ref _messages);
        set => Volatile.Write(ref _messages, value);
    }

    internal DateTimeOffset Used => new(Volatile.Read(ref _used), TimeSpan.Zero);

    internal void Touch(DateTimeOffset now) => Volatile.Write(ref _used, now.UtcTicks);

    internal void SetLastMessage(Snowflake id)
    {
        if (id.Value > Volatile.Read(ref _lastMessage))
            Volatile.Write(ref _lastMessage, id.Value);
    }

    internal void Publish(Relayed relayed)
    {
        PrivateChannelState state = State;
        foreach (Snowflake user in state.OpenFor)
            sessions.Publish(user, relayed);
    }
}

/// <summary>A private channel's surroundings, for its channel actor.</summary>
internal sealed class PrivateChannelHost(PrivateHandle channel, UnreadCounter unread) : IChannelHost
{
    public PrivateHandle Private => channel;
    public Snowflake ChannelId => channel.Id;
    public Snowflake? GuildId => null;
    public Guilds.GuildState? Guild => null;
    public Channel? Channel => channel.Channel;

    public void Publish(Relayed relayed) => channel.Publish(relayed);

    public void Advanced(Snowflake messageId) => channel.SetLastMessage(messageId);

    public void Sent(Message message) => unread.Sent(channel.State, message);
}
