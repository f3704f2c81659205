using System.Text.Json.Nodes;
using Discord.Node.Tests.Kit;
using Discord.Protocol;
using Discord.Protocol.Gateway;

namespace Discord.Node.Tests.Rest.Guilds;

public sealed class MemberTests(NodeKit node) : IClassFixture<NodeKit>
{
    [Fact]
    public async Task List_pages_by_user_id_and_get_tells_member_from_user()
    {
        SeededGuild guild = await node.SeedAsync();
        RestClient member = await node.MemberAsync(guild.Id);
        RestClient stranger = await node.UserAsync();
        JsonArray one = (await guild.Bot.GetAsync($"/guilds/{guild.Id}/members")).Expect(200).AsArray();
        Assert.Single(one);
        JsonArray all = (await guild.Bot.GetAsync($"/guilds/{guild.Id}/members?limit=1000&after=0")).Expect(200).AsArray();
        string[] ids = [.. all.Select(m => (string)m!["user"]!["id"]!)];
        Assert.Equal(3, ids.Length);
        Assert.Equal(ids.OrderBy(ulong.Parse), ids);
        JsonArray rest = (await guild.Bot.GetAsync($"/guilds/{guild.Id}/members?limit=5&after={ids[0]}")).Expect(200).AsArray();
        Assert.Equal(ids[1..], rest.Select(m => (string)m!["user"]!["id"]!));
        JsonNode got = (await guild.Bot.GetAsync($"/guilds/{guild.Id}/members/{member.Id}")).Expect(200);
        foreach (string key in (string[])["user", "nick", "avatar", "roles", "joined_at", "premium_since",
            "deaf", "mute", "flags", "pending", "communication_disabled_until"])
            Assert.True(got.AsObject().ContainsKey(key), key);
        (await guild.Bot.GetAsync($"/guilds/{guild.Id}/members/{stranger.Id}")).ExpectError(404, 10007);
        (await guild.Bot.GetAsync($"/guilds/{guild.Id}/members/7")).ExpectError(404, 10013);
        (await guild.Bot.GetAsync($"/guilds/{guild.Id}/members?limit=1001")).ExpectError(400, 50035, "limit");
        (await stranger.GetAsync($"/guilds/{guild.Id}/members")).ExpectError(404, 10004);
    }

    [Theory, InlineData(1 << 14, 200), InlineData(1 << 15, 200), InlineData(1 << 19, 403)]
    public async Task List_is_for_bots_whose_application_may_have_the_members(int flags, int status)
    {
        SeededGuild guild = await node.SeedAsync();
        (await guild.Owner.PatchAsync($"/applications/{guild.Bot.Id}", new { flags })).Expect(200);
        Reply list = await guild.Bot.GetAsync($"/guilds/{guild.Id}/members");
        if (status == 200)
            list.Expect(200);
        else
            list.ExpectError(403, 50001);
        (await guild.Bot.GetAsync($"/guilds/{guild.Id}/members/search?query=a")).Expect(200);
        (await guild.Owner.GetAsync($"/guilds/{guild.Id}/members")).Expect(200);
    }

    [Fact]
    public async Task Search_matches_the_beginning_of_names_and_nicknames()
    {
        SeededGuild guild = await node.SeedAsync();
        RestClient member = await node.MemberAsync(guild.Id);
        (await guild.Bot.PatchAsync($"/guilds/{guild.Id}/members/{member.Id}", new { nick = "Zebra" })).Expect(200);
        JsonArray found = (await guild.Bot.GetAsync($"/guilds/{guild.Id}/members/search?query=zeb&limit=10")).Expect(200).AsArray();
        Assert.Equal(member.Id.ToString(), (string?)found.Single()!["user"]!["id"]);
        (await guild.Bot.GetAsync($"/guilds/{guild.Id}/members/search")).ExpectError(400, 50035, "query");
    }

    [Fact]
    public async Task Modify_sets_nick_roles_and_timeout_and_tells_once()
    {
        SeededGuild guild = await node.SeedAsync();
        Snowflake role = await node.RoleAsync(guild.Id, "given");
        RestClient member = await node.MemberAsync(guild.Id);
        await using GatewayClient bot = await (await node.ConnectAsync(guild.Bot)).IdentifyAsync();
        DateTimeOffset until = DateTimeOffset.UtcNow.AddHours(1);
        JsonNode changed = (await guild.Bot.PatchAsync(
            $"/guilds/{guild.Id}/members/{member.Id}",
            new { nick = "Nick", roles = new[] { role.ToString() }, communication_disabled_until = until.ToString("O") },
            "behave")).Expect(200);
        Assert.Equal("Nick", (string?)changed["nick"]);
        Assert.Equal(role.ToString(), (string?)changed["roles"]![0]);
        Assert.Equal(
            until.ToUnixTimeMilliseconds(),
            DateTimeOffset.Parse((string)changed["communication_disabled_until"]!).ToUnixTimeMilliseconds());

        JsonNode told = await bot.NextAsync("GUILD_MEMBER_UPDATE");
        Assert.Equal((guild.Id.ToString(), "Nick"), ((string?)told["guild_id"], (string?)told["nick"]));
        JsonNode update = await bot.NextAsync("GUILD_AUDIT_LOG_ENTRY_CREATE", e => (int)e["action_type"]! == 24);
        Assert.Equal("behave", (string?)update["reason"]);
        JsonNode roles = await bot.NextAsync("GUILD_AUDIT_LOG_ENTRY_CREATE", e => (int)e["action_type"]! == 25);
        Assert.Equal("$add", (string?)roles["changes"]![0]!["key"]);
        Assert.Equal("given", (string?)roles["changes"]![0]!["new_value"]![0]!["name"]);
        Assert.True(bot.HasNone("GUILD_MEMBER_UPDATE"));
        (await member.PostAsync($"/channels/{guild.ChannelId}/messages", new { content = "x" })).ExpectError(403, 50013);

        JsonNode cleared = (await guild.Bot.PatchAsync(
            $"/guilds/{guild.Id}/members/{member.Id}", """{"nick":null,"communication_disabled_until":null,"roles":[]}""")).Expect(200);
        Assert.Null(cleared["nick"]);
        Assert.Empty(cleared["roles"]!.AsArray());
        (await member.PostAsync($"/channels/{guild.ChannelId}/messages", new { content = "x" })).Expect(200);
    }

    [Fact]
    public async Task Modify_refuses_what_the_caller_may_not()
    {
        SeededGuild guild = await node.SeedAsync();
        Snowflake moderator = await node.RoleAsync(
            guild.Id, "moderator",
            Permissions.ManageNicknames | Permissions.ModerateMembers | Permissions.ManageRoles
                | Permissions.MuteMembers | Permissions.KickMembers);
        Snowflake high = await node.RoleAsync(guild.Id, "high", position: 2);
        RestClient caller = await node.MemberAsync(guild.Id, moderator);
        RestClient above = await node.MemberAsync(guild.Id, high);
        RestClient plain = await node.MemberAsync(guild.Id);
        string at = $"/guilds/{guild.Id}/members";
        (await caller.PatchAsync($"{at}/{above.Id}", new { nick = "x" })).ExpectError(403, 50013);
        (await caller.PatchAsync($"{at}/{guild.Owner.Id}", new { nick = "x" })).ExpectError(403, 50013);
        (await caller.PatchAsync($"{at}/{above.Id}", new { communication_disabled_until = DateTimeOffset.UtcNow.AddMinutes(1) }))
            .ExpectError(403, 50013);
        (await caller.PatchAsync($"{at}/{plain.Id}", new { roles = new[] { high.ToString() } })).ExpectError(403, 50013);
        (await caller.PatchAsync($"{at}/{plain.Id}", new { roles = new[] { "7" } })).ExpectError(404, 10011);
        (await caller.PatchAsync($"{at}/{plain.Id}", new { mute = true })).ExpectError(400, 40032);
        (await caller.PatchAsync($"{at}/{plain.Id}", new { deaf = true })).ExpectError(403, 50013);
        (await caller.PatchAsync($"{at}/{plain.Id}", new { nick = new string('x', 33) })).ExpectError(400, 50035, "nick");
        (await caller.PatchAsync($"{at}/{plain.Id}", new { communication_disabled_until = DateTimeOffset.UtcNow.AddDays(29) }))
            .ExpectError(400, 50035, "communication_disabled_until");
        (await plain.PatchAsync($"{at}/{caller.Id}", new { nick = "x" })).ExpectError(403, 50013);
        (await caller.PatchAsync($"{at}/7", new { nick = "x" })).ExpectError(404, 10007);
        (await caller.DeleteAsync($"{at}/{above.Id}")).ExpectError(403, 50013);
    }

    [Fact]
    public async Task Own_nick_changes_by_the_new_and_the_old_route()
    {
        SeededGuild guild = await node.SeedAsync();
        await using GatewayClient bot = await (await node.ConnectAsync(guild.Bot)).IdentifyAsync(GatewayIntents.Guilds);
        JsonNode member = (await guild.Bot.PatchAsync($"/guilds/{guild.Id}/members/@me", new { nick = "one" })).Expect(200);
        Assert.Equal("one", (string?)member["nick"]);
        Assert.Equal("one", (string?)(await bot.NextAsync("GUILD_MEMBER_UPDATE"))["nick"]);
        JsonNode old = (await guild.Bot.PatchAsync($"/guilds/{guild.Id}/members/@me/nick", new { nick = "two" })).Expect(200);
        Assert.Equal("two", (string?)old["nick"]);
        JsonNode pictured = (await guild.Bot.PatchAsync($"/guilds/{guild.Id}/members/@me", new { avatar = Pictures.Gif })).Expect(200);
        Assert.StartsWith("a_", (string?)pictured["avatar"]);
    }

    [Fact]
    public async Task Role_is_given_once_and_taken_once()
    {
        SeededGuild guild = await node.SeedAsync();
        Snowflake role = await node.RoleAsync(guild.Id, "badge");
        RestClient member = await node.MemberAsync(guild.Id);
        await using GatewayClient bot = await (await node.ConnectAsync(guild.Bot)).IdentifyAsync();
        string path = $"/guilds/{guild.Id}/members/{member.Id}/roles/{role}";
        Assert.Equal(204, (await guild.Bot.PutAsync(path)).Status);
        Assert.Equal(204, (await guild.Bot.PutAsync(path)).Status);
        Assert.Equal(role.ToString(), (string?)(await bot.NextAsync("GUILD_MEMBER_UPDATE"))["roles"]![0]);
        Assert.Equal(204, (await guild.Bot.DeleteAsync(path)).Status);
        Assert.Empty((await bot.NextAsync("GUILD_MEMBER_UPDATE"))["roles"]!.AsArray());
        JsonNode first = await bot.NextAsync("GUILD_AUDIT_LOG_ENTRY_CREATE");
        JsonNode second = await bot.NextAsync("GUILD_AUDIT_LOG_ENTRY_CREATE");
        Assert.Equal(("$add", "$remove"), ((string?)first["changes"]![0]!["key"], (string?)second["changes"]![0]!["key"]));
        (await guild.Bot.PutAsync($"/guilds/{guild.Id}/members/{member.Id}/roles/7")).ExpectError(404, 10011);
        (await guild.Bot.PutAsync($"/guilds/{guild.Id}/members/7/roles/{role}")).ExpectError(404, 10007);
        (await member.PutAsync(path)).ExpectError(403, 50013);
    }

    [Fact]
    public async Task Kick_removes_and_tells_with_reason()
    {
        SeededGuild guild = await node.SeedAsync();
        RestClient member = await node.MemberAsync(guild.Id);
        await using GatewayClient bot = await (await node.ConnectAsync(guild.Bot)).IdentifyAsync();
        Assert.Equal(204, (await guild.Bot.DeleteAsync($"/guilds/{guild.Id}/members/{member.Id}", reason: "out")).Status);
        Assert.Equal(member.Id.ToString(), (string?)(await bot.NextAsync("GUILD_MEMBER_REMOVE"))["user"]!["id"]);
        JsonNode entry = await bot.NextAsync("GUILD_AUDIT_LOG_ENTRY_CREATE");
        Assert.Equal((20, "out"), ((int)entry["action_type"]!, (string?)entry["reason"]));
        (await guild.Bot.DeleteAsync($"/guilds/{guild.Id}/members/{member.Id}")).ExpectError(404, 10007);
        (await guild.Bot.DeleteAsync($"/guilds/{guild.Id}/members/{guild.Owner.Id}")).ExpectError(403, 50013);
        (await member.GetAsync($"/guilds/{guild.Id}/members")).ExpectError(404, 10004);
    }

    [Fact]
    public async Task Kicked_bot_takes_its_managed_role_along()
    {
        SeededGuild guild = await node.SeedAsync();
        RestClient second = await node.BotAsync(guild.Owner);
        await node.JoinAsync(guild.Id, second, botPermissions: Permissions.ManageMessages);
        await using GatewayClient bot = await (await node.ConnectAsync(guild.Bot)).IdentifyAsync();
        JsonNode member = (await guild.Bot.GetAsync($"/guilds/{guild.Id}/members/{second.Id}")).Expect(200);
        string role = (string)member["roles"]![0]!;
        (await guild.Owner.DeleteAsync($"/guilds/{guild.Id}/members/{second.Id}/roles/{role}")).ExpectError(400, 50028);
        Assert.Equal(204, (await guild.Owner.DeleteAsync($"/guilds/{guild.Id}/members/{second.Id}")).Status);
        Assert.Equal(role, (string?)(await bot.NextAsync("GUILD_ROLE_DELETE"))["role_id"]);
    }

    [Fact]
    public async Task Bot_adds_a_user_by_its_token_once_and_a_welcome_is_posted()
    {
        SeededGuild guild = await node.SeedAsync();
        Snowflake role = await node.RoleAsync(guild.Id, "start");
        RestClient user = await node.UserAsync();
        RestClient other = await node.UserAsync();
        await using GatewayClient bot = await (await node.ConnectAsync(guild.Bot)).IdentifyAsync();
        string path = $"/guilds/{guild.Id}/members/{user.Id}";
        (await guild.Bot.PutAsync(path, new { access_token = other.Token })).ExpectError(401, 50025);
        (await guild.Bot.PutAsync(path, new { })).ExpectError(400, 50035, "access_token");
        JsonNode member = (await guild.Bot.PutAsync(path, new
        {
            access_token = user.Token,
            nick = "fresh",
            roles = new[] { role.ToString() }
        })).Expect(201);
        Assert.Equal(("fresh", role.ToString()), ((string?)member["nick"], (string?)member["roles"]![0]));
        Assert.Equal(user.Id.ToString(), (string?)(await bot.NextAsync("GUILD_MEMBER_ADD"))["user"]!["id"]);
        JsonNode welcome = await bot.NextAsync("MESSAGE_CREATE");
        Assert.Equal((7, user.Id.ToString()), ((int)welcome["type"]!, (string?)welcome["author"]!["id"]));
        Assert.Equal(204, (await guild.Bot.PutAsync(path, new { access_token = user.Token })).Status);
        (await guild.Owner.PutAsync(path, new { access_token = user.Token })).ExpectError(403, 20002);
    }
}
