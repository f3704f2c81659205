using System.Collections.Immutable;
using Discord.Protocol;
using Discord.Protocol.Payloads;

namespace Discord.Actors.Applications;

/// <summary>
/// Everything an application owns, as one immutable value: what it is, its global commands, its emojis. Commands of a guild stand in that
/// guild, the bot's profile and token in the accounts.
/// </summary>
public sealed record ApplicationState
{
    /// <summary>Before the first fact.</summary>
    public static ApplicationState None { get; } = new();

    /// <summary>As stored: the counts are computed when it is answered. Null before the first fact.</summary>
    public Application? Application { get; init; }

    public ImmutableDictionary<Snowflake, ApplicationCommand> Commands { get; init; } =
        ImmutableDictionary<Snowflake, ApplicationCommand>.Empty;

    public ImmutableDictionary<Snowflake, Emoji> Emojis { get; init; } = ImmutableDictionary<Snowflake, Emoji>.Empty;

    public bool Exists => Application is not null;
}
