using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Discord.Node.Gateway;
using Discord.Node.Rest.Bodies;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using ListenOptions = Discord.Node.Configuration.ListenOptions;

namespace Discord.Node.Composition;

/// <summary>How the public server listens, and what it bears.</summary>
internal static class ServerSetup
{
    public static void Configure(KestrelServerOptions kestrel, ListenOptions listen, AcceptGate gate, bool hasGateway)
    {
        kestrel.AddServerHeader = false;
        // BoundedListenerFactory counts connections, upgraded ones too.
        kestrel.Limits.MaxConcurrentUpgradedConnections = null;
        // Far above what is read: BodyReader refuses earlier, with an answer that the client gets to see.
        kestrel.Limits.MaxRequestBodySize = BodyLimits.Discarded;
        // Reasons in UTF-8 that were not URL-encoded must not fail the request: Latin-1 takes every byte.
        kestrel.RequestHeaderEncodingSelector = name =>
            name.Equals("X-Audit-Log-Reason", StringComparison.OrdinalIgnoreCase) ? System.Text.Encoding.Latin1 : null;
        var certificate = listen.TlsCertificate is null ? null : Certificate(listen.TlsCertificate, listen.TlsKey!);
        kestrel.Listen(listen.Bind, listen.Port, endpoint =>
        {
            endpoint.Use(gate.Connections);
            // Not HTTP/2: browsers would open the gateway's WebSocket over it, which saves nothing here.
            endpoint.Protocols = HttpProtocols.Http1;
            if (certificate is not null)
                endpoint.UseHttps(certificate);
            if (hasGateway)
                endpoint.UseGateway();
        });
    }

    /// <summary>Believes the headers of trusted proxies and of nobody else.</summary>
    public static ForwardedHeadersOptions Forwarded(ListenOptions listen)
    {
        var forwarded = new ForwardedHeadersOptions
        {
            ForwardedHeaders = ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto
        };
        forwarded.KnownProxies.Clear();
        forwarded.KnownIPNetworks.Clear();
        foreach (var network in listen.TrustedProxies)
            forwarded.KnownIPNetworks.Add(network);
        return forwarded;
    }

    /// <summary>An address that a client on this machine can use.</summary>
    public static Uri BoundAddress(IServer server)
    {
        var address = new UriBuilder(server.Features.Get<IServerAddressesFeature>()!.Addresses.First());
        if (IPAddress.TryParse(address.Host.Trim('[', ']'), out var ip))
            address.Host = ip.Equals(IPAddress.Any) ? "127.0.0.1" : ip.Equals(IPAddress.IPv6Any) ? "[::1]" : address.Host;
        return address.Uri;
    }

    // Through PKCS#12, since TLS on some systems takes no key that lives in memory alone.
    private static X509Certificate2 Certificate(string certificate, string key)
    {
        try
        {
            using var pem = X509Certificate2.CreateFromPemFile(certificate, key);
            return X509CertificateLoader.LoadPkcs12(pem.Export(X509ContentType.Pkcs12), null);
        }
        catch (Exception e) when (e is CryptographicException or IOException or UnauthorizedAccessException)
        {
            throw new NodeStartException($"--tls-cert {certificate} and --tls-key {key} are no certificate with its key: {e.Message}", e);
        }
    }
}
