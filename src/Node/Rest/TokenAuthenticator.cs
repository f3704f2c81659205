using Discord.Storage;

namespace Discord.Node.Rest;

/// <summary>
/// Resolves tokens against the accounts store. A bot's token is valid with the prefix <c>Bot</c> only, a user's only without.
/// </summary>
internal sealed class TokenAuthenticator(IAccountStore accounts) : ITokenAuthenticator
{
    public async ValueTask<RestAccount?> AuthenticateAsync(TokenKind kind, string token, CancellationToken cancellation)
    {
        if (kind == TokenKind.Bearer || await accounts.ResolveTokenAsync(token, cancellation) is not { } row
            || await accounts.GetAsync(row.AccountId, cancellation) is not { } account || account.Bot != (kind == TokenKind.Bot))
            return null;
        ApplicationRow? application = account.Bot ? await accounts.FindApplicationByBotAsync(account.Id, cancellation) : null;
        return new RestAccount { Id = account.Id, Kind = kind, ApplicationId = application?.Id };
    }
}
