using System.Globalization;
using System.Text.Json;
using Discord.Actors.Encoders;
using Discord.Protocol;

namespace Discord.Actors.Presences;

/// <summary>
/// Activities of presences: what clients send is cut to what others may see, in the types that others expect. What is unknown, secret, of
/// another type or too long is left out.
/// </summary>
public static class Activities
{
    /// <summary>Activities of one session that are kept.</summary>
    public const int MaxPerSession = 10;

    private const int MaxText = 128, MaxUrl = 512, MaxImage = 313, MaxButtons = 2, MaxType = 6, Custom = 4;

    /// <summary>Adds <c>id</c>, <c>created_at</c> and <c>session_id</c>. Activities without a valid name are left out.</summary>
    /// <returns>An array, or null when <paramref name="sent"/> is none.</returns>
    public static JsonElement? Clean(JsonElement? sent, string sessionId, DateTimeOffset now)
    {
        if (sent is not { ValueKind: JsonValueKind.Array } activities)
            return null;
        return JsonElement.Parse(Json.Encode((activities, sessionId, now), static (w, s) =>
        {
            w.WriteStartArray();
            int index = 0;
            foreach (JsonElement activity in s.activities.EnumerateArray())
            {
                if (index == MaxPerSession)
                    break;
                if (Child(activity, "name") is not { } name || !IsText(name, MaxText))
                    continue;
                int type = Child(activity, "type") is { ValueKind: JsonValueKind.Number } given && given.TryGetInt32(out int known)
                    && known is >= 0 and <= MaxType ? known : 0;
                w.WriteStartObject();
                w.WriteString("id", type == Custom ? "custom" : index.ToString("x", CultureInfo.InvariantCulture));
                w.WriteNumber("type", type);
                w.WriteNumber("created_at", s.now.ToUnixTimeMilliseconds());
                w.WriteString("session_id", s.sessionId);
                foreach (JsonProperty property in activity.EnumerateObject().DistinctBy(p => p.Name))
                    Write(w, property);
                w.WriteEndObject();
                index++;
            }
            w.WriteEndArray();
        }));
    }

    private static void Write(Utf8JsonWriter w, JsonProperty property)
    {
        JsonElement value = property.Value;
        switch (property.Name)
        {
            case "name" or "state" or "details" or "sync_id" or "platform" when IsText(value, MaxText):
            case "url" when IsText(value, MaxUrl):
            case "flags" when value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out _):
            case "instance" when value.ValueKind is JsonValueKind.True or JsonValueKind.False:
            case "buttons" when IsButtons(value):
                property.WriteTo(w);
                break;
            case "application_id" when Id(value) is { } id:
                w.WriteString("application_id", id.ToString());
                break;
            case "timestamps" or "emoji" or "party" or "assets" when value.ValueKind == JsonValueKind.Object:
                w.WriteStartObject(property.Name);
                foreach (JsonProperty part in value.EnumerateObject().DistinctBy(p => p.Name))
                    WritePart(w, property.Name, part);
                w.WriteEndObject();
                break;
            default:
                break;
        }
    }

    private static void WritePart(Utf8JsonWriter w, string whole, JsonProperty part)
    {
        JsonElement value = part.Value;
        switch (whole, part.Name)
        {
            case ("timestamps", "start" or "end") when value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out _):
            case ("emoji", "name") when IsText(value, MaxText):
            case ("emoji", "animated") when value.ValueKind is JsonValueKind.True or JsonValueKind.False:
            case ("party", "id") when IsText(value, MaxText):
            case ("party", "size") when IsPartySize(value):
            case ("assets", "large_text" or "small_text") when IsText(value, MaxText):
            case ("assets", "large_image" or "small_image") when IsText(value, MaxImage):
            case ("assets", "large_url" or "small_url") when IsText(value, MaxUrl):
                part.WriteTo(w);
                break;
            case ("emoji", "id") when Id(value) is { } id:
                w.WriteString("id", id.ToString());
                break;
            default:
                break;
        }
    }

    private static bool IsText(JsonElement value, int most) => value.ValueKind == JsonValueKind.String && value.GetString()!.Length <= most;

    private static bool IsButtons(JsonElement value) => value.ValueKind == JsonValueKind.Array && value.GetArrayLength() <= MaxButtons
        && value.EnumerateArray().All(label => IsText(label, MaxText));

    private static bool IsPartySize(JsonElement value) => value.ValueKind == JsonValueKind.Array && value.GetArrayLength() == 2
        && value.EnumerateArray().All(n => n.ValueKind == JsonValueKind.Number && n.TryGetInt32(out _));

    private static Snowflake? Id(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String when Snowflake.TryParse(value.GetString(), out Snowflake id) => id,
        JsonValueKind.Number when value.TryGetUInt64(out ulong id) => new Snowflake(id),
        _ => null,
    };

    private static JsonElement? Child(JsonElement parent, string name) =>
        parent.ValueKind == JsonValueKind.Object && parent.TryGetProperty(name, out JsonElement value) ? value : null;
}
