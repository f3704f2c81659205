using System.IO.Pipelines;
using Discord.Actors.Sessions;
using Discord.Node.Gateway.Sending;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Discord.Node.Gateway;

/// <summary>How the gateway is put on a web host: services, listener, paths.</summary>
public static class GatewayEndpoints
{
    /// <summary>
    /// Adds the <see cref="GatewayServer"/>. <see cref="IGatewaySessions"/> must be among the services; a <see cref="TimeProvider"/> may
    /// be.
    /// </summary>
    public static IServiceCollection AddGateway(this IServiceCollection services, GatewayOptions options)
    {
        services.AddSingleton(options);
        services.AddSingleton<GatewayMetrics>();
        services.AddSingleton(provider => new GatewayServer(
            provider.GetRequiredService<GatewayOptions>(),
            provider.GetRequiredService<IGatewaySessions>(),
            provider.GetRequiredService<GatewayMetrics>(),
            provider.GetRequiredService<ILogger<GatewayServer>>(),
            provider.GetService<TimeProvider>()));
        return services;
    }

    /// <summary>
    /// Serves gateway connections of this listener ahead of HTTP: less memory and CPU for each. After <c>UseHttps</c> where there is TLS.
    /// Without it the gateway works all the same through <see cref="MapGateway"/>.
    /// </summary>
    public static void UseGateway(this ListenOptions listen) =>
        listen.UseGateway(listen.ApplicationServices.GetRequiredService<GatewayServer>());

    /// <inheritdoc cref="UseGateway(ListenOptions)"/>
    public static void UseGateway(this ListenOptions listen, GatewayServer server) =>
        listen.Use(next => new GatewayUpgrade(next, server).OnConnectionAsync);

    /// <summary>
    /// Serves the gateway on <c>/</c> and <c>/gateway</c>: upgrades that <see cref="UseGateway"/> did not take (a later request of a
    /// connection, a listener without it), and an error in words for requests that are no upgrade. Connections are drained when the host
    /// stops, unless <see cref="GatewayServer.DrainAsync"/> was called before.
    /// </summary>
    public static IApplicationBuilder MapGateway(this IApplicationBuilder app) =>
        app.MapGateway(app.ApplicationServices.GetRequiredService<GatewayServer>());

    /// <inheritdoc cref="MapGateway(IApplicationBuilder)"/>
    public static IApplicationBuilder MapGateway(this IApplicationBuilder app, GatewayServer server)
    {
        app.ApplicationServices.GetService<IHostApplicationLifetime>()?.ApplicationStopping.Register(
            static state => _ = ((GatewayServer)state!).DrainAsync(TimeSpan.FromSeconds(5)), server);
        return app.Use(next => http => IsGateway(http) ? ServeAsync(http, server) : next(http));
    }

    private static bool IsGateway(HttpContext http) =>
        HttpMethods.IsGet(http.Request.Method) && http.Request.Path.Value is "/" or "" or "/gateway" or "/gateway/";

    private static async Task ServeAsync(HttpContext http, GatewayServer server)
    {
        var upgrade = http.Features.Get<IHttpUpgradeFeature>();
        var headers = http.Request.Headers;
        var key = headers.SecWebSocketKey.ToString();
        var accept = key.Length == 24 ? UpgradeRequest.AcceptFor(System.Text.Encoding.Latin1.GetBytes(key)) : null;
        if (upgrade is not { IsUpgradableRequest: true } || headers.SecWebSocketVersion != "13" || accept is null
            || !headers.Upgrade.ToString().Contains("websocket", StringComparison.OrdinalIgnoreCase))
        {
            await RefuseAsync(http);
            return;
        }
        http.Response.Headers.Upgrade = "websocket";
        http.Response.Headers.Connection = "Upgrade";
        http.Response.Headers.SecWebSocketAccept = accept;
        await using var stream = await upgrade.UpgradeAsync();
        var input = PipeReader.Create(stream, new StreamPipeReaderOptions(leaveOpen: true, useZeroByteReads: true));
        var output = PipeWriter.Create(stream, new StreamPipeWriterOptions(leaveOpen: true));
        await GatewayConnection.RunAsync(
            server, input, new PipeSink(output, http.Abort), http.Request.QueryString.Value ?? "", http.Connection.RemoteIpAddress,
            response: null);
        await input.CompleteAsync();
    }

    private static async Task RefuseAsync(HttpContext http)
    {
        http.Response.StatusCode = StatusCodes.Status426UpgradeRequired;
        http.Response.Headers.Upgrade = "websocket";
        http.Response.Headers.Connection = "Upgrade";
        http.Response.Headers.SecWebSocketVersion = "13";
        http.Response.ContentType = "application/json";
        await http.Response.WriteAsync(
            """{"message":"This is the gateway: connect with a WebSocket, for example /?v=10&encoding=json.","code":0}""");
    }
}
