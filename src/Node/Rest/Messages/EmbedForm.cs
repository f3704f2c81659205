using System.Buffers;
using System.Text.Json;
using Discord.Protocol;
using Discord.Protocol.Errors;
using Discord.Protocol.Forms;
using Discord.Protocol.Payloads;

namespace Discord.Node.Rest.Messages;

/// <summary>Reads embeds: checks "Embed Limits", leaves unknown keys out, and answers the object as it is stored.</summary>
internal static class EmbedForm
{
    private static readonly JsonElement Failed = JsonElement.Parse("{}");

    public static JsonElement Read(FormReader form)
    {
        string? title = form.String("title", 0, Limits.EmbedTitle, trim: true);
        string? description = form.String("description", 0, Limits.EmbedDescription, trim: true);
        string? url = Url(form, "url", attachments: false);
        DateTimeOffset? timestamp = form.Timestamp("timestamp");
        int? color = form.Color("color");
        (string? Text, string? Icon)? footer = form.Sub("footer") is { } f
            ? (f.String("text", 1, Limits.EmbedFooter, required: true, trim: true), Url(f, "icon_url", attachments: true))
            : null;
        (string? Name, string? Url, string? Icon)? author = form.Sub("author") is { } a
            ? (a.String("name", 1, Limits.EmbedAuthor, required: true, trim: true), Url(a, "url", attachments: false), Url(a, "icon_url",
                attachments: true))
            : null;
        string? image = form.Sub("image") is { } i ? Url(i, "url", attachments: true) : null;
        string? thumbnail = form.Sub("thumbnail") is { } t ? Url(t, "url", attachments: true) : null;
        List<(string? Name, string? Value, bool Inline)>? fields = form.Array("fields", Limits.EmbedFields, static field => (
            field.String("name", 1, Limits.EmbedFieldName, required: true, trim: true),
            field.String("value", 1, Limits.EmbedFieldValue, required: true, trim: true),
            field.Bool("inline") ?? false));
        bool empty = string.IsNullOrEmpty(title) && string.IsNullOrEmpty(description) && footer is null && author is null && image is null
            && thumbnail is null && fields is not { Count: > 0 };
        if (empty && form.IsValid)
            form.Fail("description", FormError.Required);
        if (!form.IsValid)
            return Failed;

        ArrayBufferWriter<byte> buffer = new();
        using (Utf8JsonWriter json = new(buffer))
        {
            json.WriteStartObject();
            json.WriteString("type"u8, "rich"u8);
            Text(json, "title", title);
            Text(json, "description", description);
            Text(json, "url", url);
            if (timestamp is { } time)
                json.WriteTime("timestamp"u8, time);
            if (color is { } value)
                json.WriteNumber("color"u8, value);
            if (footer is { } foot)
            {
                json.WriteStartObject("footer"u8);
                Text(json, "text", foot.Text);
                Text(json, "icon_url", foot.Icon);
                json.WriteEndObject();
            }
            Image(json, "image", image);
            Image(json, "thumbnail", thumbnail);
            if (author is { } by)
            {
                json.WriteStartObject("author"u8);
                Text(json, "name", by.Name);
                Text(json, "url", by.Url);
                Text(json, "icon_url", by.Icon);
                json.WriteEndObject();
            }
            if (fields is { Count: > 0 })
            {
                json.WriteStartArray("fields"u8);
                foreach ((string? name, string? text, bool inline) in fields)
                {
                    json.WriteStartObject();
                    Text(json, "name", name);
                    Text(json, "value", text);
                    json.WriteBoolean("inline"u8, inline);
                    json.WriteEndObject();
                }
                json.WriteEndArray();
            }
            json.WriteEndObject();
        }
        return JsonElement.Parse(buffer.WrittenSpan);
    }

    /// <summary>6,000 characters over all embeds of a message.</summary>
    public static void CheckTotal(FormReader form, IReadOnlyList<JsonElement> embeds)
    {
        int total = 0;
        foreach (JsonElement embed in embeds)
        {
            total += Length(embed, "title") + Length(embed, "description");
            if (embed.TryGetProperty("footer", out JsonElement footer))
                total += Length(footer, "text");
            if (embed.TryGetProperty("author", out JsonElement author))
                total += Length(author, "name");
            if (embed.TryGetProperty("fields", out JsonElement fields))
                total += fields.EnumerateArray().Sum(field => Length(field, "name") + Length(field, "value"));
        }
        if (total > Limits.EmbedsTotal)
            form.Fail("embeds", "MAX_EMBED_SIZE_EXCEEDED", $"Embed size exceeds maximum size of {Limits.EmbedsTotal}");
    }

    /// <summary>An absolute address: http, https or, where allowed, a file of the same message.</summary>
    public static string? Url(FormReader form, string name, bool attachments, bool required = false)
    {
        string? text = form.String(name, 0, 2048, required: required, trim: true);
        if (string.IsNullOrEmpty(text))
            return null;
        bool good = Uri.TryCreate(text, UriKind.Absolute, out Uri? uri)
            && (uri.Scheme is "http" or "https"
                ? uri.Host.Length > 0 : attachments && text.StartsWith("attachment://", StringComparison.Ordinal));
        if (good)
            return text;
        form.Fail(name, "URL_TYPE_INVALID_URL", attachments
            ? "Not a well formed URL; the scheme must be one of ('http', 'https', 'attachment')."
            : "Not a well formed URL; the scheme must be one of ('http', 'https').");
        return null;
    }

    private static int Length(JsonElement element, string name) =>
        element.TryGetProperty(name, out JsonElement text) ? text.GetString()!.EnumerateRunes().Count() : 0;

    private static void Text(Utf8JsonWriter json, string name, string? text)
    {
        if (!string.IsNullOrEmpty(text))
            json.WriteString(name, text);
    }

    private static void Image(Utf8JsonWriter json, string name, string? url)
    {
        if (url is null)
            return;
        json.WriteStartObject(name);
        json.WriteString("url"u8, url);
        json.WriteEndObject();
    }
}
