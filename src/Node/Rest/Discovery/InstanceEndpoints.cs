using Discord.Node.Composition;

namespace Discord.Node.Rest.Discovery;

/// <summary>
/// The routes of <see cref="InstanceDocuments"/>, below /api and at the root: clients look for them in both places, before they know where
/// the API is.
/// </summary>
internal static class InstanceEndpoints
{
    private static readonly (string Path, Func<NodeServices, byte[]> Document)[] All =
    [
        ("/.well-known/spacebar", InstanceDocuments.WellKnown), ("/.well-known/spacebar/client", InstanceDocuments.WellKnownClient),
        ("/ping", InstanceDocuments.Ping), ("/policies/instance", InstanceDocuments.Instance),
        ("/policies/instance/domains", InstanceDocuments.Domains), ("/policies/instance/config", InstanceDocuments.Config),
        ("/policies/instance/limits", InstanceDocuments.Limits), ("/policies/stats", InstanceDocuments.Stats),
    ];

    public static void Map(RouteTable routes)
    {
        foreach ((string path, Func<NodeServices, byte[]> document) in All)
            routes.Get(path, call => new(RestReply.Raw(document(call.Services)))).Auth(RestAuth.Public);
    }

    /// <summary>The same at the root, where browsers ask across origins too.</summary>
    public static void MapRoot(WebApplication app, NodeServices services)
    {
        foreach ((string path, Func<NodeServices, byte[]> document) in All)
        {
            app.MapMethods(path, ["GET", "HEAD", "OPTIONS"], (RequestDelegate)(http =>
            {
                Cors.Write(http);
                if (HttpMethods.IsOptions(http.Request.Method))
                    http.Response.StatusCode = StatusCodes.Status204NoContent;
                else
                    ReplyWriter.WriteBytes(http.Response, StatusCodes.Status200OK, document(services));
                return Task.CompletedTask;
            }));
        }
    }
}
