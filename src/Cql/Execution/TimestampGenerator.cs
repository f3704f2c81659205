namespace Discord.Cql.Execution;

/// <summary>
/// Gives the times of writes, microseconds of 1970: each later than all before it, also when the clock stands or goes back. So the later of
/// two writes of a session always wins. Thread-safe.
/// </summary>
internal sealed class TimestampGenerator(TimeProvider time)
{
    private long _last;

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
