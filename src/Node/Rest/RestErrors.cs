using Discord.Protocol.Errors;

namespace Discord.Node.Rest;

/// <summary>
/// The errors that the framework itself answers with, made in one place. All return the exception: <c>throw RestErrors.BadId(…)</c>.
/// </summary>
public static class RestErrors
{
    /// <summary>400/50035: a path parameter is no snowflake.</summary>
    public static ApiException BadId(string parameter, string value) =>
        new(ApiError.InvalidFormBody, FormErrors.Of(parameter, FormError.NotASnowflake(value)));

    /// <summary>400/50109: the body is no JSON.</summary>
    public static ApiException BadJson() => new(ApiError.InvalidJson);

    /// <summary>400/50035: the body cannot be read as what its type says.</summary>
    public static ApiException BadForm(string message) => new(ApiError.InvalidFormBody, FormErrors.Of("", FormError.Invalid(message)));

    /// <summary>400/50035: a body of a type that is not read here.</summary>
    public static ApiException BadContentType() => BadForm(
        "Expected \"Content-Type\" header to be one of {'application/json', 'application/x-www-form-urlencoded', 'multipart/form-data'}.");

    /// <summary>413/40005: a file or the body is too large.</summary>
    public static ApiException TooLarge() => new(ApiError.RequestTooLarge);

    /// <summary>One wrong field: 400/50035.</summary>
    public static ApiException Field(string path, FormError error) => new(ApiError.InvalidFormBody, FormErrors.Of(path, error));
}

/// <summary>The node cannot answer now and the same request may succeed soon: 503 with Retry-After.</summary>
public sealed class OverloadedException(string what, int retryAfterSeconds = 1) : Exception(what)
{
    /// <summary>Seconds, the value of Retry-After.</summary>
    public int RetryAfterSeconds { get; } = retryAfterSeconds;
}
