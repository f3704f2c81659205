using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Discord.Actors.Sessions;
using Discord.Node.Gateway;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;

namespace Discord.Node.Tests.Gateway;

/// <summary>Which way the bytes go.</summary>
public enum Route
{
    /// <summary>Taken from the connection before HTTP, written to the socket.</summary>
    Socket,

    /// <summary>Upgraded by the HTTP server, written to its stream.</summary>
    Http,

    /// <summary>As <see cref="Socket"/>, but through TLS.</summary>
    Tls,
}

/// <summary>A real server on a free port with a fake domain behind it.</summary>
internal sealed class GatewayHost : IAsyncDisposable
{
    private readonly WebApplication _app;

    private GatewayHost(WebApplication app, FakeSessions sessions)
    {
        _app = app;
        Sessions = sessions;
        Server = app.Services.GetRequiredService<GatewayServer>();
    }

    public FakeSessions Sessions { get; }
    public GatewayServer Server { get; }
    public int Port { get; private set; }
    public Route Route { get; private init; }

    public static async Task<GatewayHost> StartAsync(
        Action<GatewayOptions>? configure = null, Route route = Route.Socket, TimeProvider? time = null)
    {
        var options = new GatewayOptions();
        configure?.Invoke(options);
        var sessions = new FakeSessions();
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton<IGatewaySessions>(sessions).AddGateway(options);
        if (time is not null)
            builder.Services.AddSingleton(time);
        builder.WebHost.UseKestrelHttpsConfiguration().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen =>
        {
            if (route == Route.Tls)
                listen.UseHttps(Certificate());
            if (route != Route.Http)
                listen.UseGateway();
        }));
        var app = builder.Build();
        app.MapGateway();
        app.MapGet("/other", () => "other");
        var host = new GatewayHost(app, sessions) { Route = route };
        await app.StartAsync();
        host.Port = new Uri(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First()).Port;
        return host;
    }

    public async ValueTask DisposeAsync()
    {
        await Server.DrainAsync(TimeSpan.FromMilliseconds(500));
        await _app.StopAsync();
        await _app.DisposeAsync();
    }

    /// <summary>Waits until the condition holds; what it waits for is in its name.</summary>
    public static async Task UntilAsync(Func<bool> condition, string what)
    {
        var end = Environment.TickCount64 + 20_000;
        while (!condition())
        {
            Assert.True(Environment.TickCount64 < end, $"Waited 20 s for: {what}");
            await Task.Delay(5, TestContext.Current.CancellationToken);
        }
    }

    private static X509Certificate2 Certificate()
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        using var made = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        return X509CertificateLoader.LoadPkcs12(made.Export(X509ContentType.Pkcs12), null);
    }
}
