using Discord.Protocol;

namespace Discord.Node.Rest;

/// <summary>The kinds of token an Authorization header carries.</summary>
public enum TokenKind
{
    /// <summary>A user account's token, without a prefix.</summary>
    User,

    /// <summary>A bot's token, prefix <c>Bot</c>.</summary>
    Bot,

    /// <summary>An OAuth2 access token, prefix <c>Bearer</c>.</summary>
    Bearer,
}

/// <summary>Who makes a call. Immutable; shared by all requests that carry the same token.</summary>
public sealed class RestAccount
{
    /// <summary>The user id of the account (a bot has one too).</summary>
    public required Snowflake Id { get; init; }

    /// <summary>What kind of token was shown.</summary>
    public required TokenKind Kind { get; init; }

    /// <summary>Whether the account is a bot.</summary>
    public bool IsBot => Kind == TokenKind.Bot;

    /// <summary>A bot's application, or the application an OAuth2 token was issued to.</summary>
    public Snowflake? ApplicationId { get; init; }

    /// <summary>The scopes of an OAuth2 token; empty for bots and users, who are not limited by scopes.</summary>
    public IReadOnlyList<string> Scopes { get; init; } = [];
}

/// <summary>Resolves tokens to accounts. Called on a cache miss only (see <see cref="TokenCache"/>).</summary>
public interface ITokenAuthenticator
{
    /// <summary>The account of a token, or null when there is none. The token comes without its prefix.</summary>
    ValueTask<RestAccount?> AuthenticateAsync(TokenKind kind, string token, CancellationToken cancellation);
}
