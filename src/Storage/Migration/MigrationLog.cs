using Microsoft.Extensions.Logging;

namespace Discord.Storage.Migration;

/// <summary>What a migration logs. Event ids 4100 to 4149. No entry holds a user's data.</summary>
internal static partial class MigrationLog
{
    [LoggerMessage(4100, LogLevel.Warning, "Changes cannot be carried over to the migration's target; they are kept and tried again.")]
    public static partial void MirrorFails(ILogger log, Exception exception);

    [LoggerMessage(4101, LogLevel.Information, "Migration to {Target}: {Event}.")]
    public static partial void Step(ILogger log, string target, string @event);

    [LoggerMessage(4102, LogLevel.Error, "The migration has lost track of changes and must begin anew: {Reason}.")]
    public static partial void Broken(ILogger log, string reason);

    [LoggerMessage(4103, LogLevel.Error, "The migration has stopped: {Reason}. The node goes on with the store it has.")]
    public static partial void Stopped(ILogger log, string reason, Exception? exception);

    [LoggerMessage(4104, LogLevel.Warning, "The two stores could not be compared.")]
    public static partial void NotCompared(ILogger log, Exception exception);

    [LoggerMessage(
        4105, LogLevel.Warning,
        "More than {Rows} rows of '{Table}' may differ after a write whose end is not known; compare the stores again.")]
    public static partial void TooManyRows(ILogger log, int rows, string table);

    [LoggerMessage(4106, LogLevel.Warning, "The migration waits for {Side}, and asks again until there is an answer.")]
    public static partial void Waits(ILogger log, string side, Exception exception);
}
