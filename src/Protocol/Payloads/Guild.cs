using System.Text.Json;
using System.Text.Json.Serialization;
using static System.Text.Json.Serialization.JsonIgnoreCondition;

namespace Discord.Protocol.Payloads;

/// <summary>
/// What a guild is apart from its roles, channels, members and expressions. As state it is what PATCH /guilds changes; as payload it is the
/// head of <see cref="Guild"/>.
/// </summary>
public record GuildProperties
{
    public required Snowflake Id { get; init; }
    public required string Name { get; init; }
    [JsonIgnore(Condition = Never)] public string? Icon { get; init; }
    [JsonIgnore(Condition = Never)] public string? Description { get; init; }
    [JsonIgnore(Condition = Never)] public string? HomeHeader { get; init; }
    [JsonIgnore(Condition = Never)] public string? Splash { get; init; }
    [JsonIgnore(Condition = Never)] public string? DiscoverySplash { get; init; }
    public IReadOnlyList<string> Features { get; init; } = [];
    [JsonIgnore(Condition = Never)] public string? Banner { get; init; }
    public required Snowflake OwnerId { get; init; }
    [JsonIgnore(Condition = Never)] public Snowflake? ApplicationId { get; init; }
    public string Region { get; init; } = "local";
    [JsonIgnore(Condition = Never)] public Snowflake? AfkChannelId { get; init; }

    /// <summary>Seconds.</summary>
    public int AfkTimeout { get; init; } = 300;

    [JsonIgnore(Condition = Never)] public Snowflake? SystemChannelId { get; init; }
    public int SystemChannelFlags { get; init; }
    public bool WidgetEnabled { get; init; }
    [JsonIgnore(Condition = Never)] public Snowflake? WidgetChannelId { get; init; }
    public int VerificationLevel { get; init; }
    public int DefaultMessageNotifications { get; init; }
    public int MfaLevel { get; init; }
    public int ExplicitContentFilter { get; init; }
    [JsonIgnore(Condition = Never)] public int? MaxPresences { get; init; }
    public int MaxMembers { get; init; } = 1_000_000;
    public int MaxStageVideoChannelUsers { get; init; } = 50;
    public int MaxVideoChannelUsers { get; init; } = 25;
    [JsonIgnore(Condition = Never)] public string? VanityUrlCode { get; init; }
    public int PremiumTier { get; init; }
    public int PremiumSubscriptionCount { get; init; }
    public string PreferredLocale { get; init; } = "en-US";
    [JsonIgnore(Condition = Never)] public Snowflake? RulesChannelId { get; init; }
    [JsonIgnore(Condition = Never)] public Snowflake? SafetyAlertsChannelId { get; init; }
    [JsonIgnore(Condition = Never)] public Snowflake? PublicUpdatesChannelId { get; init; }
    public bool PremiumProgressBarEnabled { get; init; }
    public bool Nsfw { get; init; }
    public int NsfwLevel { get; init; }
    [JsonIgnore(Condition = Never)] public Nothing? IncidentsData { get; init; }
}

/// <summary>A guild as REST answers it, and the shared part of GUILD_CREATE and GUILD_UPDATE.</summary>
public record Guild : GuildProperties
{
    public required IReadOnlyList<Role> Roles { get; init; }
    public required IReadOnlyList<Emoji> Emojis { get; init; }
    public IReadOnlyList<JsonElement> Stickers { get; init; } = [];

    /// <summary>With <c>with_counts</c>.</summary>
    public int? ApproximateMemberCount { get; init; }

    public int? ApproximatePresenceCount { get; init; }
}

public sealed record Role
{
    public required Snowflake Id { get; init; }
    public required string Name { get; init; }
    public Permissions Permissions { get; init; }
    public int Position { get; init; }
    public int Color { get; init; }
    public RoleColors Colors { get; init; } = new(0, null, null);
    public bool Hoist { get; init; }
    public bool Managed { get; init; }
    public bool Mentionable { get; init; }
    [JsonIgnore(Condition = Never)] public string? Icon { get; init; }
    [JsonIgnore(Condition = Never)] public string? UnicodeEmoji { get; init; }
    public int Flags { get; init; }
    public RoleTags? Tags { get; init; }
}

public sealed record RoleColors(
    int PrimaryColor,
    [property: JsonIgnore(Condition = Never)] int? SecondaryColor,
    [property: JsonIgnore(Condition = Never)] int? TertiaryColor);

/// <summary>Who manages a role. The boolean tags of the protocol (present with null = true) are not used by this server.</summary>
public sealed record RoleTags
{
    public Snowflake? BotId { get; init; }
    public Snowflake? IntegrationId { get; init; }
}

public sealed record Emoji
{
    [JsonIgnore(Condition = Never)] public Snowflake? Id { get; init; }
    [JsonIgnore(Condition = Never)] public string? Name { get; init; }
    public IReadOnlyList<Snowflake>? Roles { get; init; }
    public User? User { get; init; }
    public bool? RequireColons { get; init; }
    public bool? Managed { get; init; }
    public bool? Animated { get; init; }
    public bool? Available { get; init; }
}

/// <summary>A guild in the list of <c>/users/@me/guilds</c>.</summary>
public sealed record PartialGuild
{
    public required Snowflake Id { get; init; }
    public required string Name { get; init; }
    [JsonIgnore(Condition = Never)] public string? Icon { get; init; }
    [JsonIgnore(Condition = Never)] public string? Banner { get; init; }
    public bool Owner { get; init; }
    public Permissions Permissions { get; init; }
    public IReadOnlyList<string> Features { get; init; } = [];
    public int? ApproximateMemberCount { get; init; }
    public int? ApproximatePresenceCount { get; init; }
}

public sealed record GuildPreview
{
    public required Snowflake Id { get; init; }
    public required string Name { get; init; }
    [JsonIgnore(Condition = Never)] public string? Icon { get; init; }
    [JsonIgnore(Condition = Never)] public string? Description { get; init; }
    [JsonIgnore(Condition = Never)] public string? HomeHeader { get; init; }
    [JsonIgnore(Condition = Never)] public string? Splash { get; init; }
    [JsonIgnore(Condition = Never)] public string? DiscoverySplash { get; init; }
    public IReadOnlyList<string> Features { get; init; } = [];
    public int ApproximateMemberCount { get; init; }
    public int ApproximatePresenceCount { get; init; }
    public IReadOnlyList<Emoji> Emojis { get; init; } = [];
    public IReadOnlyList<JsonElement> Stickers { get; init; } = [];
}

public sealed record Ban([property: JsonIgnore(Condition = Never)] string? Reason, User User);

public sealed record Invite
{
    public int Type { get; init; }
    public required string Code { get; init; }
    public InviteGuild? Guild { get; init; }
    public Snowflake? GuildId { get; init; }
    [JsonIgnore(Condition = Never)] public InviteChannel? Channel { get; init; }
    public User? Inviter { get; init; }
    public int? TargetType { get; init; }
    public User? TargetUser { get; init; }
    [JsonIgnore(Condition = Never)] public DateTimeOffset? ExpiresAt { get; init; }
    public int Flags { get; init; }
    public int? ApproximateMemberCount { get; init; }
    public int? ApproximatePresenceCount { get; init; }

    /// <summary>In the answer to joining: whether the caller was no member before.</summary>
    public bool? NewMember { get; init; }

    // Metadata: for those who may manage the channel.
    public int? Uses { get; init; }
    public int? MaxUses { get; init; }
    public int? MaxAge { get; init; }
    public bool? Temporary { get; init; }
    public DateTimeOffset? CreatedAt { get; init; }
}

public sealed record InviteGuild
{
    public required Snowflake Id { get; init; }
    public required string Name { get; init; }
    [JsonIgnore(Condition = Never)] public string? Splash { get; init; }
    [JsonIgnore(Condition = Never)] public string? Banner { get; init; }
    [JsonIgnore(Condition = Never)] public string? Description { get; init; }
    [JsonIgnore(Condition = Never)] public string? Icon { get; init; }
    public IReadOnlyList<string> Features { get; init; } = [];
    public int VerificationLevel { get; init; }
    [JsonIgnore(Condition = Never)] public string? VanityUrlCode { get; init; }
    public int NsfwLevel { get; init; }
    public bool Nsfw { get; init; }
    public int PremiumSubscriptionCount { get; init; }
}

public sealed record InviteChannel(Snowflake Id, [property: JsonIgnore(Condition = Never)] string? Name, int Type);

public sealed record Webhook
{
    public required Snowflake Id { get; init; }

    /// <summary>1 incoming, 2 channel follower, 3 application.</summary>
    public int Type { get; init; } = 1;

    [JsonIgnore(Condition = Never)] public string? Name { get; init; }
    [JsonIgnore(Condition = Never)] public string? Avatar { get; init; }
    [JsonIgnore(Condition = Never)] public Snowflake? ChannelId { get; init; }
    [JsonIgnore(Condition = Never)] public Snowflake? GuildId { get; init; }
    [JsonIgnore(Condition = Never)] public Snowflake? ApplicationId { get; init; }

    /// <summary>Who made it; absent when the webhook is read by its token.</summary>
    public User? User { get; init; }

    public string? Token { get; init; }
    public string? Url { get; init; }
}

public sealed record AuditLogEntry
{
    public required Snowflake Id { get; init; }
    [JsonIgnore(Condition = Never)] public Snowflake? UserId { get; init; }
    [JsonIgnore(Condition = Never)] public Snowflake? TargetId { get; init; }
    public int ActionType { get; init; }
    public IReadOnlyList<AuditLogChange>? Changes { get; init; }

    /// <summary>Numbers are strings here, as the protocol wants.</summary>
    public IReadOnlyDictionary<string, string>? Options { get; init; }

    public string? Reason { get; init; }

    /// <summary>Only in GUILD_AUDIT_LOG_ENTRY_CREATE.</summary>
    public Snowflake? GuildId { get; init; }
}

public sealed record AuditLogChange(string Key)
{
    public JsonElement? OldValue { get; init; }
    public JsonElement? NewValue { get; init; }
}

public sealed record AuditLog
{
    public required IReadOnlyList<AuditLogEntry> AuditLogEntries { get; init; }
    public IReadOnlyList<User> Users { get; init; } = [];
    public IReadOnlyList<Webhook> Webhooks { get; init; } = [];
    public IReadOnlyList<Channel> Threads { get; init; } = [];
    public IReadOnlyList<JsonElement> Integrations { get; init; } = [];
    public IReadOnlyList<ApplicationCommand> ApplicationCommands { get; init; } = [];
    public IReadOnlyList<JsonElement> GuildScheduledEvents { get; init; } = [];
    public IReadOnlyList<JsonElement> AutoModerationRules { get; init; } = [];
}
