using System.Text.Json.Serialization;

namespace Discord.Protocol;

/// <summary>
/// Permission bits, Discord's names. On the wire a decimal string (numbers are read too). Bit 47 is unused.
/// See the API reference, "Permissions".
/// </summary>
[Flags]
[JsonConverter(typeof(PermissionsJsonConverter))]
public enum Permissions : ulong
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>Create invites.</summary>
    CreateInstantInvite = 1UL << 0,

    /// <summary>Kick members ranked below.</summary>
    KickMembers = 1UL << 1,

    /// <summary>Ban members ranked below.</summary>
    BanMembers = 1UL << 2,

    /// <summary>Everything, everywhere; no overwrite counts.</summary>
    Administrator = 1UL << 3,

    /// <summary>Create, change and delete channels.</summary>
    ManageChannels = 1UL << 4,

    /// <summary>Change the guild's settings.</summary>
    ManageGuild = 1UL << 5,

    /// <summary>Be the first to react with an emoji.</summary>
    AddReactions = 1UL << 6,

    /// <summary>Read the audit log.</summary>
    ViewAuditLog = 1UL << 7,

    /// <summary>Speak louder than others in voice.</summary>
    PrioritySpeaker = 1UL << 8,

    /// <summary>Share video or screen in voice.</summary>
    Stream = 1UL << 9,

    /// <summary>See the channel; reads messages and joins voice.</summary>
    ViewChannel = 1UL << 10,

    /// <summary>Send messages; create posts in a forum.</summary>
    SendMessages = 1UL << 11,

    /// <summary>Send text-to-speech messages.</summary>
    SendTtsMessages = 1UL << 12,

    /// <summary>Delete others' messages and suppress their embeds.</summary>
    ManageMessages = 1UL << 13,

    /// <summary>Links grow embeds.</summary>
    EmbedLinks = 1UL << 14,

    /// <summary>Upload files.</summary>
    AttachFiles = 1UL << 15,

    /// <summary>Read messages from before.</summary>
    ReadMessageHistory = 1UL << 16,

    /// <summary>Mention @everyone, @here and every role.</summary>
    MentionEveryone = 1UL << 17,

    /// <summary>Use emojis of other guilds.</summary>
    UseExternalEmojis = 1UL << 18,

    /// <summary>See the guild's insights.</summary>
    ViewGuildInsights = 1UL << 19,

    /// <summary>Join voice.</summary>
    Connect = 1UL << 20,

    /// <summary>Speak in voice.</summary>
    Speak = 1UL << 21,

    /// <summary>Mute members in voice.</summary>
    MuteMembers = 1UL << 22,

    /// <summary>Deafen members in voice.</summary>
    DeafenMembers = 1UL << 23,

    /// <summary>Move members between voice channels.</summary>
    MoveMembers = 1UL << 24,

    /// <summary>Speak by voice activity, without push-to-talk.</summary>
    UseVad = 1UL << 25,

    /// <summary>Change one's own nickname.</summary>
    ChangeNickname = 1UL << 26,

    /// <summary>Change others' nicknames.</summary>
    ManageNicknames = 1UL << 27,

    /// <summary>Create, change, assign roles ranked below; edit overwrites.</summary>
    ManageRoles = 1UL << 28,

    /// <summary>Create, change and delete webhooks.</summary>
    ManageWebhooks = 1UL << 29,

    /// <summary>Change and delete anyone's emojis, stickers and sounds.</summary>
    ManageGuildExpressions = 1UL << 30,

    /// <summary>Use commands of applications.</summary>
    UseApplicationCommands = 1UL << 31,

    /// <summary>Ask to speak in a stage channel.</summary>
    RequestToSpeak = 1UL << 32,

    /// <summary>Change and delete anyone's events.</summary>
    ManageEvents = 1UL << 33,

    /// <summary>Archive, lock, delete threads and see all private ones.</summary>
    ManageThreads = 1UL << 34,

    /// <summary>Create public and announcement threads.</summary>
    CreatePublicThreads = 1UL << 35,

    /// <summary>Create private threads.</summary>
    CreatePrivateThreads = 1UL << 36,

    /// <summary>Use stickers of other guilds.</summary>
    UseExternalStickers = 1UL << 37,

    /// <summary>Send messages in threads.</summary>
    SendMessagesInThreads = 1UL << 38,

    /// <summary>Launch activities.</summary>
    UseEmbeddedActivities = 1UL << 39,

    /// <summary>Time members out.</summary>
    ModerateMembers = 1UL << 40,

    /// <summary>See role subscription insights.</summary>
    ViewCreatorMonetizationAnalytics = 1UL << 41,

    /// <summary>Use the soundboard in voice.</summary>
    UseSoundboard = 1UL << 42,

    /// <summary>Create emojis, stickers and sounds; change one's own.</summary>
    CreateGuildExpressions = 1UL << 43,

    /// <summary>Create events; change one's own.</summary>
    CreateEvents = 1UL << 44,

    /// <summary>Use sounds of other guilds.</summary>
    UseExternalSounds = 1UL << 45,

    /// <summary>Send voice messages.</summary>
    SendVoiceMessages = 1UL << 46,

    /// <summary>Set a voice channel's status.</summary>
    SetVoiceChannelStatus = 1UL << 48,

    /// <summary>Send polls.</summary>
    SendPolls = 1UL << 49,

    /// <summary>Responses of user-installed applications are public.</summary>
    UseExternalApps = 1UL << 50,

    /// <summary>Pin and unpin messages.</summary>
    PinMessages = 1UL << 51,

    /// <summary>Slowmode does not apply.</summary>
    BypassSlowmode = 1UL << 52,

    /// <summary>Every defined bit.</summary>
    All = ((1UL << 53) - 1) & ~(1UL << 47),

    /// <summary>What a guild's @everyone role starts with.</summary>
    DefaultEveryone = CreateInstantInvite | AddReactions | Stream | ViewChannel | SendMessages | EmbedLinks | AttachFiles
        | ReadMessageHistory | MentionEveryone | UseExternalEmojis | Connect | Speak | UseVad | ChangeNickname | UseApplicationCommands
        | RequestToSpeak | CreatePublicThreads | CreatePrivateThreads | UseExternalStickers | SendMessagesInThreads | UseEmbeddedActivities
        | UseSoundboard | CreateGuildExpressions | CreateEvents | UseExternalSounds | SendVoiceMessages
        | SetVoiceChannelStatus | SendPolls | UseExternalApps,

    /// <summary>Bits that need two-factor authentication where the guild demands it (<c>mfa_level</c> 1).</summary>
    NeedTwoFactor = KickMembers | BanMembers | Administrator | ManageChannels | ManageGuild | ManageMessages | ManageRoles | ManageWebhooks
        | ManageGuildExpressions | ManageThreads | ViewCreatorMonetizationAnalytics,
}
