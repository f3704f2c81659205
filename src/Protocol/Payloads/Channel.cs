using System.Text.Json.Serialization;
using static System.Text.Json.Serialization.JsonIgnoreCondition;

namespace Discord.Protocol.Payloads;

/// <summary>
/// A channel of any type: guild channel, thread, DM or group. What does not belong to the type stays unset; for the keys see
/// <see cref="ChannelJson"/>.
/// </summary>
[JsonConverter(typeof(ChannelJson))]
public sealed record Channel
{
    public required Snowflake Id { get; init; }
    public required ChannelType Type { get; init; }
    public Snowflake? GuildId { get; init; }
    public string? Name { get; init; }

    /// <summary>Null when nothing was ever sent; may name a message that was deleted since.</summary>
    public Snowflake? LastMessageId { get; init; }

    public DateTimeOffset? LastPinTimestamp { get; init; }
    public int Flags { get; init; }

    // Guild channels.
    public Snowflake? ParentId { get; init; }
    public int? Position { get; init; }
    public IReadOnlyList<Overwrite>? PermissionOverwrites { get; init; }
    public string? Topic { get; init; }
    public bool? Nsfw { get; init; }

    /// <summary>Slow mode, seconds.</summary>
    public int? RateLimitPerUser { get; init; }

    public int? DefaultAutoArchiveDuration { get; init; }
    public int? DefaultThreadRateLimitPerUser { get; init; }

    // Voice and stage channels.
    public int? Bitrate { get; init; }
    public int? UserLimit { get; init; }
    public string? RtcRegion { get; init; }
    public int? VideoQualityMode { get; init; }

    // Forum and media channels.
    public IReadOnlyList<ForumTag>? AvailableTags { get; init; }
    public DefaultReaction? DefaultReactionEmoji { get; init; }
    public int? DefaultSortOrder { get; init; }
    public int? DefaultForumLayout { get; init; }
    public string? DefaultTagSetting { get; init; }

    // Threads, and the owner of a group.
    public Snowflake? OwnerId { get; init; }
    public ThreadMetadata? ThreadMetadata { get; init; }

    /// <summary>Stops at 50.</summary>
    public int? MemberCount { get; init; }

    public int? MessageCount { get; init; }
    public int? TotalMessageSent { get; init; }
    public IReadOnlyList<Snowflake>? AppliedTags { get; init; }

    /// <summary>The receiver's own membership.</summary>
    public ThreadMember? Member { get; init; }

    /// <summary>True in THREAD_CREATE when the thread was just made.</summary>
    public bool? NewlyCreated { get; init; }

    /// <summary>The first message, in the answer that created a forum post.</summary>
    public Message? Message { get; init; }

    // Private channels.
    public IReadOnlyList<User>? Recipients { get; init; }
    public IReadOnlyList<Snowflake>? RecipientIds { get; init; }
    public string? Icon { get; init; }

    /// <summary>In interactions: what the invoking user may do here.</summary>
    public Permissions? Permissions { get; init; }
}

public sealed record ThreadMetadata
{
    public bool Archived { get; init; }

    /// <summary>Minutes: 60, 1440, 4320 or 10080.</summary>
    public int AutoArchiveDuration { get; init; } = 4320;

    public required DateTimeOffset ArchiveTimestamp { get; init; }
    public bool Locked { get; init; }

    /// <summary>Private threads: whether members who may not manage threads can invite.</summary>
    public bool? Invitable { get; init; }

    [JsonIgnore(Condition = Never)] public DateTimeOffset? CreateTimestamp { get; init; }
}

public sealed record ThreadMember
{
    /// <summary>The thread.</summary>
    public required Snowflake Id { get; init; }

    public required Snowflake UserId { get; init; }
    public required DateTimeOffset JoinTimestamp { get; init; }
    public int Flags { get; init; }
    public Member? Member { get; init; }
    [JsonIgnore(Condition = WhenWritingNull)] public PresencePayload? Presence { get; init; }
}

public sealed record ForumTag
{
    public required Snowflake Id { get; init; }
    public required string Name { get; init; }
    public bool Moderated { get; init; }
    [JsonIgnore(Condition = Never)] public Snowflake? EmojiId { get; init; }
    [JsonIgnore(Condition = Never)] public string? EmojiName { get; init; }
}

public sealed record DefaultReaction(
    [property: JsonIgnore(Condition = Never)] Snowflake? EmojiId,
    [property: JsonIgnore(Condition = Never)] string? EmojiName);

/// <summary>An answer with threads: active in a guild, archived in a channel.</summary>
public sealed record ThreadList
{
    public required IReadOnlyList<Channel> Threads { get; init; }

    /// <summary>The caller's memberships among them.</summary>
    public required IReadOnlyList<ThreadMember> Members { get; init; }

    public bool HasMore { get; init; }
    public IReadOnlyList<Message>? FirstMessages { get; init; }
    public int? TotalResults { get; init; }
}
