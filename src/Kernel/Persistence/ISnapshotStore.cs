namespace Discord.Kernel.Persistence;

/// <summary>An actor's state after the event <paramref name="SequenceNr"/>.</summary>
public readonly record struct Snapshot(long SequenceNr, ReadOnlyMemory<byte> Payload);

/// <summary>The newest snapshot by persistence id. Safe to use from any thread.</summary>
public interface ISnapshotStore
{
    /// <summary>
    /// Completes when the snapshot is durable. It replaces an older one; one that is older than what is there is ignored, for a save of a
    /// former activation may come late.
    /// </summary>
    ValueTask SaveAsync(string persistenceId, Snapshot snapshot, CancellationToken ct);

    /// <summary>The newest snapshot, or null.</summary>
    ValueTask<Snapshot?> LoadAsync(string persistenceId, CancellationToken ct);

    /// <summary>Deletes what is there.</summary>
    ValueTask DeleteAsync(string persistenceId, CancellationToken ct);
}
