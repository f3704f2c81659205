namespace Discord.Storage.Migration;

/// <summary>
/// Copies all tables, several ranges side by side. Of each range the next page is read while the last one is written; how far it is, is
/// noted when a page has arrived. What fails is tried again with growing pauses, for as long as it takes: a database that is away for a
/// minute is no end of a migration.
/// </summary>
internal sealed class Copier(
    IReplica source, IReplica target, MigrationState state, MigrationClock clock, Throttle throttle, TimeProvider time,
    DateTimeOffset? notedSince = null) : IDisposable
{
    private const int Parts = 64;
    private const int RangesAtOnce = 4;
    private const int RowsPerWrite = 200;
    private const int WritesAtOnce = 16;
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(10);

    // Later messages were written when their keys were noted already: the mirror carries them over, and the copy need not run after the
    // writers.
    private readonly long _firstNoted = notedSince is { } since ? (long)Protocol.Snowflake.FromTimestamp(since).Value : long.MaxValue;

    private readonly SemaphoreSlim _writes = new(WritesAtOnce);
    private long _copied;

    /// <summary>Rows that arrived since the start.</summary>
    public long Copied => Interlocked.Read(ref _copied);

    /// <summary>Why the copy does not go on at the moment; null when it does.</summary>
    public string? Failing { get; private set; }

    /// <summary>Completes when all is copied, or of one table all.</summary>
    public async Task RunAsync(CancellationToken ct, ReplicaTable? only = null)
    {
        foreach (var table in ReplicaTable.All.Where(table => only is null || table == only))
        {
            var ranges = await PersistAsync(() => RangesAsync(table, ct), ct).ConfigureAwait(false);
            await Parallel.ForEachAsync(
                ranges.Where(range => !range.IsDone), new ParallelOptions { MaxDegreeOfParallelism = RangesAtOnce, CancellationToken = ct },
                async (range, inner) => await PersistAsync(() => CopyAsync(table, range.Number, inner), inner).ConfigureAwait(false))
                .ConfigureAwait(false);
        }
    }

    public void Dispose() => _writes.Dispose();

    private async Task<List<CopyRange>> RangesAsync(ReplicaTable table, CancellationToken ct)
    {
        if (state.Ranges(table) is { Count: > 0 } known) return known;
        state.SetEstimate(table, await source.EstimateAsync(table, ct).ConfigureAwait(false));
        state.AddRanges(table, await source.SplitAsync(table, Parts, ct).ConfigureAwait(false));
        return state.Ranges(table);
    }

    private async Task<bool> CopyAsync(ReplicaTable table, int number, CancellationToken ct)
    {
        var rest = state.Ranges(table)[number].Rest;
        var arriving = Task.CompletedTask;
        var pages = source.ScanAsync(table, rest, ct).GetAsyncEnumerator(ct);
        try
        {
            while (true)
            {
                // Before the page is read: whatever it shows was so then or later.
                var read = clock.Next();
                var more = await pages.MoveNextAsync().ConfigureAwait(false);
                await arriving.ConfigureAwait(false);
                if (!more) break;
                var page = pages.Current;
                if (table == ReplicaTable.Messages) page = page with { Rows = [.. page.Rows.Where(row => row[1].Number < _firstNoted)] };
                await throttle.PassAsync(page.Rows.Count, ct).ConfigureAwait(false);
                arriving = ArriveAsync(table, number, page, read, ct);
            }
        }
        finally
        {
            // The page on its way must have arrived or failed before the range is begun again.
            await arriving.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await pages.DisposeAsync().ConfigureAwait(false);
        }
        state.Complete(table, number);
        return true;
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
        state.Advance(table, number, page.Position, page.Rows.Count);
        Interlocked.Add(ref _copied, page.Rows.Count);
        Failing = null;
    }

    private async Task<T> PersistAsync<T>(Func<Task<T>> step, CancellationToken ct)
    {
        for (var pause = TimeSpan.FromMilliseconds(100); ;)
        {
            try
            {
                return await step().ConfigureAwait(false);
            }
            catch (StorageException e) when (e.IsTransient)
            {
                Failing = e.Message;
            }
            await Task.Delay(pause, time, ct).ConfigureAwait(false);
            pause = TimeSpan.FromMilliseconds(Math.Min(pause.TotalMilliseconds * 2, LongestPause.TotalMilliseconds));
        }
    }
}
