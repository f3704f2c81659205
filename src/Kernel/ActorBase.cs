namespace Discord.Kernel;

/// <summary>
/// An actor: state that only its own messages change. The kernel runs one message at a time, never two at once; what one message wrote, the
/// next one sees. Instances are made by <see cref="Props"/> only.
/// </summary>
public abstract class ActorBase
{
    private readonly ActorCell _cell;

    /// <summary>Binds the instance to its context, which is usable from here on.</summary>
    /// <exception cref="InvalidOperationException">The instance is made outside of <see cref="Props"/>.</exception>
    protected ActorBase() => _cell = ActorCell.TakeConstructing();

    /// <summary>What the actor may do with its surroundings.</summary>
    protected IActorContext Context => _cell;

    /// <summary>The actor's own ref.</summary>
    protected IActorRef Self => _cell;

    /// <summary>Who sent the message being handled; <see cref="ActorSystem.DeadLetters"/> when nobody did.</summary>
    protected IActorRef Sender => _cell.Sender;

    /// <summary>How this actor supervises its children.</summary>
    protected internal virtual SupervisorStrategy SupervisorStrategy => SupervisorStrategy.Default;

    /// <summary>Handles one message.</summary>
    protected internal abstract void Receive(object message);

    /// <summary>Called before the first message; by <see cref="PostRestart"/> too unless that is overridden.</summary>
    protected internal virtual void PreStart() { }

    /// <summary>Called once when the actor has stopped, after all its children have, even when <see cref="PreStart"/> threw.</summary>
    protected internal virtual void PostStop() { }

    /// <summary>
    /// Called on the failed instance before a restart. As written here it stops all children and calls <see cref="PostStop"/>.
    /// </summary>
    protected internal virtual void PreRestart(Exception reason, object? message)
    {
        foreach (var child in Context.Children)
        {
            Context.Unwatch(child);
            Context.Stop(child);
        }
        _cell.RunPostStop();
    }

    /// <summary>Called on the new instance after a restart. As written here it calls <see cref="PreStart"/>.</summary>
    protected internal virtual void PostRestart(Exception reason) => PreStart();

    /// <summary>Says that there is no handler for the message: it becomes an <see cref="UnhandledMessage"/>.</summary>
    protected internal virtual void Unhandled(object message) => _cell.Unhandled(message);

    internal ActorCell Cell => _cell;
}

/// <summary>An actor with one handler for everything; the lightest kind.</summary>
public abstract class UntypedActor : ActorBase
{
    /// <summary>Handles one message; calls <see cref="ActorBase.Unhandled"/> for what it does not know.</summary>
    protected abstract void OnReceive(object message);

    /// <inheritdoc/>
    protected internal sealed override void Receive(object message) => OnReceive(message);

    /// <summary>Replaces the handler of messages.</summary>
    protected void Become(Action<object> receive) => Context.Become(receive);

    /// <summary>Runs an async handler; see <see cref="IActorContext.RunTask"/>.</summary>
    protected void RunTask(Func<Task> task) => Context.RunTask(task);
}
