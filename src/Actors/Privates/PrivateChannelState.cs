using System.Collections.Immutable;
using Discord.Protocol;
using Discord.Protocol.Payloads;

namespace Discord.Actors.Privates;

/// <summary>
/// A conversation of two users (DM) or of several (group DM), as one immutable value. Its messages are in the message store.
/// </summary>
public sealed record PrivateChannelState
{
    /// <summary>Before the first fact.</summary>
    public static PrivateChannelState None { get; } = new();

    public Snowflake Id { get; init; }

    /// <summary><see cref="ChannelType.Dm"/> or <see cref="ChannelType.GroupDm"/>.</summary>
    public ChannelType Type { get; init; } = ChannelType.Dm;

    /// <summary>Everyone in it, by id, as last known; in a DM always both.</summary>
    public ImmutableDictionary<Snowflake, User> Recipients { get; init; } = ImmutableDictionary<Snowflake, User>.Empty;

    // Groups only.
    public string? Name { get; init; }
    public string? Icon { get; init; }
    public Snowflake? OwnerId { get; init; }

    /// <summary>Those of a DM who closed it; the next message opens it for them again.</summary>
    public ImmutableHashSet<Snowflake> ClosedBy { get; init; } = [];

    public bool Exists => Id.Value != 0;

    /// <summary>There is somebody in it: a group that all have left is gone.</summary>
    public bool IsAlive => Exists && !Recipients.IsEmpty;

    /// <summary>Those who see it in their list.</summary>
    public IEnumerable<Snowflake> OpenFor => Recipients.Keys.Where(id => !ClosedBy.Contains(id));
}
