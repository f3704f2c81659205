namespace Discord.Kernel;

/// <summary>
/// A user message in a mailbox: the one object that sending allocates. It is linked by <see cref="Next"/> into one list at a time.
/// </summary>
internal sealed class Envelope(object message, IActorRef? sender)
{
    public Envelope? Next;
    public readonly object Message = message;
    public readonly IActorRef? Sender = sender;

    /// <summary>
    /// How many envelopes the inbox holds with this one on top; on sentinels what makes the sender's arithmetic come out.
    /// </summary>
    public int Depth;
}

/// <summary>Messages that the cell handles itself before its actor sees anything.</summary>
public abstract class AutoReceivedMessage
{
    private protected AutoReceivedMessage() { }

    /// <summary>Of the kernel's own making: no dead letter when the actor is gone, no activity of the actor.</summary>
    internal virtual bool IsPrivate => false;

    internal abstract void Deliver(ActorCell cell, Envelope envelope);
}
