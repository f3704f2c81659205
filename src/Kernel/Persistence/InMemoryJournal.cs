using System.Runtime.CompilerServices;

namespace Discord.Kernel.Persistence;

/// <summary>A journal that lives as long as its object; for tests. Safe to use from any thread.</summary>
public sealed class InMemoryJournal : IJournal
{
    private readonly Dictionary<string, Log> _logs = [];

    /// <summary>Called with each write before it is accepted; throws to make the write fail, waits to make it slow.</summary>
    public Func<JournalWrite, CancellationToken, ValueTask>? BeforeAppend { get; set; }

    /// <summary>All rows written beside events, in order.</summary>
    public IReadOnlyList<ILookupWrite> Lookups
    {
        get
        {
            lock (_logs) return [.. _lookups];
        }
    }

    private readonly List<ILookupWrite> _lookups = [];

    /// <inheritdoc/>
    public async ValueTask AppendAsync(JournalWrite write, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(write);
        if (BeforeAppend is { } before) await before(write, ct).ConfigureAwait(false);
        ct.ThrowIfCancellationRequested();
        lock (_logs)
        {
            if (!_logs.TryGetValue(write.PersistenceId, out var log)) _logs.Add(write.PersistenceId, log = new Log());
            if (write.FirstSequenceNr <= log.Highest) throw new JournalConflictException(write.PersistenceId, write.FirstSequenceNr);
            if (write.FirstSequenceNr != log.Highest + 1)
            {
                throw new ArgumentException(
                    $"event {write.FirstSequenceNr} of '{write.PersistenceId}' leaves a gap after {log.Highest}", nameof(write));
            }
            // A copy: the caller may use its buffers again.
            foreach (var payload in write.Events) log.Entries.Add(new JournalEntry(++log.Highest, payload.ToArray()));
            _lookups.AddRange(write.Lookups);
        }
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<JournalEntry> ReplayAsync(
        string persistenceId, long fromSequenceNr, [EnumeratorCancellation] CancellationToken ct)
    {
        await Task.CompletedTask.ConfigureAwait(false);
        JournalEntry[] entries;
        lock (_logs)
        {
            entries = _logs.TryGetValue(persistenceId, out var log) ? [.. log.Entries.Where(e => e.SequenceNr >= fromSequenceNr)] : [];
        }
        foreach (var entry in entries)
        {
            ct.ThrowIfCancellationRequested();
            yield return entry;
        }
    }

    /// <inheritdoc/>
    public ValueTask<long> HighestSequenceNrAsync(string persistenceId, CancellationToken ct)
    {
        lock (_logs) return ValueTask.FromResult(_logs.TryGetValue(persistenceId, out var log) ? log.Highest : 0);
    }

    /// <inheritdoc/>
    public ValueTask DeleteToAsync(string persistenceId, long toSequenceNr, CancellationToken ct)
    {
        lock (_logs)
        {
            if (_logs.TryGetValue(persistenceId, out var log)) log.Entries.RemoveAll(e => e.SequenceNr <= toSequenceNr);
        }
        return ValueTask.CompletedTask;
    }

    private sealed class Log
    {
        public List<JournalEntry> Entries { get; } = [];

        public long Highest { get; set; }
    }
}

/// <summary>A snapshot store that lives as long as its object; for tests. Safe to use from any thread.</summary>
public sealed class InMemorySnapshotStore : ISnapshotStore
{
    private readonly Dictionary<string, Snapshot> _snapshots = [];

    /// <inheritdoc/>
    public ValueTask SaveAsync(string persistenceId, Snapshot snapshot, CancellationToken ct)
    {
        lock (_snapshots)
        {
            if (_snapshots.TryGetValue(persistenceId, out var present) && present.SequenceNr > snapshot.SequenceNr)
            {
                return ValueTask.CompletedTask;
            }
            _snapshots[persistenceId] = snapshot with { Payload = snapshot.Payload.ToArray() };
        }
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public ValueTask<Snapshot?> LoadAsync(string persistenceId, CancellationToken ct)
    {
        lock (_snapshots) return ValueTask.FromResult<Snapshot?>(_snapshots.TryGetValue(persistenceId, out var snapshot) ? snapshot : null);
    }

    /// <inheritdoc/>
    public ValueTask DeleteAsync(string persistenceId, CancellationToken ct)
    {
        lock (_snapshots) _snapshots.Remove(persistenceId);
        return ValueTask.CompletedTask;
    }
}
