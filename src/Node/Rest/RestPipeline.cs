using System.Diagnostics;
using Discord.Node.Composition;
using Discord.Node.Configuration;
using Discord.Node.Logging;
using Discord.Node.Rest.Bodies;
using Discord.Node.Rest.RateLimits;
using Discord.Protocol;
using Discord.Protocol.Errors;

namespace Discord.Node.Rest;

/// <summary>
/// The way of every request below /api: CORS, version, route, account, rate limit, handler, answer. One middleware instead of a chain,
/// without a
/// service scope: a request costs its <see cref="RestCall"/> and little else. Thread-safe.
/// </summary>
internal sealed class RestPipeline
{
    private readonly RouteTree _tree;
    private readonly TokenCache _tokens;
    private readonly RateLimiter? _limiter;
    private readonly ILogger _log;

    public RestPipeline(RouteTable routes, NodeServices services, RateLimitOptions limits, BodyReader bodies, ILogger<RestPipeline> log)
    {
        RouteBucket.Assign(routes);
        _tree = new RouteTree(routes);
        _tokens = services.Tokens;
        _limiter = limits.Enabled ? new RateLimiter(limits, services.Time) : null;
        _log = log;
        Services = services;
        Bodies = bodies;
    }

    public NodeServices Services { get; }

    public BodyReader Bodies { get; }

    /// <summary>Serves what is below /api and passes on everything else.</summary>
    public Task InvokeAsync(HttpContext http, RequestDelegate next)
    {
        var path = http.Request.Path.Value ?? "";
        return ApiPath.TryRead(path, out var offset, out var version) ? ServeAsync(http, path, offset, version) : next(http);
    }

    /// <summary>See <see cref="RestCall.SubLimit"/>.</summary>
    public void SubLimit(RestCall call, BucketPolicy policy, Snowflake major)
    {
        if (_limiter is null)
            return;
        var state = _limiter.Sub(policy, major, call.AccountOrNull?.Id.Value ?? RateLimiter.CallerOf(call.Address));
        if (!state.Allowed)
            throw new RateLimitedException(TimeSpan.FromMilliseconds(state.ResetAfter));
    }

    private async Task ServeAsync(HttpContext http, string path, int offset, int version)
    {
        Cors.Write(http);
        if (HttpMethods.IsOptions(http.Request.Method))
        {
            http.Response.StatusCode = StatusCodes.Status204NoContent;
            return;
        }
        var started = Stopwatch.GetTimestamp();
        RestRoute? route = null;
        try
        {
            var outcome = _tree.Match(path, offset, http.Request.Method, out route, out var values);
            if (version == 0)
                throw new ApiException(ApiError.InvalidApiVersion);
            if (route is null)
                throw new ApiException(outcome == RouteOutcome.WrongMethod ? ApiError.MethodNotAllowed : ApiError.NotFound);
            var address = _limiter is null ? 0 : RateLimiter.CallerOf(http.Connection.RemoteIpAddress);
            if (_limiter?.Invalid(address) is { Allowed: false } blocked)
            {
                ErrorAnswer.RateLimited(http, blocked.ResetAfter, RateLimitScope.Global);
                return;
            }
            var account = route.Callers == RestAuth.Public ? null : await AuthenticateAsync(http, route);
            using var call = new RestCall(this, http, route, path, values, version, account);
            if (_limiter is not null && !WithinLimits(call, address))
                return;
            ReplyWriter.Write(http.Response, await route.Handler(call));
        }
        catch (Exception e)
        {
            Fail(http, route, e);
        }
        finally
        {
            if (_limiter is not null && http.Response.StatusCode is 401 or 403 or 429)
                CountInvalid(http);
            RestMetrics.Record(route, http.Response.StatusCode, Stopwatch.GetElapsedTime(started));
        }
    }

    private async ValueTask<RestAccount?> AuthenticateAsync(HttpContext http, RestRoute route)
    {
        string? header = http.Request.Headers.Authorization;
        var account = await _tokens.ResolveAsync(header, CancellationToken.None);
        var allowed = route.Callers;
        if (allowed.HasFlag(RestAuth.Optional))
            return account;
        if (account is null)
            throw new ApiException(ApiError.Unauthorized401);
        switch (account.Kind)
        {
            case TokenKind.Bot when !allowed.HasFlag(RestAuth.Bot):
                throw new ApiException(ApiError.BotsNotAllowed);
            case TokenKind.User when !allowed.HasFlag(RestAuth.User):
                throw new ApiException(allowed.HasFlag(RestAuth.Bot) ? ApiError.OnlyBotsAllowed : ApiError.Unauthorized401);
            case TokenKind.Bearer when !allowed.HasFlag(RestAuth.Bearer):
                throw new ApiException(ApiError.Unauthorized401);
            case TokenKind.Bearer when route.Scope is { } scope && !account.Scopes.Contains(scope):
                throw new ApiException(ApiError.MissingOAuth2Scope);
            default:
                return account;
        }
    }

    /// <summary>Counts the call; writes the headers, and the whole answer when it may not pass.</summary>
    private bool WithinLimits(RestCall call, ulong address)
    {
        var route = call.Route;
        var caller = call.AccountOrNull?.Id.Value ?? address;
        if (route.CountsGlobally && _limiter!.Global(caller) is { Allowed: false } global)
        {
            ErrorAnswer.RateLimited(call.Http, global.ResetAfter, RateLimitScope.Global);
            return false;
        }
        var major = 0UL;
        if (route.MajorIndex >= 0 && Snowflake.TryParse(call.At(route.MajorIndex), out var id))
            major = id.Value;
        if (route.MajorTokenIndex >= 0)
        {
            // The token of a webhook or interaction is the caller: all who have it share its bucket.
            major ^= (ulong)string.GetHashCode(call.At(route.MajorTokenIndex)) << 32;
            caller = 0;
        }
        var state = _limiter!.Route(route.Bucketed, major, caller);
        RateLimitHeaders.Write(call.Http.Response.Headers, route.Bucketed, state);
        if (!state.Allowed)
            ErrorAnswer.RateLimited(call.Http, state.ResetAfter, RateLimitScope.User);
        return state.Allowed;
    }

    private void CountInvalid(HttpContext http)
    {
        if (http.Response.StatusCode != 429 || http.Response.Headers["X-RateLimit-Scope"] != "shared")
            _limiter!.CountInvalid(RateLimiter.CallerOf(http.Connection.RemoteIpAddress));
    }

    private void Fail(HttpContext http, RestRoute? route, Exception exception)
    {
        if (http.Response.HasStarted)
        {
            // The status is out. Cutting the connection is the only way to say that the body is not whole.
            RestLog.FailedAfterStart(_log, exception, route?.Label ?? "no route");
            http.Abort();
            return;
        }
        switch (exception)
        {
            case ApiException { IsServerFault: false } refused:
                ErrorAnswer.Api(http, refused.Error, refused.Form);
                break;
            case ApiException { Error.HttpStatus: StatusCodes.Status503ServiceUnavailable }:
                // Said by the domain, which has logged the cause.
                ErrorAnswer.Unavailable(http, 1);
                break;
            case RateLimitedException limited:
                ErrorAnswer.RateLimited(http, (long)limited.RetryAfter.TotalMilliseconds, limited.Scope, limited.Code, limited.Message);
                break;
            case BadHttpRequestException bad:
                ErrorAnswer.Api(
                    http,
                    bad.StatusCode == 413 ? ApiError.RequestTooLarge : new ApiError(0, bad.StatusCode, $"{bad.StatusCode}: Bad Request"));
                break;
            case OperationCanceledException or IOException when http.RequestAborted.IsCancellationRequested:
                // Nobody reads the answer.
                http.Response.StatusCode = 499;
                break;
            case OverloadedException overloaded:
                RestLog.Overloaded(_log, route?.Label ?? "no route", overloaded.Message);
                ErrorAnswer.Unavailable(http, overloaded.RetryAfterSeconds);
                break;
            case var _ when TransientFaults.Is(exception):
                RestLog.Transient(_log, route?.Label ?? "no route", exception.Message);
                ErrorAnswer.Unavailable(http, 1);
                break;
            default:
                // Who reports the error can name the entry in the log; the answer itself says nothing about the node.
                var id = Guid.NewGuid().ToString("N")[..12];
                RestLog.Failed(_log, exception, id, route?.Label ?? "no route");
                http.Response.Headers["X-Error-Id"] = id;
                ErrorAnswer.Api(http, exception is ApiException fault ? fault.Error : ApiError.InternalError);
                break;
        }
    }
}
