using Discord.Kernel.Persistence;
using Discord.Storage.Files;

namespace Discord.Storage.Migration;

/// <summary>
/// The storage of a node that can be moved: passes everything to one store and, while a migration is on, notes the keys of what is written,
/// so that a <see cref="Mirror"/> carries it over to the other. Without a migration it costs one comparison a call.
/// </summary>
public sealed class MirroredStorage : IStorage
{
    private readonly WriteGate _gate = new();
    private volatile IStorage _primary;
    private volatile ChangeLog? _changes;

    /// <summary>Puts itself in front of a store. Both are disposed together.</summary>
    public MirroredStorage(IStorage primary)
    {
        _primary = primary;
        // Files are not moved: they stay where the node was started with.
        (Blobs, Urls) = (primary.Blobs, primary.Urls);
        Messages = new MirroredMessages(this);
        Accounts = new MirroredAccounts(this);
        var rows = new MirroredRows(this);
        (Journal, Snapshots, Lookups, Audit) = (rows, rows, rows, rows);
    }

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
    public IReplica Replica => _primary.Replica;

    /// <inheritdoc/>
    public IBlobStore Blobs { get; }

    /// <inheritdoc/>
    public UrlSigner Urls { get; }

    /// <summary>Who answers.</summary>
    internal IStorage Primary => _primary;

    /// <summary>Where writes are noted; null without a migration.</summary>
    internal ChangeLog? Changes
    {
        get => _changes;
        set => _changes = value;
    }

    /// <summary>What must end before the store is closed.</summary>
    internal Func<ValueTask>? Closing { get; set; }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (Closing is { } closing) await closing().ConfigureAwait(false);
        await _primary.DisposeAsync().ConfigureAwait(false);
    }

    /// <summary>
    /// Makes another store the one that answers, at a moment at which no write is under way and none is left to be carried over. Writes
    /// that come meanwhile wait.
    /// </summary>
    /// <exception cref="TimeoutException">The changes were not carried over in <paramref name="limit"/>; all is as before.</exception>
    /// <param name="to">Who answers from now on.</param>
    /// <param name="limit">How long writes may wait for it.</param>
    /// <param name="switching">Runs in that moment, before the first write reaches the other store.</param>
    /// <param name="drained">Whether nothing may be left to be carried over.</param>
    internal async Task SwitchAsync(IStorage to, TimeSpan limit, Func<Task> switching, bool drained = true)
    {
        try
        {
            await _gate.CloseAsync().WaitAsync(limit).ConfigureAwait(false);
            if (drained && _changes is { } changes) await changes.WhenEmpty().WaitAsync(limit).ConfigureAwait(false);
            await switching().ConfigureAwait(false);
            _primary = to;
        }
        finally
        {
            _gate.Open();
        }
    }

    /// <summary>Writes with the keys noted.</summary>
    internal async ValueTask<T> WriteAsync<TState, T>(
        TState state, Func<IStorage, TState, ValueTask<T>> write, ReplicaKey[] keys, CancellationToken ct,
        Func<TState, T, ReplicaKey[]>? exactly = null)
    {
        await _gate.EnterAsync(ct).ConfigureAwait(false);
        var changes = _changes;
        try
        {
            changes?.Begin(keys);
            T result;
            try
            {
                result = await write(_primary, state).ConfigureAwait(false);
            }
            catch
            {
                changes?.End(keys);
                throw;
            }
            if (exactly is null) changes?.End(keys);
            else changes?.End(keys, exactly(state, result), replaced: true);
            return result;
        }
        finally
        {
            _gate.Leave();
        }
    }

    /// <inheritdoc cref="WriteAsync{TState, T}"/>
    internal async ValueTask WriteAsync<TState>(
        TState state, Func<IStorage, TState, ValueTask> write, ReplicaKey[] keys, CancellationToken ct) =>
        await WriteAsync(
            (state, write),
            static async (store, both) =>
            {
                await both.write(store, both.state).ConfigureAwait(false);
                return true;
            },
            keys, ct).ConfigureAwait(false);
}
