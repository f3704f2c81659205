namespace Discord.Protocol;

/// <summary>
/// A role's place in the hierarchy. A higher position ranks higher; of equal positions the older role (smaller id) ranks higher.
/// One acts only on roles, and on members whose highest role, rank below one's own highest.
/// </summary>
/// <param name="Position">The role's <c>position</c>; @everyone has 0.</param>
/// <param name="Id">The role's id.</param>
public readonly record struct RoleRank(int Position, Snowflake Id) : IComparable<RoleRank>
{
    /// <inheritdoc/>
    public int CompareTo(RoleRank other) => Position != other.Position ? Position.CompareTo(other.Position) : other.Id.CompareTo(Id);

    /// <summary>Ranks below.</summary>
    public static bool operator <(RoleRank left, RoleRank right) => left.CompareTo(right) < 0;

    /// <summary>Ranks above.</summary>
    public static bool operator >(RoleRank left, RoleRank right) => left.CompareTo(right) > 0;

    /// <summary>Ranks below or is the same.</summary>
    public static bool operator <=(RoleRank left, RoleRank right) => left.CompareTo(right) <= 0;

    /// <summary>Ranks above or is the same.</summary>
    public static bool operator >=(RoleRank left, RoleRank right) => left.CompareTo(right) >= 0;
}
