namespace Discord.Node.Rest.RateLimits;

/// <summary>Whose limit was hit: the value of X-RateLimit-Scope.</summary>
public enum RateLimitScope
{
    /// <summary>The caller's own.</summary>
    User,

    /// <summary>The caller's, over all routes.</summary>
    Global,

    /// <summary>One that the resource has for all its callers; does not count as an invalid request.</summary>
    Shared,
}

/// <summary>Answers 429 from within a handler: slow mode, sub-limits, limits of a resource.</summary>
/// <param name="retryAfter">When it may be tried again.</param>
/// <param name="code">Discord's error code, for example 20016 for slow mode; 0 for none.</param>
/// <param name="message">What a person reads.</param>
/// <param name="scope">Whose limit it is.</param>
public sealed class RateLimitedException(
    TimeSpan retryAfter, int code = 0, string message = "You are being rate limited.", RateLimitScope scope = RateLimitScope.User)
    : Exception(message)
{
    /// <summary>When it may be tried again.</summary>
    public TimeSpan RetryAfter { get; } = retryAfter;

    /// <summary>Discord's error code, 0 for none.</summary>
    public int Code { get; } = code;

    /// <summary>Whose limit it is.</summary>
    public RateLimitScope Scope { get; } = scope;
}
