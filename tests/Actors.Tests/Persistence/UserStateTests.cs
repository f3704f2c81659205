using Discord.Actors.Users;
using Discord.Protocol;
using Discord.Protocol.Payloads;

namespace Discord.Actors.Tests.Persistence;

public sealed class UserStateTests
{
    private static readonly Snowflake A = new(1), B = new(2), C = new(3);

    [Fact]
    public void Private_channel_opened_again_moves_to_the_end()
    {
        Snowflake[] opened = [A, B, C, A];
        UserState state = Apply([.. opened.Select(id => new PrivateChannelOpened(id))]);
        Assert.Equal([B, C, A], state.PrivateChannels);
        Assert.Equal([B, A], new PrivateChannelClosed(C).Apply(state).PrivateChannels);
    }

    [Fact]
    public void Read_state_put_and_removed_carry_the_version()
    {
        UserState state = Apply(new ReadStatePut(new() { ChannelId = A, LastMessageId = B, MentionCount = 2 }, 5));
        Assert.Equal((B, 2, 5L), (state.ReadStates[A].LastMessageId, state.ReadStates[A].MentionCount, state.ReadStateVersion));
        state = new ReadStateRemoved(A, 6).Apply(state);
        Assert.Empty(state.ReadStates);
        Assert.Equal(6, state.ReadStateVersion);
    }

    [Fact]
    public void Guild_settings_of_private_channels_stand_under_no_guild()
    {
        UserState state = Apply(new GuildSettingsPut(new(null, "{}"u8.ToArray(), 3)), new GuildSettingsPut(new(A, "{}"u8.ToArray(), 9)));
        Assert.Equal(3, state.GuildSettings[Snowflake.None].Version);
        Assert.Equal(9, state.GuildSettingsVersion);
        Assert.Equal(0, UserState.None.GuildSettingsVersion);
    }

    [Fact]
    public void Notes_relationships_settings_and_status_replace_what_was()
    {
        UserState state = Apply(
            new NotePut(A, "old"), new NotePut(A, "new"), new NotePut(B, "gone"), new NoteRemoved(B),
            new RelationshipPut(new() { Id = A, Type = RelationshipType.Outgoing }),
            new RelationshipPut(new() { Id = A, Type = RelationshipType.Friend }),
            new RelationshipPut(new() { Id = B, Type = RelationshipType.Blocked }), new RelationshipRemoved(B),
            new SettingsChanged(new("{}"u8.ToArray(), 4)), new SettingsProtoChanged(new(1, "a"u8.ToArray(), 1)),
            new SettingsProtoChanged(new(1, "b"u8.ToArray(), 2)), new StatusChanged(new("dnd", null)));
        Assert.Equal([new(A, "new")], state.Notes);
        Assert.Equal(RelationshipType.Friend, Assert.Single(state.Relationships).Value.Type);
        Assert.Equal(4, state.Settings.Version);
        Assert.Equal(2, Assert.Single(state.SettingsProtos).Value.DataVersion);
        Assert.Equal("dnd", state.Status.Status);
    }

    [Fact]
    public void Profile_for_others_hides_the_account()
    {
        UserProfile profile = Full() with { Bot = false, Flags = 0xFF, PublicFlags = 0x0F };
        User user = profile.ToUser();
        Assert.Equal(typeof(User), user.GetType());
        Assert.Equal(0x0F, user.Flags);
        Assert.Null(user.Bot);
        Assert.Equal((profile.Username, profile.GlobalName, profile.Avatar), (user.Username, user.GlobalName, user.Avatar));
    }

    [Fact]
    public void Profile_of_a_user_account_sees_everything_of_itself()
    {
        UserProfile profile = Full() with { Bot = false };
        SelfUser self = profile.ToSelf();
        foreach (var property in typeof(UserProfile).GetProperties().Where(p => p.CanWrite && p.Name != nameof(UserProfile.Bot)))
            Assert.Equal(property.GetValue(profile), typeof(SelfUser).GetProperty(property.Name)!.GetValue(self));
        Assert.Null(self.Bot);
    }

    [Fact]
    public void Profile_of_a_bot_leaves_out_what_only_user_accounts_have()
    {
        SelfUser self = (Full() with { Bot = true }).ToSelf();
        Assert.True(self.Bot);
        object?[] ofUsers = [self.Bio, self.Pronouns, self.NsfwAllowed, self.Desktop, self.Mobile, self.Phone];
        Assert.All(ofUsers, Assert.Null);
    }

    [Fact]
    public void Profile_holds_every_property_of_the_self_payload()
    {
        IEnumerable<string> held = typeof(UserProfile).GetProperties().Select(p => p.Name);
        Assert.Empty(Facets.PropertiesOf(typeof(SelfUser)).Select(p => p.Name).Except(held));
    }

    private static UserProfile Full() => (UserProfile)new Sample(1, full: true).Make(typeof(UserProfile));

    private static UserState Apply(params UserEvent[] facts) => facts.Aggregate(UserState.None, (state, fact) => fact.Apply(state));
}
