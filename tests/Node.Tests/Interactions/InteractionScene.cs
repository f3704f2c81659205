using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Nodes;
using Discord.Node.Tests.Kit;

namespace Discord.Node.Tests.Interactions;

/// <summary>A guild with a bot and a plain member, both at the gateway: what the member does with the bot, what the bot answers.</summary>
internal sealed class InteractionScene : IAsyncDisposable
{
    private readonly NodeKit _node;
    private int _nonces;

    private InteractionScene(NodeKit node, SeededGuild guild, RestClient member, GatewayClient bot, GatewayClient user)
    {
        _node = node;
        Guild = guild;
        Member = member;
        Bot = bot;
        User = user;
    }

    public SeededGuild Guild { get; }

    public RestClient Member { get; }

    /// <summary>The bot's session.</summary>
    public GatewayClient Bot { get; }

    /// <summary>The member's session.</summary>
    public GatewayClient User { get; }

    public string ApplicationId => Guild.Bot.Id.ToString();

    public string ChannelId => Guild.ChannelId.ToString();

    public static async Task<InteractionScene> OpenAsync(NodeKit node)
    {
        SeededGuild guild = await node.SeedAsync();
        RestClient member = await node.MemberAsync(guild.Id);
        GatewayClient bot = await (await node.ConnectAsync(guild.Bot)).IdentifyAsync();
        GatewayClient user = await (await node.ConnectAsync(member)).IdentifyAsync();
        return new InteractionScene(node, guild, member, bot, user);
    }

    /// <summary>A global command.</summary>
    public async Task<JsonNode> CommandAsync(object command) =>
        (await Guild.Bot.PostAsync($"/applications/{ApplicationId}/commands", command)).Expect(201);

    /// <summary>A chat input command without options.</summary>
    public Task<JsonNode> CommandAsync(string name = "ping") => CommandAsync(new { name, description = "d" });

    /// <summary>What a user client posts, with the keys that all kinds have in common.</summary>
    public JsonObject Body(int type, object data, object? more = null)
    {
        JsonObject body = new()
        {
            ["type"] = type,
            ["application_id"] = ApplicationId,
            ["guild_id"] = Guild.Id.ToString(),
            ["channel_id"] = ChannelId,
            ["session_id"] = User.SessionId,
            ["nonce"] = $"n{++_nonces}",
            ["data"] = JsonSerializer.SerializeToNode(data),
        };
        foreach ((string key, JsonNode? value) in more is null ? [] : JsonSerializer.SerializeToNode(more)!.AsObject())
            body[key] = value?.DeepClone();
        return body;
    }

    public static object Data(JsonNode command, object? options = null, object? more = null)
    {
        JsonObject data = new()
        {
            ["id"] = (string)command["id"]!,
            ["version"] = (string)command["version"]!,
            ["name"] = (string)command["name"]!,
            ["type"] = (int)command["type"]!,
            ["options"] = JsonSerializer.SerializeToNode(options ?? Array.Empty<object>()),
            ["attachments"] = new JsonArray(),
        };
        foreach ((string key, JsonNode? value) in more is null ? [] : JsonSerializer.SerializeToNode(more)!.AsObject())
            data[key] = value?.DeepClone();
        return data;
    }

    public Task<Reply> PostAsync(object body) => Member.PostAsync("/interactions", body is JsonNode node ? node.ToJsonString() : body);

    /// <summary>Invokes a command: what the bot is told of it.</summary>
    public async Task<JsonNode> InvokeAsync(JsonNode command, object? options = null, object? more = null) =>
        await DoAsync(Body(2, Data(command, options, more)));

    /// <summary>Uses a component of a message: what the bot is told of it.</summary>
    public Task<JsonNode> UseAsync(JsonNode message, int type, string customId, params string[] values) =>
        DoAsync(Use(message, type, customId, values));

    public JsonObject Use(JsonNode message, int type, string customId, params string[] values)
    {
        object place = new { message_id = (string)message["id"]!, message_flags = (int)message["flags"]! };
        return Body(3, new { component_type = type, custom_id = customId, values }, place);
    }

    /// <summary>Submits a modal: what the bot is told of it.</summary>
    public Task<JsonNode> SubmitAsync(JsonNode modal, object components) =>
        DoAsync(Body(5, new { id = (string)modal["id"]!, custom_id = (string)modal["custom_id"]!, components }));

    /// <summary>Posts what must be accepted: what the bot is told of it.</summary>
    public async Task<JsonNode> DoAsync(JsonObject body)
    {
        (await PostAsync(body)).Expect204();
        JsonNode told = await User.NextAsync("INTERACTION_CREATE", e => (string?)e["nonce"] == (string?)body["nonce"]);
        return await Bot.NextAsync("INTERACTION_CREATE", e => (string?)e["id"] == (string?)told["id"]);
    }

    /// <summary>The bot's first answer. Nobody is authenticated: the token says who it is.</summary>
    public Task<Reply> AnswerAsync(JsonNode interaction, int type, object? data = null, string query = "") =>
        AnonymousAsync(HttpMethod.Post, $"/interactions/{interaction["id"]}/{interaction["token"]}/callback{query}", new { type, data });

    /// <summary>What comes after it.</summary>
    public Task<Reply> FollowAsync(HttpMethod method, JsonNode interaction, string path = "", object? body = null) =>
        AnonymousAsync(method, $"/webhooks/{interaction["application_id"]}/{interaction["token"]}{path}", body);

    public async Task<Reply> AnonymousAsync(HttpMethod method, string path, object? body)
    {
        using HttpRequestMessage request = new(method, new Uri(_node.Host.Address, "/api/v10" + path));
        request.Content = body switch
        {
            null => null,
            HttpContent content => content,
            _ => new StringContent(JsonSerializer.Serialize(body), new MediaTypeHeaderValue("application/json")),
        };
        using HttpResponseMessage response = await _node.Http.SendAsync(request);
        byte[] bytes = await response.Content.ReadAsByteArrayAsync();
        return new Reply((int)response.StatusCode, bytes.Length == 0 ? null : JsonNode.Parse(bytes), response.Headers);
    }

    /// <summary>A message of the bot with these components.</summary>
    public async Task<JsonNode> MessageAsync(params object[] components)
    {
        var rows = components.Select(component => new { type = 1, components = new[] { component } });
        return (await Guild.Bot.PostAsync($"/channels/{ChannelId}/messages", new { content = "use", components = rows })).Expect(200);
    }

    /// <summary>A body with a file beside its JSON.</summary>
    public static MultipartFormDataContent WithFile(JsonNode json, string name, byte[] content)
    {
        return new MultipartFormDataContent
        {
            { new StringContent(json.ToJsonString(), new MediaTypeHeaderValue("application/json")), "payload_json" },
            { new ByteArrayContent(content), "files[0]", name },
        };
    }

    public async ValueTask DisposeAsync()
    {
        await Bot.DisposeAsync();
        await User.DisposeAsync();
    }
}
