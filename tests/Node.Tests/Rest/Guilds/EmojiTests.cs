using System.Text.Json.Nodes;
using Discord.Node.Tests.Kit;
using Discord.Protocol;

namespace Discord.Node.Tests.Rest.Guilds;

public sealed class EmojiTests(NodeKit node) : IClassFixture<NodeKit>
{
    [Fact]
    public async Task Emoji_lives_from_upload_to_delete()
    {
        SeededGuild guild = await node.SeedAsync();
        await using GatewayClient bot = await (await node.ConnectAsync(guild.Bot)).IdentifyAsync();
        string path = $"/guilds/{guild.Id}/emojis";
        JsonNode emoji = (await guild.Bot.PostAsync(path, new { name = "party_1", image = Pictures.Png }, "fun")).Expect(201);
        Assert.Equal(("party_1", false, true, false, true), (
            (string?)emoji["name"], (bool)emoji["animated"]!, (bool)emoji["require_colons"]!,
            (bool)emoji["managed"]!, (bool)emoji["available"]!));
        Assert.Empty(emoji["roles"]!.AsArray());
        Assert.Equal(guild.Bot.Id.ToString(), (string?)emoji["user"]!["id"]);
        JsonNode told = await bot.NextAsync("GUILD_EMOJIS_UPDATE");
        Assert.Equal((guild.Id.ToString(), "party_1"), ((string?)told["guild_id"], (string?)told["emojis"]!.AsArray().Single()!["name"]));
        Assert.Equal(60, (int)(await bot.NextAsync("GUILD_AUDIT_LOG_ENTRY_CREATE"))["action_type"]!);
        using HttpResponseMessage image = await node.Http.GetAsync(new Uri(node.Host.Address, $"/emojis/{emoji["id"]}.png"));
        Assert.Equal(200, (int)image.StatusCode);

        JsonNode renamed = (await guild.Bot.PatchAsync($"{path}/{emoji["id"]}", new { name = "after" })).Expect(200);
        Assert.Equal("after", (string?)renamed["name"]);
        Assert.Equal("after", (string?)(await bot.NextAsync("GUILD_EMOJIS_UPDATE"))["emojis"]![0]!["name"]);
        RestClient member = await node.MemberAsync(guild.Id);
        JsonNode seen = (await member.GetAsync($"{path}/{emoji["id"]}")).Expect(200);
        Assert.Null(seen["user"]);
        Assert.Single((await member.GetAsync(path)).Expect(200).AsArray());
        Assert.Equal(204, (await guild.Bot.DeleteAsync($"{path}/{emoji["id"]}")).Status);
        Assert.Empty((await bot.NextAsync("GUILD_EMOJIS_UPDATE"))["emojis"]!.AsArray());
        (await guild.Bot.GetAsync($"{path}/{emoji["id"]}")).ExpectError(404, 10014);
        (await guild.Bot.DeleteAsync($"{path}/{emoji["id"]}")).ExpectError(404, 10014);
    }

    [Fact]
    public async Task Makers_change_their_own_emojis_only()
    {
        SeededGuild guild = await node.SeedAsync();
        string path = $"/guilds/{guild.Id}/emojis";
        Snowflake maker = await node.RoleAsync(guild.Id, "maker", Permissions.CreateGuildExpressions);
        RestClient member = await node.MemberAsync(guild.Id, maker);
        JsonNode own = (await member.PostAsync(path, new { name = "own", image = Pictures.Gif })).Expect(201);
        Assert.True((bool)own["animated"]!);
        JsonNode other = (await guild.Bot.PostAsync(path, new { name = "other", image = Pictures.Png })).Expect(201);
        (await member.PatchAsync($"{path}/{own["id"]}", new { name = "mine" })).Expect(200);
        (await member.PatchAsync($"{path}/{other["id"]}", new { name = "mine" })).ExpectError(403, 50013);
        (await (await node.MemberAsync(guild.Id)).PostAsync(path, new { name = "no", image = Pictures.Png })).ExpectError(403, 50013);
    }

    [Fact]
    public async Task Create_refuses_bad_names_images_roles_and_number_51()
    {
        SeededGuild guild = await node.SeedAsync();
        string path = $"/guilds/{guild.Id}/emojis";
        (await guild.Bot.PostAsync(path, new { name = "a b" })).ExpectError(400, 50035, "name");
        (await guild.Bot.PostAsync(path, new { name = "ok" })).ExpectError(400, 50035, "image");
        (await guild.Bot.PostAsync(path, new { name = "ok", image = "data:image/png;base64," + new string('A', 400_000) }))
            .ExpectError(400, 50035, "image");
        (await guild.Bot.PostAsync(path, new { name = "ok", image = Pictures.Png, roles = new[] { "7" } })).ExpectError(404, 10011);
        for (int i = 0; i < 50; i++)
            (await guild.Bot.PostAsync(path, new { name = $"e{i}", image = Pictures.Png })).Expect(201);
        (await guild.Bot.PostAsync(path, new { name = "last", image = Pictures.Png })).ExpectError(400, 30008);
        (await guild.Bot.PostAsync(path, new { name = "moves", image = Pictures.Gif })).Expect(201);
    }
}
