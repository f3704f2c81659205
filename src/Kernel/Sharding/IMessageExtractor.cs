namespace Discord.Kernel.Sharding;

/// <summary>Says for which entity a message is. Pure: called from any thread, on any node, with the same answer.</summary>
public interface IMessageExtractor
{
    /// <summary>The entity that <paramref name="message"/> is for.</summary>
    ulong EntityId(object message);

    /// <summary>What the entity itself is told.</summary>
    object EntityMessage(object message);

    /// <summary>The shard of an entity, from 0 to the number of shards.</summary>
    int ShardId(ulong entityId);
}

/// <summary>Understands <see cref="ShardEnvelope"/>; the shard is <c>entityId % shards</c>.</summary>
public class ShardEnvelopeExtractor : IMessageExtractor
{
    private readonly ulong _shards;

    /// <summary>For that many shards, which must be the same on all nodes and as in <see cref="ShardRegionOptions.Shards"/>.</summary>
    public ShardEnvelopeExtractor(int shards = ShardRegionOptions.DefaultShards)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(shards, 1);
        _shards = (ulong)shards;
    }

    /// <inheritdoc/>
    public virtual ulong EntityId(object message) => message is ShardEnvelope envelope
        ? envelope.EntityId
        : throw new ArgumentException($"{message.GetType().Name} names no entity; wrap it in ShardEnvelope", nameof(message));

    /// <inheritdoc/>
    public virtual object EntityMessage(object message) => message is ShardEnvelope envelope ? envelope.Message : message;

    /// <inheritdoc/>
    public int ShardId(ulong entityId) => (int)(entityId % _shards);
}
