using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Discord.Actors.Encoders;
using Discord.Actors.Users.Settings;
using Discord.Protocol;
using Discord.Protocol.Errors;
using Discord.Protocol.Forms;

namespace Discord.Node.Rest.Settings;

/// <summary>Reads changes of JSON settings and of notification settings: known keys with values of the right form; others are left
/// out.</summary>
internal static class SettingsForm
{
    private const int MaxGuilds = 200, MaxFolders = 200;

    /// <summary>A change of the settings. Which keys there are and of what kind follows from their defaults.</summary>
    public static JsonObject Settings(FormReader form)
    {
        JsonObject patch = [];
        foreach (JsonProperty known in SettingsDocument.Defaults.EnumerateObject())
        {
            string key = known.Name;
            if (!form.Has(key))
                continue;
            JsonNode? value = key switch
            {
                "status" => form.Choice(key, ["online", "idle", "dnd", "invisible"], required: true),
                "theme" => form.Choice(key, ["dark", "light", "darker", "midnight"], required: true),
                "locale" => form.String(key, 2, 10, required: true),
                "custom_status" => form.Object(key, CustomStatus),
                "friend_source_flags" => form.Object(key, FriendSources),
                "guild_folders" => Array(form.Array(key, MaxFolders, Folder, required: true)),
                _ => known.Value.ValueKind switch
                {
                    JsonValueKind.True or JsonValueKind.False => form.Bool(key, required: true),
                    JsonValueKind.Number => form.Int(key, required: true),
                    _ => Ids(form.SnowflakeSet(key, MaxGuilds, required: true)),
                },
            };
            patch[key] = value;
        }
        return patch;
    }

    /// <summary>A change of one guild's notification settings; overrides stay a map by channel id.</summary>
    public static JsonObject Guild(FormReader form)
    {
        JsonObject patch = Notifications(
            form, "suppress_everyone", "suppress_roles", "mobile_push", "hide_muted_channels", "mute_scheduled_events");
        if (form.Has("notify_highlights"))
            patch["notify_highlights"] = form.Int("notify_highlights", 0, 2, required: true);
        if (form.Raw("channel_overrides") is { ValueKind: not JsonValueKind.Null } overrides)
            patch["channel_overrides"] = Overrides(form, overrides);
        return patch;
    }

    private static JsonObject Overrides(FormReader form, JsonElement overrides)
    {
        JsonObject map = [];
        if (overrides.ValueKind == JsonValueKind.Array)
        {
            // As the entries come out, so some clients send them back.
            foreach ((Snowflake? Id, JsonObject Patch) one in form.Array(
                "channel_overrides", PatchGuildSettings.MaxOverrides,
                f => (f.Snowflake("channel_id", required: true), Notifications(f, "collapsed"))) ?? [])
            {
                if (one.Id is { } id)
                    map[id.ToString()] = one.Patch;
            }
            return map;
        }
        if (form.Sub("channel_overrides") is not { } sub)
            return map;
        foreach (JsonProperty property in overrides.EnumerateObject())
        {
            if (!Snowflake.TryParse(property.Name, out Snowflake id))
                sub.Fail("", FormError.NotASnowflake(property.Name));
            else if (map.Count == PatchGuildSettings.MaxOverrides)
                sub.Fail("", FormError.MaxLength(PatchGuildSettings.MaxOverrides));
            else if (sub.Object(property.Name, f => Notifications(f, "collapsed")) is { } patch)
                map[id.ToString()] = patch;
        }
        return map;
    }

    private static JsonObject Notifications(FormReader form, params ReadOnlySpan<string> switches)
    {
        JsonObject patch = [];
        foreach (string key in switches)
        {
            if (form.Has(key))
                patch[key] = form.Bool(key, required: true);
        }
        if (form.Has("muted"))
            patch["muted"] = form.Bool("muted", required: true);
        if (form.Has("message_notifications"))
            patch["message_notifications"] = form.Int("message_notifications", 0, 3, required: true);
        if (form.Has("flags"))
            patch["flags"] = form.Int("flags", 0, required: true);
        if (form.Has("mute_config"))
            patch["mute_config"] = form.Object("mute_config", MuteConfig);
        return patch;
    }

    private static JsonObject MuteConfig(FormReader form) => new()
    {
        ["end_time"] = Time(form.Timestamp("end_time")),
        ["selected_time_window"] = form.Int("selected_time_window", -1),
    };

    private static JsonObject CustomStatus(FormReader form) => new()
    {
        ["text"] = form.String("text", 0, 128),
        ["emoji_id"] = form.Snowflake("emoji_id")?.ToString(),
        ["emoji_name"] = form.String("emoji_name", 0, 64),
        ["expires_at"] = Time(form.Timestamp("expires_at")),
    };

    private static JsonObject FriendSources(FormReader form)
    {
        JsonObject flags = [];
        foreach (string key in (ReadOnlySpan<string>)["all", "mutual_friends", "mutual_guilds"])
        {
            if (form.Has(key))
                flags[key] = form.Bool(key);
        }
        return flags;
    }

    private static JsonObject Folder(FormReader form) => new()
    {
        ["id"] = form.Long("id"),
        ["name"] = form.String("name", 0, 32),
        ["color"] = form.Color("color"),
        ["guild_ids"] = Ids(form.SnowflakeSet("guild_ids", MaxGuilds, required: true)),
    };

    private static JsonArray Ids(List<Snowflake>? ids) => new([.. (ids ?? []).Select(id => (JsonNode)id.ToString())]);

    private static JsonArray Array(List<JsonObject>? items) => new([.. items ?? []]);

    private static string? Time(DateTimeOffset? time) => time?.ToString("yyyy-MM-ddTHH:mm:ss.fffzzz", CultureInfo.InvariantCulture);
}
