using System.Text.Json;
using Discord.Actors.Guilds.Channels;
using Discord.Actors.Messages;
using Discord.Protocol;
using Discord.Protocol.Errors;
using Discord.Protocol.Forms;
using Discord.Protocol.Payloads;

namespace Discord.Node.Rest.Channels;

/// <summary>Reads what a request says a guild channel shall be: for PATCH /channels and for creating channels alike.</summary>
internal static class ChannelForm
{
    private static readonly int[] ArchiveMinutes = [60, 1440, 4320, 10080];

    /// <summary>Reads; the caller ends with <c>ThrowIfInvalid</c>.</summary>
    public static ChannelSettings Read(FormReader form) => new()
    {
        Name = form.OptionalString("name", 1, Limits.ChannelName, trim: true),
        Type = form.OptionalEnum<ChannelType>("type"),
        Position = form.OptionalInt("position", 0),
        Topic = form.OptionalString("topic", 0, Limits.ForumTopic),
        Nsfw = form.OptionalBool("nsfw"),
        RateLimitPerUser = form.OptionalInt("rate_limit_per_user", 0, Limits.ChannelSlowmodeSeconds),
        Bitrate = form.OptionalInt("bitrate", Limits.BitrateMin),
        UserLimit = form.OptionalInt("user_limit", 0, Limits.StageUserLimit),
        Overwrites = Listed(form.OptionalArray("permission_overwrites", Limits.ChannelOverwrites, Overwrite)),
        ParentId = form.OptionalSnowflake("parent_id"),
        RtcRegion = form.OptionalString("rtc_region", 0, 64),
        VideoQualityMode = form.OptionalInt("video_quality_mode", 1, 2),
        DefaultAutoArchiveDuration = ArchiveDuration(form, "default_auto_archive_duration"),
        DefaultThreadRateLimitPerUser = form.OptionalInt("default_thread_rate_limit_per_user", 0, Limits.ChannelSlowmodeSeconds),
        Flags = form.OptionalInt("flags", 0),
        AvailableTags = Listed(form.OptionalArray("available_tags", Limits.ForumTags, Tag)),
        DefaultReactionEmoji = form.OptionalObject("default_reaction_emoji", static e =>
        {
            (Snowflake? id, string? name) = Emoji(e);
            return new DefaultReaction(id, name);
        }),
        DefaultSortOrder = form.OptionalInt("default_sort_order", 0, 1),
        DefaultForumLayout = form.OptionalInt("default_forum_layout", 0, 2),
        DefaultTagSetting = form.Choice("default_tag_setting", ["match_all", "match_some"]) is { } setting ? setting
            : default(Optional<string>),
    };

    /// <summary>One of the minutes after which threads may be archived.</summary>
    public static Optional<int> ArchiveDuration(FormReader form, string name)
    {
        Optional<int> minutes = form.OptionalInt(name);
        if (minutes.HasValue && !ArchiveMinutes.Contains(minutes.Value))
            form.Fail(name, FormError.Choices(ArchiveMinutes));
        return minutes;
    }

    /// <summary>One overwrite. The type may be a text; bits may be null or absent.</summary>
    public static Overwrite Overwrite(FormReader form) => new(
        form.Snowflake("id", required: true) ?? default,
        OverwriteKind(form, required: true) ?? default,
        form.Permissions("allow") ?? Permissions.None,
        form.Permissions("deny") ?? Permissions.None);

    /// <summary>0 or <c>role</c>, 1 or <c>member</c>.</summary>
    public static OverwriteType? OverwriteKind(FormReader form, bool required) =>
        form.Raw("type") is { ValueKind: JsonValueKind.String } text
        && text.GetString() is "role" or "member"
            ? text.GetString() == "role" ? OverwriteType.Role : OverwriteType.Member
            : form.Enum<OverwriteType>("type", required: required);

    private static ForumTag Tag(FormReader form)
    {
        (Snowflake? id, string? name) = Emoji(form);
        return new ForumTag
        {
            Id = form.Snowflake("id") ?? Snowflake.None,
            Name = form.String("name", 1, Limits.ForumTagName, required: true, trim: true) ?? "",
            Moderated = form.Bool("moderated") ?? false,
            EmojiId = id,
            EmojiName = name,
        };
    }

    // Either a custom emoji's id or a standard emoji.
    private static (Snowflake? Id, string? Name) Emoji(FormReader form)
    {
        Snowflake? id = form.Snowflake("emoji_id");
        string? name = form.String("emoji_name", 0, 64);
        if (id is { } custom && custom != Snowflake.None)
            return (custom, null);
        if (string.IsNullOrEmpty(name))
            return (null, null);
        if (!ReactionEmoji.TryParse(name, out _))
            form.Fail("emoji_name", "INVALID_EMOJI", "Invalid emoji");
        return (null, name);
    }

    private static Optional<IReadOnlyList<T>> Listed<T>(Optional<List<T>> field) => field.Map(static list => (IReadOnlyList<T>)list);
}
