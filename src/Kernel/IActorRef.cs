namespace Discord.Kernel;

/// <summary>
/// The address of one actor. Safe to use from any thread, to keep and to share; it never reaches a later actor of the same name.
/// </summary>
public interface IActorRef
{
    /// <summary>Where the actor stands in the tree, with the uid that tells it from earlier actors of the same name.</summary>
    ActorPath Path { get; }

    /// <summary>
    /// Puts <paramref name="message"/> into the actor's mailbox and returns at once; never throws for a stopped actor, whose messages go to
    /// dead letters. There is no implicit sender: pass <c>Self</c> where an answer is wanted.
    /// </summary>
    /// <exception cref="ArgumentNullException"><paramref name="message"/> is null.</exception>
    void Tell(object message, IActorRef? sender = null);
}

/// <summary>Refs that stand for nobody.</summary>
public static class ActorRefs
{
    /// <summary>The sender of a message to which no answer is wanted.</summary>
    public const IActorRef? NoSender = null;

    /// <summary>A ref that swallows what it is told; it is not counted as a dead letter.</summary>
    public static IActorRef Nobody { get; } = new NobodyRef();

    private sealed class NobodyRef : IActorRef
    {
        public ActorPath Path { get; } = new(null, "nobody", 0);

        public void Tell(object message, IActorRef? sender = null) => ArgumentNullException.ThrowIfNull(message);
    }
}
