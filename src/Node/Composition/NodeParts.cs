using Discord.Node.Cdn;
using Discord.Node.Rest;
using Discord.Node.Rest.Discovery;

namespace Discord.Node.Composition;

/// <summary>
/// What a node is put together from. <see cref="Production"/> is the real thing; tests put in their own clock, routes and domain.
/// </summary>
public sealed class NodeParts
{
    /// <summary>The clock.</summary>
    public TimeProvider Time { get; set; } = TimeProvider.System;

    /// <summary>Where log lines go.</summary>
    public TextWriter LogOutput { get; set; } = TextWriter.Null;

    /// <summary>
    /// Brings up storage and the domain: fills <see cref="NodeServices.Authenticator"/>, <see cref="NodeServices.Operator"/> and what
    /// endpoints need, and
    /// adds to the coordinated shutdown what must be finished or closed. Ends when the node may serve.
    /// </summary>
    public Func<NodeServices, CancellationToken, Task>? StartDomain { get; set; }

    /// <summary>The REST routes.</summary>
    public RouteTable Routes { get; } = new();

    /// <summary>Maps what is not below /api (gateway, files) with ASP.NET Core's routing.</summary>
    public Action<WebApplication, NodeServices>? Map { get; set; }

    /// <summary>The parts of the node as it is shipped.</summary>
    public static NodeParts Production()
    {
        var parts = new NodeParts { LogOutput = Console.Out };
        RestRoutes.Map(parts.Routes);
        parts.StartDomain = DomainStart.RunAsync;
        parts.Map = (app, services) =>
        {
            CdnEndpoints.Map(app, services.Domain);
            InstanceEndpoints.MapRoot(app, services);
        };
        return parts;
    }
}
