namespace Discord.Node.Gateway;

/// <summary>What a connection's silence asks for.</summary>
internal enum KeepAliveVerdict
{
    /// <summary>Nothing.</summary>
    Fine,

    /// <summary>No session in time.</summary>
    NotIdentified,

    /// <summary>No heartbeat for one and a half intervals.</summary>
    BeatMissed,

    /// <summary>The peer did not answer the close frame.</summary>
    CloseUnanswered,
}

/// <summary>
/// When a connection was last heard of: a pure state machine without a timer of its own, asked by the server's one ticker. Times are
/// milliseconds of <see cref="GatewayServer.Now"/>. Written by the connection, read by the ticker: a stale read is one tick late.
/// </summary>
internal struct KeepAlive
{
    private readonly GatewayServer.Durations _limits;
    private long _lastBeat;
    private long _waitingSince;
    private long _closingSince;

    public KeepAlive(GatewayServer.Durations limits, long now)
    {
        _limits = limits;
        _lastBeat = now;
        _waitingSince = now;
        _closingSince = long.MaxValue;
    }

    /// <summary>A heartbeat came.</summary>
    public void Beat(long now) => Volatile.Write(ref _lastBeat, now);

    /// <summary>The client has a session; it may take as long as it beats.</summary>
    public void Identified() => Volatile.Write(ref _waitingSince, long.MaxValue);

    /// <summary>The client was told INVALID_SESSION and may identify again: its time starts anew.</summary>
    public void MayIdentifyAgain(long now) => Volatile.Write(ref _waitingSince, now);

    /// <summary>A close frame was sent.</summary>
    public void Closing(long now) => Volatile.Write(ref _closingSince, now);

    /// <summary>What is due at <paramref name="now"/>.</summary>
    public readonly KeepAliveVerdict Tick(long now)
    {
        var closing = Volatile.Read(in _closingSince);
        if (closing != long.MaxValue)
            return now - closing >= _limits.Close ? KeepAliveVerdict.CloseUnanswered : KeepAliveVerdict.Fine;
        var waiting = Volatile.Read(in _waitingSince);
        if (waiting != long.MaxValue && now - waiting >= _limits.Identify)
            return KeepAliveVerdict.NotIdentified;
        return now - Volatile.Read(in _lastBeat) >= _limits.Beat ? KeepAliveVerdict.BeatMissed : KeepAliveVerdict.Fine;
    }
}
