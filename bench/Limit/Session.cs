using System.Collections.Immutable;

namespace Discord.Limit;

/// <summary>
/// A gateway session: its place in the sequence and the events that a RESUME may ask for. Used by its loop's thread only.
/// </summary>
internal sealed class Session(string id, ImmutableArray<long> guilds)
{
    /// <summary>Events kept for a resume: enough for a few seconds of a busy channel.</summary>
    private const int MaxReplay = 1024;

    // A power of two; slot (seq & mask) holds the event that was given that number.
    private Event?[] _replay = new Event?[8];

    /// <summary>The id that READY told.</summary>
    public string Id { get; } = id;

    /// <summary>The guilds whose events it gets.</summary>
    public ImmutableArray<long> Guilds { get; } = guilds;

    /// <summary>The connection that it is served by, null while there is none.</summary>
    public Connection? Connection { get; set; }

    /// <summary>The number of the last dispatch, 0 before READY.</summary>
    public long Sequence { get; private set; }

    /// <summary>Gives the next number to an event and keeps it for a resume; null stands for one that is not replayed.</summary>
    public long Number(Event? sent)
    {
        long sequence = ++Sequence;
        // Grown only while it has not wrapped, so that an idle session costs 8 slots.
        if (sequence > _replay.Length && _replay.Length < MaxReplay) Grow();
        _replay[sequence & (_replay.Length - 1)] = sent;
        return sequence;
    }

    /// <summary>Whether everything after a number is still there.</summary>
    public bool CanReplayFrom(long sequence)
    {
        if (sequence < 0 || sequence > Sequence || Sequence - sequence >= _replay.Length) return false;
        for (long s = sequence + 1; s <= Sequence; s++)
        {
            if (Replay(s) is null) return false;
        }
        return true;
    }

    /// <summary>The event that was given a number, null when it was not kept.</summary>
    public Event? Replay(long sequence) => _replay[sequence & (_replay.Length - 1)];

    private void Grow()
    {
        var grown = new Event?[_replay.Length * 2];
        for (long s = Math.Max(1, Sequence - _replay.Length); s < Sequence; s++) grown[s & (grown.Length - 1)] = Replay(s);
        _replay = grown;
    }
}

/// <summary>One event for the sessions of a guild, encoded once: a name and the bytes of its <c>d</c>.</summary>
/// <param name="Guild">The guild whose sessions get it.</param>
/// <param name="Head">Everything before the sequence number.</param>
/// <param name="Tail">Everything after the sequence number.</param>
internal sealed record Event(long Guild, byte[] Head, byte[] Tail);
