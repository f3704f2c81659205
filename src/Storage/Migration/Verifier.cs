using System.Buffers;
using System.IO.Hashing;
using System.Runtime.CompilerServices;

namespace Discord.Storage.Migration;

/// <summary>
/// Compares two stores while they are in use.
/// <para>
/// <b>In full.</b> Every row of both is hashed, and the hashes are added up in a million sums by the row's key; the order in which a store
/// gives its rows does not matter. Where a sum differs, the keys that belong to it are listed on both sides and looked at one by one. Rows
/// of what was made after the comparison began (<see cref="ReplicaTable.TimedBy"/>) are listed at once: most writes make them, and each
/// would make a sum differ.
/// </para>
/// <para>
/// <b>Under writes.</b> A row that changes while it is compared differs only until it is carried over. So a key that differs is made due
/// once more (<see cref="ChangeLog"/>), and looked at again when it has been carried over; that repairs it, too. Only what differs then,
/// with no write to the key in between, is a difference.
/// </para>
/// <para>
/// <b>Under faults.</b> What fails for a while is read again from where it was, and each row is counted once (<see cref="OnceAsync"/>). A
/// store that does not answer for <see cref="Patience"/> ends the comparison.
/// </para>
/// </summary>
internal sealed class Verifier(RetryingReplica source, RetryingReplica target, ChangeLog changes, Mirror mirror, TimeProvider time)
{
    /// <summary>
    /// How long a store may not answer. A server that starts again or a cluster that chooses other replicas takes less; who waits for the
    /// comparison's end is told of an outage that lasts.
    /// </summary>
    public static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private const int Buckets = 1 << 20;
    private const int Attempts = 5;
    private const int KeysAtOnce = 256;

    // So often in a row nothing may be carried over though the stores answer.
    private const int QuietTimes = 2;
    private static readonly TimeSpan CarryTime = TimeSpan.FromSeconds(15);

    // Nonces are gone in an hour, before or after the comparison has seen them.
    private static IEnumerable<ReplicaTable> Tables => ReplicaTable.All.Where(table => table != ReplicaTable.Nonces);

    private readonly DateTimeOffset _startedAt = time.GetUtcNow();
    private readonly long _young = (long)Protocol.Snowflake.FromTimestamp(time.GetUtcNow()).Value;
    private long _compared;
    private long _repaired;
    private long _different;
    private bool _full;

    /// <summary>Keys of one table that are listed on a side, some 150 bytes each. Default 1,000,000.</summary>
    public int MaxListed { get; init; } = 1_000_000;

    /// <summary>The store that the comparison waits for; null while both answer.</summary>
    public MigrationWait? Waiting => MigrationWait.Longest(source.Waiting, target.Waiting);

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
            var sides = await BothAsync((store, inner) => SumAsync(store, table, counted: store == source, inner), ct).ConfigureAwait(false);
            await SettleAsync(Differing(sides[0].Young, sides[1].Young), ct).ConfigureAwait(false);
            var buckets = Enumerable.Range(0, Buckets).Where(bucket => sides[0].Sums[bucket] != sides[1].Sums[bucket]).ToHashSet();
            if (buckets.Count == 0) continue;
            var listed = await BothAsync((store, inner) => ListAsync(store, table, buckets, inner), ct).ConfigureAwait(false);
            await SettleAsync(Differing(listed[0], listed[1]), ct).ConfigureAwait(false);
        }
    }

    private static ReplicaKey[] Differing(Dictionary<ReplicaKey, UInt128> here, Dictionary<ReplicaKey, UInt128> there) =>
    [
        .. here.Keys.Union(there.Keys)
            .Where(key => !here.TryGetValue(key, out var left) || !there.TryGetValue(key, out var right) || left != right),
    ];

    /// <summary>Looks up a share of the source's rows in the target.</summary>
    public async Task SampleAsync(double share, CancellationToken ct)
    {
        var bound = (ulong)(share * ulong.MaxValue);
        foreach (var table in Tables)
        {
            await foreach (var sample in OnceAsync(
                source, table, ReplicaRange.Whole, row => (ulong)Hash(row.AsSpan(0, table.Key.Count)) <= bound ? row : null, ct)
                .ConfigureAwait(false))
            {
                foreach (var rows in sample.OfType<Cell[]>().Chunk(KeysAtOnce))
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

    // The first fault ends both.
    private async Task<T[]> BothAsync<T>(Func<RetryingReplica, CancellationToken, Task<T>> work, CancellationToken ct)
    {
        var found = new T[2];
        await Parallel.ForEachAsync(
            Enumerable.Range(0, 2), new ParallelOptions { MaxDegreeOfParallelism = 2, CancellationToken = ct },
            async (i, inner) => found[i] = await work(i == 0 ? source : target, inner).ConfigureAwait(false)).ConfigureAwait(false);
        return found;
    }

    private async Task<(UInt128[] Sums, Dictionary<ReplicaKey, UInt128> Young)> SumAsync(
        RetryingReplica store, ReplicaTable table, bool counted, CancellationToken ct)
    {
        var sums = new UInt128[Buckets];
        var young = new Dictionary<ReplicaKey, UInt128>();
        var ranges = await store.SplitAsync(table, Environment.ProcessorCount, ct).ConfigureAwait(false);
        await Parallel.ForEachAsync(ranges, ct, async (range, inner) =>
        {
            await foreach (var rows in OnceAsync(
                store, table, range,
                row => (Young: IsYoung(table, row) ? KeyOf(table, row) : (ReplicaKey?)null, Bucket: BucketOf(table, row), Hash: Hash(row)),
                inner).ConfigureAwait(false))
            {
                lock (sums)
                {
                    foreach (var row in rows)
                    {
                        if (row.Young is { } key) List(young, key, row.Hash);
                        else sums[row.Bucket] += row.Hash;
                    }
                }
                if (counted) Interlocked.Add(ref _compared, rows.Count);
            }
        }).ConfigureAwait(false);
        return (sums, young);
    }

    /// <summary>
    /// What <paramref name="make"/> makes of a range's rows, each once. Rows that would come again after a fault are held back until they
    /// would not: at most those of one partition and one page.
    /// </summary>
    internal static async IAsyncEnumerable<IReadOnlyList<T>> OnceAsync<T>(
        IReplica store, ReplicaTable table, ReplicaRange range, Func<Cell[], T> make, [EnumeratorCancellation] CancellationToken ct)
    {
        var held = new List<T>();
        await foreach (var page in store.ScanAsync(table, range, ct).ConfigureAwait(false))
        {
            held.AddRange(page.Rows.Select(make));
            var settled = held.Count - page.Ahead;
            if (page.Fault is null) yield return held.GetRange(0, settled);
            held.RemoveRange(0, settled);
        }
        yield return held;
    }

    private async Task<Dictionary<ReplicaKey, UInt128>> ListAsync(
        RetryingReplica store, ReplicaTable table, HashSet<int> buckets, CancellationToken ct)
    {
        var keys = new Dictionary<ReplicaKey, UInt128>();
        await foreach (var page in store.ScanAsync(table, ReplicaRange.Whole, ct).ConfigureAwait(false))
        {
            foreach (var row in page.Rows.Where(row => !IsYoung(table, row) && buckets.Contains(BucketOf(table, row))))
                List(keys, KeyOf(table, row), Hash(row));
        }
        return keys;
    }

    private void List(Dictionary<ReplicaKey, UInt128> keys, ReplicaKey key, UInt128 hash)
    {
        keys[key] = hash;
        if (keys.Count <= MaxListed) return;
        throw new MigrationException(
            $"more than {MaxListed:N0} rows of '{key.Table}' would have to be looked at one by one: either it was not copied whole, or so much "
            + "is written while it is compared; compare again when less is");
    }

    private bool IsYoung(ReplicaTable table, Cell[] row) => table.TimedBy is { } cell && row[cell].Number >= _young;

    private static ReplicaKey KeyOf(ReplicaTable table, Cell[] row) => new(table, row[..table.Key.Count]);

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
        var (done, quiet) = (changes.WhenDone(keys), 0);
        while (true)
        {
            var carried = mirror.Carried;
            try
            {
                await done.WaitAsync(CarryTime, time, ct).ConfigureAwait(false);
                return;
            }
            catch (TimeoutException e)
            {
                var waiting = mirror.Waiting;
                quiet = waiting is null && mirror.Carried == carried ? quiet + 1 : 0;
                if (quiet < QuietTimes && (waiting is null || waiting.Seconds < Patience.TotalSeconds)) continue;
                var reason = waiting?.ToString() ?? mirror.Failing ?? $"none was within {QuietTimes * CarryTime.TotalSeconds:0} s";
                throw new MigrationException($"changes are not carried over: {reason}", e);
            }
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
