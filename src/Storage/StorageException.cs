namespace Discord.Storage;

/// <summary>What went wrong in the store.</summary>
public enum StorageError
{
    /// <summary>No space is left; writes succeed again when there is. Transient.</summary>
    DiskFull,

    /// <summary>The disk or the operating system refused. Transient: the next write tries anew.</summary>
    Io,

    /// <summary>A bounded queue is full. Transient; nothing was written.</summary>
    Overloaded,

    /// <summary>Something else holds the file locked for too long. Transient.</summary>
    Busy,

    /// <summary>A file does not hold what it should. Restore it from a backup.</summary>
    Corrupt,

    /// <summary>The store is being or has been disposed; the write was not accepted.</summary>
    Closed,

    /// <summary>What is to be stored is above a stated limit.</summary>
    TooLarge,

    /// <summary>Another process uses the data directory.</summary>
    InUse,

    /// <summary>The data was written by a newer version.</summary>
    NewerSchema,

    /// <summary>The database cluster cannot be reached, or too few of its hosts answer in time. Transient.</summary>
    Unavailable,

    /// <summary>The database cluster refuses: a right, a setting or a table is not as it must be, which somebody has to mend.</summary>
    Refused,
}

/// <summary>
/// The store could not do what was asked for. Its message holds no user's data. When a write fails with a transient error it may or may not
/// have been stored; all writes of the store may be repeated.
/// </summary>
public sealed class StorageException(StorageError error, string message, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>What went wrong.</summary>
    public StorageError Error { get; } = error;

    /// <summary>Whether the same call may succeed later without anybody changing the call.</summary>
    public bool IsTransient => Error is StorageError.DiskFull or StorageError.Io or StorageError.Overloaded or StorageError.Busy
        or StorageError.Unavailable;
}
