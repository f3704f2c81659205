using System.Threading.Channels;
using Discord.Node.Configuration;

namespace Discord.Node.Logging;

/// <summary>
/// Writes log entries to a <see cref="TextWriter"/> (standard output) from a task of its own, and keeps the latest in a <see
/// cref="LogBuffer"/>.
/// Whoever logs never waits: when the output stalls, the oldest waiting lines are lost and their number is written later.
/// </summary>
[ProviderAlias("Node")]
internal sealed class NodeLoggerProvider : ILoggerProvider
{
    /// <summary>Lines that wait for the output.</summary>
    private const int Waiting = 10_000;

    private readonly Channel<LogEntry> _queue;
    private readonly TextWriter _output;
    private readonly LogFormat _format;
    private readonly LogLevelSwitch _level;
    private readonly LogBuffer _buffer;
    private readonly TimeProvider _time;
    private readonly Task _writing;
    private long _lost;

    public NodeLoggerProvider(TextWriter output, LogFormat format, LogLevelSwitch level, LogBuffer buffer, TimeProvider time)
    {
        _output = output;
        _format = format;
        _level = level;
        _buffer = buffer;
        _time = time;
        _queue = Channel.CreateBounded<LogEntry>(
            new BoundedChannelOptions(Waiting) { FullMode = BoundedChannelFullMode.DropOldest, SingleReader = true },
            _ => Interlocked.Increment(ref _lost));
        _writing = Task.Run(WriteAsync);
    }

    public ILogger CreateLogger(string categoryName) => new NodeLogger(this, categoryName);

    public void Dispose()
    {
        _queue.Writer.TryComplete();
        // What is queued is written, but a stalled output does not hold up the exit.
        _writing.Wait(TimeSpan.FromSeconds(2));
    }

    private void Write(LogEntry entry)
    {
        _buffer.Add(entry);
        _queue.Writer.TryWrite(entry);
    }

    private async Task WriteAsync()
    {
        await foreach (var entry in _queue.Reader.ReadAllAsync())
        {
            if (Interlocked.Exchange(ref _lost, 0) is > 0 and var lost)
                Print(new LogEntry(
                    _time.GetUtcNow(), LogLevel.Warning, nameof(NodeLoggerProvider), 0, null, $"{lost} log entries were lost.", null, []));
            Print(entry);
            if (_queue.Reader.Count == 0)
                await _output.FlushAsync();
        }
    }

    private void Print(LogEntry entry) => _output.Write((_format == LogFormat.Json ? entry.ToJson() : entry.ToText()) + "\n");

    private sealed class NodeLogger(NodeLoggerProvider owner, string category) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel != LogLevel.None && owner._level.IsEnabled(category, logLevel);

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (!IsEnabled(logLevel))
                return;
            var values = state is IReadOnlyList<KeyValuePair<string, object?>> list
                ? list.Where(pair => pair.Key != "{OriginalFormat}").ToArray()
                : [];
            owner.Write(new LogEntry(
                owner._time.GetUtcNow(), logLevel, category, eventId.Id, eventId.Name, formatter(state, exception), exception?.ToString(),
                values));
        }
    }
}
