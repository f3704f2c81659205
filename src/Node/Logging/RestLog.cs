namespace Discord.Node.Logging;

/// <summary>
/// Messages of the REST API, event ids 2000 to 2099. Never bodies, queries, tokens or paths: a path may hold a webhook's token.
/// </summary>
internal static partial class RestLog
{
    [LoggerMessage(2000, LogLevel.Error, "Request failed, error id {ErrorId}: {Route}")]
    public static partial void Failed(ILogger logger, Exception exception, string errorId, string route);

    [LoggerMessage(2001, LogLevel.Error, "Request failed after its answer had begun; connection cut: {Route}")]
    public static partial void FailedAfterStart(ILogger logger, Exception exception, string route);

    [LoggerMessage(2002, LogLevel.Warning, "Request refused for lack of room: {Route}: {Reason}")]
    public static partial void Overloaded(ILogger logger, string route, string reason);

    [LoggerMessage(2003, LogLevel.Warning, "Request failed for now, client told to try again: {Route}: {Reason}")]
    public static partial void Transient(ILogger logger, string route, string reason);
}
