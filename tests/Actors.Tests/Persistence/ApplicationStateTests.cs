using Discord.Actors.Applications;
using Discord.Protocol.Payloads;

namespace Discord.Actors.Tests.Persistence;

public sealed class ApplicationStateTests
{
    [Fact]
    public void Facts_add_and_remove_commands_and_emojis()
    {
        var command = new ApplicationCommand { Id = new(5), ApplicationId = new(1), Version = new(6), Name = "ping" };
        ApplicationState state = new ApplicationEmojiPut(new() { Id = new(7), Name = "e" })
            .Apply(new GlobalCommandPut(command).Apply(ApplicationState.None));
        Assert.Equal("ping", state.Commands[new(5)].Name);
        Assert.Equal("e", state.Emojis[new(7)].Name);
        state = new ApplicationEmojiRemoved(new(7)).Apply(new GlobalCommandRemoved(new(5)).Apply(state));
        Assert.Empty(state.Commands);
        Assert.Empty(state.Emojis);
    }
}
