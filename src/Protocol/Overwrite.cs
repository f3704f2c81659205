using System.Text.Json.Serialization;

namespace Discord.Protocol;

/// <summary>Whom a permission overwrite is about.</summary>
public enum OverwriteType
{
    /// <summary>Everyone who has the role.</summary>
    Role = 0,

    /// <summary>One member.</summary>
    Member = 1,
}

/// <summary>A channel's exception to the guild's permissions for a role or a member.</summary>
/// <param name="Id">Role or user id; the guild's own id stands for @everyone.</param>
/// <param name="Type">What the id is.</param>
/// <param name="Allow">Bits granted.</param>
/// <param name="Deny">Bits taken.</param>
public readonly record struct Overwrite(
    [property: JsonPropertyName("id")] Snowflake Id,
    [property: JsonPropertyName("type")] OverwriteType Type,
    [property: JsonPropertyName("allow")] Permissions Allow,
    [property: JsonPropertyName("deny")] Permissions Deny);
