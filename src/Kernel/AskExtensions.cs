namespace Discord.Kernel;

/// <summary>Request and answer.</summary>
public static class AskExtensions
{
    /// <summary>
    /// Tells <paramref name="recipient"/> the message and completes with its first answer. The limit is
    /// <see cref="ActorSystemOptions.AskTimeout"/> unless <paramref name="timeout"/> says otherwise; there is no endless ask.
    /// </summary>
    /// <exception cref="AskTimeoutException">There was no answer in time.</exception>
    /// <exception cref="AskUndeliveredException">The message became a dead letter, so that there can be no answer.</exception>
    /// <exception cref="InvalidCastException">The answer is no <typeparamref name="T"/>.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="ct"/> was cancelled.</exception>
    /// <remarks>An answer <see cref="Status.Failure"/> throws its cause. An answer that comes too late becomes a dead letter.</remarks>
    public static Task<T> Ask<T>(this IActorRef recipient, object message, TimeSpan? timeout = null, CancellationToken ct = default) =>
        throw new NotImplementedException();
}
