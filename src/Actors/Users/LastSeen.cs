using Discord.Protocol;
using Discord.Storage;

namespace Discord.Actors.Users;

/// <summary>
/// When users were last connected, for pruning members. Noted when a session of a user account begins and ends. Thread-safe.
/// </summary>
public sealed class LastSeen(ILookupStore lookups, TimeProvider time)
{
    /// <summary>Notes the user as seen now. Completes in the background.</summary>
    internal void Note(Snowflake user)
    {
        _ = WriteAsync();

        async Task WriteAsync()
        {
            try
            {
                await lookups.WriteAsync([LookupWrite.Put(LookupKind.LastSeen, user, Snowflake.FromTimestamp(time.GetUtcNow()))]);
            }
            catch (StorageException)
            {
                // The storage tells its own troubles. A lost note makes the user look away a session longer, no more.
            }
        }
    }

    /// <summary>Whether the user was connected at <paramref name="since"/> or later.</summary>
    public async ValueTask<bool> IsSinceAsync(Snowflake user, DateTimeOffset since, CancellationToken cancellation = default) =>
        await lookups.GetIdAsync(LookupKind.LastSeen, user, cancellation) is { } seen && seen.Timestamp >= since;
}
