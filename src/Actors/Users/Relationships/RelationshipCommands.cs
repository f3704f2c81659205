using Discord.Actors.Encoders;
using Discord.Actors.Sessions;
using Discord.Protocol;
using Discord.Protocol.Errors;
using Discord.Protocol.Payloads;

namespace Discord.Actors.Users.Relationships;

/// <summary>The caller asks <paramref name="Other"/> to be friends, or accepts that it was asked. Answers what the other is to it
/// now.</summary>
public sealed record Befriend(User Other) : UserCommand<RelationshipType>
{
    protected override RelationshipType Decide(UserDecision user)
    {
        RelationshipType now = Relations.TypeOf(user.State, Other.Id);
        if (now is RelationshipType.Friend or RelationshipType.Outgoing)
            return now;
        if (Relations.Count(user.State, RelationshipType.Friend) + Relations.Count(user.State, RelationshipType.Outgoing)
            >= Relations.MaxFriends)
            throw new ApiException(ApiError.MaxFriends);
        return Relations.Put(user, Other, now == RelationshipType.Incoming ? RelationshipType.Friend : RelationshipType.Outgoing);
    }
}

/// <summary>
/// <paramref name="Other"/> asks the user to be friends, or has accepted. Requests that cross make friends. Who is blocked asks in vain and
/// is not told. Answers what the other is to the user now.
/// </summary>
public sealed record ReceiveRequest(User Other) : UserCommand<RelationshipType>
{
    /// <summary>Requests that wait; further ones are not kept.</summary>
    private const int MaxWaiting = 1000;

    protected override RelationshipType Decide(UserDecision user)
    {
        RelationshipType now = Relations.TypeOf(user.State, Other.Id);
        return now switch
        {
            RelationshipType.Outgoing => Relations.Put(user, Other, RelationshipType.Friend),
            RelationshipType.None or RelationshipType.Implicit when Relations.Count(user.State, RelationshipType.Incoming) < MaxWaiting =>
                Relations.Put(user, Other, RelationshipType.Incoming, notify: true),
            _ => now,
        };
    }
}

/// <summary>The other side took the request: both are friends.</summary>
public sealed record ConfirmFriend(User Other) : UserCommand<RelationshipType>
{
    protected override RelationshipType Decide(UserDecision user) => Relations.TypeOf(user.State, Other.Id) == RelationshipType.Outgoing
        ? Relations.Put(user, Other, RelationshipType.Friend)
        : Relations.TypeOf(user.State, Other.Id);
}

/// <summary>The caller blocks another user; whatever they were to each other ends.</summary>
public sealed record Block(User Other) : UserCommand<bool>
{
    protected override bool Decide(UserDecision user)
    {
        if (Relations.TypeOf(user.State, Other.Id) == RelationshipType.Blocked)
            return false;
        if (Relations.Count(user.State, RelationshipType.Blocked) >= Relations.MaxBlocked)
            throw new ApiException(new ApiError(30044, 400, $"Maximum number of blocked users reached ({Relations.MaxBlocked})"));
        Relations.Put(user, Other, RelationshipType.Blocked);
        return true;
    }
}

/// <summary>
/// A relationship ends: by the caller (a friend is removed, a request taken back or refused, a block lifted), or because the other side
/// ended it (<paramref name="ByOther"/>), which lifts no block. Answers what the other was.
/// </summary>
public sealed record EndRelationship(Snowflake Other, bool ByOther = false) : UserCommand<RelationshipType>
{
    protected override RelationshipType Decide(UserDecision user)
    {
        if (!user.State.Relationships.TryGetValue(Other, out Relationship? known) || known.Type == RelationshipType.None
            || (ByOther && known.Type == RelationshipType.Blocked))
            return RelationshipType.None;
        user.Put(
            known.Ignored
                ? new RelationshipPut(known with { Type = RelationshipType.None, Nickname = null })
                : new RelationshipRemoved(Other));
        user.Tell(Json.Event(EventNames.RelationshipRemove, known, static (w, k) =>
        {
            w.WriteStartObject();
            w.WriteString("id", k.Id.ToString());
            w.WriteNumber("type", (int)k.Type);
            w.WriteString("nickname", k.Nickname);
            w.WriteEndObject();
        }));
        return known.Type;
    }
}

/// <summary>Changes what only the caller sees of a relationship: the friend's nickname, whether the user is ignored.</summary>
public sealed record MarkRelationship(Snowflake Other, Optional<string> Nickname = default, bool? Ignored = null) : UserCommand<bool>
{
    protected override bool Decide(UserDecision user)
    {
        Relationship? known = user.State.Relationships.GetValueOrDefault(Other);
        if (Nickname.IsPresent && known?.Type != RelationshipType.Friend)
            throw new ApiException(ApiError.UnknownUser);
        if (known is null && user.State.Relationships.Count >= Relations.MaxBlocked + Relations.MaxFriends)
            throw new ApiException(ApiError.MaxFriends);
        Relationship changed = (known ?? new Relationship { Id = Other, Type = RelationshipType.None }) with
        {
            Nickname = Nickname.Over(known?.Nickname),
            Ignored = Ignored ?? known?.Ignored ?? false,
        };
        if (changed == known || (known is null && !changed.Ignored))
            return false;
        user.Put(
            changed is { Type: RelationshipType.None, Ignored: false } ? new RelationshipRemoved(Other) : new RelationshipPut(changed));
        user.Tell(Json.Event(EventNames.RelationshipUpdate, changed, static (w, r) =>
        {
            w.WriteStartObject();
            w.WriteString("id", r.Id.ToString());
            w.WriteNumber("type", (int)r.Type);
            w.WriteString("nickname", r.Nickname);
            w.WriteBoolean("user_ignored", r.Ignored);
            if (r.Since is { } since)
                w.WriteTime("since", since);
            w.WriteEndObject();
        }));
        return true;
    }
}

internal static class Relations
{
    public const int MaxFriends = 1000, MaxBlocked = 5000;

    public static RelationshipType TypeOf(UserState state, Snowflake other) =>
        state.Relationships.TryGetValue(other, out Relationship? known) ? known.Type : RelationshipType.None;

    public static int Count(UserState state, RelationshipType type) => state.Relationships.Values.Count(r => r.Type == type);

    public static RelationshipType Put(UserDecision user, User other, RelationshipType type, bool notify = false)
    {
        bool ignored = user.State.Relationships.GetValueOrDefault(other.Id)?.Ignored ?? false;
        Relationship now = new() { Id = other.Id, Type = type, Since = user.Now, Ignored = ignored };
        user.Put(new RelationshipPut(now));
        user.Tell(Json.Event(EventNames.RelationshipAdd, (now, other, notify), static (w, s) =>
            ReadyParts.WriteRelationship(w, s.now, s.other, UserCapabilities.None, s.notify)));
        return type;
    }
}
