namespace Discord.Kernel;

/// <summary>The base of the kernel's own failures.</summary>
public class ActorException : Exception
{
    /// <summary>A failure with the words for a person and its cause.</summary>
    public ActorException(string message, Exception? innerException = null) : base(message, innerException) { }
}

/// <summary>The constructor, <c>PreStart</c> or <c>PostRestart</c> of an actor threw. By default its supervisor stops it.</summary>
public sealed class ActorInitializationException(string message, Exception? innerException = null)
    : ActorException(message, innerException);

/// <summary>The actor was told <see cref="Kill"/>.</summary>
public sealed class ActorKilledException(string message) : ActorException(message);

/// <summary>The name is taken by a living or stopping child, or is not a valid name.</summary>
public sealed class InvalidActorNameException(string message) : ActorException(message);

/// <summary>An ask was not answered within its limit.</summary>
public sealed class AskTimeoutException(string message) : ActorException(message);

/// <summary>An ask can never be answered: its message became a dead letter. <see cref="Reason"/> says why.</summary>
public sealed class AskUndeliveredException(string message, DeadLetterReason reason) : ActorException(message)
{
    /// <summary>Why the message was not handled.</summary>
    public DeadLetterReason Reason { get; } = reason;
}

/// <summary>The mailbox of the recipient is full; see <see cref="OverflowPolicy.FailSender"/>. Try later or less often.</summary>
public sealed class MailboxFullException(string message) : ActorException(message);

/// <summary>A child failed more often than its supervisor's strategy allows; the last failure is the inner exception.</summary>
public sealed class RestartLimitExceededException(string message, Exception innerException) : ActorException(message, innerException);
