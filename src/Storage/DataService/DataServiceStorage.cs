using Discord.Kernel.Persistence;
using Discord.Storage.Files;
using Discord.Storage.Migration;
using Microsoft.Extensions.Logging;

namespace Discord.Storage.DataService;

/// <summary>
/// A storage whose messages are read through a data service: see <see cref="DataServiceMessageStore"/> and docs/storage.md. It owns the
/// storage behind it and disposes it.
/// </summary>
public sealed class DataServiceStorage : IStorage
{
    private readonly IStorage _inner;
    private readonly ISharedCache? _shared;
    private readonly DataServiceMessageStore _messages;
    private readonly Handover _handover;
    private readonly ILogger _log;
    private int _disposed;

    private DataServiceStorage(IStorage inner, DataServiceOptions options, ISharedCache? shared)
    {
        _inner = inner;
        _shared = shared;
        _log = options.LoggerFactory.CreateLogger("Discord.Storage");
        _messages = new DataServiceMessageStore(inner.Messages, options);
        _handover = new Handover(inner.Lookups, shared, options, _log);
        StorageMetrics.Cache(() => _messages.CachedBytes, () => _messages.Waiting);
    }

    /// <summary>Puts a data service in front of a storage's messages, before anything is written to them.</summary>
    /// <param name="inner">The storage behind it.</param>
    /// <param name="options">Its settings.</param>
    /// <param name="shared">Carries hot pages over a restart; null: every start begins cold. It is disposed with the storage.</param>
    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    /// <exception cref="StorageException">The store cannot be read, or holds a seal that it cannot give up.</exception>
    public static async Task<DataServiceStorage> OpenAsync(IStorage inner, DataServiceOptions options, ISharedCache? shared = null)
    {
        ArgumentNullException.ThrowIfNull(inner);
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        var storage = new DataServiceStorage(inner, options, shared);
        await storage._handover.TakeAsync(storage._messages.Channels).ConfigureAwait(false);
        return storage;
    }

    /// <inheritdoc/>
    public IMessageStore Messages => _messages;

    /// <inheritdoc/>
    public IJournal Journal => _inner.Journal;

    /// <inheritdoc/>
    public ISnapshotStore Snapshots => _inner.Snapshots;

    /// <inheritdoc/>
    public ILookupStore Lookups => _inner.Lookups;

    /// <inheritdoc/>
    public IAuditStore Audit => _inner.Audit;

    /// <inheritdoc/>
    public IAccountStore Accounts => _inner.Accounts;

    /// <inheritdoc/>
    public IReplica Replica => _inner.Replica;

    /// <inheritdoc/>
    public IBlobStore Blobs => _inner.Blobs;

    /// <inheritdoc/>
    public UrlSigner Urls => _inner.Urls;

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0) return;
        try
        {
            await _handover.GiveAsync(_messages.Channels).ConfigureAwait(false);
        }
        catch (StorageException e)
        {
            // The next start begins cold.
            StorageLog.SharedCacheFailed(_log, e);
        }
        finally
        {
            if (_shared is not null) await _shared.DisposeAsync().ConfigureAwait(false);
            await _inner.DisposeAsync().ConfigureAwait(false);
        }
    }
}
