namespace Discord.Protocol.Gateway;

/// <summary>What a session wants to hear of. See "Gateway Intents".</summary>
[Flags]
public enum GatewayIntents : int
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>Guilds.</summary>
    Guilds = 1 << 0,

    /// <summary>Guild members. Privileged.</summary>
    GuildMembers = 1 << 1,

    /// <summary>Guild moderation.</summary>
    GuildModeration = 1 << 2,

    /// <summary>Guild expressions.</summary>
    GuildExpressions = 1 << 3,

    /// <summary>Guild integrations.</summary>
    GuildIntegrations = 1 << 4,

    /// <summary>Guild webhooks.</summary>
    GuildWebhooks = 1 << 5,

    /// <summary>Guild invites.</summary>
    GuildInvites = 1 << 6,

    /// <summary>Guild voice states.</summary>
    GuildVoiceStates = 1 << 7,

    /// <summary>Guild presences. Privileged.</summary>
    GuildPresences = 1 << 8,

    /// <summary>Guild messages.</summary>
    GuildMessages = 1 << 9,

    /// <summary>Guild message reactions.</summary>
    GuildMessageReactions = 1 << 10,

    /// <summary>Guild message typing.</summary>
    GuildMessageTyping = 1 << 11,

    /// <summary>Direct messages.</summary>
    DirectMessages = 1 << 12,

    /// <summary>Direct message reactions.</summary>
    DirectMessageReactions = 1 << 13,

    /// <summary>Direct message typing.</summary>
    DirectMessageTyping = 1 << 14,

    /// <summary>Message content. Privileged.</summary>
    MessageContent = 1 << 15,

    /// <summary>Guild scheduled events.</summary>
    GuildScheduledEvents = 1 << 16,

    /// <summary>Auto moderation configuration.</summary>
    AutoModerationConfiguration = 1 << 20,

    /// <summary>Auto moderation execution.</summary>
    AutoModerationExecution = 1 << 21,

    /// <summary>Guild message polls.</summary>
    GuildMessagePolls = 1 << 24,

    /// <summary>Direct message polls.</summary>
    DirectMessagePolls = 1 << 25,

    /// <summary>Those an application must be allowed (4014 otherwise).</summary>
    Privileged = GuildMembers | GuildPresences | MessageContent,

    /// <summary>All 21.</summary>
    All = Guilds | GuildMembers | GuildModeration | GuildExpressions | GuildIntegrations | GuildWebhooks | GuildInvites
        | GuildVoiceStates | GuildPresences | GuildMessages | GuildMessageReactions | GuildMessageTyping | DirectMessages
        | DirectMessageReactions | DirectMessageTyping | MessageContent | GuildScheduledEvents | AutoModerationConfiguration
        | AutoModerationExecution | GuildMessagePolls | DirectMessagePolls,
}
