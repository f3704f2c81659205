namespace Discord.Storage.Migration;

/// <summary>A row's key, or the beginning of one for all rows below it. Compared by value.</summary>
/// <param name="table">The table.</param>
/// <param name="cells">The first cells of the key; none for the whole table.</param>
internal readonly struct ReplicaKey(ReplicaTable table, params Cell[] cells) : IEquatable<ReplicaKey>
{
    public ReplicaTable Table { get; } = table;

    public Cell[] Cells { get; } = cells;

    /// <summary>Whether it is one row's.</summary>
    public bool IsWhole => Cells.Length == Table.Key.Count;

    public bool Equals(ReplicaKey other) => Table == other.Table && Cells.AsSpan().SequenceEqual(other.Cells);

    public override bool Equals(object? obj) => obj is ReplicaKey other && Equals(other);

    public override int GetHashCode()
    {
        var hash = new HashCode();
        hash.Add(Table);
        foreach (var cell in Cells) hash.Add(cell);
        return hash.ToHashCode();
    }
}
