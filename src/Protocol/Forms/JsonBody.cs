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
        try
        {
            return IsText(utf8) ? JsonElement.Parse(utf8, Options) : throw new ApiException(ApiError.InvalidJson);
        }
        catch (JsonException)
        {
            throw new ApiException(ApiError.InvalidJson);
        }
    }

    /// <summary>
    /// Whether all texts and keys of a JSON text can be read: .NET's parser looks at structure only, and a text that is not UTF-8 or
    /// escapes half of a surrogate pair would throw much later, wherever it is first read or written.
    /// </summary>
    /// <exception cref="JsonException">It is malformed; that it is well-formed is not promised otherwise.</exception>
    public static bool IsText(ReadOnlySpan<byte> utf8)
    {
        if (!Utf8.IsValid(utf8))
            return false;
        if (utf8.IndexOf("\\u"u8) < 0)
            return true;
        var reader = new Utf8JsonReader(utf8, new JsonReaderOptions { MaxDepth = MaxDepth });
        try
        {
            while (reader.Read())
            {
                if (reader.TokenType is JsonTokenType.String or JsonTokenType.PropertyName && reader.ValueIsEscaped)
                    reader.GetString();
            }
            return true;
        }
        catch (InvalidOperationException)
        {
            return false;
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
}
