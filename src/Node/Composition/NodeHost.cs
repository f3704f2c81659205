using System.Net;
using System.Security.Cryptography.X509Certificates;
using Discord.Node.Configuration;
using Discord.Node.Rest;
using Discord.Node.Rest.Bodies;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Discord.Node.Composition;

/// <summary>A running node: everything is built, started and stopped here, in the order of the lines.</summary>
public sealed class NodeHost : IAsyncDisposable
{
    private readonly WebApplication _app;

    private NodeHost(WebApplication app, NodeServices services)
    {
        _app = app;
        Services = services;
    }

    /// <summary>The node's singletons.</summary>
    public NodeServices Services { get; }

    /// <summary>Where clients reach the node, with the port that was really taken.</summary>
    public Uri Address { get; private set; } = null!;

    /// <summary>Builds and starts a node. When it returns, the node serves.</summary>
    public static async Task<NodeHost> StartAsync(NodeOptions options, NodeParts parts)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(parts);
        var temporary = TemporaryDirectory(options);
        var services = new NodeServices { Options = options, Time = parts.Time, Tokens = new TokenCache(parts.Authenticator, parts.Time) };
        var app = Build(options, parts, services, temporary);
        var node = new NodeHost(app, services);
        try
        {
            await app.StartAsync();
            node.Address = BoundAddress(app, options.Listen);
            return node;
        }
        catch
        {
            await node.DisposeAsync();
            throw;
        }
    }

    /// <summary>Ends when the node was told to stop and has stopped.</summary>
    public Task WaitForShutdownAsync() => _app.WaitForShutdownAsync();

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
    }

    private static WebApplication Build(NodeOptions options, NodeParts parts, NodeServices services, string temporary)
    {
        var builder = WebApplication.CreateSlimBuilder();
        // Options come from OptionTable alone: no appsettings.json, no ASPNETCORE_URLS.
        builder.Configuration.Sources.Clear();
        builder.Services.AddSingleton(services);
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = options.ShutdownTimeout);
        builder.WebHost.UseKestrelHttpsConfiguration().ConfigureKestrel(kestrel => Configure(kestrel, options.Listen));
        parts.Services?.Invoke(builder.Services);
        var app = builder.Build();
        if (options.Listen.TrustedProxies.Count > 0)
            app.UseForwardedHeaders(Forwarded(options.Listen));
        var pipeline = new RestPipeline(
            parts.Routes, services, options.RateLimits, new BodyReader(temporary), app.Services.GetRequiredService<ILogger<RestPipeline>>());
        app.Use(next => http => pipeline.InvokeAsync(http, next));
        // Named here so that it runs after the API's own routing, not in front of it.
        app.UseRouting();
        parts.Map?.Invoke(app);
        return app;
    }

    private static void Configure(KestrelServerOptions kestrel, Configuration.ListenOptions listen)
    {
        kestrel.AddServerHeader = false;
        kestrel.Limits.MaxConcurrentConnections = listen.MaxConnections;
        kestrel.Limits.MaxConcurrentUpgradedConnections = listen.MaxConnections;
        // The largest form, and room for the borders and headers of its parts.
        kestrel.Limits.MaxRequestBodySize = BodyLimits.Request + (256 * 1024);
        // Reasons in UTF-8 that were not URL-encoded must not fail the request: Latin-1 takes every byte.
        kestrel.RequestHeaderEncodingSelector = name =>
            name.Equals("X-Audit-Log-Reason", StringComparison.OrdinalIgnoreCase) ? System.Text.Encoding.Latin1 : null;
        kestrel.Listen(listen.Bind, listen.Port, endpoint =>
        {
            // Not HTTP/2: browsers would open the gateway's WebSocket over it, which saves nothing here.
            endpoint.Protocols = HttpProtocols.Http1;
            if (listen.TlsCertificate is not null)
                endpoint.UseHttps(Certificate(listen.TlsCertificate, listen.TlsKey!));
        });
    }

    // Through PKCS#12, since TLS on some systems takes no key that lives in memory alone.
    private static X509Certificate2 Certificate(string certificate, string key)
    {
        using var pem = X509Certificate2.CreateFromPemFile(certificate, key);
        return X509CertificateLoader.LoadPkcs12(pem.Export(X509ContentType.Pkcs12), null);
    }

    private static ForwardedHeadersOptions Forwarded(Configuration.ListenOptions listen)
    {
        var forwarded = new ForwardedHeadersOptions { ForwardedHeaders = ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto };
        forwarded.KnownProxies.Clear();
        forwarded.KnownIPNetworks.Clear();
        foreach (var network in listen.TrustedProxies)
            forwarded.KnownIPNetworks.Add(network);
        return forwarded;
    }

    // Uploads of a process that was killed still lie there.
    private static string TemporaryDirectory(NodeOptions options)
    {
        var path = Path.Combine(options.Storage.DataDirectory, "tmp");
        if (Directory.Exists(path))
            Directory.Delete(path, recursive: true);
        Directory.CreateDirectory(path);
        return path;
    }

    private static Uri BoundAddress(WebApplication app, Configuration.ListenOptions listen)
    {
        var bound = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();
        var address = new UriBuilder(bound);
        if (IPAddress.TryParse(address.Host.Trim('[', ']'), out var ip) && (ip.Equals(IPAddress.Any) || ip.Equals(IPAddress.IPv6Any)))
            address.Host = ip.Equals(IPAddress.Any) ? "127.0.0.1" : "[::1]";
        return address.Uri;
    }
}
