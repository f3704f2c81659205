using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Discord.Storage.DataService;

/// <summary>Settings of <see cref="DataServiceStorage"/>.</summary>
public sealed class DataServiceOptions
{
    /// <summary>
    /// Memory for hot pages, over all channels. Default 64 MiB: the newest messages of about 1,500 busy channels. 0 keeps nothing.
    /// </summary>
    public long CacheBytes { get; init; } = 64L << 20;

    /// <summary>
    /// The newest messages kept of a channel. Default 100: what one page can hold, so that every page of the newest lies inside. 1..1,000.
    /// </summary>
    public int TailMessages { get; init; } = MessagePage.MaxLimit;

    /// <summary>
    /// The most that one channel's newest messages take; the oldest of them go first. Default 512 KiB: 100 messages of ordinary size take
    /// 40 KiB, and no channel with the largest takes more than a hundredth of the whole.
    /// </summary>
    public int TailBytes { get; init; } = 512 * 1024;

    /// <summary>Whether identical reads in flight share one query. Default true; false only to compare.</summary>
    public bool Coalesce { get; init; } = true;

    /// <summary>
    /// Queries at the same time in one (channel, bucket) partition. Default 4: a partition lives on few of a cluster's cores, and more
    /// queries than that only wait there, in front of everybody else's. 1..1,024.
    /// </summary>
    public int PartitionConcurrency { get; init; } = 4;

    /// <summary>Queries at the same time overall. Default 256: what a small cluster works on at once. 1..65,536.</summary>
    public int Concurrency { get; init; } = 256;

    /// <summary>
    /// Queries that may wait for their turn; beyond it they fail with <see cref="StorageError.Overloaded"/>. Default 16,384, as the
    /// stores' own queues.
    /// </summary>
    public int MaxWaiting { get; init; } = 16_384;

    /// <summary>The clock. Default the system's.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Where failures of the shared cache are told. Default nowhere.</summary>
    public ILoggerFactory LoggerFactory { get; init; } = NullLoggerFactory.Instance;

    /// <summary>
    /// Hands answers out on the thread that the store answers on, one after the other: how a test makes a schedule that can be repeated.
    /// </summary>
    internal bool AnswerInline { get; init; }

    /// <summary>Throws when a setting is out of its range, naming it.</summary>
    /// <exception cref="ArgumentException">A setting is out of its range.</exception>
    public void Validate()
    {
        ArgumentNullException.ThrowIfNull(Time);
        ArgumentNullException.ThrowIfNull(LoggerFactory);
        Range(nameof(CacheBytes), CacheBytes, 0, 1L << 40);
        Range(nameof(TailMessages), TailMessages, 1, 1_000);
        Range(nameof(TailBytes), TailBytes, 1024, 1 << 30);
        Range(nameof(PartitionConcurrency), PartitionConcurrency, 1, 1_024);
        Range(nameof(Concurrency), Concurrency, 1, 1 << 16);
        Range(nameof(MaxWaiting), MaxWaiting, 0, 1 << 20);
    }

    private static void Range(string name, long value, long min, long max)
    {
        if (value < min || value > max) throw new ArgumentException($"{name} must be {min} to {max}, not {value}");
    }
}
