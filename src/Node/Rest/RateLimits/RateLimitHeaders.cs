using System.Globalization;

namespace Discord.Node.Rest.RateLimits;

/// <summary>The headers of Discord's rate limits. Libraries differ in which they read, so all are sent and all agree.</summary>
internal static class RateLimitHeaders
{
    /// <summary>What browsers may read.</summary>
    public const string Exposed =
        "Retry-After, X-RateLimit-Limit, X-RateLimit-Remaining, X-RateLimit-Reset, X-RateLimit-Reset-After, X-RateLimit-Bucket, "
        + "X-RateLimit-Scope, X-RateLimit-Global, Via, Date";

    /// <summary>Without a Via header on a 429 a client takes it for a ban at the edge and stops all its routes.</summary>
    public const string Via = "1.1 discord-akka";

    private static readonly string[] Numbers = [.. Enumerable.Range(0, 101).Select(n => n.ToString(CultureInfo.InvariantCulture))];

    public static void Write(IHeaderDictionary headers, RouteBucket bucket, in RateState state)
    {
        headers["X-RateLimit-Limit"] = bucket.LimitText;
        headers["X-RateLimit-Remaining"] =
            state.Remaining < Numbers.Length ? Numbers[state.Remaining] : state.Remaining.ToString(CultureInfo.InvariantCulture);
        headers["X-RateLimit-Reset"] = Seconds(state.ResetAt);
        headers["X-RateLimit-Reset-After"] = Seconds(state.ResetAfter);
        headers["X-RateLimit-Bucket"] = bucket.Hash;
    }

    public static void WriteRefusal(IHeaderDictionary headers, long retryAfterMs, RateLimitScope scope)
    {
        headers.RetryAfter = Math.Max(1, (retryAfterMs + 999) / 1000).ToString(CultureInfo.InvariantCulture);
        headers["X-RateLimit-Reset-After"] = Seconds(retryAfterMs);
        headers["X-RateLimit-Scope"] = scope switch
        {
            RateLimitScope.Global => "global",
            RateLimitScope.Shared => "shared",
            _ => "user",
        };
        // Its presence alone counts for some clients: never send it as false.
        if (scope == RateLimitScope.Global)
            headers["X-RateLimit-Global"] = "true";
        headers.Via = Via;
    }

    private static string Seconds(long milliseconds) =>
        string.Create(CultureInfo.InvariantCulture, stackalloc char[32], $"{milliseconds / 1000}.{milliseconds % 1000:000}");
}
