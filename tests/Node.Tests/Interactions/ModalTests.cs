using System.Text.Json.Nodes;
using Discord.Node.Tests.Kit;
using static Discord.Node.Tests.Interactions.InteractionScene;

namespace Discord.Node.Tests.Interactions;

/// <summary>Applications show modals, users submit them.</summary>
public sealed class ModalTests(UnhurriedNode unhurried) : IClassFixture<UnhurriedNode>
{
    private static readonly object[] Rows =
    [
        new
        {
            type = 1,
            components = new[] { new { type = 4, custom_id = "name", style = 1, label = "Name", min_length = 2, max_length = 5 } },
        },
        new { type = 1, components = new[] { new { type = 4, custom_id = "more", style = 2, label = "More", required = false } } },
    ];

    private NodeKit Node => unhurried.Node;

    [Fact]
    public async Task Modal_is_shown_and_what_was_written_comes_back()
    {
        await using InteractionScene scene = await InteractionScene.OpenAsync(Node);
        JsonNode modal = await ShowAsync(scene, await scene.InvokeAsync(await scene.CommandAsync()), Rows);
        Assert.Equal("Form", (string?)modal["title"]);
        Assert.Equal(scene.ApplicationId, (string?)modal["application"]!["id"]);
        Assert.Equal(scene.ChannelId, (string?)modal["channel_id"]);
        JsonNode told = await scene.SubmitAsync(modal, new object[] { Row("name", "Bob") });
        Assert.Equal(5, (int)told["type"]!);
        Assert.Equal("form", (string?)told["data"]!["custom_id"]);
        Assert.Equal("Bob", (string?)told["data"]!["components"]![0]!["components"]![0]!["value"]);
        Assert.Equal("", (string?)told["data"]!["components"]![1]!["components"]![0]!["value"]);
        Assert.Null(told["message"]);
        foreach (int type in (int[])[6, 7, 8, 9])
            (await scene.AnswerAsync(told, type, new { content = "x" })).ExpectError(400, 50035, "type");
        (await scene.AnswerAsync(told, 4, new { content = "thanks" })).Expect204();
        JsonNode answer = await scene.User.NextAsync("MESSAGE_CREATE");
        Assert.Equal(5, (int)answer["interaction_metadata"]!["type"]!);
        Assert.Equal((string?)modal["id"], (string?)answer["interaction_metadata"]!["triggering_interaction_metadata"]!["id"]);
    }

    [Fact]
    public async Task Modal_of_a_component_may_update_its_message()
    {
        await using InteractionScene scene = await InteractionScene.OpenAsync(Node);
        JsonNode message = await scene.MessageAsync(new { type = 2, style = 1, label = "Open", custom_id = "open" });
        JsonNode modal = await ShowAsync(scene, await scene.UseAsync(message, 2, "open"), Rows);
        JsonNode told = await scene.SubmitAsync(modal, new object[] { Row("name", "Bob"), Row("more", "text") });
        Assert.Equal((string?)message["id"], (string?)told["message"]!["id"]);
        (await scene.AnswerAsync(told, 7, new { content = "Bob was here" })).Expect204();
        JsonNode updated = await scene.User.NextAsync("MESSAGE_UPDATE");
        Assert.Equal((string?)message["id"], (string?)updated["id"]);
        Assert.Equal("Bob was here", (string?)updated["content"]);
    }

    [Fact]
    public async Task Labels_hold_every_kind_of_input()
    {
        await using InteractionScene scene = await InteractionScene.OpenAsync(Node);
        object[] options = [new { label = "A", value = "a" }, new { label = "B", value = "b" }];
        object[][] pages =
        [
            [
                new { type = 10, content = "Please" }, Label(new { type = 4, custom_id = "text", style = 1 }),
                Label(new { type = 3, custom_id = "choice", options }), Label(new { type = 5, custom_id = "user" }),
                Label(new { type = 19, custom_id = "file" }),
            ],
            [
                Label(new { type = 21, custom_id = "radio", options }),
                Label(new { type = 22, custom_id = "boxes", options, max_values = 2 }), Label(new { type = 23, custom_id = "box" }),
                Label(new { type = 8, custom_id = "channel", required = false }),
            ],
        ];
        JsonNode command = await scene.CommandAsync();
        JsonNode first = await ShowAsync(scene, await scene.InvokeAsync(command), pages[0]);
        JsonObject body = scene.Body(5, new
        {
            id = (string)first["id"]!,
            custom_id = "form",
            attachments = new[] { new { id = "0", filename = "a.txt" } },
            components = new[]
            {
                Label(new { type = 4, custom_id = "text", value = "hi" }),
                Label(new { type = 3, custom_id = "choice", values = new[] { "b" } }),
                Label(new { type = 5, custom_id = "user", values = new[] { scene.Member.Id.ToString() } }),
                Label(new { type = 19, custom_id = "file", values = new[] { "0" } }),
            },
        });
        (await scene.Member.PostAsync("/interactions", WithFile(body, "a.txt", "hello"u8.ToArray()))).Expect204();
        JsonNode data = (await scene.Bot.NextAsync("INTERACTION_CREATE"))["data"]!;
        Assert.Equal([10, 18, 18, 18, 18], data["components"]!.AsArray().Select(c => (int)c!["type"]!));
        Assert.Equal("hi", (string?)data["components"]![1]!["component"]!["value"]);
        Assert.Equal("b", (string?)data["components"]![2]!["component"]!["values"]![0]);
        Assert.NotNull(data["resolved"]!["members"]![scene.Member.Id.ToString()]);
        string file = (string)data["components"]![4]!["component"]!["values"]![0]!;
        Assert.Equal("hello", await Node.Http.GetStringAsync(new Uri((string)data["resolved"]!["attachments"]![file]!["url"]!)));

        JsonNode second = await ShowAsync(scene, await scene.InvokeAsync(command), pages[1]);
        data = (await scene.SubmitAsync(second, new[]
        {
            Label(new { type = 21, custom_id = "radio", value = "a" }),
            Label(new { type = 22, custom_id = "boxes", values = new[] { "a", "b" } }),
            Label(new { type = 23, custom_id = "box", value = true }),
        }))["data"]!;
        Assert.Equal("a", (string?)data["components"]![0]!["component"]!["value"]);
        Assert.Equal(2, data["components"]![1]!["component"]!["values"]!.AsArray().Count);
        Assert.True((bool)data["components"]![2]!["component"]!["value"]!);
        Assert.Empty(data["components"]![3]!["component"]!["values"]!.AsArray());

        (await scene.PostAsync(Body(scene, second, Label(new { type = 21, custom_id = "radio", value = "x" }))))
            .ExpectError(400, 50035, "data.components.0.component.value");
        (await scene.PostAsync(Body(scene, second, Label(new { type = 22, custom_id = "boxes", values = new[] { "a", "x" } }))))
            .ExpectError(400, 50035, "data.components.0.component.values.1");
    }

    [Fact]
    public async Task Submission_that_does_not_fit_the_modal_is_refused()
    {
        await using InteractionScene scene = await InteractionScene.OpenAsync(Node);
        JsonNode modal = await ShowAsync(scene, await scene.InvokeAsync(await scene.CommandAsync()), Rows);
        (await scene.PostAsync(Body(scene, modal))).ExpectError(400, 50035, "data.components");
        (await scene.PostAsync(Body(scene, modal, Row("name", "B")))).ExpectError(400, 50035, "data.components.0.components.0.value");
        (await scene.PostAsync(Body(scene, modal, Row("name", "Robert")))).ExpectError(400, 50035, "data.components.0.components.0.value");
        (await scene.PostAsync(Body(scene, modal, Row("name", "Bob"), Row("other", "x"))))
            .ExpectError(400, 50035, "data.components.1.components.0.custom_id");
        (await scene.PostAsync(Body(scene, modal, Row("name", "Bob"), Row("name", "Bob"))))
            .ExpectError(400, 50035, "data.components.1.components.0.custom_id");

        // Only whom it was shown to can submit it, and only that one.
        JsonObject body = Body(scene, modal, Row("name", "Bob"));
        (await scene.Guild.Owner.PostAsync("/interactions", body.ToJsonString())).ExpectError(404, 10062);
        body["data"]!["id"] = "1";
        (await scene.PostAsync(body)).ExpectError(404, 10062);
        body["data"]!["id"] = (string)modal["id"]!;
        body["data"]!["custom_id"] = "other";
        (await scene.PostAsync(body)).ExpectError(404, 10062);
    }

    [Fact]
    public async Task Modal_that_is_not_well_formed_is_refused()
    {
        await using InteractionScene scene = await InteractionScene.OpenAsync(Node);
        JsonNode told = await scene.InvokeAsync(await scene.CommandAsync());
        Task<Reply> Show(params object[] components) => scene.AnswerAsync(told, 9, new { custom_id = "form", title = "Form", components });
        (await scene.AnswerAsync(told, 9, new { })).ExpectError(400, 50035, "data.custom_id");
        (await Show()).ExpectError(400, 50035, "data.components");
        (await Show(Labels(41))).ExpectError(400, 50035, "data.components");
        (await Show(new { type = 1, components = new[] { new { type = 2, style = 1, label = "x", custom_id = "x" } } }))
            .ExpectError(400, 50035, "data.components.0.components.0.type");
        (await Show(new { type = 1, components = new[] { new { type = 4, style = 1, custom_id = "x" } } }))
            .ExpectError(400, 50035, "data.components.0.components.0.label");
        (await Show(Label(new { type = 2, style = 1, label = "x", custom_id = "x" })))
            .ExpectError(400, 50035, "data.components.0.component.type");
        (await Show(Label(new { type = 4, style = 3, custom_id = "x" }))).ExpectError(400, 50035, "data.components.0.component.style");
        (await Show(Label(new { type = 4, style = 1, custom_id = "x", min_length = 5, max_length = 2 })))
            .ExpectError(400, 50035, "data.components.0.component.min_length");
        (await Show(Label(new { type = 5, custom_id = "x", disabled = true })))
            .ExpectError(400, 50035, "data.components.0.component.disabled");
        (await Show(Labels(40))).Expect204();

        static object[] Labels(int count) =>
            [.. Enumerable.Range(0, count).Select(i => Label(new { type = 4, custom_id = $"{i}", style = 1 }))];
    }

    private static object Row(string id, string value) => new { type = 1, components = new[] { new { type = 4, custom_id = id, value } } };

    private static object Label(object component) => new { type = 18, label = "L", component };

    private static JsonObject Body(InteractionScene scene, JsonNode modal, params object[] components) =>
        scene.Body(5, new { id = (string)modal["id"]!, custom_id = (string)modal["custom_id"]!, components });

    private static async Task<JsonNode> ShowAsync(InteractionScene scene, JsonNode interaction, object[] components)
    {
        (await scene.AnswerAsync(interaction, 9, new { custom_id = "form", title = "Form", components })).Expect204();
        JsonNode modal = await scene.User.NextAsync("INTERACTION_MODAL_CREATE", m => (string?)m["id"] == (string?)interaction["id"]);
        await scene.User.NextAsync("INTERACTION_SUCCESS");
        return modal;
    }
}
