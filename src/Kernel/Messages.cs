namespace Discord.Kernel;

/// <summary>Told to a watcher once the watched actor has stopped, after every message that actor sent to the watcher before.</summary>
/// <param name="ActorRef">The actor that stopped; its name is free again.</param>
public sealed record Terminated(IActorRef ActorRef);

/// <summary>Stops the actor once the messages before it have been handled.</summary>
public sealed class PoisonPill : AutoReceivedMessage
{
    private PoisonPill() { }

    /// <summary>The only instance.</summary>
    public static PoisonPill Instance { get; } = new();

    internal override void Deliver(ActorCell cell, Envelope envelope) => cell.StopSelf();
}

/// <summary>Makes the actor fail with <see cref="ActorKilledException"/>; its supervisor decides, by default to stop it.</summary>
public sealed class Kill : AutoReceivedMessage
{
    private Kill() { }

    /// <summary>The only instance.</summary>
    public static Kill Instance { get; } = new();

    internal override void Deliver(ActorCell cell, Envelope envelope) => throw new ActorKilledException($"{cell.Path} was told Kill");
}

/// <summary>Told to an actor that has received nothing for the time given to <see cref="IActorContext.SetReceiveTimeout"/>.</summary>
public sealed class ReceiveTimeout
{
    private ReceiveTimeout() { }

    /// <summary>The only instance.</summary>
    public static ReceiveTimeout Instance { get; } = new();
}

/// <summary>Generic answers. An ask whose answer is <see cref="Failure"/> throws its cause.</summary>
public abstract record Status
{
    private Status() { }

    /// <summary>The request was carried out.</summary>
    public sealed record Success(object? Value = null) : Status;

    /// <summary>The request failed.</summary>
    public sealed record Failure(Exception Cause) : Status;
}

/// <summary>Why a message was not handled. Also the tag of the dead-letter metric.</summary>
public enum DeadLetterReason
{
    /// <summary>The recipient has stopped.</summary>
    RecipientStopped,

    /// <summary>The recipient's mailbox was full.</summary>
    MailboxFull,

    /// <summary>The recipient's stash was full.</summary>
    StashFull,

    /// <summary>The recipient has no handler for the message.</summary>
    Unhandled,

    /// <summary>The answer to an ask that is already over.</summary>
    LateReply,

    /// <summary>The recipient is waiting to be started again.</summary>
    Unavailable,

    /// <summary>Told to <see cref="ActorSystem.DeadLetters"/> itself, as an answer to a message without a sender.</summary>
    NoRecipient,
}

/// <summary>A message nobody handled. Published once for each such message on <see cref="ActorSystem.EventStream"/>.</summary>
public record DeadLetter(object Message, IActorRef? Sender, IActorRef Recipient, DeadLetterReason Reason);

/// <summary>A dead letter whose recipient was alive but has no handler for it.</summary>
public sealed record UnhandledMessage(object Message, IActorRef? Sender, IActorRef Recipient)
    : DeadLetter(Message, Sender, Recipient, DeadLetterReason.Unhandled);
