using System.Text.Json;
using System.Text.Json.Serialization;

namespace Discord.Protocol;

/// <summary>Writes a decimal string; reads a decimal string or a number; works as a dictionary key.</summary>
public sealed class SnowflakeJsonConverter : JsonConverter<Snowflake>
{
    /// <inheritdoc/>
    public override Snowflake Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => reader.TokenType switch
    {
        JsonTokenType.Number when reader.TryGetUInt64(out var number) => new Snowflake(number),
        JsonTokenType.String => Text(ref reader),
        _ => throw new JsonException("A snowflake is a decimal string or a number."),
    };

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, Snowflake value, JsonSerializerOptions options)
    {
        Span<byte> digits = stackalloc byte[Snowflake.MaxDigits];
        value.TryFormat(digits, out var length);
        writer.WriteStringValue(digits[..length]);
    }

    /// <inheritdoc/>
    public override Snowflake ReadAsPropertyName(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        Text(ref reader);

    /// <inheritdoc/>
    public override void WriteAsPropertyName(Utf8JsonWriter writer, Snowflake value, JsonSerializerOptions options)
    {
        Span<byte> digits = stackalloc byte[Snowflake.MaxDigits];
        value.TryFormat(digits, out var length);
        writer.WritePropertyName(digits[..length]);
    }

    private static Snowflake Text(ref Utf8JsonReader reader)
    {
        // Six bytes a digit is what a fully escaped snowflake takes; anything longer is none.
        Span<byte> utf8 = stackalloc byte[Snowflake.MaxDigits * 6];
        var raw = reader.HasValueSequence ? reader.ValueSequence.Length : reader.ValueSpan.Length;
        if (raw <= utf8.Length && Snowflake.TryParse(utf8[..reader.CopyString(utf8)], out var id))
            return id;
        throw new JsonException("A snowflake is 1 to 20 decimal digits that fit 64 bits.");
    }
}
