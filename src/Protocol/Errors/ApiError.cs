namespace Discord.Protocol.Errors;

/// <summary>
/// An answer that is an error: <c>{"message", "code"}</c> with an HTTP status. The well-known ones stand in the other parts of this type,
/// by family: <c>ApiError.UnknownChannel</c>. Codes and messages are Discord's ("JSON Error Codes").
/// </summary>
/// <param name="Code">Discord's numeric code; 0 where there is none.</param>
/// <param name="HttpStatus">HTTP status of the answer.</param>
/// <param name="Message">What a person reads.</param>
public sealed partial record ApiError(int Code, int HttpStatus, string Message)
{
    /// <summary>0, HTTP 400: General error.</summary>
    public static ApiError General { get; } = new(0, 400, "General error");

    /// <summary>0, HTTP 404: 404: Not Found.</summary>
    public static ApiError NotFound { get; } = new(0, 404, "404: Not Found");

    /// <summary>0, HTTP 405: 405: Method Not Allowed.</summary>
    public static ApiError MethodNotAllowed { get; } = new(0, 405, "405: Method Not Allowed");

    /// <summary>0, HTTP 401: 401: Unauthorized.</summary>
    public static ApiError Unauthorized401 { get; } = new(0, 401, "401: Unauthorized");

    /// <summary>0, HTTP 500: 500: Internal Server Error.</summary>
    public static ApiError InternalError { get; } = new(0, 500, "500: Internal Server Error");

    /// <summary>0, HTTP 502: 502: Bad Gateway.</summary>
    public static ApiError BadGateway { get; } = new(0, 502, "502: Bad Gateway");

    /// <summary>0, HTTP 503: 503: Service Unavailable.</summary>
    public static ApiError ServiceUnavailable { get; } = new(0, 503, "503: Service Unavailable");

}
