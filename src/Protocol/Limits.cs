namespace Discord.Protocol;

/// <summary>
/// Discord's numeric limits, inclusive maxima unless the name says otherwise. Each group names the part of the API reference that it
/// comes from. Texts are counted in code points.
/// </summary>
public static class Limits
{
    // Messages ("Create Message", "Embed Limits", "Attachments")

    /// <summary>Characters of content.</summary>
    public const int MessageContent = 2000;

    /// <summary>Embeds of a message.</summary>
    public const int MessageEmbeds = 10;

    /// <summary>Characters over title, description, field names and values, footer and author of all embeds of a message.</summary>
    public const int EmbedsTotal = 6000;

    /// <summary>Characters of an embed's title, trimmed.</summary>
    public const int EmbedTitle = 256;

    /// <summary>Characters of an embed's description, trimmed.</summary>
    public const int EmbedDescription = 4096;

    /// <summary>Fields of an embed.</summary>
    public const int EmbedFields = 25;

    /// <summary>Characters of a field's name, trimmed.</summary>
    public const int EmbedFieldName = 256;

    /// <summary>Characters of a field's value, trimmed.</summary>
    public const int EmbedFieldValue = 1024;

    /// <summary>Characters of a footer's text, trimmed.</summary>
    public const int EmbedFooter = 2048;

    /// <summary>Characters of an author's name, trimmed.</summary>
    public const int EmbedAuthor = 256;

    /// <summary>Attachments of a message.</summary>
    public const int MessageAttachments = 10;

    /// <summary>Stickers of a message.</summary>
    public const int MessageStickers = 3;

    /// <summary>Characters of a nonce.</summary>
    public const int MessageNonce = 25;

    /// <summary>Characters of an attachment's description.</summary>
    public const int AttachmentDescription = 1024;

    /// <summary>Bytes of one file unless the guild or application has more: 10 MiB.</summary>
    public const int AttachmentBytes = 10 * 1024 * 1024;

    /// <summary>Bytes of one request with files: 25 MiB.</summary>
    public const int RequestBytes = 25 * 1024 * 1024;

    /// <summary>Ids in each list of allowed_mentions.</summary>
    public const int AllowedMentions = 100;

    /// <summary>Fewest messages of one bulk delete.</summary>
    public const int BulkDeleteMin = 2;

    /// <summary>Most messages of one bulk delete.</summary>
    public const int BulkDeleteMax = 100;

    /// <summary>Age in days beyond which messages cannot be bulk deleted.</summary>
    public const int BulkDeleteDays = 14;

    /// <summary>Different emojis on a message.</summary>
    public const int ReactionEmojis = 20;

    /// <summary>Pinned messages of a channel.</summary>
    public const int Pins = 250;

    /// <summary>Characters of a poll's question.</summary>
    public const int PollQuestion = 300;

    /// <summary>Answers of a poll.</summary>
    public const int PollAnswers = 10;

    /// <summary>Characters of an answer.</summary>
    public const int PollAnswer = 55;

    /// <summary>Longest poll in hours: 32 days.</summary>
    public const int PollDurationHours = 32 * 24;

    /// <summary>A poll's duration in hours unless given.</summary>
    public const int PollDefaultHours = 24;

    // Components ("Component Reference")

    /// <summary>Components of a message that consists of them, nested ones counted.</summary>
    public const int ComponentsV2 = 40;

    /// <summary>Rows of a message with content.</summary>
    public const int ActionRows = 5;

    /// <summary>Buttons of a row.</summary>
    public const int ActionRowButtons = 5;

    /// <summary>Characters of a custom_id.</summary>
    public const int ComponentCustomId = 100;

    /// <summary>Characters of a button's label.</summary>
    public const int ButtonLabel = 80;

    /// <summary>Characters of a button's address.</summary>
    public const int ButtonUrl = 512;

    /// <summary>Options of a select menu.</summary>
    public const int SelectOptions = 25;

    /// <summary>Characters of an option's label, value and description.</summary>
    public const int SelectOptionText = 100;

    /// <summary>Characters of a select menu's placeholder.</summary>
    public const int SelectPlaceholder = 150;

    /// <summary>Characters of a text input's label.</summary>
    public const int TextInputLabel = 45;

    /// <summary>Characters of a text input's value.</summary>
    public const int TextInputValue = 4000;

    /// <summary>Characters of a text input's placeholder.</summary>
    public const int TextInputPlaceholder = 100;

    /// <summary>Characters of a modal's title.</summary>
    public const int ModalTitle = 45;

    /// <summary>Top-level components of a modal.</summary>
    public const int ModalComponents = 40;

    // Pages (each list's own route)

    /// <summary>Most messages of a page.</summary>
    public const int MessagesPage = 100;

    /// <summary>Messages of a page unless asked.</summary>
    public const int MessagesPageDefault = 50;

    /// <summary>Most users of a page of reactions or poll voters.</summary>
    public const int ReactionsPage = 100;

    /// <summary>Users of such a page unless asked.</summary>
    public const int ReactionsPageDefault = 25;

    /// <summary>Most members of a page; one unless asked.</summary>
    public const int MembersPage = 1000;

    /// <summary>Most bans of a page, and as many unless asked.</summary>
    public const int BansPage = 1000;

    /// <summary>Most audit log entries of a page.</summary>
    public const int AuditLogPage = 100;

    /// <summary>Audit log entries of a page unless asked.</summary>
    public const int AuditLogPageDefault = 50;

    /// <summary>Most own guilds of a page, and as many unless asked.</summary>
    public const int GuildsPage = 200;

    /// <summary>Most archived threads of a page.</summary>
    public const int ThreadsPage = 100;

    /// <summary>Most members of a page of a thread.</summary>
    public const int ThreadMembersPage = 100;

    /// <summary>Most pins of a page, and as many unless asked.</summary>
    public const int PinsPage = 50;

    /// <summary>Most users of a page of an event.</summary>
    public const int EventUsersPage = 100;

    /// <summary>Most entitlements of a page.</summary>
    public const int EntitlementsPage = 100;

    /// <summary>Most messages of a page of search results, and as many unless asked.</summary>
    public const int SearchPage = 25;

    /// <summary>Greatest offset of a search.</summary>
    public const int SearchOffset = 9975;

    /// <summary>Characters of a search.</summary>
    public const int SearchContent = 1024;

    /// <summary>Greatest slop of a search.</summary>
    public const int SearchSlop = 100;

    /// <summary>Slop of a search unless given.</summary>
    public const int SearchSlopDefault = 2;

    /// <summary>Channel ids of a search.</summary>
    public const int SearchChannels = 500;

    /// <summary>Values of every other list of a search.</summary>
    public const int SearchValues = 100;

    // Channels and threads ("Modify Channel", "Start Thread")

    /// <summary>Characters of a channel's name.</summary>
    public const int ChannelName = 100;

    /// <summary>Characters of a topic.</summary>
    public const int ChannelTopic = 1024;

    /// <summary>Characters of a forum's topic (its guidelines).</summary>
    public const int ForumTopic = 4096;

    /// <summary>Longest slowmode in seconds: six hours.</summary>
    public const int ChannelSlowmodeSeconds = 21600;

    /// <summary>Least bitrate of voice in bit/s.</summary>
    public const int BitrateMin = 8000;

    /// <summary>Greatest bitrate of voice in bit/s without boosts.</summary>
    public const int BitrateMax = 96000;

    /// <summary>Greatest bitrate of a stage in bit/s.</summary>
    public const int StageBitrateMax = 64000;

    /// <summary>Greatest user limit of a voice channel.</summary>
    public const int VoiceUserLimit = 99;

    /// <summary>Greatest user limit of a stage channel.</summary>
    public const int StageUserLimit = 10000;

    /// <summary>Channels of a guild.</summary>
    public const int GuildChannels = 500;

    /// <summary>Channels of a category.</summary>
    public const int CategoryChannels = 50;

    /// <summary>Webhooks of a channel.</summary>
    public const int ChannelWebhooks = 15;

    /// <summary>Webhooks of a guild.</summary>
    public const int GuildWebhooks = 1000;

    /// <summary>Overwrites of a channel.</summary>
    public const int ChannelOverwrites = 1000;

    /// <summary>Tags of a forum.</summary>
    public const int ForumTags = 20;

    /// <summary>Characters of a tag's name.</summary>
    public const int ForumTagName = 20;

    /// <summary>Tags of a post.</summary>
    public const int PostTags = 5;

    /// <summary>Active threads of a guild.</summary>
    public const int ActiveThreads = 1000;

    /// <summary>Members of a thread.</summary>
    public const int ThreadMembers = 1000;

    /// <summary>Where a thread's member_count stops.</summary>
    public const int ThreadMemberCountShown = 50;

    /// <summary>Members of a group DM.</summary>
    public const int GroupDmRecipients = 10;

    /// <summary>Invites of a guild.</summary>
    public const int ChannelInvites = 1000;

    /// <summary>Longest life of an invite in seconds: seven days; 0 is for ever.</summary>
    public const int InviteMaxAgeSeconds = 604800;

    /// <summary>Life of an invite in seconds unless given: a day.</summary>
    public const int InviteMaxAgeDefaultSeconds = 86400;

    /// <summary>Most uses of an invite; 0 is any number.</summary>
    public const int InviteMaxUses = 100;

    /// <summary>Characters of a voice channel's status.</summary>
    public const int VoiceStatus = 500;

    // Guilds ("Modify Guild", "Bulk Guild Ban", ...)

    /// <summary>Fewest characters of a guild's name.</summary>
    public const int GuildNameMin = 2;

    /// <summary>Characters of a guild's name.</summary>
    public const int GuildName = 100;

    /// <summary>Characters of a guild's description.</summary>
    public const int GuildDescription = 300;

    /// <summary>Roles of a guild, @everyone included.</summary>
    public const int GuildRoles = 250;

    /// <summary>Characters of a role's name.</summary>
    public const int RoleName = 100;

    /// <summary>Characters of a nickname.</summary>
    public const int Nickname = 32;

    /// <summary>Longest time-out in days.</summary>
    public const int TimeoutDays = 28;

    /// <summary>Users of one bulk ban.</summary>
    public const int BulkBanUsers = 200;

    /// <summary>Reach of message deletion at a ban in seconds: seven days.</summary>
    public const int BanDeleteSeconds = 604800;

    /// <summary>Fewest days of inactivity for a prune.</summary>
    public const int PruneDaysMin = 1;

    /// <summary>Most days of inactivity for a prune.</summary>
    public const int PruneDays = 30;

    /// <summary>Guilds of a user account.</summary>
    public const int UserGuilds = 200;

    /// <summary>Characters of X-Audit-Log-Reason.</summary>
    public const int AuditReason = 512;

    /// <summary>Days for which audit log entries are kept.</summary>
    public const int AuditLogDays = 45;

    /// <summary>Emojis of a guild without boosts, and as many animated ones.</summary>
    public const int GuildEmojis = 50;

    /// <summary>Emojis of an application.</summary>
    public const int ApplicationEmojis = 2000;

    /// <summary>Fewest characters of an emoji's name.</summary>
    public const int EmojiNameMin = 2;

    /// <summary>Characters of an emoji's name.</summary>
    public const int EmojiName = 32;

    /// <summary>Bytes of an emoji: 256 KiB.</summary>
    public const int EmojiBytes = 256 * 1024;

    /// <summary>Bytes of a sticker: 512 KiB.</summary>
    public const int StickerBytes = 512 * 1024;

    /// <summary>Width and height of a sticker.</summary>
    public const int StickerPixels = 320;

    /// <summary>Longest animation of a sticker in seconds.</summary>
    public const int StickerSeconds = 5;

    /// <summary>Fewest characters of a sticker's name.</summary>
    public const int StickerNameMin = 2;

    /// <summary>Characters of a sticker's name.</summary>
    public const int StickerName = 30;

    /// <summary>Characters of a sticker's description.</summary>
    public const int StickerDescription = 100;

    /// <summary>Characters of a sticker's tags.</summary>
    public const int StickerTags = 200;

    /// <summary>Stickers of a guild without boosts.</summary>
    public const int GuildStickers = 5;

    /// <summary>Bytes of a soundboard sound: 512 kB.</summary>
    public const int SoundBytes = 512 * 1000;

    /// <summary>Longest soundboard sound in milliseconds.</summary>
    public const int SoundMilliseconds = 5200;

    /// <summary>Fewest characters of a sound's name.</summary>
    public const int SoundNameMin = 2;

    /// <summary>Characters of a sound's name.</summary>
    public const int SoundName = 32;

    /// <summary>Sounds of a guild without boosts.</summary>
    public const int GuildSounds = 8;

    /// <summary>Bytes of an icon, avatar, banner or splash: 10 MiB.</summary>
    public const int ImageBytes = 10 * 1024 * 1024;

    // Users, webhooks, applications ("Modify Current User", "Application Command Object", ...)

    /// <summary>Fewest characters of a user name.</summary>
    public const int UsernameMin = 2;

    /// <summary>Characters of a user name.</summary>
    public const int Username = 32;

    /// <summary>Characters of a webhook's name.</summary>
    public const int WebhookName = 80;

    /// <summary>Characters of an application's name.</summary>
    public const int ApplicationName = 32;

    /// <summary>Characters of an application's description.</summary>
    public const int ApplicationDescription = 400;

    /// <summary>Characters of a command's or option's name.</summary>
    public const int CommandName = 32;

    /// <summary>Characters of a command's or option's description.</summary>
    public const int CommandDescription = 100;

    /// <summary>Options of a command.</summary>
    public const int CommandOptions = 25;

    /// <summary>Choices of an option.</summary>
    public const int CommandChoices = 25;

    /// <summary>Characters of a choice's name.</summary>
    public const int CommandChoiceName = 100;

    /// <summary>Characters of a choice's text value.</summary>
    public const int CommandChoiceValue = 100;

    /// <summary>Characters over names, descriptions and values of a command.</summary>
    public const int CommandTotal = 8000;

    /// <summary>Slash commands of an application in one scope.</summary>
    public const int SlashCommands = 100;

    /// <summary>User commands, and as many message commands, in one scope.</summary>
    public const int ContextCommands = 15;

    /// <summary>Commands created a day in one guild.</summary>
    public const int CommandCreatesPerDay = 200;

    /// <summary>Permission overwrites of a command.</summary>
    public const int CommandPermissions = 100;

    /// <summary>Time for the first answer to an interaction in seconds.</summary>
    public const int InteractionResponseSeconds = 3;

    /// <summary>Life of an interaction's token in minutes.</summary>
    public const int InteractionTokenMinutes = 15;

    /// <summary>Choices of an autocomplete answer.</summary>
    public const int AutocompleteChoices = 25;

    // Gateway ("Rate Limiting", "Request Guild Members", "Sharding")

    /// <summary>Bytes of a payload from a bot; 4002 beyond.</summary>
    public const int GatewayPayloadBytes = 4096;

    /// <summary>Bytes of a payload from a user client; 4002 beyond.</summary>
    public const int UserGatewayPayloadBytes = 15 * 1024;

    /// <summary>Payloads from a client per window; 4008 beyond.</summary>
    public const int GatewaySends = 120;

    /// <summary>That window in seconds.</summary>
    public const int GatewaySendsWindowSeconds = 60;

    /// <summary>Presence updates per window.</summary>
    public const int PresenceUpdates = 5;

    /// <summary>That window in seconds.</summary>
    public const int PresenceUpdatesWindowSeconds = 20;

    /// <summary>One IDENTIFY per concurrency key in so many seconds.</summary>
    public const int IdentifyWindowSeconds = 5;

    /// <summary>IDENTIFYs of a bot a day.</summary>
    public const int SessionStartsPerDay = 1000;

    /// <summary>Guilds of a shard; 4011 beyond.</summary>
    public const int ShardGuilds = 2500;

    /// <summary>Least large_threshold of a bot.</summary>
    public const int LargeThresholdMin = 50;

    /// <summary>Greatest large_threshold.</summary>
    public const int LargeThresholdMax = 250;

    /// <summary>Members of a request by prefix or by ids.</summary>
    public const int RequestMembers = 100;

    /// <summary>Members of a GUILD_MEMBERS_CHUNK.</summary>
    public const int MembersChunk = 1000;

    /// <summary>Bytes of the nonce of a member request; longer ones are ignored.</summary>
    public const int ChunkNonceBytes = 32;

    /// <summary>Characters of an activity's name.</summary>
    public const int ActivityName = 128;

    /// <summary>Sessions of a user account; 4015 beyond.</summary>
    public const int UserSessions = 50;

    // Rate limits ("Rate Limits")

    /// <summary>Requests a second over all routes, per bot, or per address without authentication.</summary>
    public const int GlobalRequestsPerSecond = 50;

    /// <summary>Answers 401, 403 and 429 per window and address.</summary>
    public const int InvalidRequests = 10000;

    /// <summary>That window in minutes.</summary>
    public const int InvalidRequestsWindowMinutes = 10;

    /// <summary>Minutes of inactivity after which threads may archive themselves.</summary>
    public static ReadOnlySpan<int> AutoArchiveMinutes => [60, 1440, 4320, 10080];
}
