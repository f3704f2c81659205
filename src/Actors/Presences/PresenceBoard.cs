using System.Collections.Concurrent;
using System.Text.Json;
using Discord.Actors.Guilds;
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

/// <summary>Who is online on this node. Users that are not listed are offline. Thread-safe; a user's actor alone writes its
/// entry.</summary>
public sealed class PresenceBoard
{
    private readonly ConcurrentDictionary<Snowflake, Presence> _online = new();

    // The dictionary's own count takes all of its locks.
    private int _count;

    /// <summary>The members that are online, at the cost of the smaller of the two: a node has small guilds and many users.</summary>
    public IEnumerable<(Snowflake User, Presence Presence)> OnlineAmong(MemberMap members) => members.Count < Volatile.Read(ref _count)
        ? members.All.Select(m => (m.User!.Id, Presence: Of(m.User.Id))).Where(p => p.Presence.IsOnline)
        : _online.Where(p => members.Contains(p.Key)).Select(p => (p.Key, p.Value));

    public Presence Of(Snowflake user) => _online.GetValueOrDefault(user) ?? Presence.Offline;

    public bool IsOnline(Snowflake user) => _online.ContainsKey(user);

    internal void Set(Snowflake user, Presence presence)
    {
        if (presence.IsOnline)
        {
            if (_online.TryAdd(user, presence))
                Interlocked.Increment(ref _count);
            else
                _online[user] = presence;
        }
        else if (_online.TryRemove(user, out _))
            Interlocked.Decrement(ref _count);
    }
}
