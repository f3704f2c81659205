namespace Discord.Cql;

/// <summary>
/// Gives the times of writes, microseconds of 1970: each later than all before it, also when the clock stands or goes back. So the later of
/// two writes of a session always wins. Thread-safe.
/// </summary>
/// <param name="time">The clock.</param>
/// <param name="floor">What the first is later than, too.</param>
public sealed class TimestampGenerator(TimeProvider time, long floor = 0)
{
    private long _last = floor;

    /// <summary>The latest that was given.</summary>
    public long Last => Volatile.Read(ref _last);

    /// <summary>A time later than all before it.</summary>
    public long Next()
    {
        var now = (time.GetUtcNow().UtcTicks - DateTime.UnixEpoch.Ticks) / TimeSpan.TicksPerMicrosecond;
        while (true)
        {
            var last = Volatile.Read(ref _last);
            var next = Math.Max(now, last + 1);
            if (Interlocked.CompareExchange(ref _last, next, last) == last) return next;
        }
    }
}
