namespace Discord.Protocol;

/// <summary>Public properties of an account (<c>public_flags</c>). See the API reference, "User Flags".</summary>
[Flags]
public enum UserFlags
{
    /// <summary>None.</summary>
    None = 0,

    /// <summary>Works for the operator.</summary>
    Staff = 1 << 0,

    /// <summary>Owner of a partnered guild.</summary>
    Partner = 1 << 1,

    /// <summary>HypeSquad events.</summary>
    HypeSquad = 1 << 2,

    /// <summary>Bug hunter, level 1.</summary>
    BugHunterLevel1 = 1 << 3,

    /// <summary>House Bravery.</summary>
    HypeSquadOnlineHouse1 = 1 << 6,

    /// <summary>House Brilliance.</summary>
    HypeSquadOnlineHouse2 = 1 << 7,

    /// <summary>House Balance.</summary>
    HypeSquadOnlineHouse3 = 1 << 8,

    /// <summary>Early supporter.</summary>
    PremiumEarlySupporter = 1 << 9,

    /// <summary>The account stands for a team.</summary>
    TeamPseudoUser = 1 << 10,

    /// <summary>Bug hunter, level 2.</summary>
    BugHunterLevel2 = 1 << 14,

    /// <summary>A verified bot.</summary>
    VerifiedBot = 1 << 16,

    /// <summary>Developer of an early verified bot.</summary>
    VerifiedDeveloper = 1 << 17,

    /// <summary>Moderator programme alumnus.</summary>
    CertifiedModerator = 1 << 18,

    /// <summary>A bot that lives by HTTP interactions alone and counts as online.</summary>
    BotHttpInteractions = 1 << 19,

    /// <summary>An active developer.</summary>
    ActiveDeveloper = 1 << 22,
}
