using System.Text;
using System.Text.Json.Nodes;
using Discord.Node.Tests.Kit;
using Discord.Node.Tests.Rest.Guilds;
using Discord.Protocol;

namespace Discord.Node.Tests.Rest.Messages;

/// <summary>What messages carry besides text: components, files, reactions.</summary>
public sealed class MessagePartsTests(NodeKit node) : IClassFixture<NodeKit>
{
    private const int ComponentsV2 = 1 << 15;

    [Fact]
    public async Task Message_of_components_is_edited_without_the_flag_and_stays_one()
    {
        SeededGuild guild = await node.SeedAsync();
        string messages = $"/channels/{guild.ChannelId}/messages";
        JsonNode made = (await guild.Bot.PostAsync(messages, new { flags = ComponentsV2, components = Texts("one") })).Expect(200);
        JsonNode edited = (await guild.Bot.PatchAsync($"{messages}/{made["id"]}", new { components = Texts("two") })).Expect(200);
        Assert.Equal("two", (string?)edited["components"]![0]!["content"]);
        Assert.Equal(ComponentsV2, (int)edited["flags"]!);
        (await guild.Bot.PatchAsync($"{messages}/{made["id"]}", new { content = "text" })).ExpectError(400, 50035, "content");
    }

    [Fact]
    public async Task Media_of_components_have_ids_and_files_their_names_and_sizes()
    {
        SeededGuild guild = await node.SeedAsync();
        using MultipartFormDataContent body = WithPicture($$$"""
            {"flags":{{{ComponentsV2}}},"components":[{"type":13,"file":{"url":"attachment://dot.png"}},
            {"type":12,"items":[{"media":{"url":"https://example.org/a.png"}},{"media":{"url":"attachment://dot.png"}}]}]}
            """);
        JsonNode made = (await guild.Bot.PostAsync($"/channels/{guild.ChannelId}/messages", body)).Expect(200);
        JsonNode attachment = Assert.Single(made["attachments"]!.AsArray())!;
        JsonNode file = made["components"]![0]!;
        Assert.Equal(((string?)attachment["filename"], (int)attachment["size"]!), ((string?)file["name"], (int)file["size"]!));
        Assert.Equal((string?)attachment["id"], (string?)file["file"]!["attachment_id"]);
        Assert.Equal((string?)attachment["url"], (string?)file["file"]!["url"]);
        JsonArray items = made["components"]![1]!["items"]!.AsArray();
        Assert.NotEqual((string?)items[0]!["media"]!["id"], (string?)items[1]!["media"]!["id"]);
        Assert.Null(items[0]!["media"]!["attachment_id"]);
        Assert.Equal("https://example.org/a.png", (string?)items[0]!["media"]!["proxy_url"]);
        Assert.Equal("image/png", (string?)items[1]!["media"]!["content_type"]);
    }

    [Fact]
    public async Task Forwarded_embed_shows_the_file_of_the_message_it_comes_from()
    {
        SeededGuild guild = await node.SeedAsync();
        string messages = $"/channels/{guild.ChannelId}/messages";
        using MultipartFormDataContent body = WithPicture("""{"embeds":[{"image":{"url":"attachment://dot.png"}}]}""");
        JsonNode made = (await guild.Bot.PostAsync(messages, body)).Expect(200);
        JsonNode forward = (await guild.Bot.PostAsync(messages, new
        {
            message_reference = new { type = 1, message_id = (string)made["id"]!, channel_id = guild.ChannelId.ToString() },
        })).Expect(200);
        JsonNode copy = forward["message_snapshots"]![0]!["message"]!;
        Assert.Equal((string?)copy["attachments"]![0]!["url"], (string?)copy["embeds"]![0]!["image"]!["url"]);
    }

    [Fact]
    public async Task Emoji_kept_for_roles_is_a_reaction_for_those_who_have_one()
    {
        SeededGuild guild = await node.SeedAsync();
        Snowflake role = await node.RoleAsync(guild.Id, "club");
        RestClient inside = await node.MemberAsync(guild.Id, role), outside = await node.MemberAsync(guild.Id);
        object club = new { name = "club", image = Pictures.Png, roles = new[] { role.ToString() } };
        string emoji = (string)(await guild.Bot.PostAsync($"/guilds/{guild.Id}/emojis", club)).Expect(201)["id"]!;
        string message = await PostAsync(guild);
        string mine = $"/channels/{guild.ChannelId}/messages/{message}/reactions/club:{emoji}/@me";
        (await outside.PutAsync(mine)).ExpectError(403, 50013);
        (await inside.PutAsync(mine)).Expect204();
        // What is there already is open to all.
        (await outside.PutAsync(mine)).Expect204();
    }

    [Fact]
    public async Task Emoji_of_an_application_is_a_reaction_for_its_bot_and_then_for_all()
    {
        SeededGuild guild = await node.SeedAsync();
        RestClient member = await node.MemberAsync(guild.Id);
        object mascot = new { name = "mascot", image = Pictures.Png };
        string emoji = (string)(await guild.Bot.PostAsync($"/applications/{guild.Bot.Id}/emojis", mascot)).Expect(201)["id"]!;
        string message = await PostAsync(guild);
        string mine = $"/channels/{guild.ChannelId}/messages/{message}/reactions/mascot:{emoji}/@me";
        (await member.PutAsync(mine)).ExpectError(404, 10014);
        (await guild.Bot.PutAsync(mine)).Expect204();
        (await member.PutAsync(mine)).Expect204();
        JsonNode seen = (await guild.Bot.GetAsync($"/channels/{guild.ChannelId}/messages/{message}")).Expect(200);
        JsonNode reaction = Assert.Single(seen["reactions"]!.AsArray())!;
        Assert.Equal((2, "mascot"), ((int)reaction["count"]!, (string?)reaction["emoji"]!["name"]));
    }

    [Fact]
    public async Task Message_of_the_other_one_in_a_dm_is_not_deleted()
    {
        RestClient a = await node.UserAsync(), b = await node.UserAsync();
        string dm = (string)(await a.PostAsync("/users/@me/channels", new { recipient_id = b.Id.ToString() })).Expect(200)["id"]!;
        string message = (string)(await a.PostAsync($"/channels/{dm}/messages", new { content = "x" })).Expect(200)["id"]!;
        (await b.DeleteAsync($"/channels/{dm}/messages/{message}")).ExpectError(403, 50003);
    }

    private static object[] Texts(string content) => [new { type = 10, content }];

    private static async Task<string> PostAsync(SeededGuild guild) =>
        (string)(await guild.Bot.PostAsync($"/channels/{guild.ChannelId}/messages", new { content = "x" })).Expect(200)["id"]!;

    private static MultipartFormDataContent WithPicture(string json) => new()
    {
        { new StringContent(json, Encoding.UTF8, "application/json"), "payload_json" },
        { new ByteArrayContent(Convert.FromBase64String(Pictures.Png.Split(',')[1])), "files[0]", "dot.png" },
    };
}
