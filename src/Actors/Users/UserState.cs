using System.Collections.Immutable;
using Discord.Protocol;

namespace Discord.Actors.Users;

/// <summary>
/// What a user account keeps for itself, as one immutable value: settings, read states, notes, relationships, open private channels. The
/// user actor replaces it. The profile stands in the accounts (<see cref="UserProfile"/>), memberships in the look-ups: neither is here.
/// </summary>
public sealed record UserState
{
    /// <summary>An account that never changed anything.</summary>
    public static UserState None { get; } = new();

    public UserSettings Settings { get; init; } = new(ReadOnlyMemory<byte>.Empty, 0);

    /// <summary>By type: 1 preloaded settings, 2 frecency.</summary>
    public ImmutableDictionary<int, SettingsProto> SettingsProtos { get; init; } = ImmutableDictionary<int, SettingsProto>.Empty;

    public StoredStatus Status { get; init; } = StoredStatus.Online;

    /// <summary>By channel.</summary>
    public ImmutableDictionary<Snowflake, ReadState> ReadStates { get; init; } = ImmutableDictionary<Snowflake, ReadState>.Empty;

    /// <summary>Grows with every change of a read state.</summary>
    public long ReadStateVersion { get; init; }

    /// <summary>By guild; <see cref="Snowflake.None"/> for private channels.</summary>
    public ImmutableDictionary<Snowflake, UserGuildSettings> GuildSettings { get; init; } =
        ImmutableDictionary<Snowflake, UserGuildSettings>.Empty;

    /// <summary>By the user they are about.</summary>
    public ImmutableDictionary<Snowflake, string> Notes { get; init; } = ImmutableDictionary<Snowflake, string>.Empty;

    /// <summary>By the other user.</summary>
    public ImmutableDictionary<Snowflake, Relationship> Relationships { get; init; } = ImmutableDictionary<Snowflake, Relationship>.Empty;

    /// <summary>The private channels that are open, in the order they were opened; the latest last.</summary>
    public ImmutableList<Snowflake> PrivateChannels { get; init; } = [];

    /// <summary>The version of the latest change to the settings of any guild; 0 when there are none.</summary>
    public long GuildSettingsVersion => GuildSettings.IsEmpty ? 0 : GuildSettings.Values.Max(s => s.Version);
}

/// <summary>The JSON settings object.</summary>
/// <param name="Json">A validated JSON object in UTF-8, passed on as it is; empty stands for the defaults.</param>
/// <param name="Version">Grows with every change; 0 for the defaults.</param>
public sealed record UserSettings(ReadOnlyMemory<byte> Json, long Version);

/// <summary>A settings message of the protocol, opaque here.</summary>
/// <param name="Type">1 preloaded settings, 2 frecency.</param>
/// <param name="Bytes">The protobuf message as the client reads it.</param>
/// <param name="DataVersion">Grows with every change.</param>
public sealed record SettingsProto(int Type, ReadOnlyMemory<byte> Bytes, long DataVersion);

/// <summary>The status a new session starts with.</summary>
/// <param name="Status"><c>online</c>, <c>idle</c>, <c>dnd</c> or <c>invisible</c>.</param>
/// <param name="Custom">Null when none is set.</param>
public sealed record StoredStatus(string Status, CustomStatus? Custom)
{
    public static StoredStatus Online { get; } = new("online", null);
}

/// <summary>The line beside the name. At <see cref="ExpiresAt"/> it ends without a fact: whoever shows it looks at the clock.</summary>
public sealed record CustomStatus
{
    public string? Text { get; init; }
    public Snowflake? EmojiId { get; init; }
    public string? EmojiName { get; init; }
    public DateTimeOffset? ExpiresAt { get; init; }
}

/// <summary>How far the user has read a channel.</summary>
public sealed record ReadState
{
    public required Snowflake ChannelId { get; init; }

    /// <summary>The last message read; it need not exist any more.</summary>
    public Snowflake? LastMessageId { get; init; }

    public int MentionCount { get; init; }

    /// <summary>The last pin seen.</summary>
    public DateTimeOffset? LastPinTimestamp { get; init; }

    public int Flags { get; init; }

    /// <summary>Days since 2015-01-01, as clients count them.</summary>
    public int? LastViewed { get; init; }
}

/// <summary>Notification settings for a guild, or for private channels.</summary>
/// <param name="GuildId">Null for private channels.</param>
/// <param name="Json">The validated entry in UTF-8, passed on as it is.</param>
/// <param name="Version">Grows with every change of any entry.</param>
public sealed record UserGuildSettings(Snowflake? GuildId, ReadOnlyMemory<byte> Json, long Version);

/// <summary>What another user is to this one. Each side keeps its own view.</summary>
public enum RelationshipType
{
    /// <summary>None; the entry is there because the user is ignored.</summary>
    None = 0,

    Friend = 1,
    Blocked = 2,

    /// <summary>The other one asked.</summary>
    Incoming = 3,

    /// <summary>This one asked.</summary>
    Outgoing = 4,

    Implicit = 5,
}

public sealed record Relationship
{
    /// <summary>The other user.</summary>
    public required Snowflake Id { get; init; }

    public required RelationshipType Type { get; init; }

    /// <summary>A name only this user sees.</summary>
    public string? Nickname { get; init; }

    /// <summary>When it became what it is.</summary>
    public DateTimeOffset? Since { get; init; }

    public bool Ignored { get; init; }
}
