using Discord.Actors.Encoders;
using Discord.Actors.Sessions;
using Discord.Protocol;
using Discord.Protocol.Payloads;

namespace Discord.Actors.Users.ReadStates;

/// <summary>What a client read, or marked unread.</summary>
/// <param name="ChannelId">A channel that the user may see; checked by the caller.</param>
/// <param name="MessageId">The last message read; it need not exist.</param>
public sealed record Acknowledgement(Snowflake ChannelId, Snowflake MessageId)
{
    /// <summary>The user marked the channel unread from here on.</summary>
    public bool Manual { get; init; }

    /// <summary>Mentions that are unread then; only with <see cref="Manual"/>.</summary>
    public int? MentionCount { get; init; }

    public int? Flags { get; init; }
    public int? LastViewed { get; init; }
}

/// <summary>Acknowledges messages in one or more channels. Every session of the user is told MESSAGE_ACK.</summary>
public sealed record Acknowledge(IReadOnlyList<Acknowledgement> Channels) : UserCommand<bool>
{
    /// <summary>Channels that are remembered, more than a user can see in all its guilds; the one read longest ago gives way.</summary>
    public const int MaxChannels = 25_000;

    protected override bool Decide(UserDecision user)
    {
        foreach (Acknowledgement ack in Channels)
        {
            user.State.ReadStates.TryGetValue(ack.ChannelId, out ReadState? known);
            if (known is null && user.State.ReadStates.Count >= MaxChannels)
                user.Put(new ReadStateRemoved(
                    user.State.ReadStates.Values.MinBy(r => r.LastMessageId ?? Snowflake.None)!.ChannelId,
                    user.State.ReadStateVersion + 1));
            long version = user.State.ReadStateVersion + 1;
            user.Put(new ReadStatePut(
                (known ?? new ReadState { ChannelId = ack.ChannelId }) with
                {
                    LastMessageId = ack.MessageId,
                    MentionCount = ack.Manual ? ack.MentionCount ?? 0 : 0,
                    Flags = ack.Flags ?? known?.Flags ?? 0,
                    LastViewed = ack.LastViewed ?? known?.LastViewed,
                },
                version));
            user.Tell(Json.Event(EventNames.MessageAck, (ack, version), static (w, s) =>
            {
                w.WriteStartObject();
                w.WriteString("channel_id", s.ack.ChannelId.ToString());
                w.WriteString("message_id", s.ack.MessageId.ToString());
                if (s.ack.Manual)
                {
                    w.WriteBoolean("manual", true);
                    w.WriteNumber("mention_count", s.ack.MentionCount ?? 0);
                }
                if (s.ack.Flags is { } flags)
                    w.WriteNumber("flags", flags);
                if (s.ack.LastViewed is { } viewed)
                    w.WriteNumber("last_viewed", viewed);
                w.WriteNumber("version", s.version);
                w.WriteEndObject();
            }));
        }
        return true;
    }
}

/// <summary>The user saw a channel's pins.</summary>
/// <param name="ChannelId">A channel that the user may see; checked by the caller.</param>
/// <param name="Timestamp">When the last of them was pinned.</param>
public sealed record AcknowledgePins(Snowflake ChannelId, DateTimeOffset Timestamp) : UserCommand<bool>
{
    protected override bool Decide(UserDecision user)
    {
        ReadState known = user.State.ReadStates.GetValueOrDefault(ChannelId) ?? new ReadState { ChannelId = ChannelId };
        long version = user.State.ReadStateVersion + 1;
        user.Put(new ReadStatePut(known with { LastPinTimestamp = Timestamp }, version));
        user.Tell(Json.Event(EventNames.ChannelPinsAck, (ChannelId, Timestamp, version), static (w, s) =>
        {
            w.WriteStartObject();
            w.WriteString("channel_id", s.ChannelId.ToString());
            w.WriteTime("timestamp", s.Timestamp);
            w.WriteNumber("version", s.version);
            w.WriteEndObject();
        }));
        return true;
    }
}

/// <summary>Forgets how far a channel was read.</summary>
public sealed record ForgetReadState(Snowflake ChannelId) : UserCommand<bool>
{
    protected override bool Decide(UserDecision user)
    {
        if (!user.State.ReadStates.ContainsKey(ChannelId))
            return false;
        user.Put(new ReadStateRemoved(ChannelId, user.State.ReadStateVersion + 1));
        return true;
    }
}
