using System.Text.Json.Nodes;
using Discord.Actors.Guilds;
using Discord.Node.Tests.Kit;
using Discord.Protocol;
using Discord.Protocol.Gateway;
using Discord.Protocol.Payloads;

namespace Discord.Node.Tests.Rest.Channels;

/// <summary>GET, PATCH and DELETE of guild channels, and their overwrites.</summary>
public sealed class ChannelRoutesTests(NodeKit node) : IClassFixture<NodeKit>
{
    [Fact]
    public async Task Channel_carries_every_documented_key()
    {
        SeededGuild guild = await node.SeedAsync();
        JsonNode channel = (await guild.Bot.GetAsync($"/channels/{guild.ChannelId}")).Expect(200);
        foreach (string key in (string[])["id", "type", "guild_id", "name", "last_message_id", "parent_id", "position",
            "permission_overwrites", "topic", "nsfw", "rate_limit_per_user", "flags"])
            Assert.True(channel.AsObject().ContainsKey(key), key);
        Assert.Equal(0, (int)channel["type"]!);
        Assert.Equal("general", (string?)channel["name"]);
    }

    [Fact]
    public async Task Unknown_channel_is_10003_and_a_hidden_one_50001()
    {
        SeededGuild guild = await node.SeedAsync();
        RestClient stranger = await node.UserAsync();
        RestClient member = await node.MemberAsync(guild.Id);
        (await member.GetAsync("/channels/123456789012345678")).ExpectError(404, 10003);
        (await stranger.GetAsync($"/channels/{guild.ChannelId}")).ExpectError(403, 50001);
        (await guild.Bot.PutAsync($"/channels/{guild.ChannelId}/permissions/{guild.Id}",
            new { type = 0, deny = ((ulong)Permissions.ViewChannel).ToString() })).Expect(204);
        (await member.GetAsync($"/channels/{guild.ChannelId}")).ExpectError(403, 50001);
    }

    [Fact]
    public async Task Modify_changes_every_field_of_a_text_channel_and_tells()
    {
        SeededGuild guild = await node.SeedAsync();
        await using GatewayClient bot = await (await node.ConnectAsync(guild.Bot)).IdentifyAsync();
        JsonNode changed = (await guild.Bot.PatchAsync($"/channels/{guild.ChannelId}", new
        {
            name = "New Name",
            topic = "about",
            nsfw = true,
            rate_limit_per_user = 5,
            position = 3,
            parent_id = (string?)null,
            type = 5,
            default_auto_archive_duration = 1440,
            default_thread_rate_limit_per_user = 7,
        }, "because")).Expect(200);
        JsonNode told = await bot.NextAsync("CHANNEL_UPDATE");
        foreach (JsonNode shown in (JsonNode[])[changed, told])
        {
            Assert.Equal("new-name", (string?)shown["name"]);
            Assert.Equal("about", (string?)shown["topic"]);
            Assert.True((bool)shown["nsfw"]!);
            Assert.Equal(5, (int)shown["rate_limit_per_user"]!);
            Assert.Equal(3, (int)shown["position"]!);
            Assert.Null(shown["parent_id"]);
            Assert.Equal(5, (int)shown["type"]!);
            Assert.Equal(1440, (int)shown["default_auto_archive_duration"]!);
            Assert.Equal(7, (int)shown["default_thread_rate_limit_per_user"]!);
        }
        JsonNode entry = await bot.NextAsync("GUILD_AUDIT_LOG_ENTRY_CREATE");
        Assert.Equal(11, (int)entry["action_type"]!);
        Assert.Equal("because", (string?)entry["reason"]);
    }

    [Fact]
    public async Task Modify_voice_channel_keeps_its_own_bounds()
    {
        SeededGuild guild = await node.SeedAsync();
        Channel voice = (await node.StateAsync(guild.Id)).Channels.Values.Single(c => c.Type == ChannelType.GuildVoice);
        JsonNode changed = (await guild.Bot.PatchAsync($"/channels/{voice.Id}", new
        {
            bitrate = 96000,
            user_limit = 9,
            rtc_region = "local",
            video_quality_mode = 2,
            nsfw = true,
        })).Expect(200);
        Assert.Equal(96000, (int)changed["bitrate"]!);
        Assert.Equal(9, (int)changed["user_limit"]!);
        Assert.Equal("local", (string?)changed["rtc_region"]);
        Assert.Equal(2, (int)changed["video_quality_mode"]!);
        (await guild.Bot.PatchAsync($"/channels/{voice.Id}", new { bitrate = 96001 })).ExpectError(400, 50035, "bitrate");
        (await guild.Bot.PatchAsync($"/channels/{voice.Id}", new { user_limit = 100 })).ExpectError(400, 50035, "user_limit");
        (await guild.Bot.PatchAsync($"/channels/{voice.Id}", new { type = 0 })).ExpectError(400, 50035, "type");
    }

    [Fact]
    public async Task Modify_refuses_wrong_fields_all_at_once_and_missing_rights()
    {
        SeededGuild guild = await node.SeedAsync();
        RestClient member = await node.MemberAsync(guild.Id);
        string path = $"/channels/{guild.ChannelId}";
        JsonNode error = (await guild.Bot.PatchAsync(path, new { name = "", rate_limit_per_user = 21601, topic = new string('x', 4097) }))
            .ExpectError(400, 50035, "name");
        Assert.NotNull(error["errors"]!["rate_limit_per_user"]);
        Assert.NotNull(error["errors"]!["topic"]);
        (await guild.Bot.PatchAsync(path, new { topic = new string('x', 1025) })).ExpectError(400, 50035, "topic");
        (await guild.Bot.PatchAsync(path, new { parent_id = guild.ChannelId.ToString() })).ExpectError(400, 50035, "parent_id");
        (await member.PatchAsync(path, new { name = "mine" })).ExpectError(403, 50013);
    }

    [Fact]
    public async Task Overwrite_is_put_changed_and_deleted_with_audit_entries()
    {
        SeededGuild guild = await node.SeedAsync();
        await using GatewayClient bot = await (await node.ConnectAsync(guild.Bot)).IdentifyAsync();
        Snowflake role = await node.RoleAsync(guild.Id, "some");
        string path = $"/channels/{guild.ChannelId}/permissions/{role}";
        (await guild.Bot.PutAsync(path, new { type = 0, allow = "2048", deny = (string?)null })).Expect(204);
        JsonNode told = await bot.NextAsync("CHANNEL_UPDATE");
        JsonNode overwrite = Assert.Single(told["permission_overwrites"]!.AsArray())!;
        Assert.Equal("2048", (string?)overwrite["allow"]);
        Assert.Equal("0", (string?)overwrite["deny"]);
        Assert.Equal(13, (int)(await bot.NextAsync("GUILD_AUDIT_LOG_ENTRY_CREATE"))["action_type"]!);
        (await guild.Bot.PutAsync(path, new { allow = 0, deny = 2048 })).Expect(204);
        Assert.Equal(14, (int)(await bot.NextAsync("GUILD_AUDIT_LOG_ENTRY_CREATE"))["action_type"]!);
        (await guild.Bot.DeleteAsync(path)).Expect(204);
        Assert.Equal(15, (int)(await bot.NextAsync("GUILD_AUDIT_LOG_ENTRY_CREATE"))["action_type"]!);
        (await guild.Bot.DeleteAsync(path)).ExpectError(404, 10009);
        (await guild.Bot.PutAsync($"/channels/{guild.ChannelId}/permissions/1", new { type = 0, allow = "0" })).ExpectError(404, 10009);
    }

    [Fact]
    public async Task Modify_writes_an_audit_entry_for_each_overwrite_beside_that_of_the_channel()
    {
        SeededGuild guild = await node.SeedAsync();
        string kept = Id(await node.RoleAsync(guild.Id, "kept")), changed = Id(await node.RoleAsync(guild.Id, "changed"));
        string gone = Id(await node.RoleAsync(guild.Id, "gone")), member = Id((await node.MemberAsync(guild.Id)).Id);
        string path = $"/guilds/{guild.Id}/channels";
        JsonNode category = (await guild.Bot.PostAsync(path, new
        {
            name = "category",
            type = 4,
            permission_overwrites = new[] { Role(kept, "1024"), Role(changed, "1024"), Role(gone, "1024") },
        })).Expect(201);
        (await guild.Bot.PostAsync(path, new { name = "follower", parent_id = (string)category["id"]! })).Expect(201);
        await using GatewayClient bot = await (await node.ConnectAsync(guild.Bot)).IdentifyAsync();

        (await guild.Bot.PatchAsync($"/channels/{category["id"]}", new
        {
            name = "renamed",
            permission_overwrites = new object[]
            {
                Role(changed, "2048"), Role(kept, "1024"), new { id = member, type = 1, allow = "0", deny = "1024" },
            },
        }, "tidying")).Expect(200);

        JsonNode update = await EntryAsync(11, null);
        Assert.Equal("name", (string?)Assert.Single(update["changes"]!.AsArray())!["key"]);
        JsonNode created = await EntryAsync(13, member);
        Assert.Equal("1", (string?)created["options"]!["type"]);
        Assert.Null(created["options"]!["role_name"]);
        Assert.Equal("1024", New(created, "deny"));
        JsonNode updated = await EntryAsync(14, changed);
        Assert.Equal("changed", (string?)updated["options"]!["role_name"]);
        Assert.Equal("2048", New(updated, "allow"));
        Assert.Equal("gone", (string?)(await EntryAsync(15, gone))["options"]!["role_name"]);

        // One who changes overwrites alone changes nothing else; the channels that follow have no entries.
        (await guild.Bot.PatchAsync($"/channels/{category["id"]}", new { permission_overwrites = new[] { Role(kept, "1024") } }))
            .Expect(200);
        await EntryAsync(15, member);
        await EntryAsync(15, changed);
        (await guild.Bot.PatchAsync($"/channels/{category["id"]}", new { name = "last" })).Expect(200);
        Assert.Equal("last", New(await EntryAsync(11, null), "name"));
        Assert.True(bot.HasNone("GUILD_AUDIT_LOG_ENTRY_CREATE"));

        static object Role(string id, string allow) => new { id, type = 0, allow, deny = "0" };

        static string Id(Snowflake id) => id.ToString();

        static string? New(JsonNode entry, string key) =>
            (string?)entry["changes"]!.AsArray().Single(change => (string?)change!["key"] == key)!["new_value"];

        async Task<JsonNode> EntryAsync(int action, string? overwrite)
        {
            JsonNode entry = await bot.NextAsync("GUILD_AUDIT_LOG_ENTRY_CREATE", e => (int)e["action_type"]! == action
                && (string?)e["options"]?["id"] == overwrite);
            Assert.Equal((string?)category["id"], (string?)entry["target_id"]);
            return entry;
        }
    }

    [Fact]
    public async Task Overwrite_grants_only_what_the_caller_has()
    {
        SeededGuild guild = await node.SeedAsync();
        Snowflake manager = await node.RoleAsync(guild.Id, "manager", Permissions.ManageRoles);
        Snowflake target = await node.RoleAsync(guild.Id, "target");
        RestClient member = await node.MemberAsync(guild.Id, manager);
        string path = $"/channels/{guild.ChannelId}/permissions/{target}";
        (await member.PutAsync(path, new { type = 0, allow = ((ulong)Permissions.SendMessages).ToString() })).Expect(204);
        (await member.PutAsync(path, new { type = 0, allow = ((ulong)Permissions.BanMembers).ToString() })).ExpectError(403, 50013);
        (await member.PutAsync(path, new { type = 0, deny = ((ulong)Permissions.ManageMessages).ToString() })).ExpectError(403, 50013);
        RestClient plain = await node.MemberAsync(guild.Id);
        (await plain.PutAsync(path, new { type = 0, allow = "0" })).ExpectError(403, 50013);
    }

    [Fact]
    public async Task Synced_child_follows_its_category_and_others_do_not()
    {
        SeededGuild guild = await node.SeedAsync();
        GuildState state = await node.StateAsync(guild.Id);
        Channel text = state.Channels[guild.ChannelId];
        Snowflake category = text.ParentId!.Value;
        await using GatewayClient bot = await (await node.ConnectAsync(guild.Bot)).IdentifyAsync();
        (await guild.Bot.PutAsync($"/channels/{category}/permissions/{guild.Id}", new { type = 0, deny = "2048" })).Expect(204);
        await bot.NextAsync("CHANNEL_UPDATE", e => (string?)e["id"] == category.ToString());
        JsonNode followed = await bot.NextAsync("CHANNEL_UPDATE", e => (string?)e["id"] == guild.ChannelId.ToString());
        Assert.Equal("2048", (string?)followed["permission_overwrites"]![0]!["deny"]);
        (await guild.Bot.PutAsync($"/channels/{guild.ChannelId}/permissions/{guild.Id}", new { type = 0, deny = "0", allow = "2048" }))
            .Expect(204);
        (await guild.Bot.PutAsync($"/channels/{category}/permissions/{guild.Id}", new { type = 0, deny = "1024" })).Expect(204);
        JsonNode own = (await guild.Bot.GetAsync($"/channels/{guild.ChannelId}")).Expect(200);
        Assert.Equal("2048", (string?)own["permission_overwrites"]![0]!["allow"]);
    }

    [Fact]
    public async Task Deleted_category_frees_its_children_and_a_channel_takes_its_threads_along()
    {
        SeededGuild guild = await node.SeedAsync();
        Snowflake category = (await node.StateAsync(guild.Id)).Channels[guild.ChannelId].ParentId!.Value;
        await using GatewayClient bot = await (await node.ConnectAsync(guild.Bot)).IdentifyAsync();
        (await guild.Bot.DeleteAsync($"/channels/{category}")).Expect(200);
        Assert.Null((await bot.NextAsync("CHANNEL_UPDATE"))["parent_id"]);
        await bot.NextAsync("CHANNEL_DELETE", e => (string?)e["id"] == category.ToString());

        string thread = (string)(await guild.Bot.PostAsync($"/channels/{guild.ChannelId}/threads", new { name = "t", type = 11 }))
            .Expect(201)["id"]!;
        (await guild.Bot.PostAsync($"/channels/{guild.ChannelId}/invites")).Expect(200);
        JsonNode gone = (await guild.Bot.DeleteAsync($"/channels/{guild.ChannelId}", reason: "old")).Expect(200);
        Assert.Equal(guild.ChannelId.ToString(), (string?)gone["id"]);
        await bot.NextAsync("CHANNEL_DELETE", e => (string?)e["id"] == guild.ChannelId.ToString());
        Assert.Null((await bot.NextAsync("GUILD_UPDATE"))["system_channel_id"]);
        (await guild.Bot.GetAsync($"/channels/{thread}")).ExpectError(404, 10003);
        GuildState left = await node.StateAsync(guild.Id);
        Assert.Empty(left.Threads);
        Assert.Empty(left.Invites);
        RestClient member = await node.MemberAsync(guild.Id);
        Snowflake other = left.Channels.Keys.First();
        (await member.DeleteAsync($"/channels/{other}")).ExpectError(403, 50013);
    }

    [Fact]
    public async Task Typing_is_told_with_the_member()
    {
        SeededGuild guild = await node.SeedAsync();
        await using GatewayClient owner = await (await node.ConnectAsync(guild.Bot))
            .IdentifyAsync(GatewayIntents.GuildMessageTyping | GatewayIntents.Guilds);
        (await guild.Owner.PostAsync($"/channels/{guild.ChannelId}/typing")).Expect(204);
        JsonNode typing = await owner.NextAsync("TYPING_START");
        Assert.Equal(guild.Owner.Id.ToString(), (string?)typing["member"]!["user"]!["id"]);
        Assert.Equal(guild.Id.ToString(), (string?)typing["guild_id"]);
    }

    [Theory]
    [InlineData("POST", "followers")]
    [InlineData("PUT", "voice-status")]
    [InlineData("POST", "send-soundboard-sound")]
    public async Task What_comes_later_is_an_unknown_route(string method, string path)
    {
        SeededGuild guild = await node.SeedAsync();
        (await guild.Bot.SendAsync(new HttpMethod(method), $"/channels/{guild.ChannelId}/{path}", new { })).ExpectError(404, 0);
    }
}
