using System.Runtime.CompilerServices;
using Discord.Storage.Migration;

namespace Discord.Storage.Sqlite;

/// <summary>
/// The rows of a SQLite file for a migration. It keeps no time of writing: changes apply in the order of the calls, so it can be read by a
/// migration and written by one mirror, but not copied into while it is mirrored to.
/// </summary>
internal sealed class SqliteReplica(Writer writer, ReaderPool readers, TimeProvider time, SqliteReplicaTables tables) : IReplica
{
    // One read answers with at most so much, so that it neither fills memory nor holds a reader for long.
    private const int PageRows = 1_000;
    private const int PageBytes = 4 << 20;
    private const int MaxChanges = 1_000;

    public ValueTask<IReadOnlyList<ReplicaRange>> SplitAsync(ReplicaTable table, int parts, CancellationToken ct) =>
        ValueTask.FromResult<IReadOnlyList<ReplicaRange>>([ReplicaRange.Whole]);

    public async IAsyncEnumerable<ReplicaPage> ScanAsync(
        ReplicaTable table, ReplicaRange range, [EnumeratorCancellation] CancellationToken ct)
    {
        if (range.UpTo.Length > 0) throw new ArgumentException("a SQLite table is one range", nameof(range));
        var source = tables[table];
        var oldest = (time.GetUtcNow() - ReplicaPage.TombstoneAge).ToUnixTimeMilliseconds();
        for (var after = range.After; ;)
        {
            var from = after;
            var (page, more) = await readers.ReadAsync(database => database.Read(d => Page(d, source, from, oldest)), ct)
                .ConfigureAwait(false);
            if (page.Position.Length > 0) yield return page;
            if (!more) yield break;
            after = page.Position;
        }
    }

    public ValueTask<IReadOnlyList<Cell[]>> ReadAsync(ReplicaTable table, ReadOnlyMemory<Cell> prefix, CancellationToken ct)
    {
        var source = tables[table];
        return readers.ReadAsync<IReadOnlyList<Cell[]>>(
            database => database.Read(d =>
            {
                var rows = new List<Cell[]>();
                var physical = source.Physical(prefix.Span);
                using (var select = d.Use(source.Below[physical.Length]))
                {
                    for (var i = 0; i < physical.Length; i++) select.Bind(i + 1, physical[i]);
                    while (select.Step()) rows.Add(Row(select, table.Width));
                }
                foreach (var row in rows) source.Complete?.Invoke(d, row);
                return rows;
            }),
            ct);
    }

    public async ValueTask WriteAsync(ReplicaTable table, IReadOnlyList<ReplicaChange> changes, long timestamp, CancellationToken ct)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(changes.Count, MaxChanges, nameof(changes));
        var target = tables[table];
        ReplicaChange[] copy = [.. changes];
        await writer.WriteAsync(
            database =>
            {
                foreach (var change in copy)
                {
                    if (change.IsRemoval) target.Remove(database, change.Cells);
                    else target.Put(database, change.Cells);
                }
            },
            atomic: true, ct).ConfigureAwait(false);
        target.Written?.Invoke(copy);
    }

    public ValueTask<long> EstimateAsync(ReplicaTable table, CancellationToken ct) =>
        readers.ReadAsync(database => database.Scalar($"SELECT count(*) FROM {tables[table].From}"), ct);

    private static (ReplicaPage Page, bool More) Page(Database database, SqliteReplicaTable source, Cell[] after, long oldestTombstone)
    {
        var rows = new List<Cell[]>();
        Cell[] position = [];
        var (read, bytes) = (0, 0);
        var (width, depth) = (source.Table.Width, source.OrderWidth);
        using (var select = database.Use(after.Length == 0 ? source.First : source.Next))
        {
            select.Bind(1, PageRows);
            for (var i = 0; i < after.Length; i++) select.Bind(2 + i, after[i]);
            while (bytes < PageBytes && select.Step())
            {
                read++;
                position = Row(select, depth, from: width);
                // A tombstone that is due is passed over here, not in the statement: a long run of them must end a page too.
                if (source.DeletedAt is { } deleted && !select.IsNull(deleted) && select.Int64(deleted) < oldestTombstone) continue;
                var row = Row(select, width);
                source.Complete?.Invoke(database, row);
                bytes += source.BytesColumn is { } column && !row[column].IsNull ? row[column].Bytes.Length : 0;
                rows.Add(row);
            }
        }
        return (new ReplicaPage(rows, position), read == PageRows || bytes >= PageBytes);
    }

    private static Cell[] Row(Statement select, int width, int from = 0)
    {
        var row = new Cell[width];
        for (var i = 0; i < width; i++) row[i] = select.Cell(from + i);
        return row;
    }
}
