using Discord.Cql;
using Discord.Kernel.Persistence;
using Discord.Protocol;
using Discord.Storage.Migration;

namespace Discord.Storage.Cql;

/// <summary>How one table of a migration lies in the keyspace.</summary>
/// <param name="Sources">What it is read from.</param>
/// <param name="ReadAsync">The rows below the beginning of a key.</param>
/// <param name="PutAsync">Writes rows with a timestamp.</param>
/// <param name="RemoveAsync">Removes a row, or all below the beginning of a key, with a timestamp.</param>
internal sealed record CqlReplicaTable(
    CqlScan[] Sources, Func<Cell[], CancellationToken, ValueTask<IReadOnlyList<Cell[]>>> ReadAsync, Func<Cell[][], long, Task> PutAsync,
    Func<Cell[], long, Task> RemoveAsync);

/// <summary>
/// All tables. Whatever finds a row (buckets, lists, unique keys) is derived from the row and written with it. Unique keys and the heads of
/// journals, which are otherwise written under conditions, are written plainly: the store that a migration writes to answers nobody.
/// </summary>
internal sealed partial class CqlReplicaTables
{
    private readonly CqlDatabase _database;
    private readonly Dictionary<ReplicaTable, CqlReplicaTable> _tables;
    private readonly CqlMessageStore _messages;
    private readonly CqlAccountStore _accounts;
    private readonly CqlAuditStore _audit;
    private readonly CqlSnapshotStore _snapshots;
    private readonly CqlCommits _commits;
    private readonly RowChanges _changes;
    private readonly UniqueKeys _keys;

    public CqlReplicaTables(
        CqlDatabase database, CqlMessageStore messages, CqlAccountStore accounts, CqlAuditStore audit, CqlSnapshotStore snapshots,
        CqlCommits commits, RowChanges changes, UniqueKeys keys)
    {
        (_database, _messages, _accounts, _audit, _snapshots, _commits, _changes, _keys) =
            (database, messages, accounts, audit, snapshots, commits, changes, keys);
        _tables = new()
        {
            [ReplicaTable.Messages] = Messages(),
            [ReplicaTable.Nonces] = Nonces(),
            [ReplicaTable.Pins] = Pins(),
            [ReplicaTable.Reactions] = Reactions(),
            [ReplicaTable.Journal] = Journal(),
            [ReplicaTable.JournalHeads] = JournalHeads(),
            [ReplicaTable.Snapshots] = Snapshots(),
            [ReplicaTable.Lookups] = Lookups(),
            [ReplicaTable.Sets] = Sets(),
            [ReplicaTable.Audit] = Audit(),
            [ReplicaTable.Accounts] = Accounts(),
            [ReplicaTable.Tokens] = Tokens(),
            [ReplicaTable.AccountTokens] = AccountTokens(),
            [ReplicaTable.Applications] = Applications(),
        };
    }

    public CqlReplicaTable this[ReplicaTable table] => _tables[table];

    private static Task EachAsync(Cell[][] rows, Func<Cell[], ValueTask> write) => CqlDatabase.EachAsync(rows, write);

    private async ValueTask<BoundStatement> BindAsync(Query query) => await _database.BindAsync(query, default).ConfigureAwait(false);

    private async ValueTask<IReadOnlyList<Cell[]>> ListAsync(BoundStatement statement, RowReader<Cell[]?> read, CancellationToken ct) =>
        [.. (await _database.ListAsync(statement, read, ct).ConfigureAwait(false)).OfType<Cell[]>()];

    private static Snowflake Id(Cell cell) => new(unchecked((ulong)cell.Number));

    private static Cell Bytes(Row row, int index) => row.IsNull(index) ? default : (Cell)row.CopyBytes(index);

    private static Cell Number(Row row, int index) => row.IsNull(index) ? default : (Cell)row.GetInt64(index);

    private static Cell Millis(Row row, int index) =>
        row.Get<DateTimeOffset?>(index) is { } at ? (Cell)at.ToUnixTimeMilliseconds() : default;

    private static DateTimeOffset Time(Cell cell) => DateTimeOffset.FromUnixTimeMilliseconds(cell.Number);
}
