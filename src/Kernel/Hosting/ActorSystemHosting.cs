using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Discord.Kernel.Hosting;

/// <summary>What a system needs to start with its host.</summary>
public sealed class ActorSystemBuilder
{
    internal ActorSystemBuilder() { }

    /// <summary>
    /// The settings of the system. The host's logger factory and <see cref="TimeProvider"/>, where registered, are already in them.
    /// </summary>
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
    /// <see cref="ActorSystem.CoordinatedShutdown"/>. The host's own limit for stopping is raised to hold all phases.
    /// </summary>
    public static IServiceCollection AddActorSystem(
        this IServiceCollection services, string name, Action<ActorSystemBuilder, IServiceProvider> configure)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentNullException.ThrowIfNull(configure);
        services.AddSingleton(provider => new HostedActorSystem(name, configure, provider));
        services.AddSingleton(provider => provider.GetRequiredService<HostedActorSystem>().System);
        services.AddHostedService(provider => provider.GetRequiredService<HostedActorSystem>());
        // Inner limits must sum to less than the outer one, or the host would cut the last phases off.
        services.AddOptions<HostOptions>().PostConfigure<HostedActorSystem>((host, hosted) =>
        {
            var least = hosted.System.CoordinatedShutdown.TotalTimeout + TimeSpan.FromSeconds(5);
            if (host.ShutdownTimeout < least) host.ShutdownTimeout = least;
        });
        return services;
    }
}

internal sealed class HostedActorSystem : IHostedService
{
    private readonly ActorSystemBuilder _builder = new();

    public HostedActorSystem(string name, Action<ActorSystemBuilder, IServiceProvider> configure, IServiceProvider provider)
    {
        if (provider.GetService<ILoggerFactory>() is { } loggers) _builder.Options.LoggerFactory = loggers;
        if (provider.GetService<TimeProvider>() is { } time) _builder.Options.TimeProvider = time;
        configure(_builder, provider);
        System = ActorSystem.Create(name, _builder.Options);
    }

    public ActorSystem System { get; }

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        foreach (var start in _builder.Starts) await start(System, cancellationToken).ConfigureAwait(false);
    }

    public Task StopAsync(CancellationToken cancellationToken) =>
        System.CoordinatedShutdown.RunAsync("the host stops").WaitAsync(cancellationToken);
}
