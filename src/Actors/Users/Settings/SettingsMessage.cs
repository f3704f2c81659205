using System.Globalization;
using System.Text.Json.Nodes;
using Discord.Actors.Users.Settings.Wire;
using Discord.Protocol;
using Google.Protobuf;

namespace Discord.Actors.Users.Settings;

/// <summary>
/// The settings as the protocol's protobuf messages. A change replaces the top-level fields that it has, whole; all others stay, those
/// too that the server does not know. What JSON settings have as well is carried over both ways.
/// </summary>
internal static class SettingsMessage
{
    private const int VersionsField = 1;

    private static readonly string[] Themes = ["dark", "dark", "light", "darker", "midnight"];

    /// <summary>Keys of the JSON settings that stand in the message as well.</summary>
    public static readonly IReadOnlySet<string> SharedKeys = new HashSet<string>
    {
        "status", "custom_status", "show_current_game", "locale", "timezone_offset", "theme", "developer_mode", "guild_folders",
        "guild_positions",
    };

    private static readonly ReadOnlyMemory<byte> Default = PatchFrom(
        SettingsDocument.Whole(UserState.None.Settings), [.. SharedKeys], default);

    /// <summary>The preloaded settings as READY has them: of an account that changed none the defaults.</summary>
    public static ReadOnlyMemory<byte> PreloadedOf(UserState state) =>
        state.SettingsProtos.TryGetValue(1, out SettingsProto? stored) ? stored.Bytes : Default;

    /// <summary>The message with the top-level fields of <paramref name="patch"/> in place of its own, and its new version.</summary>
    /// <exception cref="InvalidProtocolBufferException">The patch is no message.</exception>
    public static byte[] Merge(ReadOnlyMemory<byte> stored, ReadOnlyMemory<byte> patch, long dataVersion)
    {
        Versions versions = VersionsOf(patch) ?? VersionsOf(stored) ?? new Versions();
        versions.DataVersion = (uint)dataVersion;
        List<(int Field, ReadOnlyMemory<byte> Bytes)> sent = [.. Fields(patch)];
        HashSet<int> replaced = [VersionsField, .. sent.Select(f => f.Field)];
        using MemoryStream merged = new();
        merged.Write(new PreloadedUserSettings { Versions = versions }.ToByteArray());
        foreach ((int _, ReadOnlyMemory<byte> bytes) in Fields(stored).Where(f => !replaced.Contains(f.Field))
            .Concat(sent.Where(f => f.Field != VersionsField)))
            merged.Write(bytes.Span);
        return merged.ToArray();
    }

    /// <summary>A patch that carries the shared keys of <paramref name="settings"/> that changed into the message.</summary>
    public static byte[] PatchFrom(JsonObject settings, IReadOnlyCollection<string> changed, ReadOnlyMemory<byte> stored)
    {
        PreloadedUserSettings known = PreloadedUserSettings.Parser.ParseFrom(stored.Span);
        PreloadedUserSettings patch = new();
        if (changed.Any(k => k is "status" or "custom_status" or "show_current_game"))
        {
            patch.Status = known.Status ?? new StatusSettings();
            patch.Status.Status = (string?)settings["status"] ?? "online";
            patch.Status.ShowCurrentGame = (bool?)settings["show_current_game"] ?? true;
            patch.Status.CustomStatus = Custom(settings["custom_status"]);
        }
        if (changed.Any(k => k is "locale" or "timezone_offset"))
        {
            patch.Localization = known.Localization ?? new LocalizationSettings();
            patch.Localization.Locale = (string?)settings["locale"] ?? "en-US";
            patch.Localization.TimezoneOffset = new TimezoneOffset { Offset = (int?)settings["timezone_offset"] ?? 0 };
        }
        if (changed.Any(k => k is "theme" or "developer_mode"))
        {
            patch.Appearance = known.Appearance ?? new AppearanceSettings();
            patch.Appearance.Theme = (Theme)Math.Max(1, Array.LastIndexOf(Themes, (string?)settings["theme"] ?? "dark"));
            patch.Appearance.DeveloperMode = (bool?)settings["developer_mode"] ?? false;
        }
        if (changed.Any(k => k is "guild_folders" or "guild_positions"))
            patch.GuildFolders = Folders(settings);
        return patch.ToByteArray();
    }

    /// <summary>The shared keys of those top-level fields that <paramref name="patch"/> has, as JSON settings.</summary>
    public static JsonObject ToJson(ReadOnlyMemory<byte> patch)
    {
        PreloadedUserSettings message = PreloadedUserSettings.Parser.ParseFrom(patch.Span);
        JsonObject settings = [];
        if (message.Status is { } status)
        {
            settings["status"] = status.Status is "online" or "idle" or "dnd" or "invisible" ? status.Status : "online";
            settings["show_current_game"] = status.ShowCurrentGame ?? true;
            settings["custom_status"] = status.CustomStatus is { } custom ? Custom(custom) : null;
        }
        if (message.Localization is { } localization)
        {
            settings["locale"] = localization.Locale ?? "en-US";
            settings["timezone_offset"] = localization.TimezoneOffset?.Offset ?? 0;
        }
        if (message.Appearance is { } appearance)
        {
            settings["theme"] = Themes[(int)appearance.Theme is > 0 and < 5 and var theme ? theme : 1];
            settings["developer_mode"] = appearance.DeveloperMode;
        }
        if (message.GuildFolders is { } folders)
        {
            settings["guild_folders"] = new JsonArray([.. folders.Folders.Select(f => new JsonObject
            {
                ["id"] = f.Id,
                ["name"] = f.Name,
                ["color"] = f.Color,
                ["guild_ids"] = new JsonArray([.. f.GuildIds.Select(id => (JsonNode)Text(id))]),
            })]);
            settings["guild_positions"] = new JsonArray([.. folders.GuildPositions.Select(id => (JsonNode)Text(id))]);
        }
        return settings;
    }

    private static Versions? VersionsOf(ReadOnlyMemory<byte> message) => PreloadedUserSettings.Parser.ParseFrom(message.Span).Versions;

    // The message's top-level fields, each with its tag, in their order.
    private static IEnumerable<(int Field, ReadOnlyMemory<byte> Bytes)> Fields(ReadOnlyMemory<byte> message)
    {
        using CodedInputStream input = new(message.ToArray());
        while (true)
        {
            long start = input.Position;
            uint tag = input.ReadTag();
            if (tag == 0)
                yield break;
            input.SkipLastField();
            yield return (WireFormat.GetTagFieldNumber(tag), message[(int)start..(int)input.Position]);
        }
    }

    private static Wire.CustomStatus? Custom(JsonNode? json) => json is null ? null : new Wire.CustomStatus
    {
        Text = (string?)json["text"] ?? "",
        EmojiId = Snowflake.TryParse((string?)json["emoji_id"], out Snowflake id) ? id.Value : 0,
        EmojiName = (string?)json["emoji_name"] ?? "",
        ExpiresAtMs = json["expires_at"] is { } expires
            ? (ulong)DateTimeOffset.Parse((string)expires!, CultureInfo.InvariantCulture).ToUnixTimeMilliseconds()
            : 0,
    };

    private static JsonObject Custom(Wire.CustomStatus custom) => new()
    {
        ["text"] = custom.Text.Length == 0 ? null : custom.Text,
        ["emoji_id"] = custom.EmojiId == 0 ? null : Text(custom.EmojiId),
        ["emoji_name"] = custom.EmojiName.Length == 0 ? null : custom.EmojiName,
        ["expires_at"] = custom.ExpiresAtMs is 0 or > 253_402_300_799_999
            ? null
            : DateTimeOffset.FromUnixTimeMilliseconds((long)custom.ExpiresAtMs)
                .ToString("yyyy-MM-ddTHH:mm:ss.fffzzz", CultureInfo.InvariantCulture),
    };

    private static GuildFolders Folders(JsonObject settings)
    {
        GuildFolders folders = new();
        foreach (JsonNode? json in settings["guild_folders"]!.AsArray())
        {
            GuildFolder folder = new() { Id = (long?)json!["id"], Name = (string?)json["name"], Color = (ulong?)(long?)json["color"] };
            folder.GuildIds.AddRange(json["guild_ids"]!.AsArray().Select(id => Snowflake.Parse((string)id!).Value));
            folders.Folders.Add(folder);
        }
        folders.GuildPositions.AddRange(settings["guild_positions"]!.AsArray().Select(id => Snowflake.Parse((string)id!).Value));
        return folders;
    }

    private static string Text(ulong id) => id.ToString(CultureInfo.InvariantCulture);
}
