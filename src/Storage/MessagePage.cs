using Discord.Protocol;

namespace Discord.Storage;

/// <summary>Where a page of messages starts and how long it is. Every page is answered newest first.</summary>
public readonly record struct MessagePage
{
    /// <summary>The most messages of one page: Discord's own limit.</summary>
    public const int MaxLimit = 100;

    private MessagePage(MessagePageKind kind, Snowflake anchor, int limit)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(limit, MaxLimit);
        (Kind, Anchor, Limit) = (kind, anchor, limit);
    }

    /// <summary>Which side of the anchor.</summary>
    public MessagePageKind Kind { get; }

    /// <summary>The id that the page lies beside; it need not exist. <see cref="Snowflake.None"/> for <see cref="Latest"/>.</summary>
    public Snowflake Anchor { get; }

    /// <summary>1 to <see cref="MaxLimit"/>; 0 only in <c>default</c>, which is no page.</summary>
    public int Limit { get; }

    /// <summary>The newest messages.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The limit is not in 1..100; so for all pages.</exception>
    public static MessagePage Latest(int limit) => new(MessagePageKind.Latest, Snowflake.None, limit);

    /// <summary>The newest messages that are older than <paramref name="id"/>.</summary>
    public static MessagePage Before(Snowflake id, int limit) => new(MessagePageKind.Before, id, limit);

    /// <summary>The OLDEST messages that are newer than <paramref name="id"/>: the page next to the anchor.</summary>
    public static MessagePage After(Snowflake id, int limit) => new(MessagePageKind.After, id, limit);

    /// <summary>
    /// <c>limit / 2</c> messages next above <paramref name="id"/>, the rest from <paramref name="id"/> itself downwards. A side that has
    /// fewer is not filled up from the other.
    /// </summary>
    public static MessagePage Around(Snowflake id, int limit) => new(MessagePageKind.Around, id, limit);
}

/// <summary>The kinds of <see cref="MessagePage"/>.</summary>
public enum MessagePageKind
{
    /// <summary>See <see cref="MessagePage.Latest"/>.</summary>
    Latest,

    /// <summary>See <see cref="MessagePage.Before"/>.</summary>
    Before,

    /// <summary>See <see cref="MessagePage.After"/>.</summary>
    After,

    /// <summary>See <see cref="MessagePage.Around"/>.</summary>
    Around,
}
