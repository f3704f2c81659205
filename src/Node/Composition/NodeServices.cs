using Discord.Node.Configuration;
using Discord.Node.Rest;

namespace Discord.Node.Composition;

/// <summary>
/// The node's singletons, as endpoints see them through <see cref="RestCall.Services"/>. Filled in once by the composition, then read only.
/// </summary>
public sealed class NodeServices
{
    /// <summary>The options the node was started with.</summary>
    public required NodeOptions Options { get; init; }

    /// <summary>The clock.</summary>
    public required TimeProvider Time { get; init; }

    /// <summary>Resolves Authorization headers; tell it when a token is revoked.</summary>
    public required TokenCache Tokens { get; init; }
}
