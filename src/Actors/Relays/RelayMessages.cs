using Discord.Actors.Guilds;
using Discord.Actors.Sessions;
using Discord.Protocol;
using Discord.Protocol.Payloads;

namespace Discord.Actors.Relays;

/// <summary>
/// Adds a session to a guild. The relay answers into the session: GUILD_CREATE as of the state it then holds; every later event follows it.
/// With <see cref="Ready"/> set the relay hands over the guild there instead (a user's READY carries its guilds), or null when the user is
/// no member; it runs on the relay's thread and must not block.
/// </summary>
public sealed record Subscribe(Session Session, Action<GuildSlice?>? Ready = null);

/// <summary>A guild as one session sees it at one moment: two halves of one JSON object.</summary>
public sealed record GuildSlice(GuildState State, Member Self, byte[] Shared, byte[] Own);

/// <summary>Takes a session out; nothing is sent.</summary>
public sealed record Unsubscribe(Session Session);

/// <summary>The guild changed, in these steps; they were stored as one.</summary>
internal sealed record GuildChanged(IReadOnlyList<GuildStep> Steps);

/// <summary>
/// One fact and what it tells. An event whose <see cref="Relayed.State"/> is <see cref="Before"/> is for those who saw it then, any other
/// for those who see it in <see cref="After"/>.
/// </summary>
/// <param name="Fact">Null: the events follow from the change as a whole.</param>
internal sealed record GuildStep(GuildState Before, GuildEvent? Fact, GuildState After, IReadOnlyList<Relayed> Events);

internal sealed class Flush
{
    public static Flush Instance { get; } = new();
}
