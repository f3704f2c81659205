using System.Net;
using Discord.Node.Composition;
using Discord.Node.Configuration;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Options;

namespace Discord.Node.Ops;

/// <summary>
/// The operator's HTTP server: a Kestrel of its own, so that it answers when clients have taken all connections of the public one, during
/// start
/// and during shutdown. It listens on loopback only.
/// </summary>
internal sealed class OpsServer : IAsyncDisposable
{
    // A scraper, some terminals that follow the log, and scripts.
    private const int MaxConnections = 64;

    private readonly KestrelServer _server;

    private OpsServer(KestrelServer server) => _server = server;

    /// <summary>Where it listens, with the port that was really taken.</summary>
    public Uri Address { get; private set; } = null!;

    /// <exception cref="InvalidOperationException">The address is not a loopback one.</exception>
    /// <exception cref="IOException">The port is taken.</exception>
    public static async Task<OpsServer> StartAsync(OpsOptions options, RequestDelegate handler, ILoggerFactory loggers)
    {
        // Checked here too: no way of composing a node may open this to the world.
        if (!IPAddress.IsLoopback(options.Bind))
            throw new InvalidOperationException($"The operator's endpoint listens on loopback only, not on {options.Bind}.");
        var kestrel = new KestrelServerOptions { AddServerHeader = false };
        kestrel.Limits.MaxRequestBodySize = 64 * 1024;
        kestrel.Listen(options.Bind, options.Port, endpoint => endpoint.Protocols = HttpProtocols.Http1);
        var sockets = new SocketTransportFactory(Options.Create(new SocketTransportOptions { IOQueueCount = 1 }), loggers);
        var transport = new BoundedListenerFactory(sockets, MaxConnections);
        var server = new KestrelServer(Options.Create(kestrel), transport, loggers);
        try
        {
            await server.StartAsync(new Application(handler), CancellationToken.None);
        }
        catch
        {
            server.Dispose();
            throw;
        }
        return new OpsServer(server) { Address = new Uri(server.Features.Get<IServerAddressesFeature>()!.Addresses.First() + "/") };
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        // Requests under way (a log that is followed) are cut: there is nothing they could finish.
        using var now = new CancellationTokenSource();
        await now.CancelAsync();
        await _server.StopAsync(now.Token);
        _server.Dispose();
    }

    private sealed class Application(RequestDelegate handler) : IHttpApplication<HttpContext>
    {
        public HttpContext CreateContext(IFeatureCollection contextFeatures) => new DefaultHttpContext(contextFeatures);

        public Task ProcessRequestAsync(HttpContext context) => handler(context);

        public void DisposeContext(HttpContext context, Exception? exception) { }
    }
}
