using System.Text.Json;
using Discord.Protocol.Errors;
using Id = Discord.Protocol.Snowflake;

namespace Discord.Protocol.Forms;

/// <summary>
/// Reads a request body field by field, with bounds, and collects what is wrong.
/// <code>
/// var form = FormReader.From(body);
/// var name = form.String("name", min: 1, max: 100, required: true);
/// var topic = form.OptionalString("topic", max: 1024);              // absent, null or a value
/// var slowmode = form.Int("rate_limit_per_user", 0, 21600);
/// var fields = form.Array("fields", 25, field => (field.String("name", 1, 256, required: true), …));
/// form.ThrowIfInvalid();
/// </code>
/// The plain methods return null for absent and null fields alike, and for fields that were wrong; the <c>Optional…</c> ones tell absent
/// from null. A field that is required may not be null. Lengths count code points, bounds are inclusive. Numbers and ids may be numeric
/// strings, booleans may be the texts of query strings, so that form-encoded bodies can be read as an object of strings.
/// A body that is missing reads as an empty object. See the API reference, "Error Messages".
/// </summary>
public sealed partial class FormReader : FieldReader
{
    private readonly JsonElement _body;
    private bool _complained;

    private FormReader(JsonElement body, FormErrors errors, string path)
        : base(errors, path) => _body = body;

    /// <summary>A reader of a whole body. A default element (no body) and null read as an empty object.</summary>
    public static FormReader From(JsonElement body) => new(body, new FormErrors(), "");

    /// <summary>A reader of a body's UTF-8 bytes; see <see cref="JsonBody.Parse"/>.</summary>
    /// <exception cref="ApiException">50109: the bytes are no JSON.</exception>
    public static FormReader Parse(ReadOnlySpan<byte> utf8) => From(JsonBody.Parse(utf8));

    /// <summary>A reader of form fields (<c>application/x-www-form-urlencoded</c>, plain parts of <c>multipart/form-data</c>). Of a
    /// repeated name the last counts.</summary>
    public static FormReader FromFields(IEnumerable<KeyValuePair<string, string>> fields) => From(JsonBody.FromFields(fields));

    /// <summary>The element this reader stands on.</summary>
    public JsonElement Body => _body;

    /// <summary>True when the key is there, with null or a value.</summary>
    public bool Has(string name) => Find(name, out _);

    /// <summary>True when the key is there with null.</summary>
    public bool IsNull(string name) => Find(name, out var element) && element.ValueKind == JsonValueKind.Null;

    /// <summary>The field's raw element; null when absent.</summary>
    public JsonElement? Raw(string name) => Find(name, out var element) ? element : null;

    /// <summary>Text. With <paramref name="trim"/> white space around it is cut before it is measured (names, embeds, content).</summary>
    public string? String(string name, int min = 0, int max = int.MaxValue, bool required = false, bool trim = false) =>
        OptionalFields.OrNullReference(Read(name, required, new TextBounds(min, max, trim), ToText));

    /// <inheritdoc cref="String"/>
    public Optional<string> OptionalString(string name, int min = 0, int max = int.MaxValue, bool required = false, bool trim = false) =>
        Read(name, required, new TextBounds(min, max, trim), ToText);

    /// <summary>One of the given texts.</summary>
    public string? Choice(string name, ReadOnlySpan<string> allowed, bool required = false) =>
        String(name, required: required) is { } text ? CheckedChoice(name, text, allowed) : null;

    /// <summary>A 32-bit whole number within inclusive bounds.</summary>
    public int? Int(string name, int min = int.MinValue, int max = int.MaxValue, bool required = false) =>
        Read(name, required, (Min: (long)min, Max: (long)max), ToLong).Map(static value => (int)value).OrNull();

    /// <inheritdoc cref="Int"/>
    public Optional<int> OptionalInt(string name, int min = int.MinValue, int max = int.MaxValue, bool required = false) =>
        Read(name, required, (Min: (long)min, Max: (long)max), ToLong).Map(static value => (int)value);

    /// <summary>A 64-bit whole number within inclusive bounds.</summary>
    public long? Long(string name, long min = long.MinValue, long max = long.MaxValue, bool required = false) =>
        Read(name, required, (min, max), ToLong).OrNull();

    /// <summary>A real number within inclusive bounds.</summary>
    public double? Double(string name, double min = double.MinValue, double max = double.MaxValue, bool required = false) =>
        OptionalDouble(name, min, max, required).OrNull();

    /// <inheritdoc cref="Double"/>
    public Optional<double> OptionalDouble(
        string name, double min = double.MinValue, double max = double.MaxValue, bool required = false) =>
        Read(name, required, (min, max), ToDouble);

    /// <summary>True or false.</summary>
    public bool? Bool(string name, bool required = false) => OptionalBool(name, required).OrNull();

    /// <inheritdoc cref="Bool"/>
    public Optional<bool> OptionalBool(string name, bool required = false) => Read(name, required, 0, ToBool);

    /// <summary>An id.</summary>
    public Id? Snowflake(string name, bool required = false) => OptionalSnowflake(name, required).OrNull();

    /// <inheritdoc cref="Snowflake"/>
    public Optional<Id> OptionalSnowflake(string name, bool required = false) => Read(name, required, 0, ToSnowflake);

    /// <summary>A defined value of an enumeration, or one of <paramref name="allowed"/> when given.</summary>
    public TEnum? Enum<TEnum>(string name, ReadOnlySpan<TEnum> allowed = default, bool required = false)
        where TEnum : struct, Enum => OptionalEnum(name, allowed, required).OrNull();

    /// <inheritdoc cref="Enum"/>
    public Optional<TEnum> OptionalEnum<TEnum>(string name, ReadOnlySpan<TEnum> allowed = default, bool required = false)
        where TEnum : struct, Enum
    {
        var number = Read(name, required, (long.MinValue, long.MaxValue), ToLong);
        if (!number.HasValue)
            return number.IsNull ? Optional<TEnum>.Null : default;
        return CheckedEnum(name, number.Value, allowed) is { } value ? value : default(Optional<TEnum>);
    }

    /// <summary>Bits of a flags enumeration; those outside <paramref name="settable"/> are ignored, as Discord does.</summary>
    public TEnum? Flags<TEnum>(string name, TEnum settable, bool required = false)
        where TEnum : struct, Enum =>
        Long(name, 0, long.MaxValue, required) is { } bits
            ? (TEnum)System.Enum.ToObject(typeof(TEnum), bits & Convert.ToInt64(settable))
            : null;

    /// <summary>Permission bits, string or number; undefined bits are dropped.</summary>
    public Permissions? Permissions(string name, bool required = false) => OptionalPermissions(name, required).OrNull();

    /// <inheritdoc cref="Permissions"/>
    public Optional<Permissions> OptionalPermissions(string name, bool required = false) => Read(name, required, 0, ToPermissions);

    /// <summary>An ISO 8601 time; without offset it is UTC.</summary>
    public DateTimeOffset? Timestamp(string name, bool required = false) => OptionalTimestamp(name, required).OrNull();

    /// <inheritdoc cref="Timestamp"/>
    public Optional<DateTimeOffset> OptionalTimestamp(string name, bool required = false) => Read(name, required, 0, ToTimestamp);

    /// <summary>A colour, 0 to 0xFFFFFF.</summary>
    public int? Color(string name, bool required = false) => Int(name, 0, 0xFFFFFF, required);

    /// <inheritdoc cref="Color"/>
    public Optional<int> OptionalColor(string name, bool required = false) => OptionalInt(name, 0, 0xFFFFFF, required);

    /// <summary>An image as a base64 data URI.</summary>
    public ImageData? ImageData(string name, int maxBytes, ImageFormat formats = ImageFormat.Any, bool required = false) =>
        OptionalFields.OrNullReference(OptionalImageData(name, maxBytes, formats, required));

    /// <inheritdoc cref="ImageData"/>
    public Optional<ImageData> OptionalImageData(string name, int maxBytes, ImageFormat formats = ImageFormat.Any, bool required = false) =>
        Read(name, required, (maxBytes, formats), ToImage);

    private bool Find(string name, out JsonElement element)
    {
        element = default;
        if (_body.ValueKind is JsonValueKind.Undefined or JsonValueKind.Null)
            return false;
        if (_body.ValueKind == JsonValueKind.Object)
        {
            try
            {
                return _body.TryGetProperty(name, out element);
            }
            catch (InvalidOperationException)
            {
                // A key with an escaped lone surrogate cannot be compared; the body is not the text it claims to be.
            }
        }
        if (!_complained)
            Fail("", FormError.NotAnObject);
        _complained = true;
        return false;
    }

    private Optional<T> Read<T, TBounds>(string name, bool required, TBounds bounds, Convert<T, TBounds> convert)
        where T : notnull
    {
        var present = Find(name, out var element);
        if (!present || element.ValueKind == JsonValueKind.Null)
        {
            if (required && !_complained)
                Fail(name, FormError.Required);
            return present ? Optional<T>.Null : default;
        }
        return convert(this, name, element, bounds);
    }

    private delegate Optional<T> Convert<T, TBounds>(FormReader reader, string name, JsonElement element, TBounds bounds)
        where T : notnull;

    private readonly record struct TextBounds(int Min, int Max, bool Trim);
}
