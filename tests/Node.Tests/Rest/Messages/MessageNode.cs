using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Discord.Actors;
using Discord.Actors.Guilds;
using Discord.Actors.Guilds.Members;
using Discord.Node.Cdn;
using Discord.Node.Composition;
using Discord.Node.Ops;
using Discord.Node.Rest;
using Discord.Protocol;
using Discord.Protocol.Payloads;

namespace Discord.Node.Tests.Rest.Messages;

/// <summary>A whole node with its real storage, one guild with a text channel, its owner, a bot with Administrator and a plain
/// member.</summary>
internal sealed class MessageNode : IAsyncDisposable
{
    private readonly TestNode _node;

    private MessageNode(TestNode node, DevSeed seed, User member, string memberToken)
    {
        _node = node;
        GuildId = Snowflake.Parse(seed.GuildId);
        ChannelId = Snowflake.Parse(seed.ChannelId);
        Bot = "Bot " + seed.BotToken;
        Owner = seed.UserToken;
        MemberUser = member;
        Member = memberToken;
    }

    public Snowflake GuildId { get; }

    public Snowflake ChannelId { get; }

    /// <summary>Authorization of the bot, which may do everything.</summary>
    public string Bot { get; }

    /// <summary>Authorization of the guild's owner.</summary>
    public string Owner { get; }

    /// <summary>Authorization of a member with the rights of @everyone.</summary>
    public string Member { get; }

    public User MemberUser { get; }

    public DomainServices Domain => _node.Host.Services.Domain;

    public GuildState Guild => Domain.Guilds.Loaded.Single(guild => guild.Id == GuildId).State;

    public string Messages => $"/api/v10/channels/{ChannelId}/messages";

    public static async Task<MessageNode> StartAsync()
    {
        TestNode node = await TestNode.StartAsync(
            parts =>
            {
                parts.StartDomain = DomainStart.RunAsync;
                RestRoutes.Map(parts.Routes);
                parts.Map = (app, services) => CdnEndpoints.Map(app, services.Domain);
            },
            options => options.RateLimits.Enabled = false);
        DevSeed seed = await node.Host.Services.Operator!.SeedAsync(default);
        DomainServices domain = node.Host.Services.Domain;
        (User member, string token) = await domain.Accounts.CreateUserAsync("plain", "a long password");
        MessageNode made = new(node, seed, member, token);
        await domain.Guilds.RunAsync(made.GuildId, new AdmitMember(member) { By = new Caller(member.Id) { System = true } });
        return made;
    }

    /// <summary>Sets the permissions of @everyone.</summary>
    public ValueTask<bool> EveryoneAsync(Permissions permissions) =>
        ChangeAsync(guild => guild.Put(new RolePut(guild.State.Everyone with { Permissions = permissions })));

    public ValueTask<bool> ChangeAsync(Action<GuildDecision> change) =>
        Domain.Guilds.RunAsync(GuildId, new Change(change) { By = new Caller(MemberUser.Id) { System = true } });

    public Task<(HttpStatusCode Status, JsonNode? Body)> GetAsync(string path, string? token = null) =>
        SendAsync(HttpMethod.Get, path, token, (HttpContent?)null);

    public Task<(HttpStatusCode Status, JsonNode? Body)> SendAsync(HttpMethod method, string path, string? token = null,
        string? json = null) =>
        SendAsync(method, path, token, json is null ? null : new StringContent(json, Encoding.UTF8, "application/json"));

    public async Task<(HttpStatusCode Status, JsonNode? Body)> SendAsync(HttpMethod method, string path, string? token,
        HttpContent? content)
    {
        using HttpResponseMessage answer = await _node.SendAsync(method, path, token ?? Bot, content);
        string body = await answer.Content.ReadAsStringAsync();
        if (body.Length > 0)
            Assert.Equal("application/json", answer.Content.Headers.ContentType?.ToString());
        return (answer.StatusCode, body.Length == 0 ? null : JsonNode.Parse(body));
    }

    /// <summary>Posts a message that is expected to be accepted.</summary>
    public async Task<JsonObject> PostAsync(string json, string? token = null)
    {
        (HttpStatusCode status, JsonNode? body) = await SendAsync(HttpMethod.Post, Messages, token, json);
        Assert.True(status == HttpStatusCode.OK, body?.ToJsonString());
        return body!.AsObject();
    }

    public async Task<string> PostIdAsync(string content, string? token = null) =>
        (string)(await PostAsync($$"""{"content":"{{content}}"}""", token))["id"]!;

    public async ValueTask DisposeAsync() => await _node.DisposeAsync();

    private sealed record Change(Action<GuildDecision> Do) : GuildCommand<bool>
    {
        protected override bool Decide(GuildDecision guild)
        {
            Do(guild);
            return true;
        }
    }
}
