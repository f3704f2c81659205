using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Discord.Storage.Sqlite;

/// <summary>What an acknowledged write survives.</summary>
public enum Durability
{
    /// <summary><c>PRAGMA synchronous=FULL</c>: the log is flushed at every commit. Survives <c>kill -9</c> and power loss.</summary>
    Full,

    /// <summary><c>PRAGMA synchronous=NORMAL</c>: flushed at checkpoints only. Survives <c>kill -9</c>; power loss may take the last
    /// second's writes, never the file's consistency.</summary>
    Normal,
}

/// <summary>Settings of <see cref="SqliteStorage"/>.</summary>
public sealed class SqliteStorageOptions
{
    /// <summary>Where everything lies; created with mode 0700 if it is missing. Required.</summary>
    public required string DataDirectory { get; init; }

    /// <summary>What an acknowledged write survives. Default <see cref="Durability.Full"/>.</summary>
    public Durability Durability { get; init; } = Durability.Full;

    /// <summary>Page cache of all connections together, half of it the writer's. Default 64 MiB; 1 MiB to 64 GiB.</summary>
    public long CacheBytes { get; init; } = 64L << 20;

    /// <summary>
    /// How much of the file readers see through memory mapping. Default 1 GiB of address space (not of memory); 0 turns it off.
    /// </summary>
    public long MmapBytes { get; init; } = 1L << 30;

    /// <summary>Reading connections, each with its own thread. Default the number of cores, 2 to 8; 1..64.</summary>
    public int Readers { get; init; } = Math.Clamp(Environment.ProcessorCount, 2, 8);

    /// <summary>
    /// Writes that may wait; beyond it they fail with <see cref="StorageError.Overloaded"/>. Default 16,384: about a second's worth.
    /// </summary>
    public int WriteQueueCapacity { get; init; } = 16_384;

    /// <summary>Reads that may wait; beyond it they fail with <see cref="StorageError.Overloaded"/>. Default 16,384.</summary>
    public int ReadQueueCapacity { get; init; } = 16_384;

    /// <summary>Most writes in one commit. Default 512: larger batches gain little and make the first writer wait.</summary>
    public int MaxBatch { get; init; } = 512;

    /// <summary>
    /// Size that the write-ahead log is kept to; above it the writer itself helps the checkpoint. Default 64 MiB; at least 1 MiB.
    /// </summary>
    public long WalBytes { get; init; } = 64L << 20;

    /// <summary>Tokens that are remembered; bounds the cache. Default 100,000.</summary>
    public int TokenCacheCapacity { get; init; } = 100_000;

    /// <summary>The clock. Default the system's.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Where failures of background work are told. Default nowhere.</summary>
    public ILoggerFactory LoggerFactory { get; init; } = NullLoggerFactory.Instance;

    /// <summary>Throws when a setting is out of its range, naming it.</summary>
    /// <exception cref="ArgumentException">A setting is out of its range.</exception>
    public void Validate()
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(DataDirectory);
        ArgumentNullException.ThrowIfNull(Time);
        ArgumentNullException.ThrowIfNull(LoggerFactory);
        if (!Enum.IsDefined(Durability)) throw new ArgumentException($"{nameof(Durability)} must be Full or Normal");
        Range(nameof(CacheBytes), CacheBytes, 1L << 20, 64L << 30);
        Range(nameof(MmapBytes), MmapBytes, 0, 1L << 40);
        Range(nameof(Readers), Readers, 1, 64);
        Range(nameof(WriteQueueCapacity), WriteQueueCapacity, 1, 1 << 20);
        Range(nameof(ReadQueueCapacity), ReadQueueCapacity, 1, 1 << 20);
        Range(nameof(MaxBatch), MaxBatch, 1, 1 << 16);
        Range(nameof(WalBytes), WalBytes, 1L << 20, 16L << 30);
        Range(nameof(TokenCacheCapacity), TokenCacheCapacity, 1, 100_000_000);
    }

    private static void Range(string name, long value, long min, long max)
    {
        if (value < min || value > max) throw new ArgumentException($"{name} must be {min} to {max}, not {value}");
    }
}
