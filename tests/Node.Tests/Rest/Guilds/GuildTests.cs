using System.Text.Json.Nodes;
using Discord.Node.Tests.Kit;
using Discord.Protocol;

namespace Discord.Node.Tests.Rest.Guilds;

public sealed class GuildTests(NodeKit node) : IClassFixture<NodeKit>
{
    private static readonly string[] s_keys =
    [
        "id", "name", "icon", "description", "home_header", "splash", "discovery_splash", "features", "banner", "owner_id",
        "application_id", "region", "afk_channel_id", "afk_timeout", "system_channel_id", "system_channel_flags", "widget_enabled",
        "widget_channel_id", "verification_level", "default_message_notifications", "mfa_level", "explicit_content_filter", "max_presences",
        "max_members", "max_stage_video_channel_users", "max_video_channel_users", "vanity_url_code", "premium_tier",
        "premium_subscription_count", "preferred_locale", "rules_channel_id", "safety_alerts_channel_id", "public_updates_channel_id",
        "premium_progress_bar_enabled", "nsfw", "nsfw_level", "roles", "emojis", "stickers",
    ];

    [Fact]
    public async Task Get_has_every_key_and_counts_when_asked()
    {
        SeededGuild guild = await node.SeedAsync();
        JsonObject plain = (await guild.Bot.GetAsync($"/guilds/{guild.Id}")).Expect(200).AsObject();
        Assert.All(s_keys, key => Assert.True(plain.ContainsKey(key), key));
        Assert.False(plain.ContainsKey("approximate_member_count"));
        await using GatewayClient bot = await (await node.ConnectAsync(guild.Bot)).IdentifyAsync();
        JsonNode counted = plain;
        await NodeKit.UntilAsync(
            async () =>
            {
                counted = (await guild.Bot.GetAsync($"/guilds/{guild.Id}?with_counts=true")).Expect(200);
                return (int)counted["approximate_presence_count"]! == 1;
            },
            "the bot is online");
        Assert.Equal(2, (int)counted["approximate_member_count"]!);
        (await (await node.UserAsync()).GetAsync($"/guilds/{guild.Id}")).ExpectError(404, 10004);
        (await guild.Bot.GetAsync("/guilds/7")).ExpectError(404, 10004);
        (await guild.Bot.GetAsync("/guilds/x")).ExpectError(400, 50035, "guild_id");
    }

    [Fact]
    public async Task Modify_changes_settings_tells_and_audits_them()
    {
        SeededGuild guild = await node.SeedAsync();
        await using GatewayClient bot = await (await node.ConnectAsync(guild.Bot)).IdentifyAsync();
        JsonNode changed = (await guild.Bot.PatchAsync(
            $"/guilds/{guild.Id}",
            new
            {
                name = "Renamed",
                description = "Hello",
                verification_level = 2,
                afk_timeout = 900,
                system_channel_flags = 1,
                default_message_notifications = 1,
                icon = Pictures.Png
            },
            "new look")).Expect(200);
        Assert.Equal(("Renamed", "Hello", 900), ((string?)changed["name"], (string?)changed["description"], (int)changed["afk_timeout"]!));
        JsonNode told = await bot.NextAsync("GUILD_UPDATE");
        Assert.True(JsonNode.DeepEquals(changed, told));
        JsonNode entry = await bot.NextAsync("GUILD_AUDIT_LOG_ENTRY_CREATE");
        Assert.Equal(
            (1, "new look", guild.Id.ToString()),
            ((int)entry["action_type"]!, (string?)entry["reason"], (string?)entry["target_id"]));
        Assert.Contains(entry["changes"]!.AsArray(), c => (string?)c!["key"] == "name" && (string?)c["new_value"] == "Renamed");

        using HttpResponseMessage icon = await node.Http.GetAsync(new Uri(node.Host.Address, $"/icons/{guild.Id}/{changed["icon"]}.png"));
        Assert.Equal(200, (int)icon.StatusCode);
        JsonNode cleared = (await guild.Bot.PatchAsync($"/guilds/{guild.Id}", """{"icon":null,"system_channel_id":null}""")).Expect(200);
        Assert.Null(cleared["icon"]);
        Assert.Null(cleared["system_channel_id"]);
    }

    [Fact]
    public async Task Modify_refuses_what_is_wrong()
    {
        SeededGuild guild = await node.SeedAsync();
        string path = $"/guilds/{guild.Id}";
        RestClient member = await node.MemberAsync(guild.Id);
        (await member.PatchAsync(path, new { name = "mine" })).ExpectError(403, 50013);
        (await guild.Bot.PatchAsync(path, new { name = "x", afk_timeout = 61, verification_level = 9 })).ExpectError(400, 50035, "name");
        (await guild.Bot.PatchAsync(path, new { afk_timeout = 61 })).ExpectError(400, 50035, "afk_timeout");
        (await guild.Bot.PatchAsync(path, new { afk_channel_id = guild.ChannelId.ToString() })).ExpectError(400, 50035, "afk_channel_id");
        (await guild.Bot.PatchAsync(path, new { system_channel_id = "7" })).ExpectError(400, 50035, "system_channel_id");
        (await guild.Bot.PatchAsync(path, new { features = new[] { "COMMUNITY" } })).ExpectError(400, 50035, "features");
        (await guild.Bot.PatchAsync(path, new { owner_id = member.Id.ToString() })).ExpectError(403, 50013);
        (await guild.Owner.PatchAsync(path, new { owner_id = guild.Bot.Id.ToString() })).ExpectError(400, 50132);
        (await guild.Owner.PatchAsync(path, new { owner_id = "7" })).ExpectError(404, 10007);
    }

    [Fact]
    public async Task Owner_gives_the_guild_away_and_can_leave_then()
    {
        SeededGuild guild = await node.SeedAsync();
        RestClient heir = await node.MemberAsync(guild.Id);
        (await guild.Owner.DeleteAsync($"/users/@me/guilds/{guild.Id}")).ExpectError(400, 50055);
        JsonNode changed = (await guild.Owner.PatchAsync($"/guilds/{guild.Id}", new { owner_id = heir.Id.ToString() })).Expect(200);
        Assert.Equal(heir.Id.ToString(), (string?)changed["owner_id"]);
        Assert.Equal(204, (await guild.Owner.DeleteAsync($"/users/@me/guilds/{guild.Id}")).Status);
        (await guild.Owner.GetAsync($"/guilds/{guild.Id}")).ExpectError(404, 10004);
    }

    [Fact]
    public async Task User_creates_a_guild_and_deletes_it()
    {
        RestClient user = await node.UserAsync();
        await using GatewayClient session = await (await node.ConnectAsync(user)).IdentifyAsync();
        JsonNode made = (await user.PostAsync("/guilds", new { name = "Own", icon = Pictures.Gif })).Expect(201);
        string id = (string)made["id"]!;
        Assert.StartsWith("a_", (string?)made["icon"]);
        Assert.Equal(id, (string?)(await session.NextAsync("GUILD_CREATE"))["id"]);
        JsonArray channels = (await user.GetAsync("/users/@me/guilds")).Expect(200).AsArray();
        Assert.Equal(id, (string?)channels.Single()!["id"]);
        RestClient member = await node.MemberAsync(Snowflake.Parse(id));
        (await member.DeleteAsync($"/guilds/{id}")).ExpectError(403, 50013);
        Assert.Equal(204, (await user.PostAsync($"/guilds/{id}/delete")).Status);
        JsonNode gone = await session.NextAsync("GUILD_DELETE");
        Assert.Equal(id, (string?)gone["id"]);
        (await user.GetAsync($"/guilds/{id}")).ExpectError(404, 10004);
        (await user.DeleteAsync($"/guilds/{id}")).ExpectError(404, 10004);
        Assert.Empty((await user.GetAsync("/users/@me/guilds")).Expect(200).AsArray());
        (await user.PostAsync("/guilds", new { name = "x" })).ExpectError(400, 50035, "name");
        SeededGuild seeded = await node.SeedAsync();
        (await seeded.Bot.PostAsync("/guilds", new { name = "No" })).ExpectError(403, 20001);
    }

    [Fact]
    public async Task Preview_and_regions_answer()
    {
        SeededGuild guild = await node.SeedAsync();
        JsonObject preview = (await guild.Bot.GetAsync($"/guilds/{guild.Id}/preview")).Expect(200).AsObject();
        foreach (string key in (string[])["id", "name", "icon", "splash", "discovery_splash", "emojis", "features",
            "approximate_member_count", "approximate_presence_count", "description", "stickers"])
            Assert.True(preview.ContainsKey(key), key);
        (await (await node.UserAsync()).GetAsync($"/guilds/{guild.Id}/preview")).ExpectError(404, 10004);
        JsonNode region = (await guild.Bot.GetAsync($"/guilds/{guild.Id}/regions")).Expect(200).AsArray().Single()!;
        Assert.True((bool)region["optimal"]!);
    }

    [Fact]
    public async Task Audit_log_filters_and_pages()
    {
        SeededGuild guild = await node.SeedAsync();
        List<string> roles = [];
        for (int i = 0; i < 5; i++)
            roles.Add(
                (string)(await guild.Bot.PostAsync($"/guilds/{guild.Id}/roles", new { name = $"r{i}" }, $"no. {i}")).Expect(200)["id"]!);
        (await guild.Owner.PatchAsync($"/guilds/{guild.Id}", new { name = "Other" })).Expect(200);
        RestClient member = await node.MemberAsync(guild.Id);
        await guild.Owner.DeleteAsync($"/guilds/{guild.Id}/members/{member.Id}");
        string path = $"/guilds/{guild.Id}/audit-logs";

        JsonNode log = (await guild.Bot.GetAsync($"{path}?user_id={guild.Bot.Id}&action_type=30")).Expect(200);
        JsonNode[] entries = [.. log["audit_log_entries"]!.AsArray().Select(e => e!)];
        Assert.Equal(roles.AsEnumerable().Reverse(), entries.Select(e => (string)e["target_id"]!));
        Assert.Equal("no. 4", (string?)entries[0]["reason"]);
        Assert.Equal(guild.Bot.Id.ToString(), (string?)log["users"]!.AsArray().Single()!["id"]);
        foreach (string key in (string[])["webhooks", "threads", "integrations", "application_commands",
            "guild_scheduled_events", "auto_moderation_rules"])
            Assert.Empty(log[key]!.AsArray());

        string[] ids = [.. entries.Select(e => (string)e["id"]!)];
        Assert.Equal(ids[2..4], await Ids($"?action_type=30&before={ids[1]}&limit=2"));
        Assert.Equal([ids[2], ids[1]], await Ids($"?action_type=30&after={ids[3]}&limit=2"));
        JsonNode kick = (await guild.Bot.GetAsync($"{path}?action_type=20")).Expect(200);
        Assert.Equal([guild.Owner.Id.ToString(), member.Id.ToString()], kick["users"]!.AsArray().Select(u => (string)u!["id"]!));
        (await guild.Bot.GetAsync($"{path}?limit=101")).ExpectError(400, 50035, "limit");
        (await (await node.MemberAsync(guild.Id)).GetAsync(path)).ExpectError(403, 50013);

        async Task<IEnumerable<string>> Ids(string query) =>
            (await guild.Bot.GetAsync(path + query)).Expect(200)["audit_log_entries"]!.AsArray().Select(e => (string)e!["id"]!);
    }

    [Fact]
    public async Task Prune_spares_those_with_roles_those_seen_and_those_new()
    {
        SeededGuild guild = await node.SeedAsync();
        string path = $"/guilds/{guild.Id}/prune";
        Snowflake role = await node.RoleAsync(guild.Id, "kept");
        RestClient absent = await node.MemberAsync(guild.Id);
        RestClient roled = await node.MemberAsync(guild.Id, role);
        RestClient present = await node.MemberAsync(guild.Id);
        RestClient young = await node.MemberAsync(guild.Id);
        foreach (RestClient old in (RestClient[])[absent, roled, present])
            await node.BackdateAsync(guild.Id, old.Id, TimeSpan.FromDays(10));
        await using GatewayClient session = await (await node.ConnectAsync(present)).IdentifyAsync();

        Assert.Equal(1, (int)(await guild.Bot.GetAsync($"{path}?days=7")).Expect(200)["pruned"]!);
        Assert.Equal(2, (int)(await guild.Bot.GetAsync($"{path}?days=7&include_roles={role}")).Expect(200)["pruned"]!);
        Assert.Equal(0, (int)(await guild.Bot.GetAsync($"{path}?days=20")).Expect(200)["pruned"]!);
        await session.CloseAsync(1000);
        JsonNode pruned = (await guild.Bot.PostAsync(path, new { days = 7 }, "tidy")).Expect(200);
        Assert.Equal(1, (int)pruned["pruned"]!);
        (await guild.Bot.GetAsync($"/guilds/{guild.Id}/members/{absent.Id}")).ExpectError(404, 10007);
        (await guild.Bot.GetAsync($"/guilds/{guild.Id}/members/{present.Id}")).Expect(200);
        (await guild.Bot.GetAsync($"/guilds/{guild.Id}/members/{young.Id}")).Expect(200);
        JsonNode entry = (await guild.Bot.GetAsync($"/guilds/{guild.Id}/audit-logs?action_type=21")).Expect(200)["audit_log_entries"]![0]!;
        Assert.Equal(("7", "1"), ((string?)entry["options"]!["delete_member_days"], (string?)entry["options"]!["members_removed"]));
        JsonNode silent = (await guild.Bot.PostAsync(path, $$"""{"days":7,"compute_prune_count":false,"include_roles":"{{role}}"}"""))
            .Expect(200);
        Assert.True(silent.AsObject().ContainsKey("pruned") && silent["pruned"] is null);
        (await guild.Bot.GetAsync($"/guilds/{guild.Id}/members/{roled.Id}")).ExpectError(404, 10007);
        (await guild.Bot.PostAsync(path, new { days = 31 })).ExpectError(400, 50035, "days");
        (await young.GetAsync(path)).ExpectError(403, 50013);
    }
}
