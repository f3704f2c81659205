using System.Text.Json.Nodes;
using Discord.Node.Tests.Kit;
using Discord.Protocol;

namespace Discord.Node.Tests.Rest.Guilds;

public sealed class BanTests(NodeKit node) : IClassFixture<NodeKit>
{
    [Fact]
    public async Task Ban_removes_the_member_tells_it_and_keeps_the_reason()
    {
        SeededGuild guild = await node.SeedAsync();
        RestClient member = await node.MemberAsync(guild.Id);
        await using GatewayClient bot = await (await node.ConnectAsync(guild.Bot)).IdentifyAsync();
        await using GatewayClient victim = await (await node.ConnectAsync(member)).IdentifyAsync();
        Assert.Equal(204, (await guild.Bot.PutAsync($"/guilds/{guild.Id}/bans/{member.Id}", reason: "spam ✓")).Status);

        JsonNode told = await bot.NextAsync("GUILD_BAN_ADD");
        Assert.Equal((guild.Id.ToString(), member.Id.ToString()), ((string?)told["guild_id"], (string?)told["user"]!["id"]));
        Assert.Equal(member.Id.ToString(), (string?)(await bot.NextAsync("GUILD_MEMBER_REMOVE"))["user"]!["id"]);
        JsonNode left = await victim.NextAsync("GUILD_DELETE");
        Assert.Null(left["unavailable"]);
        JsonNode entry = await bot.NextAsync("GUILD_AUDIT_LOG_ENTRY_CREATE");
        Assert.Equal((22, "spam ✓"), ((int)entry["action_type"]!, (string?)entry["reason"]));
        JsonNode ban = (await guild.Bot.GetAsync($"/guilds/{guild.Id}/bans/{member.Id}")).Expect(200);
        Assert.Equal("spam ✓", (string?)ban["reason"]);
        Assert.Equal(204, (await guild.Bot.PutAsync($"/guilds/{guild.Id}/bans/{member.Id}")).Status);

        Assert.Equal(204, (await guild.Bot.DeleteAsync($"/guilds/{guild.Id}/bans/{member.Id}")).Status);
        Assert.Equal(member.Id.ToString(), (string?)(await bot.NextAsync("GUILD_BAN_REMOVE"))["user"]!["id"]);
        (await guild.Bot.GetAsync($"/guilds/{guild.Id}/bans/{member.Id}")).ExpectError(404, 10026);
        (await guild.Bot.DeleteAsync($"/guilds/{guild.Id}/bans/{member.Id}")).ExpectError(404, 10026);
    }

    [Fact]
    public async Task Ban_deletes_the_messages_of_the_last_seconds()
    {
        SeededGuild guild = await node.SeedAsync();
        RestClient member = await node.MemberAsync(guild.Id);
        string one = (string)(await member.PostAsync($"/channels/{guild.ChannelId}/messages", new { content = "one" })).Expect(200)["id"]!;
        string two = (string)(await member.PostAsync($"/channels/{guild.ChannelId}/messages", new { content = "two" })).Expect(200)["id"]!;
        string other = (string)(await guild.Owner.PostAsync($"/channels/{guild.ChannelId}/messages", new { content = "stays" }))
            .Expect(200)["id"]!;
        await using GatewayClient bot = await (await node.ConnectAsync(guild.Bot)).IdentifyAsync();
        Assert.Equal(204, (await guild.Bot.PutAsync($"/guilds/{guild.Id}/bans/{member.Id}", new { delete_message_seconds = 3600 })).Status);

        JsonNode bulk = await bot.NextAsync("MESSAGE_DELETE_BULK");
        Assert.Equal([one, two], bulk["ids"]!.AsArray().Select(i => (string)i!).Order());
        JsonArray left = (await guild.Bot.GetAsync($"/channels/{guild.ChannelId}/messages")).Expect(200).AsArray();
        Assert.Equal(other, (string?)left.Single()!["id"]);
    }

    [Fact]
    public async Task Ban_refuses_the_owner_oneself_higher_members_and_nobody()
    {
        SeededGuild guild = await node.SeedAsync();
        Snowflake low = await node.RoleAsync(guild.Id, "low", Permissions.BanMembers);
        Snowflake high = await node.RoleAsync(guild.Id, "high", position: 2);
        RestClient moderator = await node.MemberAsync(guild.Id, low);
        RestClient above = await node.MemberAsync(guild.Id, high);
        RestClient peer = await node.MemberAsync(guild.Id, low);
        foreach (Snowflake id in (Snowflake[])[guild.Owner.Id, moderator.Id, above.Id, peer.Id])
            (await moderator.PutAsync($"/guilds/{guild.Id}/bans/{id}")).ExpectError(403, 50013);
        (await moderator.PutAsync($"/guilds/{guild.Id}/bans/1")).ExpectError(404, 10013);
        (await above.PutAsync($"/guilds/{guild.Id}/bans/{peer.Id}")).ExpectError(403, 50013);
        (await moderator.PutAsync($"/guilds/{guild.Id}/bans/{peer.Id}", new { delete_message_seconds = 604801 }))
            .ExpectError(400, 50035, "delete_message_seconds");
        RestClient outsider = await node.UserAsync();
        Assert.Equal(204, (await moderator.PutAsync($"/guilds/{guild.Id}/bans/{outsider.Id}")).Status);
    }

    [Fact]
    public async Task List_pages_by_user_id_ascending()
    {
        SeededGuild guild = await node.SeedAsync();
        List<string> ids = [];
        for (int i = 0; i < 5; i++)
        {
            RestClient user = await node.UserAsync();
            ids.Add(user.Id.ToString());
            await guild.Bot.PutAsync($"/guilds/{guild.Id}/bans/{user.Id}");
        }
        ids.Sort();
        Assert.Equal(ids, await Ids(""));
        Assert.Equal(ids[..2], await Ids("?limit=2"));
        Assert.Equal(ids[2..4], await Ids($"?limit=2&after={ids[1]}"));
        Assert.Equal(ids[1..3], await Ids($"?limit=2&before={ids[3]}&after={ids[4]}"));
        (await guild.Bot.GetAsync($"/guilds/{guild.Id}/bans?limit=1001")).ExpectError(400, 50035, "limit");

        async Task<IEnumerable<string>> Ids(string query) =>
            (await guild.Bot.GetAsync($"/guilds/{guild.Id}/bans{query}")).Expect(200).AsArray().Select(b => (string)b!["user"]!["id"]!);
    }

    [Fact]
    public async Task Bulk_ban_tells_who_could_not_be_banned_and_fails_when_nobody_could()
    {
        SeededGuild guild = await node.SeedAsync();
        RestClient one = await node.MemberAsync(guild.Id);
        RestClient two = await node.UserAsync();
        await using GatewayClient bot = await (await node.ConnectAsync(guild.Bot)).IdentifyAsync();
        JsonNode outcome = (await guild.Bot.PostAsync(
            $"/guilds/{guild.Id}/bulk-ban", $$"""{"user_ids":[{{one.Id}},"{{two.Id}}","{{guild.Owner.Id}}","7"]}""")).Expect(200);
        Assert.Equal([one.Id.ToString(), two.Id.ToString()], outcome["banned_users"]!.AsArray().Select(i => (string)i!));
        Assert.Equal(["7", guild.Owner.Id.ToString()], outcome["failed_users"]!.AsArray().Select(i => (string)i!));
        await bot.NextAsync("GUILD_BAN_ADD", e => (string?)e["user"]!["id"] == one.Id.ToString());
        await bot.NextAsync("GUILD_BAN_ADD", e => (string?)e["user"]!["id"] == two.Id.ToString());
        (await guild.Bot.PostAsync($"/guilds/{guild.Id}/bulk-ban", new { user_ids = new[] { one.Id.ToString() } }))
            .ExpectError(400, 500000);
        (await guild.Bot.PostAsync($"/guilds/{guild.Id}/bulk-ban", new { })).ExpectError(400, 50035, "user_ids");
        Snowflake half = await node.RoleAsync(guild.Id, "half", Permissions.BanMembers);
        RestClient moderator = await node.MemberAsync(guild.Id, half);
        (await moderator.PostAsync($"/guilds/{guild.Id}/bulk-ban", new { user_ids = new[] { "7" } })).ExpectError(403, 50013);
    }
}
