using System.Runtime.CompilerServices;
using Discord.Kernel.Persistence;
using Discord.Storage.Files;
using Discord.Storage.Migration;

namespace Discord.Storage.Tests.Migration;

/// <summary>
/// A store whose rows keep the time they were written with, as Cassandra's do, over one that does not; and whose answers can be made slow
/// or to fail, those about its rows by <see cref="Faulty"/>.
/// </summary>
internal sealed class TimestampedStorage(IStorage inner) : IStorage, IReplica
{
    private readonly SemaphoreSlim _lock = new(1);
    private FaultyReplica? _faulty;
    private readonly Dictionary<ReplicaKey, long> _written = [];
    private readonly Dictionary<ReplicaKey, long> _removedBelow = [];

    /// <summary>Where a test lets its rows' answers fail.</summary>
    public FaultyReplica Faulty => _faulty ??= new FaultyReplica(this);

    /// <summary>Runs before each write arrives, with the number of its rows.</summary>
    public Func<int, Task> Before { get; set; } = _ => Task.CompletedTask;

    /// <summary>Whether earlier times win over nothing: how a test shows that it would see a fault.</summary>
    public bool IgnoresTimes { get; set; }

    public IMessageStore Messages => inner.Messages;
    public IJournal Journal => inner.Journal;
    public ISnapshotStore Snapshots => inner.Snapshots;
    public ILookupStore Lookups => inner.Lookups;
    public IAuditStore Audit => inner.Audit;
    public IAccountStore Accounts => inner.Accounts;
    public IReplica Replica => Faulty;
    public IBlobStore Blobs => inner.Blobs;
    public UrlSigner Urls => inner.Urls;

    public async ValueTask DisposeAsync()
    {
        await inner.DisposeAsync();
        _lock.Dispose();
    }

    public ValueTask<IReadOnlyList<ReplicaRange>> SplitAsync(ReplicaTable table, int parts, CancellationToken ct) =>
        inner.Replica.SplitAsync(table, parts, ct);

    public IAsyncEnumerable<ReplicaPage> ScanAsync(ReplicaTable table, ReplicaRange range, CancellationToken ct) =>
        inner.Replica.ScanAsync(table, range, ct);

    public ValueTask<IReadOnlyList<Cell[]>> ReadAsync(ReplicaTable table, ReadOnlyMemory<Cell> prefix, CancellationToken ct) =>
        inner.Replica.ReadAsync(table, prefix, ct);

    public ValueTask<long> EstimateAsync(ReplicaTable table, CancellationToken ct) => inner.Replica.EstimateAsync(table, ct);

    public async ValueTask WriteAsync(ReplicaTable table, IReadOnlyList<ReplicaChange> changes, long timestamp, CancellationToken ct)
    {
        await Before(changes.Count);
        await _lock.WaitAsync(ct);
        try
        {
            foreach (var change in changes)
            {
                var key = new ReplicaKey(table, change.Cells.Length > table.Key.Count ? change.Cells[..table.Key.Count] : change.Cells);
                if (!IgnoresTimes && timestamp <= LastWritten(key)) continue;
                if (change.IsRemoval && !key.IsWhole) await RemoveBelowAsync(table, key, timestamp, ct);
                else await inner.Replica.WriteAsync(table, [change], timestamp, ct);
                (key.IsWhole ? _written : _removedBelow)[key] = timestamp;
            }
        }
        finally
        {
            _lock.Release();
        }
    }

    // Only what was written earlier goes.
    private async Task RemoveBelowAsync(ReplicaTable table, ReplicaKey key, long timestamp, CancellationToken ct)
    {
        foreach (var row in await inner.Replica.ReadAsync(table, key.Cells, ct))
        {
            var whole = new ReplicaKey(table, row[..table.Key.Count]);
            if (IgnoresTimes || timestamp > LastWritten(whole))
                await inner.Replica.WriteAsync(table, [ReplicaChange.Remove(whole.Cells)], timestamp, ct);
        }
    }

    private long LastWritten(ReplicaKey key)
    {
        ref var written = ref System.Runtime.InteropServices.CollectionsMarshal.GetValueRefOrNullRef(_written, key);
        var last = Unsafe.IsNullRef(ref written) ? 0 : written;
        for (var length = 0; length < key.Cells.Length; length++)
            last = Math.Max(last, _removedBelow.GetValueOrDefault(new ReplicaKey(key.Table, key.Cells[..length])));
        return last;
    }
}
