using System.Globalization;
using System.Text.Json;
using Discord.Actors.Encoders;

namespace Discord.Actors.Presences;

/// <summary>Activities of presences: what clients send is cut to what others may see.</summary>
public static class Activities
{
    /// <summary>Activities of one session that are kept.</summary>
    public const int MaxPerSession = 10;

    private static readonly HashSet<string> Passed =
        ["name", "type", "url", "state", "details", "emoji", "timestamps", "party", "assets", "application_id", "buttons", "flags", "instance", "sync_id", "platform"];

    /// <summary>Adds <c>id</c>, <c>created_at</c> and <c>session_id</c>, leaves out secrets, metadata and whatever is unknown.</summary>
    /// <returns>An array, or null when <paramref name="sent"/> is none.</returns>
    public static JsonElement? Clean(JsonElement? sent, string sessionId, DateTimeOffset now)
    {
        if (sent is not { ValueKind: JsonValueKind.Array } activities)
            return null;
        byte[] json = Json.Encode((activities, sessionId, now), static (w, s) =>
        {
            w.WriteStartArray();
            int index = 0;
            foreach (JsonElement activity in s.activities.EnumerateArray())
            {
                if (index == MaxPerSession)
                    break;
                if (activity.ValueKind != JsonValueKind.Object || !activity.TryGetProperty("name", out JsonElement name) || name.ValueKind != JsonValueKind.String)
                    continue;
                w.WriteStartObject();
                foreach (JsonProperty property in activity.EnumerateObject())
                {
                    if (Passed.Contains(property.Name) && property.Value.ValueKind != JsonValueKind.Null)
                        property.WriteTo(w);
                }
                if (!activity.TryGetProperty("type", out _))
                    w.WriteNumber("type", 0);
                w.WriteString("id", activity.TryGetProperty("type", out JsonElement type) && type.ToString() == "4" ? "custom" : index.ToString("x", CultureInfo.InvariantCulture));
                w.WriteNumber("created_at", s.now.ToUnixTimeMilliseconds());
                w.WriteString("session_id", s.sessionId);
                w.WriteEndObject();
                index++;
            }
            w.WriteEndArray();
        });
        using JsonDocument document = JsonDocument.Parse(json);
        return document.RootElement.Clone();
    }
}
