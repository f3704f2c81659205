using Discord.Node.Rest.RateLimits;

namespace Discord.Node.Rest;

/// <summary>Answers one call. Errors are thrown: see <see cref="RestErrors"/> and Discord.Protocol.Errors.</summary>
public delegate ValueTask<RestReply> RestHandler(RestCall call);

/// <summary>
/// The node's REST routes, declared once at start. Templates have no version: <c>/channels/{channel_id}</c> is served as
/// <c>/api/v9/channels/…</c>, <c>/api/v10/channels/…</c> and <c>/api/channels/…</c>.
/// </summary>
public sealed class RouteTable
{
    private readonly List<RestRoute> _routes = [];

    /// <summary>All routes in the order of their declaration.</summary>
    public IReadOnlyList<RestRoute> Routes => _routes;

    /// <summary>Declares a GET route (HEAD is answered by it as well).</summary>
    public RestRoute Get(string template, RestHandler handler) => Add("GET", template, handler);

    /// <summary>Declares a POST route.</summary>
    public RestRoute Post(string template, RestHandler handler) => Add("POST", template, handler);

    /// <summary>Declares a PUT route.</summary>
    public RestRoute Put(string template, RestHandler handler) => Add("PUT", template, handler);

    /// <summary>Declares a PATCH route.</summary>
    public RestRoute Patch(string template, RestHandler handler) => Add("PATCH", template, handler);

    /// <summary>Declares a DELETE route.</summary>
    public RestRoute Delete(string template, RestHandler handler) => Add("DELETE", template, handler);

    private RestRoute Add(string method, string template, RestHandler handler)
    {
        var route = new RestRoute(method, template, handler);
        _routes.Add(route);
        return route;
    }
}

/// <summary>One method on one path. Configure it where it is declared; it is frozen once the node serves.</summary>
public sealed class RestRoute
{
    internal RestRoute(string method, string template, RestHandler handler)
    {
        Method = method;
        Template = template;
        Handler = handler;
        Label = $"{method} {template}";
        Segments = RouteTree.Split(template);
        Parameters = [.. Segments.Where(s => s.StartsWith('{')).Select(s => s[1..^1])];
        if (Parameters.Length > RouteValues.Capacity)
            throw new ArgumentException($"{template} has more than {RouteValues.Capacity} parameters.", nameof(template));
        MajorIndex = Array.FindIndex(Parameters, p => p is "channel_id" or "guild_id" or "webhook_id" or "interaction_id");
        MajorTokenIndex = MajorIndex < 0 ? -1 : Parameters[MajorIndex] switch
        {
            "webhook_id" => Array.IndexOf(Parameters, "webhook_token"),
            "interaction_id" => Array.IndexOf(Parameters, "interaction_token"),
            _ => -1,
        };
    }

    /// <summary>The HTTP method.</summary>
    public string Method { get; }

    /// <summary>The path below the version, with <c>{parameters}</c>.</summary>
    public string Template { get; }

    /// <summary>Who may call it; <see cref="RestAuth.Account"/> unless said otherwise.</summary>
    public RestAuth Callers { get; private set; } = RestAuth.Account;

    /// <summary>The scope an OAuth2 token must have, or null.</summary>
    public string? Scope { get; private set; }

    /// <summary>The rate limit of the route.</summary>
    public BucketPolicy Policy { get; private set; } = Buckets.Default;

    /// <summary>Whether requests count against the global limit of their account or address.</summary>
    public bool CountsGlobally { get; private set; } = true;

    /// <summary>Method and template: the name of the route in logs and metrics.</summary>
    public string Label { get; }

    internal RestHandler Handler { get; }

    internal string[] Segments { get; }

    internal string[] Parameters { get; }

    /// <summary>Which parameter is the major one (channel, guild, webhook, interaction), -1 when none is.</summary>
    internal int MajorIndex { get; }

    /// <summary>The token that belongs to the major parameter, -1 when there is none.</summary>
    internal int MajorTokenIndex { get; }

    /// <summary>Set when the tree is built.</summary>
    internal RouteBucket Bucketed { get; set; } = null!;

    /// <summary>Says who may call the route.</summary>
    /// <param name="callers">Callers; others get 401, or 403 with 20001 or 20002.</param>
    /// <param name="scope">The scope that an OAuth2 token needs.</param>
    public RestRoute Auth(RestAuth callers, string? scope = null)
    {
        Callers = callers;
        Scope = scope;
        return this;
    }

    /// <summary>Puts the route in a bucket of <see cref="Buckets"/>. Routes with the same named policy share one bucket.</summary>
    public RestRoute Bucket(BucketPolicy policy)
    {
        Policy = policy;
        return this;
    }

    /// <summary>Takes the route out of the global limit, as interaction callbacks and follow-ups are.</summary>
    public RestRoute OutsideGlobalLimit()
    {
        CountsGlobally = false;
        return this;
    }

    /// <inheritdoc/>
    public override string ToString() => Label;
}
