using System.Text.Json.Serialization;
using static System.Text.Json.Serialization.JsonIgnoreCondition;

namespace Discord.Protocol.Payloads;

/// <summary>A user as others see it. Nullable keys are sent as null, optional ones left out (the convention of all payloads
/// here).</summary>
public record User
{
    public required Snowflake Id { get; init; }
    public required string Username { get; init; }

    /// <summary><c>"0"</c> for users, four digits for bots.</summary>
    public string Discriminator { get; init; } = "0";

    [JsonIgnore(Condition = Never)] public string? GlobalName { get; init; }
    [JsonIgnore(Condition = Never)] public string? Avatar { get; init; }
    [JsonIgnore(Condition = Never)] public string? Banner { get; init; }
    [JsonIgnore(Condition = Never)] public int? AccentColor { get; init; }
    [JsonIgnore(Condition = Never)] public Nothing? AvatarDecorationData { get; init; }
    [JsonIgnore(Condition = Never)] public Nothing? PrimaryGuild { get; init; }
    public long PublicFlags { get; init; }
    public long Flags { get; init; }

    /// <summary>True or absent.</summary>
    public bool? Bot { get; init; }

    /// <summary>True or absent.</summary>
    public bool? System { get; init; }

    /// <summary>Set only inside message mentions in guilds: the member without its user.</summary>
    public Member? Member { get; init; }
}

/// <summary>A user as it sees itself (<c>/users/@me</c>, READY).</summary>
public sealed record SelfUser : User
{
    public bool MfaEnabled { get; init; }
    public bool Verified { get; init; } = true;
    public string Locale { get; init; } = "en-US";
    [JsonIgnore(Condition = Never)] public string? Email { get; init; }
    public int PremiumType { get; init; }

    // User accounts only.
    public string? Bio { get; init; }
    public string? Pronouns { get; init; }
    public bool? NsfwAllowed { get; init; }
    public bool? Desktop { get; init; }
    public bool? Mobile { get; init; }
    public string? Phone { get; init; }
}

/// <summary>A value this server never sets: the key is sent as null.</summary>
public sealed record Nothing;

/// <summary>A guild member. <see cref="User"/> is absent in messages and inside resolved data.</summary>
public sealed record Member
{
    public User? User { get; init; }
    [JsonIgnore(Condition = Never)] public string? Nick { get; init; }
    [JsonIgnore(Condition = Never)] public string? Avatar { get; init; }
    [JsonIgnore(Condition = Never)] public string? Banner { get; init; }

    /// <summary>Without the guild's own id (everyone).</summary>
    public required IReadOnlyList<Snowflake> Roles { get; init; }

    public required DateTimeOffset JoinedAt { get; init; }
    [JsonIgnore(Condition = Never)] public DateTimeOffset? PremiumSince { get; init; }
    public bool Deaf { get; init; }
    public bool Mute { get; init; }
    public int Flags { get; init; }
    public bool Pending { get; init; }
    [JsonIgnore(Condition = Never)] public DateTimeOffset? CommunicationDisabledUntil { get; init; }

    /// <summary>In interactions: the member's permissions in the channel.</summary>
    public Permissions? Permissions { get; init; }

    /// <summary>In gateway events about members.</summary>
    public Snowflake? GuildId { get; init; }

    /// <summary>Joined by a temporary invite and was given no role yet: ends with the last session. Never told.</summary>
    [JsonIgnore] public bool IsTemporary { get; init; }
}

/// <summary>A presence inside PRESENCE_UPDATE, GUILD_CREATE and member chunks.</summary>
public sealed record PresencePayload
{
    public required PresenceUser User { get; init; }
    public Snowflake? GuildId { get; init; }
    public required string Status { get; init; }
    public required IReadOnlyList<System.Text.Json.JsonElement> Activities { get; init; }
    public required ClientStatus ClientStatus { get; init; }
}

public sealed record PresenceUser(Snowflake Id);

/// <summary>Status by platform; absent where the user has no session.</summary>
public sealed record ClientStatus
{
    public string? Desktop { get; init; }
    public string? Mobile { get; init; }
    public string? Web { get; init; }
}

public sealed record VoiceState
{
    /// <summary>Left out inside GUILD_CREATE.</summary>
    public Snowflake? GuildId { get; init; }

    [JsonIgnore(Condition = Never)] public Snowflake? ChannelId { get; init; }
    public required Snowflake UserId { get; init; }
    public Member? Member { get; init; }

    /// <summary>The main gateway session's id.</summary>
    public required string SessionId { get; init; }

    public bool Deaf { get; init; }
    public bool Mute { get; init; }
    public bool SelfDeaf { get; init; }
    public bool SelfMute { get; init; }
    public bool SelfStream { get; init; }
    public bool SelfVideo { get; init; }
    public bool Suppress { get; init; }
    [JsonIgnore(Condition = Never)] public DateTimeOffset? RequestToSpeakTimestamp { get; init; }
}

public sealed record VoiceRegion(string Id, string Name, bool Optimal, bool Deprecated, bool Custom);
