using Discord.Protocol;

namespace Discord.Storage.Sqlite;

/// <summary>
/// Messages in one table clustered by (channel, bucket, id). All buckets of a channel lie side by side in one B-tree, so a page is one seek
/// and a scan in either direction: it crosses from bucket to bucket by itself and an empty bucket costs nothing, because there is no trace
/// of it. Newest-first scans run backwards over rows stored oldest first, so that new rows are appended, not inserted in front.
/// </summary>
internal sealed partial class SqliteMessageStore(Writer writer, ReaderPool readers, TimeProvider time) : IMessageStore
{
    private const int ChunkRows = 500;

    private static readonly Sql Insert = new(
        "INSERT INTO messages (channel_id, bucket, id, author_id, body) VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT DO NOTHING");

    private static readonly Sql SelectOne = new(
        "SELECT author_id, body FROM messages WHERE channel_id = ?1 AND bucket = ?2 AND id = ?3 AND body IS NOT NULL");

    private static readonly Sql SelectLatest = new(
        "SELECT id, author_id, body FROM messages WHERE channel_id = ?1 AND body IS NOT NULL ORDER BY bucket DESC, id DESC LIMIT ?2");

    private static readonly Sql SelectBefore = new(
        """
        SELECT id, author_id, body FROM messages WHERE channel_id = ?1 AND (bucket, id) <= (?3, ?4) AND body IS NOT NULL
        ORDER BY bucket DESC, id DESC LIMIT ?2
        """);

    private static readonly Sql SelectAfter = new(
        """
        SELECT id, author_id, body FROM messages WHERE channel_id = ?1 AND (bucket, id) > (?3, ?4) AND body IS NOT NULL
        ORDER BY bucket, id LIMIT ?2
        """);

    private static readonly Sql SelectLatestId = new("SELECT id FROM messages WHERE channel_id = ?1 ORDER BY bucket DESC, id DESC LIMIT 1");

    private static readonly Sql SelectByAuthor = new(
        """
        SELECT id FROM messages WHERE channel_id = ?1 AND (bucket, id) >= (?2, ?3) AND author_id = ?4 AND body IS NOT NULL
        ORDER BY bucket, id
        """);

    private static readonly Sql UpdateBody = new(
        "UPDATE messages SET body = ?4 WHERE channel_id = ?1 AND bucket = ?2 AND id = ?3 AND body IS NOT NULL");

    private static readonly Sql Bury = new(
        "UPDATE messages SET body = NULL, deleted_at = ?4 WHERE channel_id = ?1 AND bucket = ?2 AND id = ?3 AND body IS NOT NULL");

    private static readonly Sql SelectTombstones = new("SELECT channel_id, bucket, id FROM messages WHERE deleted_at < ?1 LIMIT ?2");
    private static readonly Sql DeleteRow = new("DELETE FROM messages WHERE channel_id = ?1 AND bucket = ?2 AND id = ?3");

    private static readonly Sql SelectNonce = new(
        "SELECT message_id FROM nonces WHERE channel_id = ?1 AND author_id = ?2 AND nonce = ?3 AND message_id >= ?4");

    private static readonly Sql UpsertNonce = new(
        "INSERT INTO nonces (channel_id, author_id, nonce, message_id) VALUES (?1, ?2, ?3, ?4) ON CONFLICT DO UPDATE SET message_id = ?4");

    private static readonly Sql DeleteNonces = new(
        """
        DELETE FROM nonces WHERE (channel_id, author_id, nonce) IN
            (SELECT channel_id, author_id, nonce FROM nonces WHERE message_id < ?1 LIMIT ?2)
        """);

    public ValueTask AppendAsync(MessageRow row, CancellationToken ct)
    {
        MessageRules.Check(row);
        return writer.WriteAsync(database => InsertRow(database, row), atomic: false, ct);
    }

    public ValueTask<Snowflake> AppendOnceAsync(MessageRow row, string nonce, DateTimeOffset since, CancellationToken ct)
    {
        MessageRules.Check(row);
        MessageRules.CheckNonce(nonce);
        var oldest = Snowflake.FromTimestamp(since);
        return writer.WriteAsync(
            database =>
            {
                if (FindNonce(database, row.ChannelId, row.AuthorId, nonce, oldest) is { } earlier) return earlier;
                InsertRow(database, row);
                using var upsert = database.Use(UpsertNonce);
                upsert.Bind(1, row.ChannelId).Bind(2, row.AuthorId).Bind(3, nonce).Bind(4, row.Id).Run();
                return row.Id;
            },
            atomic: false, ct);
    }

    public ValueTask<Snowflake?> FindByNonceAsync(
        Snowflake channel, Snowflake author, string nonce, DateTimeOffset since, CancellationToken ct)
    {
        MessageRules.CheckNonce(nonce);
        return readers.ReadAsync(database => FindNonce(database, channel, author, nonce, Snowflake.FromTimestamp(since)), ct);
    }

    public async ValueTask TrimNoncesAsync(DateTimeOffset before, CancellationToken ct)
    {
        var oldest = Snowflake.FromTimestamp(before);
        int deleted;
        do
        {
            deleted = await writer.WriteAsync(
                database =>
                {
                    using var delete = database.Use(DeleteNonces);
                    return delete.Bind(1, oldest).Bind(2, ChunkRows).Run();
                },
                atomic: false, ct).ConfigureAwait(false);
        }
        while (deleted == ChunkRows);
    }

    public ValueTask<MessageRow?> GetAsync(Snowflake channel, Snowflake id, CancellationToken ct) =>
        readers.ReadAsync<MessageRow?>(
            database =>
            {
                using var select = database.Use(SelectOne);
                select.Bind(1, channel).Bind(2, MessageBucket.Of(id)).Bind(3, id);
                return select.Step() ? new MessageRow(channel, id, select.Id(0), select.Bytes(1)) : null;
            },
            ct);

    public ValueTask<IReadOnlyList<MessageRow>> PageAsync(Snowflake channel, MessagePage page, CancellationToken ct)
    {
        if (page.Limit == 0) throw new ArgumentException("a page is made by Latest, Before, After or Around", nameof(page));
        return readers.ReadAsync<IReadOnlyList<MessageRow>>(
            page.Kind == MessagePageKind.Around
                ? database => database.Read(inner => Page(inner, channel, page))
                : database => Page(database, channel, page),
            ct);
    }

    public ValueTask<bool> UpdateAsync(MessageRow row, CancellationToken ct)
    {
        MessageRules.Check(row);
        return writer.WriteAsync(
            database =>
            {
                using var update = database.Use(UpdateBody);
                return update.Bind(1, row.ChannelId).Bind(2, MessageBucket.Of(row.Id)).Bind(3, row.Id).Bind(4, row.Body.Span).Run() > 0;
            },
            atomic: false, ct);
    }

    public ValueTask<IReadOnlyList<Snowflake>> DeleteAsync(Snowflake channel, IReadOnlyList<Snowflake> ids, CancellationToken ct)
    {
        MessageRules.CheckIds(ids);
        if (ids.Count == 0) return ValueTask.FromResult<IReadOnlyList<Snowflake>>([]);
        Snowflake[] copy = [.. ids];
        var now = time.GetUtcNow().ToUnixTimeMilliseconds();
        return writer.WriteAsync<IReadOnlyList<Snowflake>>(database => BuryAll(database, channel, copy, now), atomic: false, ct);
    }

    public async ValueTask<IReadOnlyDictionary<Snowflake, IReadOnlyList<Snowflake>>> DeleteByAuthorAsync(
        IReadOnlyList<Snowflake> channels, Snowflake author, DateTimeOffset since, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(channels);
        var oldest = Snowflake.FromTimestamp(since);
        var deleted = new Dictionary<Snowflake, IReadOnlyList<Snowflake>>();
        foreach (var channel in channels)
        {
            // The search, which looks at all messages of that time, is a reader's work; the writer gets ids only.
            var found = await readers.ReadAsync(database => FindByAuthor(database, channel, author, oldest), ct).ConfigureAwait(false);
            var gone = new List<Snowflake>(found.Count);
            foreach (var chunk in found.Chunk(ChunkRows)) gone.AddRange(await DeleteAsync(channel, chunk, ct).ConfigureAwait(false));
            if (gone.Count > 0) deleted.Add(channel, gone);
        }
        return deleted;
    }

    public async ValueTask<int> TrimTombstonesAsync(DateTimeOffset before, CancellationToken ct)
    {
        var limit = before.ToUnixTimeMilliseconds();
        for (var total = 0; ;)
        {
            var removed = await writer.WriteAsync(database => RemoveTombstones(database, limit), atomic: false, ct).ConfigureAwait(false);
            total += removed;
            if (removed < ChunkRows) return total;
        }
    }

    public ValueTask<IReadOnlyDictionary<Snowflake, Snowflake>> LatestIdAsync(IReadOnlyList<Snowflake> channels, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(channels);
        if (channels.Count == 0) return ValueTask.FromResult<IReadOnlyDictionary<Snowflake, Snowflake>>(new Dictionary<Snowflake,
            Snowflake>());
        Snowflake[] copy = [.. channels];
        return readers.ReadAsync<IReadOnlyDictionary<Snowflake, Snowflake>>(
            database => database.Read(inner =>
            {
                var latest = new Dictionary<Snowflake, Snowflake>(copy.Length);
                using var select = inner.Use(SelectLatestId);
                foreach (var channel in copy)
                {
                    select.Bind(1, channel);
                    if (select.Step()) latest[channel] = select.Id(0);
                    select.Reset();
                }
                return latest;
            }),
            ct);
    }

    private static void InsertRow(Database database, in MessageRow row)
    {
        using var insert = database.Use(Insert);
        insert.Bind(1, row.ChannelId).Bind(2, MessageBucket.Of(row.Id)).Bind(3, row.Id).Bind(4, row.AuthorId).Bind(5, row.Body.Span).Step();
    }

    private static Snowflake? FindNonce(Database database, Snowflake channel, Snowflake author, string nonce, Snowflake oldest)
    {
        using var select = database.Use(SelectNonce);
        select.Bind(1, channel).Bind(2, author).Bind(3, nonce).Bind(4, oldest);
        return select.Step() ? select.Id(0) : null;
    }

    private static List<MessageRow> Page(Database database, Snowflake channel, MessagePage page)
    {
        var rows = new List<MessageRow>(page.Limit);
        var anchor = new Snowflake(Math.Min(page.Anchor.Value, long.MaxValue));
        switch (page.Kind)
        {
            case MessagePageKind.Latest:
                {
                    using var select = database.Use(SelectLatest);
                    Collect(select.Bind(1, channel).Bind(2, page.Limit), channel, rows);
                    break;
                }
            case MessagePageKind.Before:
                // An id beyond what is stored stands for "before everything that comes after": all.
                if (page.Anchor.Value == 0) break;
                Below(database, channel, page.Anchor.Value > long.MaxValue ? anchor : new Snowflake(anchor.Value - 1), page.Limit, rows);
                break;
            case MessagePageKind.After:
                Above(database, channel, anchor, page.Limit, rows);
                break;
            case MessagePageKind.Around:
                var newer = page.Limit / 2;
                if (newer > 0) Above(database, channel, anchor, newer, rows);
                Below(database, channel, anchor, page.Limit - newer, rows);
                break;
        }
        return rows;
    }

    /// <summary>Appends rows up to and including an id, newest first.</summary>
    private static void Below(Database database, Snowflake channel, Snowflake anchor, int limit, List<MessageRow> rows)
    {
        using var select = database.Use(SelectBefore);
        Collect(select.Bind(1, channel).Bind(2, limit).Bind(3, MessageBucket.Of(anchor)).Bind(4, anchor), channel, rows);
    }

    /// <summary>Adds the rows next above an id, newest first, to an empty list.</summary>
    private static void Above(Database database, Snowflake channel, Snowflake anchor, int limit, List<MessageRow> rows)
    {
        using var select = database.Use(SelectAfter);
        Collect(select.Bind(1, channel).Bind(2, limit).Bind(3, MessageBucket.Of(anchor)).Bind(4, anchor), channel, rows);
        rows.Reverse();
    }

    private static void Collect(Statement select, Snowflake channel, List<MessageRow> rows)
    {
        while (select.Step()) rows.Add(new MessageRow(channel, select.Id(0), select.Id(1), select.Bytes(2)));
    }

    private static List<Snowflake> FindByAuthor(Database database, Snowflake channel, Snowflake author, Snowflake oldest)
    {
        var found = new List<Snowflake>();
        using var select = database.Use(SelectByAuthor);
        select.Bind(1, channel).Bind(2, MessageBucket.Of(oldest)).Bind(3, oldest).Bind(4, author);
        while (select.Step()) found.Add(select.Id(0));
        return found;
    }

    private static List<Snowflake> BuryAll(Database database, Snowflake channel, Snowflake[] ids, long now)
    {
        var gone = new List<Snowflake>(ids.Length);
        foreach (var id in ids)
        {
            using (var bury = database.Use(Bury))
            {
                if (bury.Bind(1, channel).Bind(2, MessageBucket.Of(id)).Bind(3, id).Bind(4, now).Run() == 0) continue;
            }
            gone.Add(id);
            using (var unpin = database.Use(DeletePin)) unpin.Bind(1, channel).Bind(2, id).Run();
            ClearReactions(database, channel, id);
        }
        return gone;
    }

    private static int RemoveTombstones(Database database, long before)
    {
        var found = new List<(Snowflake Channel, long Bucket, Snowflake Id)>();
        using (var select = database.Use(SelectTombstones))
        {
            select.Bind(1, before).Bind(2, ChunkRows);
            while (select.Step()) found.Add((select.Id(0), select.Int64(1), select.Id(2)));
        }
        using var delete = database.Use(DeleteRow);
        foreach (var (channel, bucket, id) in found)
        {
            delete.Bind(1, channel).Bind(2, bucket).Bind(3, id).Run();
            delete.Reset();
        }
        return found.Count;
    }
}
