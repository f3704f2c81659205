using Discord.Cql.Errors;

namespace Discord.Cql.Execution;

/// <summary>What is done about an error.</summary>
internal enum RetryDecision
{
    /// <summary>The caller gets it.</summary>
    Throw,

    /// <summary>The same host is asked again.</summary>
    SameHost,

    /// <summary>The next host is asked.</summary>
    NextHost,
}

/// <summary>
/// Decides whether a request is sent again. Only what is idempotent, or what certainly did nothing, ever is. The number of attempts is the
/// executor's to bound.
/// </summary>
internal static class RetryPolicy
{
    public static RetryDecision Decide(CqlException error, bool idempotent, int attempt) => error switch
    {
        // The caller is to slow down; asking another host would only hide it.
        CqlClientOverloadedException or CqlRequestTooLargeException or CqlSessionClosedException => RetryDecision.Throw,

        CqlConnectionException or CqlTimeoutException => idempotent || !error.WasSent ? RetryDecision.NextHost : RetryDecision.Throw,

        // The coordinator did nothing; another one may see more replicas. Once: if it does not either, none does.
        CqlUnavailableException => attempt == 1 ? RetryDecision.NextHost : RetryDecision.Throw,

        // Enough replicas answered, only the one with the data did not: it is now known to be slow and another one is taken.
        CqlReadTimeoutException timeout => idempotent && attempt == 1 && timeout.Received >= timeout.Required && !timeout.DataPresent
            ? RetryDecision.SameHost
            : RetryDecision.Throw,

        // The replicas were slow, or the batch's log was not written. A whole logged batch is the servers' to finish.
        CqlWriteTimeoutException { WriteType: CqlWriteType.Simple or CqlWriteType.UnloggedBatch or CqlWriteType.BatchLog } =>
            idempotent && attempt == 1 ? RetryDecision.SameHost : RetryDecision.Throw,

        CqlServerException { Code: CqlErrorCode.IsBootstrapping } => RetryDecision.NextHost,

        CqlServerException { Code: CqlErrorCode.Overloaded or CqlErrorCode.ServerError or CqlErrorCode.TruncateError } =>
            idempotent ? RetryDecision.NextHost : RetryDecision.Throw,

        _ => RetryDecision.Throw,
    };
}
