using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Discord.Protocol.Errors;

/// <summary>Writes the body of an error answer: <c>{"message", "code", "errors"?}</c>. Send it as exactly
/// <c>application/json</c>.</summary>
public static class ErrorPayload
{
    private static readonly JsonWriterOptions Options = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        SkipValidation = true,
    };

    /// <summary>Writes the body.</summary>
    public static void Write(IBufferWriter<byte> destination, ApiError error, FormErrors? form = null)
    {
        ArgumentNullException.ThrowIfNull(error);
        using var writer = new Utf8JsonWriter(destination, Options);
        writer.WriteStartObject();
        writer.WriteString("message"u8, error.Message);
        writer.WriteNumber("code"u8, error.Code);
        if (form is { IsEmpty: false })
        {
            writer.WritePropertyName("errors"u8);
            form.WriteTo(writer);
        }
        writer.WriteEndObject();
    }

    /// <summary>Writes the body of the answer that an exception stands for.</summary>
    public static void Write(IBufferWriter<byte> destination, ApiException exception) =>
        Write(destination, exception.Error, exception.Form);

    /// <summary>The body as bytes.</summary>
    public static byte[] ToBytes(ApiError error, FormErrors? form = null)
    {
        var buffer = new ArrayBufferWriter<byte>();
        Write(buffer, error, form);
        return buffer.WrittenSpan.ToArray();
    }
}
