using System.Text.Json;

namespace Discord.Node.Rest.Interactions;

/// <summary>
/// Reads what an application has defined: a command's options, a component. It was checked when it was stored: what is absent has its
/// default.
/// </summary>
internal readonly struct Defined(JsonElement element)
{
    public JsonElement Element => element;

    public int Type => Int("type") ?? 0;

    public string Name => Text("name") ?? "";

    public string? CustomId => Text("custom_id");

    /// <summary>The elements of an array; none when it is absent.</summary>
    public IEnumerable<Defined> Items(string name) =>
        element.TryGetProperty(name, out JsonElement array) && array.ValueKind == JsonValueKind.Array
            ? array.EnumerateArray().Select(static item => new Defined(item))
            : [];

    public Defined? Sub(string name) =>
        element.TryGetProperty(name, out JsonElement sub) && sub.ValueKind == JsonValueKind.Object ? new Defined(sub) : null;

    public string? Text(string name) =>
        element.TryGetProperty(name, out JsonElement text) && text.ValueKind == JsonValueKind.String ? text.GetString() : null;

    public int? Int(string name) => (int?)Long(name);

    public long? Long(string name) =>
        element.TryGetProperty(name, out JsonElement number) && number.ValueKind == JsonValueKind.Number ? number.GetInt64() : null;

    public double? Double(string name) =>
        element.TryGetProperty(name, out JsonElement number) && number.ValueKind == JsonValueKind.Number ? number.GetDouble() : null;

    public bool Flag(string name, bool fallback = false) =>
        element.TryGetProperty(name, out JsonElement flag) && flag.ValueKind is JsonValueKind.True or JsonValueKind.False
            ? flag.GetBoolean()
            : fallback;

    /// <summary>Numbers of an array; null when it is absent or empty, which allows all.</summary>
    public HashSet<int>? Numbers(string name) =>
        element.TryGetProperty(name, out JsonElement array) && array.ValueKind == JsonValueKind.Array && array.GetArrayLength() > 0
            ? [.. array.EnumerateArray().Select(static number => number.GetInt32())]
            : null;
}
