using System.Text.Json.Nodes;
using Discord.Node.Tests.Kit;
using Discord.Protocol;

namespace Discord.Node.Tests.Rest.Users;

public sealed class ReadStateTests(NodeKit node) : IClassFixture<NodeKit>
{
    [Fact]
    public async Task Acknowledgement_reaches_every_own_session_with_a_growing_version()
    {
        SeededGuild guild = await node.SeedAsync();
        await using GatewayClient first = await (await node.ConnectAsync(guild.Owner)).IdentifyAsync();
        await using GatewayClient second = await (await node.ConnectAsync(guild.Owner)).IdentifyAsync();
        JsonNode answer = (await guild.Owner.PostAsync(
            $"/channels/{guild.ChannelId}/messages/77/ack", new { token = (string?)null, last_viewed = 3600 })).Expect(200);
        Assert.True(answer.AsObject().ContainsKey("token"));
        JsonNode told = await first.NextAsync("MESSAGE_ACK");
        Assert.Equal(
            (guild.ChannelId.ToString(), "77", 3600),
            ((string?)told["channel_id"], (string?)told["message_id"], (int)told["last_viewed"]!));
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
        Assert.Equal(
            (guild.ChannelId.ToString(), guild.ChannelId.ToString(), "50", 3),
            ((string?)entry["id"], (string?)entry["channel_id"], (string?)entry["last_message_id"], (int)entry["mention_count"]!));
        Assert.Equal(version + 2, (long)third.Ready["read_state"]!["version"]!);
        (await guild.Owner.DeleteAsync($"/channels/{guild.ChannelId}/messages/ack")).Expect204();
        await using GatewayClient fourth = await (await node.ConnectAsync(guild.Owner)).IdentifyAsync();
        Assert.Empty(fourth.Ready["read_state"]!["entries"]!.AsArray());
    }

    [Fact]
    public async Task Mentions_are_counted_for_who_is_away_and_ones_own_message_is_read()
    {
        SeededGuild guild = await node.SeedAsync();
        Snowflake role = await node.RoleAsync(guild.Id, "readers");
        RestClient ann = await node.MemberAsync(guild.Id, role);
        RestClient ben = await node.MemberAsync(guild.Id, role);
        RestClient cleo = await node.MemberAsync(guild.Id);
        string channel = guild.ChannelId.ToString();
        (await cleo.PutAsync($"/users/@me/relationships/{ann.Id}", new { type = 2 })).Expect204();
        (await ben.PatchAsync(
            $"/users/@me/guilds/{guild.Id}/settings", new { suppress_roles = true, suppress_everyone = true })).Expect(200);

        await SendAsync(guild.Owner, $"<@{ann.Id}> <@{ben.Id}> hello");
        await SendAsync(guild.Owner, $"<@&{role}> you");
        await SendAsync(guild.Owner, "@everyone");
        await SendAsync(guild.Owner, "nobody");
        await SendAsync(ann, $"<@{cleo.Id}> a blocked one");

        // Ben by his name alone; his settings keep roles and @everyone from counting.
        await EntryAsync(ben, entry => (int)entry["mention_count"]! == 1);
        string own = await SendAsync(ben, $"<@{ben.Id}> myself, <@{cleo.Id}>");
        JsonNode read = await EntryAsync(ben, entry => (string?)entry["last_message_id"] == own);
        Assert.Equal(0, (int)read["mention_count"]!);
        // @everyone and Ben; not the one whom Cleo blocked.
        Assert.Equal(2, (int)(await EntryAsync(cleo, entry => (int)entry["mention_count"]! >= 2))["mention_count"]!);
        string last = await SendAsync(guild.Owner, $"<@{ann.Id}>");
        // Ann has written, so only what came after that counts.
        Assert.Equal(1, (int)(await EntryAsync(ann, entry => (int)entry["mention_count"]! > 0))["mention_count"]!);
        (await ann.PostAsync($"/channels/{channel}/messages/{last}/ack", new { token = (string?)null })).Expect(200);
        Assert.Equal(0, (int)(await EntryAsync(ann, _ => true))["mention_count"]!);

        async Task<string> SendAsync(RestClient from, string content) =>
            (string)(await from.PostAsync($"/channels/{channel}/messages", new { content })).Expect(200)["id"]!;

        Task<JsonNode> EntryAsync(RestClient who, Func<JsonNode, bool> match) => ReadStateAsync(who, channel, match);
    }

    [Fact]
    public async Task Direct_messages_count_unless_their_channel_is_muted()
    {
        SeededGuild guild = await node.SeedAsync();
        RestClient ann = await node.MemberAsync(guild.Id);
        RestClient ben = await node.MemberAsync(guild.Id);
        string channel = (string)(await ann.PostAsync("/users/@me/channels", new { recipient_id = ben.Id.ToString() })).Expect(200)["id"]!;
        (await ann.PostAsync($"/channels/{channel}/messages", new { content = "one" })).Expect(200);
        (await ann.PostAsync($"/channels/{channel}/messages", new { content = "two" })).Expect(200);
        await ReadStateAsync(ben, channel, entry => (int)entry["mention_count"]! == 2);
        Dictionary<string, object> overrides = new() { [channel] = new { muted = true } };
        (await ben.PatchAsync("/users/@me/guilds/@me/settings", new { channel_overrides = overrides })).Expect(200);
        (await ann.PostAsync($"/channels/{channel}/messages", new { content = "muted" })).Expect(200);
        (await ann.PostAsync($"/channels/{channel}/messages", new { content = $"<@{ben.Id}> named" })).Expect(200);
        await ReadStateAsync(ben, channel, entry => (int)entry["mention_count"]! == 3);
    }

    // What READY would show: counts rise without an event, so it is asked for until they have.
    private async Task<JsonNode> ReadStateAsync(RestClient who, string channel, Func<JsonNode, bool> match)
    {
        JsonNode? found = null;
        await NodeKit.UntilAsync(
            async () =>
            {
                await using GatewayClient session = await (await node.ConnectAsync(who)).IdentifyAsync();
                found = session.Ready["read_state"]!["entries"]!.AsArray().FirstOrDefault(entry => (string?)entry!["id"] == channel);
                return found is not null && match(found);
            },
            $"the read state of {who.Id} in {channel}");
        return found!;
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
