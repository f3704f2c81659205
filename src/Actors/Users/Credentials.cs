using Discord.Actors.Sessions;
using Discord.Protocol;
using Discord.Storage;
using Discord.Storage.Accounts;

namespace Discord.Actors.Users;

/// <summary>Passwords and log-ins of user accounts. Thread-safe; hashing runs off the caller's thread.</summary>
public sealed class Credentials(IAccountStore accounts, PasswordHasher passwords, SessionRegistry sessions)
{
    /// <summary>The account that this name or address and password belong to; null when there is none. It takes as long either
    /// way.</summary>
    public async ValueTask<Account?> FindAsync(string login, string password, CancellationToken cancellation = default)
    {
        Account? account = login.Contains('@')
            ? await accounts.FindByEmailAsync(login, cancellation)
            : await accounts.FindByUsernameAsync(login, ct: cancellation);
        return await passwords.VerifyAsync(password, account?.PasswordHash, cancellation) ? account : null;
    }

    /// <summary>Whether this is the account's password; bots have none.</summary>
    public async ValueTask<bool> IsPasswordAsync(Account account, string password, CancellationToken cancellation = default) =>
        await passwords.VerifyAsync(password, account.PasswordHash, cancellation);

    /// <summary>What is stored of a new password.</summary>
    /// <param name="password">8 to 72 characters; checked by the caller's form.</param>
    /// <param name="cancellation">Gives up waiting for a free core.</param>
    public ValueTask<string> HashAsync(string password, CancellationToken cancellation = default) =>
        passwords.HashAsync(password, cancellation);

    /// <summary>Ends one log-in: its token is void and its sessions are closed. Whoever caches tokens must forget the account's.</summary>
    public async ValueTask LogOutAsync(string token)
    {
        if (await accounts.ResolveTokenAsync(token) is not { } row)
            return;
        await accounts.RevokeTokenAsync(row.Hash);
        EndSessions(row.AccountId, session => session.Identity.LogInHash == row.SessionIdHash);
    }

    /// <summary>Ends all log-ins of an account but <paramref name="kept"/>'s.</summary>
    public async ValueTask LogOutOthersAsync(Snowflake account, string kept)
    {
        TokenRow? row = await accounts.ResolveTokenAsync(kept);
        await accounts.RevokeAllTokensAsync(account, TokenIssuer.Hash(kept));
        EndSessions(account, session => session.Identity.LogInHash != row?.SessionIdHash);
    }

    private void EndSessions(Snowflake account, Func<Session, bool> which)
    {
        foreach (Session session in sessions.Of(account))
        {
            if (which(session))
                session.Revoke();
        }
    }
}
