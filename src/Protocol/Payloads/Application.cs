using System.Text.Json;
using System.Text.Json.Serialization;
using static System.Text.Json.Serialization.JsonIgnoreCondition;

namespace Discord.Protocol.Payloads;

/// <summary>An application as its owner and its bot see it.</summary>
public sealed record Application
{
    public required Snowflake Id { get; init; }
    public required string Name { get; init; }
    [JsonIgnore(Condition = Never)] public string? Icon { get; init; }
    public string Description { get; init; } = "";
    [JsonIgnore(Condition = Never)] public int? Type { get; init; }
    public string? CoverImage { get; init; }
    public User? Bot { get; init; }
    public Snowflake? GuildId { get; init; }
    public bool BotPublic { get; init; } = true;
    public bool BotRequireCodeGrant { get; init; }
    public string? TermsOfServiceUrl { get; init; }
    public string? PrivacyPolicyUrl { get; init; }
    public string? CustomInstallUrl { get; init; }
    public InstallParams? InstallParams { get; init; }
    public JsonElement? IntegrationTypesConfig { get; init; }
    public required string VerifyKey { get; init; }
    public long Flags { get; init; }
    public string FlagsNew { get; init; } = "0";
    public IReadOnlyList<string> Tags { get; init; } = [];
    public IReadOnlyList<string> RedirectUris { get; init; } = [];
    [JsonIgnore(Condition = Never)] public string? InteractionsEndpointUrl { get; init; }
    [JsonIgnore(Condition = Never)] public string? RoleConnectionsVerificationUrl { get; init; }
    public User? Owner { get; init; }
    public int ApproximateGuildCount { get; init; }
    public int ApproximateUserInstallCount { get; init; }
    public int ApproximateUserAuthorizationCount { get; init; }
    public int ExplicitContentFilter { get; init; }
    [JsonIgnore(Condition = Never)] public Nothing? Team { get; init; }
    public IReadOnlyList<string> EligibleOauth2Scopes { get; init; } = [];
    public string Summary { get; init; } = "";
}

/// <summary>An application as anyone may see it: without its owner and its settings.</summary>
public sealed record PublicApplication
{
    public required Snowflake Id { get; init; }
    public required string Name { get; init; }
    [JsonIgnore(Condition = Never)] public string? Icon { get; init; }
    public string Description { get; init; } = "";
    [JsonIgnore(Condition = Never)] public int? Type { get; init; }
    public string? CoverImage { get; init; }
    public User? Bot { get; init; }
    public Snowflake? GuildId { get; init; }
    public bool BotPublic { get; init; } = true;
    public bool BotRequireCodeGrant { get; init; }
    public string? TermsOfServiceUrl { get; init; }
    public string? PrivacyPolicyUrl { get; init; }
    public string? CustomInstallUrl { get; init; }
    public InstallParams? InstallParams { get; init; }
    public JsonElement? IntegrationTypesConfig { get; init; }
    public required string VerifyKey { get; init; }
    public long Flags { get; init; }
    public string FlagsNew { get; init; } = "0";
    public IReadOnlyList<string> Tags { get; init; } = [];
    public string Summary { get; init; } = "";
}

public sealed record InstallParams(IReadOnlyList<string> Scopes, Permissions Permissions);

/// <summary>The application in READY.</summary>
public sealed record PartialApplication(Snowflake Id, long Flags);

public sealed record ApplicationCommand
{
    public required Snowflake Id { get; init; }
    public required Snowflake ApplicationId { get; init; }
    public Snowflake? GuildId { get; init; }
    public required Snowflake Version { get; init; }

    /// <summary>1 chat input, 2 user, 3 message.</summary>
    public int Type { get; init; } = 1;

    public required string Name { get; init; }
    [JsonIgnore(Condition = Never)] public IReadOnlyDictionary<string, string>? NameLocalizations { get; init; }
    public string? NameLocalized { get; init; }
    public string Description { get; init; } = "";
    [JsonIgnore(Condition = Never)] public IReadOnlyDictionary<string, string>? DescriptionLocalizations { get; init; }
    public string? DescriptionLocalized { get; init; }

    /// <summary>Validated options, passed on as they are.</summary>
    public IReadOnlyList<JsonElement>? Options { get; init; }

    [JsonIgnore(Condition = Never)] public Permissions? DefaultMemberPermissions { get; init; }
    public bool? DmPermission { get; init; }
    [JsonIgnore(Condition = Never)] public IReadOnlyList<int>? Contexts { get; init; }
    public IReadOnlyList<int> IntegrationTypes { get; init; } = [0];
    public bool Nsfw { get; init; }
    public bool DefaultPermission { get; init; } = true;
}

/// <summary>Who may use the commands of an application in a guild; <see cref="Id"/> is a command's or the application's.</summary>
public sealed record CommandPermissions(
    Snowflake Id, Snowflake ApplicationId, Snowflake GuildId, IReadOnlyList<CommandPermission> Permissions);

/// <summary><see cref="Type"/>: 1 role, 2 user, 3 channel.</summary>
public sealed record CommandPermission(Snowflake Id, int Type, bool Permission);
