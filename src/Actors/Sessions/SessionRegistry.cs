using System.Collections.Concurrent;
using Discord.Actors.Relays;
using Discord.Protocol;

namespace Discord.Actors.Sessions;

/// <summary>The sessions that live on this node, by id and by user. Thread-safe.</summary>
public sealed class SessionRegistry
{
    private readonly ConcurrentDictionary<string, Session> _byId = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<Snowflake, Session[]> _byUser = new();

    public int Count => _byId.Count;

    public IEnumerable<Session> All => _byId.Values;

    public Session? Find(string sessionId) => _byId.GetValueOrDefault(sessionId);

    /// <summary>The user's sessions; do not change the array.</summary>
    public Session[] Of(Snowflake userId) => _byUser.GetValueOrDefault(userId) ?? [];

    /// <summary>Sends an event that belongs to no guild to all sessions of a user; for bots to those of shard 0.</summary>
    public void Publish(Snowflake userId, Relayed relayed)
    {
        foreach (Session session in Of(userId))
        {
            if (session.Identity.OwnsPrivate)
                session.Dispatch([relayed], UInt128.One);
        }
    }

    internal void Add(Session session)
    {
        _byId[session.SessionId] = session;
        _byUser.AddOrUpdate(session.UserId, static (_, added) => [added], static (_, known, added) => [.. known, added], session);
    }

    internal void Remove(Session session)
    {
        if (!_byId.TryRemove(session.SessionId, out _))
            return;
        while (_byUser.TryGetValue(session.UserId, out Session[]? known))
        {
            Session[] left = [.. known.Where(s => s != session)];
            bool done = left.Length == 0
                ? _byUser.TryRemove(new KeyValuePair<Snowflake, Session[]>(session.UserId, known))
                : _byUser.TryUpdate(session.UserId, left, known);
            if (done)
                return;
        }
    }
}
