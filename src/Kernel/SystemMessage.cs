namespace Discord.Kernel;

/// <summary>
/// What cells tell each other beside the users' messages. Never bounded by a mailbox (what causes them is), overtakes user messages, and is
/// answered by <see cref="OnClosed"/> where it comes too late.
/// </summary>
internal abstract class SystemMessage
{
    public SystemMessage? Next;

    /// <summary>Runs in the cell's turn.</summary>
    public abstract void Invoke(ActorCell cell);

    /// <summary>Runs once, on any thread, when the cell has stopped before it saw the message.</summary>
    public virtual void OnClosed(ActorCell cell) { }
}

/// <summary>Marks of the state of a cell's queue of system messages; never invoked.</summary>
internal sealed class SystemSentinel : SystemMessage
{
    public override void Invoke(ActorCell cell) => throw new InvalidOperationException("a sentinel is no message");
}

internal sealed class TerminateMessage : SystemMessage
{
    public override void Invoke(ActorCell cell) => cell.OnTerminate();
}

/// <summary>Makes a parked cell look again whether it may run.</summary>
internal sealed class WakeMessage : SystemMessage
{
    public override void Invoke(ActorCell cell) { }
}

internal sealed class ChildStoppedMessage : SystemMessage
{
    public override void Invoke(ActorCell cell) => cell.Advance();
}

internal sealed class FailedMessage(ActorCell child, Exception cause) : SystemMessage
{
    public override void Invoke(ActorCell cell) => cell.OnFailed(child, cause);
}

internal sealed class ResumeMessage(Exception cause) : SystemMessage
{
    public override void Invoke(ActorCell cell) => cell.OnResume(cause);
}

internal sealed class RecreateMessage(Exception cause) : SystemMessage
{
    public override void Invoke(ActorCell cell) => cell.OnRecreate(cause);
}

internal sealed class WatchMessage(ActorCell watcher) : SystemMessage
{
    public override void Invoke(ActorCell cell) => cell.AddWatcher(watcher);

    public override void OnClosed(ActorCell cell) => watcher.SendSystem(new WatchedTerminatedMessage(cell));
}

internal sealed class UnwatchMessage(ActorCell watcher) : SystemMessage
{
    public override void Invoke(ActorCell cell) => cell.RemoveWatcher(watcher);
}

internal sealed class WatchedTerminatedMessage(IActorRef subject) : SystemMessage
{
    public override void Invoke(ActorCell cell) => cell.OnWatchedTerminated(subject);
}

/// <summary>An await of an async handler that comes back into its actor.</summary>
internal sealed class ContinuationMessage(ActorSynchronizationContext context, SendOrPostCallback callback, object? state) : SystemMessage
{
    public override void Invoke(ActorCell cell) => cell.OnContinuation(context, callback, state);
}

internal sealed class TaskCompletedMessage(Task task) : SystemMessage
{
    public override void Invoke(ActorCell cell) => cell.OnTaskCompleted(task);
}

/// <summary>The time that a stopping actor grants its async handler is over.</summary>
internal sealed class TaskGiveUpMessage(Task task) : SystemMessage
{
    public override void Invoke(ActorCell cell) => cell.OnTaskGiveUp(task);
}
