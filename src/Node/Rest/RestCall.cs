using System.Net;
using Discord.Node.Composition;
using Discord.Node.Rest.Bodies;
using Discord.Node.Rest.RateLimits;
using Discord.Protocol;
using Discord.Protocol.Forms;

namespace Discord.Node.Rest;

/// <summary>One request on its way through a handler. Not thread-safe; ends with the handler, do not keep it.</summary>
public sealed class RestCall : IDisposable
{
    private readonly RestPipeline _pipeline;
    private readonly string _path;
    private readonly RouteValues _values;
    private RestForm? _form;
    private QueryReader? _query;
    private string? _reason;
    private bool _reasonRead;

    internal RestCall(
        RestPipeline pipeline, HttpContext http, RestRoute route, string path, in RouteValues values, int version, RestAccount? account)
    {
        _pipeline = pipeline;
        _path = path;
        _values = values;
        Http = http;
        Route = route;
        ApiVersion = version;
        AccountOrNull = account;
    }

    /// <summary>The request below, for the rare endpoint that needs a header or a status of its own.</summary>
    public HttpContext Http { get; }

    /// <summary>The route that matched.</summary>
    public RestRoute Route { get; }

    /// <summary>9 or 10.</summary>
    public int ApiVersion { get; }

    /// <summary>The node's singletons.</summary>
    public NodeServices Services => _pipeline.Services;

    /// <summary>Who calls.</summary>
    /// <exception cref="InvalidOperationException">The route admits callers without an account: use <see
    /// cref="AccountOrNull"/>.</exception>
    public RestAccount Account => AccountOrNull
        ?? throw new InvalidOperationException($"{Route} admits anonymous callers; ask for AccountOrNull.");

    /// <summary>Who calls, or null on public routes.</summary>
    public RestAccount? AccountOrNull { get; }

    /// <summary>The caller's address, behind a trusted proxy the one that it reports.</summary>
    public IPAddress? Address => Http.Connection.RemoteIpAddress;

    /// <summary>Fires when the client went away. What is being written should be written all the same: the client will ask again.</summary>
    public CancellationToken Cancelled => Http.RequestAborted;

    /// <summary>The query string.</summary>
    public QueryReader Query => _query ??= QueryReader.FromQueryString(Http.Request.QueryString.Value);

    /// <summary>
    /// X-Audit-Log-Reason, URL-decoded UTF-8, 1 to 512 characters; null when absent or blank.
    /// </summary>
    /// <exception cref="Protocol.Errors.ApiException">50035: it is longer.</exception>
    public string? AuditReason
    {
        get
        {
            if (!_reasonRead)
            {
                _reason = Rest.AuditReason.Decode(Http.Request.Headers["X-Audit-Log-Reason"]);
                _reasonRead = true;
            }
            return _reason;
        }
    }

    /// <summary>A path parameter that is an id.</summary>
    /// <exception cref="Protocol.Errors.ApiException">400/50035 NUMBER_TYPE_COERCE: it is none.</exception>
    public Snowflake Id(string parameter)
    {
        var text = Span(parameter);
        return Snowflake.TryParse(text, out var id) ? id : throw RestErrors.BadId(parameter, text.ToString());
    }

    /// <summary>A path parameter as text, percent-decoded: never empty, never with a slash.</summary>
    public string Text(string parameter)
    {
        // Kestrel leaves %2F alone, so that a slash in a parameter cannot look like a border of it.
        var text = Span(parameter).ToString();
        return text.Contains("%2F", StringComparison.OrdinalIgnoreCase)
            ? text.Replace("%2F", "/", StringComparison.OrdinalIgnoreCase)
            : text;
    }

    /// <summary>The body, read whole. The second call gives the first one's answer. It lives as long as this call.</summary>
    /// <exception cref="Protocol.Errors.ApiException">50109 no JSON, 50035 another type or a broken form, 40005 too large.</exception>
    public ValueTask<RestForm> FormAsync()
    {
        return _form is null ? ReadAsync() : new(_form);

        async ValueTask<RestForm> ReadAsync() => _form = await _pipeline.Bodies.ReadAsync(Http);
    }

    /// <summary>
    /// Counts the call against a limit inside the route (for example a channel's name), for this account and <paramref name="major"/>.
    /// </summary>
    /// <exception cref="RateLimitedException">It is used up: 429.</exception>
    public void SubLimit(BucketPolicy policy, Snowflake major) => _pipeline.SubLimit(this, policy, major);

    /// <summary>Ends the call: the body's memory and temporary files go.</summary>
    public void Dispose() => _form?.Dispose();

    internal ReadOnlySpan<char> At(int index) => _path.AsSpan(_values[index].Start, _values[index].Length);

    private ReadOnlySpan<char> Span(string parameter)
    {
        var index = Array.IndexOf(Route.Parameters, parameter);
        return index >= 0 ? At(index) : throw new ArgumentException($"{Route} has no parameter {parameter}.", nameof(parameter));
    }
}
