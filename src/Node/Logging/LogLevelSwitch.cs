namespace Discord.Node.Logging;

/// <summary>The least level that is logged; changed at any time, from any thread, in force at once.</summary>
public sealed class LogLevelSwitch(LogLevel level)
{
    // It reports a failed start with its stack before anyone can turn it into a sentence; the exception itself comes to whoever starts.
    private const string Host = "Microsoft.Extensions.Hosting.Internal.Host";

    private volatile int _level = (int)level;

    /// <summary>The level of the node's own messages.</summary>
    public LogLevel Level
    {
        get => (LogLevel)_level;
        set => _level = (int)value;
    }

    /// <summary>
    /// Whether a message of a category is logged. The framework is heard from a warning on, whatever the level: below it writes down
    /// paths, and those of webhooks and interactions have secrets in them.
    /// </summary>
    public bool IsEnabled(string? category, LogLevel level) =>
        level >= (LogLevel)_level
        && (category is null || (level >= LogLevel.Warning ? category != Host : !IsFramework(category)));

    private static bool IsFramework(string category) =>
        category.StartsWith("Microsoft.", StringComparison.Ordinal) || category.StartsWith("System.", StringComparison.Ordinal);
}
