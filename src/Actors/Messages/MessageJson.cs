using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using Discord.Actors.Guilds;
using Discord.Protocol;
using Discord.Protocol.Payloads;

namespace Discord.Actors.Messages;

/// <summary>
/// A message object encoded once: <c>{ head ,"content":…,"attachments":…,"embeds":…,"components":… }</c>. What needs
/// MESSAGE_CONTENT stands together at the end, so that the object without its content is <see cref="Head"/> and a constant; keys that
/// depend on the reader or the time (reactions, referenced_message, thread, nonce, guild_id, member) are appended to <see cref="Open"/>
/// before the closing brace.
/// </summary>
/// <param name="Json">The whole object.</param>
/// <param name="HeadLength">Where the content begins.</param>
internal readonly record struct EncodedMessage(byte[] Json, int HeadLength)
{
    /// <summary>Up to the content.</summary>
    public ReadOnlyMemory<byte> Head => Json.AsMemory(0, HeadLength);

    /// <summary>All but the closing brace.</summary>
    public ReadOnlyMemory<byte> Open => Json.AsMemory(0, Json.Length - 1);
}

/// <summary>Writes message objects. Thread-safe: each thread has a buffer of its own.</summary>
internal static class MessageJson
{
    public static readonly JsonWriterOptions WriterOptions = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        SkipValidation = true
    };

    // A buffer that grew beyond this for one huge message is not kept.
    private const int KeptBuffer = 64 * 1024;

    [ThreadStatic] private static ArrayBufferWriter<byte>? t_buffer;
    [ThreadStatic] private static Utf8JsonWriter? t_writer;

    /// <summary>What stands for the content where it may not be seen; follows <see cref="EncodedMessage.Head"/>.</summary>
    public static ReadOnlySpan<byte> NoContent => ",\"content\":\"\",\"attachments\":[],\"embeds\":[],\"components\":[]"u8;

    /// <summary>Encodes a message.</summary>
    /// <param name="author">Who is shown as the author.</param>
    /// <param name="authorJson"><paramref name="author"/> encoded, where known.</param>
    /// <param name="members">Adds <c>member</c> to mentioned users, as events do; null leaves it out.</param>
    public static EncodedMessage Encode(Message message, User author, byte[]? authorJson, IAttachmentUrls urls, GuildState? members = null)
    {
        Utf8JsonWriter json = Begin();
        json.WriteStartObject();
        Id(json, "id"u8, message.Id);
        Id(json, "channel_id"u8, message.ChannelId);
        json.WritePropertyName("author"u8);
        if (authorJson is not null)
            json.WriteRawValue(authorJson, skipInputValidation: true);
        else
            JsonSerializer.Serialize(json, author, PayloadJson.Wire.User);
        json.WriteNumber("type"u8, (int)message.Type);
        json.WriteTime("timestamp"u8, message.Timestamp);
        if (message.EditedTimestamp is { } edited)
            json.WriteTime("edited_timestamp"u8, edited);
        else
            json.WriteNull("edited_timestamp"u8);
        json.WriteBoolean("tts"u8, message.Tts);
        json.WriteBoolean("mention_everyone"u8, message.MentionEveryone);
        Users(json, "mentions"u8, message.Mentions, members);
        Ids(json, "mention_roles"u8, message.MentionRoles);
        json.WriteBoolean("pinned"u8, message.Pinned);
        json.WriteNumber("flags"u8, (int)message.Flags);
        if (message.WebhookId is { } webhook)
            Id(json, "webhook_id"u8, webhook);
        if (message.ApplicationId is { } application)
            Id(json, "application_id"u8, application);
        if (message.Position is { } position)
            json.WriteNumber("position"u8, position);
        if (message.MessageReference is { } reference)
            Reference(json, reference);
        if (message.StickerItems is { } stickers)
            Stickers(json, stickers);
        if (message.InteractionMetadata is { } interaction)
            Value(json, "interaction_metadata"u8, interaction, PayloadJson.Wire.InteractionMetadata);
        if (message.Interaction is { } older)
            Value(json, "interaction"u8, older, PayloadJson.Wire.MessageInteraction);
        long head = json.BytesCommitted + json.BytesPending;
        json.WriteString("content"u8, message.Content);
        Attachments(json, message.ChannelId, message.Attachments, urls);
        MessageFiles files = new(message.Attachments, message.ChannelId, urls);
        Elements(json, "embeds"u8, message.Embeds, files);
        Elements(json, "components"u8, message.Components, files);
        if (message.MessageSnapshots is { } snapshots)
            Snapshots(json, message.ChannelId, snapshots, urls);
        json.WriteEndObject();
        return new EncodedMessage(End(), (int)head);
    }

    /// <summary>Bytes written by <paramref name="write"/>.</summary>
    public static byte[] Encode<T>(T state, Action<Utf8JsonWriter, T> write)
    {
        write(Begin(), state);
        return End();
    }

    public static void Id(Utf8JsonWriter json, ReadOnlySpan<byte> name, Snowflake id)
    {
        Span<byte> digits = stackalloc byte[Snowflake.MaxDigits];
        id.TryFormat(digits, out int length);
        json.WriteString(name, digits[..length]);
    }

    public static void Ids(Utf8JsonWriter json, ReadOnlySpan<byte> name, IReadOnlyList<Snowflake> ids)
    {
        Span<byte> digits = stackalloc byte[Snowflake.MaxDigits];
        json.WriteStartArray(name);
        for (int i = 0; i < ids.Count; i++)
        {
            ids[i].TryFormat(digits, out int length);
            json.WriteStringValue(digits[..length]);
        }
        json.WriteEndArray();
    }

    public static void Value<T>(
        Utf8JsonWriter json, ReadOnlySpan<byte> name, T value, System.Text.Json.Serialization.Metadata.JsonTypeInfo<T> type)
    {
        json.WritePropertyName(name);
        JsonSerializer.Serialize(json, value, type);
    }

    private static void Users(Utf8JsonWriter json, ReadOnlySpan<byte> name, IReadOnlyList<User> users, GuildState? members)
    {
        json.WriteStartArray(name);
        for (int i = 0; i < users.Count; i++)
        {
            User user = users[i];
            if (members is not null && members.Members.TryGet(user.Id, out Member? member))
                user = user with { Member = member with { User = null } };
            JsonSerializer.Serialize(json, user, PayloadJson.Wire.User);
        }
        json.WriteEndArray();
    }

    private static void Reference(Utf8JsonWriter json, MessageReference reference)
    {
        json.WriteStartObject("message_reference"u8);
        json.WriteNumber("type"u8, reference.Type);
        if (reference.MessageId is { } message)
            Id(json, "message_id"u8, message);
        Id(json, "channel_id"u8, reference.ChannelId);
        if (reference.GuildId is { } guild)
            Id(json, "guild_id"u8, guild);
        json.WriteEndObject();
    }

    private static void Stickers(Utf8JsonWriter json, IReadOnlyList<StickerItem> stickers)
    {
        json.WriteStartArray("sticker_items"u8);
        foreach (StickerItem sticker in stickers)
            JsonSerializer.Serialize(json, sticker, PayloadJson.Wire.StickerItem);
        json.WriteEndArray();
    }

    private static void Attachments(Utf8JsonWriter json, Snowflake channelId, IReadOnlyList<Attachment> attachments, IAttachmentUrls urls)
    {
        json.WriteStartArray("attachments"u8);
        for (int i = 0; i < attachments.Count; i++)
        {
            string url = urls.UrlFor(channelId, attachments[i]);
            JsonSerializer.Serialize(json, attachments[i] with { Url = url, ProxyUrl = url }, PayloadJson.Wire.Attachment);
        }
        json.WriteEndArray();
    }

    private static void Elements(Utf8JsonWriter json, ReadOnlySpan<byte> name, IReadOnlyList<JsonElement> elements, MessageFiles files)
    {
        json.WriteStartArray(name);
        for (int i = 0; i < elements.Count; i++)
            files.Write(json, elements[i]);
        json.WriteEndArray();
    }

    private static void Snapshots(Utf8JsonWriter json, Snowflake channelId, IReadOnlyList<MessageSnapshot> snapshots, IAttachmentUrls urls)
    {
        json.WriteStartArray("message_snapshots"u8);
        foreach (MessageSnapshot snapshot in snapshots)
        {
            SnapshotMessage copy = snapshot.Message;
            if (copy.Attachments.Count > 0)
            {
                MessageFiles files = new(copy.Attachments, channelId, urls);
                copy = copy with
                {
                    Attachments = [.. copy.Attachments.Select(a =>
                        urls.UrlFor(channelId, a) is var url ? a with { Url = url, ProxyUrl = url } : a)],
                    Embeds = [.. copy.Embeds.Select(files.Resolve)],
                    Components = [.. copy.Components.Select(files.Resolve)],
                };
            }
            JsonSerializer.Serialize(json, new MessageSnapshot(copy), PayloadJson.Wire.MessageSnapshot);
        }
        json.WriteEndArray();
    }

    private static Utf8JsonWriter Begin()
    {
        ArrayBufferWriter<byte>? buffer = t_buffer;
        if (buffer is null || buffer.Capacity > KeptBuffer)
        {
            t_buffer = buffer = new ArrayBufferWriter<byte>(1024);
            t_writer = new Utf8JsonWriter(buffer, WriterOptions);
        }
        buffer.ResetWrittenCount();
        t_writer!.Reset(buffer);
        return t_writer;
    }

    private static byte[] End()
    {
        t_writer!.Flush();
        return t_buffer!.WrittenSpan.ToArray();
    }
}
