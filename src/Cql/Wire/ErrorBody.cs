using Discord.Cql.Errors;

namespace Discord.Cql.Wire;

/// <summary>The body of an ERROR. Native protocol v4, section 9.</summary>
internal static class ErrorBody
{
    // A server's text is shown in logs; it may be long, and it is the server's.
    private const int MaxMessage = 1024;

    public static CqlServerException Read(ref WireReader reader)
    {
        var code = (CqlErrorCode)reader.Int();
        var message = reader.String();
        if (message.Length > MaxMessage) message = message[..MaxMessage] + "…";
        return code switch
        {
            CqlErrorCode.Unavailable => new CqlUnavailableException(message, (ConsistencyLevel)reader.Short(), reader.Int(), reader.Int()),
            CqlErrorCode.ReadTimeout =>
                new CqlReadTimeoutException(message, (ConsistencyLevel)reader.Short(), reader.Int(), reader.Int(), reader.Byte() != 0),
            CqlErrorCode.WriteTimeout => new CqlWriteTimeoutException(
                message, (ConsistencyLevel)reader.Short(), reader.Int(), reader.Int(), WriteType(reader.String())),
            CqlErrorCode.ReadFailure => new CqlReadFailureException(
                message, (ConsistencyLevel)reader.Short(), reader.Int(), reader.Int(), reader.Int()),
            CqlErrorCode.WriteFailure => new CqlWriteFailureException(
                message, (ConsistencyLevel)reader.Short(), reader.Int(), reader.Int(), reader.Int(), WriteType(reader.String())),
            CqlErrorCode.AlreadyExists => new CqlAlreadyExistsException(message, reader.String(), reader.String()),
            CqlErrorCode.Unprepared => new CqlUnpreparedException(message, reader.ShortBytes().ToArray()),
            CqlErrorCode.Overloaded => new CqlOverloadedException(message),
            CqlErrorCode.SyntaxError => new CqlSyntaxException(message),
            CqlErrorCode.Invalid => new CqlInvalidException(message),
            CqlErrorCode.Unauthorized => new CqlUnauthorizedException(message),
            CqlErrorCode.BadCredentials => new CqlAuthenticationException(message),
            _ => new CqlServerException(code, message),
        };
    }

    private static CqlWriteType WriteType(string name) => name switch
    {
        "SIMPLE" => CqlWriteType.Simple,
        "BATCH" => CqlWriteType.Batch,
        "UNLOGGED_BATCH" => CqlWriteType.UnloggedBatch,
        "COUNTER" => CqlWriteType.Counter,
        "BATCH_LOG" => CqlWriteType.BatchLog,
        "CAS" => CqlWriteType.Cas,
        "VIEW" => CqlWriteType.View,
        "CDC" => CqlWriteType.Cdc,
        _ => CqlWriteType.Other,
    };
}
