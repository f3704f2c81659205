using System.Runtime.CompilerServices;
using Discord.Cql;
using Discord.Storage.Migration;

namespace Discord.Storage.Cql;

/// <summary>
/// The rows of a keyspace for a migration. A table is read by the tokens of its partitions, written with the timestamps that are given: the
/// servers keep the latest of each cell. A range whose reading fails, because it is full of tombstones or its rows are large, is read again
/// in smaller pages and then in halves.
/// </summary>
internal sealed class CqlReplica(CqlDatabase database, CqlReplicaTables tables, TimeProvider time) : IReplica
{
    private const int PageRows = 500;
    private const int FewestRows = 20;
    private const int MaxChanges = 1_000;
    private const int MaxParts = 4_096;

    // Of so many parts a few are counted; small tables are counted whole.
    private const int CountedParts = 64;
    private const int SampledParts = 4;
    private const int SmallTable = 10_000;

    public ValueTask<IReadOnlyList<ReplicaRange>> SplitAsync(ReplicaTable table, int parts, CancellationToken ct)
    {
        parts = Math.Clamp(parts, 1, MaxParts);
        var ranges = new List<ReplicaRange>();
        for (var source = 0; source < tables[table].Sources.Length; source++)
        {
            for (var part = 0; part < parts; part++)
                ranges.Add(new ReplicaRange([source, Bound(part, parts)], [source, Bound(part + 1, parts)]));
        }
        return ValueTask.FromResult<IReadOnlyList<ReplicaRange>>(ranges);
    }

    public async IAsyncEnumerable<ReplicaPage> ScanAsync(
        ReplicaTable table, ReplicaRange range, [EnumeratorCancellation] CancellationToken ct)
    {
        var oldest = (time.GetUtcNow() - ReplicaPage.TombstoneAge).ToUnixTimeMilliseconds();
        if (range.After.Length == 0)
        {
            foreach (var part in await SplitAsync(table, 1, ct).ConfigureAwait(false))
            {
                await foreach (var page in ScanAsync(table, part, oldest, ct).ConfigureAwait(false)) yield return page;
            }
            yield break;
        }
        await foreach (var page in ScanAsync(table, range, oldest, ct).ConfigureAwait(false)) yield return page;
    }

    public async ValueTask<IReadOnlyList<Cell[]>> ReadAsync(ReplicaTable table, ReadOnlyMemory<Cell> prefix, CancellationToken ct)
    {
        if (prefix.Length < table.ShortestPrefix)
            throw new ArgumentException($"'{table}' is found by the first {table.ShortestPrefix} cells of its key", nameof(prefix));
        return await tables[table].ReadAsync(prefix.ToArray(), ct).ConfigureAwait(false);
    }

    public async ValueTask WriteAsync(ReplicaTable table, IReadOnlyList<ReplicaChange> changes, long timestamp, CancellationToken ct)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(changes.Count, MaxChanges, nameof(changes));
        var target = tables[table];
        await target.PutAsync([.. changes.Where(change => !change.IsRemoval).Select(change => change.Cells)], timestamp).ConfigureAwait(false);
        foreach (var change in changes.Where(change => change.IsRemoval)) await target.RemoveAsync(change.Cells, timestamp).ConfigureAwait(false);
    }

    public async ValueTask<long> EstimateAsync(ReplicaTable table, CancellationToken ct)
    {
        long total = 0;
        foreach (var source in tables[table].Sources)
        {
            // Spread over the ring, so that one busy part does not stand for all.
            long sampled = 0;
            for (var i = 0; i < SampledParts; i++) sampled += await CountAsync(source, i * CountedParts / SampledParts, ct).ConfigureAwait(false);
            var estimated = sampled * CountedParts / SampledParts;
            if (estimated < SmallTable)
            {
                for (var part = 0; part < CountedParts; part++)
                    sampled += part % (CountedParts / SampledParts) == 0 ? 0 : await CountAsync(source, part, ct).ConfigureAwait(false);
                estimated = sampled;
            }
            total += estimated;
        }
        return total;
    }

    private async IAsyncEnumerable<ReplicaPage> ScanAsync(
        ReplicaTable table, ReplicaRange range, long oldestTombstone, [EnumeratorCancellation] CancellationToken ct)
    {
        var number = (int)range.After[0].Number;
        var source = tables[table].Sources[number];
        var (done, end, size) = (range.After[1].Number, range.UpTo[1].Number, PageRows);
        while (done < end)
        {
            // All of a range but the part that could not be read in one go.
            var upTo = end;
            ReadOnlyMemory<byte>? paging = null;
            var after = done;
            do
            {
                List<(long Token, Cell[]? Row)> rows;
                try
                {
                    (rows, paging) = await PageAsync(source, after, upTo, size, paging, ct).ConfigureAwait(false);
                }
                catch (StorageException e) when (e.IsTransient && (size > FewestRows || upTo - 1 > done))
                {
                    // What was read of the partition at hand is read again.
                    if (size > FewestRows) size = Math.Max(FewestRows, size / 5);
                    else upTo = done + (long)(((ulong)upTo - (ulong)done) / 2);
                    (after, paging) = (done, null);
                    continue;
                }
                // A partition may go on in the next page: behind the last whole one.
                done = paging is null ? upTo : rows.Count == 0 ? done : Math.Max(done, LastWhole(rows, done));
                var complete = await CompleteAsync(source, rows, oldestTombstone, ct).ConfigureAwait(false);
                yield return new ReplicaPage(complete, [number, done]);
            }
            while (paging is not null || done < upTo);
        }
    }

    private async ValueTask<(List<(long Token, Cell[]? Row)> Rows, ReadOnlyMemory<byte>? Paging)> PageAsync(
        CqlScan source, long after, long upTo, int size, ReadOnlyMemory<byte>? paging, CancellationToken ct)
    {
        var select = (await database.BindAsync(source.Select, ct).ConfigureAwait(false)).Add(after).Add(upTo);
        select.Options = select.Options with { PageSize = size };
        select.PagingState = paging;
        using var page = await database.RunAsync(select, ct).ConfigureAwait(false);
        var rows = new List<(long Token, Cell[]? Row)>(page.Count);
        foreach (var row in page) rows.Add((row.GetInt64(0), source.Read(row)));
        return (rows, page.PagingState);
    }

    private static long LastWhole(List<(long Token, Cell[]? Row)> rows, long before)
    {
        var last = rows[^1].Token;
        for (var i = rows.Count - 2; i >= 0; i--)
        {
            if (rows[i].Token != last) return rows[i].Token;
        }
        return before;
    }

    private static async ValueTask<IReadOnlyList<Cell[]>> CompleteAsync(
        CqlScan source, List<(long Token, Cell[]? Row)> rows, long oldestTombstone, CancellationToken ct)
    {
        var found = rows.Select(row => row.Row).OfType<Cell[]>()
            .Where(row => source.DeletedAt is not { } column || row[column].IsNull || row[column].Number >= oldestTombstone).ToList();
        if (source.CompleteAsync is not { } complete) return found;
        var completed = new List<Cell[]>(found.Count);
        await CqlDatabase.EachAsync(
            found,
            async row =>
            {
                if (await complete(row, ct).ConfigureAwait(false) is not { } whole) return;
                lock (completed) completed.Add(whole);
            },
            ct).ConfigureAwait(false);
        return completed;
    }

    private async ValueTask<long> CountAsync(CqlScan source, int part, CancellationToken ct)
    {
        var count = (await database.BindAsync(source.Count, ct).ConfigureAwait(false)).Add(Bound(part, CountedParts)).Add(Bound(part + 1, CountedParts));
        return await database.FirstAsync(count, row => row.GetInt64(0), ct).ConfigureAwait(false);
    }

    // Murmur3's tokens are all 64-bit numbers but the least, which no partition has.
    private static long Bound(int part, int parts) =>
        part == parts ? long.MaxValue : (long)((UInt128)ulong.MaxValue * (uint)part / (uint)parts) + long.MinValue;
}

/// <summary>How rows of a migration's table are read from a table of the keyspace by its tokens.</summary>
internal sealed class CqlScan
{
    /// <param name="table">The keyspace's table.</param>
    /// <param name="partitionKey">The columns of its partition key.</param>
    /// <param name="columns">What is read; the token comes before.</param>
    /// <param name="read">Makes cells of it; null for what is no row of the migration's.</param>
    /// <param name="distinct">Only partitions are read, not their rows.</param>
    public CqlScan(string table, string partitionKey, string columns, RowReader<Cell[]?> read, bool distinct = false)
    {
        var where = $"FROM {table} WHERE token({partitionKey}) > ? AND token({partitionKey}) <= ?";
        Select = Query.Read($"SELECT {(distinct ? "DISTINCT " : "")}token({partitionKey}), {columns} {where}");
        Count = Query.Read($"SELECT COUNT(*) {where}");
        Read = read;
    }

    public Query Select { get; }

    public Query Count { get; }

    public RowReader<Cell[]?> Read { get; }

    /// <summary>The cell that says when a row was deleted.</summary>
    public int? DeletedAt { get; init; }

    /// <summary>Fills in what lies elsewhere; null for a row that has gone meanwhile.</summary>
    public Func<Cell[], CancellationToken, ValueTask<Cell[]?>>? CompleteAsync { get; init; }
}
