using System.Text.Json;
using Discord.Protocol;

namespace Discord.Actors.Users.ReadStates;

/// <summary>What a user's stored notification settings say, as far as the server goes by them.</summary>
internal readonly struct NotificationRules(UserGuildSettings settings)
{
    private readonly JsonElement _entry = JsonElement.Parse(settings.Json.Span);

    public bool SuppressesRoles => IsTrue(_entry, "suppress_roles");

    public bool SuppressesEveryone => IsTrue(_entry, "suppress_everyone");

    /// <summary>Whether a channel is muted by itself; a mute that had an end is over then without anybody's doing.</summary>
    public bool IsMuted(Snowflake channelId, DateTimeOffset now)
    {
        if (!_entry.TryGetProperty("channel_overrides", out JsonElement overrides) || overrides.ValueKind != JsonValueKind.Array)
            return false;
        foreach (JsonElement one in overrides.EnumerateArray())
        {
            if (one.TryGetProperty("channel_id", out JsonElement id) && id.ValueEquals(channelId.ToString()))
                return IsTrue(one, "muted") && !(EndOf(one) <= now);
        }
        return false;
    }

    private static DateTimeOffset? EndOf(JsonElement entry) =>
        entry.TryGetProperty("mute_config", out JsonElement mute) && mute.ValueKind == JsonValueKind.Object
            && mute.TryGetProperty("end_time", out JsonElement end) && end.ValueKind == JsonValueKind.String
            && end.TryGetDateTimeOffset(out DateTimeOffset at) ? at : null;

    private static bool IsTrue(JsonElement entry, string name) =>
        entry.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.True;
}
