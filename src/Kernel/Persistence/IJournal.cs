namespace Discord.Kernel.Persistence;

/// <summary>A row that must become visible in the same commit as the events; the journal implementation knows the concrete types.</summary>
public interface ILookupWrite;

/// <summary>Events of one actor that are written together or not at all, with the rows that belong to them.</summary>
/// <param name="PersistenceId">Whose events these are.</param>
/// <param name="FirstSequenceNr">The number of the first event, or of the next where there is none; the others follow without a
/// gap.</param>
/// <param name="Events">The serialised events; none when only rows are written.</param>
/// <param name="Lookups">Rows that become visible in the same commit; often none.</param>
public sealed record JournalWrite(
    string PersistenceId, long FirstSequenceNr, IReadOnlyList<ReadOnlyMemory<byte>> Events, IReadOnlyList<ILookupWrite> Lookups);

/// <summary>One event as it was written.</summary>
public readonly record struct JournalEntry(long SequenceNr, ReadOnlyMemory<byte> Payload);

/// <summary>An append-only log of events by persistence id, numbered from 1. Safe to use from any thread.</summary>
public interface IJournal
{
    /// <summary>Completes when the events are durable.</summary>
    /// <exception cref="JournalConflictException"><see cref="JournalWrite.FirstSequenceNr"/> is already written.</exception>
    ValueTask AppendAsync(JournalWrite write, CancellationToken ct);

    /// <summary>The events from <paramref name="fromSequenceNr"/> on, in order, without those that were deleted.</summary>
    IAsyncEnumerable<JournalEntry> ReplayAsync(string persistenceId, long fromSequenceNr, CancellationToken ct);

    /// <summary>The highest number ever written, events deleted since included; 0 when there is none.</summary>
    ValueTask<long> HighestSequenceNrAsync(string persistenceId, CancellationToken ct);

    /// <summary>Deletes the events up to and including <paramref name="toSequenceNr"/>, which a snapshot covers.</summary>
    ValueTask DeleteToAsync(string persistenceId, long toSequenceNr, CancellationToken ct);
}

/// <summary>Another writer has already written events of that number: this actor's state is stale and must not go on.</summary>
public sealed class JournalConflictException(string persistenceId, long firstSequenceNr)
    : Exception($"event {firstSequenceNr} of '{persistenceId}' is already written; another activation writes to the same journal")
{
    /// <summary>Whose events were refused.</summary>
    public string PersistenceId { get; } = persistenceId;

    /// <summary>The number that is taken.</summary>
    public long FirstSequenceNr { get; } = firstSequenceNr;
}
