using System.Text.Json.Nodes;
using Discord.Node.Tests.Kit;
using Discord.Protocol;

namespace Discord.Node.Tests.Rest.Guilds;

public sealed class GuildChannelTests(NodeKit node) : IClassFixture<NodeKit>
{
    [Theory]
    [InlineData(0, "topic,nsfw,rate_limit_per_user")]
    [InlineData(2, "bitrate,user_limit,rtc_region,nsfw")]
    [InlineData(4, "")]
    [InlineData(5, "topic,nsfw")]
    [InlineData(13, "bitrate,user_limit,rtc_region")]
    [InlineData(15, "available_tags,default_reaction_emoji,default_sort_order,default_forum_layout,topic")]
    [InlineData(16, "available_tags,topic")]
    public async Task Create_makes_every_type_with_its_keys(int type, string keys)
    {
        SeededGuild guild = await node.SeedAsync();
        await using GatewayClient bot = await (await node.ConnectAsync(guild.Bot)).IdentifyAsync();
        JsonObject channel = (await guild.Bot.PostAsync($"/guilds/{guild.Id}/channels", new { name = "Some Name", type }, "more room"))
            .Expect(201).AsObject();
        Assert.Equal((type, guild.Id.ToString()), ((int)channel["type"]!, (string?)channel["guild_id"]));
        Assert.Equal(type is 2 or 4 or 13 ? "Some Name" : "some-name", (string?)channel["name"]);
        string[] all = ["id", "position", "permission_overwrites", "parent_id", "flags"];
        foreach (string key in keys.Split(',', StringSplitOptions.RemoveEmptyEntries).Concat(all))
            Assert.True(channel.ContainsKey(key), key);
        Assert.Equal(type != 4, channel.ContainsKey("last_message_id"));
        JsonNode told = await bot.NextAsync("CHANNEL_CREATE");
        Assert.True(JsonNode.DeepEquals(channel, told));
        JsonNode entry = await bot.NextAsync("GUILD_AUDIT_LOG_ENTRY_CREATE");
        Assert.Equal((10, "more room"), ((int)entry["action_type"]!, (string?)entry["reason"]));
    }

    [Fact]
    public async Task Create_in_a_category_takes_its_overwrites_unless_it_has_its_own()
    {
        SeededGuild guild = await node.SeedAsync();
        string path = $"/guilds/{guild.Id}/channels";
        JsonNode category = (await guild.Bot.PostAsync(path, new
        {
            name = "cat",
            type = 4,
            permission_overwrites = new[] { new { id = guild.Id.ToString(), type = 0, deny = "1024", allow = "0" } },
        })).Expect(201);
        JsonNode synced = (await guild.Bot.PostAsync(path, new { name = "synced", parent_id = (string)category["id"]! })).Expect(201);
        Assert.True(JsonNode.DeepEquals(category["permission_overwrites"], synced["permission_overwrites"]));
        JsonNode own = (await guild.Bot.PostAsync(path, new
        {
            name = "own",
            parent_id = (string)category["id"]!,
            permission_overwrites = Array.Empty<object>()
        })).Expect(201);
        Assert.Empty(own["permission_overwrites"]!.AsArray());

        RestClient member = await node.MemberAsync(guild.Id);
        string[] seen = [.. (await member.GetAsync(path)).Expect(200).AsArray().Select(c => (string)c!["id"]!)];
        Assert.DoesNotContain((string)synced["id"]!, seen);
        Assert.Contains((string)own["id"]!, seen);
        Assert.Contains((string)synced["id"]!, (await guild.Bot.GetAsync(path)).Expect(200).AsArray().Select(c => (string)c!["id"]!));
    }

    [Fact]
    public async Task Create_refuses_wrong_forms_foreign_parents_and_rights_that_are_not_held()
    {
        SeededGuild guild = await node.SeedAsync();
        string path = $"/guilds/{guild.Id}/channels";
        (await guild.Bot.PostAsync(path, new { })).ExpectError(400, 50035, "name");
        (await guild.Bot.PostAsync(path, new { name = "x", type = 11 })).ExpectError(400, 50035, "type");
        (await guild.Bot.PostAsync(path, new { name = "x", type = 2, bitrate = 7999 })).ExpectError(400, 50035, "bitrate");
        (await guild.Bot.PostAsync(path, new { name = "x", parent_id = guild.ChannelId.ToString() })).ExpectError(400, 50035, "parent_id");
        (await guild.Bot.PostAsync(path, new { name = "x", parent_id = "7" })).ExpectError(400, 50035, "parent_id");
        RestClient plain = await node.MemberAsync(guild.Id);
        (await plain.PostAsync(path, new { name = "x" })).ExpectError(403, 50013);
        RestClient maker = await node.MemberAsync(guild.Id, await node.RoleAsync(guild.Id, "maker", Permissions.ManageChannels));
        (await maker.PostAsync(path, new
        {
            name = "x",
            permission_overwrites = new[] { new { id = guild.Id.ToString(), type = 0, allow = "8" } }
        })).ExpectError(403, 50013);
        (await maker.PostAsync(path, new
        {
            name = "x",
            permission_overwrites = new[] { new { id = guild.Id.ToString(), type = 0, deny = "1024" } }
        })).Expect(201);
    }

    [Fact]
    public async Task Category_holds_50_channels_and_a_guild_500()
    {
        SeededGuild guild = await node.SeedAsync();
        Snowflake category = await node.ChannelAsync(guild.Id, ChannelType.GuildCategory, "full");
        for (int i = 0; i < 50; i++)
            await node.ChannelAsync(guild.Id, ChannelType.GuildText, $"c{i}", category);
        (await guild.Bot.PostAsync($"/guilds/{guild.Id}/channels", new { name = "x", parent_id = category.ToString() }))
            .ExpectError(400, 50035, "parent_id");
        for (int count = (await node.StateAsync(guild.Id)).Channels.Count; count < 500; count++)
            await node.ChannelAsync(guild.Id, ChannelType.GuildText, $"d{count}");
        (await guild.Bot.PostAsync($"/guilds/{guild.Id}/channels", new { name = "x" })).ExpectError(400, 30013);
    }

    [Fact]
    public async Task Move_sets_positions_one_parent_and_its_permissions()
    {
        SeededGuild guild = await node.SeedAsync();
        string path = $"/guilds/{guild.Id}/channels";
        Snowflake category = await node.ChannelAsync(
            guild.Id, ChannelType.GuildCategory, "cat", null,
            new Overwrite(guild.Id, OverwriteType.Role, Permissions.None, Permissions.SendMessages));
        Snowflake one = await node.ChannelAsync(guild.Id, ChannelType.GuildText, "one");
        Snowflake two = await node.ChannelAsync(guild.Id, ChannelType.GuildText, "two");
        await using GatewayClient bot = await (await node.ConnectAsync(guild.Bot)).IdentifyAsync();
        Assert.Equal(204, (await guild.Bot.PatchAsync(path, new object[]
        {
            new { id = one.ToString(), position = 5, parent_id = category.ToString(), lock_permissions = true },
            new { id = two.ToString(), position = 4 },
        })).Status);
        JsonNode moved = await bot.NextAsync("CHANNEL_UPDATE", c => (string?)c["id"] == one.ToString());
        Assert.Equal((5, category.ToString()), ((int)moved["position"]!, (string?)moved["parent_id"]));
        Assert.Equal(guild.Id.ToString(), (string?)moved["permission_overwrites"]!.AsArray().Single()!["id"]);
        await bot.NextAsync("CHANNEL_UPDATE", c => (string?)c["id"] == two.ToString() && (int)c["position"]! == 4);

        (await guild.Bot.PatchAsync(path, $$"""[{"id":"{{one}}","parent_id":null},{"id":"{{two}}","parent_id":"{{category}}"}]"""))
            .ExpectError(400, 40009);
        (await guild.Bot.PatchAsync(path, """[{"id":"7","position":1}]""")).ExpectError(404, 10003);
        (await guild.Bot.PatchAsync(path, "{}")).ExpectError(400, 50035);
        (await (await node.MemberAsync(guild.Id)).PatchAsync(path, "[]")).ExpectError(403, 50013);
    }
}
