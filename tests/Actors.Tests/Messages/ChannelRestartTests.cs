using Discord.Actors.Messages;
using Discord.Protocol;
using Discord.Protocol.Errors;
using Discord.Storage;
using static Discord.Actors.Tests.Messages.ChannelTestKit;

namespace Discord.Actors.Tests.Messages;

public sealed class ChannelRestartTests
{
    [Fact]
    public async Task Restart_fails_what_is_in_flight_and_history_shows_what_was_stored_all_the_same()
    {
        await using ChannelTestKit kit = new();
        Snowflake first = (await kit.CreateAsync("first")).Message.Id;
        kit.Fake.HoldAppends = true;
        Task<MessageCreated> lost = kit.CreateAsync("in flight");
        FakeMessageStore.Held held = (await kit.Fake.HeldAsync(1))[0];

        // The host throws while an event is published: a fault in the middle of a command.
        kit.Channel.FailNextPublish = true;
        await Assert.ThrowsAsync<ApiException>(async () =>
        {
            Task<ReactionChanged> reaction = kit.AskAsync<ReactionChanged>(new AddReaction(first, Ann.Id, new ReactionEmoji(null, "🔥"),
                true));
            await lost;
            await reaction;
        });
        Assert.Single(await kit.PageAsync(MessagePage.Latest(50)));
        held.Acknowledge();
        kit.Fake.HoldAppends = false;
        Snowflake third = (await kit.CreateAsync("third")).Message.Id;

        // Nobody was told that it was stored, so it need not be there at once; but it must come.
        using CancellationTokenSource limit = new(TimeSpan.FromSeconds(20));
        while ((await kit.PageAsync(MessagePage.Latest(50))).Count < 3)
            await Task.Delay(1, limit.Token);
        Assert.Equal([third.ToString(), held.Id.ToString(), first.ToString()], (await kit.PageAsync(MessagePage.Latest(50))).Select(m =>
            (string?)m!["id"]));
        Assert.True(third > held.Id);
    }
}
