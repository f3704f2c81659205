using Discord.Node.Rest.RateLimits;
using Microsoft.Net.Http.Headers;

namespace Discord.Node.Rest;

/// <summary>
/// Lets pages of any origin call the API. Safe because nothing here is authorised by a cookie: a page can only use a token that it has.
/// Requests without an Origin, all but those of browsers, get no header at all.
/// </summary>
internal static class Cors
{
    public static void Write(HttpContext http)
    {
        var origin = http.Request.Headers.Origin;
        if (origin.Count == 0)
            return;
        var headers = http.Response.Headers;
        headers.AccessControlAllowOrigin = origin;
        headers.AccessControlAllowCredentials = "true";
        headers.Vary = HeaderNames.Origin;
        headers.AccessControlExposeHeaders = RateLimitHeaders.Exposed;
        if (!HttpMethods.IsOptions(http.Request.Method))
            return;
        headers.AccessControlAllowMethods = "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS";
        // The star does not cover Authorization, so what was asked for is repeated.
        headers.AccessControlAllowHeaders = http.Request.Headers.AccessControlRequestHeaders;
        headers.AccessControlMaxAge = "86400";
    }
}
