namespace Discord.Kernel;

/// <summary>Starts a child again after a growing delay whenever it stops or fails, for resources that need time to come back.</summary>
public static class BackoffSupervisor
{
    /// <summary>
    /// A supervisor of one child that forwards what it is told. The delay doubles from <paramref name="minBackoff"/> up to
    /// <paramref name="maxBackoff"/>, jitter of up to <paramref name="randomFactor"/> (0 to 1) included, and begins anew once the child has
    /// run for <paramref name="resetAfter"/> (<paramref name="maxBackoff"/> unless given). Messages meanwhile become dead letters with
    /// <see cref="DeadLetterReason.Unavailable"/>.
    /// </summary>
    public static Props Props(
        Props child, string name, TimeSpan minBackoff, TimeSpan maxBackoff, double randomFactor = 0.2, TimeSpan? resetAfter = null)
    {
        ArgumentNullException.ThrowIfNull(child);
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(minBackoff, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfLessThan(maxBackoff, minBackoff);
        ArgumentOutOfRangeException.ThrowIfNegative(randomFactor);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(randomFactor, 1.0);
        var reset = resetAfter ?? maxBackoff;
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(reset, TimeSpan.Zero, nameof(resetAfter));
        return Discord.Kernel.Props.Create(() => new BackoffSupervisorActor(child, name, minBackoff, maxBackoff, randomFactor, reset));
    }

    /// <summary>
    /// The delay before the start that follows <paramref name="failures"/> failures in a row (0 for the first), within [min, max].
    /// </summary>
    internal static TimeSpan Delay(int failures, TimeSpan min, TimeSpan max, double randomFactor, double random)
    {
        // Doubles saturate where ticks would overflow.
        var ticks = min.Ticks * Math.Pow(2, failures) * (1 + (random * randomFactor));
        return ticks >= max.Ticks ? max : TimeSpan.FromTicks((long)ticks);
    }
}

internal sealed class BackoffSupervisorActor(Props child, string name, TimeSpan min, TimeSpan max, double randomFactor, TimeSpan resetAfter)
    : UntypedActor
{
    private static readonly object s_start = new();

    private IActorRef? _child;
    private long _startedAt;
    private int _failures;

    protected internal override SupervisorStrategy SupervisorStrategy => SupervisorStrategy.Stopping;

    protected internal override void PreStart() => StartChild();

    protected override void OnReceive(object message)
    {
        if (ReferenceEquals(message, s_start))
        {
            StartChild();
        }
        else if (message is Terminated terminated && ReferenceEquals(terminated.ActorRef, _child))
        {
            _child = null;
            if (Context.System.TimeProvider.GetElapsedTime(_startedAt) >= resetAfter) _failures = 0;
            // Jitter needs no secrecy.
#pragma warning disable CA5394
            var delay = BackoffSupervisor.Delay(_failures, min, max, randomFactor, Random.Shared.NextDouble());
#pragma warning restore CA5394
            _failures = Math.Min(_failures + 1, 62);
            Context.Timers.StartSingleTimer(s_start, s_start, delay);
        }
        else if (_child is null)
        {
            Context.System.PublishDeadLetter(message, Cell.Current?.Sender, Self, DeadLetterReason.Unavailable);
        }
        else
        {
            _child.Tell(message, Cell.Current?.Sender);
        }
    }

    private void StartChild()
    {
        _startedAt = Context.System.TimeProvider.GetTimestamp();
        _child = Context.ActorOf(child, name);
        Context.Watch(_child);
    }
}
