using System.Globalization;
using Discord.Kernel.Persistence;
using Discord.Storage.Files;
using Discord.Storage.Migration;
using Microsoft.Extensions.Logging;

namespace Discord.Storage.Sqlite;

/// <summary>
/// All stores in one data directory: a SQLite file in WAL mode with one writing thread and several reading ones, and a directory of blobs.
/// One process at a time. See docs/storage.md.
/// </summary>
public sealed class SqliteStorage : IStorage
{

    private readonly FileStream _lock;
    private readonly Database _writing;
    private readonly Checkpointer _checkpointer;
    private readonly Writer _writer;
    private readonly ReaderPool _readers;
    private readonly ILogger _log;
    private readonly Maintenance _maintenance;
    private int _disposed;

    private SqliteStorage(SqliteStorageOptions options, FileStream directoryLock)
    {
        _lock = directoryLock;
        _log = options.LoggerFactory.CreateLogger("Discord.Storage");
        var path = Path.Combine(options.DataDirectory, DatabaseFile);
        var opened = new List<IDisposable>();
        try
        {
            MakePrivate(path);
            _writing = Track(opened, OpenWriting(path, options));
            Schema.Migrate(_writing);
            Blobs = new DiskBlobStore(Path.Combine(options.DataDirectory, "blobs"));
            Urls = UrlSigner.FromKeyFile(Path.Combine(options.DataDirectory, "url-signing.key"));
            var readers = Enumerable.Range(0, options.Readers).Select(_ => Track(opened, OpenReading(path, options))).ToList();
            // Threads start last: nothing below may throw.
            _checkpointer = new Checkpointer(Track(opened, OpenCheckpointing(path, options)), options.WalBytes, _log);
            _readers = new ReaderPool(readers, options.ReadQueueCapacity);
            _writer = new Writer(_writing, _checkpointer, options.WriteQueueCapacity, options.MaxBatch, _log);
        }
        catch
        {
            foreach (var item in opened) item.Dispose();
            throw;
        }
        var messages = new SqliteMessageStore(_writer, _readers, options.Time);
        Messages = messages;
        Journal = new SqliteJournal(_writer, _readers);
        Snapshots = new SqliteSnapshotStore(_writer, _readers, options.Time);
        Lookups = new SqliteLookups(_writer, _readers);
        Audit = new SqliteAuditStore(_writer, _readers);
        var accounts = new SqliteAccountStore(_writer, _readers, options.TokenCacheCapacity);
        Accounts = accounts;
        Replica = new SqliteReplica(_writer, _readers, options.Time, new SqliteReplicaTables(accounts, options.Time));
        _maintenance = new Maintenance(this, messages.ResumeDeletionsAsync, options.Time, _log);
        StorageLog.Opened(_log, options.DataDirectory, Schema.Version, options.Durability.ToString());
    }

    /// <summary>The database's file name in the data directory.</summary>
    public const string DatabaseFile = "discord.db";

    /// <inheritdoc/>
    public IMessageStore Messages { get; }

    /// <inheritdoc/>
    public IJournal Journal { get; }

    /// <inheritdoc/>
    public ISnapshotStore Snapshots { get; }

    /// <inheritdoc/>
    public ILookupStore Lookups { get; }

    /// <inheritdoc/>
    public IAuditStore Audit { get; }

    /// <inheritdoc/>
    public IAccountStore Accounts { get; }

    /// <inheritdoc/>
    public IReplica Replica { get; }

    /// <inheritdoc/>
    public IBlobStore Blobs { get; }

    /// <inheritdoc/>
    public UrlSigner Urls { get; }

    /// <summary>Opens the data directory, creates what is missing and brings older data up to date.</summary>
    /// <exception cref="StorageException"><see cref="StorageError.InUse"/>, <see cref="StorageError.NewerSchema"/>,
    /// <see cref="StorageError.Corrupt"/>, <see cref="StorageError.Io"/>, <see cref="StorageError.DiskFull"/>.</exception>
    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    public static Task<SqliteStorage> OpenAsync(SqliteStorageOptions options, CancellationToken ct = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        return Task.Run(
            () =>
            {
                var directoryLock = DataDirectory.Lock(options.DataDirectory);
                try
                {
                    return new SqliteStorage(options, directoryLock);
                }
                catch
                {
                    directoryLock.Dispose();
                    throw;
                }
            },
            ct);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0) return;
        await _maintenance.DisposeAsync().ConfigureAwait(false);
        try
        {
            await _writer.DisposeAsync().ConfigureAwait(false);
        }
        finally
        {
            await _readers.DisposeAsync().ConfigureAwait(false);
            _checkpointer.Dispose();
            // The last connection to close moves the rest of the log into the file and removes the log.
            await Task.Run(_writing.Dispose).ConfigureAwait(false);
            await _lock.DisposeAsync().ConfigureAwait(false);
        }
    }

    /// <summary>Limits the file to so many pages, 0 for the most there can be: how a test fills the disk.</summary>
    internal ValueTask LimitPagesAsync(long pages) => _writer.WriteAsync(
        database => database.Execute(string.Create(CultureInfo.InvariantCulture,
            $"PRAGMA max_page_count={(pages == 0 ? 4_294_967_294 : pages)}")),
        atomic: false, CancellationToken.None);

    /// <summary>A number from a statement on a reader: how a test looks behind the interfaces.</summary>
    internal ValueTask<long> ScalarAsync(string sql) => _readers.ReadAsync(database => database.Scalar(sql), CancellationToken.None);

    // Everything people wrote is in there, and the directory may be one that others can look into. SQLite's log files get the same mode.
    private static void MakePrivate(string path)
    {
        if (OperatingSystem.IsWindows()) return;
        const UnixFileMode Own = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        using var file = new FileStream(path, new FileStreamOptions
        {
            Mode = FileMode.OpenOrCreate,
            Access = FileAccess.ReadWrite,
            Share = FileShare.ReadWrite,
            UnixCreateMode = Own,
        });
        File.SetUnixFileMode(file.SafeFileHandle, Own);
    }

    private static Database OpenWriting(string path, SqliteStorageOptions options)
    {
        var synchronous = options.Durability == Durability.Full ? "FULL" : "NORMAL";
        // fullfsync matters on macOS only, where a plain fsync leaves the data in the drive's cache.
        return Open(path, readOnly: false, options.CacheBytes / 2, mmapBytes: 0,
            $"""
            PRAGMA page_size=4096; PRAGMA journal_mode=WAL; PRAGMA synchronous={synchronous}; PRAGMA fullfsync=1;
                PRAGMA checkpoint_fullfsync=1;
            PRAGMA wal_autocheckpoint=0; PRAGMA journal_size_limit={options.WalBytes}; PRAGMA foreign_keys=OFF;
            """);
    }

    private static Database OpenReading(string path, SqliteStorageOptions options) =>
        Open(path, readOnly: true, options.CacheBytes / 2 / options.Readers, options.MmapBytes, "PRAGMA query_only=1");

    private static Database OpenCheckpointing(string path, SqliteStorageOptions options)
    {
        var synchronous = options.Durability == Durability.Full ? "FULL" : "NORMAL";
        return Open(path, readOnly: false, cacheBytes: 1 << 20, mmapBytes: 0,
            $"PRAGMA synchronous={synchronous}; PRAGMA checkpoint_fullfsync=1; PRAGMA wal_autocheckpoint=0");
    }

    private static Database Open(string path, bool readOnly, long cacheBytes, long mmapBytes, string pragmas)
    {
        var database = Database.Open(path, readOnly);
        try
        {
            // A negative cache_size is in KiB.
            database.Execute(string.Create(CultureInfo.InvariantCulture,
                $"PRAGMA cache_size=-{Math.Max(256, cacheBytes / 1024)}; PRAGMA mmap_size={mmapBytes}; "
                + $"PRAGMA temp_store=MEMORY; {pragmas}"));
            return database;
        }
        catch
        {
            database.Dispose();
            throw;
        }
    }

    private static T Track<T>(List<IDisposable> opened, T item) where T : IDisposable
    {
        opened.Add(item);
        return item;
    }
}
