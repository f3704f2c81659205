using Discord.Cql;
using Discord.Kernel.Persistence;
using Discord.Storage.Migration;

namespace Discord.Storage.Cql;

/// <summary>Journals, snapshots, look-ups, sets and audit logs.</summary>
internal sealed partial class CqlReplicaTables
{
    private const int AuditPage = 100;

    private static readonly Query SelectEvent = Query.Read(
        "SELECT persistence_id, sequence_nr, payload FROM journal WHERE persistence_id = ? AND partition_nr = ? AND sequence_nr = ?");

    private static readonly Query SelectPartitions = Query.Read("SELECT partition_nr FROM journal_partitions WHERE persistence_id = ?");

    private static readonly Query SelectEvents = Query.Read(
        $"SELECT persistence_id, sequence_nr, payload FROM journal WHERE persistence_id = ? AND partition_nr = ? LIMIT {IReplica.MostBelow + 1}");

    private static readonly Query InsertPartition = Query.Write(
        "INSERT INTO journal_partitions (persistence_id, partition_nr) VALUES (?, ?)");

    private static readonly Query InsertEvent = Query.Write(
        "INSERT INTO journal (persistence_id, partition_nr, sequence_nr, payload) VALUES (?, ?, ?, ?)");

    private static readonly Query DeleteEvent = Query.Write(
        "DELETE FROM journal WHERE persistence_id = ? AND partition_nr = ? AND sequence_nr = ?");

    private static readonly Query DeleteEvents = Query.Write(
        "DELETE FROM journal WHERE persistence_id = ? AND partition_nr = ? AND sequence_nr > 0");

    private static readonly Query SetHead = Query.Write(
        "UPDATE journal SET last_sequence_nr = ?, last_write_id = ?, outbox = null, outbox_at = ? WHERE persistence_id = ? AND partition_nr = ?");

    private static readonly Query ClearHead = Query.Write(
        "UPDATE journal SET last_sequence_nr = null, outbox = null WHERE persistence_id = ? AND partition_nr = ?");

    private static readonly Query SelectLookup = Query.Read("SELECT value FROM lookups WHERE kind = ? AND key = ?");
    private static readonly Query SetUnique = Query.Write("UPDATE unique_keys SET value = ?, stamp = ? WHERE kind = ? AND key = ?");

    private static readonly Query SelectMember = Query.Read(
        "SELECT kind, key, member FROM sets WHERE kind = ? AND key = ? AND shard = ? AND member = ?");

    private static readonly Query SelectAudit = Query.Read(
        "SELECT guild_id, id, action, user_id, target_id, body FROM audit WHERE guild_id = ? AND bucket = ? AND id = ?");

    private static readonly Query DeleteAudit = Query.Write("DELETE FROM audit WHERE guild_id = ? AND bucket = ? AND id = ?");

    private CqlReplicaTable Journal()
    {
        return new(
            [
                new CqlScan(
                    "journal", "persistence_id, partition_nr", "persistence_id, sequence_nr, payload",
                    row => row.IsNull(2) || row.IsNull(3) ? null : [row.GetText(1), row.GetInt64(2), Bytes(row, 3)],
                    clusteredBy: "sequence_nr"),
            ],
            async (key, ct) =>
            {
                var rows = new List<Cell[]>();
                foreach (var partition in key.Length == 1
                    ? await PartitionsAsync(key[0], ct).ConfigureAwait(false)
                    : [.. PlacesOf(key[1].Number)])
                {
                    var select = key.Length == 1
                        ? (await BindAsync(SelectEvents).ConfigureAwait(false)).Add(key[0].Text).Add(partition)
                        : (await BindAsync(SelectEvent).ConfigureAwait(false)).Add(key[0].Text).Add(partition).Add(key[1].Number);
                    rows.AddRange(await ListAsync(
                        select, row => row.IsNull(1) || row.IsNull(2) ? null : [row.GetText(0), row.GetInt64(1), Bytes(row, 2)], ct)
                        .ConfigureAwait(false));
                    if (rows.Count > IReplica.MostBelow) return rows[..(IReplica.MostBelow + 1)];
                }
                return rows;
            },
            (rows, timestamp) => EachAsync(rows, async row =>
            {
                var partition = CqlCommits.PartitionOf(row[1].Number);
                await NotePartitionAsync(row[0].Text, partition, timestamp).ConfigureAwait(false);
                await _database.WriteAsync((await BindAsync(InsertEvent).ConfigureAwait(false))
                    .Add(row[0].Text).Add(partition).Add(row[1].Number).AddBlob(row[2].Bytes).At(timestamp)).ConfigureAwait(false);
            }),
            async (key, timestamp) =>
            {
                if (key.Length == 1)
                {
                    foreach (var partition in await PartitionsAsync(key[0], default).ConfigureAwait(false))
                    {
                        await _database.WriteAsync((await BindAsync(DeleteEvents).ConfigureAwait(false))
                            .Add(key[0].Text).Add(partition).At(timestamp)).ConfigureAwait(false);
                    }
                    return;
                }
                foreach (var partition in PlacesOf(key[1].Number))
                {
                    await _database.WriteAsync((await BindAsync(DeleteEvent).ConfigureAwait(false))
                        .Add(key[0].Text).Add(partition).Add(key[1].Number).At(timestamp)).ConfigureAwait(false);
                }
            });

        // An event lies in the partition of its write's first one, which may be the one before its own.
        static IEnumerable<long> PlacesOf(long sequenceNr)
        {
            var own = CqlCommits.PartitionOf(sequenceNr);
            return own == 0 ? [own] : [own, own - 1];
        }
    }

    private async ValueTask<List<long>> PartitionsAsync(Cell persistenceId, CancellationToken ct) => await _database.ListAsync(
        (await BindAsync(SelectPartitions).ConfigureAwait(false)).Add(persistenceId.Text),
        row => row.GetInt64(0), ct).ConfigureAwait(false);

    private async ValueTask NotePartitionAsync(string persistenceId, long partition, long timestamp) => await _database.WriteAsync(
        (await BindAsync(InsertPartition).ConfigureAwait(false)).Add(persistenceId).Add(partition).At(timestamp)).ConfigureAwait(false);

    // The head is that of the last partition that has one. Reading it applies what was committed and not applied.
    private CqlReplicaTable JournalHeads() => new(
        [
            new CqlScan("journal_partitions", "persistence_id", "persistence_id", row => [row.GetText(1), default], distinct: true)
            {
                CompleteAsync = (row, _) => ReadHeadAsync(row[0].Text),
            },
        ],
        async (key, _) => await ReadHeadAsync(key[0].Text).ConfigureAwait(false) is { } row ? [row] : [],
        (rows, timestamp) => EachAsync(rows, async row =>
        {
            var partition = CqlCommits.PartitionOf(row[1].Number);
            await NotePartitionAsync(row[0].Text, partition, timestamp).ConfigureAwait(false);
            await _database.WriteAsync((await BindAsync(SetHead).ConfigureAwait(false))
                .Add(row[1].Number).Add(Guid.NewGuid()).Add(timestamp).Add(row[0].Text).Add(partition).At(timestamp)).ConfigureAwait(false);
        }),
        async (key, timestamp) =>
        {
            foreach (var partition in await PartitionsAsync(key[0], default).ConfigureAwait(false))
            {
                await _database.WriteAsync((await BindAsync(ClearHead).ConfigureAwait(false)).Add(key[0].Text).Add(partition).At(timestamp))
                    .ConfigureAwait(false);
            }
        });

    private async ValueTask<Cell[]?> ReadHeadAsync(string persistenceId) =>
        await _commits.ReadHeadAsync(persistenceId).ConfigureAwait(false) is { SequenceNr: > 0 and var highest }
            ? [persistenceId, highest]
            : null;

    // Snapshots come in order by their numbers: a save ignores what is older.
    private CqlReplicaTable Snapshots()
    {
        return new(
            [
                new CqlScan("snapshot_heads", "persistence_id", "persistence_id", row => [row.GetText(1), default, default])
                {
                    CompleteAsync = (row, ct) => ReadAsync(row[0].Text, ct),
                },
            ],
            async (key, ct) => await ReadAsync(key[0].Text, ct).ConfigureAwait(false) is { } row ? [row] : [],
            async (rows, _) =>
            {
                // Each may be hundreds of MiB: one after another.
                foreach (var row in rows)
                    await _snapshots.SaveAsync(row[0].Text, new Snapshot(row[1].Number, row[2].Bytes), default).ConfigureAwait(false);
            },
            async (key, _) => await _snapshots.DeleteAsync(key[0].Text, default).ConfigureAwait(false));

        async ValueTask<Cell[]?> ReadAsync(string persistenceId, CancellationToken ct) =>
            await _snapshots.LoadAsync(persistenceId, ct).ConfigureAwait(false) is { } snapshot
                ? [persistenceId, snapshot.SequenceNr, snapshot.Payload.ToArray()]
                : null;
    }

    private CqlReplicaTable Lookups() => new(
        [
            new CqlScan("lookups", "kind, key", "kind, key, value", row =>
                row.IsNull(3) ? null : [row.GetInt32(1), row.GetText(2), Bytes(row, 3)]),
            // Accounts' names follow from the accounts.
            new CqlScan("unique_keys", "kind, key", "kind, key, value", row =>
                row.IsNull(3) || row.GetInt32(1) < 0 ? null : [row.GetInt32(1), row.GetText(2), Bytes(row, 3)]),
        ],
        async (key, ct) =>
        {
            var kind = (int)key[0].Number;
            if (UniqueKinds.Contains((LookupKind)kind))
                return (await _keys.ReadAsync(kind, key[1].Text, ct).ConfigureAwait(false)).Value is { } held
                    ? [[key[0], key[1], held]]
                    : [];
            return await ListAsync(
                (await BindAsync(SelectLookup).ConfigureAwait(false)).Add(kind).Add(key[1].Text),
                row => row.IsNull(0) ? null : [key[0], key[1], Bytes(row, 0)], ct).ConfigureAwait(false);
        },
        (rows, timestamp) => EachAsync(rows, row => PutLookupAsync((int)row[0].Number, row[1].Text, row[2].Bytes, timestamp)),
        async (key, timestamp) => await PutLookupAsync((int)key[0].Number, key[1].Text, null, timestamp).ConfigureAwait(false));

    private async ValueTask PutLookupAsync(int kind, string key, byte[]? value, long timestamp)
    {
        if (!UniqueKinds.Contains((LookupKind)kind))
        {
            await _changes.ApplyAsync(new LookupChange((LookupKind)kind, key, value), timestamp).ConfigureAwait(false);
            return;
        }
        await PutUniqueAsync(kind, key, value, timestamp).ConfigureAwait(false);
        await _changes.ListAsync(kind, key, value, timestamp).ConfigureAwait(false);
    }

    private async ValueTask PutUniqueAsync(int kind, string key, byte[]? value, long timestamp)
    {
        var set = await BindAsync(SetUnique).ConfigureAwait(false);
        if (value is null) set.AddNull();
        else set.AddBlob(value);
        await _database.WriteAsync(set.Add(timestamp).Add(kind).Add(key).At(timestamp)).ConfigureAwait(false);
    }

    private CqlReplicaTable Sets()
    {
        return new(
            [
                new CqlScan(
                    "sets", "kind, key, shard", "kind, key, member", row => [row.GetInt32(1), row.GetInt64(2), row.GetInt64(3)],
                    clusteredBy: "member"),
            ],
            async (key, ct) => await ListAsync(
                (await BindAsync(SelectMember).ConfigureAwait(false))
                    .Add((int)key[0].Number).Add(key[1].Number).Add(RowChanges.ShardOf((SetKind)key[0].Number, Id(key[2])))
                    .Add(key[2].Number),
                row => [row.GetInt32(0), row.GetInt64(1), row.GetInt64(2)], ct).ConfigureAwait(false),
            (rows, timestamp) => EachAsync(rows, row => _changes.ApplyAsync(Change(row, present: true), timestamp)),
            async (key, timestamp) => await _changes.ApplyAsync(Change(key, present: false), timestamp).ConfigureAwait(false));

        static SetChange Change(Cell[] row, bool present) => new((SetKind)row[0].Number, Id(row[1]), Id(row[2]), present);
    }

    private CqlReplicaTable Audit() => new(
        [
            new CqlScan(
                "audit", "guild_id, bucket", "guild_id, id, action, user_id, target_id, body",
                row => row.IsNull(3)
                    ? null
                    : [row.GetInt64(1), row.GetInt64(2), row.GetInt32(3), row.GetInt64(4), row.GetInt64(5), Bytes(row, 6)],
                clusteredBy: "id")
            {
                IsDescending = true,
            },
        ],
        async (key, ct) =>
        {
            if (key.Length == 2)
            {
                return await ListAsync(
                    (await BindAsync(SelectAudit).ConfigureAwait(false))
                        .Add(key[0].Number).Add(Protocol.MessageBucket.Of(Id(key[1]))).Add(key[1].Number),
                    row => row.IsNull(2)
                        ? null
                        : [row.GetInt64(0), row.GetInt64(1), row.GetInt32(2), row.GetInt64(3), row.GetInt64(4), Bytes(row, 5)],
                    ct).ConfigureAwait(false);
            }
            var rows = new List<Cell[]>();
            for (AuditRow? last = null; ;)
            {
                var page = await _audit.QueryAsync(new AuditQuery(Id(key[0]), AuditPage, Before: last?.Id), ct).ConfigureAwait(false);
                rows.AddRange(page.Select(row => (Cell[])
                    [row.GuildId, row.Id, row.ActionType, row.UserId, row.TargetId, row.Body.ToArray()]));
                if (page.Count < AuditPage || rows.Count > IReplica.MostBelow) return [.. rows.Take(IReplica.MostBelow + 1)];
                last = page[^1];
            }
        },
        (rows, timestamp) => EachAsync(rows, row => _changes.ApplyAsync(
            new AuditChange(new AuditRow(Id(row[0]), Id(row[1]), (int)row[2].Number, Id(row[3]), Id(row[4]), row[5].Bytes)), timestamp)),
        async (key, timestamp) =>
        {
            if (key.Length == 1)
            {
                await _audit.DeleteGuildAsync(Id(key[0]), default).ConfigureAwait(false);
                return;
            }
            await _database.WriteAsync((await BindAsync(DeleteAudit).ConfigureAwait(false))
                .Add(key[0].Number).Add(Protocol.MessageBucket.Of(Id(key[1]))).Add(key[1].Number).At(timestamp)).ConfigureAwait(false);
        });
}
