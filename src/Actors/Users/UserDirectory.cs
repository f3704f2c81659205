using Discord.Kernel;
using Discord.Kernel.Sharding;
using Discord.Protocol;

namespace Discord.Actors.Users;

/// <summary>The way to user actors. Thread-safe.</summary>
public sealed class UserDirectory
{
    private IActorRef _region = ActorRefs.Nobody;

    internal void Start(IActorRef region) => _region = region;

    internal void Tell(Snowflake userId, object message) => _region.Tell(new ShardEnvelope(userId.Value, message));
}
