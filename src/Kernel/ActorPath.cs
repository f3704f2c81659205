namespace Discord.Kernel;

/// <summary>
/// An immutable place in the actor tree: parent, name and the uid of the actor that stands there. Equal when all three are.
/// </summary>
public sealed class ActorPath : IEquatable<ActorPath>
{
    internal ActorPath(ActorPath? parent, string name, long uid)
    {
        Parent = parent;
        Name = name;
        Uid = uid;
    }

    /// <summary>The path of the parent; null for the root.</summary>
    public ActorPath? Parent { get; }

    /// <summary>The last part of the path; empty for the root.</summary>
    public string Name { get; }

    /// <summary>Unique in the process for the life of an actor: kept over restarts, new when a name is used again.</summary>
    public long Uid { get; }

    /// <summary>
    /// Whether a name may be given to an actor: not empty, no <c>/</c>, <c>#</c> or leading <c>$</c>, at most 256 characters.
    /// </summary>
    public static bool IsValidName(string name) =>
        name.Length is > 0 and <= 256 && name[0] != '$' && name.AsSpan().IndexOfAny('/', '#') < 0;

    /// <inheritdoc/>
    public bool Equals(ActorPath? other) =>
        ReferenceEquals(this, other) || (other is not null && Uid == other.Uid && Name == other.Name && Equals(Parent, other.Parent));

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as ActorPath);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Uid, Name);

    /// <summary>The path without uids, such as <c>/user/guilds/81384788765712384</c>.</summary>
    public override string ToString() =>
        Parent is null ? "/" + Name : Parent.Parent is null && Parent.Name.Length == 0 ? "/" + Name : Parent + "/" + Name;

    /// <summary>The path with the uid of its last part, such as <c>/user/guilds#17</c>.</summary>
    public string ToStringWithUid() => $"{this}#{Uid}";
}
