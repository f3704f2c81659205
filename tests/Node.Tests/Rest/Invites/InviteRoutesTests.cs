using System.Text.Json.Nodes;
using Discord.Actors.Guilds;
using Discord.Node.Tests.Kit;
using Discord.Protocol;
using Discord.Protocol.Payloads;

namespace Discord.Node.Tests.Rest.Invites;

/// <summary>Making, reading, deleting and using invites.</summary>
public sealed class InviteRoutesTests(NodeKit node) : IClassFixture<NodeKit>
{
    [Fact]
    public async Task Paused_invites_let_nobody_in_until_they_go_on()
    {
        SeededGuild guild = await node.SeedAsync();
        RestClient user = await node.UserAsync();
        string code = (string)(await guild.Bot.PostAsync($"/channels/{guild.ChannelId}/invites", new { max_age = 0 })).Expect(200)["code"]!;
        (await guild.Bot.PatchAsync($"/guilds/{guild.Id}", new { features = new[] { "INVITES_DISABLED" } })).Expect(200);
        (await user.PostAsync($"/invites/{code}", new { })).ExpectError(404, 10006);
        (await user.GetAsync($"/invites/{code}")).Expect(200);
        (await guild.Bot.PatchAsync($"/guilds/{guild.Id}", new { features = Array.Empty<string>() })).Expect(200);
        Assert.True((bool)(await user.PostAsync($"/invites/{code}", new { })).Expect(200)["new_member"]!);
    }

    [Fact]
    public async Task Temporary_member_leaves_with_the_last_session_unless_a_role_was_given()
    {
        SeededGuild guild = await node.SeedAsync();
        Snowflake role = await node.RoleAsync(guild.Id, "stays");
        await using GatewayClient bot = await (await node.ConnectAsync(guild.Bot)).IdentifyAsync();
        RestClient passing = await JoinForAWhileAsync(node, guild), staying = await JoinForAWhileAsync(node, guild);
        (await guild.Bot.PutAsync($"/guilds/{guild.Id}/members/{staying.Id}/roles/{role}")).Expect204();
        await using GatewayClient stays = await (await node.ConnectAsync(staying)).IdentifyAsync();
        await using GatewayClient lost = await (await node.ConnectAsync(passing)).IdentifyAsync();
        await using GatewayClient other = await (await node.ConnectAsync(passing)).IdentifyAsync();

        // A connection that is lost is no session that ends, and neither is one of several the last.
        await lost.AbortAsync();
        await using GatewayClient resumed = await lost.ResumeAsync();
        await resumed.NextAsync("RESUMED");
        await resumed.CloseAsync(1000);
        await stays.CloseAsync(1000);
        await bot.NextAsync("PRESENCE_UPDATE", p => IsOf(p, staying) && (string?)p["status"] == "offline");
        (await guild.Bot.GetAsync($"/guilds/{guild.Id}/members/{passing.Id}")).Expect(200);

        await other.CloseAsync(1000);
        await bot.NextAsync("GUILD_MEMBER_REMOVE", e => IsOf(e, passing));
        (await guild.Bot.GetAsync($"/guilds/{guild.Id}/members/{staying.Id}")).Expect(200);
        (await passing.GetAsync($"/guilds/{guild.Id}")).ExpectError(404, 10004);
        Assert.Empty(
            (await guild.Bot.GetAsync($"/guilds/{guild.Id}/audit-logs?action_type=20")).Expect(200)["audit_log_entries"]!.AsArray());
    }

    [Fact]
    public async Task Temporary_member_who_does_not_come_back_in_time_is_removed_after_a_lost_connection_and_after_a_restart()
    {
        await using NodeKit own = await NodeKit.StartAsync(options => options.Sessions.ResumeWindow = TimeSpan.FromSeconds(2));
        SeededGuild guild = await own.SeedAsync();
        RestClient passing = await JoinForAWhileAsync(own, guild), away = await JoinForAWhileAsync(own, guild);
        RestClient back = await JoinForAWhileAsync(own, guild);
        await using (GatewayClient bot = await (await own.ConnectAsync(guild.Bot)).IdentifyAsync())
        {
            await using GatewayClient first = await (await own.ConnectAsync(passing)).IdentifyAsync();
            await first.AbortAsync();
            await bot.NextAsync("GUILD_MEMBER_REMOVE", e => IsOf(e, passing));
            await using GatewayClient second = await (await own.ConnectAsync(away)).IdentifyAsync();
            await using GatewayClient third = await (await own.ConnectAsync(back)).IdentifyAsync();
            await own.RestartAsync();
        }
        await using GatewayClient again = await (await own.ConnectAsync(back)).IdentifyAsync();
        await using GatewayClient watch = await (await own.ConnectAsync(guild.Bot)).IdentifyAsync();
        if ((await guild.Bot.GetAsync($"/guilds/{guild.Id}/members/{away.Id}")).Status == 200)
            await watch.NextAsync("GUILD_MEMBER_REMOVE", e => IsOf(e, away));
        (await back.GetAsync($"/guilds/{guild.Id}")).Expect(200);
        (await guild.Bot.GetAsync($"/guilds/{guild.Id}/members/{away.Id}")).ExpectError(404, 10007);
    }

    private static bool IsOf(JsonNode told, RestClient account) => (string?)told["user"]!["id"] == account.Id.ToString();

    private static async Task<RestClient> JoinForAWhileAsync(NodeKit node, SeededGuild guild)
    {
        RestClient user = await node.UserAsync();
        object invite = new { temporary = true, unique = true };
        string code = (string)(await guild.Bot.PostAsync($"/channels/{guild.ChannelId}/invites", invite)).Expect(200)["code"]!;
        (await user.PostAsync($"/invites/{code}", new { })).Expect(200);
        return user;
    }

    [Fact]
    public async Task Invite_is_made_told_listed_read_and_deleted()
    {
        SeededGuild guild = await node.SeedAsync();
        await using GatewayClient bot = await (await node.ConnectAsync(guild.Bot)).IdentifyAsync();
        JsonNode invite = (await guild.Owner.PostAsync(
            $"/channels/{guild.ChannelId}/invites", new { max_age = 60, max_uses = 3, temporary = true })).Expect(200);
        string code = (string)invite["code"]!;
        Assert.Equal(60, (int)invite["max_age"]!);
        Assert.Equal(3, (int)invite["max_uses"]!);
        Assert.Equal(0, (int)invite["uses"]!);
        Assert.True((bool)invite["temporary"]!);
        Assert.Equal(guild.Owner.Id.ToString(), (string?)invite["inviter"]!["id"]);
        Assert.Equal(guild.Id.ToString(), (string?)invite["guild"]!["id"]);
        Assert.Equal(guild.ChannelId.ToString(), (string?)invite["channel"]!["id"]);
        JsonNode told = await bot.NextAsync("INVITE_CREATE");
        Assert.Equal(code, (string?)told["code"]);
        Assert.Equal(guild.ChannelId.ToString(), (string?)told["channel_id"]);
        Assert.Equal(code,
            (string?)Assert.Single((await guild.Bot.GetAsync($"/channels/{guild.ChannelId}/invites")).Expect(200).AsArray())!["code"]);
        RestClient stranger = await node.UserAsync();
        JsonNode read = (await stranger.GetAsync($"/invites/{code}?with_counts=true&with_expiration=true")).Expect(200);
        Assert.Equal(2, (int)read["approximate_member_count"]!);
        Assert.NotNull(read["expires_at"]);
        Assert.Null(read["uses"]);
        (await stranger.DeleteAsync($"/invites/{code}")).ExpectError(403, 50013);
        (await guild.Bot.DeleteAsync($"/invites/{code}", reason: "done")).Expect(200);
        Assert.Equal(code, (string?)(await bot.NextAsync("INVITE_DELETE"))["code"]);
        (await stranger.GetAsync($"/invites/{code}")).ExpectError(404, 10006);
        (await stranger.GetAsync("/invites/nonsense")).ExpectError(404, 10006);
    }

    [Fact]
    public async Task Same_settings_give_the_same_invite_unless_unique()
    {
        SeededGuild guild = await node.SeedAsync();
        string path = $"/channels/{guild.ChannelId}/invites";
        string first = (string)(await guild.Owner.PostAsync(path, new { max_age = 0 })).Expect(200)["code"]!;
        Assert.Equal(first, (string?)(await guild.Owner.PostAsync(path, new { max_age = 0 })).Expect(200)["code"]);
        Assert.NotEqual(first, (string?)(await guild.Owner.PostAsync(path, new { max_age = 0, unique = true })).Expect(200)["code"]);
        Assert.NotEqual(first, (string?)(await guild.Owner.PostAsync(path, new { max_age = 0, max_uses = 1 })).Expect(200)["code"]);
        Assert.NotEqual(first, (string?)(await guild.Bot.PostAsync(path, new { max_age = 0 })).Expect(200)["code"]);
        (await guild.Owner.PostAsync(path, new { max_age = -1, max_uses = 101 })).ExpectError(400, 50035, "max_uses");
        (await guild.Owner.PostAsync(path, new { target_type = 1 })).ExpectError(400, 50035, "target_user_id");
        Snowflake category = (await node.StateAsync(guild.Id)).Channels.Values.First(c => c.Type == ChannelType.GuildCategory).Id;
        (await guild.Owner.PostAsync($"/channels/{category}/invites", new { })).ExpectError(400, 50024);
    }

    [Fact]
    public async Task Joining_makes_a_member_with_the_invites_roles_and_uses_it_up()
    {
        SeededGuild guild = await node.SeedAsync();
        Snowflake role = await node.RoleAsync(guild.Id, "guest");
        string code = (string)(await guild.Owner.PostAsync(
            $"/channels/{guild.ChannelId}/invites", new { max_uses = 2, role_ids = new[] { role.ToString() } })).Expect(200)["code"]!;
        RestClient a = await node.UserAsync(), b = await node.UserAsync(), c = await node.UserAsync();
        await using GatewayClient session = await (await node.ConnectAsync(a)).IdentifyAsync();
        JsonNode joined = (await a.PostAsync($"/invites/{code}", new { })).Expect(200);
        Assert.True((bool)joined["new_member"]!);
        Assert.Equal(guild.Id.ToString(), (string?)joined["guild"]!["id"]);
        await session.NextAsync("GUILD_CREATE", e => (string?)e["id"] == guild.Id.ToString());
        Assert.Equal([role], (await node.StateAsync(guild.Id)).Members[a.Id]!.Roles);
        Assert.False((bool)(await a.PostAsync($"/invites/{code}")).Expect(200)["new_member"]!);
        Assert.Equal(
            1, (int)Assert.Single((await guild.Bot.GetAsync($"/channels/{guild.ChannelId}/invites")).Expect(200).AsArray())!["uses"]!);
        (await b.PostAsync($"/invites/{code}")).Expect(200);
        (await c.PostAsync($"/invites/{code}")).ExpectError(404, 10006);
        (await guild.Bot.PostAsync($"/invites/{code}")).ExpectError(403, 20001);
    }

    [Fact]
    public async Task Banned_user_cannot_join()
    {
        SeededGuild guild = await node.SeedAsync();
        RestClient user = await node.UserAsync();
        string code = (string)(await guild.Owner.PostAsync($"/channels/{guild.ChannelId}/invites", new { })).Expect(200)["code"]!;
        (await guild.Bot.PutAsync($"/guilds/{guild.Id}/bans/{user.Id}", new { })).Expect(204);
        (await user.PostAsync($"/invites/{code}")).ExpectError(403, 40007);
    }

    [Fact]
    public async Task Member_without_the_right_makes_none_and_lists_none()
    {
        SeededGuild guild = await node.SeedAsync();
        RestClient member = await node.MemberAsync(guild.Id);
        (await member.PostAsync($"/channels/{guild.ChannelId}/invites", new { })).Expect(200);
        (await member.GetAsync($"/channels/{guild.ChannelId}/invites")).ExpectError(403, 50013);
        (await guild.Bot.PutAsync($"/channels/{guild.ChannelId}/permissions/{guild.Id}", new { type = 0, deny = "1" })).Expect(204);
        (await member.PostAsync($"/channels/{guild.ChannelId}/invites", new { })).ExpectError(403, 50013);
        Snowflake high = await node.RoleAsync(guild.Id, "high");
        (await member.PostAsync($"/channels/{guild.ChannelId}/invites", new { role_ids = new[] { high.ToString() } }))
            .ExpectError(403, 50013);
    }
}
