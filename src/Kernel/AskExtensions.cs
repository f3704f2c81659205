namespace Discord.Kernel;

/// <summary>Request and answer.</summary>
public static class AskExtensions
{
    /// <summary>
    /// Tells <paramref name="recipient"/> the message and completes with its first answer. The limit is
    /// <see cref="ActorSystemOptions.AskTimeout"/> unless <paramref name="timeout"/> says otherwise; there is no endless ask. It is watched
    /// in steps of 10 ms and never ends early.
    /// </summary>
    /// <exception cref="AskTimeoutException">There was no answer in time.</exception>
    /// <exception cref="AskUndeliveredException">The message became a dead letter, so that there can be no answer.</exception>
    /// <exception cref="InvalidCastException">The answer is no <typeparamref name="T"/>.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="ct"/> was cancelled.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="timeout"/> is not positive, or infinite.</exception>
    /// <remarks>An answer <see cref="Status.Failure"/> throws its cause. An answer that comes too late becomes a dead letter.</remarks>
    public static Task<T> Ask<T>(this IActorRef recipient, object message, TimeSpan? timeout = null, CancellationToken ct = default)
    {
        ArgumentNullException.ThrowIfNull(recipient);
        ArgumentNullException.ThrowIfNull(message);
        if (timeout is { } limit) ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(limit, TimeSpan.Zero, nameof(timeout));
        var system = (recipient as ActorCell)?.System;
        var ask = new AskRef<T>(system, recipient);
        (system?.AskTimeouts ?? AskTimeouts.Shared).Add(ask, timeout ?? system?.Options.AskTimeout ?? AskTimeouts.SharedDefault);
        if (ct.CanBeCanceled) ask.CancelBy(ct);
        recipient.Tell(message, ask);
        return ask.Task;
    }
}
