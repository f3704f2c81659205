using Discord.Protocol;
using Discord.Protocol.Payloads;

namespace Discord.Actors.Relays;

/// <summary>
/// Who of a guild's sessions may see an event. Decided per viewer class (the roles that decide what a session sees), not per session,
/// unless <see cref="Only"/> names a user.
/// </summary>
public readonly record struct Audience
{
    /// <summary>Those who may view this channel or thread; null = the channel does not matter.</summary>
    public Channel? Channel { get; private init; }

    /// <summary>Those who hold all of these, in <see cref="Channel"/> if it is set, else in the guild.</summary>
    public Permissions Needs { get; private init; }

    /// <summary>Those who hold at least one of these.</summary>
    public Permissions NeedsAny { get; private init; }

    /// <summary>Sessions of this user alone; it needs no permission then.</summary>
    public Snowflake? Only { get; private init; }

    /// <summary>This one of the user's sessions; null = all of them.</summary>
    public string? OnlySession { get; private init; }

    /// <summary>Not to this user's sessions (who are told otherwise).</summary>
    public Snowflake? Except { get; private init; }

    /// <summary>Every session of the guild.</summary>
    public static Audience Everyone => default;

    public static Audience Viewers(Channel channel) => new() { Channel = channel };

    public static Audience Holders(Permissions all) => new() { Needs = all };

    public static Audience HoldersOfAny(Permissions any) => new() { NeedsAny = any };

    public static Audience HoldersIn(Channel channel, Permissions all) => new() { Channel = channel, Needs = all };

    public static Audience User(Snowflake userId) => new() { Only = userId };

    /// <summary>One session: for an answer that must not overtake what the guild tells.</summary>
    public static Audience Session(Sessions.Session session) => new() { Only = session.UserId, OnlySession = session.SessionId };

    public static Audience EveryoneBut(Snowflake userId) => new() { Except = userId };
}
