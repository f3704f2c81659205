using System.Buffers;
using System.IO.Hashing;

namespace Discord.Storage.Migration;

/// <summary>
/// Compares two stores while they are in use.
/// <para>
/// <b>In full.</b> Every row of both is hashed, and the hashes are added up in 65,536 sums by the row's key; the order in which a store
/// gives its rows does not matter. Where a sum differs, the keys that belong to it are listed on both sides and looked at one by one.
/// </para>
/// <para>
/// <b>Under writes.</b> A row that changes while it is compared differs only until it is carried over. So a key that differs is made due
/// once more (<see cref="ChangeLog"/>), and looked at again when it has been carried over; that repairs it, too. Only what differs then,
/// with no write to the key in between, is a difference.
/// </para>
/// </summary>
internal sealed class Verifier(IReplica source, IReplica target, ChangeLog changes, TimeProvider time)
{
    private const int Buckets = 1 << 16;
    private const int Attempts = 5;
    private const int KeysAtOnce = 256;

    /// <summary>Keys of one table that are looked at one by one; where more differ, the copy is what is wrong.</summary>
    private const int MaxSuspects = 100_000;

    private static readonly TimeSpan CarryLimit = TimeSpan.FromSeconds(30);

    // Nonces are gone in an hour, before or after the comparison has seen them.
    private static IEnumerable<ReplicaTable> Tables => ReplicaTable.All.Where(table => table != ReplicaTable.Nonces);

    private readonly DateTimeOffset _startedAt = time.GetUtcNow();
    private long _compared;
    private long _repaired;
    private long _different;
    private bool _full;

    /// <summary>What was found up to now.</summary>
    public VerificationReport Report(bool running, string? error = null) => new(
        _full, running, _startedAt, Interlocked.Read(ref _compared), Interlocked.Read(ref _repaired), Interlocked.Read(ref _different),
        error);

    /// <summary>Compares everything.</summary>
    public async Task FullAsync(CancellationToken ct)
    {
        _full = true;
        foreach (var table in Tables)
        {
            var sums = await Task.WhenAll(SumAsync(source, table, counted: true, ct), SumAsync(target, table, counted: false, ct))
                .ConfigureAwait(false);
            var buckets = Enumerable.Range(0, Buckets).Where(bucket => sums[0][bucket] != sums[1][bucket]).ToHashSet();
            if (buckets.Count == 0) continue;
            var listed = await Task.WhenAll(ListAsync(source, table, buckets, ct), ListAsync(target, table, buckets, ct))
                .ConfigureAwait(false);
            var suspects = listed[0].Keys.Union(listed[1].Keys)
                .Where(key => !listed[0].TryGetValue(key, out var here) || !listed[1].TryGetValue(key, out var there) || here != there);
            await SettleAsync([.. suspects], ct).ConfigureAwait(false);
        }
    }

    /// <summary>Looks up a share of the source's rows in the target.</summary>
    public async Task SampleAsync(double share, CancellationToken ct)
    {
        var bound = (ulong)(share * ulong.MaxValue);
        foreach (var table in Tables)
        {
            await foreach (var page in source.ScanAsync(table, ReplicaRange.Whole, ct).ConfigureAwait(false))
            {
                var sample = page.Rows.Where(row => (ulong)Hash(row.AsSpan(0, table.Key.Count)) <= bound).ToList();
                foreach (var rows in sample.Chunk(KeysAtOnce))
                {
                    var suspects = await Task.WhenAll(rows.Select(async row =>
                    {
                        var key = new ReplicaKey(table, row[..table.Key.Count]);
                        var there = await target.ReadAsync(table, key.Cells, ct).ConfigureAwait(false);
                        return there.Count == 1 && there[0].AsSpan().SequenceEqual(row) ? default(ReplicaKey?) : key;
                    })).ConfigureAwait(false);
                    Interlocked.Add(ref _compared, rows.Length);
                    await SettleAsync([.. suspects.OfType<ReplicaKey>()], ct).ConfigureAwait(false);
                }
            }
        }
    }

    private async Task<UInt128[]> SumAsync(IReplica store, ReplicaTable table, bool counted, CancellationToken ct)
    {
        var sums = new UInt128[Buckets];
        var ranges = await store.SplitAsync(table, Environment.ProcessorCount, ct).ConfigureAwait(false);
        await Parallel.ForEachAsync(ranges, ct, async (range, inner) =>
        {
            await foreach (var page in store.ScanAsync(table, range, inner).ConfigureAwait(false))
            {
                lock (sums)
                {
                    foreach (var row in page.Rows) sums[BucketOf(table, row)] += Hash(row);
                }
                if (counted) Interlocked.Add(ref _compared, page.Rows.Count);
            }
        }).ConfigureAwait(false);
        return sums;
    }

    private static async Task<Dictionary<ReplicaKey, UInt128>> ListAsync(
        IReplica store, ReplicaTable table, HashSet<int> buckets, CancellationToken ct)
    {
        var keys = new Dictionary<ReplicaKey, UInt128>();
        await foreach (var page in store.ScanAsync(table, ReplicaRange.Whole, ct).ConfigureAwait(false))
        {
            foreach (var row in page.Rows.Where(row => buckets.Contains(BucketOf(table, row))))
            {
                if (keys.Count == MaxSuspects)
                    throw new MigrationException($"{buckets.Count:N0} of {Buckets:N0} parts of '{table}' differ: it was not copied whole");
                keys[new ReplicaKey(table, row[..table.Key.Count])] = Hash(row);
            }
        }
        return keys;
    }

    private async Task SettleAsync(IReadOnlyList<ReplicaKey> suspects, CancellationToken ct)
    {
        foreach (var keys in suspects.Chunk(KeysAtOnce))
        {
            var differing = keys;
            for (var attempt = 0; attempt < Attempts && differing.Length > 0; attempt++)
            {
                changes.Begin(differing);
                changes.End(differing);
                await CarriedOverAsync(differing, ct).ConfigureAwait(false);
                var equal = await Task.WhenAll(differing.Select(key => IsEqualAsync(key, ct))).ConfigureAwait(false);
                differing = [.. differing.Where((_, i) => !equal[i])];
            }
            Interlocked.Add(ref _different, differing.Length);
            Interlocked.Add(ref _repaired, keys.Length - differing.Length);
        }
    }

    private async Task CarriedOverAsync(ReplicaKey[] keys, CancellationToken ct)
    {
        try
        {
            await changes.WhenDone(keys).WaitAsync(CarryLimit, time, ct).ConfigureAwait(false);
        }
        catch (TimeoutException e)
        {
            throw new MigrationException($"changes were not carried over within {CarryLimit.TotalSeconds:0} s", e);
        }
    }

    private async Task<bool> IsEqualAsync(ReplicaKey key, CancellationToken ct)
    {
        var here = await source.ReadAsync(key.Table, key.Cells, ct).ConfigureAwait(false);
        var there = await target.ReadAsync(key.Table, key.Cells, ct).ConfigureAwait(false);
        return here.Count == there.Count && (here.Count == 0 || here[0].AsSpan().SequenceEqual(there[0]));
    }

    private static int BucketOf(ReplicaTable table, Cell[] row) => (int)((ulong)Hash(row.AsSpan(0, table.Key.Count)) % Buckets);

    private static UInt128 Hash(ReadOnlySpan<Cell> cells)
    {
        t_bytes ??= new ArrayBufferWriter<byte>(1024);
        t_bytes.ResetWrittenCount();
        Cell.Write(t_bytes, cells);
        return XxHash128.HashToUInt128(t_bytes.WrittenSpan);
    }

    [ThreadStatic]
    private static ArrayBufferWriter<byte>? t_bytes;
}
