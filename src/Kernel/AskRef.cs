namespace Discord.Kernel;

/// <summary>A question under way, as <see cref="AskTimeouts"/> and dead letters see it.</summary>
internal interface IAskRef : IActorRef
{
    bool IsOver { get; }

    /// <summary>The question will never be answered.</summary>
    void Undelivered(IActorRef recipient, DeadLetterReason reason);

    void TimedOut();

    /// <summary>Where <see cref="AskTimeouts"/> keeps it; negative when it is not kept in a slot.</summary>
    int Slot { get; set; }

    /// <summary>When the limit ends, as a time stamp of the system's time.</summary>
    long Due { get; set; }
}

/// <summary>
/// The sender of an ask: what is told to it first completes the task, the rest are dead letters. One object for source and ref.
/// </summary>
internal sealed class AskRef<T>(ActorSystem? system, IActorRef recipient)
    : TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously), IAskRef
{
    private static readonly ActorPath s_parent = new(new ActorPath(null, "", 0), "temp", 0);

    private CancellationTokenRegistration _cancellation;

    public ActorPath Path { get; } = s_parent;

    public bool IsOver => Task.IsCompleted;

    public int Slot { get; set; } = -1;

    public long Due { get; set; }

    public void Tell(object message, IActorRef? sender = null)
    {
        ArgumentNullException.ThrowIfNull(message);
        // A failure comes first: it must throw even where T is object.
        var first = message is Status.Failure failure ? TrySetException(failure.Cause)
            : message is T answer ? TrySetResult(answer)
            : TrySetException(new InvalidCastException(
                $"{recipient.Path} answered {message.GetType().Name} where {typeof(T).Name} was asked for"));
        if (first) End();
        else system?.PublishDeadLetter(message, sender, this, DeadLetterReason.LateReply);
    }

    public void CancelBy(CancellationToken ct)
    {
        _cancellation = ct.UnsafeRegister(
            static (state, token) =>
            {
                var ask = (AskRef<T>)state!;
                if (ask.TrySetCanceled(token)) ask.Forget();
            },
            this);
        // It may have ended before there was anything to take back.
        if (IsOver) _cancellation.Dispose();
    }

    public void Undelivered(IActorRef recipient, DeadLetterReason reason)
    {
        if (TrySetException(new AskUndeliveredException($"{recipient.Path} did not handle the message: {reason}", reason))) End();
    }

    public void TimedOut()
    {
        if (TrySetException(new AskTimeoutException($"{recipient.Path} did not answer in time"))) End();
    }

    private void End()
    {
        _cancellation.Dispose();
        Forget();
    }

    private void Forget() => (system?.AskTimeouts ?? AskTimeouts.Shared).Remove(this);
}
