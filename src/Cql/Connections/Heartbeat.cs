namespace Discord.Cql.Connections;

/// <summary>What is to be done now.</summary>
internal enum HeartbeatAction
{
    None,
    Send,
    Break,
}

/// <summary>
/// Decides when a silent connection is asked whether the host is there, and when it is given up. Times in milliseconds. Pure.
/// </summary>
internal struct Heartbeat(long interval, long timeout, long now)
{
    private long _received = now;
    private long? _asked;

    public void Received(long now)
    {
        _received = now;
        _asked = null;
    }

    public HeartbeatAction Tick(long now)
    {
        if (_asked is { } asked) return now - asked >= timeout ? HeartbeatAction.Break : HeartbeatAction.None;
        if (now - _received < interval) return HeartbeatAction.None;
        _asked = now;
        return HeartbeatAction.Send;
    }
}
