using Microsoft.Extensions.Logging;

namespace Discord.Storage.Migration;

/// <summary>
/// Copies all tables, several ranges side by side. Of each range the next page is read while the last one is written; how far it is, is
/// noted when a page has arrived. What fails for a while is asked again for as long as it takes: a database that is away for a minute is no
/// end of a migration.
/// </summary>
internal sealed class Copier(
    RetryingReplica source, RetryingReplica target, MigrationState state, MigrationClock clock, Throttle throttle, TimeProvider time,
    ILogger log, DateTimeOffset? notedSince = null) : IDisposable
{
    private const int Parts = 64;
    private const int RangesAtOnce = 4;
    private const int RowsPerWrite = 200;
    private const int WritesAtOnce = 16;

    // What is about later messages was written when the keys were noted already: the mirror carries it over, and the copy need not run
    // after the writers.
    private readonly long _firstNoted = FirstNoted(notedSince);

    private readonly SemaphoreSlim _writes = new(WritesAtOnce);
    private readonly Retry _noting = new(MigrationSide.Node, limit: null, time, log);
    private long _copied;

    /// <summary>The first id of which the copy brings nothing, where all changes are noted since then.</summary>
    public static long FirstNoted(DateTimeOffset? since) =>
        since is { } then ? (long)Protocol.Snowflake.FromTimestamp(then).Value : long.MaxValue;

    /// <summary>Rows that arrived since the start.</summary>
    public long Copied => Interlocked.Read(ref _copied);

    /// <summary>What the copy waits for; null while it goes on.</summary>
    public MigrationWait? Waiting => MigrationWait.Longest(source.Waiting, target.Waiting, _noting.Waiting);

    /// <summary>Completes when all is copied, or of one table all.</summary>
    public async Task RunAsync(CancellationToken ct, ReplicaTable? only = null)
    {
        foreach (var table in ReplicaTable.All.Where(table => only is null || table == only))
        {
            await Parallel.ForEachAsync(
                (await RangesAsync(table, ct).ConfigureAwait(false)).Where(range => !range.IsDone),
                new ParallelOptions { MaxDegreeOfParallelism = RangesAtOnce, CancellationToken = ct },
                async (range, inner) => await CopyAsync(table, range, inner).ConfigureAwait(false)).ConfigureAwait(false);
        }
    }

    public void Dispose() => _writes.Dispose();

    private async Task<List<CopyRange>> RangesAsync(ReplicaTable table, CancellationToken ct)
    {
        if (await KnownAsync().ConfigureAwait(false) is { Count: > 0 } known) return known;
        var estimate = await source.EstimateAsync(table, ct).ConfigureAwait(false);
        var ranges = await source.SplitAsync(table, Parts, ct).ConfigureAwait(false);
        await NoteAsync(
            () =>
            {
                state.SetEstimate(table, estimate);
                state.AddRanges(table, ranges);
            },
            ct).ConfigureAwait(false);
        return await KnownAsync().ConfigureAwait(false);

        ValueTask<List<CopyRange>> KnownAsync() => _noting.AskAsync(() => ValueTask.FromResult(state.Ranges(table)), ct);
    }

    private async Task CopyAsync(ReplicaTable table, CopyRange range, CancellationToken ct)
    {
        var arriving = Task.CompletedTask;
        var pages = source.ScanAsync(table, range.Rest, ct).GetAsyncEnumerator(ct);
        try
        {
            while (true)
            {
                // Before the page is read: whatever it shows was so then or later.
                var read = clock.Next();
                var more = await pages.MoveNextAsync().ConfigureAwait(false);
                if (more && pages.Current.Fault is not null) continue;
                await arriving.ConfigureAwait(false);
                if (!more) break;
                var page = pages.Current;
                if (table.TimedBy is { } id) page = page with { Rows = [.. page.Rows.Where(row => row[id].Number < _firstNoted)] };
                await throttle.PassAsync(page.Rows.Count, ct).ConfigureAwait(false);
                arriving = ArriveAsync(table, range.Number, page, read, ct);
            }
        }
        finally
        {
            // Afterwards nothing is noted any more: the state may be closed.
            await arriving.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await pages.DisposeAsync().ConfigureAwait(false);
        }
        await NoteAsync(() => state.Complete(table, range.Number), ct).ConfigureAwait(false);
    }

    private async Task ArriveAsync(ReplicaTable table, int number, ReplicaPage page, long read, CancellationToken ct)
    {
        await Task.WhenAll(page.Rows.Chunk(RowsPerWrite).Select(async rows =>
        {
            await _writes.WaitAsync(ct).ConfigureAwait(false);
            try
            {
                await target.WriteAsync(table, Array.ConvertAll(rows, ReplicaChange.Put), read, ct).ConfigureAwait(false);
            }
            finally
            {
                _writes.Release();
            }
        })).ConfigureAwait(false);
        await NoteAsync(() => state.Advance(table, number, page.Position, page.Rows.Count), ct).ConfigureAwait(false);
        Interlocked.Add(ref _copied, page.Rows.Count);
    }

    private async Task NoteAsync(Action note, CancellationToken ct) => await _noting.AskAsync(
        () =>
        {
            note();
            return ValueTask.FromResult(true);
        },
        ct).ConfigureAwait(false);
}
