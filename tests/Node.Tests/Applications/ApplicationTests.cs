using System.Text.Json.Nodes;
using Discord.Node.Tests.Kit;

namespace Discord.Node.Tests.Applications;

/// <summary>Applications, their bots, emojis and authorization, as the developer portal and the bot itself use them.</summary>
public sealed class ApplicationTests(NodeKit node) : IClassFixture<NodeKit>
{
    internal const string Png =
        "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";

    [Fact]
    public async Task Bot_reads_and_changes_its_own_application()
    {
        SeededGuild guild = await node.SeedAsync();
        JsonNode me = (await guild.Bot.GetAsync("/applications/@me")).Expect(200);
        Assert.Equal(guild.Bot.Id.ToString(), (string)me["id"]!);
        foreach (string key in (string[])["name", "icon", "description", "type", "verify_key", "flags", "flags_new", "bot",
            "owner", "tags", "team"])
            Assert.True(me.AsObject().ContainsKey(key), key);
        Assert.Equal(1, (int)me["approximate_guild_count"]!);
        Assert.Equal(guild.Owner.Id.ToString(), (string)me["owner"]!["id"]!);

        JsonNode changed = (await guild.Bot.PatchAsync("/applications/@me", new
        {
            description = "does things",
            tags = new[] { "fun" },
            icon = Png,
            custom_install_url = "https://example.com/add",
            install_params = new { scopes = new[] { "bot" }, permissions = "8" },
            name = "ignored",
        })).Expect(200);
        Assert.Equal("does things", (string)changed["description"]!);
        Assert.Equal("8", (string)changed["install_params"]!["permissions"]!);
        Assert.Equal((string)me["name"]!, (string)changed["name"]!);
        JsonNode read = (await guild.Owner.GetAsync($"/applications/{guild.Bot.Id}")).Expect(200);
        Assert.Equal(changed.ToJsonString(), read.ToJsonString());
        Assert.Equal(read.ToJsonString(), (await guild.Bot.GetAsync("/oauth2/applications/@me")).Expect(200).ToJsonString());
    }

    [Fact]
    public async Task Wrong_settings_are_refused_at_their_place()
    {
        SeededGuild guild = await node.SeedAsync();
        Reply wrong = await guild.Bot.PatchAsync("/applications/@me", new
        {
            description = new string('x', 401),
            tags = new[] { "a", "a" },
            custom_install_url = "no url",
            interactions_endpoint_url = "https://example.com",
            install_params = new { scopes = new[] { "email" } },
        });
        foreach (string field in (string[])["description", "tags", "custom_install_url", "interactions_endpoint_url",
            "install_params.scopes.0"])
            wrong.ExpectError(400, 50035, field);
    }

    [Fact]
    public async Task Application_of_somebody_else_is_neither_read_nor_changed()
    {
        SeededGuild guild = await node.SeedAsync();
        SeededGuild other = await node.SeedAsync();
        (await other.Bot.GetAsync($"/applications/{guild.Bot.Id}")).ExpectError(403, 20012);
        (await other.Owner.PatchAsync($"/applications/{guild.Bot.Id}", new { description = "mine" })).ExpectError(403, 20012);
        (await other.Owner.PostAsync($"/applications/{guild.Bot.Id}/bot/reset")).ExpectError(403, 20012);
        (await other.Bot.GetAsync($"/applications/{guild.Bot.Id}/commands")).ExpectError(403, 20012);
        (await guild.Owner.GetAsync("/applications/123")).ExpectError(404, 10002);
        (await guild.Owner.GetAsync("/applications/@me")).ExpectError(403, 20002);
    }

    [Fact]
    public async Task User_makes_an_application_its_bot_and_adds_it_to_a_guild()
    {
        SeededGuild guild = await node.SeedAsync();
        JsonNode made = (await guild.Owner.PostAsync("/applications", new { name = "portal" })).Expect(201);
        string id = (string)made["id"]!;
        Assert.False(made.AsObject().ContainsKey("bot"));
        JsonNode bot = (await guild.Owner.PostAsync($"/applications/{id}/bot", new { })).Expect(200);
        string token = (string)bot["token"]!;
        Assert.Equal(id, (string)bot["id"]!);
        Assert.False((await guild.Owner.PostAsync($"/applications/{id}/bot", new { })).Expect(200).AsObject().ContainsKey("token"));
        Assert.Equal(1 << 19, (int)(await guild.Owner.PatchAsync($"/applications/{id}", new { flags = 1 << 19 })).Expect(200)["flags"]!);
        Assert.Equal(
            "renamed",
            (string)(await guild.Owner.PatchAsync($"/applications/{id}", new { name = "renamed" })).Expect(200)["name"]!);
        JsonArray mine = (await guild.Owner.GetAsync("/applications")).Expect(200).AsArray();
        Assert.Contains(mine, a => (string?)a!["id"] == id);

        JsonNode page = (await guild.Owner.GetAsync($"/oauth2/authorize?client_id={id}&scope=bot&permissions=8")).Expect(200);
        Assert.Equal(id, (string)page["bot"]!["id"]!);
        Assert.Contains(page["guilds"]!.AsArray(), g => (string?)g!["id"] == guild.Id.ToString());
        await using GatewayClient owner = await (await node.ConnectAsync(guild.Owner)).IdentifyAsync();
        JsonNode added = (await guild.Owner.PostAsync($"/oauth2/authorize?client_id={id}&scope=bot+applications.commands&permissions=0",
            new { guild_id = guild.Id.ToString(), permissions = "2048", authorize = true })).Expect(200);
        Assert.Contains($"guild_id={guild.Id}", (string)added["location"]!, StringComparison.Ordinal);
        JsonNode role = await owner.NextAsync("GUILD_ROLE_CREATE");
        Assert.Equal(id, (string)role["role"]!["tags"]!["bot_id"]!);
        RestClient client = new(node, Protocol.Snowflake.Parse(id), token, isBot: true);
        Assert.Equal(id, (string)(await client.GetAsync("/users/@me")).Expect(200)["id"]!);
        JsonNode grant = (await client.GetAsync("/oauth2/@me")).Expect(200);
        Assert.Equal(id, (string)grant["application"]!["id"]!);
        Assert.Equal("bot", (string)grant["scopes"]![0]!);
    }

    [Fact]
    public async Task Bot_is_added_only_by_those_who_manage_the_guild()
    {
        SeededGuild guild = await node.SeedAsync();
        RestClient member = await node.MemberAsync(guild.Id);
        string id = (string)(await member.PostAsync("/applications", new { name = "sneaky" })).Expect(201)["id"]!;
        object body = new { guild_id = guild.Id.ToString(), permissions = "8", authorize = true };
        string path = $"/oauth2/authorize?client_id={id}&scope=bot";
        (await member.PostAsync(path, body)).ExpectError(400, 50010);
        (await member.PostAsync($"/applications/{id}/bot", new { })).Expect(200);
        (await member.PostAsync(path, body)).ExpectError(403, 50013);
        RestClient stranger = await node.UserAsync();
        (await stranger.PostAsync(path, body)).ExpectError(404, 10004);
        (await member.PostAsync(path, new { authorize = true })).ExpectError(400, 50035, "guild_id");
        (await member.GetAsync("/oauth2/authorize?client_id=1&scope=bot")).ExpectError(404, 10002);
        (await member.GetAsync($"/oauth2/authorize?client_id={id}&scope=email")).ExpectError(400, 50035, "scope");
    }

    [Fact]
    public async Task Reset_token_ends_the_old_one_and_its_sessions()
    {
        SeededGuild guild = await node.SeedAsync();
        await using GatewayClient bot = await (await node.ConnectAsync(guild.Bot)).IdentifyAsync();
        string token = (string)(await guild.Owner.PostAsync($"/applications/{guild.Bot.Id}/bot/reset")).Expect(200)["token"]!;
        Assert.Equal(4004, await bot.ClosedAsync());
        Assert.Equal(401, (await guild.Bot.GetAsync("/users/@me")).Status);
        (await new RestClient(node, guild.Bot.Id, token, isBot: true).GetAsync("/users/@me")).Expect(200);
    }

    [Fact]
    public async Task Owner_changes_the_bots_name_and_avatar()
    {
        SeededGuild guild = await node.SeedAsync();
        await using GatewayClient bot = await (await node.ConnectAsync(guild.Bot)).IdentifyAsync();
        JsonNode changed = (await guild.Owner.PatchAsync($"/applications/{guild.Bot.Id}/bot", new { username = "Marvin", avatar = Png }))
            .Expect(200);
        Assert.Equal("Marvin", (string)changed["username"]!);
        Assert.Equal("Marvin", (string)(await bot.NextAsync("USER_UPDATE"))["username"]!);
        Assert.Equal("Marvin", (string)(await bot.NextAsync("GUILD_MEMBER_UPDATE"))["user"]!["username"]!);
        (await guild.Owner.PatchAsync($"/applications/{guild.Bot.Id}/bot", new { username = "x" })).ExpectError(400, 50035, "username");
    }

    [Fact]
    public async Task Emojis_are_made_read_renamed_and_deleted()
    {
        SeededGuild guild = await node.SeedAsync();
        string path = $"/applications/{guild.Bot.Id}/emojis";
        JsonNode emoji = (await guild.Bot.PostAsync(path, new { name = "blob", image = Png })).Expect(201);
        foreach (string key in (string[])["id", "name", "user", "roles", "require_colons", "managed", "animated", "available"])
            Assert.True(emoji.AsObject().ContainsKey(key), key);
        string id = (string)emoji["id"]!;
        (await guild.Bot.PostAsync(path, new { name = "blob", image = Png })).ExpectError(400, 50035, "name");
        (await guild.Bot.PostAsync(path, new { name = "b", image = "x" })).ExpectError(400, 50035, "image");
        Assert.Equal("blobby", (string)(await guild.Bot.PatchAsync($"{path}/{id}", new { name = "blobby" })).Expect(200)["name"]!);
        Assert.Equal("blobby", (string)(await guild.Owner.GetAsync(path)).Expect(200)["items"]![0]!["name"]!);
        Assert.Equal(200, (int)(await node.Http.GetAsync(new Uri(node.Host.Address, $"/emojis/{id}.png"))).StatusCode);
        Assert.Equal(204, (await guild.Bot.DeleteAsync($"{path}/{id}")).Status);
        (await guild.Bot.GetAsync($"{path}/{id}")).ExpectError(404, 10014);
        Assert.Empty((await guild.Bot.GetAsync(path)).Expect(200)["items"]!.AsArray());
    }
}
