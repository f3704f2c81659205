using System.Collections.Concurrent;
using Discord.Protocol;

namespace Discord.Actors.Sessions;

/// <summary>
/// How often an account may ask for all members of a guild (op 8): once in 30 seconds, through whichever of its sessions. Thread-safe; what
/// is over is swept when there is much of it.
/// </summary>
public sealed class MemberRequestLimiter(TimeProvider time)
{
    private const int SweepAbove = 10_000;
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(30);

    private readonly ConcurrentDictionary<(Snowflake User, Snowflake Guild), DateTimeOffset> _last = new();
    private long _sweptAt;

    /// <summary>False: too soon; <paramref name="wait"/> says until when.</summary>
    public bool TryEnter(Snowflake user, Snowflake guild, out TimeSpan wait)
    {
        DateTimeOffset now = time.GetUtcNow();
        Sweep(now);
        while (true)
        {
            wait = TimeSpan.Zero;
            if (!_last.TryGetValue((user, guild), out DateTimeOffset last))
            {
                if (_last.TryAdd((user, guild), now))
                    return true;
            }
            else if (now - last < Interval)
            {
                wait = Interval - (now - last);
                return false;
            }
            else if (_last.TryUpdate((user, guild), now, last))
                return true;
        }
    }

    // At most once an interval, so that it costs each request little however many there are.
    private void Sweep(DateTimeOffset now)
    {
        long swept = Interlocked.Read(ref _sweptAt);
        if (_last.Count <= SweepAbove || now.Ticks - swept < Interval.Ticks
            || Interlocked.CompareExchange(ref _sweptAt, now.Ticks, swept) != swept)
            return;
        foreach (KeyValuePair<(Snowflake, Snowflake), DateTimeOffset> entry in _last.Where(e => now - e.Value >= Interval))
            _last.TryRemove(entry);
    }
}
