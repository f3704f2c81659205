using System.Runtime.CompilerServices;
using Discord.Cql;
using Discord.Kernel.Persistence;

namespace Discord.Storage.Cql;

/// <summary>Actors' events, in partitions by <see cref="CqlCommits.PartitionOf"/>. What a write is and how it can fail is told at
/// <see cref="CqlCommits"/>.</summary>
internal sealed class CqlJournal(CqlDatabase database, CqlCommits commits, CqlRowWrites writes, WriteClock clock) : IJournal
{
    // One read answers with at most so much, so that a long replay does not fill memory.
    private const int FirstRead = 64;
    private const int MaxRead = 1_000;
    private const int ReadBytes = 1 << 20;

    // Events and partitions that are deleted are never written again: their deletion may be above any clock.
    private const long MinuteMicros = 60_000_000;

    private static readonly Query SelectPartitions = Query.Read(
        "SELECT partition_nr FROM journal_partitions WHERE persistence_id = ? AND partition_nr >= ? ORDER BY partition_nr ASC");

    private static readonly Query SelectStart = Query.Read(
        "SELECT partition_nr FROM journal_partitions WHERE persistence_id = ? AND partition_nr <= ? LIMIT 1");

    private static readonly Query SelectUpTo = Query.Read(
        "SELECT partition_nr FROM journal_partitions WHERE persistence_id = ? AND partition_nr <= ?");

    private static readonly Query SelectEvents = Query.Read(
        "SELECT sequence_nr, payload FROM journal WHERE persistence_id = ? AND partition_nr = ? AND sequence_nr >= ? LIMIT ?");

    private static readonly Query DeleteEvents = Query.Write(
        "DELETE FROM journal WHERE persistence_id = ? AND partition_nr = ? AND sequence_nr <= ?");

    private static readonly Query SelectHighest = Query.Read(
        "SELECT last_sequence_nr FROM journal WHERE persistence_id = ? AND partition_nr = ? LIMIT 1");

    private static readonly Query DeletePartition =
        Query.Write("DELETE FROM journal_partitions WHERE persistence_id = ? AND partition_nr = ?");

    public async ValueTask AppendAsync(JournalWrite write, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(write);
        if (write.Events.Count + write.Lookups.Count == 0)
            throw new ArgumentException("a journal write has an event or a row", nameof(write));
        var bytes = write.Events.Sum(each => (long)each.Length);
        if (bytes > CqlCommits.MaxBytes)
            throw new StorageException(StorageError.TooLarge,
                $"a journal write of {bytes} bytes is above the limit of {CqlCommits.MaxBytes}");
        ct.ThrowIfCancellationRequested();
        var (claims, changes) = await writes.PrepareAsync(write.Lookups).ConfigureAwait(false);
        await commits.CommitAsync(write.PersistenceId, write.FirstSequenceNr, write.Events, claims, changes).ConfigureAwait(false);
    }

    public async IAsyncEnumerable<JournalEntry> ReplayAsync(
        string persistenceId, long fromSequenceNr, [EnumeratorCancellation] CancellationToken ct)
    {
        // Settles what was under way, and applies the rows of the last write.
        var head = await commits.ReadHeadAsync(persistenceId).ConfigureAwait(false);
        if (fromSequenceNr > head.SequenceNr) yield break;
        var start = (await database.BindAsync(SelectStart, ct).ConfigureAwait(false)).Add(persistenceId)
            .Add(CqlCommits.PartitionOf(fromSequenceNr));
        var first = await database.FirstAsync(start, row => row.GetInt64(0), ct).ConfigureAwait(false);
        var select = (await database.BindAsync(SelectPartitions, ct).ConfigureAwait(false)).Add(persistenceId).Add(first);
        await foreach (var partition in database.StreamAsync(select, row => row.GetInt64(0), ct).ConfigureAwait(false))
        {
            var limit = FirstRead;
            for (var next = fromSequenceNr; ;)
            {
                var read = (await database.BindAsync(SelectEvents, ct).ConfigureAwait(false)).Add(persistenceId).Add(partition)
                    .Add(next).Add(limit);
                var entries = await database.ListAsync(read, row => new JournalEntry(row.GetInt64(0), row.CopyBytes(1)), ct)
                    .ConfigureAwait(false);
                foreach (var entry in entries) yield return entry;
                if (entries.Count < limit) break;
                next = entries[^1].SequenceNr + 1;
                var average = Math.Max(1, entries.Sum(entry => (long)entry.Payload.Length) / entries.Count);
                limit = (int)Math.Clamp(ReadBytes / average, 4, MaxRead);
            }
        }
    }

    public async ValueTask<long> HighestSequenceNrAsync(string persistenceId, CancellationToken ct) =>
        (await commits.ReadHeadAsync(persistenceId).ConfigureAwait(false)).SequenceNr;

    public async ValueTask DeleteToAsync(string persistenceId, long toSequenceNr, CancellationToken ct)
    {
        if (toSequenceNr < 1) return;
        var select = (await database.BindAsync(SelectUpTo, ct).ConfigureAwait(false)).Add(persistenceId)
            .Add(CqlCommits.PartitionOf(toSequenceNr));
        var partitions = await database.ListAsync(select, row => row.GetInt64(0), ct).ConfigureAwait(false);
        var newerWritten = false;
        foreach (var partition in partitions)
        {
            var timestamp = clock.Next() + MinuteMicros;
            await database.WriteAsync((await database.BindAsync(DeleteEvents, ct).ConfigureAwait(false))
                .Add(persistenceId).Add(partition).Add(toSequenceNr).At(timestamp)).ConfigureAwait(false);
            var highest = (await database.BindAsync(SelectHighest, ct).ConfigureAwait(false)).Add(persistenceId).Add(partition);
            if (await database.FirstAsync(highest, row => row.Get<long?>(0), ct).ConfigureAwait(false) is not { } last) continue;
            // The newest one tells the highest number. Of the others whose events are all deleted the version stays, the note goes.
            if (newerWritten && last <= toSequenceNr)
                await database.WriteAsync((await database.BindAsync(DeletePartition, ct).ConfigureAwait(false))
                    .Add(persistenceId).Add(partition).At(timestamp)).ConfigureAwait(false);
            newerWritten = true;
        }
    }
}
