namespace Discord.Kernel;

/// <summary>What a supervisor does about a child that failed.</summary>
public enum Directive
{
    /// <summary>The child goes on with its next message and keeps its state.</summary>
    Resume,

    /// <summary>The child gets a new instance; ref, uid and queued messages are kept, the failing message is not handled again.</summary>
    Restart,

    /// <summary>The child stops for good.</summary>
    Stop,

    /// <summary>The supervisor fails with the same exception; its own supervisor decides.</summary>
    Escalate,
}

/// <summary>
/// How a supervisor decides. The limit means: <c>maxRestarts</c> restarts within any period of <c>within</c> are allowed; the next failure
/// stops the child and escalates as <see cref="RestartLimitExceededException"/>.
/// </summary>
public abstract class SupervisorStrategy
{
    private protected SupervisorStrategy(int maxRestarts, TimeSpan? within, Func<Exception, Directive>? decider)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(maxRestarts, -1);
        // One time stamp is kept for each restart allowed.
        ArgumentOutOfRangeException.ThrowIfGreaterThan(maxRestarts, 10_000);
        if (within is { } period) ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(period, TimeSpan.Zero, nameof(within));
        MaxRestarts = maxRestarts;
        Within = within;
        Decider = decider ?? DefaultDecider;
    }

    /// <summary>Restarts allowed within <see cref="Within"/>; -1 for no limit.</summary>
    public int MaxRestarts { get; }

    /// <summary>The period of the limit; null for the whole life of the child.</summary>
    public TimeSpan? Within { get; }

    /// <summary>What to do about an exception.</summary>
    public Func<Exception, Directive> Decider { get; }

    /// <summary>Whether the directive goes to all children or only to the one that failed.</summary>
    internal abstract bool AllChildren { get; }

    /// <summary>One-for-one, at most 10 restarts of a child a minute, by <see cref="DefaultDecider"/>.</summary>
    public static SupervisorStrategy Default { get; } = new OneForOneStrategy(10, TimeSpan.FromMinutes(1));

    /// <summary>Stops every child that fails.</summary>
    public static SupervisorStrategy Stopping { get; } = new OneForOneStrategy(-1, null, static _ => Directive.Stop);

    /// <summary>Stops a child that could not start or was killed, restarts it after any other failure.</summary>
    public static Directive DefaultDecider(Exception exception) =>
        exception is ActorInitializationException or ActorKilledException ? Directive.Stop : Directive.Restart;
}

/// <summary>The directive goes to the child that failed; each child has its own count of restarts.</summary>
public sealed class OneForOneStrategy(int maxRestarts = -1, TimeSpan? within = null, Func<Exception, Directive>? decider = null)
    : SupervisorStrategy(maxRestarts, within, decider)
{
    internal override bool AllChildren => false;
}

/// <summary>The directive goes to all children; they share one count of restarts.</summary>
public sealed class AllForOneStrategy(int maxRestarts = -1, TimeSpan? within = null, Func<Exception, Directive>? decider = null)
    : SupervisorStrategy(maxRestarts, within, decider)
{
    internal override bool AllChildren => true;
}
