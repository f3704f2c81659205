using System.Net.Http.Headers;
using Discord.Node.Composition;
using Discord.Node.Configuration;
using Discord.Node.Rest;
using Discord.Protocol;

namespace Discord.Node.Tests;

/// <summary>A real node on free ports with a data directory of its own, and a client for it.</summary>
internal sealed class TestNode : IAsyncDisposable
{
    public static readonly Snowflake UserId = new(1_300_000_000_000_000_001);
    public static readonly Snowflake BotId = new(1_300_000_000_000_000_002);

    private TestNode(NodeHost host, string directory)
    {
        Host = host;
        DataDirectory = directory;
        Client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false }) { BaseAddress = host.Address };
    }

    public NodeHost Host { get; }

    public HttpClient Client { get; }

    public string DataDirectory { get; }

    public static async Task<TestNode> StartAsync(Action<NodeParts>? parts = null, Action<NodeOptions>? options = null)
    {
        var directory = Directory.CreateTempSubdirectory("node-test-").FullName;
        var nodeOptions = new NodeOptions();
        nodeOptions.Listen.Port = 0;
        nodeOptions.Ops.Port = 0;
        nodeOptions.Storage.DataDirectory = directory;
        nodeOptions.Telemetry.LogLevel = LogLevel.None;
        options?.Invoke(nodeOptions);
        var nodeParts = new NodeParts
        {
            StartDomain = (services, _) =>
            {
                services.Authenticator = new Tokens();
                return Task.CompletedTask;
            },
        };
        parts?.Invoke(nodeParts);
        return new TestNode(await NodeHost.StartAsync(nodeOptions, nodeParts), directory);
    }

    public Task<HttpResponseMessage> GetAsync(string path, string? token = "Bot bot") => SendAsync(HttpMethod.Get, path, token);

    public Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, string? token = "Bot bot", HttpContent? content = null)
    {
        var request = new HttpRequestMessage(method, path) { Content = content };
        if (token is not null)
            request.Headers.Authorization = AuthenticationHeaderValue.Parse(token);
        return Client.SendAsync(request);
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await Host.DisposeAsync();
        Directory.Delete(DataDirectory, recursive: true);
    }

    /// <summary>Knows the tokens "user", "bot" and "bearer" (scope identify); counts what it is asked.</summary>
    internal sealed class Tokens : ITokenAuthenticator
    {
        public int Asked { get; private set; }

        /// <summary>No token is any one's.</summary>
        public bool Revoked { get; set; }

        /// <summary>What every look-up fails with.</summary>
        public Exception? Fails { get; set; }

        public ValueTask<RestAccount?> AuthenticateAsync(TokenKind kind, string token, CancellationToken cancellation)
        {
            Asked++;
            if (Fails is { } error)
                return ValueTask.FromException<RestAccount?>(error);
            if (Revoked)
                return new((RestAccount?)null);
            return new((kind, token) switch
            {
                (TokenKind.User, "user") => new RestAccount { Id = UserId, Kind = kind },
                (TokenKind.Bot, "bot") => new RestAccount { Id = BotId, Kind = kind, ApplicationId = BotId },
                (TokenKind.Bearer, "bearer") => new RestAccount { Id = UserId, Kind = kind, ApplicationId = BotId, Scopes = ["identify"] },
                _ => null,
            });
        }
    }
}
