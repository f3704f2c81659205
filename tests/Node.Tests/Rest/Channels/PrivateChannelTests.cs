using System.Text.Json.Nodes;
using Discord.Node.Tests.Kit;
using Discord.Protocol;

namespace Discord.Node.Tests.Rest.Channels;

/// <summary>DMs and groups over REST and the gateway.</summary>
public sealed class PrivateChannelTests(NodeKit node) : IClassFixture<NodeKit>
{
    [Fact]
    public async Task First_message_opens_the_dm_for_the_other_one_a_bot_too()
    {
        SeededGuild guild = await node.SeedAsync();
        await using GatewayClient bot = await (await node.ConnectAsync(guild.Bot)).IdentifyAsync();
        string id = await OpenAsync(guild.Owner, guild.Bot);
        Assert.Equal(id, await OpenAsync(guild.Bot, guild.Owner));
        (await guild.Owner.PostAsync($"/channels/{id}/messages", new { content = "hello" })).Expect(200);
        JsonNode message = await bot.NextAsync("MESSAGE_CREATE");
        Assert.Equal("hello", (string?)message["content"]);
        Assert.Equal(1, (int)message["channel_type"]!);
        Assert.Null(message["guild_id"]);
        int created = bot.Events.ToList().FindIndex(e => e.Name == "CHANNEL_CREATE" && (string?)e.Data!["id"] == id);
        int sent = bot.Events.ToList().FindIndex(e => e.Name == "MESSAGE_CREATE");
        Assert.InRange(created, 0, sent - 1);
    }

    [Fact]
    public async Task Nothing_is_sent_between_two_of_whom_one_has_blocked_the_other()
    {
        RestClient a = await node.UserAsync(), b = await node.UserAsync();
        string dm = await OpenAsync(a, b);
        (await a.PostAsync($"/channels/{dm}/messages", new { content = "hello" })).Expect(200);
        (await b.PutAsync($"/users/@me/relationships/{a.Id}", new { type = 2 })).Expect204();
        (await a.PostAsync($"/channels/{dm}/messages", new { content = "still there?" })).ExpectError(403, 50007);
        (await b.PostAsync($"/channels/{dm}/messages", new { content = "no" })).ExpectError(403, 50007);
        (await b.DeleteAsync($"/users/@me/relationships/{a.Id}")).Expect204();
        (await a.PostAsync($"/channels/{dm}/messages", new { content = "good" })).Expect(200);
    }

    [Fact]
    public async Task Dm_is_closed_for_one_and_opened_by_the_next_message()
    {
        RestClient a = await node.UserAsync(), b = await node.UserAsync();
        string id = await OpenAsync(a, b);
        (await a.PostAsync($"/channels/{id}/messages", new { content = "one" })).Expect(200);
        await using GatewayClient listening = await (await node.ConnectAsync(b)).IdentifyAsync();
        (await b.DeleteAsync($"/channels/{id}")).Expect(200);
        Assert.Equal(id, (string?)(await listening.NextAsync("CHANNEL_DELETE"))["id"]);
        Assert.Empty((await b.GetAsync("/users/@me/channels")).Expect(200).AsArray());
        (await a.PostAsync($"/channels/{id}/messages", new { content = "two" })).Expect(200);
        JsonNode again = await listening.NextAsync("CHANNEL_CREATE");
        Assert.Equal(a.Id.ToString(), (string?)Assert.Single(again["recipients"]!.AsArray())!["id"]);
        await listening.NextAsync("MESSAGE_CREATE", e => (string?)e["content"] == "two");
        Assert.Single((await b.GetAsync("/users/@me/channels")).Expect(200).AsArray());
        (await a.PatchAsync($"/channels/{id}", new { name = "no" })).ExpectError(403, 50003);
    }

    [Fact]
    public async Task Stranger_sees_no_dm()
    {
        RestClient a = await node.UserAsync(), b = await node.UserAsync(), c = await node.UserAsync();
        string id = await OpenAsync(a, b);
        (await c.GetAsync($"/channels/{id}")).ExpectError(403, 50001);
        (await c.PostAsync($"/channels/{id}/messages", new { content = "x" })).ExpectError(403, 50001);
        (await c.DeleteAsync($"/channels/{id}")).ExpectError(403, 50001);
    }

    [Fact]
    public async Task Group_takes_in_renames_removes_and_is_left()
    {
        RestClient a = await node.UserAsync(), b = await node.UserAsync(), c = await node.UserAsync(), d = await node.UserAsync();
        JsonNode group = (await a.PostAsync("/users/@me/channels", new { recipients = new[] { b.Id.ToString(), c.Id.ToString() } }))
            .Expect(200);
        string id = (string)group["id"]!;
        Assert.Equal(3, (int)group["type"]!);
        Assert.Equal(a.Id.ToString(), (string?)group["owner_id"]);
        await using GatewayClient heard = await (await node.ConnectAsync(b)).IdentifyAsync();
        (await c.PutAsync($"/channels/{id}/recipients/{d.Id}")).Expect(204);
        Assert.Equal(d.Id.ToString(), (string?)(await heard.NextAsync("CHANNEL_RECIPIENT_ADD"))["user"]!["id"]);
        Assert.Equal(1, (int)(await heard.NextAsync("MESSAGE_CREATE"))["type"]!);
        (await b.PatchAsync($"/channels/{id}", new { name = "Friends" })).Expect(200);
        Assert.Equal("Friends", (string?)(await heard.NextAsync("CHANNEL_UPDATE"))["name"]);
        Assert.Equal(4, (int)(await heard.NextAsync("MESSAGE_CREATE"))["type"]!);
        (await b.DeleteAsync($"/channels/{id}/recipients/{c.Id}")).ExpectError(403, 50013);
        (await b.PatchAsync($"/channels/{id}", new { owner = b.Id.ToString() })).ExpectError(403, 50013);
        (await a.DeleteAsync($"/channels/{id}/recipients/{c.Id}")).Expect(204);
        Assert.Equal(c.Id.ToString(), (string?)(await heard.NextAsync("CHANNEL_RECIPIENT_REMOVE"))["user"]!["id"]);
        (await c.GetAsync($"/channels/{id}")).ExpectError(403, 50001);
        (await a.DeleteAsync($"/channels/{id}")).Expect(200);
        JsonNode passed = await heard.NextAsync("CHANNEL_UPDATE");
        Assert.Equal(new[] { b.Id, d.Id }.Min().ToString(), (string?)passed["owner_id"]);
        (await b.DeleteAsync($"/channels/{id}")).Expect(200);
        (await d.DeleteAsync($"/channels/{id}")).Expect(200);
        (await d.GetAsync($"/channels/{id}")).ExpectError(404, 10003);
    }

    [Fact]
    public async Task Third_recipient_of_a_dm_makes_a_group()
    {
        RestClient a = await node.UserAsync(), b = await node.UserAsync(), c = await node.UserAsync();
        string id = await OpenAsync(a, b);
        JsonNode group = (await a.PutAsync($"/channels/{id}/recipients/{c.Id}")).Expect(201);
        Assert.NotEqual(id, (string?)group["id"]);
        Assert.Equal(2, group["recipients"]!.AsArray().Count);
    }

    [Fact]
    public async Task Dm_survives_a_restart_with_its_messages()
    {
        await using NodeKit own = await NodeKit.StartAsync();
        RestClient a = await own.UserAsync(), b = await own.UserAsync();
        string id = await OpenAsync(a, b);
        string message = (string)(await a.PostAsync($"/channels/{id}/messages", new { content = "kept" })).Expect(200)["id"]!;
        await own.RestartAsync();
        Assert.Equal(message, (string?)(await b.GetAsync($"/channels/{id}")).Expect(200)["last_message_id"]);
        Assert.Equal("kept", (string?)(await b.GetAsync($"/channels/{id}/messages")).Expect(200)[0]!["content"]);
        Assert.Equal(id, await OpenAsync(b, a));
    }

    [Fact]
    public async Task Dm_opened_by_both_at_once_is_one()
    {
        RestClient a = await node.UserAsync(), b = await node.UserAsync();
        string[] ids = await Task.WhenAll(Enumerable.Range(0, 8).Select(i => i % 2 == 0 ? OpenAsync(a, b) : OpenAsync(b, a)));
        Assert.Single(ids.Distinct());
    }

    private static async Task<string> OpenAsync(RestClient from, RestClient to) =>
        (string)(await from.PostAsync("/users/@me/channels", new { recipient_id = to.Id.ToString() })).Expect(200)["id"]!;
}
