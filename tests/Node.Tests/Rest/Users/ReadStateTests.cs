using System.Text.Json.Nodes;
using Discord.Node.Tests.Kit;

namespace Discord.Node.Tests.Rest.Users;

public sealed class ReadStateTests(NodeKit node) : IClassFixture<NodeKit>
{
    [Fact]
    public async Task Acknowledgement_reaches_every_own_session_with_a_growing_version()
    {
        SeededGuild guild = await node.SeedAsync();
        await using GatewayClient first = await (await node.ConnectAsync(guild.Owner)).IdentifyAsync();
        await using GatewayClient second = await (await node.ConnectAsync(guild.Owner)).IdentifyAsync();
        JsonNode answer = (await guild.Owner.PostAsync($"/channels/{guild.ChannelId}/messages/77/ack", new { token = (string?)null, last_viewed = 3600 })).Expect(200);
        Assert.True(answer.AsObject().ContainsKey("token"));
        JsonNode told = await first.NextAsync("MESSAGE_ACK");
        Assert.Equal((guild.ChannelId.ToString(), "77", 3600), ((string?)told["channel_id"], (string?)told["message_id"], (int)told["last_viewed"]!));
        Assert.False(told.AsObject().ContainsKey("manual"));
        long version = (long)(await second.NextAsync("MESSAGE_ACK"))["version"]!;
        (await guild.Owner.PostAsync($"/channels/{guild.ChannelId}/messages/50/ack", new { manual = true, mention_count = 3 })).Expect(200);
        told = await first.NextAsync("MESSAGE_ACK");
        Assert.Equal((true, 3, version + 1), ((bool)told["manual"]!, (int)told["mention_count"]!, (long)told["version"]!));
        (await guild.Owner.PostAsync($"/channels/{guild.ChannelId}/pins/ack")).Expect204();
        told = await first.NextAsync("CHANNEL_PINS_ACK");
        Assert.NotNull(told["timestamp"]);
        Assert.Equal(version + 2, (long)told["version"]!);
        await using GatewayClient third = await (await node.ConnectAsync(guild.Owner)).IdentifyAsync();
        JsonNode entry = third.Ready["read_state"]!["entries"]!.AsArray().Single()!;
        Assert.Equal((guild.ChannelId.ToString(), guild.ChannelId.ToString(), "50", 3), ((string?)entry["id"], (string?)entry["channel_id"], (string?)entry["last_message_id"], (int)entry["mention_count"]!));
        Assert.Equal(version + 2, (long)third.Ready["read_state"]!["version"]!);
        (await guild.Owner.DeleteAsync($"/channels/{guild.ChannelId}/messages/ack")).Expect204();
        await using GatewayClient fourth = await (await node.ConnectAsync(guild.Owner)).IdentifyAsync();
        Assert.Empty(fourth.Ready["read_state"]!["entries"]!.AsArray());
    }

    [Fact]
    public async Task Bulk_takes_what_exists_and_hidden_channels_are_unknown()
    {
        SeededGuild guild = await node.SeedAsync();
        RestClient stranger = await node.UserAsync();
        await using GatewayClient session = await (await node.ConnectAsync(guild.Owner)).IdentifyAsync();
        (await guild.Owner.PostAsync("/read-states/ack-bulk", new
        {
            read_states = new object[]
            {
                new { channel_id = guild.ChannelId.ToString(), message_id = "9", read_state_type = 0 },
                new { channel_id = "1", message_id = "9" },
                new { channel_id = guild.Id.ToString(), message_id = "9", read_state_type = 1 },
            },
        })).Expect204();
        Assert.Equal(guild.ChannelId.ToString(), (string?)(await session.NextAsync("MESSAGE_ACK"))["channel_id"]);
        (await stranger.PostAsync($"/channels/{guild.ChannelId}/messages/9/ack", new { })).ExpectError(404, 10003);
        (await guild.Owner.PostAsync("/read-states/ack-bulk", new { })).ExpectError(400, 50035, "read_states");
        (await guild.Bot.PostAsync($"/channels/{guild.ChannelId}/messages/9/ack", new { })).ExpectError(403, 20001);
    }

    [Fact]
    public async Task Notes_are_the_writers_alone()
    {
        RestClient a = await node.UserAsync();
        RestClient b = await node.UserAsync();
        await using GatewayClient session = await (await node.ConnectAsync(a)).IdentifyAsync();
        (await a.GetAsync($"/users/@me/notes/{b.Id}")).ExpectError(404, 10013);
        (await a.PutAsync($"/users/@me/notes/{b.Id}", new { note = "owes me" })).Expect204();
        Assert.Equal("owes me", (string?)(await session.NextAsync("USER_NOTE_UPDATE"))["note"]);
        Assert.Equal("owes me", (string?)(await a.GetAsync($"/users/@me/notes/{b.Id}")).Expect(200)["note"]);
        (await b.GetAsync($"/users/@me/notes/{a.Id}")).ExpectError(404, 10013);
        (await a.PutAsync($"/users/@me/notes/{b.Id}", new { note = "" })).Expect204();
        (await a.GetAsync($"/users/@me/notes/{b.Id}")).ExpectError(404, 10013);
        (await a.PutAsync("/users/@me/notes/1", new { note = "x" })).ExpectError(404, 10013);
    }

    [Fact]
    public async Task Profile_shows_mutual_guilds_and_the_member()
    {
        SeededGuild guild = await node.SeedAsync();
        JsonNode profile = (await guild.Owner.GetAsync($"/users/{guild.Bot.Id}/profile?guild_id={guild.Id}")).Expect(200);
        Assert.Equal(guild.Id.ToString(), (string?)profile["mutual_guilds"]!.AsArray().Single()!["id"]);
        Assert.Equal(guild.Bot.Id.ToString(), (string?)profile["guild_member"]!["user"]!["id"]);
        Assert.Equal(guild.Bot.Id.ToString(), (string?)profile["application"]!["id"]);
        Assert.NotNull(profile["user_profile"]!["bio"]);
        (await guild.Owner.GetAsync("/users/1/profile")).ExpectError(404, 10013);
        Assert.Empty((await guild.Owner.GetAsync($"/users/{guild.Bot.Id}/relationships")).Expect(200).AsArray());
        Assert.Empty((await guild.Owner.GetAsync("/users/@me/relationships")).Expect(200).AsArray());
    }

    [Fact]
    public async Task Leaving_is_for_all_but_the_owner()
    {
        SeededGuild guild = await node.SeedAsync();
        RestClient member = await node.MemberAsync(guild.Id);
        await using GatewayClient session = await (await node.ConnectAsync(member)).IdentifyAsync();
        (await guild.Owner.DeleteAsync($"/users/@me/guilds/{guild.Id}")).ExpectError(400, 50055);
        (await member.DeleteAsync($"/users/@me/guilds/{guild.Id}")).Expect204();
        Assert.Equal(guild.Id.ToString(), (string?)(await session.NextAsync("GUILD_DELETE"))["id"]);
        Assert.Empty((await member.GetAsync("/users/@me/guilds")).Expect(200).AsArray());
        (await member.DeleteAsync($"/users/@me/guilds/{guild.Id}")).ExpectError(404, 10004);
    }
}
