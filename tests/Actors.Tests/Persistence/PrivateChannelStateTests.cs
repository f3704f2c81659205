using Discord.Actors.Privates;
using Discord.Protocol;
using Discord.Protocol.Payloads;

namespace Discord.Actors.Tests.Persistence;

public sealed class PrivateChannelStateTests
{
    private static readonly User Ann = new() { Id = new(1), Username = "ann" }, Bob = new() { Id = new(2), Username = "bob" };

    [Fact]
    public void Dm_closed_by_one_is_closed_for_that_one_until_reopened()
    {
        PrivateChannelState state = new PrivateChannelCreated(new(9), ChannelType.Dm, [Ann, Bob], null).Apply(PrivateChannelState.None);
        Assert.True(state.Exists);
        Assert.False(PrivateChannelState.None.Exists);
        state = new ClosedByRecipient(Ann.Id).Apply(state);
        Assert.Equal([Ann.Id], state.ClosedBy);
        Assert.Equal(2, state.Recipients.Count);
        Assert.Empty(new ReopenedForRecipient(Ann.Id).Apply(state).ClosedBy);
    }

    [Fact]
    public void Group_recipients_come_go_and_are_renamed()
    {
        PrivateChannelState state = new PrivateChannelCreated(new(9), ChannelType.GroupDm, [Ann], Ann.Id).Apply(PrivateChannelState.None);
        state = new RecipientAdded(Bob).Apply(state);
        state = new RecipientAdded(Bob with { Username = "bobby" }).Apply(state);
        Assert.Equal("bobby", state.Recipients[Bob.Id].Username);
        state = new PrivateChannelChanged("club", null, Bob.Id).Apply(new RecipientRemoved(Ann.Id).Apply(state));
        Assert.Equal([Bob.Id], state.Recipients.Keys);
        Assert.Equal(("club", null, Bob.Id), (state.Name, state.Icon, state.OwnerId));
    }
}
