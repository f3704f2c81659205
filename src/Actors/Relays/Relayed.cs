using Discord.Actors.Guilds;
using Discord.Actors.Sessions;
using Discord.Protocol;
using Discord.Protocol.Gateway;

namespace Discord.Actors.Relays;

/// <summary>An encoded event with what decides who receives it. Immutable.</summary>
/// <param name="Event">Encoded once.</param>
/// <param name="Intents">A session needs one of these; <see cref="GatewayIntents.None"/> = every session.</param>
/// <param name="Audience">Whose permissions allow it.</param>
public sealed record Relayed(DispatchEvent Event, GatewayIntents Intents, Audience Audience)
{
    /// <summary>
    /// Users that see the content of <see cref="Event"/> even without MESSAGE_CONTENT: the author and those it mentions. Only read where
    /// the event has a variant <see cref="DispatchEvent.WithoutContent"/>.
    /// </summary>
    public IReadOnlyList<Snowflake> EntitledToContent { get; init; } = [];

    /// <summary>
    /// The guild that decides who may see it: for guild events the state after the change, or before it where something went away. Null =
    /// as the relay knows it.
    /// </summary>
    public GuildState? State { get; init; }

    /// <summary>The user that receives it whatever its intents (GUILD_MEMBER_UPDATE about oneself).</summary>
    public Snowflake? WithoutIntent { get; init; }
}
