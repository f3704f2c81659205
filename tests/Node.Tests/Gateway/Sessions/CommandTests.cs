using System.Text.Json.Nodes;
using Discord.Node.Tests.Kit;
using Discord.Protocol;
using Discord.Protocol.Payloads;

namespace Discord.Node.Tests.Gateway.Sessions;

/// <summary>What clients ask for over the gateway: members, presences, voice states.</summary>
public sealed class CommandTests(NodeKit node) : IClassFixture<NodeKit>
{
    [Fact]
    public async Task Members_are_asked_for_by_prefix_by_ids_and_all()
    {
        SeededGuild guild = await node.SeedAsync();
        await using GatewayClient bot = await (await node.ConnectAsync(guild.Bot)).IdentifyAsync();
        async Task<JsonNode> AskAsync(object d)
        {
            await bot.SendAsync(8, d);
            return await bot.NextAsync("GUILD_MEMBERS_CHUNK");
        }
        string id = guild.Id.ToString(), nonce = new('n', 32);
        JsonNode all = await AskAsync(new { guild_id = id, query = "", limit = 0, nonce, presences = true });
        Assert.Equal((2, 0, 1), Shape(all));
        Assert.Equal(nonce, (string?)all["nonce"]);
        Assert.Equal(guild.Bot.Id.ToString(), (string?)all["presences"]!.AsArray().Single()!["user"]!["id"]);
        JsonNode prefix = await AskAsync(new { guild_id = id, query = "OWN", limit = 5, nonce = nonce + "n" });
        Assert.Equal(guild.Owner.Id.ToString(), (string?)prefix["members"]!.AsArray().Single()!["user"]!["id"]);
        Assert.False(prefix.AsObject().ContainsKey("nonce"));
        Assert.False(prefix.AsObject().ContainsKey("presences"));
        JsonNode none = await AskAsync(new { guild_id = id, query = "nobody", limit = 1 });
        Assert.Equal((0, 0, 1), Shape(none));
        JsonNode ids = await AskAsync(new { guild_id = id, user_ids = new[] { guild.Bot.Id.ToString(), "123" } });
        Assert.Equal((1, "123"), (ids["members"]!.AsArray().Count, (string?)ids["not_found"]!.AsArray().Single()));
        Assert.Empty((await AskAsync(new { guild_id = id, user_ids = Array.Empty<string>() }))["members"]!.AsArray());
        Assert.Equal((1, 0, 1), Shape(await AskAsync(new { guild_id = id, user_ids = Array.Empty<string>(), query = "own", limit = 1 })));
    }

    private static (int Members, int Index, int Count) Shape(JsonNode chunk) =>
        (chunk["members"]!.AsArray().Count, (int)chunk["chunk_index"]!, (int)chunk["chunk_count"]!);

    [Fact]
    public async Task Large_guild_comes_in_chunks_of_1000()
    {
        SeededGuild guild = await node.SeedAsync();
        for (ulong i = 1; i <= 1001; i++)
        {
            Member member = new()
            {
                User = new User { Id = new Snowflake(guild.Id.Value + i), Username = $"many_{i}", Discriminator = "0" },
                Roles = [],
                JoinedAt = DateTimeOffset.UnixEpoch,
            };
            await node.PutAsync(guild.Id, _ => new Actors.Guilds.MemberPut(member));
        }
        await using GatewayClient bot = await (await node.ConnectAsync(guild.Bot)).IdentifyAsync();
        await bot.SendAsync(8, new { guild_id = guild.Id.ToString(), query = "", limit = 0 });
        JsonNode first = await bot.NextAsync("GUILD_MEMBERS_CHUNK"), second = await bot.NextAsync("GUILD_MEMBERS_CHUNK");
        Assert.Equal((1000, 0, 2), Shape(first));
        Assert.Equal((3, 1, 2), Shape(second));
    }

    [Fact]
    public async Task Whole_guild_asked_for_again_by_any_session_of_the_bot_is_rate_limited()
    {
        await using NodeKit limited = await NodeKit.StartAsync(options => options.RateLimits.Enabled = true);
        SeededGuild guild = await limited.SeedAsync();
        // Two shards that both hold the guild and do not wait for each other's IDENTIFY.
        int[] totals = [2, Enumerable.Range(3, 14).First(n => guild.Id.Value >> 22 is var key && key % (ulong)n != key % 2)];
        for (int i = 0; i < 2; i++)
        {
            int shard = (int)((guild.Id.Value >> 22) % (ulong)totals[i]);
            await using GatewayClient bot = await (await limited.ConnectAsync(guild.Bot))
                .IdentifyAsync(extra: new { shard = new[] { shard, totals[i] } });
            await bot.SendAsync(8, new { guild_id = guild.Id.ToString(), query = "", limit = 0, nonce = "again" });
            if (i == 0)
            {
                await bot.NextAsync("GUILD_MEMBERS_CHUNK");
                continue;
            }
            JsonNode told = await bot.NextAsync("RATE_LIMITED");
            JsonNode meta = told["meta"]!;
            Assert.Equal((8, guild.Id.ToString(), "again"), ((int)told["opcode"]!, (string?)meta["guild_id"], (string?)meta["nonce"]));
            Assert.InRange((double)told["retry_after"]!, 0.001, 30);
            await bot.SendAsync(8, new { guild_id = guild.Id.ToString(), query = "own", limit = 1 });
            await bot.NextAsync("GUILD_MEMBERS_CHUNK");
        }
    }

    [Fact]
    public async Task Voice_server_follows_the_state_and_comes_to_that_session_alone()
    {
        SeededGuild guild = await node.SeedAsync();
        Snowflake voice = await node.ChannelAsync(guild.Id, ChannelType.GuildVoice, "voice");
        await using GatewayClient bot = await (await node.ConnectAsync(guild.Bot)).IdentifyAsync();
        await using GatewayClient second = await (await node.ConnectAsync(guild.Bot)).IdentifyAsync();
        for (int i = 0; i < 10; i++)
        {
            await JoinAsync(bot, guild.Id, voice);
            JsonNode server = await bot.NextAsync("VOICE_SERVER_UPDATE");
            Assert.Equal(guild.Id.ToString(), (string?)server["guild_id"]);
            Assert.True(server.AsObject().ContainsKey("endpoint"));
            Assert.Null(server["endpoint"]);
            string?[] names = [.. bot.Events.Where(e => e.Name is "VOICE_STATE_UPDATE" or "VOICE_SERVER_UPDATE").Select(e => e.Name)];
            Assert.Equal("VOICE_STATE_UPDATE, VOICE_SERVER_UPDATE", string.Join(", ", names[^2..]));
            JsonNode state = await bot.NextAsync("VOICE_STATE_UPDATE");
            Assert.Equal((bot.SessionId, true), ((string?)state["session_id"], (bool)state["self_deaf"]!));
            await JoinAsync(bot, guild.Id, null);
            Assert.Null((await bot.NextAsync("VOICE_STATE_UPDATE"))["channel_id"]);
        }
        await second.NextAsync("VOICE_STATE_UPDATE");
        Assert.True(second.HasNone("VOICE_SERVER_UPDATE"));
    }

    private static Task JoinAsync(GatewayClient client, Snowflake guild, Snowflake? channel) => client.SendAsync(
        4, new { guild_id = guild.ToString(), channel_id = channel?.ToString(), self_mute = false, self_deaf = true });

    [Fact]
    public async Task Session_that_ends_leaves_its_voice_channel()
    {
        SeededGuild guild = await node.SeedAsync();
        Snowflake voice = await node.ChannelAsync(guild.Id, ChannelType.GuildVoice, "voice");
        await using GatewayClient owner = await (await node.ConnectAsync(guild.Owner)).IdentifyAsync();
        GatewayClient bot = await (await node.ConnectAsync(guild.Bot)).IdentifyAsync();
        await JoinAsync(bot, guild.Id, voice);
        Assert.Equal(voice.ToString(), (string?)(await owner.NextAsync("VOICE_STATE_UPDATE"))["channel_id"]);
        await bot.CloseAsync(1000);
        Assert.Null((await owner.NextAsync("VOICE_STATE_UPDATE"))["channel_id"]);
        await bot.DisposeAsync();
    }

    [Fact]
    public async Task Presence_is_told_to_those_who_asked_and_ends_with_the_session()
    {
        SeededGuild guild = await node.SeedAsync();
        await using GatewayClient bot = await (await node.ConnectAsync(guild.Bot)).IdentifyAsync();
        GatewayClient owner = await (await node.ConnectAsync(guild.Owner)).IdentifyAsync();
        bool IsOwners(JsonNode p) => (string?)p["user"]!["id"] == guild.Owner.Id.ToString();
        JsonNode online = await bot.NextAsync("PRESENCE_UPDATE", IsOwners);
        Assert.Equal(("online", guild.Id.ToString()), ((string?)online["status"], (string?)online["guild_id"]));
        await owner.SendAsync(
            3, new { status = "dnd", since = (long?)null, afk = false, activities = new[] { new { name = "Chess", type = 0 } } });
        JsonNode busy = await bot.NextAsync("PRESENCE_UPDATE", IsOwners);
        Assert.Equal(("dnd", "Chess"), ((string?)busy["status"], (string?)busy["activities"]![0]!["name"]));
        await owner.SendAsync(3, new { status = "invisible", since = (long?)null, afk = false, activities = Array.Empty<object>() });
        JsonNode gone = await bot.NextAsync("PRESENCE_UPDATE", IsOwners);
        Assert.Equal(("offline", "{}"), ((string?)gone["status"], gone["client_status"]!.ToJsonString()));
        Assert.Empty(gone["activities"]!.AsArray());
        await owner.DisposeAsync();
    }

    [Fact]
    public async Task Resume_gives_what_was_missed_once_with_its_numbers_and_a_stranger_cannot()
    {
        SeededGuild guild = await node.SeedAsync();
        GatewayClient bot = await (await node.ConnectAsync(guild.Bot)).IdentifyAsync();
        int seq = bot.Seq!.Value;
        await bot.AbortAsync();
        foreach (string text in (string[])["one", "two", "three"])
            (await guild.Owner.PostAsync($"/channels/{guild.ChannelId}/messages", new { content = text })).Expect(200);
        await using GatewayClient thief = await node.ConnectAsync(guild.Owner);
        await thief.SendAsync(6, new { token = guild.Owner.Token, session_id = bot.SessionId, seq });
        Assert.False((bool)(await thief.OpAsync(9))!);
        await using GatewayClient again = await bot.ResumeAsync(seq);
        await again.NextAsync("RESUMED");
        Assert.Equal(["one", "two", "three"], again.Events.Where(e => e.Name == "MESSAGE_CREATE").Select(e => (string?)e.Data!["content"]));
        // The bot's own presence may have been among what it missed.
        GatewayEvent[] replayed = [.. again.Events.Where(e => e.Seq is not null)];
        Assert.Equal(Enumerable.Range(seq + 1, replayed.Length), replayed.Select(e => e.Seq!.Value));
        Assert.All(replayed, e => Assert.Contains(e.Name, (string[])["MESSAGE_CREATE", "PRESENCE_UPDATE", "RESUMED"]));
        await bot.DisposeAsync();
    }
}
