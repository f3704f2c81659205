namespace Discord.Protocol;

/// <summary>
/// Makes unique, strictly rising snowflakes. Thread-safe and lock-free.
/// <para>
/// The increment rolls on through all milliseconds and is never reset: an idle server would otherwise make ids that all end in zero, and
/// <c>guild_id % shards</c> would put every guild on one shard. When the increment wraps within a millisecond the generator takes the next
/// millisecond in advance, so it never waits; a clock that stands still or steps back only makes it go on from the last id. In the long run
/// it hands out up to 4,096 ids per millisecond without running ahead of the clock.
/// </para>
/// Two generators never collide while their (worker, process) pairs differ.
/// </summary>
public sealed class SnowflakeGenerator
{
    private readonly TimeProvider _time;
    private readonly ulong _identity;

    // Milliseconds since the epoch in bits 63..12, increment in 11..0: adding one carries a wrapped increment into the time by itself.
    private long _last;

    /// <summary>Creates a generator.</summary>
    /// <param name="worker">0..31.</param>
    /// <param name="process">0..31.</param>
    /// <param name="time">The clock.</param>
    /// <param name="startAfter">An id that this worker and process may have issued in an earlier life; all new ids are greater.</param>
    /// <exception cref="ArgumentOutOfRangeException">Worker or process is not in 0..31.</exception>
    public SnowflakeGenerator(int worker, int process, TimeProvider time, Snowflake startAfter = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(worker);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(worker, 31);
        ArgumentOutOfRangeException.ThrowIfNegative(process);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(process, 31);
        ArgumentNullException.ThrowIfNull(time);
        _time = time;
        _identity = ((ulong)worker << 17) | ((ulong)process << 12);
        _last = startAfter == default ? -1 : (long)(((startAfter.Value >> 22) << 12) | 0xFFF);
    }

    /// <summary>The next id: greater than every id this generator has returned before.</summary>
    public Snowflake Next()
    {
        while (true)
        {
            var last = Volatile.Read(ref _last);
            var now = Math.Max(0, _time.GetUtcNow().ToUnixTimeMilliseconds() - Snowflake.Epoch);
            var next = now > last >> 12 ? (now << 12) | ((last + 1) & 0xFFF) : last + 1;
            if (Interlocked.CompareExchange(ref _last, next, last) == last)
                return new Snowflake(((ulong)(next >> 12) << 22) | _identity | ((ulong)next & 0xFFF));
        }
    }
}
