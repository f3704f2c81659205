namespace Discord.Protocol.Errors;

/// <summary>
/// A request is refused. It carries all that the answer needs, and the policy: an <see cref="ApiException"/> is an ordinary outcome for the
/// client, so its HTTP status below 500 is logged at debug level only and the connection lives.
/// </summary>
public sealed class ApiException : Exception
{
    /// <summary>Refuses with an error and, for form errors, what was wrong where.</summary>
    public ApiException(ApiError error, FormErrors? form = null)
        : base(error.Message)
    {
        Error = error;
        Form = form;
    }

    /// <summary>Code, HTTP status and message.</summary>
    public ApiError Error { get; }

    /// <summary>Errors by field, or null.</summary>
    public FormErrors? Form { get; }

    /// <summary>True when the server is at fault and an operator should hear of it.</summary>
    public bool IsServerFault => Error.HttpStatus >= 500;
}
