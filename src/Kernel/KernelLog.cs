using Microsoft.Extensions.Logging;

namespace Discord.Kernel;

/// <summary>All that the kernel logs; ids 5000 to 5099. Messages' content is never logged, only their types.</summary>
internal static partial class KernelLog
{
    [LoggerMessage(5000, LogLevel.Warning, "{Path} failed; its supervisor decides: {Directive}")]
    public static partial void ChildFailed(ILogger logger, Exception cause, ActorPath path, Directive directive);

    [LoggerMessage(5001, LogLevel.Warning,
        "{Path} failed while it restarts, stops or waits for its supervisor; nothing more is done about it")]
    public static partial void FailureIgnored(ILogger logger, Exception cause, ActorPath path);

    [LoggerMessage(5002, LogLevel.Critical, "The guardian {Path} failed, which is a fault of the kernel")]
    public static partial void GuardianFailure(ILogger logger, Exception cause, ActorPath path);

    [LoggerMessage(5003, LogLevel.Critical, "{Path} failed for good and is stopped: no supervisor above it handles the failure")]
    public static partial void GuardianStopsChild(ILogger logger, Exception cause, ActorPath path);

    [LoggerMessage(5004, LogLevel.Error, "{Hook} of {Path} threw")]
    public static partial void HookFailed(ILogger logger, Exception cause, string hook, ActorPath path);

    [LoggerMessage(5005, LogLevel.Warning, "{Path} stops without its async handler, which has not ended {Limit} after it was cancelled")]
    public static partial void HandlerAbandoned(ILogger logger, ActorPath path, TimeSpan limit);

    [LoggerMessage(5006, LogLevel.Debug, "{MessageType} to {Recipient} is a dead letter: {Reason}")]
    public static partial void DeadLetter(ILogger logger, string messageType, ActorPath recipient, DeadLetterReason reason);

    [LoggerMessage(5010, LogLevel.Information, "Shutdown begins: {Reason}")]
    public static partial void ShutdownBegins(ILogger logger, string reason);

    [LoggerMessage(5011, LogLevel.Error, "Shutdown task {Task} of phase {Phase} failed")]
    public static partial void ShutdownTaskFailed(ILogger logger, Exception cause, string task, string phase);

    [LoggerMessage(5012, LogLevel.Error, "Shutdown phase {Phase} is not done after {Limit}; the next one begins. Not done: {Tasks}")]
    public static partial void ShutdownPhaseTimeout(ILogger logger, string phase, TimeSpan limit, string tasks);

    [LoggerMessage(5013, LogLevel.Information, "Shutdown is complete")]
    public static partial void ShutdownComplete(ILogger logger);

    [LoggerMessage(5020, LogLevel.Error, "{PersistenceId} could not recover")]
    public static partial void RecoveryFailed(ILogger logger, Exception cause, string persistenceId);

    [LoggerMessage(5021, LogLevel.Error, "{PersistenceId} could not write events from {SequenceNr} on")]
    public static partial void WriteFailed(ILogger logger, Exception cause, string persistenceId, long sequenceNr);

    [LoggerMessage(5022, LogLevel.Warning, "{PersistenceId} could not save its snapshot at {SequenceNr}; its events are still there")]
    public static partial void SnapshotFailed(ILogger logger, Exception cause, string persistenceId, long sequenceNr);

    [LoggerMessage(5023, LogLevel.Warning,
        "{PersistenceId} cannot find out yet whether its events from {SequenceNr} on are written; it asks again until it knows")]
    public static partial void DoubtRemains(ILogger logger, Exception cause, string persistenceId, long sequenceNr);

    [LoggerMessage(5024, LogLevel.Information, "{PersistenceId} has found out about its events from {SequenceNr} on: {Fate}")]
    public static partial void DoubtSettled(ILogger logger, string persistenceId, long sequenceNr, Enum fate);
}
