using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Discord.Node.Rest;

/// <summary>
/// Writes replies. JSON is encoded into a buffer of the thread first: its length is known and an encoding error can still become a 500.
/// </summary>
internal static class ReplyWriter
{
    /// <summary>Exactly this, without a charset: some libraries compare it as a whole.</summary>
    public const string JsonType = "application/json";

    /// <summary>A buffer that grew beyond this is not kept.</summary>
    private const int KeepUpTo = 1024 * 1024;

    [ThreadStatic]
    private static ArrayBufferWriter<byte>? _buffer;

    [ThreadStatic]
    private static Utf8JsonWriter? _writer;

    public static void Write(HttpResponse response, in RestReply reply)
    {
        if (reply.Type is not null)
            WriteJson(response, reply.Status, reply.Value, reply.Type);
        else
            WriteBytes(response, reply.Status, reply.Body.Span);
    }

    public static void WriteBytes(HttpResponse response, int status, ReadOnlySpan<byte> json)
    {
        response.StatusCode = status;
        if (json.IsEmpty)
            return;
        response.ContentType = JsonType;
        response.ContentLength = json.Length;
        response.BodyWriter.Write(json);
    }

    private static void WriteJson(HttpResponse response, int status, object? value, JsonTypeInfo type)
    {
        var buffer = _buffer ??= new ArrayBufferWriter<byte>(4096);
        var writer = _writer ??= new Utf8JsonWriter(
            buffer, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true });
        try
        {
            writer.Reset(buffer);
            JsonSerializer.Serialize(writer, value, type);
            writer.Flush();
            WriteBytes(response, status, buffer.WrittenSpan);
        }
        finally
        {
            buffer.ResetWrittenCount();
            if (buffer.Capacity > KeepUpTo)
                (_buffer, _writer) = (null, null);
        }
    }
}
