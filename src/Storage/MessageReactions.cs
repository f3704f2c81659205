using Discord.Protocol;

namespace Discord.Storage;

/// <summary>Who has reacted to a message: its emojis in the order in which they came first. Immutable.</summary>
public sealed class MessageReactions
{
    private readonly Emoji[] _emojis;

    private MessageReactions(Emoji[] emojis)
    {
        _emojis = emojis;
        Count = emojis.Sum(each => each.Count);
    }

    /// <summary>Nobody has.</summary>
    public static MessageReactions None { get; } = new([]);

    /// <summary>Reactions of all users.</summary>
    public int Count { get; }

    /// <summary>Memory that it takes.</summary>
    public long Bytes => 32 + _emojis.Sum(each => 100L + (each.Key.Length * 2L) + (each.Count * 8L));

    /// <summary>What a store found.</summary>
    /// <param name="order">Emojis in the order in which they came first; others come after these.</param>
    public static MessageReactions Of(IEnumerable<string> order, IEnumerable<(string Emoji, Snowflake User, bool Burst)> reactions)
    {
        var byEmoji = reactions.ToLookup(each => each.Emoji);
        var emojis = order.Concat(byEmoji.Select(each => each.Key)).Distinct().Where(byEmoji.Contains);
        return new MessageReactions([.. emojis.Select(emoji => new Emoji(emoji, Users(emoji, burst: false), Users(emoji, burst: true)))]);

        Snowflake[] Users(string emoji, bool burst) =>
            [.. byEmoji[emoji].Where(each => each.Burst == burst).Select(each => each.User).Order()];
    }

    /// <summary>Whether a user has reacted.</summary>
    public bool Has(Snowflake user)
    {
        foreach (var emoji in _emojis)
        {
            if (emoji.Has(user)) return true;
        }
        return false;
    }

    /// <summary>As one user sees them.</summary>
    public IReadOnlyList<ReactionCount> For(Snowflake viewer) => Array.ConvertAll(_emojis, each => new ReactionCount(
        each.Key, each.Count, each.Bursts.Length, Contains(each.Users, viewer), Contains(each.Bursts, viewer)));

    /// <summary>With a user's reaction, unless it is there.</summary>
    public MessageReactions With(string emoji, Snowflake user, bool burst)
    {
        var at = IndexOf(emoji);
        if (at < 0) return new MessageReactions([.. _emojis, new Emoji(emoji, burst ? [] : [user], burst ? [user] : [])]);
        var old = _emojis[at];
        if (old.Has(user)) return this;
        return Put(at, burst ? old with { Bursts = Insert(old.Bursts, user) } : old with { Users = Insert(old.Users, user) });
    }

    /// <summary>Without a user's reaction.</summary>
    public MessageReactions Without(string emoji, Snowflake user)
    {
        var at = IndexOf(emoji);
        if (at < 0 || !_emojis[at].Has(user)) return this;
        var old = _emojis[at];
        return Put(at, old with { Users = Remove(old.Users, user), Bursts = Remove(old.Bursts, user) });
    }

    /// <summary>Without all reactions of an emoji.</summary>
    public MessageReactions Without(string emoji) => new([.. _emojis.Where(each => each.Key != emoji)]);

    private int IndexOf(string emoji) => Array.FindIndex(_emojis, each => each.Key == emoji);

    private MessageReactions Put(int at, Emoji emoji)
    {
        if (emoji.Count == 0) return Without(emoji.Key);
        Emoji[] emojis = [.. _emojis];
        emojis[at] = emoji;
        return new MessageReactions(emojis);
    }

    private static bool Contains(Snowflake[] sorted, Snowflake user) => Array.BinarySearch(sorted, user) >= 0;

    private static Snowflake[] Insert(Snowflake[] sorted, Snowflake user)
    {
        var at = ~Array.BinarySearch(sorted, user);
        return [.. sorted.AsSpan(0, at), user, .. sorted.AsSpan(at)];
    }

    private static Snowflake[] Remove(Snowflake[] sorted, Snowflake user) => [.. sorted.Where(each => each != user)];

    // Users in ascending order; nobody is among both.
    private sealed record Emoji(string Key, Snowflake[] Users, Snowflake[] Bursts)
    {
        public int Count => Users.Length + Bursts.Length;

        public bool Has(Snowflake user) => Contains(Users, user) || Contains(Bursts, user);
    }
}
