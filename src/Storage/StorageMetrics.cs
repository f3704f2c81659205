using System.Diagnostics.Metrics;

namespace Discord.Storage;

/// <summary>What the store tells of itself, under the meter <see cref="MeterName"/>.</summary>
public static class StorageMetrics
{
    /// <summary>The meter's name.</summary>
    public const string MeterName = "Discord.Storage";

    private static readonly Meter Meter = new(MeterName);
    private static readonly Counter<long> Writes = Meter.CreateCounter<long>("storage.writes", "{write}", "Writes that were committed.");
    private static readonly Counter<long> Failures =
        Meter.CreateCounter<long>("storage.commit.failures", "{commit}", "Commits that failed, by error.");
    private static readonly Counter<long> CheckpointFailures =
        Meter.CreateCounter<long>("storage.checkpoint.failures", "{checkpoint}",
            "Checkpoints that failed; the log grows until one succeeds.");
    private static readonly Counter<long> MaintenanceFailures =
        Meter.CreateCounter<long>("storage.maintenance.failures", "{run}", "Clean-up runs that failed; the next one tries again.");
    private static readonly Histogram<double> CommitDuration = Meter.CreateHistogram(
        "storage.commit.duration", "s", "From the first statement of a batch to its durability.",
        advice: new InstrumentAdvice<double>
        {
            HistogramBucketBoundaries = [0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025,
            0.1, 1]
        });
    private static readonly Histogram<int> BatchSize = Meter.CreateHistogram(
        "storage.commit.size", "{write}", "Writes in one commit.",
        advice: new InstrumentAdvice<int> { HistogramBucketBoundaries = [1, 2, 4, 8, 16, 32, 64, 128, 256, 512] });

    private static readonly Counter<long> Hits =
        Meter.CreateCounter<long>("storage.cache.hits", "{read}", "Reads of messages, pins and reactions answered from memory.");
    private static readonly Counter<long> Misses =
        Meter.CreateCounter<long>("storage.cache.misses", "{read}", "Reads of messages, pins and reactions that asked the store.");
    private static readonly Counter<long> Shared =
        Meter.CreateCounter<long>("storage.cache.coalesced", "{read}", "Reads that shared a query that another one had made.");
    private static readonly Counter<long> Evictions =
        Meter.CreateCounter<long>("storage.cache.evictions", "{channel}", "Channels that gave their memory to others.");

    private static Func<int> _writeQueue = () => 0;
    private static Func<int> _readQueue = () => 0;
    private static Func<long> _cacheBytes = () => 0;
    private static Func<int> _cacheWaiting = () => 0;

    static StorageMetrics()
    {
        Meter.CreateObservableGauge("storage.write.queue", () => _writeQueue(), "{write}", "Writes that wait.");
        Meter.CreateObservableGauge("storage.read.queue", () => _readQueue(), "{read}", "Reads that wait.");
        Meter.CreateObservableGauge("storage.cache.bytes", () => _cacheBytes(), "By", "Memory of hot pages.");
        Meter.CreateObservableGauge("storage.cache.waiting", () => _cacheWaiting(), "{query}",
            "Queries that wait for their turn at a partition or the store.");
        Meter.CreateObservableGauge("storage.wal.frames", () => WalFrames, "{frame}",
            "Pages in the write-ahead log at the last checkpoint.");
    }

    internal static int WalFrames { get; set; }

    // A process has one store; in tests that open several the gauges show the last.
    internal static void WriteQueue(Func<int> depth) => _writeQueue = depth;

    internal static void ReadQueue(Func<int> depth) => _readQueue = depth;

    internal static void Cache(Func<long> bytes, Func<int> waiting) => (_cacheBytes, _cacheWaiting) = (bytes, waiting);

    internal static void CacheHit() => Hits.Add(1);

    internal static void CacheMiss() => Misses.Add(1);

    internal static void Coalesced() => Shared.Add(1);

    internal static void Evicted() => Evictions.Add(1);

    internal static void Committed(int writes, TimeSpan duration)
    {
        Writes.Add(writes);
        BatchSize.Record(writes);
        CommitDuration.Record(duration.TotalSeconds);
    }

    internal static void CommitFailed(StorageError error) => Failures.Add(1, new KeyValuePair<string, object?>("error", error.ToString()));

    internal static void CheckpointFailed() => CheckpointFailures.Add(1);

    internal static void MaintenanceFailed() => MaintenanceFailures.Add(1);
}
