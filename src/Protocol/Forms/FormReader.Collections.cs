using System.Text.Json;
using Discord.Protocol.Errors;
using Id = Discord.Protocol.Snowflake;

namespace Discord.Protocol.Forms;

/// <summary>Objects and arrays within the body. Elements beyond the limit are never read.</summary>
public sealed partial class FormReader
{
    /// <summary>An object, read by <paramref name="read"/>; null when absent, null or wrong.</summary>
    public T? Object<T>(string name, Func<FormReader, T> read, bool required = false)
        where T : class => OptionalFields.OrNullReference(OptionalObject(name, read, required));

    /// <inheritdoc cref="Object"/>
    public Optional<T> OptionalObject<T>(string name, Func<FormReader, T> read, bool required = false)
        where T : notnull => Read(name, required, read, static (reader, name, element, read) =>
            element.ValueKind == JsonValueKind.Object
                ? read(new FormReader(element, reader.Errors, FormErrors.Join(reader.Path, name)))
                : Failed<T>(reader, name, FormError.NotAnObject));

    /// <summary>A reader of the object at <paramref name="name"/>; null when absent, null or no object (which is an error).</summary>
    public FormReader? Sub(string name, bool required = false) => Object(name, static reader => reader, required);

    /// <summary>An array of objects, each read by <paramref name="read"/>.</summary>
    public List<T>? Array<T>(string name, int max, Func<FormReader, T> read, int min = 0, bool required = false) =>
        OptionalFields.OrNullReference(OptionalArray(name, max, read, min, required));

    /// <inheritdoc cref="Array"/>
    public Optional<List<T>> OptionalArray<T>(string name, int max, Func<FormReader, T> read, int min = 0, bool required = false) =>
        Read(name, required, (min, max, read), static (reader, name, element, bounds) =>
            reader.Elements(name, element, bounds.min, bounds.max, (bounds.read, reader), static (path, item, with) =>
                with.read(new FormReader(item, with.reader.Errors, path))));

    /// <summary>The body itself as an array of objects, for routes that take one. Null when it is none or has too many.</summary>
    public List<T>? Items<T>(int max, Func<FormReader, T> read, int min = 0)
    {
        if (_body.ValueKind is JsonValueKind.Undefined or JsonValueKind.Null)
        {
            Fail("", FormError.Required);
            return null;
        }
        return OptionalFields.OrNullReference(Elements("", _body, min, max, (read, reader: this), static (path, item, with) =>
            with.read(new FormReader(item, with.reader.Errors, path))));
    }

    /// <summary>An array of ids. Duplicates are kept; <see cref="SnowflakeSet"/> drops them.</summary>
    public List<Id>? SnowflakeArray(string name, int max, int min = 0, bool required = false) =>
        OptionalFields.OrNullReference(OptionalSnowflakeArray(name, max, min, required));

    /// <inheritdoc cref="SnowflakeArray"/>
    public Optional<List<Id>> OptionalSnowflakeArray(string name, int max, int min = 0, bool required = false) =>
        Read(name, required, (min, max), static (reader, name, element, bounds) =>
            reader.Elements(name, element, bounds.min, bounds.max, reader, static (path, item, with) =>
            {
                if (TrySnowflake(item, out var id))
                    return id;
                with.Errors.Add(path, FormError.NotASnowflake(Shown(item)));
                return default;
            }));

    /// <summary>An array of ids in which each stands once, in the order of first appearance.</summary>
    public List<Id>? SnowflakeSet(string name, int max, int min = 0, bool required = false) =>
        SnowflakeArray(name, max, min, required) is { } list ? [.. list.Distinct()] : null;

    /// <summary>An array of texts, each within the bounds of length.</summary>
    public List<string>? StringArray(
        string name, int max, int minLength = 0, int maxLength = int.MaxValue, int min = 0, bool required = false) =>
        OptionalFields.OrNullReference(OptionalStringArray(name, max, minLength, maxLength, min, required));

    /// <inheritdoc cref="StringArray"/>
    public Optional<List<string>> OptionalStringArray(
        string name, int max, int minLength = 0, int maxLength = int.MaxValue, int min = 0, bool required = false) =>
        Read(name, required, (min, max, minLength, maxLength), static (reader, name, element, bounds) =>
        {
            var with = (reader, bounds.minLength, bounds.maxLength);
            return reader.Elements(name, element, bounds.min, bounds.max, with, static (path, item, with) =>
            {
                var text = TextOf(item);
                var error = text is null
                    ? FormError.NotAString(Shown(item))
                    : TextRules.LengthError(TextRules.Length(text), with.minLength, with.maxLength);
                if (error is { } wrong)
                    with.reader.Errors.Add(path, wrong);
                return text ?? "";
            });
        });

    /// <summary>An array of whole numbers within inclusive bounds.</summary>
    public List<int>? IntArray(
        string name, int max, int minValue = int.MinValue, int maxValue = int.MaxValue, int min = 0, bool required = false) =>
        OptionalFields.OrNullReference(Read(name, required, (min, max, minValue, maxValue), static (reader, name, element, bounds) =>
            reader.Elements(name, element, bounds.min, bounds.max, (reader, bounds.minValue, bounds.maxValue), static (path, item, with) =>
            {
                if (!TryLong(item, out var value))
                    with.reader.Errors.Add(path, FormError.NotAnInteger(Shown(item)));
                else if (value < with.minValue)
                    with.reader.Errors.Add(path, FormError.NumberMin(with.minValue));
                else if (value > with.maxValue)
                    with.reader.Errors.Add(path, FormError.NumberMax(with.maxValue));
                else
                    return (int)value;
                return 0;
            })));

    /// <summary>An object of texts, as localisations are. Keys must be among <paramref name="keys"/> unless that is empty.</summary>
    public Optional<Dictionary<string, string>> OptionalStringMap(
        string name, int minLength, int maxLength, int max = 64, IReadOnlySet<string>? keys = null) =>
        Read(name, false, (minLength, maxLength, max, keys), static (reader, name, element, bounds) =>
        {
            if (element.ValueKind != JsonValueKind.Object)
                return Failed<Dictionary<string, string>>(reader, name, FormError.NotAnObject);
            var map = new Dictionary<string, string>();
            var sub = new FormReader(element, reader.Errors, FormErrors.Join(reader.Path, name));
            foreach (var property in element.EnumerateObject())
            {
                if (map.Count == bounds.max)
                    return Failed<Dictionary<string, string>>(reader, name, FormError.MaxLength(bounds.max));
                if (KeyOf(property) is not { } key || (bounds.keys is { } allowed && !allowed.Contains(key)))
                    sub.Fail("", new FormError("DICT_TYPE_INVALID_KEY", "The key is not allowed here"));
                else if (property.Value.ValueKind != JsonValueKind.Null
                    && ToText(sub, key, property.Value, new TextBounds(bounds.minLength, bounds.maxLength, false)).TryGet(out var text))
                    map[key] = text;
            }
            return map;
        });

    private static string? KeyOf(JsonProperty property)
    {
        try
        {
            return property.Name;
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }

    private Optional<List<T>> Elements<T, TWith>(
        string name, JsonElement element, int min, int max, TWith with, Func<string, JsonElement, TWith, T> read)
    {
        if (element.ValueKind != JsonValueKind.Array)
            return Failed<List<T>>(this, name, FormError.NotAList);
        var count = element.GetArrayLength();
        if (!CheckedLength(name, count, min, max))
            return default;
        var path = name.Length == 0 ? Path : FormErrors.Join(Path, name);
        var list = new List<T>(count);
        foreach (var item in element.EnumerateArray())
            list.Add(read(FormErrors.Join(path, list.Count), item, with));
        return list;
    }
}
