using System.Threading.Channels;

namespace Discord.Node.Logging;

/// <summary>The latest entries, for <c>pbm log tail</c>, and a live feed of further ones. Thread-safe; never waits for a reader.</summary>
public sealed class LogBuffer
{
    /// <summary>Entries kept: some minutes of a busy node, about 1 MiB.</summary>
    public const int Capacity = 2_000;

    /// <summary>Entries that wait for one reader; a slower one loses the oldest.</summary>
    public const int ReaderCapacity = 1_000;

    /// <summary>Readers at the same time.</summary>
    public const int MaxReaders = 16;

    private readonly Lock _gate = new();
    private readonly Queue<LogEntry> _entries = new(Capacity);
    private readonly List<Channel<LogEntry>> _readers = [];

    /// <summary>Adds an entry; the oldest goes when there is no room.</summary>
    public void Add(LogEntry entry)
    {
        lock (_gate)
        {
            if (_entries.Count == Capacity)
                _entries.Dequeue();
            _entries.Enqueue(entry);
            foreach (var reader in _readers)
                reader.Writer.TryWrite(entry);
        }
    }

    /// <summary>The latest entries, oldest first.</summary>
    public IReadOnlyList<LogEntry> Latest(int count)
    {
        lock (_gate)
            return [.. _entries.TakeLast(count)];
    }

    /// <summary>The latest entries and then every further one, none lost in between, until cancelled.</summary>
    /// <exception cref="InvalidOperationException">Too many readers.</exception>
    public async IAsyncEnumerable<LogEntry> FollowAsync(
        int count, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellation)
    {
        var channel = Channel.CreateBounded<LogEntry>(
            new BoundedChannelOptions(ReaderCapacity) { FullMode = BoundedChannelFullMode.DropOldest });
        IReadOnlyList<LogEntry> first;
        lock (_gate)
        {
            if (_readers.Count == MaxReaders)
                throw new InvalidOperationException($"{MaxReaders} readers follow the log already.");
            first = [.. _entries.TakeLast(count)];
            _readers.Add(channel);
        }
        try
        {
            foreach (var entry in first)
                yield return entry;
            await foreach (var entry in channel.Reader.ReadAllAsync(cancellation))
                yield return entry;
        }
        finally
        {
            lock (_gate)
                _readers.Remove(channel);
        }
    }
}
