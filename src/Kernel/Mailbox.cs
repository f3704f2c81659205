namespace Discord.Kernel;

/// <summary>What happens to a message that finds a bounded mailbox full.</summary>
public enum OverflowPolicy
{
    /// <summary>The new message goes to dead letters with <see cref="DeadLetterReason.MailboxFull"/>.</summary>
    DropNewest,

    /// <summary>
    /// As <see cref="DropNewest"/>, and the sender is told <see cref="Status.Failure"/> with <see cref="MailboxFullException"/>.
    /// </summary>
    FailSender,
}

/// <summary>
/// How many user messages may wait for an actor. System messages, timer ticks and <see cref="Terminated"/> are bounded by what caused them
/// and always find room.
/// </summary>
public sealed class Mailbox
{
    private Mailbox(int capacity, OverflowPolicy policy)
    {
        Capacity = capacity;
        Policy = policy;
    }

    /// <summary>
    /// Messages that may wait; <see cref="int.MaxValue"/> for unbounded. Never more than twice as many are held while a refill races
    /// senders.
    /// </summary>
    public int Capacity { get; }

    /// <summary>What happens to a message that finds the mailbox full.</summary>
    public OverflowPolicy Policy { get; }

    /// <summary>A mailbox without a limit, for actors whose senders are themselves limited.</summary>
    public static Mailbox Unbounded { get; } = new(int.MaxValue, OverflowPolicy.DropNewest);

    /// <summary>A mailbox for at most <paramref name="capacity"/> waiting messages.</summary>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="capacity"/> is below 1.</exception>
    public static Mailbox Bounded(int capacity, OverflowPolicy policy = OverflowPolicy.DropNewest)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(capacity, 1);
        return new Mailbox(capacity, policy);
    }
}
