using Microsoft.Extensions.Logging;

namespace Discord.Kernel.Sharding;

/// <summary>Starts regions: the way to entities of one type, wherever they live.</summary>
public static class ShardRegion
{
    /// <summary>
    /// Starts the region of a type and returns the ref that takes envelopes (see <paramref name="extractor"/>). An entity starts with its
    /// first message, as a child of its shard's actor (<c>/system/sharding-TYPE/SHARD/ENTITY</c>). It may run on any node: it must get all
    /// it needs from its id and its messages. The region stops in the phase <see cref="CoordinatedShutdown.PhaseClusterShardingShutdown"/>.
    /// </summary>
    /// <exception cref="InvalidActorNameException">The type has a region already.</exception>
    public static IActorRef Start(
        ActorSystem system, string typeName, Func<ulong, Props> entityProps, IMessageExtractor extractor,
        ShardRegionOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(system);
        ArgumentException.ThrowIfNullOrEmpty(typeName);
        ArgumentNullException.ThrowIfNull(entityProps);
        ArgumentNullException.ThrowIfNull(extractor);
        options ??= new ShardRegionOptions();
        options.Validate();
        var region = system.SystemActorOf(
            Props.Create(() => new ShardRegionActor(entityProps, extractor, options)), "sharding-" + typeName);
        system.CoordinatedShutdown.AddTask(
            CoordinatedShutdown.PhaseClusterShardingShutdown, "region-" + typeName, _ => ((ActorCell)region).StopAsync());
        return region;
    }
}

/// <summary>Hands messages to their shards, which it starts when they are first needed.</summary>
internal sealed class ShardRegionActor(Func<ulong, Props> entityProps, IMessageExtractor extractor, ShardRegionOptions options)
    : UntypedActor
{
    private readonly IActorRef?[] _shards = new IActorRef?[options.Shards];

    protected override void OnReceive(object message)
    {
        if (message is Terminated terminated)
        {
            // A shard that failed for good comes back with its next message.
            var gone = Array.IndexOf(_shards, terminated.ActorRef);
            if (gone >= 0) _shards[gone] = null;
            return;
        }
        int id;
        try
        {
            id = extractor.ShardId(extractor.EntityId(message));
        }
        catch (ArgumentException e)
        {
            // One wrong message must not take all entities down.
            ShardingLog.NoEntity(Context.Logger, e, message.GetType().Name);
            Unhandled(message);
            return;
        }
        if ((uint)id >= (uint)_shards.Length)
        {
            ShardingLog.NoShard(Context.Logger, id, _shards.Length);
            Unhandled(message);
            return;
        }
        var shard = _shards[id];
        if (shard is null)
        {
            var props = Props.Create(() => new ShardActor(entityProps, extractor, options));
            shard = _shards[id] = Context.ActorOf(props, id.ToString());
            Context.Watch(shard);
        }
        shard.Tell(message, Cell.Current?.Sender);
    }
}

internal static partial class ShardingLog
{
    [LoggerMessage(1030, LogLevel.Error, "A {MessageType} names no entity")]
    public static partial void NoEntity(ILogger logger, Exception cause, string messageType);

    [LoggerMessage(1031, LogLevel.Error, "The extractor names shard {Shard}, but there are {Shards}; both must be given the same number")]
    public static partial void NoShard(ILogger logger, int shard, int shards);

    [LoggerMessage(1032, LogLevel.Error, "Entity {EntityId} cannot be started")]
    public static partial void NoProps(ILogger logger, Exception cause, ulong entityId);
}
