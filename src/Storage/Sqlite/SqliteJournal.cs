using System.Runtime.CompilerServices;
using Discord.Kernel.Persistence;

namespace Discord.Storage.Sqlite;

/// <summary>
/// Events clustered by (actor, sequence number). <c>journal_ids</c> gives each persistence id a small number and keeps the highest sequence
/// number even when the events are deleted.
/// </summary>
internal sealed class SqliteJournal(Writer writer, ReaderPool readers) : IJournal
{
    // One read answers with at most so much, so that a long replay neither fills memory nor holds a reader.
    private const int ReplayEvents = 500;
    private const int ReplayBytes = 1 << 20;
    private const int DeleteRows = 500;

    private static readonly Sql SelectActor = new("SELECT id, highest FROM journal_ids WHERE name = ?1");
    private static readonly Sql InsertActor = new("INSERT INTO journal_ids (name) VALUES (?1) RETURNING id");
    private static readonly Sql UpdateHighest = new("UPDATE journal_ids SET highest = ?2 WHERE id = ?1");
    private static readonly Sql InsertEvent = new("INSERT INTO journal (actor, seq, payload) VALUES (?1, ?2, ?3)");
    private static readonly Sql SelectEvents = new("SELECT seq, payload FROM journal WHERE actor = ?1 AND seq >= ?2 ORDER BY seq LIMIT ?3");

    private static readonly Sql DeleteEvents = new(
        "DELETE FROM journal WHERE (actor, seq) IN (SELECT actor, seq FROM journal WHERE actor = ?1 AND seq <= ?2 ORDER BY seq LIMIT ?3)");

    public ValueTask AppendAsync(JournalWrite write, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(write);
        if (write.Events.Count + write.Lookups.Count == 0)
            throw new ArgumentException("a journal write has an event or a row", nameof(write));
        SqliteLookups.Check(write.Lookups);
        return writer.WriteAsync(database => Append(database, write), atomic: true, ct);
    }

    public async IAsyncEnumerable<JournalEntry> ReplayAsync(
        string persistenceId, long fromSequenceNr, [EnumeratorCancellation] CancellationToken ct)
    {
        for (var from = fromSequenceNr; ;)
        {
            var start = from;
            var (entries, more) = await readers.ReadAsync(database => database.Read(d => Replay(d, persistenceId, start)), ct)
                .ConfigureAwait(false);
            foreach (var entry in entries) yield return entry;
            if (!more) yield break;
            from = entries[^1].SequenceNr + 1;
        }
    }

    public ValueTask<long> HighestSequenceNrAsync(string persistenceId, CancellationToken ct) =>
        readers.ReadAsync(database => Find(database, persistenceId)?.Highest ?? 0, ct);

    public async ValueTask DeleteToAsync(string persistenceId, long toSequenceNr, CancellationToken ct)
    {
        int deleted;
        do
        {
            deleted = await writer.WriteAsync(
                database =>
                {
                    if (Find(database, persistenceId) is not { } actor) return 0;
                    using var delete = database.Use(DeleteEvents);
                    return delete.Bind(1, actor.Id).Bind(2, toSequenceNr).Bind(3, DeleteRows).Run();
                },
                atomic: false, ct).ConfigureAwait(false);
        }
        while (deleted == DeleteRows);
    }

    /// <summary>The number of a persistence id and its highest sequence number, or null.</summary>
    internal static (long Id, long Highest)? Find(Database database, string persistenceId)
    {
        using var select = database.Use(SelectActor);
        return select.Bind(1, persistenceId).Step() ? (select.Int64(0), select.Int64(1)) : null;
    }

    /// <summary>The number of a persistence id, made if need be. On the writer only.</summary>
    internal static (long Id, long Highest) FindOrAdd(Database database, string persistenceId)
    {
        if (Find(database, persistenceId) is { } known) return known;
        using var insert = database.Use(InsertActor);
        insert.Bind(1, persistenceId).Step();
        return (insert.Int64(0), 0);
    }

    private static void Append(Database database, JournalWrite write)
    {
        var (actor, highest) = FindOrAdd(database, write.PersistenceId);
        if (write.FirstSequenceNr <= highest) throw new JournalConflictException(write.PersistenceId, write.FirstSequenceNr);
        if (write.FirstSequenceNr != highest + 1)
            throw new ArgumentException($"event {write.FirstSequenceNr} of '{write.PersistenceId}' leaves a gap after {highest}",
                nameof(write));
        using (var insert = database.Use(InsertEvent))
        {
            foreach (var payload in write.Events)
            {
                insert.Bind(1, actor).Bind(2, ++highest).Bind(3, payload.Span).Run();
                insert.Reset();
            }
        }
        using (var update = database.Use(UpdateHighest)) update.Bind(1, actor).Bind(2, highest).Run();
        foreach (var lookup in write.Lookups) SqliteLookups.Apply(database, lookup);
    }

    private static (List<JournalEntry> Entries, bool More) Replay(Database database, string persistenceId, long from)
    {
        var entries = new List<JournalEntry>();
        if (Find(database, persistenceId) is not { } actor) return (entries, false);
        var bytes = 0;
        using var select = database.Use(SelectEvents);
        select.Bind(1, actor.Id).Bind(2, from).Bind(3, ReplayEvents);
        while (select.Step())
        {
            var payload = select.Bytes(1);
            entries.Add(new JournalEntry(select.Int64(0), payload));
            if ((bytes += payload.Length) >= ReplayBytes) return (entries, true);
        }
        return (entries, entries.Count == ReplayEvents);
    }
}
