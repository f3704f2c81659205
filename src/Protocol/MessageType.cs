namespace Discord.Protocol;

/// <summary>Kinds of messages.</summary>
public enum MessageType
{
    /// <summary>Default.</summary>
    Default = 0,

    /// <summary>Recipient add.</summary>
    RecipientAdd = 1,

    /// <summary>Recipient remove.</summary>
    RecipientRemove = 2,

    /// <summary>Call.</summary>
    Call = 3,

    /// <summary>Channel name change.</summary>
    ChannelNameChange = 4,

    /// <summary>Channel icon change.</summary>
    ChannelIconChange = 5,

    /// <summary>Channel pinned message.</summary>
    ChannelPinnedMessage = 6,

    /// <summary>User join.</summary>
    UserJoin = 7,

    /// <summary>Guild boost.</summary>
    GuildBoost = 8,

    /// <summary>Guild boost tier 1.</summary>
    GuildBoostTier1 = 9,

    /// <summary>Guild boost tier 2.</summary>
    GuildBoostTier2 = 10,

    /// <summary>Guild boost tier 3.</summary>
    GuildBoostTier3 = 11,

    /// <summary>Channel follow add.</summary>
    ChannelFollowAdd = 12,

    /// <summary>Guild discovery disqualified.</summary>
    GuildDiscoveryDisqualified = 14,

    /// <summary>Guild discovery requalified.</summary>
    GuildDiscoveryRequalified = 15,

    /// <summary>Guild discovery grace period initial warning.</summary>
    GuildDiscoveryGracePeriodInitialWarning = 16,

    /// <summary>Guild discovery grace period final warning.</summary>
    GuildDiscoveryGracePeriodFinalWarning = 17,

    /// <summary>Thread created.</summary>
    ThreadCreated = 18,

    /// <summary>Reply.</summary>
    Reply = 19,

    /// <summary>Chat input command.</summary>
    ChatInputCommand = 20,

    /// <summary>Thread starter message.</summary>
    ThreadStarterMessage = 21,

    /// <summary>Guild invite reminder.</summary>
    GuildInviteReminder = 22,

    /// <summary>Context menu command.</summary>
    ContextMenuCommand = 23,

    /// <summary>Auto moderation action.</summary>
    AutoModerationAction = 24,

    /// <summary>Role subscription purchase.</summary>
    RoleSubscriptionPurchase = 25,

    /// <summary>Interaction premium upsell.</summary>
    InteractionPremiumUpsell = 26,

    /// <summary>Stage start.</summary>
    StageStart = 27,

    /// <summary>Stage end.</summary>
    StageEnd = 28,

    /// <summary>Stage speaker.</summary>
    StageSpeaker = 29,

    /// <summary>Stage topic.</summary>
    StageTopic = 31,

    /// <summary>Guild application premium subscription.</summary>
    GuildApplicationPremiumSubscription = 32,

    /// <summary>Guild incident alert mode enabled.</summary>
    GuildIncidentAlertModeEnabled = 36,

    /// <summary>Guild incident alert mode disabled.</summary>
    GuildIncidentAlertModeDisabled = 37,

    /// <summary>Guild incident report raid.</summary>
    GuildIncidentReportRaid = 38,

    /// <summary>Guild incident report false alarm.</summary>
    GuildIncidentReportFalseAlarm = 39,

    /// <summary>Poll result.</summary>
    PollResult = 46,

    /// <summary>Hd streaming upgraded.</summary>
    HdStreamingUpgraded = 55,
}

/// <summary>What kinds of messages have in common.</summary>
public static class MessageTypes
{
    /// <summary>A user, bot or webhook wrote it: its content can be edited and it can be replied to and forwarded.</summary>
    public static bool IsWritten(this MessageType type) =>
        type is MessageType.Default or MessageType.Reply or MessageType.ChatInputCommand or MessageType.ContextMenuCommand;

    /// <summary>It may be deleted. Recipient changes, calls and thread starters may not.</summary>
    public static bool IsDeletable(this MessageType type) => type is not (MessageType.RecipientAdd or MessageType.RecipientRemove
        or MessageType.Call or MessageType.ChannelNameChange or MessageType.ChannelIconChange or MessageType.ThreadStarterMessage);
}
