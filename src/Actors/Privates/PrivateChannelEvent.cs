using System.Collections.Immutable;
using Discord.Protocol;
using Discord.Protocol.Payloads;

namespace Discord.Actors.Privates;

/// <summary>
/// A fact in a private channel's journal. Facts carry the whole new value of what changed, so that replay needs no rules.
/// </summary>
public abstract record PrivateChannelEvent
{
    /// <summary>The state after this fact.</summary>
    public abstract PrivateChannelState Apply(PrivateChannelState state);
}

/// <summary>The channel began; recipients are all who are in it, its maker included.</summary>
public sealed record PrivateChannelCreated(Snowflake ChannelId, ChannelType Type, IReadOnlyList<User> Recipients, Snowflake? OwnerId)
    : PrivateChannelEvent
{
    public override PrivateChannelState Apply(PrivateChannelState state) => new()
    {
        Id = ChannelId,
        Type = Type,
        Recipients = Recipients.ToImmutableDictionary(u => u.Id),
        OwnerId = OwnerId,
    };
}

/// <summary>A user came into the group, or is known better: the snapshot of one who is in it already is replaced.</summary>
public sealed record RecipientAdded(User User) : PrivateChannelEvent
{
    public override PrivateChannelState Apply(PrivateChannelState state) => state with
    {
        Recipients = state.Recipients.SetItem(User.Id, User),
    };
}

public sealed record RecipientRemoved(Snowflake UserId) : PrivateChannelEvent
{
    public override PrivateChannelState Apply(PrivateChannelState state) => state with
    {
        Recipients = state.Recipients.Remove(UserId),
        ClosedBy = state.ClosedBy.Remove(UserId),
    };
}

/// <summary>Name, icon and owner of the group, all of them as they are now.</summary>
public sealed record PrivateChannelChanged(string? Name, string? Icon, Snowflake? OwnerId) : PrivateChannelEvent
{
    public override PrivateChannelState Apply(PrivateChannelState state) => state with { Name = Name, Icon = Icon, OwnerId = OwnerId };
}

/// <summary>A recipient closed the DM for itself.</summary>
public sealed record ClosedByRecipient(Snowflake UserId) : PrivateChannelEvent
{
    public override PrivateChannelState Apply(PrivateChannelState state) => state with { ClosedBy = state.ClosedBy.Add(UserId) };
}

/// <summary>The DM is open again for a recipient who had closed it.</summary>
public sealed record ReopenedForRecipient(Snowflake UserId) : PrivateChannelEvent
{
    public override PrivateChannelState Apply(PrivateChannelState state) => state with { ClosedBy = state.ClosedBy.Remove(UserId) };
}
