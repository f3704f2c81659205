using Discord.Protocol;

namespace Discord.Actors.Users;

/// <summary>A fact in a user's journal. Facts carry the whole new value of what changed, so that replay needs no rules.</summary>
public abstract record UserEvent
{
    /// <summary>The state after this fact.</summary>
    public abstract UserState Apply(UserState state);
}

public sealed record SettingsChanged(UserSettings Settings) : UserEvent
{
    public override UserState Apply(UserState state) => state with { Settings = Settings };
}

public sealed record SettingsProtoChanged(SettingsProto Settings) : UserEvent
{
    public override UserState Apply(UserState state) => state with
    {
        SettingsProtos = state.SettingsProtos.SetItem(Settings.Type, Settings),
    };
}

/// <summary>The stored status or custom status changed.</summary>
public sealed record StatusChanged(StoredStatus Status) : UserEvent
{
    public override UserState Apply(UserState state) => state with { Status = Status };
}

/// <summary>
/// A channel was read, marked unread, or mentions the user; <paramref name="Version"/> is the user's read-state version now.
/// </summary>
public sealed record ReadStatePut(ReadState ReadState, long Version) : UserEvent
{
    public override UserState Apply(UserState state) => state with
    {
        ReadStates = state.ReadStates.SetItem(ReadState.ChannelId, ReadState),
        ReadStateVersion = Version,
    };
}

public sealed record ReadStateRemoved(Snowflake ChannelId, long Version) : UserEvent
{
    public override UserState Apply(UserState state) => state with
    {
        ReadStates = state.ReadStates.Remove(ChannelId),
        ReadStateVersion = Version,
    };
}

public sealed record GuildSettingsPut(UserGuildSettings Settings) : UserEvent
{
    public override UserState Apply(UserState state) => state with
    {
        GuildSettings = state.GuildSettings.SetItem(Settings.GuildId ?? Snowflake.None, Settings),
    };
}

public sealed record NotePut(Snowflake UserId, string Note) : UserEvent
{
    public override UserState Apply(UserState state) => state with { Notes = state.Notes.SetItem(UserId, Note) };
}

public sealed record NoteRemoved(Snowflake UserId) : UserEvent
{
    public override UserState Apply(UserState state) => state with { Notes = state.Notes.Remove(UserId) };
}

public sealed record RelationshipPut(Relationship Relationship) : UserEvent
{
    public override UserState Apply(UserState state) => state with
    {
        Relationships = state.Relationships.SetItem(Relationship.Id, Relationship),
    };
}

public sealed record RelationshipRemoved(Snowflake UserId) : UserEvent
{
    public override UserState Apply(UserState state) => state with { Relationships = state.Relationships.Remove(UserId) };
}

/// <summary>A private channel appeared in the list, or moved to its end.</summary>
public sealed record PrivateChannelOpened(Snowflake ChannelId) : UserEvent
{
    public override UserState Apply(UserState state) => state with
    {
        PrivateChannels = state.PrivateChannels.Remove(ChannelId).Add(ChannelId),
    };
}

/// <summary>A private channel left the list: closed, left, or gone.</summary>
public sealed record PrivateChannelClosed(Snowflake ChannelId) : UserEvent
{
    public override UserState Apply(UserState state) => state with { PrivateChannels = state.PrivateChannels.Remove(ChannelId) };
}
