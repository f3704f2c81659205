namespace Discord.Node.Gateway;

/// <summary>So many sends per window; a window begins with its first send. Not thread-safe: the read loop's own.</summary>
internal struct SendBudget
{
    private long _windowStart;
    private int _used;

    /// <summary>Counts one send at <paramref name="now"/> (ms); false when the window has none left.</summary>
    public bool Take(long now, long windowLength, int limit)
    {
        if (_used == 0 || now - _windowStart >= windowLength)
        {
            _windowStart = now;
            _used = 0;
        }
        if (_used >= limit)
            return false;
        _used++;
        return true;
    }
}
