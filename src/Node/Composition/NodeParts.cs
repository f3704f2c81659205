using Discord.Node.Rest;
using Discord.Protocol;

namespace Discord.Node.Composition;

/// <summary>What a node is put together from. Production uses what stands here; tests put in their own clock, routes and accounts.</summary>
public sealed class NodeParts
{
    /// <summary>The clock.</summary>
    public TimeProvider Time { get; set; } = TimeProvider.System;

    /// <summary>The REST routes.</summary>
    public RouteTable Routes { get; } = new();

    /// <summary>Resolves tokens.</summary>
    public ITokenAuthenticator Authenticator { get; set; } = new NoAccounts();

    /// <summary>Further services of the host.</summary>
    public Action<IServiceCollection>? Services { get; set; }

    /// <summary>Maps what is not below /api (gateway, files) with ASP.NET Core's routing.</summary>
    public Action<WebApplication>? Map { get; set; }

    private sealed class NoAccounts : ITokenAuthenticator
    {
        public ValueTask<RestAccount?> AuthenticateAsync(TokenKind kind, string token, CancellationToken cancellation) => new((RestAccount?)null);
    }
}
