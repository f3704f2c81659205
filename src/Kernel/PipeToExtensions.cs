namespace Discord.Kernel;

/// <summary>Sends the outcome of a task to an actor as a message, so that no actor waits for a task.</summary>
public static class PipeToExtensions
{
    /// <summary>
    /// Tells <paramref name="recipient"/> the result, or what <paramref name="success"/> makes of it; on failure
    /// <see cref="Status.Failure"/>, or what <paramref name="failure"/> makes of the exception.
    /// </summary>
    public static Task PipeTo<T>(
        this Task<T> task, IActorRef recipient, IActorRef? sender = null,
        Func<T, object>? success = null, Func<Exception, object>? failure = null)
    {
        ArgumentNullException.ThrowIfNull(task);
        ArgumentNullException.ThrowIfNull(recipient);
        return Run(task, recipient, sender, success, failure);

        static async Task Run(
            Task<T> task, IActorRef recipient, IActorRef? sender, Func<T, object>? success, Func<Exception, object>? failure)
        {
            object message;
            try
            {
                var result = await task.ConfigureAwait(false);
                message = success is null
                    ? result ?? throw new InvalidOperationException("a task piped to an actor gave null, which is no message")
                    : success(result);
            }
            catch (Exception e)
            {
                message = failure is null ? new Status.Failure(e) : failure(e);
            }
            recipient.Tell(message, sender);
        }
    }

    /// <summary>
    /// As the other overload for a task without a result; <see cref="Status.Success"/> where <paramref name="success"/> is not given.
    /// </summary>
    public static Task PipeTo(
        this Task task, IActorRef recipient, IActorRef? sender = null,
        Func<object>? success = null, Func<Exception, object>? failure = null)
    {
        ArgumentNullException.ThrowIfNull(task);
        ArgumentNullException.ThrowIfNull(recipient);
        return Run(task, recipient, sender, success, failure);

        static async Task Run(
            Task task, IActorRef recipient, IActorRef? sender, Func<object>? success, Func<Exception, object>? failure)
        {
            object message;
            try
            {
                await task.ConfigureAwait(false);
                message = success is null ? new Status.Success() : success();
            }
            catch (Exception e)
            {
                message = failure is null ? new Status.Failure(e) : failure(e);
            }
            recipient.Tell(message, sender);
        }
    }
}
