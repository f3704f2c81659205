using Discord.Cql;
using Discord.Cql.Errors;
using Discord.Kernel.Persistence;
using Discord.Storage.Files;
using Discord.Storage.Migration;
using Microsoft.Extensions.Logging;

namespace Discord.Storage.Cql;

/// <summary>
/// All stores on a cluster of Apache Cassandra or ScyllaDB; files on this node's disk. See docs/storage-cql.md.
/// </summary>
public sealed class CqlStorage : IStorage
{
    private static readonly TimeSpan OpenCommitAge = TimeSpan.FromMinutes(10);

    private readonly FileStream _lock;
    private readonly CqlDatabase _database;
    private readonly CqlMessageStore _messages;
    private readonly CqlLookups _lookups;
    private readonly ILogger _log;
    private readonly Maintenance _maintenance;
    private int _disposed;

    private CqlStorage(CqlStorageOptions options, FileStream directoryLock, CqlSession session, ILogger log)
    {
        Blobs = new DiskBlobStore(Path.Combine(options.DataDirectory, "blobs"));
        Urls = UrlSigner.FromKeyFile(Path.Combine(options.DataDirectory, "url-signing.key"));
        _lock = directoryLock;
        _log = log;
        _database = new CqlDatabase(session, options.Consistency);
        var clock = new WriteClock(options.Clock);
        var keys = new UniqueKeys(_database);
        var changes = new RowChanges(_database);
        var commits = new CqlCommits(_database, keys, changes, clock);
        var rows = new CqlRowWrites(_database);
        _messages = new CqlMessageStore(_database, clock, options.Time);
        _lookups = new CqlLookups(_database, commits, rows, changes, keys, clock, options.Time);
        Journal = new CqlJournal(_database, commits, rows, clock);
        var snapshots = new CqlSnapshotStore(_database, clock, options.Time);
        var audit = new CqlAuditStore(_database, clock, options.Time);
        var accounts = new CqlAccountStore(_database, commits, keys, clock, options.TokenCacheCapacity);
        (Snapshots, Audit, Accounts) = (snapshots, audit, accounts);
        Replica = new CqlReplica(
            _database, new CqlReplicaTables(_database, _messages, accounts, audit, snapshots, commits, changes, keys), options.Time);
        _maintenance = new Maintenance(this, ResumeAsync, options.Time, _log);
    }

    /// <inheritdoc/>
    public IMessageStore Messages => _messages;

    /// <inheritdoc/>
    public IJournal Journal { get; }

    /// <inheritdoc/>
    public ISnapshotStore Snapshots { get; }

    /// <inheritdoc/>
    public ILookupStore Lookups => _lookups;

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

    /// <summary>Connects, creates the keyspace and its tables where they are missing and brings older ones up to date.</summary>
    /// <exception cref="StorageException"><see cref="StorageError.Unavailable"/> and <see cref="StorageError.Refused"/> from the cluster;
    /// <see cref="StorageError.NewerSchema"/>, <see cref="StorageError.Busy"/> from the tables; <see cref="StorageError.InUse"/>,
    /// <see cref="StorageError.Io"/>, <see cref="StorageError.Corrupt"/> from the data directory.</exception>
    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    public static async Task<CqlStorage> OpenAsync(CqlStorageOptions options, CancellationToken ct = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        var log = options.LoggerFactory.CreateLogger("Discord.Storage");
        var directoryLock = DataDirectory.Lock(options.DataDirectory);
        CqlSession? session = null;
        try
        {
            // A session is bound to its keyspace when it connects, so what makes the keyspace is another one.
            await using (var making = await CqlSession.ConnectAsync(options.ForSession(null), ct).ConfigureAwait(false))
                await new CqlMigrations(making, options, log).RunAsync(ct).ConfigureAwait(false);
            session = await CqlSession.ConnectAsync(options.ForSession(options.Keyspace), ct).ConfigureAwait(false);
            StorageLog.OpenedKeyspace(log, options.Keyspace, CqlSchema.Version, options.Consistency.ToString());
            return new CqlStorage(options, directoryLock, session, log);
        }
        catch (Exception fault)
        {
            if (session is not null) await session.DisposeAsync().ConfigureAwait(false);
            await directoryLock.DisposeAsync().ConfigureAwait(false);
            if (fault is CqlException refused) throw CqlFault.ToException(refused);
            throw;
        }
    }

    /// <summary>Opens an empty keyspace whose end takes its tables away.</summary>
    /// <inheritdoc cref="OpenAsync" path="/exception"/>
    public static async Task<ScratchTarget> OpenScratchAsync(CqlStorageOptions options, CancellationToken ct = default)
    {
        await DropKeyspaceAsync(options, ct).ConfigureAwait(false);
        var storage = await OpenAsync(options, ct).ConfigureAwait(false);
        return new ScratchTarget(storage.Replica, async () =>
        {
            await storage.DisposeAsync().ConfigureAwait(false);
            await DropKeyspaceAsync(options, CancellationToken.None).ConfigureAwait(false);
        });
    }

    private static async Task DropKeyspaceAsync(CqlStorageOptions options, CancellationToken ct)
    {
        options.Validate();
        try
        {
            await using var session = await CqlSession.ConnectAsync(options.ForSession(null), ct).ConfigureAwait(false);
            (await session.ExecuteAsync($"DROP KEYSPACE IF EXISTS {options.Keyspace}", ct).ConfigureAwait(false)).Dispose();
        }
        catch (CqlException refused)
        {
            throw CqlFault.ToException(refused);
        }
    }

    /// <summary>Completes when what a crash interrupted has been looked after once: how a test waits for it.</summary>
    internal Task ReadyAsync() => _maintenance.First;

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0) return;
        await _maintenance.DisposeAsync().ConfigureAwait(false);
        await _database.DisposeAsync().ConfigureAwait(false);
        await _lock.DisposeAsync().ConfigureAwait(false);
    }

    private async Task ResumeAsync()
    {
        await _messages.ResumeDeletionsAsync().ConfigureAwait(false);
        await _lookups.FinishOpenAsync(OpenCommitAge).ConfigureAwait(false);
    }
}
