using System.Collections.Concurrent;
using System.Text.Json;
using Discord.Protocol;
using Discord.Protocol.Payloads;

namespace Discord.Actors.Presences;

/// <summary>What others see of a user: never <c>invisible</c>, which shows as offline. Immutable.</summary>
public sealed record Presence(string Status, IReadOnlyList<JsonElement> Activities, ClientStatus ClientStatus)
{
    public static Presence Offline { get; } = new("offline", [], new ClientStatus());

    public bool IsOnline => Status != "offline";

    public PresencePayload ToPayload(Snowflake user, Snowflake? guild) => new()
    {
        User = new PresenceUser(user),
        GuildId = guild,
        Status = Status,
        Activities = Activities,
        ClientStatus = ClientStatus,
    };
}

/// <summary>Who is online on this node. Users that are not listed are offline. Thread-safe; a user's actor alone writes its entry.</summary>
public sealed class PresenceBoard
{
    private readonly ConcurrentDictionary<Snowflake, Presence> _online = new();

    public IEnumerable<(Snowflake User, Presence Presence)> Online => _online.Select(p => (p.Key, p.Value));

    public Presence Of(Snowflake user) => _online.GetValueOrDefault(user) ?? Presence.Offline;

    public bool IsOnline(Snowflake user) => _online.ContainsKey(user);

    internal void Set(Snowflake user, Presence presence)
    {
        if (presence.IsOnline)
            _online[user] = presence;
        else
            _online.TryRemove(user, out _);
    }
}
