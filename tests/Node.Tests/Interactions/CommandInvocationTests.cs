using System.Text.Json.Nodes;
using Discord.Node.Tests.Kit;
using Discord.Protocol;
using static Discord.Node.Tests.Interactions.InteractionScene;

namespace Discord.Node.Tests.Interactions;

/// <summary>Users invoke commands and ask for choices: what the application is told, and what is refused.</summary>
public sealed class CommandInvocationTests(UnhurriedNode unhurried) : IClassFixture<UnhurriedNode>
{
    private NodeKit Node => unhurried.Node;

    [Fact]
    public async Task Command_invoked_tells_the_bot_all_it_needs()
    {
        await using InteractionScene scene = await InteractionScene.OpenAsync(Node);
        JsonNode command = await scene.CommandAsync();
        JsonNode told = await scene.InvokeAsync(command);
        Assert.Equal(
            ["app_permissions", "application_id", "attachment_size_limit", "authorizing_integration_owners", "channel", "channel_id",
                "context", "data", "entitlements", "guild", "guild_id", "guild_locale", "id", "locale", "member", "token", "type",
                "version"],
            told.AsObject().Select(p => p.Key).Order(StringComparer.Ordinal));
        Assert.Equal(2, (int)told["type"]!);
        Assert.Equal(1, (int)told["version"]!);
        Assert.Equal(0, (int)told["context"]!);
        Assert.Equal(scene.ApplicationId, (string?)told["application_id"]);
        Assert.Equal(scene.Guild.Id.ToString(), (string?)told["guild_id"]);
        Assert.Equal(scene.Guild.Id.ToString(), (string?)told["guild"]!["id"]);
        Assert.Equal(scene.Guild.Id.ToString(), (string?)told["authorizing_integration_owners"]!["0"]);
        Assert.Equal(scene.ChannelId, (string?)told["channel"]!["id"]);
        Assert.NotNull(told["channel"]!["permissions"]);
        Assert.False(told["channel"]!.AsObject().ContainsKey("permission_overwrites"));
        Assert.Equal(scene.Member.Id.ToString(), (string?)told["member"]!["user"]!["id"]);
        Assert.True(((Permissions)ulong.Parse((string)told["member"]!["permissions"]!)).Has(Permissions.UseApplicationCommands));
        Assert.True(((Permissions)ulong.Parse((string)told["app_permissions"]!)).Has(Permissions.Administrator));
        Assert.Equal(10 * 1024 * 1024, (int)told["attachment_size_limit"]!);
        Assert.Empty(told["entitlements"]!.AsArray());
        Assert.Equal("en-US", (string?)told["locale"]);
        Assert.Equal((string?)command["id"], (string?)told["data"]!["id"]);
        Assert.Equal("ping", (string?)told["data"]!["name"]);
        Assert.Equal(1, (int)told["data"]!["type"]!);
        Assert.False(told["data"]!.AsObject().ContainsKey("resolved"));
    }

    [Fact]
    public async Task Options_of_a_nested_subcommand_are_checked_and_resolved()
    {
        await using InteractionScene scene = await InteractionScene.OpenAsync(Node);
        Snowflake role = await Node.RoleAsync(scene.Guild.Id, "named");
        RestClient stranger = await Node.UserAsync();
        JsonNode command = await scene.CommandAsync(new
        {
            name = "deep",
            description = "d",
            options = new[]
            {
                new
                {
                    type = 2, name = "group", description = "d", options = new[]
                    {
                        new
                        {
                            type = 1, name = "sub", description = "d", options = new object[]
                            {
                                new { type = 3, name = "text", description = "d", required = true },
                                new { type = 4, name = "whole", description = "d" },
                                new { type = 5, name = "flag", description = "d" },
                                new { type = 6, name = "user", description = "d" },
                                new { type = 7, name = "channel", description = "d", channel_types = new[] { 0 } },
                                new { type = 8, name = "role", description = "d" },
                                new { type = 9, name = "any", description = "d" },
                                new { type = 10, name = "real", description = "d" },
                            },
                        },
                    },
                },
            },
        });
        object[] values =
        [
            new { type = 3, name = "text", value = "hi" }, new { type = 4, name = "whole", value = -7 },
            new { type = 5, name = "flag", value = true }, new { type = 6, name = "user", value = scene.Member.Id.ToString() },
            new { type = 7, name = "channel", value = scene.ChannelId },
            new { type = 8, name = "role", value = role.ToString() }, new { type = 9, name = "any", value = stranger.Id.ToString() },
            new { type = 10, name = "real", value = 1.5 },
        ];
        object group = new { type = 2, name = "group", options = new[] { new { type = 1, name = "sub", options = values } } };
        JsonNode data = (await scene.InvokeAsync(command, new[] { group }))["data"]!;
        JsonArray given = data["options"]![0]!["options"]![0]!["options"]!.AsArray();
        Assert.Equal(System.Text.Json.JsonSerializer.Serialize(values), given.ToJsonString());
        JsonNode resolved = data["resolved"]!;
        Assert.Equal(
            new[] { scene.Member.Id.ToString(), stranger.Id.ToString() }.Order(), resolved["users"]!.AsObject().Select(p => p.Key).Order());
        JsonNode member = Assert.Single(resolved["members"]!.AsObject()).Value!;
        Assert.NotNull(member["permissions"]);
        Assert.Null(member["user"]);
        Assert.Equal("named", (string?)resolved["roles"]![role.ToString()]!["name"]);
        Assert.Equal(0, (int)resolved["channels"]![scene.ChannelId]!["type"]!);
        Assert.NotNull(resolved["channels"]![scene.ChannelId]!["permissions"]);
    }

    [Fact]
    public async Task Option_that_does_not_fit_its_definition_is_refused_where_it_stands()
    {
        await using InteractionScene scene = await InteractionScene.OpenAsync(Node);
        Snowflake voice = await Node.ChannelAsync(scene.Guild.Id, ChannelType.GuildVoice, "voice");
        Overwrite unseen = new(scene.Guild.Id, OverwriteType.Role, Permissions.None, Permissions.ViewChannel);
        Snowflake hidden = await Node.ChannelAsync(scene.Guild.Id, ChannelType.GuildText, "hidden", null, unseen);
        JsonNode command = await scene.CommandAsync(new
        {
            name = "checked",
            description = "d",
            options = new object[]
            {
                new { type = 3, name = "must", description = "d", required = true, min_length = 2, max_length = 4 },
                new { type = 3, name = "choice", description = "d", choices = new[] { new { name = "A", value = "a" } } },
                new { type = 4, name = "whole", description = "d", min_value = 1, max_value = 5 },
                new { type = 5, name = "flag", description = "d" },
                new { type = 6, name = "user", description = "d" },
                new { type = 7, name = "channel", description = "d", channel_types = new[] { 0 } },
                new { type = 8, name = "role", description = "d" },
                new { type = 9, name = "any", description = "d" },
                new { type = 10, name = "real", description = "d", max_value = 0.5 },
                new { type = 11, name = "file", description = "d" },
            },
        });
        (string Name, object Value)[] wrong =
        [
            ("choice", "b"), ("whole", 6), ("whole", 1.5), ("whole", "x"), ("flag", "maybe"), ("user", "1"), ("user", "x"),
            ("channel", voice.ToString()), ("channel", hidden.ToString()), ("channel", "1"), ("role", "1"), ("any", "1"), ("real", 0.6),
            ("file", "0"),
        ];
        foreach ((string name, object value) in wrong)
        {
            Reply refused = await scene.PostAsync(scene.Body(
                2, Data(command, new object[] { new { type = 3, name = "must", value = "abc" }, new { name, value } })));
            refused.ExpectError(400, 50035, "data.options.1.value");
        }
        object Must(object value) => Data(command, new[] { new { type = 3, name = "must", value } });
        (await scene.PostAsync(scene.Body(2, Must("a")))).ExpectError(400, 50035, "data.options.0.value");
        (await scene.PostAsync(scene.Body(2, Must("abcde")))).ExpectError(400, 50035, "data.options.0.value");
        (await scene.PostAsync(scene.Body(2, Data(command)))).ExpectError(400, 50035, "data.options");
        (await scene.PostAsync(scene.Body(2, Data(command, new object[] { new { type = 3, name = "other", value = "abc" } }))))
            .ExpectError(400, 50035, "data.options.0.name");
        (await scene.PostAsync(scene.Body(2, Data(command, new object[] { new { type = 4, name = "must", value = "abc" } }))))
            .ExpectError(400, 50035, "data.options.0.type");
        object[] twice = [new { type = 3, name = "must", value = "abc" }, new { type = 3, name = "must", value = "abc" }];
        (await scene.PostAsync(scene.Body(2, Data(command, twice)))).ExpectError(400, 50035, "data.options.1.name");
        Assert.True(scene.Bot.HasNone("INTERACTION_CREATE"));
    }

    [Fact]
    public async Task Command_that_is_not_for_the_member_is_refused()
    {
        await using InteractionScene scene = await InteractionScene.OpenAsync(Node);
        JsonNode admin = await scene.CommandAsync(new { name = "admin", description = "d", default_member_permissions = "8" });
        (await scene.PostAsync(scene.Body(2, Data(admin)))).ExpectError(403, 50013);
        (await scene.Guild.Owner.PostAsync("/interactions", scene.Body(2, Data(admin)).ToJsonString())).Expect204();

        JsonNode plain = await scene.CommandAsync();
        (await scene.PostAsync(scene.Body(2, Data(plain, more: new { id = "1" })))).ExpectError(404, 10063);
        (await scene.PostAsync(scene.Body(2, Data(plain, more: new { version = "1" })))).ExpectError(400, 50035, "data.version");
        (await scene.PostAsync(scene.Body(2, Data(plain, more: new { type = 2 })))).ExpectError(400, 50035, "data.type");
        (await scene.PostAsync(scene.Body(2, Data(plain), new { guild_id = "1" }))).ExpectError(400, 50035, "guild_id");
        (await scene.PostAsync(scene.Body(2, Data(plain), new { channel_id = "1" }))).ExpectError(404, 10003);
        (await scene.PostAsync(scene.Body(2, Data(plain), new { application_id = "1" }))).ExpectError(404, 10002);
        (await scene.PostAsync(scene.Body(2, Data(plain), new { application_id = scene.Member.Id.ToString() }))).ExpectError(404, 10002);
        (await scene.PostAsync(scene.Body(1, new { }))).ExpectError(400, 50035, "type");
        (await scene.PostAsync(new { })).ExpectError(400, 50035, "application_id");
        (await scene.Guild.Bot.PostAsync("/interactions", scene.Body(2, Data(plain)).ToJsonString())).ExpectError(403, 20001);
        JsonNode nsfw = await scene.CommandAsync(new { name = "adult", description = "d", nsfw = true });
        (await scene.PostAsync(scene.Body(2, Data(nsfw)))).ExpectError(403, 50013);
        RestClient stranger = await Node.UserAsync();
        (await stranger.PostAsync("/interactions", scene.Body(2, Data(plain)).ToJsonString())).ExpectError(403, 50001);

        await scene.Guild.Owner.PatchAsync($"/guilds/{scene.Guild.Id}/members/{scene.Member.Id}", new
        {
            communication_disabled_until = DateTimeOffset.UtcNow.AddHours(1).ToString("O"),
        });
        (await scene.PostAsync(scene.Body(2, Data(plain)))).ExpectError(403, 50013);
        (await scene.PostAsync(scene.Body(3, new { component_type = 2, custom_id = "x" }, new { message_id = "1" })))
            .ExpectError(403, 50013);
    }

    [Fact]
    public async Task Context_menu_commands_show_what_they_were_used_on()
    {
        await using InteractionScene scene = await InteractionScene.OpenAsync(Node);
        JsonNode onUser = await scene.CommandAsync(new { name = "Look", type = 2 });
        JsonNode onMessage = await scene.CommandAsync(new { name = "Keep", type = 3 });
        string owner = scene.Guild.Owner.Id.ToString();
        JsonNode user = (await scene.InvokeAsync(onUser, more: new { target_id = owner }))["data"]!;
        Assert.Equal(owner, (string?)user["target_id"]);
        Assert.NotNull(user["resolved"]!["users"]![owner]);
        Assert.NotNull(user["resolved"]!["members"]![owner]);

        JsonNode message =
            (await scene.Guild.Owner.PostAsync($"/channels/{scene.ChannelId}/messages", new { content = "keep me" })).Expect(200);
        string id = (string)message["id"]!;
        JsonNode told = await scene.InvokeAsync(onMessage, more: new { target_id = id });
        Assert.Equal("keep me", (string?)told["data"]!["resolved"]!["messages"]![id]!["content"]);
        (await scene.AnswerAsync(told, 4, new { content = "kept" })).Expect204();
        JsonNode answer = await scene.Bot.NextAsync("MESSAGE_CREATE", m => (string?)m["content"] == "kept");
        Assert.Equal(23, (int)answer["type"]!);
        Assert.Equal(id, (string?)answer["interaction_metadata"]!["target_message_id"]);

        (await scene.PostAsync(scene.Body(2, Data(onUser)))).ExpectError(400, 50035, "data.target_id");
        (await scene.PostAsync(scene.Body(2, Data(onUser, more: new { target_id = "1" })))).ExpectError(400, 50035, "data.target_id");
        (await scene.PostAsync(scene.Body(2, Data(onMessage, more: new { target_id = "1" })))).ExpectError(400, 50035, "data.target_id");
    }

    [Fact]
    public async Task File_given_with_a_command_can_be_fetched_by_the_bot()
    {
        await using InteractionScene scene = await InteractionScene.OpenAsync(Node);
        JsonNode command = await scene.CommandAsync(new
        {
            name = "upload",
            description = "d",
            options = new[] { new { type = 11, name = "file", description = "d", required = true } },
        });
        object attached = new { attachments = new[] { new { id = "0", filename = "a.txt" } } };
        object data = Data(command, new[] { new { type = 11, name = "file", value = "0" } }, attached);
        JsonObject body = scene.Body(2, data);
        (await scene.Member.PostAsync("/interactions", WithFile(body, "a.txt", "hello"u8.ToArray()))).Expect204();
        JsonNode told = await scene.Bot.NextAsync("INTERACTION_CREATE");
        string id = (string)told["data"]!["options"]![0]!["value"]!;
        JsonNode file = told["data"]!["resolved"]!["attachments"]![id]!;
        Assert.Equal("a.txt", (string?)file["filename"]);
        Assert.True((bool?)file["ephemeral"]);
        Assert.Equal("hello", await Node.Http.GetStringAsync(new Uri((string)file["url"]!)));
    }

    [Fact]
    public async Task Command_in_the_direct_channel_with_the_bot_has_no_guild()
    {
        await using InteractionScene scene = await InteractionScene.OpenAsync(Node);
        JsonNode anywhere = await scene.CommandAsync();
        JsonNode guildOnly = await scene.CommandAsync(new { name = "inside", description = "d", contexts = new[] { 0 } });
        JsonNode direct = (await scene.Member.PostAsync("/users/@me/channels", new { recipient_id = scene.ApplicationId })).Expect(200);
        object place = new { channel_id = (string)direct["id"]!, guild_id = (string?)null };
        JsonNode told = await scene.DoAsync(scene.Body(2, Data(anywhere), place));
        Assert.Equal(1, (int)told["context"]!);
        Assert.Equal(scene.Member.Id.ToString(), (string?)told["user"]!["id"]);
        Assert.Null(told["member"]);
        Assert.Null(told["guild_id"]);
        Assert.Equal("0", (string?)told["authorizing_integration_owners"]!["0"]);
        Assert.Equal(scene.Member.Id.ToString(), (string?)Assert.Single(told["channel"]!["recipients"]!.AsArray())!["id"]);
        (await scene.AnswerAsync(told, 4, new { content = "here" })).Expect204();
        JsonNode answer = await scene.User.NextAsync("MESSAGE_CREATE", m => (string?)m["content"] == "here");
        Assert.Equal(20, (int)answer["type"]!);
        (await scene.PostAsync(scene.Body(2, Data(guildOnly), place))).ExpectError(404, 10063);
    }

    [Fact]
    public async Task Interaction_reaches_the_shard_that_owns_the_guild_alone()
    {
        await using InteractionScene scene = await InteractionScene.OpenAsync(Node);
        JsonNode command = await scene.CommandAsync();
        int owner = (int)((scene.Guild.Id.Value >> 22) % 2);
        await using GatewayClient owning = await Node.ConnectAsync(scene.Guild.Bot);
        await owning.IdentifyAsync(extra: new { shard = new[] { owner, 2 } });
        await using GatewayClient other = await Node.ConnectAsync(scene.Guild.Bot);
        await other.IdentifyAsync(extra: new { shard = new[] { 1 - owner, 2 } });
        JsonNode told = await scene.InvokeAsync(command);
        Assert.Equal((string?)told["id"], (string?)(await owning.NextAsync("INTERACTION_CREATE"))["id"]);
        await other.SendAsync(1, null);
        await other.OpAsync(11);
        Assert.True(other.HasNone("INTERACTION_CREATE"));
    }

    [Fact]
    public async Task Bot_that_is_not_connected_fails_the_interaction_at_once()
    {
        await using InteractionScene scene = await InteractionScene.OpenAsync(Node);
        JsonNode command = await scene.CommandAsync();
        await scene.Bot.CloseAsync(1000);
        await NodeKit.UntilAsync(
            () => Task.FromResult(Node.Domain.Sessions.Of(scene.Guild.Bot.Id).Length == 0), "the bot's session has ended");
        JsonObject body = scene.Body(2, Data(command));
        (await scene.PostAsync(body)).Expect204();
        JsonNode begun = await scene.User.NextAsync("INTERACTION_CREATE");
        JsonNode failed = await scene.User.NextAsync("INTERACTION_FAILURE");
        Assert.Equal((string?)begun["id"], (string?)failed["id"]);
        Assert.Equal((string?)body["nonce"], (string?)failed["nonce"]);
    }

    [Fact]
    public async Task Autocomplete_asks_the_bot_and_brings_its_choices()
    {
        await using InteractionScene scene = await InteractionScene.OpenAsync(Node);
        JsonNode command = await scene.CommandAsync(new
        {
            name = "find",
            description = "d",
            options = new object[]
            {
                new { type = 3, name = "must", description = "d", required = true },
                new { type = 4, name = "number", description = "d", autocomplete = true, min_value = 100 },
            },
        });
        JsonObject body = scene.Body(4, Data(command, new[] { new { type = 4, name = "number", value = "1x", focused = true } }));
        JsonNode told = await scene.DoAsync(body);
        Assert.Equal(4, (int)told["type"]!);
        JsonNode option = Assert.Single(told["data"]!["options"]!.AsArray())!;
        Assert.Equal("1x", (string?)option["value"]);
        Assert.True((bool)option["focused"]!);

        (await scene.AnswerAsync(told, 4, new { content = "no" })).ExpectError(400, 50035, "type");
        (await scene.AnswerAsync(told, 8)).ExpectError(400, 50035, "data");
        (await scene.AnswerAsync(told, 8, new { choices = new[] { new { name = "a", value = "text" } } }))
            .ExpectError(400, 50035, "data.choices.0.value");
        (await scene.AnswerAsync(told, 8, new { choices = Enumerable.Range(0, 26).Select(i => new { name = $"c{i}", value = i }) }))
            .ExpectError(400, 50035, "data.choices");
        (await scene.AnswerAsync(told, 8, new { choices = new[] { new { name = "a hundred", value = 100 } } })).Expect204();
        JsonNode choices = await scene.User.NextAsync("APPLICATION_COMMAND_AUTOCOMPLETE_RESPONSE");
        Assert.Equal((string?)body["nonce"], (string?)choices["nonce"]);
        Assert.Equal(100, (int)choices["choices"]![0]!["value"]!);
        (await scene.AnswerAsync(told, 8, new { choices = Array.Empty<object>() })).ExpectError(400, 40060);

        (await scene.PostAsync(scene.Body(4, Data(command, new[] { new { type = 4, name = "number", value = "1" } }))))
            .ExpectError(400, 50035, "data.options");
        (await scene.PostAsync(scene.Body(4, Data(command, new[] { new { type = 3, name = "must", value = "1", focused = true } }))))
            .ExpectError(400, 50035, "data.options.0.focused");
    }
}
