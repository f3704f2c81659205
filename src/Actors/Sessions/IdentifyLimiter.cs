using System.Collections.Concurrent;
using Discord.Protocol;

namespace Discord.Actors.Sessions;

/// <summary>
/// How often bots may identify: one IDENTIFY of each <c>shard_id % max_concurrency</c> in five seconds, and so many in a day ("Session
/// Start Limit"). Thread-safe; what is over is swept when there is much of it.
/// </summary>
public sealed class IdentifyLimiter(SessionOptions options, TimeProvider time)
{
    private const int SweepAbove = 10_000;
    private static readonly TimeSpan Window = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Day = TimeSpan.FromDays(1);

    private readonly ConcurrentDictionary<(Snowflake User, int Key), DateTimeOffset> _last = new();
    private readonly ConcurrentDictionary<Snowflake, Count> _days = new();

    // Where the next sweep begins: twice what the last one left, so that entries which are not over yet are not looked at each time.
    private int _sweepLastAbove = SweepAbove;
    private int _sweepDaysAbove = SweepAbove;

    private sealed record Count(DateTimeOffset Since, int Used);

    /// <summary>False: too soon, or too many today; the client is told op 9 and tries again.</summary>
    public bool TryEnter(Snowflake user, int shardId)
    {
        DateTimeOffset now = time.GetUtcNow();
        Sweep(now);
        if (Remaining(user) == 0)
            return false;
        if (!TakeWindow((user, shardId % options.IdentifyConcurrency), now))
            return false;
        _days.AddOrUpdate(
            user, new Count(now, 1), (_, day) => now - day.Since >= Day ? new Count(now, 1) : day with { Used = day.Used + 1 });
        return true;
    }

    /// <summary>IDENTIFYs that the bot has left today.</summary>
    public int Remaining(Snowflake user) =>
        _days.TryGetValue(user, out Count? day) && time.GetUtcNow() - day.Since < Day
            ? Math.Max(0, options.IdentifiesPerDay - day.Used)
            : options.IdentifiesPerDay;

    /// <summary>Until the bot's day begins anew; zero when it has used none.</summary>
    public TimeSpan ResetAfter(Snowflake user) =>
        _days.TryGetValue(user, out Count? day) && time.GetUtcNow() - day.Since is var age && age < Day ? Day - age : TimeSpan.Zero;

    private bool TakeWindow((Snowflake, int) key, DateTimeOffset now)
    {
        while (true)
        {
            if (!_last.TryGetValue(key, out DateTimeOffset last))
            {
                if (_last.TryAdd(key, now))
                    return true;
            }
            else if (now - last < Window)
                return false;
            else if (_last.TryUpdate(key, now, last))
                return true;
        }
    }

    private void Sweep(DateTimeOffset now)
    {
        if (_last.Count > Volatile.Read(ref _sweepLastAbove))
        {
            foreach (KeyValuePair<(Snowflake, int), DateTimeOffset> entry in _last.Where(e => now - e.Value >= Window))
                _last.TryRemove(entry);
            Volatile.Write(ref _sweepLastAbove, Math.Max(SweepAbove, 2 * _last.Count));
        }
        if (_days.Count > Volatile.Read(ref _sweepDaysAbove))
        {
            foreach (KeyValuePair<Snowflake, Count> entry in _days.Where(e => now - e.Value.Since >= Day))
                _days.TryRemove(entry);
            Volatile.Write(ref _sweepDaysAbove, Math.Max(SweepAbove, 2 * _days.Count));
        }
    }
}
