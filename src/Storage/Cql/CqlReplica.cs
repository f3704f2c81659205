using System.Runtime.CompilerServices;
using Discord.Cql;
using Discord.Storage.Migration;

namespace Discord.Storage.Cql;

/// <summary>
/// The rows of a keyspace for a migration. A table is read by the tokens of its partitions, written with the timestamps that are given: the
/// servers keep the latest of each cell. A range whose reading fails, because it is full of tombstones or its rows are large, is read again
/// in smaller pages, then in halves, and a single partition in the end in parts of its rows.
/// </summary>
internal sealed class CqlReplica(CqlDatabase database, CqlReplicaTables tables, TimeProvider time) : IReplica
{
    private const int PageRows = 500;
    private const int FewestRows = 20;
    private const int MaxChanges = 1_000;
    private const int MaxParts = 4_096;

    // Of so many parts a few are counted, then of fewer and larger ones, in the end all there is.
    private const int FinestParts = SampledParts * Coarser * Coarser * Coarser * Coarser;
    private const int SampledParts = 8;
    private const int Coarser = 16;
    private const int EnoughRows = 20_000;

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
        var first = range.After.Length == 0 ? 0 : (int)range.After[0].Number;
        var last = range.UpTo.Length == 0 ? tables[table].Sources.Length - 1 : (int)range.UpTo[0].Number;
        for (var number = first; number <= last; number++)
        {
            var after = number == first && range.After.Length > 0 ? range.After[1].Number : long.MinValue;
            var upTo = number == last && range.UpTo.Length > 0 ? range.UpTo[1].Number : long.MaxValue;
            await foreach (var page in ScanAsync(table, number, after, upTo, oldest, ct).ConfigureAwait(false)) yield return page;
        }
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
        await target.PutAsync([.. changes.Where(change => !change.IsRemoval).Select(change => change.Cells)], timestamp)
            .ConfigureAwait(false);
        foreach (var change in changes.Where(change => change.IsRemoval))
            await target.RemoveAsync(change.Cells, timestamp).ConfigureAwait(false);
    }

    /// <summary>Counts small parts of the ring, spread over it, and larger ones until they hold enough rows to speak for the
    /// rest.</summary>
    public async ValueTask<long> EstimateAsync(ReplicaTable table, CancellationToken ct)
    {
        long total = 0;
        foreach (var source in tables[table].Sources) total += await EstimateAsync(source, ct).ConfigureAwait(false);
        return total;
    }

    private async ValueTask<long> EstimateAsync(CqlScan source, CancellationToken ct)
    {
        for (var parts = FinestParts; ; parts /= Coarser)
        {
            var (rows, counted) = (0L, 0);
            for (var sample = 0; sample < SampledParts; sample++)
            {
                var part = (int)((long)sample * parts / SampledParts);
                if (await CountAsync(source, part, parts, ct).ConfigureAwait(false) is not { } count) continue;
                rows += count;
                counted++;
            }
            if (counted == 0) return 0;
            if (rows >= EnoughRows || parts == SampledParts) return (long)((double)rows * parts / counted);
        }
    }

    private async IAsyncEnumerable<ReplicaPage> ScanAsync(
        ReplicaTable table, int number, long done, long end, long oldestTombstone, [EnumeratorCancellation] CancellationToken ct)
    {
        var source = tables[table].Sources[number];
        var (size, ahead, width) = (PageRows, 0, Width(done, end));
        while (done < end)
        {
            // All of the range, or a part that can be read in one go.
            var upTo = Width(done, end) <= width ? end : done + (long)width;
            var after = done;
            ReadOnlyMemory<byte>? paging = null;
            do
            {
                List<(long Token, Cell[]? Row)>? rows = null;
                StorageException? fault = null;
                try
                {
                    (rows, paging) = await PageAsync(source, source.Select, [after, upTo], size, paging, ct).ConfigureAwait(false);
                }
                catch (StorageException e) when (CqlFault.IsTooMuch(e) && (size > FewestRows || upTo - 1 > done || source.Slice is not null))
                {
                    // What was read of the partition at hand is read again.
                    (after, paging, ahead, fault) = (done, null, 0, e);
                }
                if (fault is not null) yield return new ReplicaPage([], [number, done]) { Fault = fault };
                if (rows is not null)
                {
                    // A partition may go on in the next page: behind the last whole one.
                    var before = done;
                    done = paging is null ? upTo : rows.Count == 0 ? done : Math.Max(done, LastWhole(rows, done));
                    var whole = await CompleteAsync(source, rows, oldestTombstone, ct).ConfigureAwait(false);
                    ahead = (done == before ? ahead : 0) + whole.Count(row => row.Token > done);
                    yield return PageOf(whole);
                }
                else if (size > FewestRows)
                {
                    size = Math.Max(FewestRows, size / 5);
                }
                else if (upTo - 1 > done)
                {
                    width = Width(done, upTo) / 2;
                    upTo = done + (long)width;
                }
                else
                {
                    await foreach (var (slice, narrowed) in SlicesAsync(source, table.Key.Count - 1, done, ct).ConfigureAwait(false))
                    {
                        var whole = await CompleteAsync(source, slice, oldestTombstone, ct).ConfigureAwait(false);
                        ahead += whole.Count;
                        yield return PageOf(whole) with { Fault = narrowed };
                    }
                    (done, ahead) = (upTo, 0);
                }
            }
            while (paging is not null || done < upTo);
            (width, size) = (width > ulong.MaxValue / 2 ? width : width * 2, Math.Min(PageRows, size * 5));
        }

        ReplicaPage PageOf(List<(long Token, Cell[] Row)> rows) => new(rows.ConvertAll(row => row.Row), [number, done]) { Ahead = ahead };
    }

    /// <summary>
    /// The partition of the token after <paramref name="before"/> in parts of its rows, as small as they need to be, each row once; and the
    /// faults for which they became smaller.
    /// </summary>
    private async IAsyncEnumerable<(List<(long Token, Cell[]? Row)> Rows, StorageException? Fault)> SlicesAsync(
        CqlScan source, int clusteredBy, long before, [EnumeratorCancellation] CancellationToken ct)
    {
        var parts = new Stack<(long After, long UpTo)>([(0, long.MaxValue)]);
        while (parts.TryPop(out var part))
        {
            ReadOnlyMemory<byte>? paging = null;
            // What has not been read when the part turns out to be too large.
            var rest = part;
            do
            {
                List<(long Token, Cell[]? Row)> rows = [];
                StorageException? fault = null;
                try
                {
                    (rows, paging) = await PageAsync(
                        source, source.Slice!, [before, before + 1, part.After, part.UpTo], PageRows, paging, ct).ConfigureAwait(false);
                }
                catch (StorageException e) when (CqlFault.IsTooMuch(e) && rest.UpTo - rest.After > 1)
                {
                    var middle = rest.After + (rest.UpTo - rest.After) / 2;
                    parts.Push((middle, rest.UpTo));
                    parts.Push((rest.After, middle));
                    (paging, fault) = (null, e);
                }
                if (rows.FindLast(row => row.Row is not null).Row is { } last)
                    rest = source.IsDescending ? (rest.After, last[clusteredBy].Number - 1) : (last[clusteredBy].Number, rest.UpTo);
                yield return (rows, fault);
            }
            while (paging is not null);
        }
    }

    private async ValueTask<(List<(long Token, Cell[]? Row)> Rows, ReadOnlyMemory<byte>? Paging)> PageAsync(
        CqlScan source, Query query, long[] bounds, int size, ReadOnlyMemory<byte>? paging, CancellationToken ct)
    {
        var select = await database.BindAsync(query, ct).ConfigureAwait(false);
        foreach (var bound in bounds) select.Add(bound);
        select.Options = select.Options with { PageSize = size };
        select.PagingState = paging;
        using var page = await database.RunAsync(select, ct).ConfigureAwait(false);
        var rows = new List<(long Token, Cell[]? Row)>(page.Count);
        foreach (var row in page) rows.Add((row.GetInt64(0), source.Read(row)));
        return (rows, page.PagingState);
    }

    private static ulong Width(long after, long upTo) => (ulong)upTo - (ulong)after;

    private static long LastWhole(List<(long Token, Cell[]? Row)> rows, long before)
    {
        var last = rows[^1].Token;
        for (var i = rows.Count - 2; i >= 0; i--)
        {
            if (rows[i].Token != last) return rows[i].Token;
        }
        return before;
    }

    private static async ValueTask<List<(long Token, Cell[] Row)>> CompleteAsync(
        CqlScan source, List<(long Token, Cell[]? Row)> rows, long oldestTombstone, CancellationToken ct)
    {
        var found = new List<(long Token, Cell[] Row)>(rows.Count);
        foreach (var (token, row) in rows)
        {
            if (row is null) continue;
            if (source.DeletedAt is not { } column || row[column].IsNull || row[column].Number >= oldestTombstone) found.Add((token, row));
        }
        if (source.CompleteAsync is not { } complete) return found;
        var completed = new Cell[]?[found.Count];
        await CqlDatabase.EachAsync(
            Enumerable.Range(0, found.Count),
            async i => completed[i] = await complete(found[i].Row, ct).ConfigureAwait(false), ct).ConfigureAwait(false);
        return [.. found.Zip(completed, (row, whole) => (row.Token, whole!)).Where(row => row.Item2 is not null)];
    }

    // Null where servers cannot count: the other parts speak for that one, too.
    private async ValueTask<long?> CountAsync(CqlScan source, int part, int parts, CancellationToken ct)
    {
        var count = (await database.BindAsync(source.Count, ct).ConfigureAwait(false)).Add(Bound(part, parts)).Add(Bound(part + 1, parts));
        try
        {
            return await database.FirstAsync(count, row => row.GetInt64(0), ct).ConfigureAwait(false);
        }
        catch (StorageException e) when (CqlFault.IsTooMuch(e))
        {
            return null;
        }
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
    /// <param name="clusteredBy">
    /// The column of positive numbers that parts a partition's rows, the last of the key's cells; null where none does.
    /// </param>
    public CqlScan(
        string table, string partitionKey, string columns, RowReader<Cell[]?> read, bool distinct = false, string? clusteredBy = null)
    {
        var where = $"FROM {table} WHERE token({partitionKey}) > ? AND token({partitionKey}) <= ?";
        Select = Query.Read($"SELECT {(distinct ? "DISTINCT " : "")}token({partitionKey}), {columns} {where}");
        Count = Query.Read($"SELECT COUNT(*) {where}");
        // Servers turn this into a slice of the partition; nothing is filtered, but they want it to be allowed.
        if (clusteredBy is not null)
        {
            Slice = Query.Read(
                $"SELECT token({partitionKey}), {columns} {where} AND {clusteredBy} > ? AND {clusteredBy} <= ? ALLOW FILTERING");
        }
        Read = read;
    }

    public Query Select { get; }

    public Query Count { get; }

    /// <summary>A part of the rows of each partition; null where a partition cannot be parted.</summary>
    public Query? Slice { get; }

    public RowReader<Cell[]?> Read { get; }

    /// <summary>Whether a partition's rows come with falling numbers.</summary>
    public bool IsDescending { get; init; }

    /// <summary>The cell that says when a row was deleted.</summary>
    public int? DeletedAt { get; init; }

    /// <summary>Fills in what lies elsewhere; null for a row that has gone meanwhile.</summary>
    public Func<Cell[], CancellationToken, ValueTask<Cell[]?>>? CompleteAsync { get; init; }
}
