using System.Text.Json.Nodes;
using Discord.Node.Tests.Kit;
using Discord.Protocol;

namespace Discord.Node.Tests.Rest.Guilds;

public sealed class RoleTests(NodeKit node) : IClassFixture<NodeKit>
{
    [Fact]
    public async Task Create_answers_the_role_tells_it_and_audits_it()
    {
        SeededGuild guild = await node.SeedAsync();
        await using GatewayClient bot = await (await node.ConnectAsync(guild.Bot)).IdentifyAsync();
        JsonNode role = (await guild.Bot.PostAsync(
            $"/guilds/{guild.Id}/roles",
            new { name = "red", colors = new { primary_color = 0xFF0000 }, permissions = "8192", hoist = true },
            "why not")).Expect(200);

        Assert.Equal("red", (string?)role["name"]);
        Assert.Equal(0xFF0000, (int)role["color"]!);
        Assert.Equal(0xFF0000, (int)role["colors"]!["primary_color"]!);
        Assert.Equal("8192", (string?)role["permissions"]);
        foreach (string key in (string[])["id", "position", "hoist", "managed", "mentionable", "icon", "unicode_emoji", "flags"])
            Assert.True(role.AsObject().ContainsKey(key), key);
        JsonNode told = await bot.NextAsync("GUILD_ROLE_CREATE");
        Assert.Equal(guild.Id.ToString(), (string?)told["guild_id"]);
        Assert.True(JsonNode.DeepEquals(role, told["role"]));
        JsonNode entry = await bot.NextAsync("GUILD_AUDIT_LOG_ENTRY_CREATE");
        Assert.Equal(30, (int)entry["action_type"]!);
        Assert.Equal("why not", (string?)entry["reason"]);
        Assert.Equal((string?)role["id"], (string?)entry["target_id"]);
        Assert.Equal(guild.Bot.Id.ToString(), (string?)entry["user_id"]);
    }

    [Fact]
    public async Task Create_without_a_body_has_the_applications_defaults()
    {
        SeededGuild guild = await node.SeedAsync();
        JsonNode role = (await guild.Bot.PostAsync($"/guilds/{guild.Id}/roles")).Expect(200);
        JsonNode everyone = (await guild.Bot.GetAsync($"/guilds/{guild.Id}/roles/{guild.Id}")).Expect(200);
        Assert.Equal("new role", (string?)role["name"]);
        Assert.Equal((string?)everyone["permissions"], (string?)role["permissions"]);
        Assert.Equal(1, (int)role["position"]!);
    }

    [Fact]
    public async Task Create_needs_the_right_and_grants_only_what_the_caller_has()
    {
        SeededGuild guild = await node.SeedAsync();
        RestClient plain = await node.MemberAsync(guild.Id);
        (await plain.PostAsync($"/guilds/{guild.Id}/roles", new { name = "x" })).ExpectError(403, 50013);
        Snowflake manager = await node.RoleAsync(guild.Id, "manager", Permissions.ManageRoles);
        RestClient member = await node.MemberAsync(guild.Id, manager);
        (await member.PostAsync($"/guilds/{guild.Id}/roles", new { permissions = "8" })).ExpectError(403, 50013);
        (await member.PostAsync($"/guilds/{guild.Id}/roles", new { name = "fine", permissions = "0" })).Expect(200);
        (await guild.Bot.PostAsync($"/guilds/{guild.Id}/roles", new { name = new string('x', 101), color = -1 }))
            .ExpectError(400, 50035, "color");
        RestClient stranger = await node.UserAsync();
        (await stranger.GetAsync($"/guilds/{guild.Id}/roles")).ExpectError(404, 10004);
    }

    [Fact]
    public async Task Icon_is_stored_and_named_by_a_hash()
    {
        SeededGuild guild = await node.SeedAsync();
        JsonNode role = (await guild.Bot.PostAsync($"/guilds/{guild.Id}/roles", new { icon = Pictures.Png })).Expect(200);
        Assert.Equal(32, ((string?)role["icon"])!.Length);
        JsonNode bare = (await guild.Bot.PatchAsync($"/guilds/{guild.Id}/roles/{role["id"]}", """{"icon":null}""")).Expect(200);
        Assert.True(bare.AsObject().ContainsKey("icon") && bare["icon"] is null);
        (await guild.Bot.PostAsync($"/guilds/{guild.Id}/roles", new { icon = "data:image/png;base64,AAAA" }))
            .ExpectError(400, 50035, "icon");
    }

    [Fact]
    public async Task Modify_changes_and_tells_and_clears_with_null()
    {
        SeededGuild guild = await node.SeedAsync();
        Snowflake id = await node.RoleAsync(guild.Id, "old");
        await using GatewayClient bot = await (await node.ConnectAsync(guild.Bot)).IdentifyAsync();
        JsonNode role = (await guild.Bot.PatchAsync(
            $"/guilds/{guild.Id}/roles/{id}", new { name = "new", color = 255, mentionable = true })).Expect(200);
        Assert.Equal("new", (string?)role["name"]);
        Assert.Equal(255, (int)role["colors"]!["primary_color"]!);
        Assert.True(JsonNode.DeepEquals(role, (await bot.NextAsync("GUILD_ROLE_UPDATE"))["role"]));
        JsonNode entry = await bot.NextAsync("GUILD_AUDIT_LOG_ENTRY_CREATE");
        JsonNode name = entry["changes"]!.AsArray().Single(c => (string?)c!["key"] == "name")!;
        Assert.Equal(("old", "new"), ((string?)name["old_value"], (string?)name["new_value"]));
        (await guild.Bot.PatchAsync($"/guilds/{guild.Id}/roles/1", new { name = "x" })).ExpectError(404, 10011);
    }

    [Fact]
    public async Task Everyone_keeps_its_name_and_cannot_be_deleted()
    {
        SeededGuild guild = await node.SeedAsync();
        JsonNode role = (await guild.Bot.PatchAsync($"/guilds/{guild.Id}/roles/{guild.Id}", new { name = "x", permissions = "1024" }))
            .Expect(200);
        Assert.Equal(("@everyone", "1024"), ((string?)role["name"], (string?)role["permissions"]));
        (await guild.Bot.DeleteAsync($"/guilds/{guild.Id}/roles/{guild.Id}")).ExpectError(400, 50028);
    }

    [Fact]
    public async Task Delete_takes_the_role_from_members_and_overwrites_in_silence()
    {
        SeededGuild guild = await node.SeedAsync();
        Snowflake id = await node.RoleAsync(guild.Id, "gone");
        RestClient member = await node.MemberAsync(guild.Id, id);
        await using GatewayClient bot = await (await node.ConnectAsync(guild.Bot)).IdentifyAsync();
        Assert.Equal(204, (await guild.Bot.DeleteAsync($"/guilds/{guild.Id}/roles/{id}", reason: "done")).Status);
        Assert.Equal(id.ToString(), (string?)(await bot.NextAsync("GUILD_ROLE_DELETE"))["role_id"]);
        await bot.NextAsync("GUILD_AUDIT_LOG_ENTRY_CREATE", e => (int)e["action_type"]! == 32);
        Assert.True(bot.HasNone("GUILD_MEMBER_UPDATE"));
        JsonNode after = (await guild.Bot.GetAsync($"/guilds/{guild.Id}/members/{member.Id}")).Expect(200);
        Assert.Empty(after["roles"]!.AsArray());
        (await guild.Bot.DeleteAsync($"/guilds/{guild.Id}/roles/{id}")).ExpectError(404, 10011);
    }

    [Fact]
    public async Task Move_takes_the_whole_list_as_clients_send_it_and_refuses_to_pass_higher_roles()
    {
        SeededGuild guild = await node.SeedAsync();
        Snowflake low = await node.RoleAsync(guild.Id, "low");
        Snowflake middle = await node.RoleAsync(guild.Id, "middle", position: 2);
        Snowflake manager = await node.RoleAsync(guild.Id, "manager", Permissions.ManageRoles, position: 3);
        RestClient member = await node.MemberAsync(guild.Id, manager);
        await using GatewayClient bot = await (await node.ConnectAsync(guild.Bot)).IdentifyAsync();
        JsonArray roles = (await guild.Bot.GetAsync($"/guilds/{guild.Id}/roles")).Expect(200).AsArray();
        string top = (string)roles.Single(r => (bool)r!["managed"]!)!["id"]!;

        string[] order = [guild.Id.ToString(), middle.ToString(), low.ToString(), manager.ToString(), top];
        JsonArray moved = (await member.PatchAsync(
            $"/guilds/{guild.Id}/roles", order.Select((id, position) => new { id, position }).ToArray())).Expect(200).AsArray();
        Assert.Equal(order, moved.OrderBy(r => (int)r!["position"]!).Select(r => (string)r!["id"]!));
        await bot.NextAsync("GUILD_ROLE_UPDATE", e => (string?)e["role"]!["id"] == low.ToString());
        await bot.NextAsync("GUILD_ROLE_UPDATE", e => (string?)e["role"]!["id"] == middle.ToString());

        (await member.PatchAsync($"/guilds/{guild.Id}/roles", new[] { new { id = low.ToString(), position = 4 } })).ExpectError(403, 50013);
        (await member.PatchAsync($"/guilds/{guild.Id}/roles", new[] { new { id = top, position = 1 } })).ExpectError(403, 50013);
        (await member.PatchAsync($"/guilds/{guild.Id}/roles", new[] { new { id = "1", position = 1 } })).ExpectError(404, 10011);
    }

    [Fact]
    public async Task Member_counts_leave_everyone_out()
    {
        SeededGuild guild = await node.SeedAsync();
        Snowflake id = await node.RoleAsync(guild.Id, "counted");
        await node.MemberAsync(guild.Id, id);
        await node.MemberAsync(guild.Id, id);
        JsonNode counts = (await guild.Bot.GetAsync($"/guilds/{guild.Id}/roles/member-counts")).Expect(200);
        Assert.Equal(2, (int)counts[id.ToString()]!);
        Assert.Null(counts[guild.Id.ToString()]);
    }

    [Fact]
    public async Task Role_250_is_the_last()
    {
        SeededGuild guild = await node.SeedAsync();
        for (int count = (await node.StateAsync(guild.Id)).Roles.Count; count < 250; count++)
            (await guild.Bot.PostAsync($"/guilds/{guild.Id}/roles")).Expect(200);
        (await guild.Bot.PostAsync($"/guilds/{guild.Id}/roles")).ExpectError(400, 30005);
    }
}
