using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.Json.Serialization;

namespace Discord.Protocol;

/// <summary>
/// A Discord id: milliseconds since <see cref="Epoch"/> in bits 63..22, worker in 21..17, process in 16..12, increment in 11..0.
/// Ordered by time. On the wire it is a decimal string. See the API reference, "Snowflakes".
/// </summary>
/// <param name="Value">All 64 bits.</param>
[JsonConverter(typeof(SnowflakeJsonConverter))]
public readonly record struct Snowflake(ulong Value)
    : IComparable<Snowflake>, ISpanFormattable, IUtf8SpanFormattable, ISpanParsable<Snowflake>, IUtf8SpanParsable<Snowflake>
{
    /// <summary>Unix milliseconds of id 0: 2015-01-01T00:00:00Z.</summary>
    public const long Epoch = 1420070400000;

    /// <summary>The most digits that 64 bits need in decimal.</summary>
    public const int MaxDigits = 20;

    /// <summary>The first id; pages that start at the very beginning use it.</summary>
    public static Snowflake None => default;

    /// <summary>The last id there can be.</summary>
    public static Snowflake MaxValue => new(ulong.MaxValue);

    /// <summary>Creation time in Unix milliseconds.</summary>
    public long UnixMilliseconds => (long)(Value >> 22) + Epoch;

    /// <summary>Creation time, UTC, to the millisecond.</summary>
    public DateTimeOffset Timestamp => DateTimeOffset.FromUnixTimeMilliseconds(UnixMilliseconds);

    /// <summary>Id of the worker that made it, 0..31.</summary>
    public int Worker => (int)(Value >> 17) & 0x1F;

    /// <summary>Id of the process that made it, 0..31.</summary>
    public int Process => (int)(Value >> 12) & 0x1F;

    /// <summary>The rolling increment, 0..4095.</summary>
    public int Increment => (int)Value & 0xFFF;

    /// <summary>The smallest id of the given millisecond. Times before the epoch give <see cref="None"/>, those beyond 42 bits the
    /// largest.</summary>
    public static Snowflake FromTimestamp(DateTimeOffset time)
    {
        var ms = time.ToUnixTimeMilliseconds() - Epoch;
        return ms <= 0 ? None : new Snowflake((ulong)Math.Min(ms, (1L << 42) - 1) << 22);
    }

    /// <summary>Reads 1 to 20 decimal digits and nothing else: no sign, no space, no overflow.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out Snowflake result) => Digits(text, out result);

    /// <inheritdoc cref="TryParse(ReadOnlySpan{char}, out Snowflake)"/>
    public static bool TryParse(ReadOnlySpan<byte> utf8, out Snowflake result) => Digits(utf8, out result);

    /// <inheritdoc cref="TryParse(ReadOnlySpan{char}, out Snowflake)"/>
    public static bool TryParse([NotNullWhen(true)] string? text, out Snowflake result) => Digits(text.AsSpan(), out result);

    /// <inheritdoc cref="TryParse(ReadOnlySpan{char}, out Snowflake)"/>
    public static bool TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, out Snowflake result) =>
        Digits(s.AsSpan(), out result);

    /// <inheritdoc cref="TryParse(ReadOnlySpan{char}, out Snowflake)"/>
    public static bool TryParse(ReadOnlySpan<char> s, IFormatProvider? provider, out Snowflake result) => Digits(s, out result);

    /// <inheritdoc cref="TryParse(ReadOnlySpan{char}, out Snowflake)"/>
    public static bool TryParse(ReadOnlySpan<byte> utf8Text, IFormatProvider? provider, out Snowflake result) =>
        Digits(utf8Text, out result);

    /// <summary>Reads 1 to 20 decimal digits.</summary>
    /// <exception cref="FormatException">The text is no snowflake.</exception>
    public static Snowflake Parse(ReadOnlySpan<char> text) => Digits(text, out var id) ? id : throw NotASnowflake();

    /// <inheritdoc cref="Parse(ReadOnlySpan{char})"/>
    public static Snowflake Parse(string text) => Parse(text.AsSpan());

    /// <inheritdoc cref="Parse(ReadOnlySpan{char})"/>
    public static Snowflake Parse(string s, IFormatProvider? provider) => Parse(s.AsSpan());

    /// <inheritdoc cref="Parse(ReadOnlySpan{char})"/>
    public static Snowflake Parse(ReadOnlySpan<char> s, IFormatProvider? provider) => Parse(s);

    /// <inheritdoc cref="Parse(ReadOnlySpan{char})"/>
    public static Snowflake Parse(ReadOnlySpan<byte> utf8Text, IFormatProvider? provider) =>
        Digits(utf8Text, out var id) ? id : throw NotASnowflake();

    /// <summary>The decimal digits.</summary>
    public override string ToString() => Value.ToString(CultureInfo.InvariantCulture);

    /// <inheritdoc/>
    public string ToString(string? format, IFormatProvider? formatProvider) => ToString();

    /// <inheritdoc/>
    public bool TryFormat(
        Span<char> destination, out int charsWritten, ReadOnlySpan<char> format = default, IFormatProvider? provider = null) =>
        Value.TryFormat(destination, out charsWritten, default, CultureInfo.InvariantCulture);

    /// <inheritdoc/>
    public bool TryFormat(
        Span<byte> utf8Destination, out int bytesWritten, ReadOnlySpan<char> format = default, IFormatProvider? provider = null) =>
        Utf8Formatter.TryFormat(Value, utf8Destination, out bytesWritten);

    /// <inheritdoc/>
    public int CompareTo(Snowflake other) => Value.CompareTo(other.Value);

    /// <summary>Older than.</summary>
    public static bool operator <(Snowflake left, Snowflake right) => left.Value < right.Value;

    /// <summary>Newer than.</summary>
    public static bool operator >(Snowflake left, Snowflake right) => left.Value > right.Value;

    /// <summary>Older than or the same.</summary>
    public static bool operator <=(Snowflake left, Snowflake right) => left.Value <= right.Value;

    /// <summary>Newer than or the same.</summary>
    public static bool operator >=(Snowflake left, Snowflake right) => left.Value >= right.Value;

    private static bool Digits<T>(ReadOnlySpan<T> text, out Snowflake result)
        where T : unmanaged, System.Numerics.IBinaryInteger<T>
    {
        result = default;
        if (text.Length is 0 or > MaxDigits)
            return false;
        ulong value = 0;
        foreach (var unit in text)
        {
            var digit = uint.CreateTruncating(unit) - '0';
            if (digit > 9)
                return false;
            // Twenty digits may exceed 64 bits; nineteen cannot, so only the last step can overflow.
            if (value > ulong.MaxValue / 10 || (value == ulong.MaxValue / 10 && digit > ulong.MaxValue % 10))
                return false;
            value = (value * 10) + digit;
        }
        result = new Snowflake(value);
        return true;
    }

    private static FormatException NotASnowflake() => new("A snowflake is 1 to 20 decimal digits that fit 64 bits.");
}
