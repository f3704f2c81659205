using System.Buffers;
using System.Text.Json;
using Discord.Protocol;
using Discord.Protocol.Payloads;

namespace Discord.Actors.Messages;

/// <summary>
/// Writes embeds and components of a message with what they say of its files: <c>attachment://NAME</c> becomes the address of the message's
/// own file of that name, and an object that stands for one gets its id, type and size.
/// </summary>
internal readonly struct MessageFiles(IReadOnlyList<Attachment> attachments, Snowflake channelId, IAttachmentUrls urls)
{
    private const string Scheme = "attachment://";

    public void Write(Utf8JsonWriter json, JsonElement element)
    {
        if (attachments.Count == 0)
            element.WriteTo(json);
        else
            Resolved(json, element);
    }

    /// <summary>The element as <see cref="Write"/> writes it.</summary>
    public JsonElement Resolve(JsonElement element)
    {
        ArrayBufferWriter<byte> buffer = new();
        using (Utf8JsonWriter json = new(buffer, MessageJson.WriterOptions))
            Write(json, element);
        return JsonElement.Parse(buffer.WrittenSpan);
    }

    private void Resolved(Utf8JsonWriter json, JsonElement element)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                Members(json, element);
                break;
            case JsonValueKind.Array:
                json.WriteStartArray();
                foreach (JsonElement item in element.EnumerateArray())
                    Resolved(json, item);
                json.WriteEndArray();
                break;
            case JsonValueKind.String when Find(element) is { } file:
                json.WriteStringValue(urls.UrlFor(channelId, file));
                break;
            default:
                element.WriteTo(json);
                break;
        }
    }

    private void Members(Utf8JsonWriter json, JsonElement element)
    {
        Attachment? self = element.TryGetProperty("url"u8, out JsonElement url) ? Find(url) : null;
        Attachment? shown = element.TryGetProperty("file"u8, out JsonElement file) && file.ValueKind == JsonValueKind.Object
            && file.TryGetProperty("url"u8, out url) ? Find(url) : null;
        bool isMedia = false;
        json.WriteStartObject();
        foreach (JsonProperty property in element.EnumerateObject())
        {
            if (self is not null && property.NameEquals("id"u8))
            {
                isMedia = true;
                MessageJson.Id(json, "id"u8, self.Id);
            }
            else if (shown is not null && property.NameEquals("name"u8))
            {
                json.WriteString("name"u8, shown.Filename);
            }
            else if (shown is not null && property.NameEquals("size"u8))
            {
                json.WriteNumber("size"u8, shown.Size);
            }
            else
            {
                json.WritePropertyName(property.Name);
                Resolved(json, property.Value);
            }
        }
        if (self is not null)
            Describe(json, self, isMedia);
        json.WriteEndObject();
    }

    private static void Describe(Utf8JsonWriter json, Attachment file, bool isMedia)
    {
        if (isMedia)
            MessageJson.Id(json, "attachment_id"u8, file.Id);
        if (file.ContentType is { } type)
            json.WriteString("content_type"u8, type);
        if (file.Width is { } width)
            json.WriteNumber("width"u8, width);
        if (file.Height is { } height)
            json.WriteNumber("height"u8, height);
    }

    private Attachment? Find(JsonElement text)
    {
        if (text.ValueKind != JsonValueKind.String || text.GetString() is not { } address
            || !address.StartsWith(Scheme, StringComparison.Ordinal))
            return null;
        for (int i = 0; i < attachments.Count; i++)
        {
            if (address.AsSpan(Scheme.Length).SequenceEqual(attachments[i].Filename))
                return attachments[i];
        }
        return null;
    }
}
