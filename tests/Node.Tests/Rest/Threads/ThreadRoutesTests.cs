using System.Text.Json.Nodes;
using Discord.Actors.Guilds;
using Discord.Actors.Guilds.Channels;
using Discord.Node.Tests.Kit;
using Discord.Protocol;
using Discord.Protocol.Gateway;
using Discord.Protocol.Payloads;

namespace Discord.Node.Tests.Rest.Threads;

/// <summary>Threads from messages and without, posts, members, archives, search.</summary>
public sealed class ThreadRoutesTests(NodeKit node) : IClassFixture<NodeKit>
{
    [Fact]
    public async Task Thread_from_a_message_has_its_id_and_points_back()
    {
        SeededGuild guild = await node.SeedAsync();
        await using GatewayClient bot = await (await node.ConnectAsync(guild.Bot)).IdentifyAsync();
        string message = await PostAsync(guild.Owner, guild.ChannelId);
        JsonNode thread = (await guild.Owner.PostAsync(
            $"/channels/{guild.ChannelId}/messages/{message}/threads", new { name = "talk", auto_archive_duration = 60 })).Expect(201);
        Assert.Equal(message, (string?)thread["id"]);
        Assert.Equal(11, (int)thread["type"]!);
        Assert.Equal(guild.ChannelId.ToString(), (string?)thread["parent_id"]);
        Assert.Equal(guild.Owner.Id.ToString(), (string?)thread["owner_id"]);
        Assert.Equal(1, (int)thread["member_count"]!);
        Assert.Equal(0, (int)thread["message_count"]!);
        Assert.False((bool)thread["thread_metadata"]!["archived"]!);
        Assert.Equal(60, (int)thread["thread_metadata"]!["auto_archive_duration"]!);
        JsonNode told = await bot.NextAsync("THREAD_CREATE");
        Assert.True((bool)told["newly_created"]!);
        Assert.Equal(32, (int)(await bot.NextAsync("MESSAGE_UPDATE"))["flags"]! & 32);
        JsonNode starter = await bot.NextAsync("MESSAGE_CREATE", e => (int)e["type"]! == 21);
        Assert.Equal(message, (string?)starter["message_reference"]!["message_id"]);
        Assert.Equal(message, (string?)starter["referenced_message"]!["id"]);
        Assert.Equal(
            message, (string?)(await guild.Owner.GetAsync($"/channels/{guild.ChannelId}/messages/{message}")).Expect(200)["thread"]!["id"]);
        (await guild.Owner.PostAsync($"/channels/{guild.ChannelId}/messages/{message}/threads", new { name = "again" }))
            .ExpectError(400, 160004);
        (await guild.Owner.PostAsync($"/channels/{guild.ChannelId}/messages/1/threads", new { name = "x" })).ExpectError(404, 10008);
        (await guild.Owner.PostAsync($"/channels/{guild.ChannelId}/messages/{message}/threads", new { auto_archive_duration = 61 }))
            .ExpectError(400, 50035, "name");
    }

    [Fact]
    public async Task Deleted_messages_leave_a_threads_count_but_not_what_was_sent_in_all()
    {
        SeededGuild guild = await node.SeedAsync();
        JsonNode made = (await guild.Owner.PostAsync($"/channels/{guild.ChannelId}/threads", new { name = "t", type = 11 })).Expect(201);
        Snowflake thread = Snowflake.Parse((string)made["id"]!);
        string[] sent = [await PostAsync(guild.Owner, thread), await PostAsync(guild.Owner, thread), await PostAsync(guild.Owner, thread)];
        (await guild.Owner.DeleteAsync($"/channels/{thread}/messages/{sent[2]}")).Expect204();
        JsonNode shown = (await guild.Owner.GetAsync($"/channels/{thread}")).Expect(200);
        Assert.Equal((2, 3, sent[2]), ((int)shown["message_count"]!, (int)shown["total_message_sent"]!, (string?)shown["last_message_id"]));
    }

    [Fact]
    public async Task Public_thread_is_announced_in_its_parent()
    {
        SeededGuild guild = await node.SeedAsync();
        await using GatewayClient bot = await (await node.ConnectAsync(guild.Bot)).IdentifyAsync();
        JsonNode thread = (await guild.Owner.PostAsync($"/channels/{guild.ChannelId}/threads", new { name = "side", type = 11 }))
            .Expect(201);
        JsonNode announced = await bot.NextAsync("MESSAGE_CREATE", e => (int)e["type"]! == 18);
        Assert.Equal("side", (string?)announced["content"]);
        Assert.Equal((string?)thread["id"], (string?)announced["message_reference"]!["channel_id"]);
    }

    [Fact]
    public async Task Private_thread_is_seen_by_its_members_alone()
    {
        SeededGuild guild = await node.SeedAsync();
        RestClient maker = await node.MemberAsync(guild.Id), other = await node.MemberAsync(guild.Id);
        await using GatewayClient heard = await (await node.ConnectAsync(other)).IdentifyAsync();
        await using GatewayClient made = await (await node.ConnectAsync(maker)).IdentifyAsync();
        string id = (string)(await maker.PostAsync($"/channels/{guild.ChannelId}/threads", new { name = "secret" })).Expect(201)["id"]!;
        JsonNode own = await made.NextAsync("THREAD_CREATE");
        Assert.Equal(12, (int)own["type"]!);
        Assert.True((bool)own["thread_metadata"]!["invitable"]!);
        (await other.GetAsync($"/channels/{id}")).ExpectError(403, 50001);
        (await other.PutAsync($"/channels/{id}/thread-members/@me")).ExpectError(403, 50001);
        string marker = await PostAsync(maker, guild.ChannelId);
        await heard.NextAsync("MESSAGE_CREATE", e => (string?)e["id"] == marker);
        Assert.True(heard.HasNone("THREAD_CREATE"));

        (await maker.PutAsync($"/channels/{id}/thread-members/{other.Id}")).Expect(204);
        JsonNode added = await heard.NextAsync("THREAD_CREATE");
        Assert.Equal(other.Id.ToString(), (string?)added["member"]!["user_id"]);
        (await other.GetAsync($"/channels/{id}")).Expect(200);
        (await other.DeleteAsync($"/channels/{id}/thread-members/{maker.Id}")).ExpectError(403, 50013);
        (await maker.DeleteAsync($"/channels/{id}/thread-members/{other.Id}")).Expect(204);
        JsonNode removed = await heard.NextAsync("THREAD_MEMBERS_UPDATE", e => e["removed_member_ids"] is not null);
        Assert.Equal(1, (int)removed["member_count"]!);
        (await other.GetAsync($"/channels/{id}")).ExpectError(403, 50001);
    }

    [Fact]
    public async Task Members_are_listed_in_pages_and_by_id()
    {
        SeededGuild guild = await node.SeedAsync();
        RestClient[] members = [guild.Owner, await node.MemberAsync(guild.Id), await node.MemberAsync(guild.Id)];
        string id = (string)(await guild.Owner.PostAsync($"/channels/{guild.ChannelId}/threads", new { name = "t", type = 11 }))
            .Expect(201)["id"]!;
        foreach (RestClient member in members)
            (await member.PutAsync($"/channels/{id}/thread-members/@me")).Expect(204);
        JsonArray all = (await guild.Bot.GetAsync($"/channels/{id}/thread-members")).Expect(200).AsArray();
        Assert.Equal(members.Select(m => m.Id).Order().Select(i => i.ToString()), all.Select(m => (string?)m!["user_id"]));
        Assert.Null(all[0]!["member"]);
        JsonArray page = (await guild.Bot.GetAsync($"/channels/{id}/thread-members?with_member=true&limit=1&after={all[0]!["user_id"]}"))
            .Expect(200).AsArray();
        Assert.Equal((string?)all[1]!["user_id"], (string?)Assert.Single(page)!["member"]!["user"]!["id"]);
        Assert.Equal(members[1].Id.ToString(), (string?)(await guild.Bot.GetAsync($"/channels/{id}/thread-members/{members[1].Id}"))
            .Expect(200)["user_id"]);
        (await guild.Bot.GetAsync($"/channels/{id}/thread-members/{guild.Bot.Id}")).ExpectError(404, 10007);
        (await members[1].DeleteAsync($"/channels/{id}/thread-members/@me")).Expect(204);
        Assert.Equal(2, (int)(await guild.Bot.GetAsync($"/channels/{id}")).Expect(200)["member_count"]!);
        (await guild.Bot.GetAsync($"/channels/{guild.ChannelId}/thread-members")).ExpectError(400, 50024);
    }

    [Fact]
    public async Task Posting_opens_an_archived_thread_and_joins_it()
    {
        SeededGuild guild = await node.SeedAsync();
        RestClient member = await node.MemberAsync(guild.Id);
        string id = (string)(await guild.Owner.PostAsync($"/channels/{guild.ChannelId}/threads", new { name = "t", type = 11 }))
            .Expect(201)["id"]!;
        await using GatewayClient heard = await (await node.ConnectAsync(member)).IdentifyAsync();
        (await guild.Owner.PatchAsync($"/channels/{id}", new { archived = true })).Expect(200);
        Assert.True((bool)(await heard.NextAsync("THREAD_UPDATE"))["thread_metadata"]!["archived"]!);
        (await guild.Owner.PatchAsync($"/channels/{id}", new { name = "new" })).ExpectError(400, 50083);
        (await member.PutAsync($"/channels/{id}/thread-members/@me")).ExpectError(400, 50083);
        (await member.PostAsync($"/channels/{id}/messages", new { content = "up" })).Expect(200);
        Assert.False((bool)(await heard.NextAsync("THREAD_UPDATE"))["thread_metadata"]!["archived"]!);
        await heard.NextAsync("THREAD_MEMBERS_UPDATE");
        JsonNode thread = (await member.GetAsync($"/channels/{id}")).Expect(200);
        Assert.Equal(2, (int)thread["member_count"]!);
        Assert.Equal(1, (int)thread["message_count"]!);
        Assert.Equal(member.Id.ToString(), (string?)thread["member"]!["user_id"]);

        (await guild.Owner.PatchAsync($"/channels/{id}", new { archived = true, locked = true })).Expect(200);
        (await member.PostAsync($"/channels/{id}/messages", new { content = "no" })).ExpectError(400, 50083);
        (await member.PatchAsync($"/channels/{id}", new { archived = false })).ExpectError(403, 50013);
        (await guild.Owner.PatchAsync($"/channels/{id}", new { archived = false })).Expect(200);
        (await member.PostAsync($"/channels/{id}/messages", new { content = "no" })).ExpectError(400, 160005);
        (await guild.Owner.PostAsync($"/channels/{id}/messages", new { content = "yes" })).Expect(200);
        (await guild.Owner.PatchAsync($"/channels/{id}", new { locked = false })).Expect(200);
        (await member.PostAsync($"/channels/{id}/messages", new { content = "yes" })).Expect(200);
    }

    [Fact]
    public async Task Only_the_owner_and_managers_change_a_thread_and_only_managers_delete_it()
    {
        SeededGuild guild = await node.SeedAsync();
        RestClient owner = await node.MemberAsync(guild.Id), member = await node.MemberAsync(guild.Id);
        await using GatewayClient bot = await (await node.ConnectAsync(guild.Bot)).IdentifyAsync();
        string id = (string)(await owner.PostAsync($"/channels/{guild.ChannelId}/threads", new { name = "t", type = 11 }))
            .Expect(201)["id"]!;
        (await member.PatchAsync($"/channels/{id}", new { name = "mine" })).ExpectError(403, 50013);
        Assert.Equal("ours", (string?)(await owner.PatchAsync($"/channels/{id}", new { name = "ours", auto_archive_duration = 1440 }))
            .Expect(200)["name"]);
        (await owner.PatchAsync($"/channels/{id}", new { locked = true })).ExpectError(403, 50013);
        (await owner.PatchAsync($"/channels/{id}", new { rate_limit_per_user = 5 })).ExpectError(403, 50013);
        Assert.Equal(
            5, (int)(await guild.Bot.PatchAsync($"/channels/{id}", new { rate_limit_per_user = 5 })).Expect(200)["rate_limit_per_user"]!);
        (await owner.DeleteAsync($"/channels/{id}")).ExpectError(403, 50013);
        (await guild.Bot.DeleteAsync($"/channels/{id}")).Expect(200);
        JsonNode gone = await bot.NextAsync("THREAD_DELETE");
        Assert.Equal(["id", "guild_id", "parent_id", "type"], gone.AsObject().Select(p => p.Key));
        (await owner.GetAsync($"/channels/{id}")).ExpectError(404, 10003);
    }

    [Fact]
    public async Task Archived_threads_are_listed_in_pages_by_kind()
    {
        SeededGuild guild = await node.SeedAsync();
        RestClient member = await node.MemberAsync(guild.Id);
        List<string> open = [];
        for (int i = 0; i < 3; i++)
            open.Add(await ArchivedAsync(guild.Owner, guild.ChannelId, 11));
        string secret = await ArchivedAsync(guild.Owner, guild.ChannelId, 12);
        string active = (string)(await guild.Owner.PostAsync($"/channels/{guild.ChannelId}/threads", new { name = "on", type = 11 }))
            .Expect(201)["id"]!;
        string path = $"/channels/{guild.ChannelId}/threads/archived/public";
        JsonNode first = (await member.GetAsync(path + "?limit=2")).Expect(200);
        Assert.True((bool)first["has_more"]!);
        Assert.Equal([open[2], open[1]], first["threads"]!.AsArray().Select(t => (string)t!["id"]!));
        string before = Uri.EscapeDataString((string)first["threads"]![1]!["thread_metadata"]!["archive_timestamp"]!);
        JsonNode second = (await member.GetAsync($"{path}?limit=2&before={before}")).Expect(200);
        Assert.False((bool)second["has_more"]!);
        Assert.Equal(open[0], (string?)Assert.Single(second["threads"]!.AsArray())!["id"]);
        (await member.GetAsync($"/channels/{guild.ChannelId}/threads/archived/private")).ExpectError(403, 50013);
        Assert.Equal(secret, (string?)Assert.Single(
            (await guild.Bot.GetAsync($"/channels/{guild.ChannelId}/threads/archived/private")).Expect(200)["threads"]!.AsArray())!["id"]);
        JsonNode joined = (await guild.Owner.GetAsync($"/channels/{guild.ChannelId}/users/@me/threads/archived/private")).Expect(200);
        Assert.Equal(secret, (string?)Assert.Single(joined["threads"]!.AsArray())!["id"]);
        Assert.Equal(guild.Owner.Id.ToString(), (string?)Assert.Single(joined["members"]!.AsArray())!["user_id"]);
        Assert.Empty((await guild.Bot.GetAsync($"/channels/{guild.ChannelId}/users/@me/threads/archived/private"))
            .Expect(200)["threads"]!.AsArray());
        Assert.NotEqual(active, open[0]);
    }

    [Fact]
    public async Task Post_has_its_message_and_tags_and_is_found()
    {
        SeededGuild guild = await node.SeedAsync();
        await using GatewayClient bot = await (await node.ConnectAsync(guild.Bot)).IdentifyAsync();
        Snowflake forum = await ForumAsync(guild.Id, ChannelSettings.RequireTag);
        JsonNode settings = (await guild.Bot.PatchAsync($"/channels/{forum}", new
        {
            available_tags = new object[] { new { name = "bug", emoji_name = "🐛" }, new { name = "staff", moderated = true } },
            default_sort_order = 1,
            default_forum_layout = 2,
            default_reaction_emoji = new { emoji_name = "🔥" },
            default_tag_setting = "match_all",
        })).Expect(200);
        string bug = (string)settings["available_tags"]![0]!["id"]!, staff = (string)settings["available_tags"]![1]!["id"]!;
        Assert.Equal("🔥", (string?)settings["default_reaction_emoji"]!["emoji_name"]);
        Assert.Equal(16, (int)settings["flags"]!);
        RestClient member = await node.MemberAsync(guild.Id);
        string path = $"/channels/{forum}/threads";
        (await member.PostAsync(path, new { name = "no tag", message = new { content = "x" } })).ExpectError(400, 40067);
        (await member.PostAsync(path, new { name = "staff", applied_tags = new[] { staff }, message = new { content = "x" } }))
            .ExpectError(403, 50013);
        (await member.PostAsync(path, new { name = "unknown", applied_tags = new[] { "1" }, message = new { content = "x" } }))
            .ExpectError(404, 10087);
        (await member.PostAsync(path, new { name = "none", applied_tags = new[] { bug } })).ExpectError(400, 50035, "message");
        (await member.PostAsync(path, new { name = "empty", applied_tags = new[] { bug }, message = new { } })).ExpectError(400, 50006);
        Assert.Empty((await node.StateAsync(guild.Id)).Threads);
        JsonNode post = (await member.PostAsync(
            path, new { name = "It breaks", applied_tags = new[] { bug }, message = new { content = "here" } })).Expect(201);
        Assert.Equal((string?)post["id"], (string?)post["message"]!["id"]);
        Assert.Equal("here", (string?)post["message"]!["content"]);
        Assert.Equal(0, (int)post["message_count"]!);
        Assert.Equal(bug, (string?)Assert.Single(post["applied_tags"]!.AsArray()));
        JsonNode message = await bot.NextAsync("MESSAGE_CREATE");
        Assert.Equal((string?)post["id"], (string?)message["id"]);
        Assert.Equal((string?)post["id"], (string?)message["channel_id"]);
        JsonNode found = (await member.GetAsync($"/channels/{forum}/threads/search?name=breaks&tag={bug}&archived=false")).Expect(200);
        Assert.Equal(1, (int)found["total_results"]!);
        Assert.Equal((string?)post["id"], (string?)found["threads"]![0]!["id"]);
        Assert.Equal("here", (string?)found["first_messages"]![0]!["content"]);
        Assert.Empty((await member.GetAsync($"/channels/{forum}/threads/search?name=other")).Expect(200)["threads"]!.AsArray());
        (await member.PostAsync($"/channels/{forum}/messages", new { content = "x" })).ExpectError(400, 40058);

        (await guild.Bot.PatchAsync($"/channels/{post["id"]}", new { flags = 2 })).Expect(200);
        JsonNode second =
            (await member.PostAsync(path, new { name = "two", applied_tags = new[] { bug }, message = new { content = "x" } })).Expect(201);
        (await guild.Bot.PatchAsync($"/channels/{second["id"]}", new { flags = 2 })).ExpectError(400, 30047);
    }

    [Fact]
    public async Task Gaining_a_channel_lists_its_threads()
    {
        SeededGuild guild = await node.SeedAsync();
        RestClient member = await node.MemberAsync(guild.Id);
        string path = $"/channels/{guild.ChannelId}/permissions/{guild.Id}";
        (await guild.Bot.PutAsync(path, new { type = 0, deny = "1024" })).Expect(204);
        string id = (string)(await guild.Owner.PostAsync($"/channels/{guild.ChannelId}/threads", new { name = "t", type = 11 }))
            .Expect(201)["id"]!;
        await using GatewayClient heard = await (await node.ConnectAsync(member)).IdentifyAsync();
        (await guild.Bot.DeleteAsync(path)).Expect(204);
        JsonNode sync = await heard.NextAsync("THREAD_LIST_SYNC");
        Assert.Equal(guild.ChannelId.ToString(), (string?)Assert.Single(sync["channel_ids"]!.AsArray()));
        Assert.Equal(id, (string?)Assert.Single(sync["threads"]!.AsArray())!["id"]);

        Snowflake hidden = await node.RoleAsync(guild.Id, "viewer");
        (await guild.Bot.PutAsync(path, new { type = 0, deny = "1024" })).Expect(204);
        (await guild.Bot.PutAsync($"/channels/{guild.ChannelId}/permissions/{hidden}", new { type = 0, allow = "1024" })).Expect(204);
        Assert.True(heard.HasNone("THREAD_LIST_SYNC"));
        (await guild.Bot.PutAsync($"/guilds/{guild.Id}/members/{member.Id}/roles/{hidden}")).Expect(204);
        Assert.Equal(id, (string?)Assert.Single((await heard.NextAsync("THREAD_LIST_SYNC"))["threads"]!.AsArray())!["id"]);
    }

    private static async Task<string> PostAsync(RestClient by, Snowflake channel) =>
        (string)(await by.PostAsync($"/channels/{channel}/messages", new { content = "hi" })).Expect(200)["id"]!;

    private static async Task<string> ArchivedAsync(RestClient by, Snowflake channel, int type)
    {
        string id = (string)(await by.PostAsync($"/channels/{channel}/threads", new { name = "t", type })).Expect(201)["id"]!;
        (await by.PatchAsync($"/channels/{id}", new { archived = true })).Expect(200);
        return id;
    }

    private async Task<Snowflake> ForumAsync(Snowflake guild, int flags) =>
        await node.Domain.Guilds.RunAsync(guild, new MakeForum(flags) { By = new Caller(guild) { System = true } });

    private sealed record MakeForum(int Flags) : GuildCommand<Snowflake>
    {
        protected override Snowflake Decide(GuildDecision guild)
        {
            Channel forum = new()
            {
                Id = guild.NewId(),
                Type = ChannelType.GuildForum,
                GuildId = guild.State.Id,
                Name = "forum",
                Position = 5,
                Flags = Flags,
                PermissionOverwrites = [],
                AvailableTags = [],
            };
            guild.Put(new ChannelPut(forum));
            return forum.Id;
        }
    }
}
