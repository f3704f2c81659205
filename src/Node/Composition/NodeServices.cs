using System.Reflection;
using Discord.Actors;
using Discord.Actors.Sessions;
using Discord.Kernel;
using Discord.Node.Configuration;
using Discord.Node.Ops;
using Discord.Node.Rest;
using Discord.Node.Rest.Webhooks;
using Discord.Storage.Migration;

namespace Discord.Node.Composition;

/// <summary>
/// The node's singletons, as endpoints see them through <see cref="RestCall.Services"/>. Filled in once, in the order of <see
/// cref="NodeHost"/>, before
/// the first request; read only afterwards.
/// </summary>
public sealed class NodeServices
{
    /// <summary>The version of this build.</summary>
    public static string Version { get; } =
        typeof(NodeServices).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown";

    /// <summary>The options the node was started with.</summary>
    public required NodeOptions Options { get; init; }

    /// <summary>The clock.</summary>
    public required TimeProvider Time { get; init; }

    /// <summary>Where the node is in its life.</summary>
    public required NodeState State { get; init; }

    /// <summary>Loggers.</summary>
    public required ILoggerFactory Loggers { get; init; }

    /// <summary>The actors, and with them the coordinated shutdown to which parts of the node add their last deeds.</summary>
    public required ActorSystem Actors { get; init; }

    /// <summary>The domain: guilds, channels, users, sessions; set when it starts.</summary>
    public DomainServices Domain { get; set; } = null!;

    /// <summary>Opens gateway sessions; set when the domain starts.</summary>
    public IGatewaySessions? Sessions { get; set; }

    /// <summary>Resolves tokens; set by the domain when it starts.</summary>
    public ITokenAuthenticator Authenticator { get; set; } = new NoAccounts();

    /// <summary>What operators do to the domain; set by the domain when it starts, null until then.</summary>
    public IOperatorActions? Operator { get; set; }

    /// <summary>Moves the node's data to another store; set when the storage is open.</summary>
    public StorageMigration? Migration { get; set; }

    /// <summary>Resolves Authorization headers from memory; tell it when a token is revoked.</summary>
    public TokenCache Tokens { get; internal set; } = null!;

    /// <summary>Asked, in turn, about tokens below <c>/webhooks/{id}/</c> that are no webhook's. Filled at start.</summary>
    public IList<IWebhookTokens> WebhookTokens { get; } = [];

    /// <summary>Where clients reach the node, with the port that was really taken. Known once the node listens.</summary>
    public Uri Address { get; internal set; } = new("http://127.0.0.1:0");

    /// <summary>What clients are told: --public-url, or the address.</summary>
    public Uri PublicUrl => Options.Listen.PublicUrl ?? Address;

    /// <summary>Where operators reach the node.</summary>
    public Uri OpsAddress { get; internal set; } = new("http://127.0.0.1:0");

    private sealed class NoAccounts : ITokenAuthenticator
    {
        public ValueTask<RestAccount?> AuthenticateAsync(TokenKind kind, string token, CancellationToken cancellation) =>
            new((RestAccount?)null);
    }
}
