using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Discord.Kernel;

/// <summary>The settings of a system; all have a default that suits a server.</summary>
public sealed class ActorSystemOptions
{
    /// <summary>
    /// Messages an actor handles before others get their turn; at least 1. 100 makes the cost of a turn vanish beside the messages.
    /// </summary>
    public int Throughput { get; set; } = 100;

    /// <summary>
    /// Messages that may wait for an actor whose <see cref="Props"/> say nothing else; above it they become dead letters. A million
    /// (48 MB of queue) is a fault somewhere, never a load.
    /// </summary>
    public int DefaultMailboxCapacity { get; set; } = 1_000_000;

    /// <summary>The limit of an ask that names none.</summary>
    public TimeSpan AskTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>Messages one actor may stash.</summary>
    public int StashCapacity { get; set; } = 10_000;

    /// <summary>How long a stopping actor waits for its async handler, whose token is cancelled, before it gives it up.</summary>
    public TimeSpan AsyncHandlerStopTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>The limit of a phase of <see cref="CoordinatedShutdown"/> that is not in <see cref="ShutdownPhaseTimeouts"/>.</summary>
    public TimeSpan ShutdownPhaseTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>Limits of single phases of <see cref="CoordinatedShutdown"/> by the phase's name.</summary>
    public IDictionary<string, TimeSpan> ShutdownPhaseTimeouts { get; } = new Dictionary<string, TimeSpan>();

    /// <summary>Time for timers, time-outs and restart limits; tests give their own.</summary>
    public TimeProvider TimeProvider { get; set; } = TimeProvider.System;

    /// <summary>Where failures and lifecycle are logged.</summary>
    public ILoggerFactory LoggerFactory { get; set; } = NullLoggerFactory.Instance;

    /// <summary>Who gives actors their turns; tests put a deterministic one here.</summary>
    internal ActorDispatcher Dispatcher { get; set; } = new ThreadPoolDispatcher();

    internal void Validate()
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(Throughput, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(DefaultMailboxCapacity, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(StashCapacity, 1);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(AskTimeout, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(AsyncHandlerStopTimeout, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(ShutdownPhaseTimeout, TimeSpan.Zero);
        ArgumentNullException.ThrowIfNull(TimeProvider);
        ArgumentNullException.ThrowIfNull(LoggerFactory);
    }
}
