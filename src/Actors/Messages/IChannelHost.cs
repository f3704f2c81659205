using Discord.Actors.Guilds;
using Discord.Actors.Relays;
using Discord.Protocol;
using Discord.Protocol.Payloads;

namespace Discord.Actors.Messages;

/// <summary>
/// What surrounds a channel's messages: a guild's channel or thread, or a private channel. The same channel actor serves both.
/// Thread-safe.
/// </summary>
public interface IChannelHost
{
    Snowflake ChannelId { get; }

    /// <summary>Null for private channels.</summary>
    Snowflake? GuildId { get; }

    /// <summary>The guild as it is now; null for private channels.</summary>
    GuildState? Guild { get; }

    /// <summary>The channel or thread as it is now; null when it was deleted. Hosts of private channels answer with their own.</summary>
    Channel? Channel => Guild?.FindChannel(ChannelId);

    /// <summary>Sends an event to those who may see it, in the order of the calls. Never blocks.</summary>
    void Publish(Relayed relayed);

    /// <summary>A message was stored: the newest of the channel.</summary>
    void Advanced(Snowflake messageId);

    /// <summary>A message was stored and told.</summary>
    void Sent(Message message)
    {
    }

    /// <summary>Messages were deleted.</summary>
    void Removed(IReadOnlyList<Snowflake> messageIds)
    {
    }
}
