using System.Buffers.Binary;
using Discord.Kernel.Persistence;
using Discord.Protocol;

namespace Discord.Storage;

/// <summary>What a lookup finds. The numbers are stored: never change or reuse one.</summary>
public enum LookupKind
{
    /// <summary>Invite code to guild id, or whatever the domain keeps about the code.</summary>
    InviteCode = 1,

    /// <summary>Channel or thread id to guild id; 0 for private channels.</summary>
    ChannelOwner = 2,

    /// <summary>Webhook id to its guild and channel.</summary>
    WebhookOwner = 3,

    /// <summary>Emoji id to guild or application id.</summary>
    EmojiOwner = 4,

    /// <summary>The two ids of a DM's users, smaller first, as "a:b", to the channel id.</summary>
    DirectChannel = 5,

    /// <summary>Vanity code to guild id.</summary>
    VanityCode = 6,

    /// <summary>Command id to application id and guild id.</summary>
    CommandOwner = 7,

    /// <summary>Sticker id to guild id.</summary>
    StickerOwner = 8,

    /// <summary>Scheduled event id to guild id.</summary>
    EventOwner = 9,

    /// <summary>A name in use to the user id, where names beyond those of accounts must be unique.</summary>
    Username = 10,

    /// <summary>Guild id to what is known of every guild without starting its actor.</summary>
    Guild = 11,

    /// <summary>The node's own facts, by name.</summary>
    Node = 12,

    /// <summary>User id to the time it was last connected, as an id of that time.</summary>
    LastSeen = 13,
}

/// <summary>A many-to-many relation between ids. The numbers are stored: never change or reuse one.</summary>
public enum SetKind
{
    /// <summary>User id to the ids of their guilds.</summary>
    UserGuilds = 1,

    /// <summary>User id to the ids of their open private channels.</summary>
    UserPrivateChannels = 2,

    /// <summary>User id to the ids of the applications they own.</summary>
    OwnerApplications = 3,

    /// <summary>Application id to the ids of the guilds it is installed in.</summary>
    ApplicationGuilds = 4,

    /// <summary>User id to the ids of the guilds that they own.</summary>
    OwnerGuilds = 5,

    /// <summary>Private channel id to the ids of its recipients.</summary>
    PrivateChannelRecipients = 6,
}

/// <summary>
/// One row of a lookup, written beside an actor's events or alone. Make it by <see cref="Put(LookupKind, string, ReadOnlyMemory{byte})"/>,
/// <see cref="PutUnique(LookupKind, string, ReadOnlyMemory{byte})"/> or <see cref="Delete(LookupKind, string)"/>. Keys are compared byte by
/// byte: normalise them first. Keys to 512 characters, values to 64 KiB.
/// </summary>
public sealed record LookupWrite : ILookupWrite
{
    /// <summary>Longest key in characters.</summary>
    public const int MaxKeyLength = 512;

    /// <summary>Longest value in bytes.</summary>
    public const int MaxValueBytes = 64 * 1024;

    private LookupWrite(LookupKind kind, string key, LookupAction action, ReadOnlyMemory<byte> value)
    {
        ArgumentException.ThrowIfNullOrEmpty(key);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(key.Length, MaxKeyLength, nameof(key));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(value.Length, MaxValueBytes, nameof(value));
        (Kind, Key, Action, Value) = (kind, key, action, value);
    }

    /// <summary>The index.</summary>
    public LookupKind Kind { get; }

    /// <summary>The key in it.</summary>
    public string Key { get; }

    /// <summary>What to do.</summary>
    public LookupAction Action { get; }

    /// <summary>The value; empty for a deletion.</summary>
    public ReadOnlyMemory<byte> Value { get; }

    /// <summary>Writes a key, in place of what was there.</summary>
    public static LookupWrite Put(LookupKind kind, string key, ReadOnlyMemory<byte> value) => new(kind, key, LookupAction.Put, value);

    /// <inheritdoc cref="Put(LookupKind, string, ReadOnlyMemory{byte})"/>
    public static LookupWrite Put(LookupKind kind, string key, Snowflake value) => Put(kind, key, Bytes(value));

    /// <inheritdoc cref="Put(LookupKind, string, ReadOnlyMemory{byte})"/>
    public static LookupWrite Put(LookupKind kind, Snowflake key, Snowflake value) => Put(kind, key.ToString(), Bytes(value));

    /// <summary>
    /// Writes a key that must be free or have this very value already; otherwise the whole commit (the events, the other rows) fails with
    /// <see cref="LookupConflictException"/>.
    /// </summary>
    public static LookupWrite PutUnique(LookupKind kind, string key, ReadOnlyMemory<byte> value) =>
        new(kind, key, LookupAction.PutUnique, value);

    /// <inheritdoc cref="PutUnique(LookupKind, string, ReadOnlyMemory{byte})"/>
    public static LookupWrite PutUnique(LookupKind kind, string key, Snowflake value) => PutUnique(kind, key, Bytes(value));

    /// <summary>Deletes a key, if it is there.</summary>
    public static LookupWrite Delete(LookupKind kind, string key) => new(kind, key, LookupAction.Delete, default);

    /// <inheritdoc cref="Delete(LookupKind, string)"/>
    public static LookupWrite Delete(LookupKind kind, Snowflake key) => Delete(kind, key.ToString());

    /// <summary>An id as a value: 8 bytes, most significant first.</summary>
    internal static byte[] Bytes(Snowflake id)
    {
        var bytes = new byte[8];
        BinaryPrimitives.WriteUInt64BigEndian(bytes, id.Value);
        return bytes;
    }
}

/// <summary>What a <see cref="LookupWrite"/> does.</summary>
public enum LookupAction
{
    /// <summary>Write or replace.</summary>
    Put,

    /// <summary>Write if free.</summary>
    PutUnique,

    /// <summary>Delete.</summary>
    Delete,
}

/// <summary>One member of a set, added or removed beside an actor's events or alone. Both do nothing when it is so already.</summary>
public sealed record SetWrite : ILookupWrite
{
    private SetWrite(SetKind kind, Snowflake key, Snowflake member, bool present) =>
        (Kind, Key, Member, Present) = (kind, key, member, present);

    /// <summary>The relation.</summary>
    public SetKind Kind { get; }

    /// <summary>Whose set.</summary>
    public Snowflake Key { get; }

    /// <summary>The member.</summary>
    public Snowflake Member { get; }

    /// <summary>Added rather than removed.</summary>
    public bool Present { get; }

    /// <summary>Adds a member.</summary>
    public static SetWrite Add(SetKind kind, Snowflake key, Snowflake member) => new(kind, key, member, true);

    /// <summary>Removes a member.</summary>
    public static SetWrite Remove(SetKind kind, Snowflake key, Snowflake member) => new(kind, key, member, false);
}

/// <summary>A unique key has another value already; nothing of the commit was written.</summary>
public sealed class LookupConflictException(LookupKind kind, string key)
    : Exception($"a key of {kind} is taken")
{
    /// <summary>The index.</summary>
    public LookupKind Kind { get; } = kind;

    /// <summary>The key that is taken.</summary>
    public string Key { get; } = key;
}
