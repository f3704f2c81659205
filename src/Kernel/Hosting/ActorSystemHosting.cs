using Microsoft.Extensions.DependencyInjection;

namespace Discord.Kernel.Hosting;

/// <summary>What a system needs to start with its host.</summary>
public sealed class ActorSystemBuilder
{
    internal ActorSystemBuilder() { }

    /// <summary>The settings of the system. The host's logger factory and <see cref="TimeProvider"/>, where registered, are already in them.</summary>
    public ActorSystemOptions Options { get; } = new();

    internal List<Func<ActorSystem, CancellationToken, Task>> Starts { get; } = [];

    /// <summary>Runs when the host starts, in the order of the calls: the place to start top-level actors and regions.</summary>
    public ActorSystemBuilder OnStart(Func<ActorSystem, CancellationToken, Task> start)
    {
        ArgumentNullException.ThrowIfNull(start);
        Starts.Add(start);
        return this;
    }

    /// <summary>As the other overload.</summary>
    public ActorSystemBuilder OnStart(Action<ActorSystem> start)
    {
        ArgumentNullException.ThrowIfNull(start);
        return OnStart((system, _) =>
        {
            start(system);
            return Task.CompletedTask;
        });
    }
}

/// <summary>Runs a system inside the generic host.</summary>
public static class ActorSystemHosting
{
    /// <summary>
    /// Registers a singleton <see cref="ActorSystem"/> that starts with the host and, when the host stops, runs
    /// <see cref="ActorSystem.CoordinatedShutdown"/>.
    /// </summary>
    public static IServiceCollection AddActorSystem(
        this IServiceCollection services, string name, Action<ActorSystemBuilder, IServiceProvider> configure) =>
        throw new NotImplementedException();
}
