using System.Text.Json.Nodes;
using Discord.Actors.Users.Settings.Wire;
using Discord.Node.Tests.Kit;
using Google.Protobuf;

namespace Discord.Node.Tests.Rest.Settings;

public sealed class SettingsEndpointsTests(NodeKit node) : IClassFixture<NodeKit>
{
    // Field 5 of the preloaded settings, which the server does not know: {1: true}.
    private static readonly byte[] Unknown = [0x2A, 0x02, 0x08, 0x01];

    [Fact]
    public async Task Json_settings_are_whole_and_changes_are_told_to_old_clients()
    {
        RestClient user = await node.UserAsync();
        await using GatewayClient old = await (await node.ConnectAsync(user)).IdentifyAsync(extra: new { capabilities = 0 });
        await using GatewayClient modern = await (await node.ConnectAsync(user)).IdentifyAsync();
        JsonNode settings = (await user.GetAsync("/users/@me/settings")).Expect(200);
        Assert.Equal(("dark", "online", "en-US"), ((string?)settings["theme"], (string?)settings["status"], (string?)settings["locale"]));
        Assert.Empty(settings["guild_folders"]!.AsArray());
        settings = (await user.PatchAsync("/users/@me/settings", new
        {
            theme = "light",
            developer_mode = true,
            unheard_of = 1,
            custom_status = new { text = "busy" },
            guild_folders = new object[]
            {
                new { id = 12345, name = "F", color = 255, guild_ids = new[] { "1", "2" } },
                new { id = (long?)null, guild_ids = new[] { "3" } }
            },
        })).Expect(200);
        Assert.Equal(("light", "busy"), ((string?)settings["theme"], (string?)settings["custom_status"]!["text"]));
        Assert.False(settings.AsObject().ContainsKey("unheard_of"));
        foreach (string key in (string[])["id", "name", "color", "guild_ids"])
            Assert.True(settings["guild_folders"]![1]!.AsObject().ContainsKey(key), key);
        JsonNode told = await old.NextAsync("USER_SETTINGS_UPDATE");
        Assert.Equal(["custom_status", "developer_mode", "guild_folders", "theme"], told.AsObject().Select(p => p.Key).Order());
        JsonNode proto = (await modern.NextAsync("USER_SETTINGS_PROTO_UPDATE"))["settings"]!;
        Assert.Equal(1, (int)proto["type"]!);
        PreloadedUserSettings message = PreloadedUserSettings.Parser.ParseFrom(Convert.FromBase64String((string)proto["proto"]!));
        Assert.Equal(Theme.Light, message.Appearance.Theme);
        Assert.True(message.Appearance.DeveloperMode);
        Assert.Equal("busy", message.Status.CustomStatus.Text);
        Assert.Equal([1UL, 2UL], message.GuildFolders.Folders[0].GuildIds);
        Assert.Equal(12345, message.GuildFolders.Folders[0].Id);
        Assert.Null(message.GuildFolders.Folders[1].Id);
        Assert.True(modern.HasNone("USER_SETTINGS_UPDATE"));
        (await user.PatchAsync("/users/@me/settings", new { theme = "pink", status = "gone", afk_timeout = "x" }))
            .ExpectError(400, 50035, "theme");
    }

    [Fact]
    public async Task Proto_fields_replace_their_own_and_keep_the_others()
    {
        RestClient user = await node.UserAsync();
        Assert.Equal("", (string?)(await user.GetAsync("/users/@me/settings-proto/1")).Expect(200)["settings"]);
        JsonNode saved = (await user.PatchAsync("/users/@me/settings-proto/1", new { settings = Convert.ToBase64String(Unknown) }))
            .Expect(200);
        Assert.Equal(1u, Parse(saved).Versions.DataVersion);
        byte[] status = new PreloadedUserSettings
        {
            Status = new() { Status = "idle" },
            Localization = new() { Locale = "de" }
        }.ToByteArray();
        saved = (await user.PatchAsync(
            "/users/@me/settings-proto/1", new { settings = Convert.ToBase64String(status), required_data_version = 1 })).Expect(200);
        Assert.Equal((2u, "idle"), (Parse(saved).Versions.DataVersion, Parse(saved).Status.Status));
        Assert.Contains("2A020801", Convert.ToHexString(Convert.FromBase64String((string)saved["settings"]!)), StringComparison.Ordinal);
        JsonNode json = (await user.GetAsync("/users/@me/settings")).Expect(200);
        Assert.Equal(("idle", "de"), ((string?)json["status"], (string?)json["locale"]));

        // What others changed meanwhile is not overwritten.
        JsonNode stale = (await user.PatchAsync(
            "/users/@me/settings-proto/1", new { settings = Convert.ToBase64String(Unknown), required_data_version = 1 })).Expect(200);
        Assert.True((bool)stale["out_of_date"]!);
        Assert.Equal(2u, Parse(stale).Versions.DataVersion);
        (await user.PatchAsync("/users/@me/settings-proto/1", new { settings = "%%%" })).ExpectError(400, 50035, "settings");
        (await user.PatchAsync("/users/@me/settings-proto/1", new { settings = Convert.ToBase64String([0x2A, 0x7F]) }))
            .ExpectError(400, 50035, "settings");
        (await user.GetAsync("/users/@me/settings-proto/9")).ExpectError(400, 50035, "type");
        Assert.IsType<JsonObject>((await user.GetAsync("/users/@me/settings-proto/2/json")).Expect(200)["settings"]);
        Assert.NotEqual(
            "",
            (string?)(await user.PatchAsync("/users/@me/settings-proto/2", new { settings = Convert.ToBase64String(Unknown) }))
                .Expect(200)["settings"]);

        static PreloadedUserSettings Parse(JsonNode answer) =>
            PreloadedUserSettings.Parser.ParseFrom(Convert.FromBase64String((string)answer["settings"]!));
    }

    [Fact]
    public async Task Guild_settings_take_overrides_as_a_map_and_give_them_as_a_list()
    {
        SeededGuild guild = await node.SeedAsync();
        await using GatewayClient client = await (await node.ConnectAsync(guild.Owner)).IdentifyAsync();
        string channel = guild.ChannelId.ToString();
        JsonNode entry = (await guild.Owner.PatchAsync($"/users/@me/guilds/{guild.Id}/settings", new
        {
            muted = true,
            mute_config = new { end_time = (string?)null, selected_time_window = -1 },
            channel_overrides = new Dictionary<string, object> { [channel] = new { muted = true } },
        })).Expect(200);
        Assert.Equal(guild.Id.ToString(), (string?)entry["guild_id"]);
        foreach (string key in (string[])["version", "suppress_roles", "suppress_everyone", "mobile_push",
            "message_notifications", "hide_muted_channels"])
            Assert.NotNull(entry[key]);
        JsonNode own = entry["channel_overrides"]!.AsArray().Single()!;
        Assert.Equal((channel, true, false), ((string?)own["channel_id"], (bool)own["muted"]!, (bool)own["collapsed"]!));
        Assert.True(own.AsObject().ContainsKey("mute_config"));
        Assert.True((bool)(await client.NextAsync("USER_GUILD_SETTINGS_UPDATE"))["muted"]!);

        // What is absent stays.
        entry = (await guild.Owner.PatchAsync($"/users/@me/guilds/{guild.Id}/settings", new { message_notifications = 1 })).Expect(200);
        Assert.True((bool)entry["muted"]!);
        Assert.Single(entry["channel_overrides"]!.AsArray());
        JsonArray many = (await guild.Owner.PatchAsync("/users/@me/guilds/settings", new
        {
            guilds = new Dictionary<string, object> { [guild.Id.ToString()] = new { muted = false }, ["@me"] = new { muted = true } },
        })).Expect(200).AsArray();
        Assert.Equal([guild.Id.ToString(), null], many.Select(e => (string?)e!["guild_id"]));
        (await guild.Owner.PatchAsync($"/users/@me/guilds/{guild.Id}/settings", new { message_notifications = 9 }))
            .ExpectError(400, 50035, "message_notifications");
        RestClient stranger = await node.UserAsync();
        (await stranger.PatchAsync($"/users/@me/guilds/{guild.Id}/settings", new { muted = true })).ExpectError(404, 10004);
    }

    [Fact]
    public async Task Settings_read_states_and_notes_survive_a_restart()
    {
        await using NodeKit own = await NodeKit.StartAsync();
        SeededGuild guild = await own.SeedAsync();
        (await guild.Owner.PatchAsync("/users/@me/settings", new { status = "idle", theme = "light" })).Expect(200);
        (await guild.Owner.PatchAsync($"/users/@me/guilds/{guild.Id}/settings", new { muted = true })).Expect(200);
        (await guild.Owner.PostAsync($"/channels/{guild.ChannelId}/messages/4242/ack", new { token = (string?)null })).Expect(200);
        (await guild.Owner.PutAsync($"/users/@me/notes/{guild.Bot.Id}", new { note = "useful" })).Expect204();
        await own.RestartAsync();
        await using GatewayClient session = await (await own.ConnectAsync(guild.Owner)).IdentifyAsync(extra: new
        {
            capabilities = 0,
            presence = new { status = "unknown", since = 0, activities = Array.Empty<int>(), afk = false }
        });
        Assert.Equal("light", (string?)session.Ready["user_settings"]!["theme"]);
        Assert.Equal("idle", (string?)session.Ready["sessions"]![0]!["status"]);
        Assert.True((bool)session.Ready["user_guild_settings"]![0]!["muted"]!);
        Assert.Equal(
            (guild.ChannelId.ToString(), "4242"),
            ((string?)session.Ready["read_state"]![0]!["id"], (string?)session.Ready["read_state"]![0]!["last_message_id"]));
        Assert.Equal("useful", (string?)session.Ready["notes"]![guild.Bot.Id.ToString()]);
    }
}
