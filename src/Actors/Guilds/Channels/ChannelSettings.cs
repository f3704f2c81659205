using Discord.Protocol;
using Discord.Protocol.Errors;
using Discord.Protocol.Payloads;

namespace Discord.Actors.Guilds.Channels;

/// <summary>
/// What a request says a guild channel shall be, for creating and modifying alike: absent fields stay as they are. Bounds of single fields
/// were checked by the form; what depends on the guild is checked when it is applied.
/// </summary>
public sealed record ChannelSettings
{
    public Optional<string> Name { get; init; }
    public Optional<ChannelType> Type { get; init; }
    public Optional<int> Position { get; init; }
    public Optional<string> Topic { get; init; }
    public Optional<bool> Nsfw { get; init; }
    public Optional<int> RateLimitPerUser { get; init; }
    public Optional<int> Bitrate { get; init; }
    public Optional<int> UserLimit { get; init; }
    public Optional<IReadOnlyList<Overwrite>> Overwrites { get; init; }
    public Optional<Snowflake> ParentId { get; init; }
    public Optional<string> RtcRegion { get; init; }
    public Optional<int> VideoQualityMode { get; init; }
    public Optional<int> DefaultAutoArchiveDuration { get; init; }
    public Optional<int> DefaultThreadRateLimitPerUser { get; init; }
    public Optional<int> Flags { get; init; }

    /// <summary>Tags without an id are new and get one.</summary>
    public Optional<IReadOnlyList<ForumTag>> AvailableTags { get; init; }

    public Optional<DefaultReaction> DefaultReactionEmoji { get; init; }
    public Optional<int> DefaultSortOrder { get; init; }
    public Optional<int> DefaultForumLayout { get; init; }
    public Optional<string> DefaultTagSetting { get; init; }

    /// <summary>Flags of a channel that can be set: REQUIRE_TAG (1 &lt;&lt; 4) in forums, HIDE_MEDIA_DOWNLOAD_OPTIONS (1 &lt;&lt; 15) in
    /// media channels.</summary>
    public const int RequireTag = 1 << 4;

    /// <inheritdoc cref="RequireTag"/>
    public const int HideMediaDownload = 1 << 15;

    /// <summary>
    /// The channel with these settings. Keys that its type does not have are passed over, as Discord does; name, parent, type and
    /// overwrites are checked against the guild. Overwrites and the parent are the caller's business: see <see cref="ChannelRules"/>.
    /// </summary>
    public Channel ApplyTo(Channel channel, GuildDecision guild)
    {
        ChannelType type = Type.Or(channel.Type);
        bool text = type is ChannelType.GuildText or ChannelType.GuildAnnouncement;
        bool voice = type.IsVoice();
        bool posts = type.IsThreadOnly();
        Channel changed = channel with
        {
            Type = type,
            Name = Name.HasValue ? ChannelRules.NameFor(type, Name.Value) : channel.Name,
            Position = Position.Or(channel.Position ?? 0),
            ParentId = type == ChannelType.GuildCategory ? null : ParentId.Over(channel.ParentId),
        };
        if (text || posts)
        {
            if (Topic.HasValue && text && Topic.Value.Length > Limits.ChannelTopic)
                throw ChannelRules.Wrong("topic", FormError.MaxLength(Limits.ChannelTopic));
            changed = changed with
            {
                Topic = Topic.IsPresent ? Topic.Or("") is { Length: > 0 } topic ? topic : null : channel.Topic,
                DefaultAutoArchiveDuration = DefaultAutoArchiveDuration.Over(channel.DefaultAutoArchiveDuration),
                DefaultThreadRateLimitPerUser = DefaultThreadRateLimitPerUser.Over(channel.DefaultThreadRateLimitPerUser),
            };
        }
        if (type != ChannelType.GuildCategory)
        {
            changed = changed with
            {
                Nsfw = Nsfw.Or(channel.Nsfw ?? false),
                RateLimitPerUser = RateLimitPerUser.IsNull ? 0 : RateLimitPerUser.Or(channel.RateLimitPerUser ?? 0),
            };
        }
        if (voice)
        {
            int maxBitrate = type == ChannelType.GuildStageVoice ? Limits.StageBitrateMax : Limits.BitrateMax;
            int maxUsers = type == ChannelType.GuildStageVoice ? Limits.StageUserLimit : Limits.VoiceUserLimit;
            if (Bitrate.Or(0) > maxBitrate)
                throw ChannelRules.Wrong("bitrate", FormError.NumberMax(maxBitrate));
            if (UserLimit.Or(0) > maxUsers)
                throw ChannelRules.Wrong("user_limit", FormError.NumberMax(maxUsers));
            changed = changed with
            {
                Bitrate = Bitrate.Or(channel.Bitrate ?? 64_000),
                UserLimit = UserLimit.IsNull ? 0 : UserLimit.Or(channel.UserLimit ?? 0),
                RtcRegion = RtcRegion.Over(channel.RtcRegion),
                VideoQualityMode = VideoQualityMode.Over(channel.VideoQualityMode),
            };
        }
        if (posts)
        {
            int settable = RequireTag | (type == ChannelType.GuildMedia ? HideMediaDownload : 0);
            changed = changed with
            {
                AvailableTags = AvailableTags.HasValue ? ForumTags.Of(AvailableTags.Value, channel, guild) : channel.AvailableTags ?? [],
                DefaultReactionEmoji = DefaultReactionEmoji.Over(channel.DefaultReactionEmoji),
                DefaultSortOrder = DefaultSortOrder.Over(channel.DefaultSortOrder),
                DefaultForumLayout = DefaultForumLayout.Or(channel.DefaultForumLayout ?? 0),
                DefaultTagSetting = DefaultTagSetting.Or(channel.DefaultTagSetting ?? "match_some"),
                Flags = Flags.HasValue ? Flags.Value & settable : channel.Flags,
            };
        }
        return changed;
    }
}

/// <summary>Tags of a forum.</summary>
internal static class ForumTags
{
    public static ForumTag[] Of(IReadOnlyList<ForumTag> wanted, Channel channel, GuildDecision guild)
    {
        if (wanted.Count > Limits.ForumTags)
            throw new ApiException(ApiError.MaxForumTags);
        if (wanted.Select(t => t.Name).Distinct(StringComparer.OrdinalIgnoreCase).Count() != wanted.Count)
            throw new ApiException(ApiError.TagNamesMustBeUnique);
        return [.. wanted.Select(tag =>
        {
            if (tag.Id == Snowflake.None)
                return tag with { Id = guild.NewId() };
            return channel.AvailableTags?.Any(known => known.Id == tag.Id) == true ? tag : throw new ApiException(ApiError.UnknownTag);
        })];
    }
}
