using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Discord.Protocol.Payloads;

/// <summary>
/// Times as they stand on the wire: ISO 8601 in UTC with <c>+00:00</c>, six decimals of a second or none. There are readers that take no
/// other count of decimals.
/// </summary>
public static class WireTime
{
    /// <summary>Bytes that every time fits in.</summary>
    internal const int MaxLength = 32;

    /// <summary>Writes a property.</summary>
    public static void WriteTime(this Utf8JsonWriter writer, ReadOnlySpan<byte> name, DateTimeOffset time)
    {
        Span<byte> text = stackalloc byte[MaxLength];
        writer.WriteString(name, text[..Format(time, text)]);
    }

    /// <inheritdoc cref="WriteTime(Utf8JsonWriter, ReadOnlySpan{byte}, DateTimeOffset)"/>
    public static void WriteTime(this Utf8JsonWriter writer, string name, DateTimeOffset time)
    {
        Span<byte> text = stackalloc byte[MaxLength];
        writer.WriteString(name, text[..Format(time, text)]);
    }

    internal static int Format(DateTimeOffset time, Span<byte> text)
    {
        time = time.ToUniversalTime();
        bool whole = time.Ticks % TimeSpan.TicksPerSecond < TimeSpan.TicksPerMicrosecond;
        string format = whole ? "yyyy-MM-ddTHH:mm:sszzz" : "yyyy-MM-ddTHH:mm:ss.ffffffzzz";
        return time.TryFormat(text, out int length, format, CultureInfo.InvariantCulture)
            ? length
            : throw new InvalidOperationException("A time is longer than every time is.");
    }
}

internal sealed class WireTimeConverter : JsonConverter<DateTimeOffset>
{
    public override DateTimeOffset Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.GetDateTimeOffset();

    public override void Write(Utf8JsonWriter writer, DateTimeOffset value, JsonSerializerOptions options)
    {
        Span<byte> text = stackalloc byte[WireTime.MaxLength];
        writer.WriteStringValue(text[..WireTime.Format(value, text)]);
    }
}
