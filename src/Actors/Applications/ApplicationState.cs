using System.Collections.Immutable;
using Discord.Protocol;
using Discord.Protocol.Payloads;

namespace Discord.Actors.Applications;

/// <summary>
/// What an application owns beside its settings, as one immutable value: its global commands and its emojis. The settings stand in its row
/// of the accounts store (<see cref="ApplicationProfile"/>), the bot's profile and token in the accounts, commands of a guild in that
/// guild.
/// </summary>
public sealed record ApplicationState
{
    /// <summary>Before the first fact.</summary>
    public static ApplicationState None { get; } = new();

    public ImmutableDictionary<Snowflake, ApplicationCommand> Commands { get; init; } =
        ImmutableDictionary<Snowflake, ApplicationCommand>.Empty;

    public ImmutableDictionary<Snowflake, Emoji> Emojis { get; init; } = ImmutableDictionary<Snowflake, Emoji>.Empty;
}
