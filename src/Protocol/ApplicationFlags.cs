namespace Discord.Protocol;

/// <summary>Properties of an application (<c>flags</c>). See the API reference, "Application Flags".</summary>
[Flags]
public enum ApplicationFlags
{
    /// <summary>None.</summary>
    None = 0,

    /// <summary>It uses the auto moderation API.</summary>
    ApplicationAutoModerationRuleCreateBadge = 1 << 6,

    /// <summary>May have GUILD_PRESENCES, verified.</summary>
    GatewayPresence = 1 << 12,

    /// <summary>May have GUILD_PRESENCES, small bot.</summary>
    GatewayPresenceLimited = 1 << 13,

    /// <summary>May have GUILD_MEMBERS, verified.</summary>
    GatewayGuildMembers = 1 << 14,

    /// <summary>May have GUILD_MEMBERS, small bot.</summary>
    GatewayGuildMembersLimited = 1 << 15,

    /// <summary>Unusual growth stops verification.</summary>
    VerificationPendingGuildLimit = 1 << 16,

    /// <summary>It is embedded in the client.</summary>
    Embedded = 1 << 17,

    /// <summary>May have MESSAGE_CONTENT, verified.</summary>
    GatewayMessageContent = 1 << 18,

    /// <summary>May have MESSAGE_CONTENT, small bot.</summary>
    GatewayMessageContentLimited = 1 << 19,

    /// <summary>It has global commands.</summary>
    ApplicationCommandBadge = 1 << 23,
}
