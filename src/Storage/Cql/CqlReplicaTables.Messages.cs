using Discord.Cql;
using Discord.Protocol;
using Discord.Storage.Migration;

namespace Discord.Storage.Cql;

/// <summary>Messages and what hangs on them.</summary>
internal sealed partial class CqlReplicaTables
{
    // A server takes 50 KiB in a batch, or warns at 5: few statements of one partition, which are one write there.
    private const int BatchRows = 40;
    private const int BatchBytes = 16 << 10;
    private const int NonceSeconds = 60 * 60;
    private const string MessageColumns = "channel_id, message_id, author_id, body, deleted_at";

    private static readonly Query SelectMessage = Query.Read(
        $"SELECT {MessageColumns} FROM messages WHERE channel_id = ? AND bucket = ? AND message_id = ?");

    private static readonly Query SelectBucket = Query.Read(
        $"SELECT {MessageColumns} FROM messages WHERE channel_id = ? AND bucket = ? LIMIT {IReplica.MostBelow + 1}");
    private static readonly Query SelectChannelBuckets = Query.Read("SELECT bucket FROM channel_buckets WHERE channel_id = ?");
    private static readonly Query InsertBucket = Query.Write("INSERT INTO channel_buckets (channel_id, bucket) VALUES (?, ?)");

    private static readonly Query InsertMessage = Query.Write(
        "INSERT INTO messages (channel_id, bucket, message_id, author_id, body, deleted_at) VALUES (?, ?, ?, ?, ?, ?)");

    private static readonly Query DeleteMessage = Query.Write(
        "DELETE FROM messages WHERE channel_id = ? AND bucket = ? AND message_id = ?");

    private static readonly Query InsertNonce = Query.Write(
        "INSERT INTO nonces (channel_id, author_id, nonce, message_id) VALUES (?, ?, ?, ?) USING TTL ?");

    private static readonly Query SelectNonce = Query.Read(
        "SELECT channel_id, author_id, nonce, message_id FROM nonces WHERE channel_id = ? AND author_id = ? AND nonce = ?");

    private static readonly Query DeleteNonce = Query.Write("DELETE FROM nonces WHERE channel_id = ? AND author_id = ? AND nonce = ?");

    private static readonly Query SelectPins = Query.Read(
        $"SELECT channel_id, message_id, pinned_at FROM pins WHERE channel_id = ? LIMIT {IReplica.MostBelow + 1}");

    private static readonly Query SelectPin = Query.Read(
        "SELECT channel_id, message_id, pinned_at FROM pins WHERE channel_id = ? AND message_id = ?");

    private static readonly Query InsertPin = Query.Write("INSERT INTO pins (channel_id, message_id, pinned_at) VALUES (?, ?, ?)");
    private static readonly Query DeletePin = Query.Write("DELETE FROM pins WHERE channel_id = ? AND message_id = ?");
    private static readonly Query DeletePins = Query.Write("DELETE FROM pins WHERE channel_id = ?");

    private static readonly Query SelectReactions = Query.Read(
        "SELECT emoji, user_id, burst, counts FROM reactions WHERE channel_id = ? AND message_id = ?");

    private static readonly Query DropReactions = Query.Write("DELETE FROM reactions WHERE channel_id = ? AND message_id = ?");

    private static readonly Query InsertReaction = Query.Write(
        "INSERT INTO reactions (channel_id, message_id, emoji, user_id, burst) VALUES (?, ?, ?, ?, ?)");

    private static readonly Query SetCounts = Query.Write(
        "UPDATE reactions SET version = ?, counts = ? WHERE channel_id = ? AND message_id = ?");

    private static readonly Query InsertReacted = Query.Write(
        "INSERT INTO reacted_messages (channel_id, bucket, message_id) VALUES (?, ?, ?)");

    private CqlReplicaTable Messages()
    {
        return new(
            [
                new CqlScan("messages", "channel_id, bucket", MessageColumns, row => ReadMessage(row), clusteredBy: "message_id")
                {
                    IsDescending = true,
                    DeletedAt = 4,
                },
            ],
            async (key, ct) =>
            {
                if (key.Length == 2)
                {
                    return await ListAsync(
                        (await BindAsync(SelectMessage).ConfigureAwait(false))
                            .Add(key[0].Number).Add(MessageBucket.Of(Id(key[1]))).Add(key[1].Number),
                        row => ReadMessage(row), ct).ConfigureAwait(false);
                }
                var rows = new List<Cell[]>();
                foreach (var bucket in await BucketsAsync(key[0], ct).ConfigureAwait(false))
                {
                    rows.AddRange(await ListAsync(
                        (await BindAsync(SelectBucket).ConfigureAwait(false)).Add(key[0].Number).Add(bucket), row => ReadMessage(row), ct)
                        .ConfigureAwait(false));
                    if (rows.Count > IReplica.MostBelow) return rows[..(IReplica.MostBelow + 1)];
                }
                return rows;
            },
            PutMessagesAsync,
            async (key, timestamp) =>
            {
                if (key.Length == 1)
                {
                    await _messages.DeleteChannelAsync(Id(key[0]), default).ConfigureAwait(false);
                    return;
                }
                await _database.WriteAsync((await BindAsync(DeleteMessage).ConfigureAwait(false))
                    .Add(key[0].Number).Add(MessageBucket.Of(Id(key[1]))).Add(key[1].Number).At(timestamp)).ConfigureAwait(false);
            });

        // Without an author it is no message: something was written to an id that was never stored.
        static Cell[]? ReadMessage(Row row)
        {
            var first = row.Columns[0].Name == "channel_id" ? 0 : 1;
            return row.IsNull(first + 2)
                ? null
                : [row.GetInt64(first), row.GetInt64(first + 1), row.GetInt64(first + 2), Bytes(row, first + 3), Millis(row, first + 4)];
        }
    }

    private async Task PutMessagesAsync(Cell[][] rows, long timestamp)
    {
        foreach (var channel in rows.Where(row => !row[4].IsNull).GroupBy(row => (Channel: row[0].Number, DeletedAt: row[4].Number)))
        {
            foreach (var ids in channel.Select(row => Id(row[1])).Chunk(BatchRows))
                await _messages.NoteDeletedAsync(Id(channel.Key.Channel), ids, Time(channel.Key.DeletedAt)).ConfigureAwait(false);
        }
        var partitions = rows.GroupBy(row => (Channel: row[0].Number, Bucket: MessageBucket.Of(Id(row[1])))).ToList();
        await CqlDatabase.EachAsync(partitions, async partition => await _database.WriteAsync(
            (await BindAsync(InsertBucket).ConfigureAwait(false)).Add(partition.Key.Channel).Add(partition.Key.Bucket).At(timestamp))
            .ConfigureAwait(false)).ConfigureAwait(false);
        await CqlDatabase.EachAsync(partitions.SelectMany(partition => Batches(partition.Key.Bucket, partition)), async part =>
        {
            var batch = _database.PartitionBatch();
            foreach (var row in part.Rows)
            {
                var insert = (await BindAsync(InsertMessage).ConfigureAwait(false)).Add(row[0].Number).Add(part.Bucket).Add(row[1].Number)
                    .Add(row[2].Number);
                // A message that lives never had a deletion to take back; a body that is gone is taken away.
                if (row[4].IsNull) insert.AddBlob(row[3].Bytes).AddUnset();
                else insert.AddNull().Add(Time(row[4]));
                batch.Add(insert);
            }
            batch.Timestamp = timestamp;
            await _database.WriteAsync(batch).ConfigureAwait(false);
        }).ConfigureAwait(false);
    }

    private static IEnumerable<(int Bucket, List<Cell[]> Rows)> Batches(int bucket, IEnumerable<Cell[]> rows)
    {
        var (batch, bytes) = (new List<Cell[]>(), 0);
        foreach (var row in rows)
        {
            var size = row[3].IsNull ? 0 : row[3].Bytes.Length;
            if (batch.Count == BatchRows || (batch.Count > 0 && bytes + size > BatchBytes))
            {
                yield return (bucket, batch);
                (batch, bytes) = ([], 0);
            }
            batch.Add(row);
            bytes += size;
        }
        if (batch.Count > 0) yield return (bucket, batch);
    }

    private async ValueTask<List<int>> BucketsAsync(Cell channel, CancellationToken ct) => await _database.ListAsync(
        (await BindAsync(SelectChannelBuckets).ConfigureAwait(false)).Add(channel.Number),
        row => row.GetInt32(0), ct).ConfigureAwait(false);

    private CqlReplicaTable Nonces() => new(
        [
            new CqlScan("nonces", "channel_id, author_id, nonce", "channel_id, author_id, nonce, message_id", row =>
                row.IsNull(4) ? null : [row.GetInt64(1), row.GetInt64(2), row.GetText(3), row.GetInt64(4)]),
        ],
        async (key, ct) => await ListAsync(
            (await BindAsync(SelectNonce).ConfigureAwait(false)).Add(key[0].Number).Add(key[1].Number).Add(key[2].Text),
            row => row.IsNull(3) ? null : [row.GetInt64(0), row.GetInt64(1), row.GetText(2), row.GetInt64(3)], ct).ConfigureAwait(false),
        (rows, timestamp) => EachAsync(rows, async row => await _database.WriteAsync((await BindAsync(InsertNonce).ConfigureAwait(false))
            .Add(row[0].Number).Add(row[1].Number).Add(row[2].Text).Add(row[3].Number).Add(NonceSeconds)
            .At(timestamp)).ConfigureAwait(false)),
        async (key, timestamp) => await _database.WriteAsync((await BindAsync(DeleteNonce).ConfigureAwait(false))
            .Add(key[0].Number).Add(key[1].Number).Add(key[2].Text).At(timestamp)).ConfigureAwait(false));

    private CqlReplicaTable Pins()
    {
        return new(
            [
                new CqlScan(
                    "pins", "channel_id", "channel_id, message_id, pinned_at",
                    row => row.IsNull(3) ? null : [row.GetInt64(1), row.GetInt64(2), Millis(row, 3)], clusteredBy: "message_id"),
            ],
            async (key, ct) =>
            {
                var select = key.Length == 1
                    ? (await BindAsync(SelectPins).ConfigureAwait(false)).Add(key[0].Number)
                    : (await BindAsync(SelectPin).ConfigureAwait(false)).Add(key[0].Number).Add(key[1].Number);
                return await ListAsync(
                    select, row => row.IsNull(2) ? null : [row.GetInt64(0), row.GetInt64(1), Millis(row, 2)], ct).ConfigureAwait(false);
            },
            (rows, timestamp) => EachAsync(rows, async row => await _database.WriteAsync((await BindAsync(InsertPin).ConfigureAwait(false))
                .Add(row[0].Number).Add(row[1].Number).Add(Time(row[2])).At(timestamp)).ConfigureAwait(false)),
            async (key, timestamp) => await _database.WriteAsync((key.Length == 1
                ? (await BindAsync(DeletePins).ConfigureAwait(false)).Add(key[0].Number)
                : (await BindAsync(DeletePin).ConfigureAwait(false)).Add(key[0].Number).Add(key[1].Number)).At(timestamp))
                .ConfigureAwait(false));
    }

    private CqlReplicaTable Reactions() => new(
        [
            new CqlScan(
                "reactions", "channel_id, message_id", "channel_id, message_id", row => [row.GetInt64(1), row.GetInt64(2)], distinct: true)
            {
                CompleteAsync = ReadReactionsAsync,
            },
        ],
        async (key, ct) =>
        {
            if (key.Length == 2) return await ReadReactionsAsync(key, ct).ConfigureAwait(false) is { } only ? [only] : [];
            var rows = new List<Cell[]>();
            foreach (var message in await ReactedAsync(key[0], ct).ConfigureAwait(false))
            {
                if (await ReadReactionsAsync([key[0], message], ct).ConfigureAwait(false) is { } row) rows.Add(row);
                if (rows.Count > IReplica.MostBelow) break;
            }
            return rows;
        },
        (rows, timestamp) => EachAsync(rows, row => PutReactionsAsync(row, timestamp)),
        async (key, timestamp) =>
        {
            Cell[] messages = key.Length == 2 ? [key[1]] : [.. await ReactedAsync(key[0], default).ConfigureAwait(false)];
            foreach (var message in messages)
            {
                await _database.WriteAsync((await BindAsync(DropReactions).ConfigureAwait(false))
                    .Add(key[0].Number).Add(message.Number).At(timestamp)).ConfigureAwait(false);
            }
        });

    private async ValueTask<List<Cell>> ReactedAsync(Cell channel, CancellationToken ct)
    {
        var messages = new List<Cell>();
        foreach (var bucket in await BucketsAsync(channel, ct).ConfigureAwait(false))
        {
            var reacted = await _messages.ReactedAsync(Id(channel), bucket, Snowflake.None, new Snowflake(long.MaxValue), ct)
                .ConfigureAwait(false);
            messages.AddRange(reacted.Select(message => (Cell)message));
        }
        return messages;
    }

    private async ValueTask<Cell[]?> ReadReactionsAsync(Cell[] key, CancellationToken ct)
    {
        byte[]? counts = null;
        var select = (await BindAsync(SelectReactions).ConfigureAwait(false)).Add(key[0].Number).Add(key[1].Number);
        var rows = await _database.ListAsync(
            select,
            row =>
            {
                counts ??= row.IsNull(3) ? null : row.CopyBytes(3);
                return (Emoji: row.GetText(0), User: row.IsNull(1) ? 0 : row.GetInt64(1), Burst: !row.IsNull(2) && row.GetBoolean(2));
            },
            ct).ConfigureAwait(false);
        if (counts is null || ReactionCounts.Read(counts) is not { IsEmpty: false } ordered) return null;
        var users = rows.Where(row => row.Emoji is not null).ToLookup(row => row.Emoji!, row => (row.User, row.Burst));
        return
        [
            key[0], key[1],
            ReactionList.ToBytes(ordered.Emojis.Select(emoji => (emoji, (IReadOnlyList<(long, bool)>)[.. users[emoji]])))
        ];
    }

    // What was there goes first, by a time that is one less.
    private async ValueTask PutReactionsAsync(Cell[] row, long timestamp)
    {
        var (channel, message, counts) = (row[0].Number, row[1].Number, new ReactionCounts());
        await _database.WriteAsync((await BindAsync(InsertReacted).ConfigureAwait(false))
            .Add(channel).Add(MessageBucket.Of(Id(row[1]))).Add(message).At(timestamp)).ConfigureAwait(false);
        await _database.WriteAsync((await BindAsync(DropReactions).ConfigureAwait(false)).Add(channel).Add(message).At(timestamp - 1))
            .ConfigureAwait(false);
        foreach (var (emoji, users) in ReactionList.Read(row[2].Bytes))
        {
            foreach (var chunk in users.Chunk(BatchRows))
            {
                var batch = _database.PartitionBatch();
                foreach (var (user, burst) in chunk)
                {
                    counts.Add(emoji, burst);
                    batch.Add(
                        (await BindAsync(InsertReaction).ConfigureAwait(false)).Add(channel).Add(message).Add(emoji).Add(user).Add(burst));
                }
                batch.Timestamp = timestamp;
                await _database.WriteAsync(batch).ConfigureAwait(false);
            }
        }
        await _database.WriteAsync((await BindAsync(SetCounts).ConfigureAwait(false))
            .Add(Random.Shared.NextInt64(1, long.MaxValue)).AddBlob(counts.ToBytes()).Add(channel).Add(message).At(timestamp))
            .ConfigureAwait(false);
    }
}
