namespace Discord.Protocol;

/// <summary>
/// The ten-day partition a message lies in, computed from its id alone. Buckets count from 0 at the Discord epoch; a bucket's ids are one
/// unbroken range, and all ids of a bucket are older than those of the next.
/// </summary>
public static class MessageBucket
{
    /// <summary>Length of a bucket in milliseconds: ten days.</summary>
    public const long Milliseconds = 10L * 24 * 60 * 60 * 1000;

    /// <summary>The bucket of an id.</summary>
    public static int Of(Snowflake id) => (int)((long)(id.Value >> 22) / Milliseconds);

    /// <summary>The bucket that a message created at <paramref name="time"/> lies in.</summary>
    public static int Of(DateTimeOffset time) => Of(Snowflake.FromTimestamp(time));

    /// <summary>The smallest id of a bucket.</summary>
    /// <exception cref="ArgumentOutOfRangeException">No id lies in such a bucket.</exception>
    public static Snowflake First(int bucket)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(bucket);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(bucket, Of(Snowflake.MaxValue));
        return new Snowflake((ulong)(bucket * Milliseconds) << 22);
    }

    /// <summary>The largest id of a bucket.</summary>
    /// <exception cref="ArgumentOutOfRangeException">No id lies in such a bucket.</exception>
    public static Snowflake Last(int bucket) =>
        bucket == Of(Snowflake.MaxValue) ? Snowflake.MaxValue : new Snowflake(First(checked(bucket + 1)).Value - 1);
}
