using Discord.Cql;
using Discord.Protocol;

namespace Discord.Storage.Cql;

/// <summary>
/// Reactions: a message's are one partition, a row for each emoji and user, and beside the rows what a page shows of them: the counts in
/// the order of first use, in a static column, so that they are read without the rows.
/// <para>
/// A change reads the version of the partition, decides, and writes row, counts and the next version in one batch on the condition that the
/// version is still that one. So counts are exact and answers true whoever reacts at the same time and whatever is repeated, which
/// Cassandra's counters are not: a repeated increment counts twice. All writes of a partition have conditions and so the servers' times,
/// but for the deletion of a whole channel.
/// </para>
/// <para>
/// <c>reacted_messages</c> says which messages of a bucket ever had one, written before the first: a page without reactions costs one read.
/// </para>
/// </summary>
internal sealed partial class CqlMessageStore
{
    private const int ReactedRows = 1_000;
    private const string Counts = "version, counts";

    private static readonly Query InsertReacted =
        Query.Write("INSERT INTO reacted_messages (channel_id, bucket, message_id) VALUES (?, ?, ?)");
    private static readonly Query DeleteReacted =
        Query.Write("DELETE FROM reacted_messages WHERE channel_id = ? AND bucket = ? AND message_id = ?");

    private static readonly Query SelectReacted = Query.Read(
        """
        SELECT message_id FROM reacted_messages WHERE channel_id = ? AND bucket = ? AND message_id >= ? AND message_id <= ?
        ORDER BY message_id ASC LIMIT ?
        """);

    private static readonly Query SelectReactionCounts =
        Query.Read($"SELECT {Counts} FROM reactions WHERE channel_id = ? AND message_id = ? LIMIT 1");
    private static readonly Query DecidedCounts = Query.SerialRead(SelectReactionCounts.Text);

    private static readonly Query SelectReaction = Query.Read(
        "SELECT burst FROM reactions WHERE channel_id = ? AND message_id = ? AND emoji = ? AND user_id = ?");

    private static readonly Query SelectMine = Query.Read(
        "SELECT emoji, burst FROM reactions WHERE channel_id = ? AND message_id = ? AND emoji IN ? AND user_id = ?");

    private static readonly Query SelectAll = Query.Read(
        "SELECT emoji, user_id, burst FROM reactions WHERE channel_id = ? AND message_id = ?");

    private static readonly Query SelectUsers = Query.Read(
        "SELECT user_id, burst FROM reactions WHERE channel_id = ? AND message_id = ? AND emoji = ? AND user_id > ? LIMIT ?");

    private static readonly Query InsertReaction = Query.Conditional(
        "INSERT INTO reactions (channel_id, message_id, emoji, user_id, burst) VALUES (?, ?, ?, ?, ?)");

    private static readonly Query DeleteReaction = Query.Conditional(
        "DELETE FROM reactions WHERE channel_id = ? AND message_id = ? AND emoji = ? AND user_id = ?");

    private static readonly Query DeleteEmoji = Query.Conditional(
        "DELETE FROM reactions WHERE channel_id = ? AND message_id = ? AND emoji = ?");

    private static readonly Query SetCounts = Query.Conditional(
        "UPDATE reactions SET version = ?, counts = ? WHERE channel_id = ? AND message_id = ? IF version = ?");

    private static readonly Query DropReactions = Query.Write("DELETE FROM reactions WHERE channel_id = ? AND message_id = ?");

    private static readonly IReadOnlyDictionary<Snowflake, IReadOnlyList<ReactionCount>> NoReactions =
        new Dictionary<Snowflake, IReadOnlyList<ReactionCount>>();

    public async ValueTask<bool> AddReactionAsync(
        Snowflake channel, Snowflake message, string emoji, Snowflake user, bool burst, CancellationToken ct)
    {
        MessageRules.CheckEmoji(emoji);
        var bucket = MessageBucket.Of(message);
        if (await StatesAsync(channel, bucket, [message], ct).ConfigureAwait(false) is not [{ IsLive: true }]) return false;
        return await ChangeAsync(channel, message, async counts =>
        {
            if (await ReactionAsync(channel, message, emoji, user).ConfigureAwait(false) is not null) return null;
            if (counts.IsEmpty)
            {
                await database.WriteAsync((await database.BindAsync(InsertReacted, default).ConfigureAwait(false))
                    .AddId(channel).Add(bucket).AddId(message).At(clock.Next())).ConfigureAwait(false);
            }
            counts.Add(emoji, burst);
            return new Change(1, [(await database.BindAsync(InsertReaction, default).ConfigureAwait(false))
                .AddId(channel).AddId(message).Add(emoji).AddId(user).Add(burst)]);
        }).ConfigureAwait(false) > 0;
    }

    public async ValueTask<bool> RemoveReactionAsync(Snowflake channel, Snowflake message, string emoji, Snowflake user,
        CancellationToken ct)
    {
        MessageRules.CheckEmoji(emoji);
        ct.ThrowIfCancellationRequested();
        return await ChangeAsync(channel, message, async counts =>
        {
            if (await ReactionAsync(channel, message, emoji, user).ConfigureAwait(false) is not { } burst) return null;
            counts.Remove(emoji, burst);
            return new Change(1, [(await database.BindAsync(DeleteReaction, default).ConfigureAwait(false))
                .AddId(channel).AddId(message).Add(emoji).AddId(user)]);
        }).ConfigureAwait(false) > 0;
    }

    public async ValueTask<int> RemoveReactionsAsync(Snowflake channel, Snowflake message, string? emoji, CancellationToken ct)
    {
        if (emoji is not null) MessageRules.CheckEmoji(emoji);
        ct.ThrowIfCancellationRequested();
        return await ChangeAsync(channel, message, async counts =>
        {
            string[] emojis = emoji is null ? [.. counts.Emojis] : counts.Emojis.Contains(emoji) ? [emoji] : [];
            if (emojis.Length == 0) return null;
            var removed = 0;
            var writes = new List<BoundStatement>(emojis.Length);
            foreach (var each in emojis)
            {
                removed += counts.Clear(each);
                writes.Add((await database.BindAsync(DeleteEmoji, default).ConfigureAwait(false)).AddId(channel).AddId(message).Add(each));
            }
            return new Change(removed, writes);
        }).ConfigureAwait(false);
    }

    public ValueTask<IReadOnlyList<Snowflake>> ReactionUsersAsync(
        Snowflake channel, Snowflake message, string emoji, Snowflake after, int limit, bool? burst, CancellationToken ct)
    {
        MessageRules.CheckEmoji(emoji);
        MessageRules.CheckLimit(limit);
        return ReadAsync();

        async ValueTask<IReadOnlyList<Snowflake>> ReadAsync()
        {
            var users = new List<Snowflake>();
            for (var next = after.Clamp(); ;)
            {
                var select = (await database.BindAsync(SelectUsers, ct).ConfigureAwait(false))
                    .AddId(channel).AddId(message).Add(emoji).AddId(next).Add(limit);
                var found = await database.ListAsync(select, row => (User: row.GetId(0), Burst: row.GetBoolean(1)), ct)
                    .ConfigureAwait(false);
                users.AddRange(found.Where(row => burst is null || row.Burst == burst).Select(row => row.User).Take(limit - users.Count));
                if (users.Count == limit || found.Count < limit) return users;
                next = found[^1].User;
            }
        }
    }

    public async ValueTask<IReadOnlyDictionary<Snowflake, IReadOnlyList<ReactionCount>>> ReactionsAsync(
        Snowflake channel, IReadOnlyList<Snowflake> messages, Snowflake viewer, CancellationToken ct)
    {
        MessageRules.CheckIds(messages);
        Dictionary<Snowflake, IReadOnlyList<ReactionCount>> answer = [];
        foreach (var bucket in messages.Distinct().Order().GroupBy(MessageBucket.Of))
        {
            await CqlDatabase.EachAsync(
                await ReactedAsync(channel, bucket.Key, [.. bucket], ct).ConfigureAwait(false),
                async message =>
                {
                    var counts = await ReactionsAsync(channel, message, viewer, ct).ConfigureAwait(false);
                    if (counts.Count == 0) return;
                    lock (answer) answer.Add(message, counts);
                },
                ct).ConfigureAwait(false);
        }
        return answer.Count == 0 ? NoReactions : answer;
    }

    public async ValueTask<IReadOnlyDictionary<Snowflake, MessageReactions?>> WhoReactedAsync(
        Snowflake channel, IReadOnlyList<Snowflake> messages, int maxReactions, CancellationToken ct)
    {
        MessageRules.CheckIds(messages);
        Dictionary<Snowflake, ReactionCounts> found = [];
        foreach (var bucket in messages.Distinct().Order().GroupBy(MessageBucket.Of))
        {
            await CqlDatabase.EachAsync(
                await ReactedAsync(channel, bucket.Key, [.. bucket], ct).ConfigureAwait(false),
                async message =>
                {
                    var (_, counts) = await CountsAsync(SelectReactionCounts, channel, message, ct).ConfigureAwait(false);
                    if (counts.IsEmpty) return;
                    lock (found) found.Add(message, counts);
                },
                ct).ConfigureAwait(false);
        }
        Dictionary<Snowflake, MessageReactions?> answer = [];
        List<Snowflake> wanted = [];
        foreach (var (message, counts) in found.OrderByDescending(each => each.Key))
        {
            answer.Add(message, null);
            maxReactions -= counts.Ordered().Sum(each => each.Count);
            if (maxReactions >= 0) wanted.Add(message);
        }
        await CqlDatabase.EachAsync(
            wanted,
            async message =>
            {
                var select = (await database.BindAsync(SelectAll, ct).ConfigureAwait(false)).AddId(channel).AddId(message);
                List<(string, Snowflake, bool)> reactions = [];
                await foreach (var each in database.StreamAsync(
                    select, row => (row.GetText(0)!, row.GetId(1), row.GetBoolean(2)), ct).ConfigureAwait(false))
                    reactions.Add(each);
                var of = MessageReactions.Of(found[message].Emojis, reactions);
                lock (answer)
                {
                    // Gone since they were counted.
                    if (of.Count == 0) answer.Remove(message);
                    else answer[message] = of;
                }
            },
            ct).ConfigureAwait(false);
        return answer;
    }

    private async ValueTask<IReadOnlyList<ReactionCount>> ReactionsAsync(
        Snowflake channel, Snowflake message, Snowflake viewer, CancellationToken ct)
    {
        var (_, counts) = await CountsAsync(SelectReactionCounts, channel, message, ct).ConfigureAwait(false);
        var ordered = counts.Ordered();
        if (ordered.Count == 0) return [];
        Dictionary<string, bool> mine = [];
        foreach (var chunk in ordered.Select(each => each.Emoji).Chunk(ChunkRows))
        {
            var select = (await database.BindAsync(SelectMine, ct).ConfigureAwait(false)).AddId(channel).AddId(message).Add(chunk)
                .AddId(viewer);
            foreach (var (emoji, burst) in await database.ListAsync(select, row => (row.GetText(0)!, row.GetBoolean(1)), ct)
                .ConfigureAwait(false))
                mine[emoji] = burst;
        }
        return [.. ordered.Select(each => mine.TryGetValue(each.Emoji, out var burst)
            ? each with { Me = !burst, MeBurst = burst }
            : each)];
    }

    /// <summary>Those of some messages of a bucket that may have reactions: a scan that seeks anew where it leaves what is asked
    /// for.</summary>
    private async ValueTask<List<Snowflake>> ReactedAsync(Snowflake channel, int bucket, Snowflake[] ascending, CancellationToken ct)
    {
        var wanted = ascending.ToHashSet();
        var reacted = new List<Snowflake>();
        for (var next = 0; next < ascending.Length;)
        {
            var select = (await database.BindAsync(SelectReacted, ct).ConfigureAwait(false))
                .AddId(channel).Add(bucket).AddId(ascending[next]).AddId(ascending[^1]).Add(ChunkRows);
            var found = await database.ListAsync(select, row => row.GetId(0), ct).ConfigureAwait(false);
            reacted.AddRange(found.Where(wanted.Contains));
            if (found.Count < ChunkRows) break;
            while (next < ascending.Length && ascending[next] <= found[^1]) next++;
        }
        return reacted;
    }

    /// <summary>All messages of a range that may have reactions.</summary>
    internal async ValueTask<List<Snowflake>> ReactedAsync(
        Snowflake channel, int bucket, Snowflake from, Snowflake to, CancellationToken ct)
    {
        var reacted = new List<Snowflake>();
        while (true)
        {
            var select = (await database.BindAsync(SelectReacted, ct).ConfigureAwait(false))
                .AddId(channel).Add(bucket).AddId(from).AddId(to).Add(ReactedRows);
            var found = await database.ListAsync(select, row => row.GetId(0), ct).ConfigureAwait(false);
            reacted.AddRange(found);
            if (found.Count < ReactedRows) return reacted;
            from = new Snowflake(found[^1].Value + 1);
        }
    }

    /// <summary>Takes pins and reactions of messages away. Most have none, which one read each tells of all of them.</summary>
    /// <param name="forGood">The message was deleted long ago, so that nothing is written to it any more: its partition goes as
    /// well.</param>
    private async ValueTask StripAsync(Snowflake channel, int bucket, Snowflake[] messages, bool forGood = false)
    {
        if (messages.Length == 0) return;
        Array.Sort(messages);
        var pinned = (await database.ListAsync(
            (await database.BindAsync(SelectPins, default).ConfigureAwait(false)).AddId(channel), row => row.GetId(0), default)
            .ConfigureAwait(false)).ToHashSet();
        pinned.IntersectWith(messages);
        foreach (var message in pinned) await UnpinAsync(channel, message, clock.Next()).ConfigureAwait(false);
        foreach (var message in await ReactedAsync(channel, bucket, messages, default).ConfigureAwait(false))
        {
            if (!forGood)
            {
                await RemoveReactionsAsync(channel, message, null, default).ConfigureAwait(false);
                continue;
            }
            await DeleteReactionsAsync(channel, message, clock.Next()).ConfigureAwait(false);
            await database.WriteAsync((await database.BindAsync(DeleteReacted, default).ConfigureAwait(false))
                .AddId(channel).Add(bucket).AddId(message).At(clock.Next())).ConfigureAwait(false);
        }
    }

    private async ValueTask DeleteReactionsAsync(Snowflake channel, Snowflake message, long timestamp) =>
        await database.WriteAsync(
            (await database.BindAsync(DropReactions, default).ConfigureAwait(false)).AddId(channel).AddId(message).At(timestamp))
                .ConfigureAwait(false);

    private async ValueTask<bool?> ReactionAsync(Snowflake channel, Snowflake message, string emoji, Snowflake user)
    {
        var select = (await database.BindAsync(SelectReaction, default).ConfigureAwait(false)).AddId(channel).AddId(message).Add(emoji)
            .AddId(user);
        return await database.FirstAsync(select, row => (bool?)row.GetBoolean(0), default).ConfigureAwait(false);
    }

    private async ValueTask<(long? Version, ReactionCounts Counts)> CountsAsync(
        Query query, Snowflake channel, Snowflake message, CancellationToken ct)
    {
        var select = (await database.BindAsync(query, ct).ConfigureAwait(false)).AddId(channel).AddId(message);
        var (version, blob) = await database.FirstAsync(
            select, row => (row.IsNull(0) ? (long?)null : row.GetInt64(0), row.CopyBytes(1)), ct).ConfigureAwait(false);
        return (version, ReactionCounts.Read(blob));
    }

    /// <summary>
    /// Reads the counts, has <paramref name="decide"/> change them, and writes both in one step, again from the start when somebody else
    /// was first.
    /// </summary>
    /// <returns>What was decided; 0 when nothing was to be done.</returns>
    private async ValueTask<int> ChangeAsync(Snowflake channel, Snowflake message, Func<ReactionCounts, ValueTask<Change?>> decide)
    {
        for (var attempt = 0; attempt < Attempts.Max; attempt++)
        {
            await Attempts.PauseAsync(attempt).ConfigureAwait(false);
            // What was decided before this began is seen by an ordinary read; after a loss or a doubt it must be a serial one.
            var (version, counts) = await CountsAsync(attempt == 0 ? SelectReactionCounts : DecidedCounts, channel, message, default)
                .ConfigureAwait(false);
            if (await decide(counts).ConfigureAwait(false) is not { } change) return 0;
            // Random, so that a doubt can be told: nobody else gives the version that is ours.
            var next = Random.Shared.NextInt64(1, long.MaxValue);
            var set = (await database.BindAsync(SetCounts, default).ConfigureAwait(false))
                .Add(next).AddBlob(counts.ToBytes()).AddId(channel).AddId(message).Add(version);
            var batch = database.ConditionalBatch().Add(set);
            foreach (var write in change.Writes) batch.Add(write);
            var applied = await database.DecideAsync(batch).ConfigureAwait(false)
                ?? (await CountsAsync(DecidedCounts, channel, message, default).ConfigureAwait(false)).Version == next;
            if (applied) return change.Result;
        }
        throw Attempts.Exhausted("a message's reactions");
    }

    /// <summary>What a change of reactions answers and writes.</summary>
    private sealed record Change(int Result, IReadOnlyList<BoundStatement> Writes);
}
