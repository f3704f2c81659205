using System.Globalization;
using Discord.Protocol.Errors;

namespace Discord.Protocol.Forms;

/// <summary>How text in requests is measured and turned into values.</summary>
internal static class TextRules
{
    /// <summary>Length in code points: what a person would call characters outside of combined emoji, and independent of the
    /// encoding.</summary>
    public static int Length(string text)
    {
        var length = text.Length;
        foreach (var unit in text)
        {
            if (char.IsLowSurrogate(unit))
                length--;
        }
        return length;
    }

    public static FormError? LengthError(int length, int min, int max)
    {
        if (length >= min && length <= max)
            return null;
        if (min == 0)
            return FormError.MaxLength(max);
        return max == int.MaxValue ? FormError.MinLength(min) : FormError.BadLength(min, max);
    }

    public static bool TryInteger(string text, out long value) =>
        long.TryParse(text.AsSpan().Trim(), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out value);

    /// <summary>The forms that query strings and form bodies have for booleans: true, True, 1, false, False, 0.</summary>
    public static bool TryBoolean(string text, out bool value)
    {
        value = text is "true" or "True" or "1";
        return value || text is "false" or "False" or "0";
    }

    /// <summary>ISO 8601 with date first; a time without offset is UTC.</summary>
    public static bool TryTimestamp(string text, out DateTimeOffset value)
    {
        value = default;
        return text.Length is >= 10 and <= 40 && char.IsAsciiDigit(text[0]) && text[4] == '-' && text[7] == '-'
            && DateTimeOffset.TryParse(
                text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out value);
    }
}
