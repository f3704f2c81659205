using System.Text.Json.Nodes;
using Discord.Node.Tests.Kit;

namespace Discord.Node.Tests.Interactions;

/// <summary>Three seconds for the first answer, fifteen minutes for the token; and what a restart forgets.</summary>
public sealed class InteractionTimeTests
{
    [Fact]
    public async Task Answer_after_three_seconds_comes_too_late()
    {
        ShiftedTime time = new();
        await using NodeKit node = await NodeKit.StartAsync(parts: parts => parts.Time = time);
        await using InteractionScene scene = await InteractionScene.OpenAsync(node);
        JsonNode told = await scene.InvokeAsync(await scene.CommandAsync());
        time.Advance(TimeSpan.FromSeconds(3));
        (await scene.AnswerAsync(told, 4, new { content = "late" })).ExpectError(404, 10062);
        (await scene.FollowAsync(HttpMethod.Post, told, "", new { content = "late" })).ExpectError(404, 10015);
    }

    [Fact]
    public async Task User_is_told_when_no_answer_came()
    {
        await using NodeKit node = await NodeKit.StartAsync();
        await using InteractionScene scene = await InteractionScene.OpenAsync(node);
        JsonNode told = await scene.InvokeAsync(await scene.CommandAsync());
        Assert.Equal((string?)told["id"], (string?)(await scene.User.NextAsync("INTERACTION_FAILURE"))["id"]);
        (await scene.AnswerAsync(told, 4, new { content = "late" })).ExpectError(404, 10062);
    }

    [Fact]
    public async Task Token_ends_after_fifteen_minutes()
    {
        ShiftedTime time = new();
        await using NodeKit node = await NodeKit.StartAsync(parts: parts => parts.Time = time);
        await using InteractionScene scene = await InteractionScene.OpenAsync(node);
        JsonNode told = await scene.InvokeAsync(await scene.CommandAsync());
        (await scene.AnswerAsync(told, 4, new { content = "pong" })).Expect204();
        (await scene.FollowAsync(HttpMethod.Get, told, "/messages/@original")).Expect(200);
        time.Advance(TimeSpan.FromMinutes(15));
        (await scene.FollowAsync(HttpMethod.Get, told, "/messages/@original")).ExpectError(401, 50027);
        (await scene.FollowAsync(HttpMethod.Post, told, "", new { content = "more" })).ExpectError(401, 50027);
        (await scene.AnswerAsync(told, 4, new { content = "again" })).ExpectError(404, 10062);
    }

    [Fact]
    public async Task Restart_forgets_tokens_and_keeps_the_messages_for_the_bot()
    {
        await using NodeKit node = await NodeKit.StartAsync();
        await using InteractionScene scene = await InteractionScene.OpenAsync(node);
        JsonNode told = await scene.InvokeAsync(await scene.CommandAsync());
        JsonNode answer = (await scene.AnswerAsync(told, 4, new { content = "pong" }, "?with_response=true")).Expect(200);
        JsonNode message = answer["resource"]!["message"]!;
        await node.RestartAsync();
        (await scene.FollowAsync(HttpMethod.Patch, told, "/messages/@original", new { content = "x" })).ExpectError(401, 50027);
        string path = $"/channels/{scene.ChannelId}/messages/{message["id"]}";
        JsonNode edited = (await scene.Guild.Bot.PatchAsync(path, new { content = "after" })).Expect(200);
        Assert.Equal("after", (string?)edited["content"]);
        Assert.Equal(message["interaction_metadata"]!.ToJsonString(), edited["interaction_metadata"]!.ToJsonString());
    }

    [Fact]
    public async Task Callbacks_and_follow_ups_are_outside_the_global_limit()
    {
        await using NodeKit node = await NodeKit.StartAsync(options =>
        {
            options.RateLimits.Enabled = true;
            options.RateLimits.GlobalPerSecond = 1;
        });
        await using InteractionScene scene = await InteractionScene.OpenAsync(node);
        JsonNode told = await scene.InvokeAsync(await scene.CommandAsync());
        await NodeKit.UntilAsync(
            async () => (await scene.AnonymousAsync(HttpMethod.Get, "/gateway", null)).Status == 429, "the address has used up its limit");
        (await scene.AnswerAsync(told, 5)).Expect204();
        (await scene.FollowAsync(HttpMethod.Post, told, "", new { content = "done" })).Expect(200);
        (await scene.FollowAsync(HttpMethod.Get, told, "/messages/@original")).Expect(200);
    }

    [Fact]
    public async Task Callbacks_count_for_each_interaction_alone()
    {
        await using NodeKit node = await NodeKit.StartAsync(options => options.RateLimits.Enabled = true);
        await using InteractionScene scene = await InteractionScene.OpenAsync(node);
        JsonNode command = await scene.CommandAsync();
        Reply first = await scene.AnswerAsync(await scene.InvokeAsync(command), 5);
        Reply second = await scene.AnswerAsync(await scene.InvokeAsync(command), 5);
        first.Expect204();
        second.Expect204();
        foreach (string header in (string[])["X-RateLimit-Bucket", "X-RateLimit-Remaining"])
            Assert.Equal(first.Headers.GetValues(header).Single(), second.Headers.GetValues(header).Single());
    }

    /// <summary>The system's clock and timers, with the hands set forward.</summary>
    private sealed class ShiftedTime : TimeProvider
    {
        private long _ticks;

        public void Advance(TimeSpan by) => Interlocked.Add(ref _ticks, by.Ticks);

        public override DateTimeOffset GetUtcNow() => base.GetUtcNow().AddTicks(Interlocked.Read(ref _ticks));
    }
}
