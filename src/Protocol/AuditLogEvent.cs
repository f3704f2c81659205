namespace Discord.Protocol;

/// <summary>What an audit log entry records (<c>action_type</c>). See the API reference, "Audit Log Events".</summary>
public enum AuditLogEvent
{
    /// <summary>Guild update.</summary>
    GuildUpdate = 1,

    /// <summary>Channel create.</summary>
    ChannelCreate = 10,

    /// <summary>Channel update.</summary>
    ChannelUpdate = 11,

    /// <summary>Channel delete.</summary>
    ChannelDelete = 12,

    /// <summary>Channel overwrite create.</summary>
    ChannelOverwriteCreate = 13,

    /// <summary>Channel overwrite update.</summary>
    ChannelOverwriteUpdate = 14,

    /// <summary>Channel overwrite delete.</summary>
    ChannelOverwriteDelete = 15,

    /// <summary>Member kick.</summary>
    MemberKick = 20,

    /// <summary>Member prune.</summary>
    MemberPrune = 21,

    /// <summary>Member ban add.</summary>
    MemberBanAdd = 22,

    /// <summary>Member ban remove.</summary>
    MemberBanRemove = 23,

    /// <summary>Member update.</summary>
    MemberUpdate = 24,

    /// <summary>Member role update.</summary>
    MemberRoleUpdate = 25,

    /// <summary>Member move.</summary>
    MemberMove = 26,

    /// <summary>Member disconnect.</summary>
    MemberDisconnect = 27,

    /// <summary>Bot add.</summary>
    BotAdd = 28,

    /// <summary>Role create.</summary>
    RoleCreate = 30,

    /// <summary>Role update.</summary>
    RoleUpdate = 31,

    /// <summary>Role delete.</summary>
    RoleDelete = 32,

    /// <summary>Invite create.</summary>
    InviteCreate = 40,

    /// <summary>Invite update.</summary>
    InviteUpdate = 41,

    /// <summary>Invite delete.</summary>
    InviteDelete = 42,

    /// <summary>Webhook create.</summary>
    WebhookCreate = 50,

    /// <summary>Webhook update.</summary>
    WebhookUpdate = 51,

    /// <summary>Webhook delete.</summary>
    WebhookDelete = 52,

    /// <summary>Emoji create.</summary>
    EmojiCreate = 60,

    /// <summary>Emoji update.</summary>
    EmojiUpdate = 61,

    /// <summary>Emoji delete.</summary>
    EmojiDelete = 62,

    /// <summary>Message delete.</summary>
    MessageDelete = 72,

    /// <summary>Message bulk delete.</summary>
    MessageBulkDelete = 73,

    /// <summary>Message pin.</summary>
    MessagePin = 74,

    /// <summary>Message unpin.</summary>
    MessageUnpin = 75,

    /// <summary>Integration create.</summary>
    IntegrationCreate = 80,

    /// <summary>Integration update.</summary>
    IntegrationUpdate = 81,

    /// <summary>Integration delete.</summary>
    IntegrationDelete = 82,

    /// <summary>Stage instance create.</summary>
    StageInstanceCreate = 83,

    /// <summary>Stage instance update.</summary>
    StageInstanceUpdate = 84,

    /// <summary>Stage instance delete.</summary>
    StageInstanceDelete = 85,

    /// <summary>Sticker create.</summary>
    StickerCreate = 90,

    /// <summary>Sticker update.</summary>
    StickerUpdate = 91,

    /// <summary>Sticker delete.</summary>
    StickerDelete = 92,

    /// <summary>Guild scheduled event create.</summary>
    GuildScheduledEventCreate = 100,

    /// <summary>Guild scheduled event update.</summary>
    GuildScheduledEventUpdate = 101,

    /// <summary>Guild scheduled event delete.</summary>
    GuildScheduledEventDelete = 102,

    /// <summary>Thread create.</summary>
    ThreadCreate = 110,

    /// <summary>Thread update.</summary>
    ThreadUpdate = 111,

    /// <summary>Thread delete.</summary>
    ThreadDelete = 112,

    /// <summary>Application command permission update.</summary>
    ApplicationCommandPermissionUpdate = 121,

    /// <summary>Soundboard sound create.</summary>
    SoundboardSoundCreate = 130,

    /// <summary>Soundboard sound update.</summary>
    SoundboardSoundUpdate = 131,

    /// <summary>Soundboard sound delete.</summary>
    SoundboardSoundDelete = 132,

    /// <summary>Auto moderation rule create.</summary>
    AutoModerationRuleCreate = 140,

    /// <summary>Auto moderation rule update.</summary>
    AutoModerationRuleUpdate = 141,

    /// <summary>Auto moderation rule delete.</summary>
    AutoModerationRuleDelete = 142,

    /// <summary>Auto moderation block message.</summary>
    AutoModerationBlockMessage = 143,

    /// <summary>Auto moderation flag to channel.</summary>
    AutoModerationFlagToChannel = 144,

    /// <summary>Auto moderation user comm disabled.</summary>
    AutoModerationUserCommDisabled = 145,

    /// <summary>Auto moderation quarantine user.</summary>
    AutoModerationQuarantineUser = 146,

    /// <summary>Creator monetization request created.</summary>
    CreatorMonetizationRequestCreated = 150,

    /// <summary>Creator monetization terms accepted.</summary>
    CreatorMonetizationTermsAccepted = 151,

    /// <summary>Onboarding prompt create.</summary>
    OnboardingPromptCreate = 163,

    /// <summary>Onboarding prompt update.</summary>
    OnboardingPromptUpdate = 164,

    /// <summary>Onboarding prompt delete.</summary>
    OnboardingPromptDelete = 165,

    /// <summary>Onboarding create.</summary>
    OnboardingCreate = 166,

    /// <summary>Onboarding update.</summary>
    OnboardingUpdate = 167,

    /// <summary>Guild home feature item.</summary>
    GuildHomeFeatureItem = 171,

    /// <summary>Guild home remove item.</summary>
    GuildHomeRemoveItem = 172,

    /// <summary>Harmful links blocked message.</summary>
    HarmfulLinksBlockedMessage = 180,

    /// <summary>Home settings create.</summary>
    HomeSettingsCreate = 190,

    /// <summary>Home settings update.</summary>
    HomeSettingsUpdate = 191,

    /// <summary>Voice channel status create.</summary>
    VoiceChannelStatusCreate = 192,

    /// <summary>Voice channel status delete.</summary>
    VoiceChannelStatusDelete = 193,

    /// <summary>Guild scheduled event exception create.</summary>
    GuildScheduledEventExceptionCreate = 200,

    /// <summary>Guild scheduled event exception update.</summary>
    GuildScheduledEventExceptionUpdate = 201,

    /// <summary>Guild scheduled event exception delete.</summary>
    GuildScheduledEventExceptionDelete = 202,

    /// <summary>Guild profile update.</summary>
    GuildProfileUpdate = 211,
}
