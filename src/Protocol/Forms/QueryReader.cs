using Discord.Protocol.Errors;
using Id = Discord.Protocol.Snowflake;

namespace Discord.Protocol.Forms;

/// <summary>
/// Reads query parameters as <see cref="FormReader"/> reads bodies: bounds, defaults, all errors at once. Booleans are true, True, 1,
/// false, False, 0; arrays are the parameter repeated. An empty value counts as absent for all but <see cref="String"/>.
/// </summary>
public sealed class QueryReader : FieldReader
{
    private readonly Func<string, IReadOnlyList<string?>> _lookup;

    /// <summary>Reads over a look-up that returns all values of a key, none when it is absent.</summary>
    public QueryReader(Func<string, IReadOnlyList<string?>> lookup)
        : base(new FormErrors(), "") => _lookup = lookup;

    /// <summary>Reads over a raw query string, with or without the question mark. Keys beyond 1,000 are ignored.</summary>
    public static QueryReader FromQueryString(string? query)
    {
        if (string.IsNullOrEmpty(query) || query == "?")
            return new QueryReader(static _ => []);
        var values = new Dictionary<string, List<string?>>();
        var rest = query.AsSpan(query[0] == '?' ? 1 : 0);
        for (var count = 0; count < 1000 && !rest.IsEmpty; count++)
        {
            var end = rest.IndexOf('&');
            var pair = end < 0 ? rest : rest[..end];
            rest = end < 0 ? [] : rest[(end + 1)..];
            if (pair.IsEmpty)
                continue;
            var equals = pair.IndexOf('=');
            var key = Decode(equals < 0 ? pair : pair[..equals]);
            if (!values.TryGetValue(key, out var list))
                values.Add(key, list = []);
            list.Add(equals < 0 ? "" : Decode(pair[(equals + 1)..]));
        }
        return new QueryReader(key => values.TryGetValue(key, out var list) ? list : []);
    }

    /// <summary>True when the key is there.</summary>
    public bool Has(string name) => _lookup(name).Count > 0;

    /// <summary>Text, lengths in code points.</summary>
    public string? String(string name, int min = 0, int max = int.MaxValue, bool required = false) =>
        First(name, required, keepEmpty: true) is { } text ? Checked(name, text, min, max) : null;

    /// <summary>One of the given texts.</summary>
    public string? Choice(string name, ReadOnlySpan<string> allowed, bool required = false) =>
        First(name, required) is { } text ? CheckedChoice(name, text, allowed) : null;

    /// <summary>A whole number within inclusive bounds.</summary>
    public int? Int(string name, int min = int.MinValue, int max = int.MaxValue, bool required = false) =>
        First(name, required) is { } text ? Integer(name, text, min, max) : null;

    /// <summary>A whole number within inclusive bounds, or <paramref name="fallback"/> when absent.</summary>
    public int IntOr(string name, int fallback, int min = int.MinValue, int max = int.MaxValue) => Int(name, min, max) ?? fallback;

    /// <summary>An id.</summary>
    public Id? Snowflake(string name, bool required = false) => First(name, required) is { } text ? ToId(name, text) : null;

    /// <summary>A boolean.</summary>
    public bool? Bool(string name, bool required = false)
    {
        if (First(name, required) is not { } text)
            return null;
        if (TextRules.TryBoolean(text, out var value))
            return value;
        Fail(name, FormError.NotABoolean);
        return null;
    }

    /// <summary>A defined value of an enumeration, or one of <paramref name="allowed"/> when given.</summary>
    public TEnum? Enum<TEnum>(string name, ReadOnlySpan<TEnum> allowed = default, bool required = false)
        where TEnum : struct, Enum =>
        First(name, required) is { } text && Integer(name, text, int.MinValue, int.MaxValue) is { } number
            ? CheckedEnum(name, number, allowed)
            : null;

    /// <summary>An ISO 8601 time; without offset it is UTC.</summary>
    public DateTimeOffset? Timestamp(string name, bool required = false)
    {
        if (First(name, required) is not { } text)
            return null;
        if (TextRules.TryTimestamp(text, out var time))
            return time;
        Fail(name, FormError.NotADate(text));
        return null;
    }

    /// <summary>All values of a repeated parameter. With <paramref name="commas"/> each may hold several, divided by commas.</summary>
    public List<string> Strings(string name, int max, int maxLength = int.MaxValue, bool commas = false)
    {
        var result = new List<string>();
        foreach (var value in _lookup(name))
        {
            if (string.IsNullOrEmpty(value))
                continue;
            if (commas)
                result.AddRange(value.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));
            else
                result.Add(value);
        }
        if (!CheckedLength(name, result.Count, 0, max))
            return [];
        for (var i = 0; i < result.Count; i++)
            Checked(FormErrors.Join(name, i), result[i], 0, maxLength);
        return result;
    }

    /// <summary>All ids of a repeated parameter. With <paramref name="commas"/> each value may hold several, divided by commas.</summary>
    public List<Id> Snowflakes(string name, int max, bool commas = false)
    {
        var result = new List<Id>();
        foreach (var text in Strings(name, max, commas: commas))
        {
            if (ToId(FormErrors.Join(name, result.Count), text) is { } id)
                result.Add(id);
        }
        return result;
    }

    private static string Decode(ReadOnlySpan<char> text)
    {
        var plain = text.ToString().Replace('+', ' ');
        return plain.Contains('%') ? Uri.UnescapeDataString(plain) : plain;
    }

    private string? First(string name, bool required, bool keepEmpty = false)
    {
        var values = _lookup(name);
        var value = values.Count > 0 ? values[0] ?? "" : null;
        if (value is { Length: 0 } && !keepEmpty)
            value = null;
        if (value is null && required)
            Fail(name, FormError.Required);
        return value;
    }

    private int? Integer(string name, string text, int min, int max)
    {
        if (!TextRules.TryInteger(text, out var value))
        {
            Fail(name, FormError.NotAnInteger(text));
            return null;
        }
        return CheckedRange(name, value, min, max) ? (int)value : null;
    }

    private Id? ToId(string name, string text)
    {
        if (Id.TryParse(text, out var id))
            return id;
        Fail(name, FormError.NotASnowflake(text));
        return null;
    }
}
