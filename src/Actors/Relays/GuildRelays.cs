using Discord.Kernel;
using Discord.Protocol;
using Discord.Protocol.Gateway;

namespace Discord.Actors.Relays;

/// <summary>
/// A guild's relays on this node: sessions are spread over a few relay actors, so that a broadcast in a large guild uses all cores while
/// each session still hears everything from one relay, in order. Publishing is a Tell to each relay that exists. Thread-safe; relays are
/// added by the guild actor alone.
/// </summary>
public sealed class GuildRelays
{
    private readonly IActorRef?[] _relays = new IActorRef?[Math.Clamp(Environment.ProcessorCount, 1, 8)];
    private readonly int[] _interest = new int[Math.Clamp(Environment.ProcessorCount, 1, 8)];
    private readonly int[] _sessions = new int[Math.Clamp(Environment.ProcessorCount, 1, 8)];

    /// <summary>Sessions that hear of the guild here.</summary>
    public int SessionCount
    {
        get
        {
            int count = 0;
            for (int i = 0; i < _sessions.Length; i++)
                count += Volatile.Read(ref _sessions[i]);
            return count;
        }
    }

    /// <summary>
    /// Whether any session here asked for one of <paramref name="intents"/>: where nobody did, an event need not even be encoded.
    /// </summary>
    public bool Wants(GatewayIntents intents)
    {
        int all = 0;
        bool any = false;
        for (int i = 0; i < _relays.Length; i++)
        {
            any |= Volatile.Read(ref _relays[i]) is not null;
            all |= Volatile.Read(ref _interest[i]);
        }
        return any && (intents == GatewayIntents.None || (all & (int)intents) != 0);
    }

    /// <summary>Sends an event to those of the guild's sessions that may see it.</summary>
    public void Publish(Relayed relayed) => Tell(relayed);

    /// <summary>Takes a session out of the guild.</summary>
    public void Unsubscribe(Sessions.Session session) => At(IndexOf(session.UserId))?.Tell(new Unsubscribe(session));

    internal void Tell(object message)
    {
        for (int i = 0; i < _relays.Length; i++)
            Volatile.Read(ref _relays[i])?.Tell(message);
    }

    internal int IndexOf(Snowflake userId) => (int)((userId.Value >> 22) % (ulong)_relays.Length);

    internal IActorRef? At(int index) => Volatile.Read(ref _relays[index]);

    internal void Set(int index, IActorRef relay) => Volatile.Write(ref _relays[index], relay);

    /// <summary>What a relay tells of its sessions: what any of them asked for, and how many they are.</summary>
    internal void Report(int index, GatewayIntents intents, int sessions)
    {
        Volatile.Write(ref _interest[index], (int)intents);
        Volatile.Write(ref _sessions[index], sessions);
    }
}
