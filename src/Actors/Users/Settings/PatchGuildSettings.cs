using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Discord.Actors.Sessions;
using Discord.Protocol;

namespace Discord.Actors.Users.Settings;

/// <summary>A change of one guild's notification settings.</summary>
/// <param name="GuildId">Null for private channels.</param>
/// <param name="Patch">
/// A JSON object of known keys with values of the right form, <c>channel_overrides</c> a map by channel id; checked by the caller's form.
/// </param>
public sealed record GuildSettingsPatch(Snowflake? GuildId, ReadOnlyMemory<byte> Patch);

/// <summary>Changes notification settings of guilds. Answers with the whole entries; every session is told USER_GUILD_SETTINGS_UPDATE of
/// each.</summary>
public sealed record PatchGuildSettings(IReadOnlyList<GuildSettingsPatch> Guilds) : UserCommand<IReadOnlyList<ReadOnlyMemory<byte>>>
{
    /// <summary>Guilds that one user keeps settings for.</summary>
    public const int MaxGuilds = 1000;

    /// <summary>Channels with settings of their own in one guild; the oldest give way.</summary>
    public const int MaxOverrides = 1000;

    private static readonly JsonElement Defaults = JsonDocument.Parse(
        """
        {
          "guild_id": null, "message_notifications": 3, "muted": false, "mute_config": null, "suppress_everyone": false, "suppress_roles": false,
          "mobile_push": true, "hide_muted_channels": false, "mute_scheduled_events": false, "notify_highlights": 0, "flags": 0, "version": 0,
          "channel_overrides": []
        }
        """).RootElement;

    private static readonly JsonElement OverrideDefaults = JsonDocument.Parse(
        """{ "channel_id": "0", "message_notifications": 3, "muted": false, "mute_config": null, "collapsed": false, "flags": 0 }""")
        .RootElement;

    protected override IReadOnlyList<ReadOnlyMemory<byte>> Decide(UserDecision user)
    {
        List<ReadOnlyMemory<byte>> entries = [];
        foreach (GuildSettingsPatch change in Guilds)
        {
            Snowflake key = change.GuildId ?? Snowflake.None;
            if (!user.State.GuildSettings.ContainsKey(key) && user.State.GuildSettings.Count >= MaxGuilds)
                throw new Protocol.Errors.ApiException(Protocol.Errors.ApiError.MaxGuilds);
            long version = user.State.GuildSettingsVersion + 1;
            byte[] entry = Merge(user.State.GuildSettings.GetValueOrDefault(key), change, version);
            user.Put(new GuildSettingsPut(new UserGuildSettings(change.GuildId, entry, version)));
            user.Tell(new DispatchEvent(EventNames.UserGuildSettingsUpdate, entry));
            entries.Add(entry);
        }
        return entries;
    }

    private static byte[] Merge(UserGuildSettings? stored, GuildSettingsPatch change, long version)
    {
        JsonObject entry = stored is null
            ? JsonObject.Create(Defaults)!.DeepClone().AsObject()
            : JsonNode.Parse(stored.Json.Span)!.AsObject();
        foreach ((string key, JsonNode? value) in JsonNode.Parse(change.Patch.Span)!.AsObject())
        {
            if (key != "channel_overrides")
                entry[key] = value?.DeepClone();
            else if (value is JsonObject map)
                entry[key] = Overrides(entry[key]!.AsArray(), map);
        }
        entry["guild_id"] = change.GuildId?.ToString();
        entry["version"] = version;
        return SettingsDocument.Bytes(entry);
    }

    private static JsonArray Overrides(JsonArray known, JsonObject map)
    {
        List<JsonObject> all = [.. known.Select(o => o!.DeepClone().AsObject())];
        foreach ((string channel, JsonNode? patch) in map)
        {
            JsonObject? one = all.Find(o => (string?)o["channel_id"] == channel);
            if (one is null)
            {
                one = JsonObject.Create(OverrideDefaults)!.DeepClone().AsObject();
                one["channel_id"] = channel;
                all.Add(one);
            }
            foreach ((string key, JsonNode? value) in patch!.AsObject())
                one[key] = value?.DeepClone();
        }
        return new JsonArray([.. all.Skip(Math.Max(0, all.Count - MaxOverrides))]);
    }
}
