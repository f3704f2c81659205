namespace Discord.Kernel;

/// <summary>
/// What only some actors need, made on first use: an idle leaf has none. Used in the cell's turns only, except the children, which the
/// cell's monitor guards.
/// </summary>
internal sealed class CellExtras
{
    // Children.
    public ActorCell? FirstChild;
    public Dictionary<string, ActorCell>? ChildrenByName;
    public int ChildCount;
    public bool WaitsForChildren;

    // Supervision.
    public RestartWindow? RestartWindow;
    public RestartWindow? OwnRestarts;
    public Exception? RestartCause;
    public object? FailedMessage;
    public List<ActorCell>? EscalatedFor;
    public int Restarts;
    public bool PostStopDone;
    public TaskCompletionSource? WhenStopped;

    // Watching and being watched.
    public Dictionary<IActorRef, WatchNotice>? Watching;
    public List<ActorCell>? Watchers;
    public bool Subscribed;

    // Handlers.
    public Stack<Action<object>?>? Behaviors;
    public CellTimers? Timers;
    public CellStash? Stash;
    public ReceiveTimeoutTimer? ReceiveTimeout;

    // Async handler.
    public Task? Async;
    public ActorSynchronizationContext? SynchronizationContext;
    public CancellationTokenSource? Cancellation;

    public void EndReceiveTimeout()
    {
        ReceiveTimeout?.Dispose();
        ReceiveTimeout = null;
    }

    public void UnwatchAll(ActorCell self)
    {
        if (Watching is null) return;
        foreach (var subject in Watching.Keys)
        {
            if (subject is ActorCell cell) cell.SendSystem(new UnwatchMessage(self));
        }
        Watching = null;
    }

    public void TellWatchers(ActorCell self)
    {
        if (Watchers is null) return;
        foreach (var watcher in Watchers) watcher.SendSystem(new WatchedTerminatedMessage(self));
        Watchers = null;
    }
}

/// <summary>A watch, and the envelope's content when it has come true. Valid while the watcher's table holds this very object.</summary>
internal sealed class WatchNotice(IActorRef subject, object? message) : AutoReceivedMessage
{
    public bool Queued { get; set; }

    public object? Message => message;

    internal override bool IsPrivate => true;

    internal override void Deliver(ActorCell cell, Envelope envelope)
    {
        if (cell.EndWatch(subject, this)) cell.Deliver(new Envelope(message ?? new Terminated(subject), subject));
    }
}

/// <summary>When an actor was restarted, as far as a limit needs to know: a ring of as many time stamps as restarts are allowed.</summary>
internal sealed class RestartWindow
{
    private readonly Queue<long> _stamps = new();

    /// <summary>Whether one more restart stays within <paramref name="max"/> in <paramref name="within"/>; if so it is noted.</summary>
    public bool Allow(int max, TimeSpan? within, TimeProvider time)
    {
        if (max < 0) return true;
        var now = time.GetTimestamp();
        if (within is { } period)
        {
            while (_stamps.TryPeek(out var oldest) && time.GetElapsedTime(oldest, now) > period) _stamps.Dequeue();
        }
        if (_stamps.Count >= max) return false;
        _stamps.Enqueue(now);
        return true;
    }
}
