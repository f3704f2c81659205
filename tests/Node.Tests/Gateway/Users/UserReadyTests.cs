using System.Text.Json.Nodes;
using Discord.Node.Tests.Kit;

namespace Discord.Node.Tests.Gateway.Users;

/// <summary>READY and READY_SUPPLEMENTAL of user accounts, by capability bit.</summary>
public sealed class UserReadyTests(NodeKit node) : IClassFixture<NodeKit>
{
    private const int Modern = 16381, Dedupe = 1 << 4, Prioritized = 1 << 5;

    private async Task<GatewayClient> ConnectAsync(RestClient account, int? capabilities, object? presence = null)
    {
        GatewayClient client = await node.ConnectAsync(account);
        JsonObject extra = new() { ["capabilities"] = capabilities };
        if (presence is not null)
            extra["presence"] = System.Text.Json.JsonSerializer.SerializeToNode(presence);
        return await client.IdentifyAsync(extra: extra);
    }

    [Fact]
    public async Task Ready_without_capabilities_is_flat_lists()
    {
        SeededGuild guild = await node.SeedAsync();
        (await guild.Owner.PostAsync("/users/@me/channels", new { recipient_id = guild.Bot.Id.ToString() })).Expect(200);
        await using GatewayClient client = await ConnectAsync(guild.Owner, 0);
        JsonNode ready = client.Ready;
        JsonNode shown = ready["guilds"]!.AsArray().Single()!;
        Assert.StartsWith("Guild ", (string)shown["name"]!);
        Assert.Null(shown["properties"]);
        Assert.False(shown.AsObject().ContainsKey("unavailable"));
        string[] met = [guild.Owner.Id.ToString(), guild.Bot.Id.ToString()];
        Assert.Equal(met, shown["members"]!.AsArray().Select(m => (string?)m!["user"]!["id"]));
        Assert.NotEmpty(shown["channels"]!.AsArray());
        Assert.NotEmpty(shown["roles"]!.AsArray());
        foreach (string array in (string[])["read_state", "user_guild_settings", "presences", "relationships", "private_channels",
            "sessions", "connected_accounts", "experiments"])
            Assert.IsType<JsonArray>(ready[array]);
        JsonNode direct = ready["private_channels"]!.AsArray().Single()!;
        Assert.Equal(guild.Bot.Id.ToString(), (string?)direct["recipients"]![0]!["id"]);
        Assert.Null(direct["recipient_ids"]);
        Assert.False(ready.AsObject().ContainsKey("users"));
        Assert.False(ready.AsObject().ContainsKey("merged_members"));
        Assert.IsType<JsonObject>(ready["notes"]);
        Assert.IsType<JsonArray>(ready["user_settings"]!["guild_folders"]);
    }

    [Fact]
    public async Task Ready_of_modern_clients_merges_and_nests()
    {
        SeededGuild guild = await node.SeedAsync();
        (await guild.Owner.PostAsync("/users/@me/channels", new { recipient_id = guild.Bot.Id.ToString() })).Expect(200);
        await using GatewayClient client = await ConnectAsync(guild.Owner, Modern);
        JsonNode ready = client.Ready;
        JsonNode shown = ready["guilds"]!.AsArray().Single()!;
        Assert.StartsWith("Guild ", (string)shown["properties"]!["name"]!);
        Assert.Equal(guild.Id.ToString(), (string?)shown["properties"]!["id"]);
        Assert.False(shown.AsObject().ContainsKey("name"));
        Assert.False(shown.AsObject().ContainsKey("members"));
        Assert.False(shown.AsObject().ContainsKey("unavailable"));
        Assert.Equal("full", (string?)shown["data_mode"]);
        foreach (string key in (string[])["id", "joined_at", "large", "member_count", "premium_subscription_count",
            "version", "channels", "threads", "roles", "emojis", "stickers", "stage_instances", "guild_scheduled_events"])
            Assert.True(shown.AsObject().ContainsKey(key), key);
        JsonNode self = ready["merged_members"]!.AsArray().Single()!.AsArray().Single()!;
        Assert.Equal(guild.Owner.Id.ToString(), (string?)self["user_id"]);
        Assert.Equal(guild.Id.ToString(), (string?)self["guild_id"]);
        Assert.Contains(ready["users"]!.AsArray(), u => (string?)u!["id"] == guild.Bot.Id.ToString());
        Assert.Equal(guild.Bot.Id.ToString(), (string?)ready["private_channels"]![0]!["recipient_ids"]![0]);
        foreach (string versioned in (string[])["read_state", "user_guild_settings"])
        {
            Assert.IsType<JsonArray>(ready[versioned]!["entries"]);
            Assert.False((bool)ready[versioned]!["partial"]!);
            Assert.IsAssignableFrom<JsonValue>(ready[versioned]!["version"]);
        }
        Assert.NotEmpty(Convert.FromBase64String((string)ready["user_settings_proto"]!));
        Assert.Equal("online", (string?)ready["user_settings"]!["status"]);
        Assert.False(ready.AsObject().ContainsKey("notes"));
        Assert.False(ready.AsObject().ContainsKey("merged_presences"));
        Assert.Contains(ready["sessions"]!.AsArray(), s => (string?)s!["session_id"] == client.SessionId);
        Assert.Equal(32, ((string)ready["auth_session_id_hash"]!).Length);
        JsonNode extra = await client.NextAsync("READY_SUPPLEMENTAL");
        Assert.Equal(guild.Id.ToString(), (string?)extra["guilds"]!.AsArray().Single()!["id"]);
        Assert.Equal(guild.Bot.Id.ToString(), (string?)extra["merged_members"]!.AsArray().Single()!.AsArray().Single()!["user_id"]);
        Assert.Empty(extra["merged_presences"]!["guilds"]!.AsArray().Single()!.AsArray());
        Assert.IsType<JsonArray>(extra["merged_presences"]!["friends"]);
        Assert.IsType<JsonArray>(extra["lazy_private_channels"]);
    }

    [Theory]
    [InlineData(Dedupe, 1, true)]
    [InlineData(Dedupe | Prioritized, 1, false)]
    [InlineData(Dedupe, 2, true)]
    [InlineData(Dedupe | Prioritized, 2, false)]
    public async Task People_in_voice_come_in_ready_or_in_its_supplement(int capabilities, int guilds, bool inReady)
    {
        SeededGuild guild = await node.SeedAsync();
        for (int i = 1; i < guilds; i++)
            await node.JoinAsync((await node.SeedAsync()).Id, guild.Owner);
        string voice = (await node.StateAsync(guild.Id)).Channels.Values
            .Single(c => c.Type == Protocol.ChannelType.GuildVoice).Id.ToString();
        await using GatewayClient talker = await (await node.ConnectAsync(guild.Bot)).IdentifyAsync();
        await talker.SendAsync(4, new { guild_id = guild.Id.ToString(), channel_id = voice, self_mute = false, self_deaf = false });
        await talker.NextAsync("VOICE_STATE_UPDATE");
        await using GatewayClient client = await ConnectAsync(guild.Owner, capabilities);
        JsonNode whole = client.Ready;
        int at = whole["guilds"]!.AsArray().Select(g => (string?)g!["id"]).ToList().IndexOf(guild.Id.ToString());
        if (!inReady)
        {
            Assert.Single(whole["merged_members"]![at]!.AsArray());
            whole = await client.NextAsync("READY_SUPPLEMENTAL");
            Assert.Equal(guild.Bot.Id.ToString(), (string?)whole["guilds"]![at]!["voice_states"]!.AsArray().Single()!["user_id"]);
        }
        Assert.Equal(guilds, whole["merged_members"]!.AsArray().Count);
        Assert.Contains(whole["merged_members"]![at]!.AsArray(), m => (string?)m!["user_id"] == guild.Bot.Id.ToString());
        JsonNode presence = whole["merged_presences"]!["guilds"]![at]!.AsArray().Single()!;
        Assert.Equal((guild.Bot.Id.ToString(), "online"), ((string?)presence["user_id"], (string?)presence["status"]));
        Assert.Equal(guilds, whole["merged_presences"]!["guilds"]!.AsArray().Count);
        Assert.Contains(client.Ready["users"]!.AsArray(), u => (string?)u!["id"] == guild.Bot.Id.ToString());
    }

    [Fact]
    public async Task Friends_in_a_guild_are_shown_with_their_presence_and_others_are_not()
    {
        SeededGuild guild = await node.SeedAsync();
        RestClient friend = await node.MemberAsync(guild.Id);
        await node.MemberAsync(guild.Id);
        (await guild.Owner.PutAsync($"/users/@me/relationships/{friend.Id}", new { })).Expect204();
        (await friend.PutAsync($"/users/@me/relationships/{guild.Owner.Id}", new { })).Expect204();
        await using GatewayClient online = await ConnectAsync(friend, Modern);
        await NodeKit.UntilAsync(() => Task.FromResult(node.Domain.Presences.IsOnline(friend.Id)), "the friend is online");
        await using GatewayClient flat = await ConnectAsync(guild.Owner, 0);
        JsonNode shown = flat.Ready["guilds"]!.AsArray().Single()!;
        string[] met = [guild.Owner.Id.ToString(), friend.Id.ToString()];
        Assert.Equal(met, shown["members"]!.AsArray().Select(m => (string?)m!["user"]!["id"]));
        Assert.Equal(friend.Id.ToString(), (string?)shown["presences"]!.AsArray().Single()!["user"]!["id"]);
        await using GatewayClient merged = await ConnectAsync(guild.Owner, Modern);
        JsonNode extra = await merged.NextAsync("READY_SUPPLEMENTAL");
        Assert.Equal(friend.Id.ToString(), (string?)extra["merged_members"]![0]!.AsArray().Single()!["user_id"]);
        Assert.Equal(friend.Id.ToString(), (string?)extra["merged_presences"]!["guilds"]![0]!.AsArray().Single()!["user_id"]);
        Assert.Equal(friend.Id.ToString(), (string?)extra["merged_presences"]!["friends"]!.AsArray().Single()!["user_id"]);
    }

    [Fact]
    public async Task Guild_joined_later_has_the_clients_shape()
    {
        SeededGuild guild = await node.SeedAsync();
        RestClient user = await node.UserAsync();
        await using GatewayClient nested = await ConnectAsync(user, Modern);
        await using GatewayClient flat = await ConnectAsync(user, 0);
        await node.JoinAsync(guild.Id, user);
        JsonNode created = await nested.NextAsync("GUILD_CREATE");
        Assert.NotNull(created["properties"]!["name"]);
        Assert.Equal(user.Id.ToString(), (string?)created["members"]!.AsArray().Single()!["user"]!["id"]);
        Assert.False(created.AsObject().ContainsKey("unavailable"));
        Assert.NotNull((await flat.NextAsync("GUILD_CREATE"))["name"]);
    }

    [Fact]
    public async Task Status_is_the_stored_one_where_the_client_names_none()
    {
        RestClient user = await node.UserAsync();
        (await user.PatchAsync("/users/@me/settings", new { status = "dnd" })).Expect(200);
        await using GatewayClient first = await ConnectAsync(
            user, Modern, new { status = "unknown", since = 0, activities = Array.Empty<object>(), afk = false });
        Assert.Equal("dnd", (string?)first.Ready["sessions"]!.AsArray().Single()!["status"]);
        await using GatewayClient second = await ConnectAsync(
            user, 0, new { status = "idle", since = (long?)null, activities = Array.Empty<object>(), afk = false });
        JsonNode replaced = await first.NextAsync("SESSIONS_REPLACE", s => s.AsArray().Count == 3);
        Assert.Equal("idle", (string?)replaced.AsArray().Single(s => (string?)s!["session_id"] == "all")!["status"]);
        await second.CloseAsync(1000);
        await first.NextAsync("SESSIONS_REPLACE", s => s.AsArray().Count == 1);

        // A changed setting shows on the live sessions.
        (await user.PatchAsync("/users/@me/settings", new { status = "invisible" })).Expect(200);
        await first.NextAsync("SESSIONS_REPLACE", s => (string?)s[0]!["status"] == "invisible");
        await NodeKit.UntilAsync(() => Task.FromResult(!node.Domain.Presences.IsOnline(user.Id)), "the user is not shown");
    }

    [Fact]
    public async Task Members_are_found_by_op_8_and_other_subscriptions_are_taken_in_silence()
    {
        SeededGuild guild = await node.SeedAsync();
        await using GatewayClient client = await ConnectAsync(guild.Owner, Modern);
        await client.SendAsync(14, new { guild_id = guild.Id.ToString(), typing = true, activities = true, channels = new { } });
        await client.SendAsync(37, new { subscriptions = new { } });
        await client.SendAsync(8, new
        {
            guild_id = new[] { guild.Id.ToString() },
            user_ids = new[] { guild.Bot.Id.ToString() },
            presences = true,
            nonce = "n"
        });
        JsonNode chunk = await client.NextAsync("GUILD_MEMBERS_CHUNK");
        Assert.Equal(guild.Bot.Id.ToString(), (string?)chunk["members"]!.AsArray().Single()!["user"]!["id"]);
        Assert.Equal("n", (string?)chunk["nonce"]);
        Assert.Null(client.CloseCode);
    }
}
