using Microsoft.Extensions.Logging;

namespace Discord.Cql.Tests.Server;

/// <summary>
/// Beats whenever something has happened that a test may wait for: at a scripted server, which says so, or in a driver, which logs it. One
/// for all tests of the process: a beat that was another's costs one look at the condition.
/// </summary>
internal sealed class Pulse : ILoggerFactory, ILogger
{
    private static TaskCompletionSource s_next = NewBeat();

    private Pulse()
    {
    }

    /// <summary>A driver's logs, each of which is a beat.</summary>
    public static ILoggerFactory Logs { get; } = new Pulse();

    public static void Beat() => Interlocked.Exchange(ref s_next, NewBeat()).SetResult();

    /// <summary>Waits for a condition, which is looked at with each beat.</summary>
    public static async Task UntilAsync(Func<bool> condition)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while (true)
        {
            // Taken before the look, so that what happens after it is not missed.
            var next = Volatile.Read(ref s_next).Task;
            if (condition()) return;
            await next.WaitAsync(limit.Token);
        }
    }

    public ILogger CreateLogger(string categoryName) => this;

    public void AddProvider(ILoggerProvider provider) => throw new NotSupportedException();

    public void Dispose()
    {
    }

    public bool IsEnabled(LogLevel logLevel) => true;

    public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?,
        string> formatter) => Beat();

    private static TaskCompletionSource NewBeat() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
