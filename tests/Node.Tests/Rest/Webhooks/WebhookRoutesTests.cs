using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Discord.Actors.Guilds;
using Discord.Node.Rest;
using Discord.Node.Rest.Webhooks;
using Discord.Node.Tests.Kit;
using Discord.Protocol;
using Discord.Protocol.Payloads;

namespace Discord.Node.Tests.Rest.Webhooks;

/// <summary>Webhooks by id and by token, their messages, the variants for other services.</summary>
public sealed class WebhookRoutesTests(NodeKit node) : IClassFixture<NodeKit>
{
    private const string Pixel =
        "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";

    [Fact]
    public async Task Webhook_is_made_read_modified_and_deleted()
    {
        SeededGuild guild = await node.SeedAsync();
        await using GatewayClient bot = await (await node.ConnectAsync(guild.Bot)).IdentifyAsync();
        JsonNode made = (await guild.Owner.PostAsync($"/channels/{guild.ChannelId}/webhooks", new { name = " Spidey ", avatar = Pixel }))
            .Expect(200);
        string id = (string)made["id"]!, token = (string)made["token"]!;
        Assert.Equal("Spidey", (string?)made["name"]);
        Assert.Equal(32, ((string)made["avatar"]!).Length);
        Assert.Equal(1, (int)made["type"]!);
        Assert.Equal(guild.Owner.Id.ToString(), (string?)made["user"]!["id"]);
        Assert.Null(made["application_id"]);
        Assert.EndsWith($"/api/webhooks/{id}/{token}", (string)made["url"]!, StringComparison.Ordinal);
        Assert.Equal(guild.ChannelId.ToString(), (string?)(await bot.NextAsync("WEBHOOKS_UPDATE"))["channel_id"]);
        Assert.Equal(
            id, (string?)Assert.Single((await guild.Bot.GetAsync($"/channels/{guild.ChannelId}/webhooks")).Expect(200).AsArray())!["id"]);
        Assert.Equal(token, (string?)(await guild.Bot.GetAsync($"/webhooks/{id}")).Expect(200)["token"]);
        JsonNode open = (await AnyoneAsync(HttpMethod.Get, $"/webhooks/{id}/{token}")).Expect(200);
        Assert.Null(open["user"]);
        Assert.Equal("Venom", (string?)(await guild.Bot.PatchAsync($"/webhooks/{id}", new { name = "Venom", avatar = (string?)null }))
            .Expect(200)["name"]);
        Assert.Equal("Carnage", (string?)(await AnyoneAsync(HttpMethod.Patch, $"/webhooks/{id}/{token}", new { name = "Carnage" }))
            .Expect(200)["name"]);
        (await AnyoneAsync(HttpMethod.Get, $"/webhooks/{id}/wrong")).ExpectError(401, 50027);
        (await AnyoneAsync(HttpMethod.Get, $"/webhooks/1/{token}")).ExpectError(404, 10015);
        (await AnyoneAsync(HttpMethod.Get, $"/webhooks/{id}")).ExpectError(401, 0);
        (await AnyoneAsync(HttpMethod.Delete, $"/webhooks/{id}/{token}")).Expect(204);
        (await guild.Bot.GetAsync($"/webhooks/{id}")).ExpectError(404, 10015);
    }

    [Fact]
    public async Task Webhooks_have_names_rights_and_a_limit()
    {
        SeededGuild guild = await node.SeedAsync();
        RestClient member = await node.MemberAsync(guild.Id);
        string path = $"/channels/{guild.ChannelId}/webhooks";
        (await guild.Bot.PostAsync(path, new { name = "My Discord" })).ExpectError(400, 50035, "name");
        (await guild.Bot.PostAsync(path, new { name = "CLYDE" })).ExpectError(400, 50035, "name");
        (await guild.Bot.PostAsync(path, new { })).ExpectError(400, 50035, "name");
        (await member.PostAsync(path, new { name = "x" })).ExpectError(403, 50013);
        (await member.GetAsync(path)).ExpectError(403, 50013);
        string id = "";
        for (int i = 0; i < 15; i++)
            id = (string)(await guild.Bot.PostAsync(path, new { name = $"w{i}" })).Expect(200)["id"]!;
        (await guild.Bot.PostAsync(path, new { name = "more" })).ExpectError(400, 30007);
        (await member.GetAsync($"/webhooks/{id}")).ExpectError(403, 50013);
        (await member.DeleteAsync($"/webhooks/{id}")).ExpectError(403, 50013);
        Snowflake voice = (await node.StateAsync(guild.Id)).Channels.Values.Single(c => c.Type == ChannelType.GuildVoice).Id;
        Assert.Equal(voice.ToString(), (string?)(await guild.Bot.PatchAsync($"/webhooks/{id}", new { channel_id = voice.ToString() }))
            .Expect(200)["channel_id"]);
        (await guild.Bot.DeleteAsync($"/webhooks/{id}")).Expect(204);
    }

    [Fact]
    public async Task Execute_posts_under_its_names_and_keeps_its_messages()
    {
        SeededGuild guild = await node.SeedAsync();
        await using GatewayClient bot = await (await node.ConnectAsync(guild.Bot)).IdentifyAsync();
        (string id, string token) = await MakeAsync(guild);
        string path = $"/webhooks/{id}/{token}";
        Assert.Null((await AnyoneAsync(HttpMethod.Post, path, new { content = "quiet" })).Expect(204));
        JsonNode told = await bot.NextAsync("MESSAGE_CREATE");
        Assert.Equal(id, (string?)told["webhook_id"]);
        Assert.Equal(id, (string?)told["author"]!["id"]);
        Assert.Equal("0000", (string?)told["author"]!["discriminator"]);
        Assert.True((bool)told["author"]!["bot"]!);
        Assert.Null(told["member"]);
        JsonNode sent = (await AnyoneAsync(HttpMethod.Post, path + "?wait=true", new
        {
            content = $"hi <@{guild.Owner.Id}> @everyone <@&{guild.Id}>",
            username = "Other",
            embeds = new[] { new { title = "t" } },
        })).Expect(200);
        Assert.Equal("Other", (string?)sent["author"]!["username"]);
        Assert.Equal(guild.Owner.Id.ToString(), (string?)Assert.Single(sent["mentions"]!.AsArray())!["id"]);
        Assert.False((bool)sent["mention_everyone"]!);
        string message = (string)sent["id"]!;
        Assert.Equal(message, (string?)(await AnyoneAsync(HttpMethod.Get, $"{path}/messages/{message}")).Expect(200)["id"]);
        Assert.Equal("new", (string?)(await AnyoneAsync(HttpMethod.Patch, $"{path}/messages/{message}", new { content = "new" }))
            .Expect(200)["content"]);
        Assert.Equal("new", (string?)(await bot.NextAsync("MESSAGE_UPDATE"))["content"]);
        string foreign = (string)(await guild.Owner.PostAsync($"/channels/{guild.ChannelId}/messages", new { content = "mine" }))
            .Expect(200)["id"]!;
        (await AnyoneAsync(HttpMethod.Get, $"{path}/messages/{foreign}")).ExpectError(404, 10008);
        (await AnyoneAsync(HttpMethod.Delete, $"{path}/messages/{foreign}")).ExpectError(404, 10008);
        (await AnyoneAsync(HttpMethod.Get, $"{path}/messages/@original")).ExpectError(404, 10008);
        (await AnyoneAsync(HttpMethod.Delete, $"{path}/messages/{message}")).Expect(204);
        Assert.Equal(message, (string?)(await bot.NextAsync("MESSAGE_DELETE"))["id"]);
        (await AnyoneAsync(HttpMethod.Post, path, new { })).ExpectError(400, 50006);
        (await AnyoneAsync(HttpMethod.Post, path, new { content = "x", username = "discord", avatar_url = "nope" }))
            .ExpectError(400, 50035, "username");
        (await AnyoneAsync(HttpMethod.Post, path, new { content = "x", thread_name = "t" })).ExpectError(400, 220003);
        (await AnyoneAsync(HttpMethod.Post, $"/webhooks/{id}/wrong", new { content = "x" })).ExpectError(401, 50027);
    }

    [Fact]
    public async Task Execute_takes_files_and_keeps_components_only_when_asked()
    {
        SeededGuild guild = await node.SeedAsync();
        (string id, string token) = await MakeAsync(guild);
        using MultipartFormDataContent body = new()
        {
            { new StringContent("""{"content":"file"}""", Encoding.UTF8, "application/json"), "payload_json" },
            { new ByteArrayContent("abc"u8.ToArray()), "files[0]", "a.txt" },
        };
        JsonNode sent = (await AnyoneAsync(HttpMethod.Post, $"/webhooks/{id}/{token}?wait=true", body)).Expect(200);
        Assert.Equal("a.txt", (string?)Assert.Single(sent["attachments"]!.AsArray())!["filename"]);
        object components = new
        {
            content = "x",
            components =
                new[] { new { type = 1, components = new[] { new { type = 2, style = 5, label = "go", url = "https://example.org" } } } },
        };
        Assert.Empty(
            (await AnyoneAsync(HttpMethod.Post, $"/webhooks/{id}/{token}?wait=true", components)).Expect(200)["components"]!.AsArray());
        Assert.Single((await AnyoneAsync(HttpMethod.Post, $"/webhooks/{id}/{token}?wait=true&with_components=true", components))
            .Expect(200)["components"]!.AsArray());
    }

    [Fact]
    public async Task Execute_reaches_threads_of_its_channel_and_makes_posts()
    {
        SeededGuild guild = await node.SeedAsync();
        (string id, string token) = await MakeAsync(guild);
        string path = $"/webhooks/{id}/{token}?wait=true";
        string thread = (string)(await guild.Owner.PostAsync($"/channels/{guild.ChannelId}/threads", new { name = "t", type = 11 }))
            .Expect(201)["id"]!;
        (await guild.Owner.PatchAsync($"/channels/{thread}", new { archived = true })).Expect(200);
        JsonNode sent = (await AnyoneAsync(HttpMethod.Post, $"{path}&thread_id={thread}", new { content = "in" })).Expect(200);
        Assert.Equal(thread, (string?)sent["channel_id"]);
        Assert.False((bool)(await guild.Bot.GetAsync($"/channels/{thread}")).Expect(200)["thread_metadata"]!["archived"]!);
        string own = $"/webhooks/{id}/{token}/messages/{sent["id"]}";
        (await AnyoneAsync(HttpMethod.Get, own)).ExpectError(404, 10008);
        (await AnyoneAsync(HttpMethod.Get, $"{own}?thread_id={thread}")).Expect(200);
        (await AnyoneAsync(HttpMethod.Post, $"{path}&thread_id={guild.ChannelId}", new { content = "x" })).ExpectError(404, 10003);

        Snowflake forum = await node.Domain.Guilds.RunAsync(guild.Id, new MakeForum { By = new Caller(guild.Id) { System = true } });
        (id, token) = await MakeAsync(guild, forum);
        path = $"/webhooks/{id}/{token}?wait=true";
        (await AnyoneAsync(HttpMethod.Post, path, new { content = "x" })).ExpectError(400, 220001);
        (await AnyoneAsync(HttpMethod.Post, path + "&thread_id=1", new { content = "x", thread_name = "y" })).ExpectError(400, 220002);
        JsonNode post = (await AnyoneAsync(HttpMethod.Post, path, new { content = "first", thread_name = "Post" })).Expect(200);
        Assert.Equal((string?)post["id"], (string?)post["channel_id"]);
        Assert.Equal("Post", (string?)(await guild.Bot.GetAsync($"/channels/{post["id"]}")).Expect(200)["name"]);
    }

    [Theory, InlineData("slack"), InlineData("github")]
    public async Task Services_of_others_are_an_unknown_route(string service)
    {
        SeededGuild guild = await node.SeedAsync();
        (string id, string token) = await MakeAsync(guild);
        (await AnyoneAsync(HttpMethod.Post, $"/webhooks/{id}/{token}/{service}", new { text = "x" })).ExpectError(404, 0);
    }

    [Fact]
    public async Task Token_of_no_webhook_is_offered_to_others()
    {
        await using NodeKit own = await NodeKit.StartAsync();
        Offered offered = new();
        own.Host.Services.WebhookTokens.Add(offered);
        HttpRequestMessage request = new(HttpMethod.Post, new Uri(own.Host.Address, "/api/v10/webhooks/1234567890123456789/some.token"));
        using HttpResponseMessage answer = await own.Http.SendAsync(request);
        Assert.Equal(204, (int)answer.StatusCode);
        Assert.Equal((new Snowflake(1234567890123456789), "some.token"), offered.Asked);
    }

    private async Task<(string Id, string Token)> MakeAsync(SeededGuild guild, Snowflake? channel = null)
    {
        JsonNode made = (await guild.Owner.PostAsync($"/channels/{channel ?? guild.ChannelId}/webhooks", new { name = "Hook" }))
            .Expect(200);
        return ((string)made["id"]!, (string)made["token"]!);
    }

    // Without an account, as everyone who has the token.
    private async Task<Reply> AnyoneAsync(HttpMethod method, string path, object? body = null)
    {
        using HttpRequestMessage request = new(method, new Uri(node.Host.Address, "/api/v10" + path));
        request.Content = body switch
        {
            null => null,
            HttpContent content => content,
            _ => new StringContent(System.Text.Json.JsonSerializer.Serialize(body), new MediaTypeHeaderValue("application/json")),
        };
        using HttpResponseMessage response = await node.Http.SendAsync(request);
        byte[] bytes = await response.Content.ReadAsByteArrayAsync();
        return new Reply((int)response.StatusCode, bytes.Length == 0 ? null : JsonNode.Parse(bytes), response.Headers);
    }

    private sealed record MakeForum : GuildCommand<Snowflake>
    {
        protected override Snowflake Decide(GuildDecision guild)
        {
            Channel forum = new()
            {
                Id = guild.NewId(),
                Type = ChannelType.GuildForum,
                GuildId = guild.State.Id,
                Name = "forum",
                Position = 5,
                PermissionOverwrites = []
            };
            guild.Put(new ChannelPut(forum));
            return forum.Id;
        }
    }

    private sealed class Offered : IWebhookTokens, IWebhookTarget
    {
        public (Snowflake Id, string Token)? Asked { get; private set; }

        public ValueTask<IWebhookTarget?> FindAsync(Snowflake id, string token)
        {
            Asked = (id, token);
            return new(this);
        }

        public ValueTask<RestReply> ExecuteAsync(RestCall call) => new(RestReply.NoContent);

        public ValueTask<RestReply> GetMessageAsync(RestCall call, Snowflake? messageId) => throw new NotSupportedException();

        public ValueTask<RestReply> EditMessageAsync(RestCall call, Snowflake? messageId) => throw new NotSupportedException();

        public ValueTask<RestReply> DeleteMessageAsync(RestCall call, Snowflake? messageId) => throw new NotSupportedException();
    }
}
