using System.Text.Json.Nodes;
using Discord.Node.Tests.Kit;
using Discord.Protocol;

namespace Discord.Node.Tests.Interactions;

/// <summary>Users press buttons and choose in menus, of messages that all see and of ephemeral ones.</summary>
public sealed class ComponentTests(UnhurriedNode unhurried) : IClassFixture<UnhurriedNode>
{
    private const int Button = 2, Ephemeral = 64, ComponentsV2 = 1 << 15;

    private static readonly object Press = new { type = Button, style = 1, label = "Press", custom_id = "press" };

    private NodeKit Node => unhurried.Node;

    [Fact]
    public async Task Button_pressed_shows_its_message_and_the_answer_updates_it()
    {
        await using InteractionScene scene = await InteractionScene.OpenAsync(Node);
        JsonNode message = await scene.MessageAsync(Press);
        JsonNode told = await scene.UseAsync(message, Button, "press");
        Assert.Equal(3, (int)told["type"]!);
        Assert.Equal(Button, (int)told["data"]!["component_type"]!);
        Assert.Equal("press", (string?)told["data"]!["custom_id"]);
        Assert.Equal((string?)message["id"], (string?)told["message"]!["id"]);
        Assert.Equal("use", (string?)told["message"]!["content"]);
        (await scene.AnswerAsync(told, 7, new { content = "pressed", components = Array.Empty<object>() })).Expect204();
        JsonNode updated = await scene.User.NextAsync("MESSAGE_UPDATE");
        Assert.Equal((string?)message["id"], (string?)updated["id"]);
        Assert.Equal("pressed", (string?)updated["content"]);
        Assert.Empty(updated["components"]!.AsArray());
        await scene.User.NextAsync("INTERACTION_SUCCESS");
        Assert.Equal("pressed", (string?)(await scene.FollowAsync(HttpMethod.Get, told, "/messages/@original")).Expect(200)["content"]);
        (await scene.PostAsync(scene.Use(message, Button, "press"))).ExpectError(400, 50035, "data.custom_id");
    }

    [Fact]
    public async Task Update_that_is_deferred_makes_the_source_the_original()
    {
        await using InteractionScene scene = await InteractionScene.OpenAsync(Node);
        JsonNode message = await scene.MessageAsync(Press);
        JsonNode told = await scene.UseAsync(message, Button, "press");
        (await scene.AnswerAsync(told, 6)).Expect204();
        JsonNode edited = (await scene.FollowAsync(HttpMethod.Patch, told, "/messages/@original", new { content = "later" })).Expect(200);
        Assert.Equal((string?)message["id"], (string?)edited["id"]);
        Assert.Equal("later", (string?)edited["content"]);
        JsonNode follow = (await scene.FollowAsync(HttpMethod.Post, told, "", new { content = "and more" })).Expect(200);
        Assert.Equal((string?)message["id"], (string?)follow["message_reference"]!["message_id"]);
        (await scene.FollowAsync(HttpMethod.Delete, told, "/messages/@original")).Expect204();
    }

    [Fact]
    public async Task Reply_to_a_component_refers_to_its_message()
    {
        await using InteractionScene scene = await InteractionScene.OpenAsync(Node);
        JsonNode message = await scene.MessageAsync(Press);
        JsonNode told = await scene.UseAsync(message, Button, "press");
        (await scene.AnswerAsync(told, 4, new { content = "answer" })).Expect204();
        JsonNode answer = await scene.User.NextAsync("MESSAGE_CREATE", m => (string?)m["content"] == "answer");
        Assert.Equal(19, (int)answer["type"]!);
        Assert.Equal((string?)message["id"], (string?)answer["message_reference"]!["message_id"]);
        Assert.Equal(3, (int)answer["interaction_metadata"]!["type"]!);
        Assert.Equal((string?)message["id"], (string?)answer["interaction_metadata"]!["interacted_message_id"]);
        Assert.Empty(answer["mentions"]!.AsArray());
        Assert.False(answer.AsObject().ContainsKey("interaction"));
    }

    [Fact]
    public async Task Component_of_an_ephemeral_message_updates_it()
    {
        await using InteractionScene scene = await InteractionScene.OpenAsync(Node);
        JsonNode command = await scene.InvokeAsync(await scene.CommandAsync());
        (await scene.AnswerAsync(command, 4, new
        {
            content = "secret",
            flags = Ephemeral,
            components = new[] { new { type = 1, components = new[] { Press } } },
        })).Expect204();
        JsonNode message = await scene.User.NextAsync("MESSAGE_CREATE");
        (await scene.Guild.Owner.PostAsync("/interactions", scene.Use(message, Button, "press").ToJsonString())).ExpectError(404, 10008);
        JsonNode told = await scene.UseAsync(message, Button, "press");
        Assert.Equal(Ephemeral, (int)told["message"]!["flags"]!);
        (await scene.AnswerAsync(told, 7, new { content = "changed" })).Expect204();
        JsonNode updated = await scene.User.NextAsync("MESSAGE_UPDATE");
        Assert.Equal((string?)message["id"], (string?)updated["id"]);
        Assert.Equal("changed", (string?)updated["content"]);

        told = await scene.UseAsync(message, Button, "press");
        (await scene.AnswerAsync(told, 4, new { content = "for all" })).Expect204();
        JsonNode answer = await scene.User.NextAsync("MESSAGE_CREATE", m => (string?)m["content"] == "for all");
        Assert.Equal(0, (int)answer["type"]!);
        Assert.Null(answer["message_reference"]);

        told = await scene.UseAsync(message, Button, "press");
        (await scene.AnswerAsync(told, 6)).Expect204();
        (await scene.FollowAsync(HttpMethod.Delete, told, "/messages/@original")).Expect204();
        await scene.User.NextAsync("MESSAGE_DELETE", e => (string?)e["id"] == (string?)message["id"]);
        (await scene.PostAsync(scene.Use(message, Button, "press"))).ExpectError(404, 10008);
    }

    [Fact]
    public async Task Values_of_a_menu_are_checked_against_its_options()
    {
        await using InteractionScene scene = await InteractionScene.OpenAsync(Node);
        JsonNode message = await scene.MessageAsync(new
        {
            type = 3,
            custom_id = "menu",
            min_values = 1,
            max_values = 2,
            options = new[] { new { label = "A", value = "a" }, new { label = "B", value = "b" }, new { label = "C", value = "c" } },
        });
        JsonNode told = await scene.UseAsync(message, 3, "menu", "c", "a");
        Assert.Equal(["c", "a"], told["data"]!["values"]!.AsArray().Select(v => (string)v!));
        (await scene.PostAsync(scene.Use(message, 3, "menu"))).ExpectError(400, 50035, "data.values");
        (await scene.PostAsync(scene.Use(message, 3, "menu", "a", "b", "c"))).ExpectError(400, 50035, "data.values");
        (await scene.PostAsync(scene.Use(message, 3, "menu", "a", "x"))).ExpectError(400, 50035, "data.values.1");
        (await scene.PostAsync(scene.Use(message, 3, "menu", "a", "a"))).ExpectError(400, 50035, "data.values.1");
        (await scene.PostAsync(scene.Use(message, 5, "menu", "a"))).ExpectError(400, 50035, "data.component_type");
        (await scene.PostAsync(scene.Use(message, 3, "other", "a"))).ExpectError(400, 50035, "data.custom_id");
    }

    [Fact]
    public async Task Menus_of_users_roles_and_channels_bring_what_was_chosen()
    {
        await using InteractionScene scene = await InteractionScene.OpenAsync(Node);
        string member = scene.Member.Id.ToString(), everyone = scene.Guild.Id.ToString();
        Snowflake voice = await Node.ChannelAsync(scene.Guild.Id, ChannelType.GuildVoice, "voice");
        JsonNode message = await scene.MessageAsync(
            new { type = 5, custom_id = "user" }, new { type = 6, custom_id = "role" }, new { type = 7, custom_id = "any", max_values = 2 },
            new { type = 8, custom_id = "channel", channel_types = new[] { 0 } });
        JsonNode user = (await scene.UseAsync(message, 5, "user", member))["data"]!["resolved"]!;
        Assert.NotNull(user["users"]![member]);
        Assert.NotNull(user["members"]![member]);
        Assert.NotNull((await scene.UseAsync(message, 6, "role", everyone))["data"]!["resolved"]!["roles"]![everyone]);
        JsonNode any = (await scene.UseAsync(message, 7, "any", everyone, member))["data"]!["resolved"]!;
        Assert.NotNull(any["users"]![member]);
        Assert.NotNull(any["roles"]![everyone]);
        Assert.NotNull((await scene.UseAsync(message, 8, "channel", scene.ChannelId))["data"]!["resolved"]!["channels"]![scene.ChannelId]);
        (await scene.PostAsync(scene.Use(message, 5, "user", "1"))).ExpectError(400, 50035, "data.values.0");
        (await scene.PostAsync(scene.Use(message, 6, "role", member))).ExpectError(400, 50035, "data.values.0");
        (await scene.PostAsync(scene.Use(message, 7, "any", "x"))).ExpectError(400, 50035, "data.values.0");
        (await scene.PostAsync(scene.Use(message, 8, "channel", voice.ToString()))).ExpectError(400, 50035, "data.values.0");
    }

    [Fact]
    public async Task Component_that_cannot_be_used_is_refused()
    {
        await using InteractionScene scene = await InteractionScene.OpenAsync(Node);
        JsonNode disabled = await scene.MessageAsync(new { type = Button, style = 1, label = "No", custom_id = "no", disabled = true });
        (await scene.PostAsync(scene.Use(disabled, Button, "no"))).ExpectError(400, 50035, "data.custom_id");
        JsonNode message = await scene.MessageAsync(Press);
        RestClient other = await Node.BotAsync(scene.Guild.Owner);
        await Node.JoinAsync(scene.Guild.Id, other);
        JsonObject foreign = scene.Use(message, Button, "press");
        foreign["application_id"] = other.Id.ToString();
        (await scene.PostAsync(foreign)).ExpectError(400, 50035, "application_id");
        (await scene.Guild.Bot.DeleteAsync($"/channels/{scene.ChannelId}/messages/{message["id"]}")).Expect204();
        (await scene.PostAsync(scene.Use(message, Button, "press"))).ExpectError(404, 10008);
        (await scene.PostAsync(scene.Body(3, new { component_type = Button, custom_id = "press" }))).ExpectError(400, 50035, "message_id");
    }

    [Fact]
    public async Task Message_of_components_stays_one_when_its_edit_does_not_say_so()
    {
        await using InteractionScene scene = await InteractionScene.OpenAsync(Node);
        object row = new { type = 1, components = new[] { Press } };
        JsonNode message = (await scene.Guild.Bot.PostAsync(
            $"/channels/{scene.ChannelId}/messages", new { flags = ComponentsV2, components = new[] { Text("first"), row } })).Expect(200);
        JsonNode told = await scene.UseAsync(message, Button, "press");
        (await scene.AnswerAsync(told, 7, new { content = "legacy" })).ExpectError(400, 50035, "data.content");
        (await scene.AnswerAsync(told, 7, new { components = new[] { Text("pressed"), row } })).Expect204();
        Assert.Equal("pressed", FirstText(await scene.User.NextAsync("MESSAGE_UPDATE")));

        JsonNode edited = (await scene.FollowAsync(
            HttpMethod.Patch, told, "/messages/@original", new { components = new[] { Text("later") } })).Expect(200);
        Assert.Equal("later", FirstText(edited));

        JsonNode hidden = (await scene.FollowAsync(
            HttpMethod.Post, told, "", new { flags = ComponentsV2 | Ephemeral, components = new[] { Text("only you") } })).Expect(200);
        edited = (await scene.FollowAsync(
            HttpMethod.Patch, told, $"/messages/{hidden["id"]}", new { components = new[] { Text("still only you") } })).Expect(200);
        Assert.Equal("still only you", FirstText(edited));

        static object Text(string content) => new { type = 10, content };

        static string? FirstText(JsonNode message)
        {
            Assert.Equal(ComponentsV2, (int)message["flags"]! & ComponentsV2);
            return (string?)message["components"]![0]!["content"];
        }
    }

    [Fact]
    public async Task Components_of_sections_and_containers_are_found()
    {
        await using InteractionScene scene = await InteractionScene.OpenAsync(Node);
        JsonNode message = (await scene.Guild.Bot.PostAsync($"/channels/{scene.ChannelId}/messages", new
        {
            flags = 1 << 15,
            components = new[]
            {
                new
                {
                    type = 17,
                    components = new object[]
                    {
                        new { type = 9, components = new[] { new { type = 10, content = "text" } }, accessory = Press },
                    },
                },
            },
        })).Expect(200);
        Assert.Equal("press", (string?)(await scene.UseAsync(message, Button, "press"))["data"]!["custom_id"]);
    }
}
