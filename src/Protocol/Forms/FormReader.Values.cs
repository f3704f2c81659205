using System.Text.Json;
using Discord.Protocol.Errors;
using Id = Discord.Protocol.Snowflake;

namespace Discord.Protocol.Forms;

/// <summary>How one element becomes one value.</summary>
public sealed partial class FormReader
{
    private static Optional<T> Failed<T>(FormReader reader, string name, FormError error)
        where T : notnull
    {
        reader.Fail(name, error);
        return default;
    }

    /// <summary>The element's text, or null when it is no text or holds a lone surrogate.</summary>
    private static string? TextOf(JsonElement element)
    {
        if (element.ValueKind != JsonValueKind.String)
            return null;
        try
        {
            return element.GetString();
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }

    private static string Shown(JsonElement element) => TextOf(element) ?? element.ValueKind switch
    {
        JsonValueKind.Number => element.GetRawText(),
        JsonValueKind.True => "True",
        JsonValueKind.False => "False",
        JsonValueKind.Array => "[...]",
        JsonValueKind.Object => "{...}",
        _ => "",
    };

    private static Optional<string> ToText(FormReader reader, string name, JsonElement element, TextBounds bounds)
    {
        // Numbers are taken as their digits: nonces and option values come as both.
        var text = element.ValueKind == JsonValueKind.Number ? element.GetRawText() : TextOf(element);
        if (text is null)
            return Failed<string>(reader, name, FormError.NotAString(Shown(element)));
        if (bounds.Trim)
            text = text.Trim();
        return reader.Checked(name, text, bounds.Min, bounds.Max) is { } good ? good : default(Optional<string>);
    }

    private static bool TryLong(JsonElement element, out long value)
    {
        if (element.ValueKind == JsonValueKind.Number)
        {
            if (element.TryGetInt64(out value))
                return true;
            // 5.0 is a whole number too; beyond 2^53 a double no longer tells.
            if (element.TryGetDouble(out var real) && Math.Abs(real) <= 1L << 53 && Math.Floor(real) == real)
            {
                value = (long)real;
                return true;
            }
            return false;
        }
        value = 0;
        return TextOf(element) is { } text && TextRules.TryInteger(text, out value);
    }

    private static Optional<long> ToLong(FormReader reader, string name, JsonElement element, (long Min, long Max) bounds)
    {
        if (!TryLong(element, out var value))
            return Failed<long>(reader, name, FormError.NotAnInteger(Shown(element)));
        return reader.CheckedRange(name, value, bounds.Min, bounds.Max) ? value : default(Optional<long>);
    }

    private static Optional<double> ToDouble(FormReader reader, string name, JsonElement element, (double Min, double Max) bounds)
    {
        var good = element.ValueKind == JsonValueKind.Number
            ? element.TryGetDouble(out var value)
            : double.TryParse(
                TextOf(element), System.Globalization.NumberStyles.Float, System.Globalization.CultureInfo.InvariantCulture, out value);
        if (!good || !double.IsFinite(value))
            return Failed<double>(reader, name, FormError.NotANumber(Shown(element)));
        if (value < bounds.Min)
            return Failed<double>(reader, name, FormError.NumberMin(bounds.Min));
        return value > bounds.Max ? Failed<double>(reader, name, FormError.NumberMax(bounds.Max)) : value;
    }

    private static Optional<bool> ToBool(FormReader reader, string name, JsonElement element, int unused)
    {
        if (element.ValueKind is JsonValueKind.True or JsonValueKind.False)
            return element.ValueKind == JsonValueKind.True;
        var text = element.ValueKind == JsonValueKind.Number ? element.GetRawText() : TextOf(element);
        return text is not null && TextRules.TryBoolean(text, out var value) ? value : Failed<bool>(reader, name, FormError.NotABoolean);
    }

    private static bool TrySnowflake(JsonElement element, out Id id)
    {
        id = default;
        if (element.ValueKind != JsonValueKind.Number)
            return Id.TryParse(TextOf(element), out id);
        var good = element.TryGetUInt64(out var number);
        id = new Id(number);
        return good;
    }

    private static Optional<Id> ToSnowflake(FormReader reader, string name, JsonElement element, int unused) =>
        TrySnowflake(element, out var id) ? id : Failed<Id>(reader, name, FormError.NotASnowflake(Shown(element)));

    private static Optional<Permissions> ToPermissions(FormReader reader, string name, JsonElement element, int unused) =>
        TrySnowflake(element, out var bits)
            ? (Permissions)bits.Value & Protocol.Permissions.All
            : Failed<Permissions>(reader, name, FormError.NotAnInteger(Shown(element)));

    private static Optional<DateTimeOffset> ToTimestamp(FormReader reader, string name, JsonElement element, int unused) =>
        TextOf(element) is { } text && TextRules.TryTimestamp(text, out var time)
            ? time
            : Failed<DateTimeOffset>(reader, name, FormError.NotADate(Shown(element)));

    private static Optional<ImageData> ToImage(
        FormReader reader, string name, JsonElement element, (int MaxBytes, ImageFormat Formats) bounds)
    {
        var tooLarge = false;
        if (TextOf(element) is { } uri
            && Forms.ImageData.TryParse(uri, bounds.MaxBytes, out tooLarge, out var image)
            && (image.Format & bounds.Formats) != 0)
            return image;
        return Failed<ImageData>(reader, name, tooLarge ? FormError.ImageTooLarge(bounds.MaxBytes) : FormError.InvalidImage);
    }
}
