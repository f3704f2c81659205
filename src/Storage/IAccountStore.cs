using Discord.Kernel.Persistence;
using Discord.Protocol;

namespace Discord.Storage;

/// <summary>A user or a bot's user.</summary>
/// <param name="Id">The user id.</param>
/// <param name="Username">Unique together with the discriminator, without regard to case.</param>
/// <param name="Discriminator">"0" for users, four digits for bots.</param>
/// <param name="Email">Unique without regard to case; null for bots.</param>
/// <param name="PasswordHash">What <see cref="Accounts.PasswordHasher"/> made; null for bots.</param>
/// <param name="Bot">A bot's user.</param>
/// <param name="Flags">Opaque to the store.</param>
/// <param name="Profile">Opaque to the store; at most 64 KiB.</param>
public sealed record Account(
    Snowflake Id, string Username, string Discriminator, string? Email, string? PasswordHash, bool Bot, long Flags,
    ReadOnlyMemory<byte> Profile);

/// <summary>Replaces an account's row in the commit of the events it is written beside; the account must exist.</summary>
/// <exception cref="AccountConflictException">Thrown by the write: the name or the address is taken, or the account is gone.</exception>
public sealed record AccountUpdate(Account Account) : ILookupWrite;

/// <summary>A log-in. Only the hash of its token is stored.</summary>
/// <param name="Hash">SHA-256 of the whole token, 32 bytes.</param>
/// <param name="AccountId">Whose.</param>
/// <param name="CreatedAt">When it was issued.</param>
/// <param name="SessionIdHash">What the client calls this log-in (<c>auth_session_id_hash</c>); opaque, may be empty.</param>
public sealed record TokenRow(ReadOnlyMemory<byte> Hash, Snowflake AccountId, DateTimeOffset CreatedAt, string SessionIdHash = "");

/// <summary>An application.</summary>
/// <param name="Id">Its id.</param>
/// <param name="OwnerId">The user that owns it.</param>
/// <param name="BotUserId">Its bot's user id; null when it has none.</param>
/// <param name="Body">Opaque to the store; at most 256 KiB.</param>
public sealed record ApplicationRow(Snowflake Id, Snowflake OwnerId, Snowflake? BotUserId, ReadOnlyMemory<byte> Body);

/// <summary>What of an account is taken already.</summary>
public enum AccountField
{
    /// <summary>The id.</summary>
    Id,

    /// <summary>The name with its discriminator.</summary>
    Username,

    /// <summary>The e-mail address.</summary>
    Email,
}

/// <summary>An account could not be written; nothing of the commit was.</summary>
public sealed class AccountConflictException(AccountField field, bool missing = false)
    : Exception(missing ? "there is no such account" : $"the {field} of the account is taken")
{
    /// <summary>What is taken.</summary>
    public AccountField Field { get; } = field;

    /// <summary>The account that an <see cref="AccountUpdate"/> names does not exist.</summary>
    public bool Missing { get; } = missing;
}

/// <summary>
/// Accounts, their tokens, applications. Safe to use from any thread. Every member may throw <see cref="StorageException"/>.
/// </summary>
public interface IAccountStore
{
    /// <summary>Creates an account and, in the same commit, an application and a token when given.</summary>
    /// <exception cref="AccountConflictException">The id, the name or the address is taken.</exception>
    ValueTask CreateAsync(Account account, ApplicationRow? application = null, TokenRow? token = null, CancellationToken ct = default);

    /// <summary>An account, or null.</summary>
    ValueTask<Account?> GetAsync(Snowflake id, CancellationToken ct = default);

    /// <summary>Those of the accounts that exist, at most 1,000, in one read, in no particular order.</summary>
    ValueTask<IReadOnlyList<Account>> GetManyAsync(IReadOnlyList<Snowflake> ids, CancellationToken ct = default);

    /// <summary>The account of a name, without regard to case, or null.</summary>
    ValueTask<Account?> FindByUsernameAsync(string username, string discriminator = "0", CancellationToken ct = default);

    /// <summary>The account of an address, without regard to case, or null.</summary>
    ValueTask<Account?> FindByEmailAsync(string email, CancellationToken ct = default);

    /// <summary>Accounts above <paramref name="after"/>, ascending by id; limit 1..1000.</summary>
    ValueTask<IReadOnlyList<Account>> ListAsync(Snowflake after, int limit, CancellationToken ct = default);

    /// <summary>Replaces an account.</summary>
    /// <returns>False when there is none of that id.</returns>
    /// <exception cref="AccountConflictException">The name or the address is taken.</exception>
    ValueTask<bool> UpdateAsync(Account account, CancellationToken ct = default);

    /// <summary>Deletes an account with its tokens; its applications stay.</summary>
    /// <returns>False when there was none.</returns>
    ValueTask<bool> DeleteAsync(Snowflake id, CancellationToken ct = default);

    /// <summary>Stores a token made by <see cref="Accounts.TokenIssuer"/>.</summary>
    ValueTask AddTokenAsync(TokenRow token, CancellationToken ct = default);

    /// <summary>
    /// Whose token this is, or null for a text that is no token, an unknown or a revoked one. Answered from a bounded cache mostly; a token
    /// is refused from the moment its revocation has completed.
    /// </summary>
    ValueTask<TokenRow?> ResolveTokenAsync(string token, CancellationToken ct = default);

    /// <summary>An account's log-ins, newest first, at most 1,000.</summary>
    ValueTask<IReadOnlyList<TokenRow>> TokensAsync(Snowflake account, CancellationToken ct = default);

    /// <summary>Revokes a token by its hash.</summary>
    /// <returns>False when there was none.</returns>
    ValueTask<bool> RevokeTokenAsync(ReadOnlyMemory<byte> hash, CancellationToken ct = default);

    /// <summary>Revokes all tokens of an account but <paramref name="except"/>.</summary>
    /// <returns>How many were revoked.</returns>
    ValueTask<int> RevokeAllTokensAsync(Snowflake account, ReadOnlyMemory<byte> except = default, CancellationToken ct = default);

    /// <summary>Revokes all tokens of an account and stores a new one in the same commit: a bot's token reset.</summary>
    ValueTask ReplaceTokensAsync(TokenRow token, CancellationToken ct = default);

    /// <summary>Creates or replaces an application.</summary>
    ValueTask SaveApplicationAsync(ApplicationRow application, CancellationToken ct = default);

    /// <summary>An application, or null.</summary>
    ValueTask<ApplicationRow?> GetApplicationAsync(Snowflake id, CancellationToken ct = default);

    /// <summary>The application of a bot's user, or null.</summary>
    ValueTask<ApplicationRow?> FindApplicationByBotAsync(Snowflake botUser, CancellationToken ct = default);

    /// <summary>A user's applications, ascending by id, at most 1,000.</summary>
    ValueTask<IReadOnlyList<ApplicationRow>> ApplicationsOfAsync(Snowflake owner, CancellationToken ct = default);

    /// <summary>Deletes an application; its bot's account stays.</summary>
    /// <returns>False when there was none.</returns>
    ValueTask<bool> DeleteApplicationAsync(Snowflake id, CancellationToken ct = default);
}
