using System.Collections.Concurrent;
using Discord.Protocol;

namespace Discord.Actors.Sessions;

/// <summary>
/// Identify concurrency: per bot one IDENTIFY of each <c>shard_id % max_concurrency</c> in five seconds ("Rate Limiting" of the gateway).
/// Thread-safe; entries are swept when there are many.
/// </summary>
internal sealed class IdentifyLimiter(TimeProvider time)
{
    public const int MaxConcurrency = 16;
    private const int SweepAbove = 10_000;
    private static readonly TimeSpan Window = TimeSpan.FromSeconds(5);

    private readonly ConcurrentDictionary<(Snowflake User, int Key), DateTimeOffset> _last = new();

    /// <summary>False: too soon; the client is told op 9 and tries again.</summary>
    public bool TryEnter(Snowflake user, int shardId)
    {
        DateTimeOffset now = time.GetUtcNow();
        if (_last.Count > SweepAbove)
        {
            foreach (KeyValuePair<(Snowflake, int), DateTimeOffset> entry in _last.Where(e => now - e.Value >= Window))
                _last.TryRemove(entry);
        }
        (Snowflake, int) key = (user, shardId % MaxConcurrency);
        while (true)
        {
            if (_last.TryGetValue(key, out DateTimeOffset last))
            {
                if (now - last < Window)
                    return false;
                if (_last.TryUpdate(key, now, last))
                    return true;
            }
            else if (_last.TryAdd(key, now))
                return true;
        }
    }
}
