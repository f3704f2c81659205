namespace Discord.Node.Logging;

/// <summary>The least level that is logged; changed at any time, from any thread, in force at once.</summary>
public sealed class LogLevelSwitch(LogLevel level)
{
    private volatile int _level = (int)level;

    /// <summary>The level of the node's own messages.</summary>
    public LogLevel Level
    {
        get => (LogLevel)_level;
        set => _level = (int)value;
    }

    /// <summary>Whether a message of a category is logged. Below a warning the framework is heard at trace only.</summary>
    public bool IsEnabled(string? category, LogLevel level) =>
        level >= (LogLevel)_level && (level >= LogLevel.Warning || Level == LogLevel.Trace
            || category is null || !(category.StartsWith("Microsoft.", StringComparison.Ordinal) || category.StartsWith("System.", StringComparison.Ordinal)));
}
