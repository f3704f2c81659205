namespace Discord.Node.Logging;

/// <summary>Messages of the process itself, event ids 1000 to 1099, and of the operator's endpoint, 1100 to 1199.</summary>
internal static partial class NodeLog
{
    [LoggerMessage(1000, LogLevel.Information, "Node {Version} serves {Address}, operators at {OpsAddress}, data in {DataDirectory}")]
    public static partial void Started(ILogger logger, string version, Uri address, Uri opsAddress, string dataDirectory);

    [LoggerMessage(1001, LogLevel.Information, "Node is stopping: {Reason}")]
    public static partial void Stopping(ILogger logger, string reason);

    [LoggerMessage(1002, LogLevel.Information, "Node has stopped after {Milliseconds} ms")]
    public static partial void Stopped(ILogger logger, long milliseconds);

    [LoggerMessage(
        1003, LogLevel.Information,
        "Of --max-connections {Wanted} only {Connections} are taken: the process may open {Descriptors} files and sockets")]
    public static partial void FewerConnections(ILogger logger, int wanted, int connections, int descriptors);

    [LoggerMessage(1100, LogLevel.Information, "Operator: {Action}")]
    public static partial void Operator(ILogger logger, string action);

    [LoggerMessage(1101, LogLevel.Error, "Operator's request failed: {Action}")]
    public static partial void OperatorFailed(ILogger logger, Exception exception, string action);

    [LoggerMessage(1102, LogLevel.Warning, "Operator's request refused: the token is wrong")]
    public static partial void OperatorRefused(ILogger logger);

    [LoggerMessage(1103, LogLevel.Warning, "Some metrics could not be read")]
    public static partial void InstrumentFailed(ILogger logger, Exception exception);
}
