namespace Discord.Kernel.Sharding;

/// <summary>The settings of a region.</summary>
public sealed class ShardRegionOptions
{
    /// <summary>The default of <see cref="Shards"/>: ten times as many as the nodes a large cluster has, so that they spread evenly.</summary>
    public const int DefaultShards = 256;

    /// <summary>How many shards the entities fall into; the same on all nodes, for ever.</summary>
    public int Shards { get; set; } = DefaultShards;

    /// <summary>An entity that has received nothing for so long is stopped; null for never. It comes back with its next message.</summary>
    public TimeSpan? PassivateAfter { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>Messages that a shard holds for one entity while it stops; above it they become dead letters.</summary>
    public int BufferLimit { get; set; } = 10_000;
}

/// <summary>Starts regions: the way to entities of one type, wherever they live.</summary>
public static class ShardRegion
{
    /// <summary>
    /// Starts the region of a type and returns the ref that takes envelopes (see <paramref name="extractor"/>). An entity starts with its
    /// first message, as a child of its shard's actor. It may run on any node: it must get all it needs from its id and its messages.
    /// </summary>
    /// <exception cref="InvalidActorNameException">The type has a region already.</exception>
    public static IActorRef Start(
        ActorSystem system, string typeName, Func<ulong, Props> entityProps, IMessageExtractor extractor, ShardRegionOptions? options = null) =>
        throw new NotImplementedException();
}
