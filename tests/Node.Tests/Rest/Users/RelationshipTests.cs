using System.Text.Json.Nodes;
using Discord.Node.Tests.Kit;

namespace Discord.Node.Tests.Rest.Users;

public sealed class RelationshipTests(NodeKit node) : IClassFixture<NodeKit>
{
    private async Task<string> NameAsync(RestClient user) => (string)(await user.GetAsync("/users/@me")).Expect(200)["username"]!;

    [Fact]
    public async Task Request_by_name_is_accepted_and_friends_see_each_other()
    {
        RestClient a = await node.UserAsync();
        RestClient b = await node.UserAsync();
        await using GatewayClient sa = await (await node.ConnectAsync(a)).IdentifyAsync();
        await using GatewayClient sb = await (await node.ConnectAsync(b)).IdentifyAsync();
        (await a.PostAsync("/users/@me/relationships", new { username = await NameAsync(b), discriminator = (string?)null })).Expect204();
        Assert.Equal(4, (int)(await sa.NextAsync("RELATIONSHIP_ADD"))["type"]!);
        JsonNode asked = await sb.NextAsync("RELATIONSHIP_ADD");
        Assert.Equal((3, a.Id.ToString(), true), ((int)asked["type"]!, (string?)asked["user"]!["id"], (bool)asked["should_notify"]!));
        (await b.PutAsync($"/users/@me/relationships/{a.Id}", new { })).Expect204();
        Assert.Equal(1, (int)(await sa.NextAsync("RELATIONSHIP_ADD"))["type"]!);
        Assert.Equal(1, (int)(await sb.NextAsync("RELATIONSHIP_ADD"))["type"]!);
        Assert.Equal(
            "online",
            (string?)(await sa.NextAsync("PRESENCE_UPDATE", e => (string?)e["user"]!["id"] == b.Id.ToString()))["status"]);
        await sb.SendAsync(3, new { status = "dnd", since = 0, activities = Array.Empty<int>(), afk = false });
        JsonNode presence = await sa.NextAsync("PRESENCE_UPDATE", e => (string?)e["status"] == "dnd");
        Assert.False(presence.AsObject().ContainsKey("guild_id"));
        await using GatewayClient later = await (await node.ConnectAsync(a)).IdentifyAsync();
        Assert.Equal(
            (1, b.Id.ToString()),
            ((int)later.Ready["relationships"]![0]!["type"]!, (string?)later.Ready["relationships"]![0]!["user_id"]));
        Assert.Contains(later.Ready["users"]!.AsArray(), u => (string?)u!["id"] == b.Id.ToString());
        Assert.Equal(
            b.Id.ToString(),
            (string?)(await later.NextAsync("READY_SUPPLEMENTAL"))["merged_presences"]!["friends"]![0]!["user_id"]);
        (await a.PatchAsync($"/users/@me/relationships/{b.Id}", new { nickname = "Bee" })).Expect204();
        Assert.Equal("Bee", (string?)(await sa.NextAsync("RELATIONSHIP_UPDATE"))["nickname"]);
        (await a.DeleteAsync($"/users/@me/relationships/{b.Id}")).Expect204();
        Assert.Equal(a.Id.ToString(), (string?)(await sb.NextAsync("RELATIONSHIP_REMOVE"))["id"]);
        Assert.Empty((await b.GetAsync("/users/@me/relationships")).Expect(200).AsArray());
    }

    [Fact]
    public async Task Presence_of_several_sessions_is_that_of_the_most_present_one()
    {
        RestClient a = await node.UserAsync();
        RestClient b = await node.UserAsync();
        (await a.PutAsync($"/users/@me/relationships/{b.Id}", new { type = 1 })).Expect204();
        (await b.PutAsync($"/users/@me/relationships/{a.Id}", new { type = 1 })).Expect204();
        await using GatewayClient watcher = await (await node.ConnectAsync(a)).IdentifyAsync();
        await using GatewayClient first = await (await node.ConnectAsync(b)).IdentifyAsync();
        await using GatewayClient second = await (await node.ConnectAsync(b)).IdentifyAsync();
        await using GatewayClient third = await (await node.ConnectAsync(b)).IdentifyAsync();
        await StatusAsync(first, "dnd");
        await StatusAsync(second, "invisible");
        await SeesAsync("online");
        await StatusAsync(third, "idle");
        await SeesAsync("idle");
        await StatusAsync(third, "invisible");
        await SeesAsync("dnd");
        await StatusAsync(first, "invisible");
        Assert.Empty((await watcher.NextAsync("PRESENCE_UPDATE", e => (string?)e["status"] == "offline"))["client_status"]!.AsObject());

        static Task StatusAsync(GatewayClient session, string status) =>
            session.SendAsync(3, new { status, since = 0, activities = Array.Empty<int>(), afk = false });

        async Task SeesAsync(string status) =>
            await watcher.NextAsync(
                "PRESENCE_UPDATE", e => (string?)e["status"] == status && (string?)e["client_status"]!["web"] == status);
    }

    [Fact]
    public async Task Crossing_requests_make_friends_and_a_block_ends_it_unseen()
    {
        RestClient a = await node.UserAsync();
        RestClient b = await node.UserAsync();
        (await a.PutAsync($"/users/@me/relationships/{b.Id}", new { type = 1 })).Expect204();
        (await b.PutAsync($"/users/@me/relationships/{a.Id}", new { type = 1 })).Expect204();
        foreach (RestClient side in (RestClient[])[a, b])
            Assert.Equal(1, (int)(await side.GetAsync("/users/@me/relationships")).Expect(200).AsArray().Single()!["type"]!);
        (await a.PutAsync($"/users/@me/relationships/{b.Id}", new { type = 2 })).Expect204();
        Assert.Equal(2, (int)(await a.GetAsync("/users/@me/relationships")).Expect(200).AsArray().Single()!["type"]!);
        Assert.Empty((await b.GetAsync("/users/@me/relationships")).Expect(200).AsArray());

        // The blocked one asks in vain.
        (await b.PutAsync($"/users/@me/relationships/{a.Id}", new { })).Expect204();
        Assert.Equal(2, (int)(await a.GetAsync("/users/@me/relationships")).Expect(200).AsArray().Single()!["type"]!);
        (await b.DeleteAsync($"/users/@me/relationships/{a.Id}")).Expect204();
        Assert.Equal(2, (int)(await a.GetAsync("/users/@me/relationships")).Expect(200).AsArray().Single()!["type"]!);
    }

    [Fact]
    public async Task Wrong_wishes_are_told()
    {
        SeededGuild guild = await node.SeedAsync();
        RestClient a = guild.Owner;
        (await a.PostAsync("/users/@me/relationships", new { username = "nobody.of.this.name" })).ExpectError(400, 80004);
        (await a.PutAsync($"/users/@me/relationships/{a.Id}", new { })).ExpectError(400, 80003);
        (await a.PutAsync($"/users/@me/relationships/{guild.Bot.Id}", new { })).ExpectError(400, 80000);
        (await a.PutAsync("/users/@me/relationships/1", new { })).ExpectError(404, 10013);
        (await a.PutAsync($"/users/@me/relationships/{guild.Bot.Id}", new { type = 7 })).ExpectError(400, 50035, "type");
        (await a.PatchAsync($"/users/@me/relationships/{guild.Bot.Id}", new { nickname = "x" })).ExpectError(404, 10013);
        (await a.PutAsync($"/users/@me/relationships/{guild.Bot.Id}/ignore")).Expect204();
        Assert.True((bool)(await a.GetAsync("/users/@me/relationships")).Expect(200).AsArray().Single()!["user_ignored"]!);
        (await a.DeleteAsync($"/users/@me/relationships/{guild.Bot.Id}/ignore")).Expect204();
        Assert.Empty((await a.GetAsync("/users/@me/relationships")).Expect(200).AsArray());
    }
}
