namespace Discord.Kernel.Sharding;

/// <summary>The settings of a region.</summary>
public sealed class ShardRegionOptions
{
    /// <summary>
    /// The default of <see cref="Shards"/>: ten times as many as the nodes a large cluster has, so that they spread evenly.
    /// </summary>
    public const int DefaultShards = 256;

    /// <summary>How many shards the entities fall into; the same on all nodes, for ever, and as the extractor's.</summary>
    public int Shards { get; set; } = DefaultShards;

    /// <summary>
    /// An entity that was sent nothing for so long is told <see cref="PoisonPill"/>, at the latest after one and a half times as long; null
    /// for never. It comes back with its next message. An entity that knows better when it is idle takes null and tells its parent
    /// <see cref="Passivate"/>.
    /// </summary>
    public TimeSpan? PassivateAfter { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>Messages that a shard holds for one entity while it stops; above it they become dead letters.</summary>
    public int BufferLimit { get; set; } = 10_000;

    internal void Validate()
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(Shards, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(BufferLimit, 1);
        if (PassivateAfter is { } after) ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(after, TimeSpan.Zero, nameof(PassivateAfter));
    }
}
