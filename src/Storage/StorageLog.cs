using Microsoft.Extensions.Logging;

namespace Discord.Storage;

/// <summary>What the store logs. Event ids 4000 to 4099. No entry holds a user's data.</summary>
internal static partial class StorageLog
{
    [LoggerMessage(4000, LogLevel.Error, "A commit of {Writes} writes failed: {Error}. The writes were refused; the store goes on.")]
    public static partial void CommitFailed(ILogger log, int writes, StorageError error, Exception exception);

    [LoggerMessage(4001, LogLevel.Error, "A failed commit could not be rolled back.")]
    public static partial void RollbackFailed(ILogger log, Exception exception);

    [LoggerMessage(4002, LogLevel.Critical, "The writer has ended by a fault in this program; nothing can be stored until a restart.")]
    public static partial void WriterDied(ILogger log, Exception exception);

    [LoggerMessage(4003, LogLevel.Warning, "A checkpoint failed with SQLite {Code}; the write-ahead log grows until one succeeds.")]
    public static partial void CheckpointFailed(ILogger log, int code);

    [LoggerMessage(4004, LogLevel.Warning, "Cleaning up old rows failed; it will be tried again in an hour.")]
    public static partial void MaintenanceFailed(ILogger log, Exception exception);

    [LoggerMessage(4005, LogLevel.Debug, "Opened '{Directory}', schema {Schema}, durability {Durability}.")]
    public static partial void Opened(ILogger log, string directory, int schema, string durability);

    [LoggerMessage(4006, LogLevel.Information, "Changing the tables of keyspace {Keyspace} to version {Version}.")]
    public static partial void Migrating(ILogger log, string keyspace, int version);

    [LoggerMessage(4007, LogLevel.Debug, "Opened keyspace {Keyspace}, schema {Schema}, consistency {Consistency}.")]
    public static partial void OpenedKeyspace(ILogger log, string keyspace, int schema, string consistency);

    [LoggerMessage(4010, LogLevel.Warning, "The shared cache failed; hot pages are read from the store instead.")]
    public static partial void SharedCacheFailed(ILogger log, Exception exception);

    [LoggerMessage(4011, LogLevel.Information, "Took over the hot pages of {Taken} of {Sealed} channels.")]
    public static partial void HotPagesTaken(ILogger log, int taken, int @sealed);

    [LoggerMessage(4012, LogLevel.Information, "Handed on the hot pages of {Given} channels.")]
    public static partial void HotPagesGiven(ILogger log, int given);
}
