using Discord.Actors.Messages;
using Discord.Protocol;
using Discord.Protocol.Payloads;

namespace Discord.Actors.Guilds;

/// <summary>Asks a guild's actor to be there; it answers <see cref="GuildLoaded"/>.</summary>
public sealed class LoadGuild
{
    public static LoadGuild Instance { get; } = new();
}

/// <summary>The guild's actor was gone while sessions heard of it: they are joined to the new one.</summary>
internal sealed class Resubscribe
{
    public static Resubscribe Instance { get; } = new();
}

/// <summary>The guild is loaded; <see cref="Handle"/> is null when no such guild exists.</summary>
public sealed record GuildLoaded(GuildHandle? Handle);

/// <summary>The answer to a <see cref="GuildCommand"/>: its result, once its facts are stored.</summary>
public sealed record CommandDone(object? Result);

/// <summary>A user's name, avatar or the like changed; the guild's copy follows.</summary>
public sealed record UserChanged(User User);

/// <summary>A command to one of the guild's channels, which is opened if need be; it answers to the sender. Dropped when the channel is
/// gone.</summary>
public sealed record ToChannel(Snowflake ChannelId, ChannelCommand Command);

/// <summary>A session of the user has ended for good; it was joined to the guild.</summary>
internal sealed record SessionEnded(Snowflake UserId);
