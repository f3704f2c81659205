using Microsoft.Extensions.Logging;

namespace Discord.Kernel;

/// <summary>What the actor itself sees of its cell, and what comes back to it: watches, timers, async handlers.</summary>
internal sealed partial class ActorCell
{
    private const int MaxStackedBehaviors = 64;

    public IActorRef Self => this;

    public IActorRef Sender => _current?.Sender ?? _actorSystem.DeadLetters;

    public IActorRef Parent => _parent ?? (IActorRef)this;

    public ILogger Logger => _actorSystem.LoggerFor(_actor?.GetType() ?? _props.ActorType ?? typeof(ActorBase));

    public string Name => _name ??= string.Create(null, stackalloc char[24], $"${_uid:x}");

    public ActorPath Path => _path ??= new ActorPath(_parent?.Path, Name, _uid);

    public long Uid => _uid;

    internal Envelope? Current => _current;

    internal CellExtras Extras => _extras ?? MakeExtras();

    internal string ClassName => (_actor?.GetType() ?? _props.ActorType)?.Name ?? "?";

    internal int RestartCount => _extras?.Restarts ?? 0;

    internal int ChildCount => _extras?.ChildCount ?? 0;

    public IReadOnlyCollection<IActorRef> Children => ChildCells();

    public IStash Stash => Extras.Stash ??= new CellStash(this, _actorSystem.Options.StashCapacity);

    public ITimerScheduler Timers => Extras.Timers ??= new CellTimers(this);

    public CancellationToken CancellationToken
    {
        get
        {
            if (_phase is Phase.Stopping or Phase.Closed or Phase.RestartAwaitsHandler or Phase.RestartAwaitsChildren)
            {
                return new CancellationToken(true);
            }
            return (Extras.Cancellation ??= new CancellationTokenSource()).Token;
        }
    }

    // A supervisor may be the first to need them, from its own thread.
    private CellExtras MakeExtras()
    {
        var made = new CellExtras();
        return Interlocked.CompareExchange(ref _extras, made, null) ?? made;
    }

    public IActorRef ActorOf(Props props, string? name = null) => StartChild(props, name);

    public IActorRef Child(string name) => FindChild(name) ?? ActorRefs.Nobody;

    public void Stop(IActorRef actor) => _actorSystem.Stop(actor);

    public void Unhandled(object message) => _actorSystem.PublishUnhandled(message, _current?.Sender, this);

    // ---- behaviour ----

    public void Become(Action<object> receive)
    {
        ArgumentNullException.ThrowIfNull(receive);
        _behavior = receive;
    }

    public void BecomeStacked(Action<object> receive)
    {
        ArgumentNullException.ThrowIfNull(receive);
        var behaviors = Extras.Behaviors ??= new Stack<Action<object>?>();
        if (behaviors.Count == MaxStackedBehaviors)
        {
            throw new InvalidOperationException($"behaviours are stacked {MaxStackedBehaviors} deep; Unbecome is missing");
        }
        behaviors.Push(_behavior);
        _behavior = receive;
    }

    public void Unbecome() => _behavior = _extras?.Behaviors is { Count: > 0 } behaviors ? behaviors.Pop() : null;

    // ---- death watch ----

    public void Watch(IActorRef actor) => StartWatch(actor, null);

    public void WatchWith(IActorRef actor, object message)
    {
        ArgumentNullException.ThrowIfNull(message);
        StartWatch(actor, message);
    }

    private void StartWatch(IActorRef actor, object? message)
    {
        ArgumentNullException.ThrowIfNull(actor);
        if (ReferenceEquals(actor, this)) throw new ArgumentException("an actor cannot watch itself", nameof(actor));
        var watching = Extras.Watching ??= new Dictionary<IActorRef, WatchNotice>(ReferenceEqualityComparer.Instance);
        if (watching.TryGetValue(actor, out var present))
        {
            if (Equals(present.Message, message)) return;
            throw new InvalidOperationException($"{actor.Path} is watched already; Unwatch it before watching it with another message");
        }
        watching.Add(actor, new WatchNotice(actor, message));
        if (actor is ActorCell cell) cell.SendSystem(new WatchMessage(this));
        else OnWatchedTerminated(actor);
    }

    public void Unwatch(IActorRef actor)
    {
        ArgumentNullException.ThrowIfNull(actor);
        if (_extras?.Watching?.Remove(actor) == true && actor is ActorCell cell) cell.SendSystem(new UnwatchMessage(this));
    }

    internal void AddWatcher(ActorCell watcher) => (Extras.Watchers ??= []).Add(watcher);

    internal void RemoveWatcher(ActorCell watcher) => _extras?.Watchers?.Remove(watcher);

    internal void OnWatchedTerminated(IActorRef subject)
    {
        if (_extras?.Watching is not { } watching || !watching.TryGetValue(subject, out var notice) || notice.Queued) return;
        notice.Queued = true;
        // Through the inbox, behind what the subject has told this actor before.
        TellUnbounded(notice, subject);
    }

    internal bool EndWatch(IActorRef subject, WatchNotice notice)
    {
        if (_extras?.Watching is not { } watching || !watching.TryGetValue(subject, out var present) || !ReferenceEquals(present, notice))
        {
            return false;
        }
        watching.Remove(subject);
        return true;
    }

    // ---- receive time-out ----

    public void SetReceiveTimeout(TimeSpan? timeout)
    {
        if (timeout is { } time) ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(time, TimeSpan.Zero, nameof(timeout));
        Extras.EndReceiveTimeout();
        if (timeout is { } after) Extras.ReceiveTimeout = new ReceiveTimeoutTimer(this, after);
    }

    // ---- async handlers ----

    public void RunTask(Func<Task> task)
    {
        ArgumentNullException.ThrowIfNull(task);
        var extras = Extras;
        // A retired instance would go on beside its successor.
        if (_phase != Phase.Running) throw new InvalidOperationException($"{Path} restarts or stops and begins no async handler");
        if (extras.Async is not null)
        {
            throw new InvalidOperationException($"{Path} is in an async handler already; await within it instead");
        }
        var outer = SynchronizationContext.Current;
        SynchronizationContext.SetSynchronizationContext(extras.SynchronizationContext ??= new ActorSynchronizationContext(this));
        Task started;
        try
        {
            started = task() ?? throw new InvalidOperationException("the async handler returned null in place of a task");
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(outer);
        }
        if (started.IsCompleted)
        {
            started.GetAwaiter().GetResult();
            return;
        }
        extras.Async = started;
        Interlocked.Add(ref _holds, OwnHold);
        started.ConfigureAwait(false).GetAwaiter().UnsafeOnCompleted(() => SendSystem(new TaskCompletedMessage(started)));
    }

    internal void OnContinuation(ActorSynchronizationContext context, SendOrPostCallback callback, object? state)
    {
        // What an abandoned handler still wants to do is not done.
        if (!ReferenceEquals(_extras?.SynchronizationContext, context)) return;
        var outer = SynchronizationContext.Current;
        SynchronizationContext.SetSynchronizationContext(context);
        try
        {
            callback(state);
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(outer);
        }
        // The task's own notice takes a way round the thread pool, for it may not run inline under a synchronization context.
        if (_extras.Async is { IsCompleted: true } ended) OnTaskCompleted(ended);
    }

    internal void OnTaskCompleted(Task task)
    {
        if (!ReferenceEquals(_extras?.Async, task)) return;
        EndHandler();
        var message = _current?.Message;
        if (_phase != Phase.Running)
        {
            if (task.IsFaulted) KernelLog.FailureIgnored(_actorSystem.Log, task.Exception.InnerException!, Path);
        }
        else if (task.IsFaulted)
        {
            Fail(task.Exception.InnerException!, message);
        }
        else if (task.IsCanceled)
        {
            Fail(new TaskCanceledException(task), message);
        }
        _extras.ReceiveTimeout?.Touch();
        Advance();
    }

    internal void OnTaskGiveUp(Task task)
    {
        if (!ReferenceEquals(_extras?.Async, task)) return;
        KernelLog.HandlerAbandoned(_actorSystem.Log, Path, _actorSystem.Options.AsyncHandlerStopTimeout);
        _extras.SynchronizationContext = null;
        EndHandler();
        Advance();
    }

    private void EndHandler()
    {
        _extras!.Async = null;
        Interlocked.Add(ref _holds, -OwnHold);
    }

    /// <summary>Cancels the actor's token, and gives a running async handler a limited time to end.</summary>
    private void CancelHandler()
    {
        if (_extras is not { } extras) return;
        if (extras.Cancellation is { } cancellation)
        {
            extras.Cancellation = null;
            try
            {
                cancellation.Cancel();
            }
            catch (AggregateException e)
            {
                KernelLog.HookFailed(_actorSystem.Log, e, nameof(CancellationToken), Path);
            }
            cancellation.Dispose();
        }
        if (extras.Async is not { } running) return;
        var limit = _actorSystem.Options.AsyncHandlerStopTimeout;
        var timer = KernelTimer.Start(_actorSystem.TimeProvider, () => SendSystem(new TaskGiveUpMessage(running)), limit);
        running.ConfigureAwait(false).GetAwaiter().UnsafeOnCompleted(timer.Dispose);
    }
}
