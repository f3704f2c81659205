namespace Discord.Kernel.Persistence;

/// <summary>An actor whose state is the sum of its events.</summary>
/// <remarks>
/// <para>Start: the newest snapshot, the events after it, <see cref="OnRecoveryCompleted"/>; commands wait in the mailbox meanwhile, in
/// order.</para>
/// <para>Command: <see cref="OnCommand"/> validates, decides on events and calls <c>Persist</c>, which writes once the handler has
/// returned.
/// Until the journal has acknowledged, no other message is handled. Only then do the handlers run, with the command's <c>Sender</c>, change
/// the state and answer: nobody is told of what a crash could take back.</para>
/// <para>A failed write stops the actor, because memory and journal might differ; the sender of the command is told
/// <see cref="Status.Failure"/> with <see cref="PersistenceFailedException"/>. The next activation reads what is really there. Two
/// activations of one id cannot both write: the journal refuses the second with <see cref="JournalConflictException"/>.</para>
/// <para>An actor that others read from may stay instead (<see cref="StaysInDoubt"/>). It is then in doubt until the journal can be read:
/// its state is what was last acknowledged, it writes nothing, and commands come to <see cref="OnCommandInDoubt"/>. If the events turn out
/// to be written, their handlers run as after any write; if not, the command has not been. Should a journal carry a write out after it was
/// read without it, the next write is refused as a second activation's would be, and the actor stops.</para>
/// <para>A stop that comes during a write waits for it (see <see cref="ActorSystemOptions.AsyncHandlerStopTimeout"/>) and its
/// handlers.</para>
/// </remarks>
public abstract class PersistentActor : ActorBase
{
    private readonly IJournal _journal;
    private readonly ISnapshotStore _snapshots;
    private readonly IEventAdapter _adapter;
    private readonly PersistenceOptions _options;
    private readonly Queue<Pending> _pending = new();
    private Doubt? _doubt;
    private int _savingSnapshot;

    /// <summary>Binds the actor to its stores.</summary>
    protected PersistentActor(IJournal journal, ISnapshotStore snapshots, IEventAdapter adapter, PersistenceOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(journal);
        ArgumentNullException.ThrowIfNull(snapshots);
        ArgumentNullException.ThrowIfNull(adapter);
        _journal = journal;
        _snapshots = snapshots;
        _adapter = adapter;
        _options = options ?? new PersistenceOptions();
    }

    /// <summary>Whose events these are; unique in the store and the same for ever.</summary>
    public abstract string PersistenceId { get; }

    /// <summary>The number of the last event that was recovered or persisted; 0 when there is none.</summary>
    protected long LastSequenceNr { get; private set; }

    /// <summary>Whether events are still being replayed.</summary>
    protected bool IsRecovering { get; private set; } = true;

    /// <summary>Applies an event to the state, without side effects: during replay, once for each in order.</summary>
    protected abstract void Recover(object @event);

    /// <summary>Puts a snapshot in place of the whole state, whatever it was, before the events that follow it.</summary>
    protected virtual void RecoverSnapshot(object snapshot) =>
        throw new NotSupportedException($"{GetType().Name} has a snapshot but does not override RecoverSnapshot");

    /// <summary>Handles a command, once recovery is complete and no write is under way.</summary>
    protected abstract void OnCommand(object message);

    /// <summary>Called once after the replay, before the first command. May persist.</summary>
    protected virtual void OnRecoveryCompleted() { }

    /// <summary>
    /// Awaited after <see cref="OnRecoveryCompleted"/> and before the first command: for what the actor must read elsewhere before it
    /// serves. Counts as part of the recovery's handler, so it awaits and does not call <see cref="RunTask"/>.
    /// </summary>
    protected virtual Task OnRecoveryCompletedAsync() => Task.CompletedTask;

    /// <summary>Begins the recovery; whoever overrides it calls it.</summary>
    protected internal override void PreStart() => Context.RunTask(RecoverWithin);

    /// <summary>
    /// Writes an event; <paramref name="handler"/> runs with it once it is durable, with the command's <c>Sender</c>. Commands wait until
    /// then. Apply the event to the state in the handler. When the write fails the sender is told <see cref="Status.Failure"/> and the
    /// actor
    /// stops.
    /// </summary>
    /// <exception cref="InvalidOperationException">Called by <see cref="Recover"/>.</exception>
    protected void Persist<T>(T @event, Action<T> handler) where T : notnull
    {
        ArgumentNullException.ThrowIfNull(handler);
        Enqueue([@event], [], () => handler(@event));
    }

    /// <summary>
    /// As <see cref="Persist{T}"/> for events that are written together or not at all; <paramref name="handler"/> runs for each.
    /// </summary>
    protected void PersistAll<T>(IReadOnlyList<T> events, Action<T> handler) where T : notnull
    {
        ArgumentNullException.ThrowIfNull(events);
        ArgumentNullException.ThrowIfNull(handler);
        Enqueue([.. events], [], () =>
        {
            foreach (var each in events) handler(each);
        });
    }

    /// <summary>
    /// Writes events and rows in one commit, then runs <paramref name="handlerAfterAll"/> once. There must be at least one event or row.
    /// </summary>
    protected void Persist(IReadOnlyList<object> events, IReadOnlyList<ILookupWrite> lookups, Action handlerAfterAll)
    {
        ArgumentNullException.ThrowIfNull(events);
        ArgumentNullException.ThrowIfNull(lookups);
        ArgumentNullException.ThrowIfNull(handlerAfterAll);
        Enqueue(events, lookups, handlerAfterAll);
    }

    /// <summary>
    /// Whether the actor stays when a write failed, to find out what became of it. Asked once the sender has been told; not where the
    /// journal has another writer's events, which always stops it.
    /// </summary>
    protected virtual bool StaysInDoubt(Exception failure) => false;

    /// <summary>
    /// In place of <see cref="OnCommand"/> while it is not known whether the last write is stored: must not persist. Stashes the message
    /// for later unless overridden.
    /// </summary>
    protected virtual void OnCommandInDoubt(object message) => Context.Stash.Stash();

    /// <summary>
    /// Saves the state as of <see cref="LastSequenceNr"/> in the background and then deletes the events it covers. A failure is logged: the
    /// events are still there. A save while one is under way is skipped. <paramref name="state"/> must not change any more: a large one
    /// takes long to encode, and that is done beside the actor.
    /// </summary>
    protected void SaveSnapshot(object state)
    {
        ArgumentNullException.ThrowIfNull(state);
        if (Interlocked.Exchange(ref _savingSnapshot, 1) != 0) return;
        var log = Context.System.Log;
        var id = PersistenceId;
        var sequence = LastSequenceNr;
        _ = Task.Run(async () =>
        {
            try
            {
                var snapshot = new Snapshot(sequence, _adapter.ToBytes(state));
                await _snapshots.SaveAsync(id, snapshot, CancellationToken.None).ConfigureAwait(false);
                await _journal.DeleteToAsync(id, sequence, CancellationToken.None).ConfigureAwait(false);
            }
            catch (Exception e)
            {
                KernelLog.SnapshotFailed(log, e, id, sequence);
            }
            finally
            {
                Volatile.Write(ref _savingSnapshot, 0);
            }
        });
    }

    /// <summary>Runs an async command handler, which may persist; see <see cref="IActorContext.RunTask"/>.</summary>
    protected void RunTask(Func<Task> task) => Context.RunTask(async () =>
    {
        try
        {
            await task();
        }
        catch
        {
            _pending.Clear();
            throw;
        }
        await WritePending();
    });

    /// <inheritdoc/>
    protected internal sealed override void Receive(object message)
    {
        try
        {
            if (message is Settled settled) OnSettled(settled);
            else if (_doubt is not null) OnCommandInDoubt(message);
            else OnCommand(message);
        }
        catch
        {
            // A command that failed has decided nothing, even if the supervisor lets this instance go on.
            _pending.Clear();
            throw;
        }
        // An async handler writes at its own end.
        if (_pending.Count > 0 && Cell.Extras.Async is null) Context.RunTask(WritePending);
    }

    private void Enqueue(IReadOnlyList<object> events, IReadOnlyList<ILookupWrite> lookups, Action handler)
    {
        if (IsRecovering) throw new InvalidOperationException($"{PersistenceId} must not persist while it recovers");
        if (_doubt is not null) throw new InvalidOperationException($"{PersistenceId} must not persist while a write is in doubt");
        if (events.Count + lookups.Count == 0) throw new ArgumentException("there is no event or row to persist", nameof(events));
        var payloads = new ReadOnlyMemory<byte>[events.Count];
        for (var i = 0; i < payloads.Length; i++) payloads[i] = _adapter.ToBytes(events[i]);
        _pending.Enqueue(new Pending(payloads, lookups, handler));
    }

    /// <summary>Writes what handlers have asked for, one after the other, including what they ask for when they run.</summary>
    private async Task WritePending()
    {
        while (_pending.TryDequeue(out var pending))
        {
            var first = LastSequenceNr + 1;
            Task? written = null;
            try
            {
                var append = _journal.AppendAsync(
                    new JournalWrite(PersistenceId, first, pending.Events, pending.Lookups), CancellationToken.None);
                if (!append.IsCompletedSuccessfully)
                    await (written = append.AsTask()).WaitAsync(_options.WriteTimeout, Context.System.TimeProvider);
            }
            catch (Exception e)
            {
                KernelLog.WriteFailed(Context.System.Log, e, PersistenceId, first);
                _pending.Clear();
                Cell.Current?.Sender?.Tell(new Status.Failure(new PersistenceFailedException(PersistenceId, e)), Self);
                if (e is JournalConflictException || !StaysInDoubt(e)) Context.Stop(Self);
                else Settle(_doubt = new Doubt(pending, written ?? Task.FromException(e)), TimeSpan.Zero);
                return;
            }
            LastSequenceNr += pending.Events.Length;
            pending.Handler();
        }
    }

    private void Settle(Doubt doubt, TimeSpan pause) =>
        FateAsync(doubt, pause, Context.System.TimeProvider, Context.CancellationToken).PipeTo(
            Self, success: fate => new Settled(doubt, fate, null), failure: e => new Settled(doubt, default, e));

    // Beside the actor, which changes nothing meanwhile.
    private async Task<Fate> FateAsync(Doubt doubt, TimeSpan pause, TimeProvider time, CancellationToken ct)
    {
        await Task.Delay(pause, time, ct).ConfigureAwait(false);
        // One that took too long may still end; while it has not, the journal cannot tell.
        await doubt.Written.WaitAsync(ct).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        ct.ThrowIfCancellationRequested();
        if (doubt.Written.IsCompletedSuccessfully) return Fate.Written;
        var events = doubt.Write.Events;
        var highest = await _journal.HighestSequenceNrAsync(PersistenceId, ct).ConfigureAwait(false);
        if (highest == LastSequenceNr) return Fate.NotWritten;
        if (highest != LastSequenceNr + events.Length) return Fate.Foreign;
        var next = 0;
        await foreach (var entry in _journal.ReplayAsync(PersistenceId, LastSequenceNr + 1, ct).ConfigureAwait(false))
        {
            if (next == events.Length || !entry.Payload.Span.SequenceEqual(events[next].Span)) return Fate.Foreign;
            next++;
        }
        return next == events.Length ? Fate.Written : Fate.Foreign;
    }

    private void OnSettled(Settled settled)
    {
        // Of the instance before a restart.
        if (settled.Doubt != _doubt) return;
        if (settled.Error is { } error)
        {
            if (!_doubt.IsTold) KernelLog.DoubtRemains(Context.System.Log, error, PersistenceId, LastSequenceNr + 1);
            _doubt.IsTold = true;
            Settle(_doubt, _options.DoubtPause);
            return;
        }
        KernelLog.DoubtSettled(Context.System.Log, PersistenceId, LastSequenceNr + 1, settled.Fate);
        if (settled.Fate == Fate.Foreign)
        {
            Context.Stop(Self);
            return;
        }
        var write = _doubt.Write;
        _doubt = null;
        Context.Stash.UnstashAll();
        if (settled.Fate != Fate.Written) return;
        LastSequenceNr += write.Events.Length;
        write.Handler();
    }

    private async Task RecoverWithin()
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Context.CancellationToken);
        try
        {
            var recovery = Replay(limit.Token);
            await recovery.WaitAsync(_options.RecoveryTimeout, Context.System.TimeProvider, Context.CancellationToken);
        }
        catch (Exception e)
        {
            // What is still under way must not go on.
            await limit.CancelAsync();
            var reason = e is TimeoutException ? $"it takes longer than {_options.RecoveryTimeout}" : e.Message;
            KernelLog.RecoveryFailed(Context.System.Log, e, PersistenceId);
            var failure = e as RecoveryException ?? new RecoveryException(PersistenceId, reason, e);
            throw new ActorInitializationException(failure.Message, failure);
        }
        IsRecovering = false;
        OnRecoveryCompleted();
        await OnRecoveryCompletedAsync();
        await WritePending();
    }

    /// <summary>
    /// Rebuilds the state. A former activation may still be saving a snapshot and deleting what it covers: where events are missing, a
    /// snapshot newer than the one begun with explains it, and the replay begins anew from there.
    /// </summary>
    private async Task Replay(CancellationToken ct)
    {
        long begun = -1;
        while (true)
        {
            var snapshot = await _snapshots.LoadAsync(PersistenceId, ct);
            ct.ThrowIfCancellationRequested();
            if (begun >= 0 && (snapshot is null || snapshot.Value.SequenceNr <= begun))
            {
                throw new RecoveryException(
                    PersistenceId, $"event {LastSequenceNr + 1} was written but is gone, without a snapshot that covers it");
            }
            begun = snapshot?.SequenceNr ?? 0;
            if (snapshot is { } state) RecoverSnapshot(_adapter.FromBytes(state.Payload));
            LastSequenceNr = begun;
            if (await ReplayEvents(ct)) return;
        }
    }

    /// <summary>Replays what follows <see cref="LastSequenceNr"/>. False when an event is missing.</summary>
    private async Task<bool> ReplayEvents(CancellationToken ct)
    {
        await foreach (var entry in _journal.ReplayAsync(PersistenceId, LastSequenceNr + 1, ct))
        {
            ct.ThrowIfCancellationRequested();
            if (entry.SequenceNr != LastSequenceNr + 1) return false;
            Recover(_adapter.FromBytes(entry.Payload));
            LastSequenceNr = entry.SequenceNr;
        }
        var highest = await _journal.HighestSequenceNrAsync(PersistenceId, ct);
        ct.ThrowIfCancellationRequested();
        return highest <= LastSequenceNr;
    }

    private readonly record struct Pending(ReadOnlyMemory<byte>[] Events, IReadOnlyList<ILookupWrite> Lookups, Action Handler);

    /// <summary>A write that failed.</summary>
    private sealed class Doubt(Pending write, Task written)
    {
        public Pending Write => write;

        public Task Written => written;

        public bool IsTold { get; set; }
    }

    private sealed record Settled(Doubt Doubt, Fate Fate, Exception? Error);

    private enum Fate
    {
        NotWritten,
        Written,
        Foreign,
    }
}
