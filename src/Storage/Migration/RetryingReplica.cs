using System.Runtime.CompilerServices;

namespace Discord.Storage.Migration;

/// <summary>
/// A store as one of a migration's works sees it: what fails for a while is asked again (<see cref="Retry"/>), a scan from where it was.
/// Every member may throw <see cref="MigrationException"/> when that took too long, and ends at once with any other error.
/// </summary>
internal sealed class RetryingReplica(IReplica store, Retry retry) : IReplica
{
    /// <inheritdoc cref="Retry.Waiting"/>
    public MigrationWait? Waiting => retry.Waiting;

    public ValueTask<IReadOnlyList<ReplicaRange>> SplitAsync(ReplicaTable table, int parts, CancellationToken ct) =>
        retry.AskAsync(() => store.SplitAsync(table, parts, ct), ct);

    public async IAsyncEnumerable<ReplicaPage> ScanAsync(
        ReplicaTable table, ReplicaRange range, [EnumeratorCancellation] CancellationToken ct)
    {
        using var call = retry.Begin();
        var (rest, furthest) = (range, 0);
        while (true)
        {
            StorageException? fault;
            var pages = store.ScanAsync(table, rest, ct).GetAsyncEnumerator(ct);
            await using (pages.ConfigureAwait(false))
            {
                while (true)
                {
                    call.Ask();
                    (var page, fault) = await NextAsync(pages).ConfigureAwait(false);
                    if (page is null) break;
                    if (page.Fault is { } narrowed)
                    {
                        call.Failed(narrowed);
                    }
                    else
                    {
                        // Rows that come again and again in front of one that cannot be read are no progress.
                        var moved = !page.Position.AsSpan().SequenceEqual(rest.After);
                        call.Answered(further: moved || page.Ahead > furthest);
                        furthest = moved ? page.Ahead : Math.Max(furthest, page.Ahead);
                        rest = rest with { After = page.Position };
                    }
                    yield return page;
                }
            }
            if (fault is null)
            {
                call.Answered();
                yield break;
            }
            call.Failed(fault);
            await call.PauseAsync(ct).ConfigureAwait(false);
            yield return new ReplicaPage([], rest.After) { Fault = fault };
        }
    }

    public ValueTask<IReadOnlyList<Cell[]>> ReadAsync(ReplicaTable table, ReadOnlyMemory<Cell> prefix, CancellationToken ct) =>
        retry.AskAsync(() => store.ReadAsync(table, prefix, ct), ct);

    public async ValueTask WriteAsync(ReplicaTable table, IReadOnlyList<ReplicaChange> changes, long timestamp, CancellationToken ct) =>
        await retry.AskAsync(
            async () =>
            {
                await store.WriteAsync(table, changes, timestamp, ct).ConfigureAwait(false);
                return true;
            },
            ct).ConfigureAwait(false);

    public ValueTask<long> EstimateAsync(ReplicaTable table, CancellationToken ct) =>
        retry.AskAsync(() => store.EstimateAsync(table, ct), ct);

    private static async ValueTask<(ReplicaPage? Page, StorageException? Fault)> NextAsync(IAsyncEnumerator<ReplicaPage> pages)
    {
        try
        {
            return (await pages.MoveNextAsync().ConfigureAwait(false) ? pages.Current : null, null);
        }
        catch (StorageException e) when (e.IsTransient)
        {
            return (null, e);
        }
    }
}
