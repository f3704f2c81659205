using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Discord.Node.Tests.OpenApi;

/// <summary>
/// Checks a JSON value against the part of JSON Schema that the API's description uses. <c>oneOf</c> is met by a value that meets any
/// alternative: the description's alternatives overlap. Of a value that meets none, the alternative that fits best is reported.
/// </summary>
internal sealed class JsonSchema(JsonObject components)
{
    private const string Reference = "#/components/schemas/";

    /// <summary>What is wrong with <paramref name="value"/>; empty when it is as the schema says.</summary>
    public List<string> Check(JsonNode? value, JsonObject schema, string at)
    {
        List<string> problems = [];
        Check(value, schema, at, problems);
        return problems;
    }

    /// <summary>As <see cref="Check(JsonNode, JsonObject, string)"/>, against a named schema of the description.</summary>
    public List<string> Check(JsonNode? value, string component, string at) => Check(value, Component(component), at);

    private JsonObject Component(string name) =>
        components[name] as JsonObject ?? throw new ArgumentException($"The description has no schema {name}.", nameof(name));

    private void Check(JsonNode? value, JsonObject schema, string at, List<string> problems)
    {
        int before = problems.Count;
        if ((string?)schema["$ref"] is { } reference)
            Check(value, Component(reference[Reference.Length..]), at, problems);
        foreach (JsonNode? part in Array(schema, "allOf"))
            Check(value, part!.AsObject(), at, problems);
        Alternatives(value, schema["oneOf"] ?? schema["anyOf"], at, problems);
        if (schema["type"] is { } type && !IsOneOf(value, type))
            problems.Add($"{at} is {Show(value)} and should be {type.ToJsonString()}");
        if (schema["const"] is { } constant && !JsonNode.DeepEquals(constant, value))
            problems.Add($"{at} is {Show(value)} and should be {constant.ToJsonString()}");
        if (schema["enum"] is JsonArray values && !values.Any(allowed => JsonNode.DeepEquals(allowed, value)))
            problems.Add($"{at} is {Show(value)} and should be one of {values.ToJsonString()}");
        if (problems.Count > before)
            return;
        switch (value)
        {
            case JsonObject o:
                Members(o, schema, at, problems);
                break;
            case JsonArray a:
                Items(a, schema, at, problems);
                break;
            case JsonValue v when v.GetValueKind() == System.Text.Json.JsonValueKind.String:
                Text((string)v!, schema, at, problems);
                break;
            case JsonValue v when v.GetValueKind() == System.Text.Json.JsonValueKind.Number:
                Number((double)v, schema, at, problems);
                break;
        }
    }

    private void Alternatives(JsonNode? value, JsonNode? alternatives, string at, List<string> problems)
    {
        List<string>? best = null;
        foreach (JsonNode? alternative in alternatives?.AsArray() ?? [])
        {
            List<string> found = Check(value, alternative!.AsObject(), at);
            if (found.Count == 0)
                return;
            if (best is null || Misfit(found, at) < Misfit(best, at))
                best = found;
        }
        problems.AddRange(best ?? []);
    }

    // Alternatives are told apart by their type first.
    private static int Misfit(List<string> problems, string at) =>
        problems.Count + (problems.Exists(p => p.StartsWith($"{at}.type is ", StringComparison.Ordinal)) ? 1_000 : 0);

    private void Members(JsonObject value, JsonObject schema, string at, List<string> problems)
    {
        foreach (JsonNode? key in Array(schema, "required"))
        {
            if (!value.ContainsKey((string)key!))
                problems.Add($"{at} has no {(string)key!}");
        }
        JsonObject? properties = schema["properties"] as JsonObject;
        foreach ((string key, JsonNode? member) in value)
        {
            if (properties?[key] is JsonObject known)
                Check(member, known, $"{at}.{key}", problems);
            else if (schema["additionalProperties"] is JsonObject others)
                Check(member, others, $"{at}.{key}", problems);
            else if (schema["additionalProperties"] is JsonValue allowed && !(bool)allowed)
                problems.Add($"{at} may not have {key}");
            else if (properties is not null && member is null)
                problems.Add($"{at}.{key} is null and should not be there");
        }
    }

    private void Items(JsonArray value, JsonObject schema, string at, List<string> problems)
    {
        if (value.Count < ((int?)schema["minItems"] ?? 0) || value.Count > ((int?)schema["maxItems"] ?? int.MaxValue))
            problems.Add($"{at} has {value.Count} items");
        if ((bool?)schema["uniqueItems"] == true && value.Select(item => item?.ToJsonString()).Distinct().Count() < value.Count)
            problems.Add($"{at} repeats an item: {Show(value)}");
        for (int i = 0; schema["items"] is JsonObject items && i < value.Count; i++)
            Check(value[i], items, $"{at}[{i}]", problems);
    }

    private static void Text(string value, JsonObject schema, string at, List<string> problems)
    {
        int length = new StringInfo(value).LengthInTextElements;
        if (length < ((int?)schema["minLength"] ?? 0) || length > ((int?)schema["maxLength"] ?? int.MaxValue))
            problems.Add($"{at} has {length} characters");
        if ((string?)schema["pattern"] is { } pattern && !Regex.IsMatch(value, pattern))
            problems.Add($"{at} is \"{value}\", which {pattern} does not match");
        bool formed = (string?)schema["format"] switch
        {
            "snowflake" => ulong.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out _),
            "date-time" => Regex.IsMatch(value, @"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{6})?\+00:00$")
                && DateTimeOffset.TryParse(value, CultureInfo.InvariantCulture, out _),
            "uri" => Uri.TryCreate(value, UriKind.Absolute, out _),
            "nonce" or null => true,
            var other => throw new NotSupportedException($"The description has a format that this test does not know: {other}."),
        };
        if (!formed)
            problems.Add($"{at} is \"{value}\", no {(string?)schema["format"]}");
    }

    private static void Number(double value, JsonObject schema, string at, List<string> problems)
    {
        (double least, double most) = (string?)schema["format"] switch
        {
            "int32" => (int.MinValue, int.MaxValue),
            "int64" => (long.MinValue, long.MaxValue),
            _ => (double.MinValue, double.MaxValue),
        };
        if (value < Math.Max(least, (double?)schema["minimum"] ?? least) || value > Math.Min(most, (double?)schema["maximum"] ?? most))
            problems.Add($"{at} is {value}");
    }

    private static bool IsOneOf(JsonNode? value, JsonNode type) =>
        type is JsonArray types ? types.Any(t => Is(value, (string)t!)) : Is(value, (string)type!);

    private static bool Is(JsonNode? value, string type) => type switch
    {
        "null" => value is null,
        "object" => value is JsonObject,
        "array" => value is JsonArray,
        "string" => value?.GetValueKind() == System.Text.Json.JsonValueKind.String,
        "boolean" => value?.GetValueKind() is System.Text.Json.JsonValueKind.True or System.Text.Json.JsonValueKind.False,
        "number" => value?.GetValueKind() == System.Text.Json.JsonValueKind.Number,
        "integer" => value?.GetValueKind() == System.Text.Json.JsonValueKind.Number && double.IsInteger((double)value),
        _ => throw new NotSupportedException($"The description has a type that this test does not know: {type}."),
    };

    private static JsonArray Array(JsonObject schema, string key) => schema[key] as JsonArray ?? [];

    private static string Show(JsonNode? value)
    {
        string text = value?.ToJsonString() ?? "null";
        return text.Length > 120 ? text[..120] + "…" : text;
    }
}
