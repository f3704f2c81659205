using System.Text.Json.Nodes;
using Discord.Node.Tests.Kit;

namespace Discord.Node.Tests.Rest.Channels;

/// <summary>Channels as events and answers show them: the keys of their type, with what their messages add.</summary>
public sealed class ChannelPayloadTests(NodeKit node) : IClassFixture<NodeKit>
{
    [Fact]
    public async Task Changed_channel_and_thread_keep_their_newest_message()
    {
        SeededGuild guild = await node.SeedAsync();
        await using GatewayClient bot = await (await node.ConnectAsync(guild.Bot)).IdentifyAsync();
        JsonNode made = (await guild.Bot.PostAsync($"/channels/{guild.ChannelId}/threads", new { name = "t", type = 12 })).Expect(201);
        string thread = (string)made["id"]!;
        foreach (string channel in (string[])[guild.ChannelId.ToString(), thread])
        {
            string last = (string)(await guild.Bot.PostAsync($"/channels/{channel}/messages", new { content = "x" })).Expect(200)["id"]!;
            (await guild.Bot.PatchAsync($"/channels/{channel}", new { name = "renamed" })).Expect(200);
            JsonNode told = await bot.NextAsync(channel == thread ? "THREAD_UPDATE" : "CHANNEL_UPDATE");
            Assert.Equal((channel, last), ((string?)told["id"], (string?)told["last_message_id"]));
        }
    }

    [Fact]
    public async Task Forum_names_its_newest_post_and_says_what_is_not_set()
    {
        SeededGuild guild = await node.SeedAsync();
        string forum = (string)(await guild.Bot.PostAsync($"/guilds/{guild.Id}/channels", new
        {
            name = "forum",
            type = 15,
            default_sort_order = 1,
            default_reaction_emoji = new { emoji_name = "\U0001F44D" },
        })).Expect(201)["id"]!;
        const string clear = """{"default_sort_order":null,"default_reaction_emoji":null}""";
        JsonNode cleared = (await guild.Bot.PatchAsync($"/channels/{forum}", clear)).Expect(200);
        foreach (string key in (string[])["default_sort_order", "default_reaction_emoji", "last_message_id", "topic", "parent_id"])
            Assert.True(cleared.AsObject().TryGetPropertyValue(key, out JsonNode? value) && value is null, key);
        string post = (string)(await guild.Bot.PostAsync($"/channels/{forum}/threads", new { name = "p", message = new { content = "x" } }))
            .Expect(201)["id"]!;
        Assert.Equal(post, (string?)(await guild.Bot.GetAsync($"/channels/{forum}")).Expect(200)["last_message_id"]);
    }

    [Fact]
    public async Task Private_channels_have_no_keys_of_guild_channels()
    {
        RestClient a = await node.UserAsync(), b = await node.UserAsync(), c = await node.UserAsync();
        JsonNode dm = (await a.PostAsync("/users/@me/channels", new { recipient_id = b.Id.ToString() })).Expect(200);
        Assert.Equal(["flags", "id", "last_message_id", "recipients", "type"], Keys(dm));
        string[] others = [b.Id.ToString(), c.Id.ToString()];
        JsonNode group = (await a.PostAsync("/users/@me/channels", new { recipients = others })).Expect(200);
        Assert.Equal(["flags", "icon", "id", "last_message_id", "name", "owner_id", "recipients", "type"], Keys(group));
    }

    private static IEnumerable<string> Keys(JsonNode channel) => channel.AsObject().Select(p => p.Key).Order();
}
