namespace Discord.Kernel;

/// <summary>
/// Ends the process in named phases, one after the other, each within its own limit. Tasks of one phase run side by side. A task that fails
/// or takes too long is logged and the next phase begins. Safe to use from any thread.
/// </summary>
public sealed class CoordinatedShutdown
{
    /// <summary>Accept no new connections.</summary>
    public const string PhaseServiceUnbind = "service-unbind";

    /// <summary>Let requests under way end; tell sessions to reconnect.</summary>
    public const string PhaseServiceRequestsDone = "service-requests-done";

    /// <summary>Close what is still open.</summary>
    public const string PhaseServiceStop = "service-stop";

    /// <summary>Hand shards over.</summary>
    public const string PhaseClusterShardingShutdown = "cluster-sharding-shutdown";

    /// <summary>Leave the cluster.</summary>
    public const string PhaseClusterLeave = "cluster-leave";

    /// <summary>What needs the actors for the last time.</summary>
    public const string PhaseBeforeActorSystemTerminate = "before-actor-system-terminate";

    /// <summary>Stop the actors.</summary>
    public const string PhaseActorSystemTerminate = "actor-system-terminate";

    /// <summary>Finish writes and close the stores, which no actor uses any more.</summary>
    public const string PhaseStorageClose = "storage-close";

    private readonly ActorSystem _system;
    private readonly Lock _lock = new();
    private readonly Dictionary<string, List<(string Name, Func<CancellationToken, Task> Run)>> _tasks =
        Phases.ToDictionary(phase => phase, _ => new List<(string, Func<CancellationToken, Task>)>());
    private Task? _run;

    internal CoordinatedShutdown(ActorSystem system)
    {
        _system = system;
        foreach (var phase in system.Options.ShutdownPhaseTimeouts.Keys) Require(phase);
        AddTask(PhaseActorSystemTerminate, "terminate-actors", _ => system.TerminateAsync());
    }

    /// <summary>The phases in their order.</summary>
    public static IReadOnlyList<string> Phases { get; } =
    [
        PhaseServiceUnbind, PhaseServiceRequestsDone, PhaseServiceStop, PhaseClusterShardingShutdown, PhaseClusterLeave,
        PhaseBeforeActorSystemTerminate, PhaseActorSystemTerminate, PhaseStorageClose,
    ];

    /// <summary>The most that the shutdown takes: the sum of the limits of all phases.</summary>
    public TimeSpan TotalTimeout => Phases.Aggregate(TimeSpan.Zero, (sum, phase) => sum + PhaseTimeout(phase));

    /// <summary>Adds a task to a phase. Its token is cancelled when the phase's time is over.</summary>
    /// <exception cref="ArgumentException">There is no such phase, or the name is taken in it.</exception>
    /// <exception cref="InvalidOperationException">The shutdown has begun.</exception>
    public void AddTask(string phase, string name, Func<CancellationToken, Task> task)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentNullException.ThrowIfNull(task);
        Require(phase);
        lock (_lock)
        {
            if (_run is not null) throw new InvalidOperationException($"the shutdown has begun; '{name}' comes too late");
            if (_tasks[phase].Any(each => each.Name == name))
            {
                throw new ArgumentException($"phase '{phase}' has a task '{name}' already", nameof(name));
            }
            _tasks[phase].Add((name, task));
        }
    }

    /// <summary>The limit of a phase.</summary>
    public TimeSpan PhaseTimeout(string phase)
    {
        Require(phase);
        return _system.Options.ShutdownPhaseTimeouts.TryGetValue(phase, out var limit) ? limit : _system.Options.ShutdownPhaseTimeout;
    }

    /// <summary>Runs the shutdown; the first call begins it, all calls get the same task, which never fails.</summary>
    public Task RunAsync(string reason)
    {
        lock (_lock) return _run ??= Task.Run(() => Run(reason));
    }

    private static void Require(string phase)
    {
        if (!Phases.Contains(phase))
        {
            throw new ArgumentException($"there is no shutdown phase '{phase}'; they are {string.Join(", ", Phases)}", nameof(phase));
        }
    }

    private async Task Run(string reason)
    {
        KernelLog.ShutdownBegins(_system.Log, reason);
        foreach (var phase in Phases)
        {
            (string Name, Func<CancellationToken, Task> Run)[] tasks = [.. _tasks[phase]];
            if (tasks.Length == 0) continue;
            var limit = PhaseTimeout(phase);
            using var over = new CancellationTokenSource(limit, _system.TimeProvider);
            Task[] running = [.. tasks.Select(task => RunOne(phase, task.Name, task.Run, over.Token))];
            var all = Task.WhenAll(running);
            try
            {
                await all.WaitAsync(over.Token).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (over.IsCancellationRequested)
            {
                var late = string.Join(", ", tasks.Where((_, i) => !running[i].IsCompleted).Select(task => task.Name));
                KernelLog.ShutdownPhaseTimeout(_system.Log, phase, limit, late);
            }
        }
        KernelLog.ShutdownComplete(_system.Log);
    }

    private async Task RunOne(string phase, string name, Func<CancellationToken, Task> run, CancellationToken ct)
    {
        try
        {
            await Task.Run(() => run(ct), CancellationToken.None).ConfigureAwait(false);
        }
        catch (Exception e)
        {
            KernelLog.ShutdownTaskFailed(_system.Log, e, name, phase);
        }
    }
}
