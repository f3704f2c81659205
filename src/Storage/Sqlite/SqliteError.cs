using SQLitePCL;

namespace Discord.Storage.Sqlite;

/// <summary>Turns SQLite's result codes into what callers act on.</summary>
internal static class SqliteError
{
    /// <summary>The exception for a result code.</summary>
    /// <param name="rc">Extended result code.</param>
    /// <param name="text">SQLite's message; it names tables and columns, never values.</param>
    public static StorageException ToException(int rc, string text)
    {
        var error = (rc & 0xFF) switch
        {
            raw.SQLITE_FULL => StorageError.DiskFull,
            raw.SQLITE_BUSY or raw.SQLITE_LOCKED => StorageError.Busy,
            raw.SQLITE_TOOBIG => StorageError.TooLarge,
            raw.SQLITE_CORRUPT or raw.SQLITE_NOTADB or raw.SQLITE_CONSTRAINT or raw.SQLITE_ERROR or raw.SQLITE_MISUSE or raw.SQLITE_MISMATCH
                => StorageError.Corrupt,
            _ => StorageError.Io,
        };
        return new StorageException(error, error == StorageError.DiskFull
            ? $"the disk of the data directory is full (SQLite {rc})"
            : $"SQLite answered {rc}: {text}");
    }
}
