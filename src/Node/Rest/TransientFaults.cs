using Discord.Kernel;
using Discord.Kernel.Persistence;
using Discord.Storage;

namespace Discord.Node.Rest;

/// <summary>
/// Faults that pass by themselves: the answer is 503 with Retry-After instead of 500. A write may have happened all the same; clients that
/// care send a
/// nonce with <c>enforce_nonce</c>.
/// </summary>
internal static class TransientFaults
{
    public static bool Is(Exception exception) => exception switch
    {
        // Closed: the node is stopping, and another or its next life will answer.
        StorageException storage => storage.IsTransient || storage.Error == StorageError.Closed,
        PersistenceFailedException { InnerException: { } cause } => Is(cause),
        AskTimeoutException or AskUndeliveredException or MailboxFullException or TimeoutException => true,
        _ => false,
    };
}
