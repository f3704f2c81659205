using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace Discord.Protocol.Payloads;

/// <summary>
/// Writes a channel with the keys of its type: which keys are null and which are not there at all depends on it. A topic that a text
/// channel lacks is null, a conversation of two has no topic.
/// </summary>
internal sealed class ChannelJson : JsonConverter<Channel>
{
    public override Channel Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        throw new NotSupportedException("Channels are written as JSON and never read from it.");

    public override void Write(Utf8JsonWriter writer, Channel value, JsonSerializerOptions options)
    {
        writer.WriteStartObject();
        Id(writer, "id"u8, value.Id);
        writer.WriteNumber("type"u8, (int)value.Type);
        Given(writer, "guild_id"u8, value.GuildId);
        if (value.Type == ChannelType.GroupDm || value.Name is not null)
            writer.WriteString("name"u8, value.Name);
        if (value.Type is not (ChannelType.GuildCategory or ChannelType.GuildDirectory))
            Nullable(writer, "last_message_id"u8, value.LastMessageId);
        if (value.LastPinTimestamp is { } pinned)
            writer.WriteTime("last_pin_timestamp"u8, pinned);
        writer.WriteNumber("flags"u8, value.Flags);
        if (value.Type.IsPrivate())
            WritePrivate(writer, value);
        else if (value.Type.IsThread())
            WriteThread(writer, value);
        else
            WriteGuild(writer, value);
        if (value.Permissions is { } permissions)
            writer.WriteString("permissions"u8, ((ulong)permissions).ToString(CultureInfo.InvariantCulture));
        writer.WriteEndObject();
    }

    private static void WriteGuild(Utf8JsonWriter writer, Channel channel)
    {
        ChannelType type = channel.Type;
        Nullable(writer, "parent_id"u8, channel.ParentId);
        Given(writer, "position"u8, channel.Position);
        Given(writer, "permission_overwrites"u8, channel.PermissionOverwrites, PayloadJson.Wire.Overwrite);
        if (type is ChannelType.GuildText or ChannelType.GuildAnnouncement || type.IsThreadOnly())
            writer.WriteString("topic"u8, channel.Topic);
        Given(writer, "nsfw"u8, channel.Nsfw);
        Given(writer, "rate_limit_per_user"u8, channel.RateLimitPerUser);
        Given(writer, "default_auto_archive_duration"u8, channel.DefaultAutoArchiveDuration);
        Given(writer, "default_thread_rate_limit_per_user"u8, channel.DefaultThreadRateLimitPerUser);
        if (type.IsVoice())
        {
            Given(writer, "bitrate"u8, channel.Bitrate);
            Given(writer, "user_limit"u8, channel.UserLimit);
            writer.WriteString("rtc_region"u8, channel.RtcRegion);
            Given(writer, "video_quality_mode"u8, channel.VideoQualityMode);
        }
        if (!type.IsThreadOnly())
            return;
        Given(writer, "available_tags"u8, channel.AvailableTags, PayloadJson.Wire.ForumTag);
        writer.WritePropertyName("default_reaction_emoji"u8);
        if (channel.DefaultReactionEmoji is { } reaction)
            JsonSerializer.Serialize(writer, reaction, PayloadJson.Wire.DefaultReaction);
        else
            writer.WriteNullValue();
        if (channel.DefaultSortOrder is { } order)
            writer.WriteNumber("default_sort_order"u8, order);
        else
            writer.WriteNull("default_sort_order"u8);
        Given(writer, "default_forum_layout"u8, channel.DefaultForumLayout);
        if (channel.DefaultTagSetting is { } setting)
            writer.WriteString("default_tag_setting"u8, setting);
    }

    private static void WriteThread(Utf8JsonWriter writer, Channel thread)
    {
        Nullable(writer, "parent_id"u8, thread.ParentId);
        Given(writer, "owner_id"u8, thread.OwnerId);
        Given(writer, "rate_limit_per_user"u8, thread.RateLimitPerUser);
        Given(writer, "thread_metadata"u8, thread.ThreadMetadata, PayloadJson.Wire.ThreadMetadata);
        Given(writer, "member_count"u8, thread.MemberCount);
        Given(writer, "message_count"u8, thread.MessageCount);
        Given(writer, "total_message_sent"u8, thread.TotalMessageSent);
        Ids(writer, "applied_tags"u8, thread.AppliedTags);
        Given(writer, "member"u8, thread.Member, PayloadJson.Wire.ThreadMember);
        Given(writer, "newly_created"u8, thread.NewlyCreated);
        Given(writer, "message"u8, thread.Message, PayloadJson.Wire.Message);
    }

    private static void WritePrivate(Utf8JsonWriter writer, Channel channel)
    {
        Given(writer, "recipients"u8, channel.Recipients, PayloadJson.Wire.User);
        Ids(writer, "recipient_ids"u8, channel.RecipientIds);
        if (channel.Type == ChannelType.GroupDm)
            writer.WriteString("icon"u8, channel.Icon);
        Given(writer, "owner_id"u8, channel.OwnerId);
    }

    private static void Id(Utf8JsonWriter writer, ReadOnlySpan<byte> name, Snowflake id)
    {
        Span<byte> digits = stackalloc byte[Snowflake.MaxDigits];
        id.TryFormat(digits, out int length);
        writer.WriteString(name, digits[..length]);
    }

    private static void Nullable(Utf8JsonWriter writer, ReadOnlySpan<byte> name, Snowflake? id)
    {
        if (id is { } value)
            Id(writer, name, value);
        else
            writer.WriteNull(name);
    }

    private static void Given(Utf8JsonWriter writer, ReadOnlySpan<byte> name, Snowflake? id)
    {
        if (id is { } value)
            Id(writer, name, value);
    }

    private static void Given(Utf8JsonWriter writer, ReadOnlySpan<byte> name, int? number)
    {
        if (number is { } value)
            writer.WriteNumber(name, value);
    }

    private static void Given(Utf8JsonWriter writer, ReadOnlySpan<byte> name, bool? flag)
    {
        if (flag is { } value)
            writer.WriteBoolean(name, value);
    }

    private static void Given<T>(Utf8JsonWriter writer, ReadOnlySpan<byte> name, T? part, JsonTypeInfo<T> type)
        where T : class
    {
        if (part is null)
            return;
        writer.WritePropertyName(name);
        JsonSerializer.Serialize(writer, part, type);
    }

    private static void Given<T>(Utf8JsonWriter writer, ReadOnlySpan<byte> name, IReadOnlyList<T>? parts, JsonTypeInfo<T> type)
    {
        if (parts is null)
            return;
        writer.WriteStartArray(name);
        for (int i = 0; i < parts.Count; i++)
            JsonSerializer.Serialize(writer, parts[i], type);
        writer.WriteEndArray();
    }

    private static void Ids(Utf8JsonWriter writer, ReadOnlySpan<byte> name, IReadOnlyList<Snowflake>? ids)
    {
        if (ids is null)
            return;
        writer.WriteStartArray(name);
        Span<byte> digits = stackalloc byte[Snowflake.MaxDigits];
        for (int i = 0; i < ids.Count; i++)
        {
            ids[i].TryFormat(digits, out int length);
            writer.WriteStringValue(digits[..length]);
        }
        writer.WriteEndArray();
    }
}
