using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Discord.Actors.Users.Settings;

/// <summary>
/// The JSON settings object: the defaults, and over them what the user changed. What is stored are the changes alone, so that a default
/// that changes reaches everyone who never chose.
/// </summary>
public static class SettingsDocument
{
    /// <summary>Every key there is with its default; the kind of its value is what a change must have.</summary>
    public static JsonElement Defaults { get; } = JsonDocument.Parse(
        """
        {
          "activity_joining_restricted_guild_ids": [], "activity_restricted_guild_ids": [], "afk_timeout": 600,
          "allow_accessibility_detection": false, "allow_activity_party_privacy_friends": true,
          "allow_activity_party_privacy_voice_channel": true, "animate_emoji": true, "animate_stickers": 0, "contact_sync_enabled": false,
          "convert_emoticons": true, "custom_status": null, "default_guilds_activity_restricted": 0, "default_guilds_restricted": false,
          "detect_platform_accounts": false, "developer_mode": false, "disable_games_tab": true, "enable_tts_command": true,
          "explicit_content_filter": 1, "friend_discovery_flags": 0, "friend_source_flags": {"all": true}, "gif_auto_play": true,
          "guild_folders": [], "guild_positions": [], "inline_attachment_media": true, "inline_embed_media": true, "locale": "en-US",
          "message_display_compact": false, "native_phone_integration_enabled": true, "passwordless": false, "render_embeds": true,
          "render_reactions": true, "restricted_guilds": [], "show_current_game": true, "status": "online",
          "stream_notifications_enabled": true, "theme": "dark", "timezone_offset": 0, "view_nsfw_commands": false, "view_nsfw_guilds": true
        }
        """).RootElement;

    /// <summary>The whole object as clients see it.</summary>
    public static JsonObject Whole(UserSettings stored)
    {
        JsonObject whole = JsonObject.Create(Defaults)!;
        foreach ((string key, JsonNode? value) in Changes(stored))
            whole[key] = value?.DeepClone();
        return whole;
    }

    /// <inheritdoc cref="Whole"/>
    public static byte[] WholeBytes(UserSettings stored) => Bytes(Whole(stored));

    internal static JsonObject Changes(UserSettings stored) =>
        stored.Json.IsEmpty ? [] : JsonNode.Parse(stored.Json.Span)!.AsObject();

    internal static byte[] Bytes(JsonNode node) => Encoding.UTF8.GetBytes(node.ToJsonString(Relaxed));

    private static JsonSerializerOptions Relaxed { get; } = new()
    {
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping
    };
}
