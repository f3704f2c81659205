namespace Discord.Protocol.Errors;

/// <summary>
/// 30xxx: a maximum is reached.
/// </summary>
public sealed partial record ApiError
{
    /// <summary>30001, HTTP 400: Maximum number of guilds reached (100).</summary>
    public static ApiError MaxGuilds { get; } = new(30001, 400, "Maximum number of guilds reached (100)");

    /// <summary>30002, HTTP 400: Maximum number of friends reached (1000).</summary>
    public static ApiError MaxFriends { get; } = new(30002, 400, "Maximum number of friends reached (1000)");

    /// <summary>30003, HTTP 400: Maximum number of pins reached for the channel (250).</summary>
    public static ApiError MaxPins { get; } = new(30003, 400, "Maximum number of pins reached for the channel (250)");

    /// <summary>30004, HTTP 400: Maximum number of recipients reached (10).</summary>
    public static ApiError MaxRecipients { get; } = new(30004, 400, "Maximum number of recipients reached (10)");

    /// <summary>30005, HTTP 400: Maximum number of server roles reached (250).</summary>
    public static ApiError MaxRoles { get; } = new(30005, 400, "Maximum number of server roles reached (250)");

    /// <summary>30007, HTTP 400: Maximum number of webhooks reached (15).</summary>
    public static ApiError MaxWebhooks { get; } = new(30007, 400, "Maximum number of webhooks reached (15)");

    /// <summary>30008, HTTP 400: Maximum number of emojis reached.</summary>
    public static ApiError MaxEmojis { get; } = new(30008, 400, "Maximum number of emojis reached");

    /// <summary>30010, HTTP 400: Maximum number of reactions reached (20).</summary>
    public static ApiError MaxReactions { get; } = new(30010, 400, "Maximum number of reactions reached (20)");

    /// <summary>30011, HTTP 400: Maximum number of group DMs reached (10).</summary>
    public static ApiError MaxGroupDms { get; } = new(30011, 400, "Maximum number of group DMs reached (10)");

    /// <summary>30013, HTTP 400: Maximum number of server channels reached (500).</summary>
    public static ApiError MaxChannels { get; } = new(30013, 400, "Maximum number of server channels reached (500)");

    /// <summary>30015, HTTP 400: Maximum number of attachments in a message reached (10).</summary>
    public static ApiError MaxAttachments { get; } = new(30015, 400, "Maximum number of attachments in a message reached (10)");

    /// <summary>30016, HTTP 400: Maximum number of invites reached (1000).</summary>
    public static ApiError MaxInvites { get; } = new(30016, 400, "Maximum number of invites reached (1000)");

    /// <summary>30018, HTTP 400: Maximum number of animated emojis reached.</summary>
    public static ApiError MaxAnimatedEmojis { get; } = new(30018, 400, "Maximum number of animated emojis reached");

    /// <summary>30019, HTTP 400: Maximum number of server members reached.</summary>
    public static ApiError MaxMembers { get; } = new(30019, 400, "Maximum number of server members reached");

    /// <summary>30030, HTTP 400: Maximum number of server categories has been reached (5).</summary>
    public static ApiError MaxServerCategories { get; } = new(30030, 400, "Maximum number of server categories has been reached (5)");

    /// <summary>30031, HTTP 400: Guild already has a template.</summary>
    public static ApiError TemplateExists { get; } = new(30031, 400, "Guild already has a template");

    /// <summary>30032, HTTP 400: Maximum number of application commands reached (100).</summary>
    public static ApiError MaxApplicationCommands { get; } = new(30032, 400, "Maximum number of application commands reached (100)");

    /// <summary>30033, HTTP 400: Maximum number of thread participants has been reached (1000).</summary>
    public static ApiError MaxThreadMembers { get; } = new(30033, 400, "Maximum number of thread participants has been reached (1000)");

    /// <summary>30034, HTTP 400: Maximum number of daily application command creates has been reached (200).</summary>
    public static ApiError MaxDailyCommandCreates { get; } = new(
        30034, 400, "Maximum number of daily application command creates has been reached (200)");

    /// <summary>30035, HTTP 400: Maximum number of bans for non-guild members have been exceeded.</summary>
    public static ApiError MaxNonMemberBans { get; } = new(30035, 400, "Maximum number of bans for non-guild members have been exceeded");

    /// <summary>30037, HTTP 400: Maximum number of bans fetches has been reached.</summary>
    public static ApiError MaxBanFetches { get; } = new(30037, 400, "Maximum number of bans fetches has been reached");

    /// <summary>30038, HTTP 400: Maximum number of uncompleted guild scheduled events reached (100).</summary>
    public static ApiError MaxScheduledEvents { get; } = new(
        30038, 400, "Maximum number of uncompleted guild scheduled events reached (100)");

    /// <summary>30039, HTTP 400: Maximum number of stickers reached.</summary>
    public static ApiError MaxStickers { get; } = new(30039, 400, "Maximum number of stickers reached");

    /// <summary>30040, HTTP 429: Maximum number of prune requests has been reached. Try again later.</summary>
    public static ApiError MaxPrunes { get; } = new(30040, 429, "Maximum number of prune requests has been reached. Try again later");

    /// <summary>30042, HTTP 429: Maximum number of guild widget settings updates has been reached. Try again later.</summary>
    public static ApiError MaxWidgetUpdates { get; } = new(
        30042, 429, "Maximum number of guild widget settings updates has been reached. Try again later");

    /// <summary>30045, HTTP 400: Maximum number of soundboard sounds reached.</summary>
    public static ApiError MaxSounds { get; } = new(30045, 400, "Maximum number of soundboard sounds reached");

    /// <summary>30046, HTTP 429: Maximum number of edits to messages older than 1 hour reached. Try again later.</summary>
    public static ApiError MaxOldMessageEdits { get; } = new(
        30046, 429, "Maximum number of edits to messages older than 1 hour reached. Try again later");

    /// <summary>30047, HTTP 400: Maximum number of pinned threads in a forum channel has been reached.</summary>
    public static ApiError MaxPinnedThreads { get; } = new(
        30047, 400, "Maximum number of pinned threads in a forum channel has been reached");

    /// <summary>30048, HTTP 400: Maximum number of tags in a forum channel has been reached.</summary>
    public static ApiError MaxForumTags { get; } = new(30048, 400, "Maximum number of tags in a forum channel has been reached");

    /// <summary>30052, HTTP 400: Bitrate is too high for channel of this type.</summary>
    public static ApiError BitrateTooHigh { get; } = new(30052, 400, "Bitrate is too high for channel of this type");

    /// <summary>30056, HTTP 400: Maximum number of premium emojis reached (25).</summary>
    public static ApiError MaxPremiumEmojis { get; } = new(30056, 400, "Maximum number of premium emojis reached (25)");

    /// <summary>30058, HTTP 400: Maximum number of webhooks per guild reached (1000).</summary>
    public static ApiError MaxGuildWebhooks { get; } = new(30058, 400, "Maximum number of webhooks per guild reached (1000)");

    /// <summary>30060, HTTP 400: Maximum number of channel permission overwrites reached (1000).</summary>
    public static ApiError MaxOverwrites { get; } = new(30060, 400, "Maximum number of channel permission overwrites reached (1000)");

    /// <summary>30061, HTTP 400: The channels for this guild are too large.</summary>
    public static ApiError ChannelsTooLarge { get; } = new(30061, 400, "The channels for this guild are too large");
}
