using Discord.Cql.Errors;

namespace Discord.Storage.Cql;

/// <summary>Turns the driver's errors into what callers act on.</summary>
internal static class CqlFault
{
    /// <summary>Whether it is unknown if a write was carried out; false when it certainly was not.</summary>
    public static bool InDoubt(CqlException fault) => fault is not (CqlUnavailableException or CqlOverloadedException) && fault.WasSent;

    /// <summary>Whether servers did not come to the end of a read: it may be too large, or full of tombstones.</summary>
    public static bool IsTooMuch(StorageException fault) => fault.InnerException switch
    {
        CqlNoHostAvailableException none => none.Causes.Any(cause => IsTooMuch(cause.Cause)),
        var cause => IsTooMuch(cause),
    };

    private static bool IsTooMuch(Exception? cause) =>
        cause is CqlReadFailureException or CqlReadTimeoutException or CqlTimeoutException { WasSent: true };

    /// <summary>The exception for callers. The driver's texts name hosts and settings, never values.</summary>
    public static StorageException ToException(CqlException fault) => fault switch
    {
        CqlSessionClosedException => new(StorageError.Closed, "the store is closed", fault),
        CqlClientOverloadedException => new(StorageError.Overloaded, $"the database is not asked for more: {fault.Message}", fault),
        CqlRequestTooLargeException => new(StorageError.TooLarge, fault.Message, fault),
        CqlUnknownDatacenterException => new(StorageError.Refused, fault.Message, fault),
        { IsTransient: true } => new(StorageError.Unavailable, $"the database does not answer: {fault.Message}", fault),
        _ => new(StorageError.Refused, $"the database refuses: {fault.Message}", fault),
    };
}
