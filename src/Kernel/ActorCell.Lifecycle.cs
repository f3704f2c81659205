namespace Discord.Kernel;

/// <summary>Birth, failure, restart and end of a cell. Everything here runs in the cell's own turns unless it says otherwise.</summary>
/// <remarks>
/// Failure. The cell that fails raises the hold of itself and of all its descendants before it tells its supervisor, so that nobody below
/// handles a message while the supervisor decides. Each raise is matched by exactly one directive: Resume and the end of a restart lower it
/// again over the whole subtree as it then is (children born meanwhile inherited it), Stop makes it irrelevant. A failure during a restart
/// raises nothing: it leaves that restart's own hold in place for the next directive.
/// </remarks>
internal sealed partial class ActorCell
{
    /// <summary>
    /// The low half of <see cref="_holds"/> counts suspensions of the subtree, which children inherit; the high half the cell's own.
    /// </summary>
    private const int SubtreeHold = 1;
    private const int OwnHold = 0x1_0000;
    private const int SubtreeMask = 0xFFFF;

    [ThreadStatic]
    private static ActorCell? t_constructing;

    // User messages are handled only at 0. Raised by supervisors from other threads, hence interlocked.
    private int _holds;
    private Phase _phase;
    private bool _failed;

    // The children list: guarded by the monitor of the parent cell. It is a user-visible object, but nobody has reason to lock a ref.
    private ActorCell? _nextSibling;
    private ActorCell? _previousSibling;

    private enum Phase : byte
    {
        /// <summary>Waiting for the first turn.</summary>
        Created,

        Running,

        /// <summary>To be restarted once its async handler has ended.</summary>
        RestartAwaitsHandler,

        /// <summary>The old instance is done with; to be restarted once the children that stop have stopped.</summary>
        RestartAwaitsChildren,

        /// <summary>Stopping once its async handler has ended and all children have stopped.</summary>
        Stopping,

        Closed,
    }

    public static ActorCell TakeConstructing()
    {
        var cell = t_constructing
            ?? throw new InvalidOperationException("an actor is made by Props, as in system.ActorOf(Props.Create(() => new …))");
        t_constructing = null;
        return cell;
    }

    private ActorBase NewInstance()
    {
        t_constructing = this;
        try
        {
            var actor = _props.NewInstance() ?? throw new InvalidOperationException("the factory of the Props returned null");
            if (!ReferenceEquals(actor.Cell, this))
            {
                throw new InvalidOperationException("the factory of the Props returned an instance it had returned before");
            }
            return actor;
        }
        finally
        {
            t_constructing = null;
        }
    }

    private void Create()
    {
        _phase = Phase.Running;
        try
        {
            _actor = NewInstance();
            _actor.PreStart();
        }
        catch (Exception e)
        {
            Fail(new ActorInitializationException($"{Path} could not start: {e.Message}", e), null);
        }
    }

    /// <summary>The actor's code threw.</summary>
    internal void Fail(Exception cause, object? message)
    {
        // A cell that stops or restarts already has what a supervisor could order, and one that has failed waits for it.
        if (_phase != Phase.Running || _failed)
        {
            KernelLog.FailureIgnored(_actorSystem.Log, cause, Path);
            return;
        }
        if (_parent is null || _props == GuardianActor.Props)
        {
            KernelLog.GuardianFailure(_actorSystem.Log, cause, Path);
            return;
        }
        _failed = true;
        HoldSubtree();
        Extras.FailedMessage = message;
        _parent.SendSystem(new FailedMessage(this, cause));
    }

    /// <summary>Suspends this cell and all below it; from any thread.</summary>
    internal void HoldSubtree()
    {
        _ = Subtree(+SubtreeHold);
    }

    /// <summary>Takes one suspension back from this cell and all below it.</summary>
    internal void ReleaseSubtree()
    {
        foreach (var cell in Subtree(-SubtreeHold)) cell.SendSystem(new WakeMessage());
    }

    /// <summary>
    /// Changes the holds of the subtree. A cell's hold and the list of its children change under one lock, under which children also
    /// inherit
    /// it at birth: whoever is born meanwhile is counted either there or here, never twice.
    /// </summary>
    private List<ActorCell> Subtree(int hold)
    {
        var cells = new List<ActorCell> { this };
        for (var i = 0; i < cells.Count; i++)
        {
            var cell = cells[i];
            lock (cell)
            {
                Interlocked.Add(ref cell._holds, hold);
                for (var child = cell._extras?.FirstChild; child is not null; child = child._nextSibling) cells.Add(child);
            }
        }
        return cells;
    }

    /// <summary>A child failed.</summary>
    internal void OnFailed(ActorCell child, Exception cause)
    {
        if (_phase is Phase.Stopping or Phase.Closed) return;
        SupervisorStrategy strategy;
        Directive directive;
        try
        {
            strategy = _props.SupervisorStrategy ?? _actor?.SupervisorStrategy ?? SupervisorStrategy.Default;
            directive = strategy.Decider(cause);
        }
        catch (Exception e)
        {
            Escalate(child, new ActorException($"the supervisor of {child.Path} could not decide about '{cause.Message}': {e.Message}", e));
            return;
        }
        KernelLog.ChildFailed(_actorSystem.Log, cause, child.Path, directive);
        switch (directive)
        {
            case Directive.Resume:
                child.SendSystem(new ResumeMessage(cause));
                break;
            case Directive.Restart:
                var window = strategy.AllChildren
                    ? Extras.RestartWindow ??= new RestartWindow()
                    : child.Extras.OwnRestarts ??= new RestartWindow();
                if (window.Allow(strategy.MaxRestarts, strategy.Within, _actorSystem.TimeProvider))
                {
                    foreach (var each in Affected(strategy, child))
                    {
                        if (!ReferenceEquals(each, child)) each.HoldSubtree();
                        each.SendSystem(new RecreateMessage(cause));
                    }
                    break;
                }
                foreach (var each in Affected(strategy, child)) each.StopSelf();
                var limit = strategy.Within is { } within
                    ? $"{strategy.MaxRestarts} restarts within {within}"
                    : $"{strategy.MaxRestarts} restarts";
                Escalate(child, new RestartLimitExceededException(
                    $"{child.Path} failed more often than the {limit} allowed; it is stopped", cause));
                break;
            case Directive.Stop:
                foreach (var each in Affected(strategy, child)) each.StopSelf();
                break;
            case Directive.Escalate:
                Escalate(child, cause);
                break;
            default:
                throw new InvalidOperationException($"the decider answered {directive}, which is no directive");
        }
    }

    private void Escalate(ActorCell child, Exception cause)
    {
        if (_parent is null || _props == GuardianActor.Props)
        {
            // Nobody is above: the system goes on without that actor.
            KernelLog.GuardianStopsChild(_actorSystem.Log, cause, child.Path);
            child.StopSelf();
            return;
        }
        (Extras.EscalatedFor ??= []).Add(child);
        Fail(cause, null);
    }

    private IReadOnlyList<ActorCell> Affected(SupervisorStrategy strategy, ActorCell child) =>
        strategy.AllChildren ? [.. ChildCells().Where(each => !each.IsStopRequested || ReferenceEquals(each, child))] : [child];

    internal void OnResume(Exception cause)
    {
        if (_phase is Phase.Stopping) return;
        if (_actor is null && _phase == Phase.Running)
        {
            // There is no instance to go on with.
            OnRecreate(cause);
            return;
        }
        _failed = false;
        // A child whose failure was escalated has its own hold, for which nobody else will give a directive.
        if (_extras?.EscalatedFor is { } escalatedFor)
        {
            _extras.EscalatedFor = null;
            foreach (var child in escalatedFor) child.SendSystem(new ResumeMessage(cause));
        }
        ReleaseSubtree();
    }

    internal void OnRecreate(Exception cause)
    {
        switch (_phase)
        {
            case Phase.Stopping:
                return;
            case Phase.RestartAwaitsHandler or Phase.RestartAwaitsChildren:
                // One restart answers both failures.
                ReleaseSubtree();
                return;
        }
        Extras.RestartCause = cause;
        _phase = Phase.RestartAwaitsHandler;
        CancelHandler();
        Advance();
    }

    /// <summary>Takes the next step of a restart or stop when what it waits for has come.</summary>
    internal void Advance()
    {
        if (_phase == Phase.RestartAwaitsHandler && _extras!.Async is null) RetireInstance();
        if (_phase == Phase.RestartAwaitsChildren && !AwaitsChildren(onlyStopping: true)) FinishRestart();
        if (_phase == Phase.Stopping && _extras?.Async is null && !AwaitsChildren(onlyStopping: false)) FinishStop();
    }

    private void RetireInstance()
    {
        var extras = Extras;
        extras.Timers?.CancelAll();
        extras.EndReceiveTimeout();
        _current = null;
        try
        {
            _actor?.PreRestart(extras.RestartCause!, extras.FailedMessage);
        }
        catch (Exception e)
        {
            KernelLog.HookFailed(_actorSystem.Log, e, nameof(ActorBase.PreRestart), Path);
        }
        // Whatever PreRestart started belongs to the old instance too.
        extras.Timers?.CancelAll();
        extras.EndReceiveTimeout();
        extras.Stash?.UnstashAll();
        _behavior = null;
        extras.Behaviors = null;
        extras.FailedMessage = null;
        if (_phase == Phase.RestartAwaitsHandler) _phase = Phase.RestartAwaitsChildren;
    }

    private void FinishRestart()
    {
        var cause = _extras!.RestartCause!;
        _extras.RestartCause = null;
        var escalatedFor = _extras.EscalatedFor;
        _extras.EscalatedFor = null;
        _extras.PostStopDone = false;
        var survivors = ChildCells();
        _phase = Phase.Running;
        _actor = null;
        try
        {
            _actor = NewInstance();
            _actor.PostRestart(cause);
        }
        catch (Exception e)
        {
            // The hold of this restart stays for the directive to come.
            _failed = true;
            _parent!.SendSystem(new FailedMessage(this, new ActorInitializationException($"{Path} could not restart: {e.Message}", e)));
            return;
        }
        _extras.Restarts++;
        _actorSystem.Metrics.CountRestart();
        _failed = false;
        foreach (var child in survivors)
        {
            // A child whose failure was escalated is held by that failure already.
            if (escalatedFor?.Contains(child) != true) child.HoldSubtree();
            child.SendSystem(new RecreateMessage(cause));
        }
        ReleaseSubtree();
    }

    /// <summary>Stops the cell after the message it handles now; from any thread.</summary>
    internal void StopSelf()
    {
        Volatile.Write(ref _stopRequested, true);
        SendSystem(new TerminateMessage());
    }

    private bool _stopRequested;

    internal bool IsStopRequested => Volatile.Read(ref _stopRequested);

    internal void OnTerminate()
    {
        if (_phase is Phase.Stopping or Phase.Closed) return;
        Volatile.Write(ref _stopRequested, true);
        ActorCell[] children;
        lock (this)
        {
            // From here on no child can be born.
            _phase = Phase.Stopping;
            children = ChildCells();
        }
        Interlocked.Add(ref _holds, OwnHold);
        _extras?.Timers?.CancelAll();
        _extras?.EndReceiveTimeout();
        CancelHandler();
        foreach (var child in children) child.StopSelf();
        Advance();
    }

    private void FinishStop()
    {
        RunPostStop();
        // Whatever PostStop started must not outlive the actor.
        _extras?.Timers?.CancelAll();
        _extras?.EndReceiveTimeout();
        _phase = Phase.Closed;
        _current = null;
        // The count is right and the name free before anyone can learn of the end.
        if (_props != GuardianActor.Props) _actorSystem.Metrics.CountStopped();
        var parentWaits = _parent?.RemoveChild(this) ?? false;
        var extras = _extras;
        if (extras is not null)
        {
            extras.Stash?.ToDeadLetters();
            if (extras.Subscribed) _actorSystem.EventStream.Unsubscribe(this);
        }
        CloseMailbox();
        _actor = null;
        _behavior = null;
        if (extras is not null)
        {
            extras.UnwatchAll(this);
            extras.TellWatchers(this);
            if (extras.WhenStopped is { } stopped) stopped.TrySetResult();
            // Refs outlive actors; they should not keep more than themselves.
            _extras = null;
        }
        if (parentWaits) _parent!.SendSystem(new ChildStoppedMessage());
    }

    /// <summary>Calls <c>PostStop</c> of the present instance unless that was done; <c>PreRestart</c> comes here too.</summary>
    internal void RunPostStop()
    {
        if (_actor is null || _extras is { PostStopDone: true }) return;
        Extras.PostStopDone = true;
        try
        {
            _actor.PostStop();
        }
        catch (Exception e)
        {
            KernelLog.HookFailed(_actorSystem.Log, e, nameof(ActorBase.PostStop), Path);
        }
    }

    // ---- children ----

    internal ActorCell StartChild(Props props, string? name)
    {
        ArgumentNullException.ThrowIfNull(props);
        if (name is not null && !ActorPath.IsValidName(name))
        {
            throw new InvalidActorNameException(
                $"'{name}' is no valid actor name: 1 to 256 characters, no '/' or '#', not beginning with '$'");
        }
        var child = new ActorCell(_actorSystem, this, props, name, _actorSystem.NextUid());
        lock (this)
        {
            if (_phase is Phase.Stopping or Phase.Closed)
            {
                throw new InvalidOperationException($"{Path} is stopping and starts no more children");
            }
            var extras = Extras;
            if (name is not null && !(extras.ChildrenByName ??= []).TryAdd(name, child))
            {
                throw new InvalidActorNameException($"{Path} already has a child '{name}'; a name is free again when Terminated arrives");
            }
            child._holds = _holds & SubtreeMask;
            child._nextSibling = extras.FirstChild;
            if (extras.FirstChild is { } first) first._previousSibling = child;
            extras.FirstChild = child;
            extras.ChildCount++;
        }
        _actorSystem.Metrics.CountStarted();
        child.Start();
        return child;
    }

    /// <summary>Takes a stopped child off, on that child's thread. True when the parent waits for it.</summary>
    private bool RemoveChild(ActorCell child)
    {
        lock (this)
        {
            var extras = Extras;
            if (child._name is { } name && extras.ChildrenByName is { } byName
                && byName.TryGetValue(name, out var named) && ReferenceEquals(named, child))
            {
                byName.Remove(name);
            }
            if (child._previousSibling is { } previous) previous._nextSibling = child._nextSibling;
            else extras.FirstChild = child._nextSibling;
            if (child._nextSibling is { } next) next._previousSibling = child._previousSibling;
            child._nextSibling = child._previousSibling = null;
            extras.ChildCount--;
            return extras.WaitsForChildren;
        }
    }

    private bool AwaitsChildren(bool onlyStopping)
    {
        if (_extras is null) return false;
        lock (this)
        {
            var child = _extras.FirstChild;
            while (onlyStopping && child is { IsStopRequested: false }) child = child._nextSibling;
            return _extras.WaitsForChildren = child is not null;
        }
    }

    /// <summary>The children at this moment, the youngest first; from any thread.</summary>
    internal ActorCell[] ChildCells()
    {
        lock (this)
        {
            if (_extras is not { ChildCount: > 0 } extras) return [];
            var children = new ActorCell[extras.ChildCount];
            var i = 0;
            for (var child = extras.FirstChild; child is not null; child = child._nextSibling) children[i++] = child;
            return children;
        }
    }

    internal ActorCell? FindChild(string name)
    {
        lock (this)
        {
            if (_extras?.ChildrenByName is { } byName && byName.TryGetValue(name, out var named)) return named;
            if (!name.StartsWith('$')) return null;
            for (var child = _extras?.FirstChild; child is not null; child = child._nextSibling)
            {
                if (child.Name == name) return child;
            }
            return null;
        }
    }

    // ---- for the system ----

    internal ActorCell StartGuardian(string name)
    {
        var guardian = new ActorCell(_actorSystem, this, GuardianActor.Props, name, _actorSystem.NextUid());
        lock (this)
        {
            var extras = Extras;
            (extras.ChildrenByName ??= []).Add(name, guardian);
            guardian._nextSibling = extras.FirstChild;
            if (extras.FirstChild is { } first) first._previousSibling = guardian;
            extras.FirstChild = guardian;
            extras.ChildCount++;
        }
        guardian.Start();
        return guardian;
    }

    /// <summary>Stops the cell and completes when it has stopped; for guardians.</summary>
    internal Task StopAsync()
    {
        var stopped = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        SendSystem(new StopAndTellMessage(stopped));
        return stopped.Task;
    }

    internal long DepthOfSubtree()
    {
        long depth = 0;
        var cells = new Stack<ActorCell>([this]);
        while (cells.TryPop(out var cell))
        {
            depth += cell.MailboxDepth;
            foreach (var child in cell.ChildCells()) cells.Push(child);
        }
        return depth;
    }

    internal IEnumerable<ActorInfo> Describe(int depth)
    {
        var cells = new Stack<(ActorCell Cell, int Depth)>([(this, 0)]);
        while (cells.TryPop(out var item))
        {
            var cell = item.Cell;
            yield return new ActorInfo(
                cell.Path.ToString(), cell.Uid, cell.ClassName, cell.MailboxDepth, cell.RestartCount, cell.ChildCount, item.Depth);
            if (item.Depth >= depth) continue;
            foreach (var child in cell.ChildCells()) cells.Push((child, item.Depth + 1));
        }
    }

    private sealed class StopAndTellMessage(TaskCompletionSource stopped) : SystemMessage
    {
        public override void Invoke(ActorCell cell)
        {
            cell.Extras.WhenStopped = stopped;
            cell.OnTerminate();
        }

        public override void OnClosed(ActorCell cell) => stopped.TrySetResult();
    }
}
