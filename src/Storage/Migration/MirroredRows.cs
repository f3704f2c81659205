using Discord.Kernel.Persistence;
using Discord.Protocol;

namespace Discord.Storage.Migration;

/// <summary>Events, snapshots, look-ups and audit logs with their keys noted.</summary>
internal sealed class MirroredRows(MirroredStorage storage) : IJournal, ISnapshotStore, ILookupStore, IAuditStore
{
    private bool Plain => storage.Changes is null;

    public ValueTask AppendAsync(JournalWrite write, CancellationToken ct) => Plain
        ? storage.Primary.Journal.AppendAsync(write, ct)
        : storage.WriteAsync(
            (write, ct), static (s, a) => s.Journal.AppendAsync(a.write, a.ct),
            [
                new(ReplicaTable.JournalHeads, write.PersistenceId), .. write.Lookups.Select(KeyOf),
                .. Enumerable.Range(0, write.Events.Count).Select(i => Event(write.PersistenceId, write.FirstSequenceNr + i)),
            ],
            ct);

    public IAsyncEnumerable<JournalEntry> ReplayAsync(string persistenceId, long fromSequenceNr, CancellationToken ct) =>
        storage.Primary.Journal.ReplayAsync(persistenceId, fromSequenceNr, ct);

    public ValueTask<long> HighestSequenceNrAsync(string persistenceId, CancellationToken ct) =>
        storage.Primary.Journal.HighestSequenceNrAsync(persistenceId, ct);

    public ValueTask DeleteToAsync(string persistenceId, long toSequenceNr, CancellationToken ct) => Plain
        ? storage.Primary.Journal.DeleteToAsync(persistenceId, toSequenceNr, ct)
        : storage.WriteAsync(
            (persistenceId, toSequenceNr, ct), static (s, a) => s.Journal.DeleteToAsync(a.persistenceId, a.toSequenceNr, a.ct),
            [new(ReplicaTable.Journal, persistenceId)], ct);

    public ValueTask SaveAsync(string persistenceId, Snapshot snapshot, CancellationToken ct) => Plain
        ? storage.Primary.Snapshots.SaveAsync(persistenceId, snapshot, ct)
        : storage.WriteAsync(
            (persistenceId, snapshot, ct), static (s, a) => s.Snapshots.SaveAsync(a.persistenceId, a.snapshot, a.ct),
            [new(ReplicaTable.Snapshots, persistenceId)], ct);

    public ValueTask<Snapshot?> LoadAsync(string persistenceId, CancellationToken ct) =>
        storage.Primary.Snapshots.LoadAsync(persistenceId, ct);

    public ValueTask DeleteAsync(string persistenceId, CancellationToken ct) => Plain
        ? storage.Primary.Snapshots.DeleteAsync(persistenceId, ct)
        : storage.WriteAsync(
            (persistenceId, ct), static (s, a) => s.Snapshots.DeleteAsync(a.persistenceId, a.ct),
            [new(ReplicaTable.Snapshots, persistenceId)], ct);

    public ValueTask WriteAsync(IReadOnlyList<ILookupWrite> writes, CancellationToken ct) => Plain
        ? storage.Primary.Lookups.WriteAsync(writes, ct)
        : storage.WriteAsync((writes, ct), static (s, a) => s.Lookups.WriteAsync(a.writes, a.ct), [.. writes.Select(KeyOf)], ct);

    public ValueTask<ReadOnlyMemory<byte>?> GetAsync(LookupKind kind, string key, CancellationToken ct) =>
        storage.Primary.Lookups.GetAsync(kind, key, ct);

    public ValueTask<Snowflake?> GetIdAsync(LookupKind kind, string key, CancellationToken ct) =>
        storage.Primary.Lookups.GetIdAsync(kind, key, ct);

    public ValueTask<IReadOnlyList<KeyValuePair<string, ReadOnlyMemory<byte>>>> ListAsync(
        LookupKind kind, string after, int limit, CancellationToken ct) => storage.Primary.Lookups.ListAsync(kind, after, limit, ct);

    public ValueTask<bool> ContainsAsync(SetKind kind, Snowflake key, Snowflake member, CancellationToken ct) =>
        storage.Primary.Lookups.ContainsAsync(kind, key, member, ct);

    public ValueTask<IReadOnlyList<Snowflake>> MembersAsync(
        SetKind kind, Snowflake key, Snowflake after, int limit, CancellationToken ct) =>
        storage.Primary.Lookups.MembersAsync(kind, key, after, limit, ct);

    public ValueTask<IReadOnlyList<AuditRow>> QueryAsync(AuditQuery query, CancellationToken ct) =>
        storage.Primary.Audit.QueryAsync(query, ct);

    // What is trimmed goes by its age in every store.
    public ValueTask<int> TrimAsync(DateTimeOffset before, CancellationToken ct) => storage.Primary.Audit.TrimAsync(before, ct);

    public ValueTask DeleteGuildAsync(Snowflake guild, CancellationToken ct) => Plain
        ? storage.Primary.Audit.DeleteGuildAsync(guild, ct)
        : storage.WriteAsync((guild, ct), static (s, a) => s.Audit.DeleteGuildAsync(a.guild, a.ct), [new(ReplicaTable.Audit, guild)], ct);

    private static ReplicaKey Event(string persistenceId, long sequenceNr) => new(ReplicaTable.Journal, persistenceId, sequenceNr);

    private static ReplicaKey KeyOf(ILookupWrite write) => write switch
    {
        LookupWrite row => new(ReplicaTable.Lookups, (long)row.Kind, row.Key),
        SetWrite row => new(ReplicaTable.Sets, (long)row.Kind, row.Key, row.Member),
        AuditRow row => new(ReplicaTable.Audit, row.GuildId, row.Id),
        AccountUpdate row => new(ReplicaTable.Accounts, row.Account.Id),
        _ => throw new ArgumentException($"rows of {write?.GetType().Name ?? "null"} are not known here", nameof(write)),
    };
}
