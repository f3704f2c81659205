using System.Text.Json.Nodes;
using Discord.Actors.Guilds;
using Discord.Node.Tests.Kit;
using Discord.Protocol;
using static Discord.Node.Tests.Interactions.InteractionScene;

namespace Discord.Node.Tests.Interactions;

/// <summary>What an application answers: the first answer, deferred ones, follow-ups, ephemeral ones, and their rules.</summary>
public sealed class AnswerTests(UnhurriedNode unhurried) : IClassFixture<UnhurriedNode>
{
    private const int Ephemeral = 64, Loading = 128;

    private NodeKit Node => unhurried.Node;

    [Fact]
    public async Task Reply_is_a_message_that_names_the_command_and_the_user()
    {
        await using InteractionScene scene = await InteractionScene.OpenAsync(Node);
        JsonNode told = await scene.InvokeAsync(await scene.CommandAsync());
        (await scene.AnswerAsync(told, 4, new { content = "pong", embeds = new[] { new { title = "t" } }, flags = 4 })).Expect204();
        JsonNode heard = await scene.User.NextAsync("MESSAGE_CREATE");
        Assert.Equal((string?)told["id"], (string?)(await scene.User.NextAsync("INTERACTION_SUCCESS"))["id"]);
        Assert.Equal("pong", (string?)heard["content"]);
        Assert.Equal(20, (int)heard["type"]!);
        Assert.Equal(4, (int)heard["flags"]!);
        Assert.Equal(scene.ApplicationId, (string?)heard["author"]!["id"]);
        Assert.Equal(scene.ApplicationId, (string?)heard["application_id"]);
        Assert.Equal(scene.ApplicationId, (string?)heard["webhook_id"]);
        Assert.NotNull(heard["member"]);
        JsonNode metadata = heard["interaction_metadata"]!;
        Assert.Equal((string?)told["id"], (string?)metadata["id"]);
        Assert.Equal(2, (int)metadata["type"]!);
        Assert.Equal("ping", (string?)metadata["name"]);
        Assert.Equal(scene.Member.Id.ToString(), (string?)metadata["user"]!["id"]);
        Assert.Equal(scene.Guild.Id.ToString(), (string?)metadata["authorizing_integration_owners"]!["0"]);
        Assert.Equal("ping", (string?)heard["interaction"]!["name"]);
        JsonNode stored = (await scene.Member.GetAsync($"/channels/{scene.ChannelId}/messages/{heard["id"]}")).Expect(200);
        Assert.Equal(metadata.ToJsonString(), stored["interaction_metadata"]!.ToJsonString());
    }

    [Fact]
    public async Task Interaction_is_answered_once_and_by_who_has_its_token()
    {
        await using InteractionScene scene = await InteractionScene.OpenAsync(Node);
        JsonNode told = await scene.InvokeAsync(await scene.CommandAsync());
        string callback = $"/interactions/{told["id"]}/{told["token"]}/callback";
        (await scene.AnonymousAsync(HttpMethod.Post, $"/interactions/{told["id"]}/x/callback", new { type = 5 })).ExpectError(404, 10062);
        (await scene.AnonymousAsync(HttpMethod.Post, $"/interactions/1/{told["token"]}/callback", new { type = 5 }))
            .ExpectError(404, 10062);
        (await scene.FollowAsync(HttpMethod.Post, told, "", new { content = "early" })).ExpectError(404, 10015);
        foreach (int type in (int[])[1, 6, 7, 8, 10, 12, 13, 99])
            (await scene.AnswerAsync(told, type, new { content = "x" })).ExpectError(400, 50035, "type");
        (await scene.AnonymousAsync(HttpMethod.Post, callback, new { })).ExpectError(400, 50035, "type");
        (await scene.AnswerAsync(told, 4)).ExpectError(400, 50035, "data");
        (await scene.AnswerAsync(told, 4, new { })).ExpectError(400, 50006);
        (await scene.AnswerAsync(told, 4, new { content = new string('x', 2001) })).ExpectError(400, 50035, "data.content");

        // What was refused does not count as an answer.
        (await scene.AnswerAsync(told, 4, new { content = "once" })).Expect204();
        (await scene.AnswerAsync(told, 4, new { content = "twice" })).ExpectError(400, 40060);
        JsonNode wrong = told.DeepClone();
        wrong["application_id"] = scene.Member.Id.ToString();
        (await scene.FollowAsync(HttpMethod.Post, wrong, "", new { content = "x" })).ExpectError(401, 50027);
        (await scene.FollowAsync(HttpMethod.Get, told)).ExpectError(404, 10015);
    }

    [Fact]
    public async Task Answer_with_response_shows_the_interaction_and_the_message()
    {
        await using InteractionScene scene = await InteractionScene.OpenAsync(Node);
        JsonNode command = await scene.CommandAsync();
        JsonNode told = await scene.InvokeAsync(command);
        JsonNode response = (await scene.AnswerAsync(told, 4, new { content = "pong" }, "?with_response=true")).Expect(200);
        Assert.Equal((string?)told["id"], (string?)response["interaction"]!["id"]);
        Assert.Equal(2, (int)response["interaction"]!["type"]!);
        Assert.False((bool)response["interaction"]!["response_message_loading"]!);
        Assert.False((bool)response["interaction"]!["response_message_ephemeral"]!);
        Assert.Equal(4, (int)response["resource"]!["type"]!);
        Assert.Equal("pong", (string?)response["resource"]!["message"]!["content"]);
        Assert.Equal((string?)response["interaction"]!["response_message_id"], (string?)response["resource"]!["message"]!["id"]);

        told = await scene.InvokeAsync(command);
        response = (await scene.AnswerAsync(told, 5, new { flags = Ephemeral }, "?with_response=true")).Expect(200);
        Assert.True((bool)response["interaction"]!["response_message_loading"]!);
        Assert.True((bool)response["interaction"]!["response_message_ephemeral"]!);
    }

    [Fact]
    public async Task Deferred_answer_gets_its_content_from_the_first_follow_up()
    {
        await using InteractionScene scene = await InteractionScene.OpenAsync(Node);
        JsonNode told = await scene.InvokeAsync(await scene.CommandAsync());
        (await scene.AnswerAsync(told, 5)).Expect204();
        JsonNode waiting = await scene.User.NextAsync("MESSAGE_CREATE");
        Assert.Equal(Loading, (int)waiting["flags"]!);
        Assert.Equal("", (string?)waiting["content"]);
        (await scene.FollowAsync(HttpMethod.Post, told, "", new { })).ExpectError(400, 50006);
        (await scene.FollowAsync(HttpMethod.Post, told, "", new { content = new string('x', 2001) })).ExpectError(400, 50035, "content");
        JsonNode filled = (await scene.FollowAsync(HttpMethod.Post, told, "", new { content = "done", flags = Ephemeral })).Expect(200);
        Assert.Equal((string?)waiting["id"], (string?)filled["id"]);
        Assert.Equal(0, (int)filled["flags"]!);
        Assert.Null(filled["edited_timestamp"]);
        Assert.Equal("done", (string?)(await scene.User.NextAsync("MESSAGE_UPDATE"))["content"]);

        JsonNode next = (await scene.FollowAsync(HttpMethod.Post, told, "", new { content = "more" })).Expect(200);
        Assert.Equal(19, (int)next["type"]!);
        Assert.Equal((string?)waiting["id"], (string?)next["message_reference"]!["message_id"]);
        Assert.Equal((string?)waiting["id"], (string?)next["referenced_message"]!["id"]);
        Assert.Equal((string?)waiting["id"], (string?)next["interaction_metadata"]!["original_response_message_id"]);
    }

    [Fact]
    public async Task Deferred_answer_gets_its_content_from_an_edit()
    {
        await using InteractionScene scene = await InteractionScene.OpenAsync(Node);
        JsonNode told = await scene.InvokeAsync(await scene.CommandAsync());
        (await scene.AnswerAsync(told, 5)).Expect204();
        JsonNode waiting = await scene.User.NextAsync("MESSAGE_CREATE");
        JsonNode edited = (await scene.FollowAsync(HttpMethod.Patch, told, "/messages/@original", new { content = "done" })).Expect(200);
        Assert.Equal(0, (int)edited["flags"]!);
        Assert.Equal((string?)waiting["id"], (string?)edited["id"]);
        JsonNode next = (await scene.FollowAsync(HttpMethod.Post, told, "", new { content = "more" })).Expect(200);
        Assert.NotEqual((string?)waiting["id"], (string?)next["id"]);
    }

    [Fact]
    public async Task Deferred_answer_that_was_deleted_is_followed_by_a_new_message()
    {
        await using InteractionScene scene = await InteractionScene.OpenAsync(Node);
        JsonNode told = await scene.InvokeAsync(await scene.CommandAsync());
        (await scene.AnswerAsync(told, 5)).Expect204();
        JsonNode waiting = await scene.User.NextAsync("MESSAGE_CREATE");
        (await scene.Guild.Owner.DeleteAsync($"/channels/{scene.ChannelId}/messages/{waiting["id"]}")).Expect204();
        JsonNode next = (await scene.FollowAsync(HttpMethod.Post, told, "", new { content = "all the same" })).Expect(200);
        Assert.NotEqual((string?)waiting["id"], (string?)next["id"]);
        (await scene.FollowAsync(HttpMethod.Get, told, "/messages/@original")).ExpectError(404, 10008);
    }

    [Fact]
    public async Task Answers_are_read_edited_and_deleted_by_the_token()
    {
        await using InteractionScene scene = await InteractionScene.OpenAsync(Node);
        JsonNode told = await scene.InvokeAsync(await scene.CommandAsync());
        (await scene.AnswerAsync(told, 4, new { content = "first" })).Expect204();
        JsonNode follow = (await scene.FollowAsync(HttpMethod.Post, told, "", new { content = "second" })).Expect(200);
        JsonNode original = (await scene.FollowAsync(HttpMethod.Get, told, "/messages/@original")).Expect(200);
        Assert.Equal("first", (string?)original["content"]);
        string path = $"/messages/{follow["id"]}";
        Assert.Equal("second", (string?)(await scene.FollowAsync(HttpMethod.Get, told, path)).Expect(200)["content"]);
        JsonNode edited = (await scene.FollowAsync(HttpMethod.Patch, told, "/messages/@original", new { content = "1st" })).Expect(200);
        Assert.NotNull(edited["edited_timestamp"]);
        JsonNode other = (await scene.FollowAsync(HttpMethod.Patch, told, path, new { content = "2nd" })).Expect(200);
        Assert.Equal("2nd", (string?)other["content"]);
        (await scene.FollowAsync(HttpMethod.Delete, told, $"/messages/{follow["id"]}")).Expect204();
        (await scene.FollowAsync(HttpMethod.Get, told, $"/messages/{follow["id"]}")).ExpectError(404, 10008);
        (await scene.FollowAsync(HttpMethod.Delete, told, "/messages/@original")).Expect204();
        await scene.User.NextAsync("MESSAGE_DELETE", e => (string?)e["id"] == (string?)original["id"]);
        (await scene.FollowAsync(HttpMethod.Patch, told, "/messages/@original", new { content = "x" })).ExpectError(404, 10008);

        JsonNode foreign =
            (await scene.Guild.Owner.PostAsync($"/channels/{scene.ChannelId}/messages", new { content = "mine" })).Expect(200);
        (await scene.FollowAsync(HttpMethod.Get, told, $"/messages/{foreign["id"]}")).ExpectError(404, 10008);
        (await scene.FollowAsync(HttpMethod.Patch, told, $"/messages/{foreign["id"]}", new { content = "x" })).ExpectError(404, 10008);
        (await scene.FollowAsync(HttpMethod.Delete, told, $"/messages/{foreign["id"]}")).ExpectError(404, 10008);
    }

    [Fact]
    public async Task Ephemeral_answers_are_seen_by_the_user_alone()
    {
        await using InteractionScene scene = await InteractionScene.OpenAsync(Node);
        await using GatewayClient owner = await (await Node.ConnectAsync(scene.Guild.Owner)).IdentifyAsync();
        JsonNode told = await scene.InvokeAsync(await scene.CommandAsync());
        (await scene.AnswerAsync(told, 4, new { content = "psst", flags = Ephemeral })).Expect204();
        JsonNode heard = await scene.User.NextAsync("MESSAGE_CREATE");
        Assert.Equal(Ephemeral, (int)heard["flags"]!);
        Assert.Equal(scene.Guild.Id.ToString(), (string?)heard["guild_id"]);
        Assert.Equal(20, (int)heard["type"]!);
        Assert.Equal("psst", (string?)(await scene.FollowAsync(HttpMethod.Get, told, "/messages/@original")).Expect(200)["content"]);
        JsonNode edited = (await scene.FollowAsync(HttpMethod.Patch, told, "/messages/@original", new { content = "hush" })).Expect(200);
        Assert.Equal(Ephemeral, (int)edited["flags"]!);
        Assert.Equal("hush", (string?)(await scene.User.NextAsync("MESSAGE_UPDATE"))["content"]);
        JsonNode follow = (await scene.FollowAsync(HttpMethod.Post, told, "", new { content = "also", flags = Ephemeral })).Expect(200);
        Assert.Equal((string?)heard["id"], (string?)follow["message_reference"]!["message_id"]);
        (await scene.FollowAsync(HttpMethod.Delete, told, $"/messages/{follow["id"]}")).Expect204();
        await scene.User.NextAsync("MESSAGE_DELETE", e => (string?)e["id"] == (string?)follow["id"]);
        (await scene.FollowAsync(HttpMethod.Delete, told, $"/messages/{follow["id"]}")).ExpectError(404, 10008);
        JsonNode shown = (await scene.FollowAsync(HttpMethod.Post, told, "", new { content = "for all" })).Expect(200);

        // The one that all see came last: nobody else heard of those before it.
        await owner.NextAsync("MESSAGE_CREATE", e => (string?)e["id"] == (string?)shown["id"]);
        Assert.True(owner.HasNone("MESSAGE_CREATE"));
        Assert.True(owner.HasNone("MESSAGE_UPDATE"));
        JsonArray history = (await scene.Member.GetAsync($"/channels/{scene.ChannelId}/messages")).Expect(200).AsArray();
        Assert.Equal((string?)shown["id"], (string?)Assert.Single(history)!["id"]);
        (await scene.Guild.Bot.GetAsync($"/channels/{scene.ChannelId}/messages/{heard["id"]}")).ExpectError(404, 10008);
    }

    [Fact]
    public async Task Deferred_ephemeral_answer_stays_ephemeral()
    {
        await using InteractionScene scene = await InteractionScene.OpenAsync(Node);
        JsonNode told = await scene.InvokeAsync(await scene.CommandAsync());
        (await scene.AnswerAsync(told, 5, new { flags = Ephemeral })).Expect204();
        Assert.Equal(Ephemeral | Loading, (int)(await scene.User.NextAsync("MESSAGE_CREATE"))["flags"]!);
        JsonNode filled = (await scene.FollowAsync(HttpMethod.Post, told, "", new { content = "done" })).Expect(200);
        Assert.Equal(Ephemeral, (int)filled["flags"]!);
        Assert.Equal("done", (string?)(await scene.User.NextAsync("MESSAGE_UPDATE"))["content"]);
        Assert.Empty((await scene.Member.GetAsync($"/channels/{scene.ChannelId}/messages")).Expect(200).AsArray());
    }

    [Theory, InlineData(0), InlineData(Ephemeral)]
    public async Task Answer_carries_files(int flags)
    {
        await using InteractionScene scene = await InteractionScene.OpenAsync(Node);
        JsonNode told = await scene.InvokeAsync(await scene.CommandAsync());
        JsonObject body = new()
        {
            ["type"] = 4,
            ["data"] = new JsonObject
            {
                ["content"] = "see",
                ["flags"] = flags,
                ["attachments"] = new JsonArray(new JsonObject { ["id"] = 0, ["description"] = "a text" }),
            },
        };
        string callback = $"/interactions/{told["id"]}/{told["token"]}/callback";
        (await scene.AnonymousAsync(HttpMethod.Post, callback, WithFile(body, "a.txt", "hello"u8.ToArray()))).Expect204();
        JsonNode file = Assert.Single((await scene.User.NextAsync("MESSAGE_CREATE"))["attachments"]!.AsArray())!;
        Assert.Equal("a text", (string?)file["description"]);
        Assert.Equal(flags == Ephemeral, (bool?)file["ephemeral"] ?? false);
        Assert.Equal("hello", await Node.Http.GetStringAsync(new Uri((string)file["url"]!)));
        object nothing = new { attachments = Array.Empty<object>() };
        JsonNode kept = (await scene.FollowAsync(HttpMethod.Patch, told, "/messages/@original", nothing)).Expect(200);
        Assert.Empty(kept["attachments"]!.AsArray());
    }

    [Fact]
    public async Task Components_alone_make_an_answer_of_the_second_kind()
    {
        await using InteractionScene scene = await InteractionScene.OpenAsync(Node);
        JsonNode told = await scene.InvokeAsync(await scene.CommandAsync());
        (await scene.AnswerAsync(told, 5)).Expect204();
        JsonNode filled = (await scene.FollowAsync(HttpMethod.Post, told, "", new
        {
            flags = 1 << 15,
            components = new[] { new { type = 10, content = "# Title" } },
        })).Expect(200);
        Assert.Equal(1 << 15, (int)filled["flags"]!);
        Assert.Equal("# Title", (string?)filled["components"]![0]!["content"]);
    }

    [Fact]
    public async Task Answer_mentions_everyone_only_where_the_application_may()
    {
        await using InteractionScene scene = await InteractionScene.OpenAsync(Node);
        JsonNode command = await scene.CommandAsync();
        object loud = new { content = $"@everyone <@{scene.Member.Id}>", allowed_mentions = new { parse = new[] { "everyone", "users" } } };
        JsonNode told = await scene.InvokeAsync(command);
        (await scene.AnswerAsync(told, 4, loud)).Expect204();
        Assert.True((bool)(await scene.User.NextAsync("MESSAGE_CREATE"))["mention_everyone"]!);
        told = await scene.InvokeAsync(command);
        (await scene.AnswerAsync(told, 4, new { content = $"@everyone <@{scene.Member.Id}>" })).Expect204();
        JsonNode quiet = await scene.User.NextAsync("MESSAGE_CREATE");
        Assert.False((bool)quiet["mention_everyone"]!);
        Assert.Single(quiet["mentions"]!.AsArray());

        RestClient weak = await Node.BotAsync(scene.Guild.Owner);
        await Node.JoinAsync(scene.Guild.Id, weak);
        await Node.PutAsync(scene.Guild.Id, static guild =>
            new RolePut(guild.Everyone with { Permissions = guild.Everyone.Permissions & ~Permissions.MentionEveryone }));
        await using GatewayClient session = await (await Node.ConnectAsync(weak)).IdentifyAsync();
        JsonNode other = (await weak.PostAsync($"/applications/{weak.Id}/commands", new { name = "weak", description = "d" })).Expect(201);
        (await scene.PostAsync(scene.Body(2, Data(other), new { application_id = weak.Id.ToString() }))).Expect204();
        (await scene.AnswerAsync(await session.NextAsync("INTERACTION_CREATE"), 4, loud)).Expect204();
        Assert.False((bool)(await scene.User.NextAsync("MESSAGE_CREATE"))["mention_everyone"]!);
    }

    [Fact]
    public async Task Application_that_was_removed_from_the_guild_says_nothing_more()
    {
        await using InteractionScene scene = await InteractionScene.OpenAsync(Node);
        RestClient guest = await Node.BotAsync(scene.Guild.Owner);
        await Node.JoinAsync(scene.Guild.Id, guest);
        await using GatewayClient session = await (await Node.ConnectAsync(guest)).IdentifyAsync();
        object named = new { name = "guest", description = "d" };
        JsonNode command = (await guest.PostAsync($"/applications/{guest.Id}/commands", named)).Expect(201);
        (await scene.PostAsync(scene.Body(2, Data(command), new { application_id = guest.Id.ToString() }))).Expect204();
        JsonNode told = await session.NextAsync("INTERACTION_CREATE");
        (await scene.AnswerAsync(told, 4, new { content = "hello" })).Expect204();
        (await scene.Guild.Owner.DeleteAsync($"/guilds/{scene.Guild.Id}/members/{guest.Id}")).Expect204();
        (await scene.FollowAsync(HttpMethod.Post, told, "", new { content = "still here" })).ExpectError(403, 50001);
        (await scene.PostAsync(scene.Body(2, Data(command), new { application_id = guest.Id.ToString() }))).ExpectError(404, 10002);
    }

    [Fact]
    public async Task Answer_in_an_archived_thread_wakes_it()
    {
        await using InteractionScene scene = await InteractionScene.OpenAsync(Node);
        JsonNode thread =
            (await scene.Guild.Bot.PostAsync($"/channels/{scene.ChannelId}/threads", new { name = "t", type = 11 })).Expect(201);
        JsonNode command = await scene.CommandAsync();
        JsonNode told = await scene.DoAsync(scene.Body(2, Data(command), new { channel_id = (string)thread["id"]! }));
        Assert.Equal((string?)thread["id"], (string?)told["channel"]!["id"]);
        (await scene.Guild.Bot.PatchAsync($"/channels/{thread["id"]}", new { archived = true })).Expect(200);
        (await scene.AnswerAsync(told, 4, new { content = "awake" })).Expect204();
        JsonNode now = (await scene.Guild.Bot.GetAsync($"/channels/{thread["id"]}")).Expect(200);
        Assert.False((bool)now["thread_metadata"]!["archived"]!);
    }
}
