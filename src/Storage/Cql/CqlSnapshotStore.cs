using Discord.Kernel.Persistence;

namespace Discord.Storage.Cql;

/// <summary>
/// Snapshots in chunks of at most 512 KiB, eight of which share a partition, so that none is a large one. A save notes its generation,
/// writes the chunks, and makes them the snapshot by one conditional write of the head, unless a newer one is there; then what it replaced
/// goes. A crash between leaves chunks that nobody reads: a later save finds the note and removes them.
/// </summary>
internal sealed class CqlSnapshotStore(CqlDatabase database, WriteClock clock, TimeProvider time) : ISnapshotStore
{
    /// <summary>256 MiB: above it the state is no single actor's any more.</summary>
    public const int MaxBytes = 256 << 20;

    private const int ChunkBytes = 512 << 10;
    private const int PartChunks = 8;

    /// <summary>Chunks of one call that are in flight: 2 MiB.</summary>
    private const int ChunksAtOnce = 4;

    private const int MaxNotes = 100;
    private const long MinuteMicros = 60_000_000;

    // Nobody saves for so long: a note of that age is of a save that died.
    private static readonly TimeSpan Abandoned = TimeSpan.FromHours(1);

    private static readonly Query InsertNote = Query.Write(
        "INSERT INTO snapshot_generations (persistence_id, generation, chunks, begun_at) VALUES (?, ?, ?, ?)");

    private static readonly Query SelectNotes = Query.Read(
        "SELECT generation, chunks, begun_at FROM snapshot_generations WHERE persistence_id = ? LIMIT ?");

    private static readonly Query DeleteNote = Query.Write("DELETE FROM snapshot_generations WHERE persistence_id = ? AND generation = ?");

    private static readonly Query InsertChunk = Query.Write(
        "INSERT INTO snapshot_chunks (persistence_id, generation, part, chunk, payload) VALUES (?, ?, ?, ?, ?)");

    private static readonly Query SelectChunk = Query.Read(
        "SELECT payload FROM snapshot_chunks WHERE persistence_id = ? AND generation = ? AND part = ? AND chunk = ?");

    private static readonly Query DeletePart =
        Query.Write("DELETE FROM snapshot_chunks WHERE persistence_id = ? AND generation = ? AND part = ?");

    private static readonly Query SelectHead = Query.Read(
        "SELECT sequence_nr, generation, chunks, length FROM snapshot_heads WHERE persistence_id = ?");

    private static readonly Query SelectHeadSerial = Query.SerialRead(SelectHead.Text);

    // A head that is not there has no generation.
    private static readonly Query SetHead = Query.Conditional(
        "UPDATE snapshot_heads SET sequence_nr = ?, generation = ?, chunks = ?, length = ? WHERE persistence_id = ? IF generation = ?");

    private static readonly Query ClearHead = Query.Conditional("DELETE FROM snapshot_heads WHERE persistence_id = ? IF generation = ?");

    public async ValueTask SaveAsync(string persistenceId, Snapshot snapshot, CancellationToken ct)
    {
        if (snapshot.Payload.Length > MaxBytes)
            throw new StorageException(StorageError.TooLarge,
                $"a snapshot of {snapshot.Payload.Length} bytes is above the limit of {MaxBytes}");
        var next = new Head(
            snapshot.SequenceNr, Guid.NewGuid(), (snapshot.Payload.Length + ChunkBytes - 1) / ChunkBytes, snapshot.Payload.Length);
        await database.WriteAsync((await database.BindAsync(InsertNote, ct).ConfigureAwait(false))
            .Add(persistenceId).Add(next.Generation).Add(next.Chunks).Add(time.GetUtcNow()).At(clock.Next())).ConfigureAwait(false);
        await EachChunkAsync(next.Chunks, async chunk =>
        {
            var start = chunk * ChunkBytes;
            var bytes = snapshot.Payload.Slice(start, Math.Min(ChunkBytes, snapshot.Payload.Length - start));
            await database.WriteAsync((await database.BindAsync(InsertChunk, ct).ConfigureAwait(false))
                .Add(persistenceId).Add(next.Generation).Add(chunk / PartChunks).Add(chunk).AddBlob(bytes.Span).At(clock.Next()))
                .ConfigureAwait(false);
        }, ct).ConfigureAwait(false);
        var gone = await SetHeadAsync(persistenceId, next).ConfigureAwait(false);
        await CleanUpAsync(persistenceId, gone).ConfigureAwait(false);
    }

    public async ValueTask<Snapshot?> LoadAsync(string persistenceId, CancellationToken ct)
    {
        for (var attempt = 0; attempt < Attempts.Max; attempt++)
        {
            if (await ReadHeadAsync(attempt == 0 ? SelectHead : SelectHeadSerial, persistenceId, ct)
                .ConfigureAwait(false) is not { } head) return null;
            var payload = new byte[head.Length];
            var filled = 0;
            await EachChunkAsync(head.Chunks, async chunk =>
            {
                var select = (await database.BindAsync(SelectChunk, ct).ConfigureAwait(false))
                    .Add(persistenceId).Add(head.Generation).Add(chunk / PartChunks).Add(chunk);
                var start = chunk * ChunkBytes;
                var length = await database.FirstAsync(
                    select,
                    row =>
                    {
                        var bytes = row.GetBytes(0);
                        return bytes.TryCopyTo(payload.AsSpan(start)) ? bytes.Length : 0;
                    },
                    ct).ConfigureAwait(false);
                Interlocked.Add(ref filled, length);
            }, ct).ConfigureAwait(false);
            if (filled == payload.Length) return new Snapshot(head.SequenceNr, payload);
            // Replaced while it was read: then there is another head.
            if (await ReadHeadAsync(SelectHeadSerial, persistenceId, ct).ConfigureAwait(false) == head)
                throw new StorageException(StorageError.Corrupt, $"the snapshot of '{persistenceId}' has not the length it was saved with");
        }
        throw Attempts.Exhausted("a snapshot");
    }

    public async ValueTask DeleteAsync(string persistenceId, CancellationToken ct)
    {
        for (var attempt = 0; attempt < Attempts.Max; attempt++)
        {
            if (await ReadHeadAsync(SelectHeadSerial, persistenceId, ct).ConfigureAwait(false) is not { } head) return;
            var clear = (await database.BindAsync(ClearHead, ct).ConfigureAwait(false)).Add(persistenceId).Add(head.Generation);
            if (await database.DecideAsync(clear).ConfigureAwait(false) != true) continue;
            await RemoveAsync(persistenceId, head.Generation, head.Chunks).ConfigureAwait(false);
            return;
        }
        throw Attempts.Exhausted("a snapshot");
    }

    /// <summary>Makes a generation the snapshot, unless one of a higher number is there.</summary>
    /// <returns>The generation that nobody needs any more: the one replaced, or this one.</returns>
    private async ValueTask<Head?> SetHeadAsync(string persistenceId, Head next)
    {
        for (var attempt = 0; attempt < Attempts.Max; attempt++)
        {
            var head = await ReadHeadAsync(attempt == 0 ? SelectHead : SelectHeadSerial, persistenceId, default).ConfigureAwait(false);
            // Of an earlier attempt whose answer was lost. What it replaced is found by its note.
            if (head?.Generation == next.Generation) return null;
            if (head?.SequenceNr > next.SequenceNr) return next;
            var set = (await database.BindAsync(SetHead, default).ConfigureAwait(false))
                .Add(next.SequenceNr).Add(next.Generation).Add(next.Chunks).Add(next.Length).Add(persistenceId).Add(head?.Generation);
            if (await database.DecideAsync(set).ConfigureAwait(false) == true) return head;
        }
        throw Attempts.Exhausted("a snapshot");
    }

    private async ValueTask CleanUpAsync(string persistenceId, Head? gone)
    {
        if (gone is not null) await RemoveAsync(persistenceId, gone.Generation, gone.Chunks).ConfigureAwait(false);
        var select = (await database.BindAsync(SelectNotes, default).ConfigureAwait(false)).Add(persistenceId).Add(MaxNotes);
        var notes = await database.ListAsync(
            select, row => (Generation: row.Get<Guid>(0), Chunks: row.GetInt32(1), At: row.Get<DateTimeOffset>(2)), default)
                .ConfigureAwait(false);
        var old = notes.Where(note => note.At < time.GetUtcNow() - Abandoned).ToList();
        if (old.Count == 0) return;
        var current = await ReadHeadAsync(SelectHeadSerial, persistenceId, default).ConfigureAwait(false);
        foreach (var (generation, chunks, _) in old)
        {
            if (generation != current?.Generation) await RemoveAsync(persistenceId, generation, chunks).ConfigureAwait(false);
        }
    }

    // A generation is never written again: its end may be above any clock.
    private async ValueTask RemoveAsync(string persistenceId, Guid generation, int chunks)
    {
        var timestamp = clock.Next() + MinuteMicros;
        for (var part = 0; part * PartChunks < chunks; part++)
        {
            await database.WriteAsync((await database.BindAsync(DeletePart, default).ConfigureAwait(false))
                .Add(persistenceId).Add(generation).Add(part).At(timestamp)).ConfigureAwait(false);
        }
        await database.WriteAsync((await database.BindAsync(DeleteNote, default).ConfigureAwait(false))
            .Add(persistenceId).Add(generation).At(timestamp)).ConfigureAwait(false);
    }

    private async ValueTask<Head?> ReadHeadAsync(Query query, string persistenceId, CancellationToken ct)
    {
        var select = (await database.BindAsync(query, ct).ConfigureAwait(false)).Add(persistenceId);
        return await database.FirstAsync(
            select, row => new Head(row.GetInt64(0), row.Get<Guid>(1), row.GetInt32(2), row.GetInt32(3)), ct).ConfigureAwait(false);
    }

    private static Task EachChunkAsync(int chunks, Func<int, ValueTask> work, CancellationToken ct) => Parallel.ForEachAsync(
        Enumerable.Range(0, chunks), new ParallelOptions { MaxDegreeOfParallelism = ChunksAtOnce, CancellationToken = ct },
        (chunk, _) => work(chunk));

    private sealed record Head(long SequenceNr, Guid Generation, int Chunks, int Length);
}
