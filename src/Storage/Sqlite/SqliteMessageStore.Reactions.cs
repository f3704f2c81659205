using Discord.Protocol;

namespace Discord.Storage.Sqlite;

/// <summary>
/// Reactions: one row a user, and one row a message and emoji with the counts and the order of first use, kept in the same commit. Reading
/// a page's reactions touches the counts only, and they are few.
/// </summary>
internal sealed partial class SqliteMessageStore
{
    private static readonly Sql InsertReaction = new(
        """
        INSERT INTO reactions (channel_id, message_id, emoji, user_id, burst)
        SELECT channel_id, id, ?4, ?5, ?6 FROM messages WHERE channel_id = ?1 AND bucket = ?2 AND id = ?3 AND body IS NOT NULL
        ON CONFLICT DO NOTHING
        """);

    private static readonly Sql CountUp = new(
        """
        INSERT INTO reaction_counts (channel_id, message_id, emoji, ordinal, count, burst_count)
        VALUES (?1, ?2, ?3, (SELECT coalesce(max(ordinal), 0) + 1 FROM reaction_counts WHERE channel_id = ?1 AND message_id = ?2), 1, ?4)
        ON CONFLICT DO UPDATE SET count = count + 1, burst_count = burst_count + ?4
        """);

    private static readonly Sql DeleteReaction = new(
        "DELETE FROM reactions WHERE channel_id = ?1 AND message_id = ?2 AND emoji = ?3 AND user_id = ?4 RETURNING burst");

    private static readonly Sql CountDown = new(
        """
        UPDATE reaction_counts SET count = count - 1, burst_count = burst_count - ?4
        WHERE channel_id = ?1 AND message_id = ?2 AND emoji = ?3
        """);

    private static readonly Sql DropEmptyCount = new(
        "DELETE FROM reaction_counts WHERE channel_id = ?1 AND message_id = ?2 AND emoji = ?3 AND count <= 0");

    private static readonly Sql DeleteReactions = new("DELETE FROM reactions WHERE channel_id = ?1 AND message_id = ?2");
    private static readonly Sql DeleteCounts = new("DELETE FROM reaction_counts WHERE channel_id = ?1 AND message_id = ?2");
    private static readonly Sql DeleteEmoji = new("DELETE FROM reactions WHERE channel_id = ?1 AND message_id = ?2 AND emoji = ?3");
    private static readonly Sql DeleteEmojiCount = new(
        "DELETE FROM reaction_counts WHERE channel_id = ?1 AND message_id = ?2 AND emoji = ?3");

    private static readonly Sql SelectUsers = new(
        """
        SELECT user_id FROM reactions WHERE channel_id = ?1 AND message_id = ?2 AND emoji = ?3 AND user_id > ?4 AND (?6 < 0 OR burst = ?6)
        ORDER BY user_id LIMIT ?5
        """);

    private static readonly Sql SelectCounts = new(
        """
        SELECT message_id, emoji, ordinal, count, burst_count FROM reaction_counts
        WHERE channel_id = ?1 AND message_id >= ?2 AND message_id <= ?3 ORDER BY message_id, emoji
        """);

    private static readonly Sql SelectAll = new("SELECT emoji, user_id, burst FROM reactions WHERE channel_id = ?1 AND message_id = ?2");

    private static readonly Sql SelectMine = new(
        "SELECT burst FROM reactions WHERE channel_id = ?1 AND message_id = ?2 AND emoji = ?3 AND user_id = ?4");

    public ValueTask<bool> AddReactionAsync(
        Snowflake channel, Snowflake message, string emoji, Snowflake user, bool burst, CancellationToken ct)
    {
        MessageRules.CheckEmoji(emoji);
        return writer.WriteAsync(
            database =>
            {
                using (var insert = database.Use(InsertReaction))
                {
                    insert.Bind(1, channel).Bind(2, MessageBucket.Of(message)).Bind(3, message).Bind(4, emoji).Bind(5, user).Bind(6,
                        burst ? 1 : 0);
                    if (insert.Run() == 0) return false;
                }
                using var count = database.Use(CountUp);
                count.Bind(1, channel).Bind(2, message).Bind(3, emoji).Bind(4, burst ? 1 : 0).Run();
                return true;
            },
            atomic: false, ct);
    }

    public ValueTask<bool> RemoveReactionAsync(Snowflake channel, Snowflake message, string emoji, Snowflake user, CancellationToken ct)
    {
        MessageRules.CheckEmoji(emoji);
        return writer.WriteAsync(
            database =>
            {
                long burst;
                using (var delete = database.Use(DeleteReaction))
                {
                    if (!delete.Bind(1, channel).Bind(2, message).Bind(3, emoji).Bind(4, user).Step()) return false;
                    burst = delete.Int64(0);
                    delete.Run();
                }
                using (var count = database.Use(CountDown)) count.Bind(1, channel).Bind(2, message).Bind(3, emoji).Bind(4, burst).Run();
                using (var drop = database.Use(DropEmptyCount)) drop.Bind(1, channel).Bind(2, message).Bind(3, emoji).Run();
                return true;
            },
            atomic: false, ct);
    }

    public ValueTask<int> RemoveReactionsAsync(Snowflake channel, Snowflake message, string? emoji, CancellationToken ct)
    {
        if (emoji is null) return writer.WriteAsync(database => ClearReactions(database, channel, message), atomic: false, ct);
        MessageRules.CheckEmoji(emoji);
        return writer.WriteAsync(
            database =>
            {
                using (var count = database.Use(DeleteEmojiCount)) count.Bind(1, channel).Bind(2, message).Bind(3, emoji).Run();
                using var delete = database.Use(DeleteEmoji);
                return delete.Bind(1, channel).Bind(2, message).Bind(3, emoji).Run();
            },
            atomic: false, ct);
    }

    public ValueTask<IReadOnlyList<Snowflake>> ReactionUsersAsync(
        Snowflake channel, Snowflake message, string emoji, Snowflake after, int limit, bool? burst, CancellationToken ct)
    {
        MessageRules.CheckEmoji(emoji);
        MessageRules.CheckLimit(limit);
        var floor = new Snowflake(Math.Min(after.Value, long.MaxValue));
        var filter = burst switch { null => -1, true => 1, false => 0 };
        return readers.ReadAsync<IReadOnlyList<Snowflake>>(
            database =>
            {
                var users = new List<Snowflake>();
                using var select = database.Use(SelectUsers);
                select.Bind(1, channel).Bind(2, message).Bind(3, emoji).Bind(4, floor).Bind(5, limit).Bind(6, filter);
                while (select.Step()) users.Add(select.Id(0));
                return users;
            },
            ct);
    }

    public ValueTask<IReadOnlyDictionary<Snowflake, IReadOnlyList<ReactionCount>>> ReactionsAsync(
        Snowflake channel, IReadOnlyList<Snowflake> messages, Snowflake viewer, CancellationToken ct)
    {
        MessageRules.CheckIds(messages);
        if (messages.Count == 0) return ValueTask.FromResult(NoReactions);
        Snowflake[] ascending = [.. messages];
        Array.Sort(ascending);
        return readers.ReadAsync(database => Reactions(database, channel, ascending, viewer), ct);
    }

    public ValueTask<IReadOnlyDictionary<Snowflake, MessageReactions?>> WhoReactedAsync(
        Snowflake channel, IReadOnlyList<Snowflake> messages, int maxReactions, CancellationToken ct)
    {
        MessageRules.CheckIds(messages);
        if (messages.Count == 0) return ValueTask.FromResult(NobodyReacted);
        Snowflake[] ascending = [.. messages];
        Array.Sort(ascending);
        return readers.ReadAsync(database => WhoReacted(database, channel, ascending, maxReactions), ct);
    }

    private static readonly IReadOnlyDictionary<Snowflake, MessageReactions?> NobodyReacted =
        new Dictionary<Snowflake, MessageReactions?>();

    private static readonly IReadOnlyDictionary<Snowflake, IReadOnlyList<ReactionCount>> NoReactions =
        new Dictionary<Snowflake, IReadOnlyList<ReactionCount>>();

    private static int ClearReactions(Database database, Snowflake channel, Snowflake message)
    {
        // Most messages have none: the counts, of which there are few, tell.
        using (var counts = database.Use(DeleteCounts))
        {
            if (counts.Bind(1, channel).Bind(2, message).Run() == 0) return 0;
        }
        using var delete = database.Use(DeleteReactions);
        return delete.Bind(1, channel).Bind(2, message).Run();
    }

    private static IReadOnlyDictionary<Snowflake, MessageReactions?> WhoReacted(
        Database database, Snowflake channel, Snowflake[] ascending, int maxReactions)
    {
        if (Counts(database, channel, ascending) is not { } found) return NobodyReacted;
        var answer = new Dictionary<Snowflake, MessageReactions?>(found.Count);
        using var select = database.Use(SelectAll);
        foreach (var (message, emojis) in found.OrderByDescending(each => each.Key))
        {
            maxReactions -= emojis.Sum(each => each.Count);
            if (maxReactions < 0)
            {
                answer.Add(message, null);
                continue;
            }
            var reactions = new List<(string, Snowflake, bool)>();
            select.Bind(1, channel).Bind(2, message);
            while (select.Step()) reactions.Add((select.Text(0), select.Id(1), select.Int64(2) != 0));
            select.Reset();
            // Gone since they were counted.
            if (reactions.Count == 0) continue;
            answer.Add(message, MessageReactions.Of(emojis.Select(each => each.Emoji), reactions));
        }
        return answer;
    }

    private static IReadOnlyDictionary<Snowflake, IReadOnlyList<ReactionCount>> Reactions(
        Database database, Snowflake channel, Snowflake[] ascending, Snowflake viewer)
    {
        if (Counts(database, channel, ascending) is not { } found) return NoReactions;
        var answer = new Dictionary<Snowflake, IReadOnlyList<ReactionCount>>(found.Count);
        using var mine = database.Use(SelectMine);
        foreach (var (message, emojis) in found)
        {
            var counts = new ReactionCount[emojis.Count];
            for (var i = 0; i < counts.Length; i++)
            {
                var (emoji, _, count, burst) = emojis[i];
                var has = mine.Bind(1, channel).Bind(2, message).Bind(3, emoji).Bind(4, viewer).Step();
                var asBurst = has && mine.Int64(0) != 0;
                mine.Reset();
                counts[i] = new ReactionCount(emoji, count, burst, has && !asBurst, asBurst);
            }
            answer.Add(message, counts);
        }
        return answer;
    }

    // In the order in which the emojis came first; null when none of the messages has any.
    private static Dictionary<Snowflake, List<(string Emoji, long Ordinal, int Count, int Burst)>>? Counts(
        Database database, Snowflake channel, Snowflake[] ascending)
    {
        Dictionary<Snowflake, List<(string Emoji, long Ordinal, int Count, int Burst)>>? found = null;
        using (var select = database.Use(SelectCounts))
        {
            // A scan from the first wanted message to the last, which seeks anew when it meets one that is not wanted: a page's messages
            // are neighbours and cost one seek, scattered ones at most one each.
            var next = 0;
            while (next < ascending.Length)
            {
                select.Bind(1, channel).Bind(2, ascending[next]).Bind(3, ascending[^1]);
                var end = true;
                while (select.Step())
                {
                    var message = select.Id(0);
                    while (next < ascending.Length && ascending[next] < message) next++;
                    if (ascending[next] != message)
                    {
                        end = false;
                        break;
                    }
                    found ??= [];
                    if (!found.TryGetValue(message, out var list)) found.Add(message, list = []);
                    list.Add((select.Text(1), select.Int64(2), select.Int32(3), select.Int32(4)));
                }
                select.Reset();
                if (end) break;
            }
        }
        if (found is null) return null;
        foreach (var emojis in found.Values) emojis.Sort((a, b) => a.Ordinal.CompareTo(b.Ordinal));
        return found;
    }
}
