namespace Discord.Protocol;

/// <summary>Kinds of channels.</summary>
public enum ChannelType
{
    /// <summary>A text channel of a guild.</summary>
    GuildText = 0,

    /// <summary>A conversation of two users.</summary>
    Dm = 1,

    /// <summary>A voice channel of a guild.</summary>
    GuildVoice = 2,

    /// <summary>A conversation of several users.</summary>
    GroupDm = 3,

    /// <summary>A group of up to 50 channels.</summary>
    GuildCategory = 4,

    /// <summary>A channel that others follow and crosspost from.</summary>
    GuildAnnouncement = 5,

    /// <summary>A thread in an announcement channel.</summary>
    AnnouncementThread = 10,

    /// <summary>A thread in a text, forum or media channel.</summary>
    PublicThread = 11,

    /// <summary>A thread seen by its members and those who manage threads.</summary>
    PrivateThread = 12,

    /// <summary>A voice channel with an audience.</summary>
    GuildStageVoice = 13,

    /// <summary>The list of guilds in a hub.</summary>
    GuildDirectory = 14,

    /// <summary>A channel that holds threads only.</summary>
    GuildForum = 15,

    /// <summary>A forum whose posts are media.</summary>
    GuildMedia = 16,
}

/// <summary>What kinds of channels have in common.</summary>
public static class ChannelTypes
{
    /// <summary>A thread of any kind.</summary>
    public static bool IsThread(this ChannelType type) =>
        type is ChannelType.AnnouncementThread or ChannelType.PublicThread or ChannelType.PrivateThread;

    /// <summary>People talk in it: voice or stage.</summary>
    public static bool IsVoice(this ChannelType type) => type is ChannelType.GuildVoice or ChannelType.GuildStageVoice;

    /// <summary>It holds threads only: forum or media.</summary>
    public static bool IsThreadOnly(this ChannelType type) => type is ChannelType.GuildForum or ChannelType.GuildMedia;

    /// <summary>It belongs to users and to no guild.</summary>
    public static bool IsPrivate(this ChannelType type) => type is ChannelType.Dm or ChannelType.GroupDm;

    /// <summary>It belongs to a guild.</summary>
    public static bool IsGuild(this ChannelType type) => !type.IsPrivate();

    /// <summary>Messages can be sent straight to it (all but categories, directories and thread-only channels).</summary>
    public static bool HoldsMessages(this ChannelType type) =>
        type is not (ChannelType.GuildCategory or ChannelType.GuildDirectory or ChannelType.GuildForum or ChannelType.GuildMedia);

    /// <summary>The value is one of the defined kinds.</summary>
    public static bool IsDefined(this ChannelType type) => (int)type is (>= 0 and <= 5) or (>= 10 and <= 16);
}
