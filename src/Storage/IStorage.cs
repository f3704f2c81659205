using Discord.Kernel.Persistence;
using Discord.Storage.Files;
using Discord.Storage.Migration;

namespace Discord.Storage;

/// <summary>All stores of a node. Disposing finishes the writes that are queued, then closes.</summary>
public interface IStorage : IAsyncDisposable
{
    /// <summary>Messages, pins, reactions.</summary>
    IMessageStore Messages { get; }

    /// <summary>Actors' events.</summary>
    IJournal Journal { get; }

    /// <summary>Actors' snapshots.</summary>
    ISnapshotStore Snapshots { get; }

    /// <summary>Indexes and sets.</summary>
    ILookupStore Lookups { get; }

    /// <summary>Audit logs.</summary>
    IAuditStore Audit { get; }

    /// <summary>Accounts, tokens, applications.</summary>
    IAccountStore Accounts { get; }

    /// <summary>The rows below these, for a migration.</summary>
    IReplica Replica { get; }

    /// <summary>Attachments and images.</summary>
    IBlobStore Blobs { get; }

    /// <summary>Signs and checks attachment URLs.</summary>
    UrlSigner Urls { get; }
}
