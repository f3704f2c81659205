namespace Discord.Kernel;

/// <summary>
/// Ends the process in named phases, one after the other, each within its own limit. Tasks of one phase run side by side. A task that fails
/// or takes too long is logged and the next phase begins.
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

    internal CoordinatedShutdown() { }

    /// <summary>The phases in their order.</summary>
    public static IReadOnlyList<string> Phases { get; } =
    [
        PhaseServiceUnbind, PhaseServiceRequestsDone, PhaseServiceStop, PhaseClusterShardingShutdown, PhaseClusterLeave,
        PhaseBeforeActorSystemTerminate, PhaseActorSystemTerminate, PhaseStorageClose,
    ];

    /// <summary>Adds a task to a phase. Its token is cancelled when the phase's time is over.</summary>
    /// <exception cref="ArgumentException">There is no such phase, or the name is taken in it.</exception>
    /// <exception cref="InvalidOperationException">The shutdown has begun.</exception>
    public void AddTask(string phase, string name, Func<CancellationToken, Task> task) => throw new NotImplementedException();

    /// <summary>The limit of a phase.</summary>
    public TimeSpan PhaseTimeout(string phase) => throw new NotImplementedException();

    /// <summary>The most that the shutdown takes: the sum of the limits of all phases.</summary>
    public TimeSpan TotalTimeout => throw new NotImplementedException();

    /// <summary>Runs the shutdown; the first call begins it, all calls get the same task, which never fails.</summary>
    public Task RunAsync(string reason) => throw new NotImplementedException();
}
