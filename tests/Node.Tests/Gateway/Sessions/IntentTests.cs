using System.Text.Json.Nodes;
using Discord.Node.Tests.Kit;
using Discord.Protocol;
using Discord.Protocol.Gateway;
using Discord.Protocol.Payloads;

namespace Discord.Node.Tests.Gateway.Sessions;

/// <summary>What a session hears by what it asked for and by what its account may see.</summary>
public sealed class IntentTests(NodeKit node) : IClassFixture<NodeKit>
{
    private const GatewayIntents Plain = GatewayIntents.All & ~GatewayIntents.Privileged;

    // Everything before it has been heard when this is.
    private static async Task HearAsync(SeededGuild guild, GatewayClient client)
    {
        JsonNode sent = (await guild.Owner.PostAsync($"/channels/{guild.ChannelId}/messages", new { content = "last" })).Expect(200);
        await client.NextAsync("MESSAGE_CREATE", m => (string?)m["id"] == (string?)sent["id"]);
    }

    [Fact]
    public async Task Without_guilds_there_is_no_guild_create()
    {
        SeededGuild guild = await node.SeedAsync();
        await using GatewayClient bot = await (await node.ConnectAsync(guild.Bot)).IdentifyAsync(GatewayIntents.GuildMessages);
        Assert.Equal(guild.Id.ToString(), (string?)bot.Ready["guilds"]!.AsArray().Single()!["id"]);
        await HearAsync(guild, bot);
        Assert.True(bot.HasNone("GUILD_CREATE"));
    }

    [Fact]
    public async Task Privileged_intents_need_the_applications_flags()
    {
        SeededGuild guild = await node.SeedAsync();
        (await guild.Bot.PatchAsync("/applications/@me", new { flags = 0 })).Expect(200);
        GatewayIntents[] privileged = [GatewayIntents.GuildMembers, GatewayIntents.GuildPresences, GatewayIntents.MessageContent];
        foreach (GatewayIntents intent in privileged)
        {
            await using GatewayClient refused = await node.ConnectAsync(guild.Bot);
            await refused.SendAsync(2, new { token = guild.Bot.Token, properties = new { }, intents = (long)(Plain | intent) });
            Assert.Equal(4014, await refused.ClosedAsync());
        }
        await using GatewayClient bot = await (await node.ConnectAsync(guild.Bot)).IdentifyAsync(Plain);
    }

    [Fact]
    public async Task Content_is_seen_without_its_intent_only_by_author_mentioned_and_in_direct_messages()
    {
        SeededGuild guild = await node.SeedAsync();
        await using GatewayClient bot = await (await node.ConnectAsync(guild.Bot)).IdentifyAsync(Plain);
        string messages = $"/channels/{guild.ChannelId}/messages";
        (await guild.Owner.PostAsync(messages, new { content = "secret", embeds = new[] { new { title = "secret" } } })).Expect(200);
        JsonNode hidden = await bot.NextAsync("MESSAGE_CREATE");
        Assert.Equal(("", 0), ((string?)hidden["content"], hidden["embeds"]!.AsArray().Count));
        (await guild.Owner.PostAsync(messages, new { content = $"<@{guild.Bot.Id}>" })).Expect(200);
        Assert.Equal($"<@{guild.Bot.Id}>", (string?)(await bot.NextAsync("MESSAGE_CREATE"))["content"]);
        (await guild.Bot.PostAsync(messages, new { content = "own" })).Expect(200);
        Assert.Equal("own", (string?)(await bot.NextAsync("MESSAGE_CREATE"))["content"]);
        JsonNode direct = (await guild.Owner.PostAsync("/users/@me/channels", new { recipient_id = guild.Bot.Id.ToString() })).Expect(200);
        (await guild.Owner.PostAsync($"/channels/{direct["id"]}/messages", new { content = "private" })).Expect(200);
        JsonNode heard = await bot.NextAsync("MESSAGE_CREATE");
        Assert.Equal("private", (string?)heard["content"]);
        Assert.Null(heard["guild_id"]);
    }

    [Fact]
    public async Task Each_intent_left_out_silences_its_events()
    {
        SeededGuild guild = await node.SeedAsync();
        await using GatewayClient some = await (await node.ConnectAsync(guild.Bot))
            .IdentifyAsync(GatewayIntents.Guilds | GatewayIntents.GuildMessages);
        await using GatewayClient all = await (await node.ConnectAsync(guild.Bot)).IdentifyAsync();
        RestClient joiner = await node.MemberAsync(guild.Id);
        (await guild.Owner.PostAsync($"/channels/{guild.ChannelId}/invites", new { })).Expect(200);
        (await guild.Owner.PostAsync($"/channels/{guild.ChannelId}/webhooks", new { name = "hook" })).Expect(200);
        (await guild.Owner.PostAsync($"/channels/{guild.ChannelId}/typing")).Expect204();
        JsonNode sent = (await guild.Owner.PostAsync($"/channels/{guild.ChannelId}/messages", new { content = "x" })).Expect(200);
        (await guild.Owner.PutAsync($"/channels/{guild.ChannelId}/messages/{sent["id"]}/reactions/%F0%9F%91%8D/@me")).Expect204();
        (await guild.Owner.PutAsync($"/guilds/{guild.Id}/bans/{joiner.Id}", new { })).Expect204();
        string[] needing =
        [
            "GUILD_MEMBER_ADD", "INVITE_CREATE", "WEBHOOKS_UPDATE", "TYPING_START", "MESSAGE_REACTION_ADD", "GUILD_BAN_ADD",
            "GUILD_MEMBER_REMOVE", "GUILD_AUDIT_LOG_ENTRY_CREATE",
        ];
        foreach (string name in needing)
            await all.NextAsync(name);
        await HearAsync(guild, some);
        Assert.All(needing, name => Assert.True(some.HasNone(name), name));
    }

    [Fact]
    public async Task Events_that_need_a_permission_reach_those_who_hold_it()
    {
        SeededGuild guild = await node.SeedAsync();
        RestClient plain = await node.BotAsync(guild.Owner);
        await node.JoinAsync(guild.Id, plain);
        Overwrite hide = new(guild.Id, OverwriteType.Role, Permissions.None, Permissions.ViewChannel);
        Snowflake hidden = await node.ChannelAsync(guild.Id, ChannelType.GuildText, "hidden", null, hide);
        RestClient banned = await node.MemberAsync(guild.Id);
        await using GatewayClient admin = await (await node.ConnectAsync(guild.Bot)).IdentifyAsync();
        await using GatewayClient other = await (await node.ConnectAsync(plain)).IdentifyAsync();
        (await guild.Owner.PostAsync($"/channels/{guild.ChannelId}/invites", new { })).Expect(200);
        (await guild.Owner.PutAsync($"/guilds/{guild.Id}/bans/{banned.Id}", new { })).Expect204();
        (await guild.Owner.PostAsync($"/channels/{hidden}/messages", new { content = "hidden" })).Expect(200);
        (await guild.Owner.PostAsync($"/channels/{hidden}/typing")).Expect204();
        (await guild.Owner.PostAsync($"/channels/{guild.ChannelId}/threads", new { name = "private", type = 12 })).Expect(201);
        string[] needing = ["INVITE_CREATE", "GUILD_BAN_ADD", "GUILD_AUDIT_LOG_ENTRY_CREATE", "TYPING_START", "THREAD_CREATE"];
        foreach (string name in needing)
            await admin.NextAsync(name);
        await admin.NextAsync("MESSAGE_CREATE", m => (string?)m["content"] == "hidden");
        await HearAsync(guild, other);
        Assert.All(needing, name => Assert.True(other.HasNone(name), name));
        Assert.True(other.HasNone("MESSAGE_CREATE", m => (string?)m["content"] == "hidden"));
        await other.NextAsync("GUILD_MEMBER_REMOVE", e => (string?)e["user"]!["id"] == banned.Id.ToString());
    }

    [Fact]
    public async Task Guild_is_on_its_shard_and_direct_messages_on_shard_0()
    {
        SeededGuild guild = await node.SeedAsync();
        int home = (int)((guild.Id.Value >> 22) % 3);
        GatewayClient[] shards = new GatewayClient[3];
        for (int i = 0; i < 3; i++)
        {
            shards[i] = await (await node.ConnectAsync(guild.Bot)).IdentifyAsync(extra: new { shard = new[] { i, 3 } });
            Assert.Equal(i == home ? 1 : 0, shards[i].Ready["guilds"]!.AsArray().Count);
            Assert.Equal($"[{i},3]", shards[i].Ready["shard"]!.ToJsonString());
        }
        JsonNode direct = (await guild.Owner.PostAsync("/users/@me/channels", new { recipient_id = guild.Bot.Id.ToString() })).Expect(200);
        (await guild.Owner.PostAsync($"/channels/{direct["id"]}/messages", new { content = "private" })).Expect(200);
        await shards[0].NextAsync("MESSAGE_CREATE", m => (string?)m["content"] == "private");
        await HearAsync(guild, shards[home]);
        for (int i = 0; i < 3; i++)
        {
            if (i != 0)
                Assert.True(shards[i].HasNone("MESSAGE_CREATE"));
            await shards[i].DisposeAsync();
        }
    }
}
