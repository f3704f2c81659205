using System.Diagnostics;
using System.Net.Sockets;
using Discord.Kernel;
using Discord.Node.Configuration;
using Discord.Node.Gateway;
using Discord.Node.Logging;
using Discord.Node.Ops;
using Discord.Node.Ops.Metrics;
using Discord.Node.Rest;
using Discord.Node.Rest.Bodies;
using Discord.Protocol.Errors;
using Discord.Storage;
using Discord.Storage.Migration;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Options;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;

namespace Discord.Node.Composition;

/// <summary>
/// A running node. <see cref="StartAsync"/> is its composition: everything is made there, in order; <see cref="StopAsync"/> runs the
/// kernel's coordinated
/// shutdown and takes down what carried it.
/// </summary>
public sealed class NodeHost : IAsyncDisposable
{
    private readonly Stack<IDisposable> _disposables = new();
    private readonly AcceptGate _gate = new();
    private readonly Lock _stopGate = new();
    private readonly ILogger _log;
    private WebApplication? _app;
    private OpsServer? _ops;
    private Task? _stopping;

    private NodeHost(NodeServices services)
    {
        Services = services;
        _log = services.Loggers.CreateLogger<NodeHost>();
    }

    /// <summary>The node's singletons.</summary>
    public NodeServices Services { get; }

    /// <summary>Where clients reach the node, with the port that was really taken.</summary>
    public Uri Address => Services.Address;

    /// <summary>Whether this start made the data directory's token: nobody has operated the node before.</summary>
    public bool IsFirstStart { get; private set; }

    /// <summary>Builds and starts a node. When it returns, the node serves.</summary>
    /// <exception cref="NodeStartException">It cannot start for a reason that its operator can mend.</exception>
    public static async Task<NodeHost> StartAsync(NodeOptions options, NodeParts parts)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(parts);
        var level = new LogLevelSwitch(options.Telemetry.LogLevel);
        var logs = new LogBuffer();
        var provider = new NodeLoggerProvider(parts.LogOutput, options.Telemetry.LogFormat, level, logs, parts.Time);
        var loggers = LoggerFactory.Create(logging => logging.SetMinimumLevel(LogLevel.Trace).AddProvider(provider));
        var services = new NodeServices
        {
            Options = options,
            Time = parts.Time,
            State = new NodeState(parts.Time),
            Loggers = loggers,
            Actors = ActorSystem.Create("discord", ActorOptions(options, parts.Time, loggers)),
        };
        var node = new NodeHost(services);
        node._disposables.Push(provider);
        node._disposables.Push(loggers);
        try
        {
            await node.StartAsync(parts, level, logs);
            return node;
        }
        catch (Exception e)
        {
            var known = e as NodeStartException ?? WhatToMend(e, options.Storage);
            // What the operator reads is one sentence: a log of taking down what was begun would bury it.
            if (known is not null)
                level.Level = LogLevel.None;
            await node.StopAsync("the start failed");
            if (known is not null && known != e)
                throw known;
            throw;
        }
    }

    /// <summary>
    /// Waits for <paramref name="stop"/>, SIGTERM, SIGINT or <see cref="StopAsync"/>, and then until the node has stopped.
    /// </summary>
    public async Task RunAsync(CancellationToken stop)
    {
        var told = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var stopping = _app!.Lifetime.ApplicationStopping.Register(() => told.TrySetResult());
        using var stopped = stop.Register(() => told.TrySetResult());
        await told.Task;
        await StopAsync("told to");
    }

    /// <summary>
    /// Takes nothing new, lets sessions reconnect elsewhere, finishes what was begun, closes the stores. Bounded by
    /// <see cref="NodeOptions.ShutdownTimeout"/>. Every call gets the same task.
    /// </summary>
    public Task StopAsync(string reason)
    {
        lock (_stopGate)
            return _stopping ??= Task.Run(() => StopOnceAsync(reason));
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => new(StopAsync("disposed"));

    private async Task StartAsync(NodeParts parts, LogLevelSwitch level, LogBuffer logs)
    {
        var options = Services.Options;
        var directory = DataDirectory.Take(options.Storage.DataDirectory);
        _disposables.Push(directory);
        IsFirstStart = !File.Exists(Path.Combine(directory.Path, "ops.token"));
        var token = OpsToken.LoadOrCreate(directory.Path);

        // Operators first: they can look on while the rest comes up.
        var metrics = new MetricsExporter(MetricsExporter.NodeMeters, Services.Loggers.CreateLogger<MetricsExporter>());
        _disposables.Push(metrics);
        if (options.Telemetry.OtlpEndpoint is { } collector)
            _disposables.Push(ExportTo(collector));
        var endpoint = new OpsEndpoint(
            Services.State, token, metrics, new OpsApi(Services, logs, level), Services.Loggers.CreateLogger<OpsEndpoint>());
        _ops = await Listening(
            "--ops-port", options.Ops.Port, () => OpsServer.StartAsync(options.Ops, endpoint.HandleAsync, Services.Loggers));
        Services.OpsAddress = _ops.Address;

        if (parts.StartDomain is not null)
            await parts.StartDomain(Services, CancellationToken.None);
        if (Services.Domain is { } domain)
            _disposables.Push(new SessionMetrics(domain.Sessions));
        Services.Tokens = new TokenCache(Services.Authenticator, Services.Time);

        _app = Build(parts, new BodyReader(directory.TemporaryFiles));
        await Listening("--port", options.Listen.Port, async () =>
        {
            await _app.StartAsync();
            return _app;
        });
        Services.Address = ServerSetup.BoundAddress(_app.Services.GetRequiredService<IServer>());
        RegisterShutdown(_app.Services.GetRequiredService<IServer>());

        directory.Announce(new RunningNode(
            Environment.ProcessId, Services.Address, Services.OpsAddress, token.Path, Services.State.StartedAt));
        Services.State.Enter(NodePhase.Ready);
        NodeLog.Started(_log, NodeServices.Version, Services.Address, Services.OpsAddress, directory.Path);
        if (Descriptors.Connections(options.Listen.MaxConnections) is var connections && connections < options.Listen.MaxConnections)
            NodeLog.FewerConnections(_log, options.Listen.MaxConnections, connections, Descriptors.Limit);
    }

    private WebApplication Build(NodeParts parts, BodyReader bodies)
    {
        var options = Services.Options;
        var connections = Descriptors.Connections(options.Listen.MaxConnections);
        // Empty, because options come from OptionTable alone: no ASPNETCORE_URLS, and no appsettings.json, for whose changes the whole
        // working directory would be watched; with the data directory in it every write to the database would wake the watcher.
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Services.AddRouting();
        builder.Services.AddSingleton(Services.Loggers);
        builder.Services.AddSingleton(Services);
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = options.ShutdownTimeout);
        if (Services.Sessions is not null)
        {
            builder.Services.AddSingleton(Services.Time).AddSingleton(Services.Sessions);
            builder.Services.AddGateway(new GatewayOptions
            {
                HeartbeatInterval = options.Sessions.HeartbeatInterval,
                RateLimits = options.RateLimits.Enabled,
                MaxConnections = connections,
                TrustedProxies = options.Listen.TrustedProxies,
            });
        }
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration().ConfigureKestrel(
            kestrel => ServerSetup.Configure(kestrel, options.Listen, _gate, Services.Sessions is not null));
        builder.Services.AddSingleton<IConnectionListenerFactory>(services => new BoundedListenerFactory(
            new SocketTransportFactory(services.GetRequiredService<IOptions<SocketTransportOptions>>(), Services.Loggers), connections));
        var app = builder.Build();
        app.Use(_gate.Requests);
        if (Services.Sessions is not null)
            MapGateway(app);
        if (options.Listen.TrustedProxies.Count > 0)
            app.UseForwardedHeaders(ServerSetup.Forwarded(options.Listen));
        var pipeline = new RestPipeline(parts.Routes, Services, options.RateLimits, bodies, Services.Loggers.CreateLogger<RestPipeline>());
        app.Use(next => http => pipeline.InvokeAsync(http, next));
        // Named here so that it runs after the API's own routing, not in front of it.
        app.UseRouting();
        parts.Map?.Invoke(app, Services);
        app.MapFallback("{**path}", http =>
        {
            ErrorAnswer.Api(http, ApiError.NotFound);
            return Task.CompletedTask;
        });
        return app;
    }

    private void MapGateway(WebApplication app)
    {
        app.MapGateway();
        GatewayServer gateway = app.Services.GetRequiredService<GatewayServer>();
        Services.Actors.CoordinatedShutdown.AddTask(
            CoordinatedShutdown.PhaseServiceRequestsDone, "gateway", _ => gateway.DrainAsync(TimeSpan.FromSeconds(2)));
    }

    // The gateway adds "tell sessions to reconnect" to PhaseServiceRequestsDone, storage its close to PhaseStorageClose.
    private void RegisterShutdown(IServer server)
    {
        var shutdown = Services.Actors.CoordinatedShutdown;
        shutdown.AddTask(CoordinatedShutdown.PhaseServiceUnbind, "accept-gate", _ =>
        {
            _gate.Shut();
            return Task.CompletedTask;
        });
        shutdown.AddTask(CoordinatedShutdown.PhaseServiceStop, "http", server.StopAsync);
    }

    private async Task StopOnceAsync(string reason)
    {
        var started = Stopwatch.GetTimestamp();
        Services.State.Enter(NodePhase.Stopping);
        NodeLog.Stopping(_log, reason);
        await Services.Actors.CoordinatedShutdown.RunAsync(reason);
        if (_app is not null)
        {
            await _app.StopAsync();
            await _app.DisposeAsync();
        }
        if (_ops is not null)
            await _ops.DisposeAsync();
        NodeLog.Stopped(_log, (long)Stopwatch.GetElapsedTime(started).TotalMilliseconds);
        while (_disposables.TryPop(out var disposable))
            disposable.Dispose();
    }

    // The sentence for a fault that lies in the data directory or the database; null for any other.
    private static NodeStartException? WhatToMend(Exception fault, StorageOptions storage) => fault switch
    {
        StorageException { Error: StorageError.Unavailable or StorageError.Refused or StorageError.Busy or StorageError.NewerSchema }
            when storage.Store == Store.Cql =>
            new($"The database at {string.Join(", ", storage.Cql.ContactPoints)} cannot be used: {fault.Message.TrimEnd('.')}.", fault),
        MigrationException => new(fault.Message, fault),
        StorageException { Error: StorageError.Corrupt } =>
            new(
                $"The data in {storage.DataDirectory} is damaged ({fault.Message.TrimEnd('.')}); restore the directory from a backup.",
                fault),
        StorageException => new($"The data directory {storage.DataDirectory} cannot be opened: {fault.Message.TrimEnd('.')}.", fault),
        IOException or UnauthorizedAccessException =>
            new($"The data directory {storage.DataDirectory} cannot be used: {fault.Message.TrimEnd('.')}.", fault),
        _ => null,
    };

    // Shares of the whole, so that all phases together end in time. The cluster's phases have no tasks on one node.
    private static ActorSystemOptions ActorOptions(NodeOptions options, TimeProvider time, ILoggerFactory loggers)
    {
        var actors = new ActorSystemOptions { TimeProvider = time, LoggerFactory = loggers };
        foreach (var (phase, share) in new[]
        {
            (CoordinatedShutdown.PhaseServiceUnbind, 0.05), (CoordinatedShutdown.PhaseServiceRequestsDone, 0.25),
            (CoordinatedShutdown.PhaseServiceStop, 0.15), (CoordinatedShutdown.PhaseClusterShardingShutdown, 0.05),
            (CoordinatedShutdown.PhaseClusterLeave, 0.05), (CoordinatedShutdown.PhaseBeforeActorSystemTerminate, 0.05),
            (CoordinatedShutdown.PhaseActorSystemTerminate, 0.2), (CoordinatedShutdown.PhaseStorageClose, 0.2),
        })
            actors.ShutdownPhaseTimeouts[phase] = options.ShutdownTimeout * share;
        return actors;
    }

    private static MeterProvider ExportTo(Uri collector) => Sdk.CreateMeterProviderBuilder()
        .ConfigureResource(resource => resource.AddService("discord-node", serviceVersion: NodeServices.Version))
        .AddMeter("Discord.*", "System.Runtime", "Microsoft.AspNetCore.Server.Kestrel")
        .AddOtlpExporter(exporter => exporter.Endpoint = collector)
        .Build();

    private static async Task<T> Listening<T>(string option, int port, Func<Task<T>> start)
    {
        try
        {
            return await start();
        }
        catch (Exception e) when (e is IOException or SocketException)
        {
            throw new NodeStartException($"The node cannot listen on port {port} ({option}): {e.Message}", e);
        }
    }
}
