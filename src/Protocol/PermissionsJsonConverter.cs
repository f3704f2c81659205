using System.Buffers.Text;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Discord.Protocol;

/// <summary>Writes permission bits as a decimal string; reads a decimal string or a number. Undefined bits are kept.</summary>
public sealed class PermissionsJsonConverter : JsonConverter<Permissions>
{
    /// <inheritdoc/>
    public override Permissions Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType == JsonTokenType.Number && reader.TryGetUInt64(out var number))
            return (Permissions)number;
        if (reader.TokenType == JsonTokenType.String && Snowflake.TryParse(reader.GetString(), out var bits))
            return (Permissions)bits.Value;
        throw new JsonException("Permissions are a decimal string or a number that fits 64 bits.");
    }

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, Permissions value, JsonSerializerOptions options)
    {
        Span<byte> digits = stackalloc byte[Snowflake.MaxDigits];
        Utf8Formatter.TryFormat((ulong)value, digits, out var length);
        writer.WriteStringValue(digits[..length]);
    }
}
