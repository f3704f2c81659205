using System.Runtime.CompilerServices;
using Discord.Kernel.Persistence;
using Discord.Storage;
using Discord.Storage.Accounts;
using Discord.Storage.Files;
using Discord.Storage.Migration;

namespace Discord.Actors.Tests;

/// <summary>A storage whose journal can be cut off: writes fail, whether they were carried out or not, and reads fail.</summary>
internal sealed class CutOffStorage(IStorage storage) : IStorage, IJournal
{
    private volatile bool _cut;
    private volatile bool _carriesOut;

    /// <summary>The journal was read since <see cref="Restore"/>.</summary>
    public bool WasRead { get; private set; }

    public IMessageStore Messages => storage.Messages;

    public IJournal Journal => this;

    public ISnapshotStore Snapshots => storage.Snapshots;

    public ILookupStore Lookups => storage.Lookups;

    public IAuditStore Audit => storage.Audit;

    public IAccountStore Accounts => storage.Accounts;

    public IReplica Replica => storage.Replica;

    public IBlobStore Blobs => storage.Blobs;

    public UrlSigner Urls => storage.Urls;

    public void Cut(bool carriesOut)
    {
        WasRead = false;
        _carriesOut = carriesOut;
        _cut = true;
    }

    public void Restore() => _cut = false;

    public async ValueTask AppendAsync(JournalWrite write, CancellationToken ct)
    {
        if (!_cut || _carriesOut)
            await storage.Journal.AppendAsync(write, ct);
        ThrowIfCut();
    }

    public async IAsyncEnumerable<JournalEntry> ReplayAsync(
        string persistenceId, long fromSequenceNr, [EnumeratorCancellation] CancellationToken ct)
    {
        ThrowIfCut();
        await foreach (JournalEntry entry in storage.Journal.ReplayAsync(persistenceId, fromSequenceNr, ct))
            yield return entry;
    }

    public async ValueTask<long> HighestSequenceNrAsync(string persistenceId, CancellationToken ct)
    {
        ThrowIfCut();
        long highest = await storage.Journal.HighestSequenceNrAsync(persistenceId, ct);
        WasRead = true;
        return highest;
    }

    public ValueTask DeleteToAsync(string persistenceId, long toSequenceNr, CancellationToken ct) =>
        storage.Journal.DeleteToAsync(persistenceId, toSequenceNr, ct);

    public ValueTask DisposeAsync() => storage.DisposeAsync();

    private void ThrowIfCut()
    {
        if (_cut)
            throw new StorageException(StorageError.Unavailable, "the journal is cut off, as the test wants");
    }
}
