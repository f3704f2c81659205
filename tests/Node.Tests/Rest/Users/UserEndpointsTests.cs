using System.Text.Json.Nodes;
using Discord.Node.Tests.Kit;

namespace Discord.Node.Tests.Rest.Users;

public sealed class UserEndpointsTests(NodeKit node) : IClassFixture<NodeKit>
{
    private const string Png =
        "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";

    [Fact]
    public async Task Me_is_complete_for_users_and_bots()
    {
        SeededGuild guild = await node.SeedAsync();
        JsonNode user = (await guild.Owner.GetAsync("/users/@me")).Expect(200);
        Assert.Equal(guild.Owner.Id.ToString(), (string?)user["id"]);
        Assert.Equal("0", (string?)user["discriminator"]);
        foreach (string key in (string[])["username", "global_name", "avatar", "banner", "accent_color", "public_flags", "flags",
            "mfa_enabled", "locale", "email", "verified", "bio", "premium_type"])
            Assert.True(user.AsObject().ContainsKey(key), key);
        JsonNode bot = (await guild.Bot.GetAsync("/users/@me")).Expect(200);
        Assert.True((bool)bot["bot"]!);
        Assert.False(bot.AsObject().ContainsKey("bio"));
    }

    [Fact]
    public async Task Another_user_shows_nothing_private()
    {
        RestClient a = await node.UserAsync();
        RestClient b = await node.UserAsync();
        JsonNode seen = (await a.GetAsync($"/users/{b.Id}")).Expect(200);
        Assert.Equal(b.Id.ToString(), (string?)seen["id"]);
        Assert.False(seen.AsObject().ContainsKey("email"));
        (await a.GetAsync("/users/1")).ExpectError(404, 10013);
        (await a.GetAsync("/users/x")).ExpectError(400, 50035, "user_id");
    }

    [Fact]
    public async Task Profile_change_reaches_own_sessions_and_guilds()
    {
        SeededGuild guild = await node.SeedAsync();
        await using GatewayClient bot = await (await node.ConnectAsync(guild.Bot)).IdentifyAsync();
        await using GatewayClient own = await (await node.ConnectAsync(guild.Owner)).IdentifyAsync();
        JsonNode changed = (await guild.Owner.PatchAsync("/users/@me", new { global_name = "Ada", bio = "hi", avatar = Png })).Expect(200);
        Assert.Equal(guild.Owner.Token, (string?)changed["token"]);
        Assert.Equal("Ada", (string?)changed["global_name"]);
        string avatar = (string)changed["avatar"]!;
        Assert.Equal(32, avatar.Length);
        Assert.Equal("hi", (string?)(await own.NextAsync("USER_UPDATE"))["bio"]);
        JsonNode member = await bot.NextAsync("GUILD_MEMBER_UPDATE", e => (string?)e["user"]!["id"] == guild.Owner.Id.ToString());
        Assert.Equal(("Ada", avatar), ((string?)member["user"]!["global_name"], (string?)member["user"]!["avatar"]));
        using HttpResponseMessage image = await node.Http.GetAsync(new Uri(node.Host.Address, $"/avatars/{guild.Owner.Id}/{avatar}.png"));
        Assert.True(image.IsSuccessStatusCode);

        // Null clears, absent stays.
        changed = (await guild.Owner.PatchAsync("/users/@me", new { avatar = (string?)null })).Expect(200);
        Assert.Null(changed["avatar"]);
        Assert.Equal("Ada", (string?)changed["global_name"]);
    }

    [Fact]
    public async Task Bot_renames_itself_without_a_password()
    {
        SeededGuild guild = await node.SeedAsync();
        JsonNode changed = (await guild.Bot.PatchAsync("/users/@me", new { username = "Mister Robot" })).Expect(200);
        Assert.Equal("Mister Robot", (string?)changed["username"]);
        Assert.False(changed.AsObject().ContainsKey("token"));
        (await guild.Bot.PatchAsync("/users/@me", new { username = "x" })).ExpectError(400, 50035, "username");
    }

    [Fact]
    public async Task Name_change_needs_the_password_and_a_free_name()
    {
        RestClient user = await node.UserAsync();
        RestClient other = await node.UserAsync();
        string taken = (string)(await other.GetAsync("/users/@me")).Expect(200)["username"]!;
        (await user.PatchAsync("/users/@me", new { username = "fresh.name" })).ExpectError(400, 50035, "password");
        (await user.PatchAsync("/users/@me", new { username = "fresh.name", password = "wrong" })).ExpectError(400, 50035, "password");
        (await user.PatchAsync("/users/@me", new { username = taken, password = "correct horse battery" }))
            .ExpectError(400, 50035, "username");
        JsonNode changed = (await user.PatchAsync("/users/@me", new { username = "fresh.name", password = "correct horse battery" }))
            .Expect(200);
        Assert.Equal("fresh.name", (string?)changed["username"]);
    }

    [Fact]
    public async Task New_password_ends_all_other_log_ins()
    {
        RestClient user = await node.UserAsync();
        string other = await node.Domain.Accounts.IssueTokenAsync(user.Id);
        RestClient elsewhere = new(node, user.Id, other, isBot: false);
        await using GatewayClient here = await (await node.ConnectAsync(user)).IdentifyAsync();
        await using GatewayClient there = await (await node.ConnectAsync(elsewhere)).IdentifyAsync();
        (await elsewhere.GetAsync("/users/@me")).Expect(200);
        (await user.PatchAsync("/users/@me", new { password = "correct horse battery", new_password = "a new long one" })).Expect(200);
        Assert.Equal(4004, await there.ClosedAsync());
        (await elsewhere.GetAsync("/users/@me")).ExpectError(401, 0);
        (await user.GetAsync("/users/@me")).Expect(200);
        Assert.Null(here.CloseCode);
    }

    [Fact]
    public async Task Guilds_come_in_pages_with_counts()
    {
        SeededGuild one = await node.SeedAsync();
        SeededGuild two = await node.SeedAsync();
        await node.JoinAsync(two.Id, one.Owner);
        JsonArray all = (await one.Owner.GetAsync("/users/@me/guilds?with_counts=true")).Expect(200).AsArray();
        Assert.Equal([one.Id.ToString(), two.Id.ToString()], all.Select(g => (string)g!["id"]!));
        Assert.True((bool)all[0]!["owner"]!);
        Assert.False((bool)all[1]!["owner"]!);
        Assert.Equal(3, (int)all[1]!["approximate_member_count"]!);
        Assert.IsType<string>((string?)all[0]!["permissions"]);
        Assert.Equal(
            two.Id.ToString(),
            (string?)(await one.Owner.GetAsync($"/users/@me/guilds?after={one.Id}")).Expect(200).AsArray().Single()!["id"]);
        Assert.Equal(
            one.Id.ToString(),
            (string?)(await one.Owner.GetAsync($"/users/@me/guilds?before={two.Id}")).Expect(200).AsArray().Single()!["id"]);
        Assert.Single((await one.Owner.GetAsync("/users/@me/guilds?limit=1")).Expect(200).AsArray());
        (await one.Owner.GetAsync("/users/@me/guilds?limit=201")).ExpectError(400, 50035, "limit");
        Assert.Equal(
            one.Owner.Id.ToString(),
            (string?)(await one.Owner.GetAsync($"/users/@me/guilds/{two.Id}/member")).Expect(200)["user"]!["id"]);
        (await two.Owner.GetAsync($"/users/@me/guilds/{one.Id}/member")).ExpectError(404, 10004);
    }

    [Fact]
    public async Task Direct_channel_is_opened_once()
    {
        RestClient a = await node.UserAsync();
        RestClient b = await node.UserAsync();
        await using GatewayClient session = await (await node.ConnectAsync(a)).IdentifyAsync();
        JsonNode channel = (await a.PostAsync("/users/@me/channels", new { recipients = new[] { b.Id.ToString() } })).Expect(200);
        Assert.Equal(1, (int)channel["type"]!);
        Assert.Equal(b.Id.ToString(), (string?)channel["recipients"]![0]!["id"]);
        Assert.Equal((string?)channel["id"], (string?)(await session.NextAsync("CHANNEL_CREATE"))["id"]);
        JsonNode again = (await b.PostAsync("/users/@me/channels", new { recipient_id = a.Id.ToString() })).Expect(200);
        Assert.Equal((string?)channel["id"], (string?)again["id"]);
        Assert.Equal((string?)channel["id"], (string?)(await a.GetAsync("/users/@me/channels")).Expect(200).AsArray().Single()!["id"]);
        Assert.Equal((string?)channel["id"], (string?)(await a.GetAsync($"/users/@me/dms/{b.Id}")).Expect(200)["id"]);
        (await a.PostAsync("/users/@me/channels", new { recipient_id = "1" })).ExpectError(404, 10013);
        (await a.PostAsync("/users/@me/channels", new { recipient_id = a.Id.ToString() })).ExpectError(400, 50033);
        (await a.PostAsync("/users/@me/channels", new { })).ExpectError(400, 50035, "recipient_id");
        JsonNode group = (await a.PostAsync("/users/@me/channels", new { recipients = Array.Empty<string>() })).Expect(200);
        Assert.Equal(3, (int)group["type"]!);
    }
}
