using System.Buffers;
using System.Text.Json;
using System.Text.Unicode;
using Discord.Protocol.Errors;

namespace Discord.Protocol.Forms;

/// <summary>Turns the bytes of a request body into an element that is safe to keep and to write again.</summary>
public static class JsonBody
{
    /// <summary>Deepest nesting of a body.</summary>
    public const int MaxDepth = 64;

    private static readonly JsonDocumentOptions Options = new() { MaxDepth = MaxDepth };

    /// <summary>
    /// Parses a body. An empty or blank body gives a default element, which reads as an empty object. A text or key that escapes half of
    /// a surrogate pair is refused here, once: nothing later could read or store it.
    /// </summary>
    /// <exception cref="ApiException">50109: the bytes are no JSON, nested too deep, or hold such a text.</exception>
    public static JsonElement Parse(ReadOnlySpan<byte> utf8)
    {
        if (utf8.TrimStart(" \t\r\n"u8).IsEmpty)
            return default;
        // The parser looks at structure only; texts that are not UTF-8 would fail when they are read.
        if (!Utf8.IsValid(utf8))
            throw new ApiException(ApiError.InvalidJson);
        try
        {
            var body = JsonElement.Parse(utf8, Options);
            if (utf8.IndexOf("\\u"u8) >= 0)
                CheckEscapes(utf8);
            return body;
        }
        catch (Exception malformed) when (malformed is JsonException or InvalidOperationException)
        {
            throw new ApiException(ApiError.InvalidJson);
        }
    }

    /// <summary>An object of texts.</summary>
    public static JsonElement FromFields(IEnumerable<KeyValuePair<string, string>> fields)
    {
        ArgumentNullException.ThrowIfNull(fields);
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            foreach (var (name, value) in fields)
                writer.WriteString(name, value);
            writer.WriteEndObject();
        }
        return JsonElement.Parse(buffer.WrittenSpan, Options);
    }

    private static void CheckEscapes(ReadOnlySpan<byte> utf8)
    {
        var reader = new Utf8JsonReader(utf8, new JsonReaderOptions { MaxDepth = MaxDepth });
        while (reader.Read())
        {
            if (reader.TokenType is JsonTokenType.String or JsonTokenType.PropertyName && reader.ValueIsEscaped)
                reader.GetString();
        }
    }
}
