using Discord.Cql;
using Discord.Protocol;

namespace Discord.Storage.Cql;

/// <summary>
/// The timestamps of writes, microseconds of 1970. A cell's write with the highest timestamp wins whatever order the writes arrive in, so
/// the timestamp is where "first write wins" and "never brought back" are decided:
/// <list type="bullet">
/// <item>An append of a message gets <c>2 × time of its id − now</c>, never above the id's time. A repeat comes later, so its timestamp
/// is lower, and the first append stands, without a read or a condition.</item>
/// <item>Whatever changes or deletes a message is above the time of its id, and so above every append of it.</item>
/// </list>
/// Thread-safe.
/// </summary>
internal sealed class WriteClock(TimeProvider time)
{
    private readonly TimestampGenerator _times = new(time);

    /// <summary>Later than all before it, also when the clock stands or goes back.</summary>
    public long Next() => _times.Next();

    /// <summary>Later than all before it, and than <paramref name="other"/>: for what must win over a write that was read.</summary>
    public long Above(long other) => Math.Max(Next(), other + 1);

    /// <summary>For the append of a message: the later it is, the lower.</summary>
    public long OfAppend(Snowflake id)
    {
        var made = MicrosOf(id);
        return Math.Min(made, (2 * made) - Next());
    }

    /// <summary>The time of an id.</summary>
    public static long MicrosOf(Snowflake id) => id.UnixMilliseconds * 1000;
}
