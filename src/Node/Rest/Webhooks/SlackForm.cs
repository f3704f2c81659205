using System.Globalization;
using System.Text.Json;
using Discord.Actors.Encoders;
using Discord.Protocol;
using Discord.Protocol.Forms;

namespace Discord.Node.Rest.Webhooks;

/// <summary>
/// Turns a body as Slack's incoming webhooks take it into a message: <c>text</c> is the content, each of <c>attachments</c> an embed.
/// Links of the form <c>&lt;url|text&gt;</c> become Discord's. What Discord has no counterpart for is left out.
/// </summary>
internal static class SlackForm
{
    private const int MaxAttachments = Limits.MessageEmbeds;

    private sealed record Field(string Title, string Value, bool Short);

    private sealed record Attachment(
        string? Title, string? Link, string? Text, int? Color, string? AuthorName, string? AuthorLink, string? AuthorIcon, string? Image,
            string? Thumb,
        string? Footer, string? FooterIcon, long? Timestamp, List<Field> Fields);

    /// <summary>The message as Discord's own body. The caller ends with <c>ThrowIfInvalid</c> before it uses the result.</summary>
    public static JsonElement ToMessage(FormReader form)
    {
        string? text = form.String("text", 0, Limits.MessageContent);
        List<Attachment> attachments = form.Array("attachments", MaxAttachments, Read) ?? [];
        byte[] json = Json.Encode((text, attachments), static (w, s) =>
        {
            w.WriteStartObject();
            if (s.text is not null)
                w.WriteString("content", Links(s.text));
            w.WriteStartArray("embeds");
            foreach (Attachment attachment in s.attachments)
                Write(w, attachment);
            w.WriteEndArray();
            w.WriteEndObject();
        });
        return JsonElement.Parse(json);
    }

    private static Attachment Read(FormReader form) => new(
        form.String("title"), form.String("title_link"), form.String("text") ?? form.String("fallback"), Color(form.String("color")),
        form.String("author_name"), form.String("author_link"), form.String("author_icon"), form.String("image_url"),
            form.String("thumb_url"),
        form.String("footer"), form.String("footer_icon"), (long?)form.Double("ts", 0, 32_503_680_000),
        form.Array("fields", Limits.EmbedFields, static f =>
            new Field(f.String("title") ?? "", f.String("value") ?? "", f.Bool("short") ?? false)) ?? []);

    private static int? Color(string? text) => text switch
    {
        "good" => 0x2EB886,
        "warning" => 0xDAA038,
        "danger" => 0xA30200,
        _ => int.TryParse(text?.TrimStart('#'), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out int rgb)
            && rgb is >= 0 and <= 0xFFFFFF ? rgb : null,
    };

    private static void Write(Utf8JsonWriter w, Attachment a)
    {
        w.WriteStartObject();
        Text(w, "title", a.Title);
        Text(w, "url", a.Link);
        Text(w, "description", a.Text is null ? null : Links(a.Text));
        if (a.Color is { } color)
            w.WriteNumber("color", color);
        if (a.Timestamp is { } ts)
            w.WriteString("timestamp", DateTimeOffset.FromUnixTimeSeconds(ts));
        Part(w, "author", ("name", a.AuthorName), ("url", a.AuthorLink), ("icon_url", a.AuthorIcon));
        Part(w, "footer", ("text", a.Footer), ("icon_url", a.FooterIcon));
        Part(w, "image", ("url", a.Image));
        Part(w, "thumbnail", ("url", a.Thumb));
        w.WriteStartArray("fields");
        foreach (Field field in a.Fields.Where(f => f.Title.Length > 0 && f.Value.Length > 0))
        {
            w.WriteStartObject();
            w.WriteString("name", field.Title);
            w.WriteString("value", Links(field.Value));
            w.WriteBoolean("inline", field.Short);
            w.WriteEndObject();
        }
        w.WriteEndArray();
        w.WriteEndObject();
    }

    // The part is there when its first key is.
    private static void Part(Utf8JsonWriter w, string name, params ReadOnlySpan<(string Key, string? Value)> keys)
    {
        if (string.IsNullOrEmpty(keys[0].Value))
            return;
        w.WriteStartObject(name);
        foreach ((string key, string? value) in keys)
            Text(w, key, value);
        w.WriteEndObject();
    }

    private static void Text(Utf8JsonWriter w, string key, string? value)
    {
        if (!string.IsNullOrEmpty(value))
            w.WriteString(key, value);
    }

    // <https://a.b|text> reads [text](https://a.b); <https://a.b> stays.
    private static string Links(string text)
    {
        int open = text.IndexOf("<http", StringComparison.Ordinal);
        while (open >= 0)
        {
            int close = text.IndexOf('>', open);
            if (close < 0)
                break;
            int bar = text.IndexOf('|', open, close - open);
            if (bar > 0)
                text = $"{text[..open]}[{text[(bar + 1)..close]}]({text[(open + 1)..bar]}){text[(close + 1)..]}";
            open = text.IndexOf("<http", Math.Min(text.Length, open + 1), StringComparison.Ordinal);
        }
        return text;
    }
}
