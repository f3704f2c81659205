using Discord.Kernel.Persistence;
using Discord.Storage;
using Discord.Storage.Accounts;
using Discord.Storage.Files;
using Discord.Storage.Migration;
using Discord.Storage.Tests.Migration;

namespace Discord.Pbm.Tests;

/// <summary>A store to move to, whose rows a test lets fail.</summary>
internal sealed class Elsewhere(IStorage inner) : IStorage
{
    public FaultyReplica Faulty { get; } = new(inner.Replica);

    public IReplica Replica => Faulty;
    public IMessageStore Messages => inner.Messages;
    public IJournal Journal => inner.Journal;
    public ISnapshotStore Snapshots => inner.Snapshots;
    public ILookupStore Lookups => inner.Lookups;
    public IAuditStore Audit => inner.Audit;
    public IAccountStore Accounts => inner.Accounts;
    public IBlobStore Blobs => inner.Blobs;
    public UrlSigner Urls => inner.Urls;

    public ValueTask DisposeAsync() => inner.DisposeAsync();
}
