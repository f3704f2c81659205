using System.Globalization;
using System.Security.Cryptography;
using Discord.Protocol;

namespace Discord.Storage.Files;

/// <summary>What a blob is; each kind has a folder of its own.</summary>
public enum BlobKind
{
    /// <summary>Attachments: channel id, attachment id.</summary>
    Attachment,

    /// <summary>User avatars: user id, hash.</summary>
    Avatar,

    /// <summary>User banners: user id, hash.</summary>
    Banner,

    /// <summary>Guild icons: guild id, hash.</summary>
    GuildIcon,

    /// <summary>Guild splashes: guild id, hash.</summary>
    GuildSplash,

    /// <summary>Guild discovery splashes: guild id, hash.</summary>
    DiscoverySplash,

    /// <summary>Guild banners: guild id, hash.</summary>
    GuildBanner,

    /// <summary>Role icons: role id, hash.</summary>
    RoleIcon,

    /// <summary>Emojis: emoji id.</summary>
    Emoji,

    /// <summary>Stickers: sticker id.</summary>
    Sticker,

    /// <summary>Application icons: application id, hash.</summary>
    ApplicationIcon,

    /// <summary>Group DM icons: channel id, hash.</summary>
    ChannelIcon,

    /// <summary>Scheduled event covers: event id, hash.</summary>
    EventCover,

    /// <summary>A member's avatar in one guild: guild id, hash.</summary>
    MemberAvatar,

    /// <summary>Webhook avatars: webhook id, hash.</summary>
    WebhookAvatar,
}

/// <summary>
/// A blob's name: a kind, one or two ids, and for images the hash that stands in their URL. Its path is made of these alone:
/// <c>kind/owner's last two hex digits/owner[-item][-hash]</c>.
/// </summary>
public readonly record struct BlobKey
{
    private BlobKey(BlobKind kind, Snowflake owner, Snowflake item, string hash) => (Kind, Owner, Item, Hash) = (kind, owner, item, hash);

    /// <summary>What it is.</summary>
    public BlobKind Kind { get; }

    /// <summary>What it belongs to.</summary>
    public Snowflake Owner { get; }

    /// <summary>Its own id, or <see cref="Snowflake.None"/>.</summary>
    public Snowflake Item { get; }

    /// <summary>32 lower-case hex digits, with <c>a_</c> before them when the image is animated; or empty.</summary>
    public string Hash { get; }

    /// <summary>An attachment.</summary>
    public static BlobKey Attachment(Snowflake channel, Snowflake attachment) => new(BlobKind.Attachment, channel, attachment, "");

    /// <summary>An image that is named by its id alone: an emoji, a sticker.</summary>
    public static BlobKey Image(BlobKind kind, Snowflake id) => new(kind, id, Snowflake.None, "");

    /// <summary>
    /// An image by its owner and hash, or null when <paramref name="hash"/> has not the form of one. Takes text from outside.
    /// </summary>
    public static BlobKey? TryImage(BlobKind kind, Snowflake owner, ReadOnlySpan<char> hash) =>
        IsHash(hash) ? new BlobKey(kind, owner, Snowflake.None, hash.ToString()) : null;

    /// <summary>An image by its owner and its content, whose hash it computes.</summary>
    public static BlobKey ForContent(BlobKind kind, Snowflake owner, ReadOnlySpan<byte> content, bool animated)
    {
        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(content, digest);
        var hex = Convert.ToHexStringLower(digest[..16]);
        return new BlobKey(kind, owner, Snowflake.None, animated ? "a_" + hex : hex);
    }

    /// <summary>Whether a text has the form of an image's hash.</summary>
    public static bool IsHash(ReadOnlySpan<char> text)
    {
        if (text.StartsWith("a_")) text = text[2..];
        return text.Length == 32 && !text.ContainsAnyExcept(LowerHex.Digits);
    }

    internal string RelativePath()
    {
        var name = Owner.ToString();
        if (Item != Snowflake.None) name += "-" + Item;
        if (!string.IsNullOrEmpty(Hash)) name += "-" + Hash;
        // An id's low bits are its rolling increment: they spread evenly.
        var fan = (Owner.Value & 0xFF).ToString("x2", CultureInfo.InvariantCulture);
        return Path.Combine(Kind.ToString().ToLowerInvariant(), fan, name);
    }
}
