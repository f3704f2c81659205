using Discord.Kernel.Persistence;

namespace Discord.Storage.Sqlite;

/// <summary>
/// Snapshots in chunks of at most 1 MiB, so that a large one does not hold up other writes: the chunks are written one by one under a new
/// generation, and the last write makes that generation the actor's snapshot and deletes the others. A crash between leaves chunks that
/// nobody reads; the next save deletes them.
/// </summary>
internal sealed class SqliteSnapshotStore(Writer writer, ReaderPool readers, TimeProvider time) : ISnapshotStore
{
    /// <summary>256 MiB: above it the state is no single actor's any more.</summary>
    public const int MaxBytes = 256 << 20;

    private const int ChunkBytes = 1 << 20;

    private static readonly Sql SelectHead = new("SELECT seq, generation, chunks, length FROM snapshot_heads WHERE actor = ?1");

    private static readonly Sql UpsertHead = new(
        """
        INSERT INTO snapshot_heads (actor, seq, generation, chunks, length) VALUES (?1, ?2, ?3, ?4, ?5)
        ON CONFLICT DO UPDATE SET seq = ?2, generation = ?3, chunks = ?4, length = ?5
        """);

    private static readonly Sql DeleteHead = new("DELETE FROM snapshot_heads WHERE actor = ?1");
    private static readonly Sql InsertChunk = new("INSERT INTO snapshots (actor, generation, chunk, payload) VALUES (?1, ?2, ?3, ?4)");
    private static readonly Sql DeleteOlder = new("DELETE FROM snapshots WHERE actor = ?1 AND generation < ?2");
    private static readonly Sql DeleteGeneration = new("DELETE FROM snapshots WHERE actor = ?1 AND generation = ?2");
    private static readonly Sql DeleteChunks = new("DELETE FROM snapshots WHERE actor = ?1");
    private static readonly Sql SelectChunks = new("SELECT payload FROM snapshots WHERE actor = ?1 AND generation = ?2 ORDER BY chunk");

    // Later saves have higher generations, also after a restart. A clock set back by days could repeat one only within the same 100 ns.
    private long _generation = time.GetUtcNow().UtcTicks;

    public async ValueTask SaveAsync(string persistenceId, Snapshot snapshot, CancellationToken ct)
    {
        if (snapshot.Payload.Length > MaxBytes)
            throw new StorageException(StorageError.TooLarge,
                $"a snapshot of {snapshot.Payload.Length} bytes is above the limit of {MaxBytes}");
        var generation = Interlocked.Increment(ref _generation);
        var chunks = (snapshot.Payload.Length + ChunkBytes - 1) / ChunkBytes;
        for (var chunk = 0; chunk < chunks - 1; chunk++)
        {
            var index = chunk;
            await writer.WriteAsync(database => WriteChunk(database, persistenceId, generation, index, snapshot.Payload), atomic: false, ct)
                .ConfigureAwait(false);
        }
        await writer.WriteAsync(
            database =>
            {
                if (chunks > 0) WriteChunk(database, persistenceId, generation, chunks - 1, snapshot.Payload);
                Finish(database, persistenceId, snapshot, generation, chunks);
            },
            atomic: false, ct).ConfigureAwait(false);
    }

    public ValueTask<Snapshot?> LoadAsync(string persistenceId, CancellationToken ct) =>
        readers.ReadAsync(database => database.Read(inner => Load(inner, persistenceId)), ct);

    public ValueTask DeleteAsync(string persistenceId, CancellationToken ct) =>
        writer.WriteAsync(
            database => Delete(database, persistenceId),
            atomic: false, ct);

    /// <summary>Puts a snapshot in place of what is there, newer or not. On the writer, inside its transaction.</summary>
    internal static void Replace(Database database, string persistenceId, Snapshot snapshot, long generation)
    {
        Delete(database, persistenceId);
        var chunks = (snapshot.Payload.Length + ChunkBytes - 1) / ChunkBytes;
        for (var chunk = 0; chunk < chunks; chunk++) WriteChunk(database, persistenceId, generation, chunk, snapshot.Payload);
        Finish(database, persistenceId, snapshot, generation, chunks);
    }

    /// <summary>Deletes what is there. On the writer.</summary>
    internal static void Delete(Database database, string persistenceId)
    {
        if (SqliteJournal.Find(database, persistenceId) is not { } actor) return;
        using (var head = database.Use(DeleteHead)) head.Bind(1, actor.Id).Run();
        using var delete = database.Use(DeleteChunks);
        delete.Bind(1, actor.Id).Run();
    }

    private static void WriteChunk(Database database, string persistenceId, long generation, int chunk, ReadOnlyMemory<byte> payload)
    {
        var start = chunk * ChunkBytes;
        var bytes = payload.Span.Slice(start, Math.Min(ChunkBytes, payload.Length - start));
        var actor = SqliteJournal.FindOrAdd(database, persistenceId);
        using var insert = database.Use(InsertChunk);
        insert.Bind(1, actor.Id).Bind(2, generation).Bind(3, chunk).Bind(4, bytes).Run();
    }

    private static void Finish(Database database, string persistenceId, Snapshot snapshot, long generation, int chunks)
    {
        var actor = SqliteJournal.FindOrAdd(database, persistenceId).Id;
        if (ReadHead(database, actor) is { } head && head.Sequence > snapshot.SequenceNr)
        {
            // A newer one was saved meanwhile: this one is not needed.
            using var drop = database.Use(DeleteGeneration);
            drop.Bind(1, actor).Bind(2, generation).Run();
            return;
        }
        using (var upsert = database.Use(UpsertHead))
            upsert.Bind(1, actor).Bind(2, snapshot.SequenceNr).Bind(3, generation).Bind(4, chunks).Bind(5, snapshot.Payload.Length).Run();
        using var delete = database.Use(DeleteOlder);
        delete.Bind(1, actor).Bind(2, generation).Run();
    }

    private static (long Sequence, long Generation, long Chunks, int Length)? ReadHead(Database database, long actor)
    {
        using var select = database.Use(SelectHead);
        return select.Bind(1, actor).Step() ? (select.Int64(0), select.Int64(1), select.Int64(2), select.Int32(3)) : null;
    }

    /// <summary>The newest snapshot, or null.</summary>
    internal static Snapshot? Load(Database database, string persistenceId)
    {
        if (SqliteJournal.Find(database, persistenceId) is not { } actor || ReadHead(database, actor.Id) is not { } head) return null;
        var payload = new byte[head.Length];
        var filled = 0;
        using var select = database.Use(SelectChunks);
        select.Bind(1, actor.Id).Bind(2, head.Generation);
        while (select.Step())
        {
            var chunk = select.Span(0);
            if (filled + chunk.Length > payload.Length) throw Damaged(persistenceId);
            chunk.CopyTo(payload.AsSpan(filled));
            filled += chunk.Length;
        }
        return filled == payload.Length ? new Snapshot(head.Sequence, payload) : throw Damaged(persistenceId);
    }

    private static StorageException Damaged(string persistenceId) =>
        new(StorageError.Corrupt, $"the snapshot of '{persistenceId}' has not the length it was saved with");
}
