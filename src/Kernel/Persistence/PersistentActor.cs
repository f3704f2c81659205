namespace Discord.Kernel.Persistence;

/// <summary>Settings of a persistent actor.</summary>
public sealed class PersistenceOptions
{
    /// <summary>The limit of the whole recovery; above it the actor fails.</summary>
    public TimeSpan RecoveryTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Commands that may wait for a recovery or a write; above it they become dead letters.</summary>
    public int StashCapacity { get; set; } = 10_000;

    /// <summary>The limit of one write; above it the actor stops, for it cannot know what is stored.</summary>
    public TimeSpan WriteTimeout { get; set; } = TimeSpan.FromSeconds(10);
}

/// <summary>An actor whose state is the sum of its events.</summary>
public abstract class PersistentActor : ActorBase
{
    /// <summary>Binds the actor to its stores.</summary>
    protected PersistentActor(IJournal journal, ISnapshotStore snapshots, IEventAdapter adapter, PersistenceOptions? options = null) =>
        throw new NotImplementedException();

    /// <summary>Whose events these are; unique in the store and the same for ever.</summary>
    public abstract string PersistenceId { get; }

    /// <summary>The number of the last event that was recovered or persisted; 0 when there is none.</summary>
    protected long LastSequenceNr => throw new NotImplementedException();

    /// <summary>Whether events are still being replayed.</summary>
    protected bool IsRecovering => throw new NotImplementedException();

    /// <summary>Applies an event to the state, without side effects: during replay, once for each in order.</summary>
    protected abstract void Recover(object @event);

    /// <summary>Puts a snapshot in place of the state, before the events that follow it.</summary>
    protected virtual void RecoverSnapshot(object snapshot) =>
        throw new NotSupportedException($"{GetType().Name} has a snapshot but does not override RecoverSnapshot");

    /// <summary>Handles a command, once recovery is complete and no write is under way.</summary>
    protected abstract void OnCommand(object message);

    /// <summary>Called once after the replay, before the first command.</summary>
    protected virtual void OnRecoveryCompleted() { }

    /// <summary>
    /// Writes an event; <paramref name="handler"/> runs with it once it is durable, with the command's <c>Sender</c>. Commands wait until
    /// then. Apply the event to the state in the handler. When the write fails the sender is told <see cref="Status.Failure"/> and the actor stops.
    /// </summary>
    protected void Persist<T>(T @event, Action<T> handler) where T : notnull => throw new NotImplementedException();

    /// <summary>As <see cref="Persist{T}"/> for events that are written together or not at all; <paramref name="handler"/> runs for each.</summary>
    protected void PersistAll<T>(IReadOnlyList<T> events, Action<T> handler) where T : notnull => throw new NotImplementedException();

    /// <summary>Writes events and rows in one commit, then runs <paramref name="handlerAfterAll"/> once.</summary>
    protected void Persist(IReadOnlyList<object> events, IReadOnlyList<ILookupWrite> lookups, Action handlerAfterAll) =>
        throw new NotImplementedException();

    /// <summary>
    /// Saves the state as of <see cref="LastSequenceNr"/> in the background and then deletes the events it covers. A failure is logged: the
    /// events are still there. A save while one is under way is skipped.
    /// </summary>
    protected void SaveSnapshot(object state) => throw new NotImplementedException();

    /// <inheritdoc/>
    protected internal sealed override void Receive(object message) => throw new NotImplementedException();
}
