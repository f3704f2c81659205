using Discord.Kernel.Persistence;
using Discord.Storage.Files;

namespace Discord.Storage.DataService;

/// <summary>
/// A storage whose messages are read through a data service: see <see cref="DataServiceMessageStore"/> and docs/storage.md. It owns the
/// storage behind it and disposes it.
/// </summary>
public sealed class DataServiceStorage : IStorage
{
    private readonly IStorage _inner;

    /// <summary>Puts a data service in front of a storage's messages.</summary>
    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    public DataServiceStorage(IStorage inner, DataServiceOptions options)
    {
        ArgumentNullException.ThrowIfNull(inner);
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        _inner = inner;
        var messages = new DataServiceMessageStore(inner.Messages, options);
        StorageMetrics.Cache(() => messages.CachedBytes, () => messages.Waiting);
        Messages = messages;
    }

    /// <inheritdoc/>
    public IMessageStore Messages { get; }

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
    public IBlobStore Blobs => _inner.Blobs;

    /// <inheritdoc/>
    public UrlSigner Urls => _inner.Urls;

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _inner.DisposeAsync();
}
