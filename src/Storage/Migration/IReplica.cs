namespace Discord.Storage.Migration;

/// <summary>
/// A store's rows below its interfaces, for a migration: read in ranges and by key, written as they are. Nothing is decided here: no name
/// is checked for being free, no message for existing. Safe to use from any thread. Every member may throw <see cref="StorageException"/>.
/// </summary>
public interface IReplica
{
    /// <summary>Divides a table into at most <paramref name="parts"/> ranges that may be read side by side; together they are the
    /// table.</summary>
    ValueTask<IReadOnlyList<ReplicaRange>> SplitAsync(ReplicaTable table, int parts, CancellationToken ct = default);

    /// <summary>
    /// The rows of a range, page by page. A row that was there before the first page was asked for and still is afterwards is in one of
    /// them; after a <see cref="ReplicaPage.Fault"/> in several. Tombstones are rows too, those older than
    /// <see cref="ReplicaPage.TombstoneAge"/> left out.
    /// </summary>
    IAsyncEnumerable<ReplicaPage> ScanAsync(ReplicaTable table, ReplicaRange range, CancellationToken ct = default);

    /// <summary>Rows below the beginning of a key that are read at once; more are a matter for a comparison.</summary>
    const int MostBelow = 10_000;

    /// <summary>
    /// The rows whose key begins with <paramref name="prefix"/>: at most one where it is the whole key, and never more than one above
    /// <see cref="MostBelow"/>, which says that there are more.
    /// </summary>
    ValueTask<IReadOnlyList<Cell[]>> ReadAsync(ReplicaTable table, ReadOnlyMemory<Cell> prefix, CancellationToken ct = default);

    /// <summary>
    /// Puts and removes rows. In a store that keeps times a row is changed only if <paramref name="timestamp"/> is later than what was
    /// written there last; one that does not (SQLite) applies them in the order of the calls.
    /// </summary>
    /// <param name="table">The table.</param>
    /// <param name="changes">At most 1,000; of one key at most one.</param>
    /// <param name="timestamp">Microseconds of 1970.</param>
    /// <param name="ct">Ends it between rows.</param>
    ValueTask WriteAsync(ReplicaTable table, IReadOnlyList<ReplicaChange> changes, long timestamp, CancellationToken ct = default);

    /// <summary>About how many rows a table has.</summary>
    ValueTask<long> EstimateAsync(ReplicaTable table, CancellationToken ct = default);
}

/// <summary>A part of a table. What the bounds mean is the store's own; they can be kept and given to the same store later.</summary>
/// <param name="After">Where it begins, itself left out; empty for the table's beginning.</param>
/// <param name="UpTo">Where it ends, itself included; empty for the table's end.</param>
public sealed record ReplicaRange(Cell[] After, Cell[] UpTo)
{
    /// <summary>A whole table.</summary>
    public static readonly ReplicaRange Whole = new([], []);
}

/// <summary>Some rows, and where the next ones begin: the range's new <see cref="ReplicaRange.After"/>.</summary>
public sealed record ReplicaPage(IReadOnlyList<Cell[]> Rows, Cell[] Position)
{
    /// <summary>Tombstones of deleted messages older than this are not carried over: seven days, after which stores drop them. One less, so
    /// that two scans of an hour agree.</summary>
    public static readonly TimeSpan TombstoneAge = TimeSpan.FromDays(6);

    /// <summary>
    /// How many of the last rows, those of earlier pages too, lie behind <see cref="Position"/>: a scan that is begun anew there gives them
    /// again.
    /// </summary>
    public int Ahead { get; init; }

    /// <summary>
    /// Why this page has no rows: reading failed for a while, and the scan goes on. Rows that lay behind <see cref="Position"/> come again,
    /// unless <see cref="Ahead"/> still counts them.
    /// </summary>
    public StorageException? Fault { get; init; }
}

/// <summary>What becomes of one row, or, where only the first cells of a key are given, of all rows below them.</summary>
/// <param name="Cells">The row, or for a removal its key or the beginning of it.</param>
/// <param name="IsRemoval">Whether it goes.</param>
public readonly record struct ReplicaChange(Cell[] Cells, bool IsRemoval)
{
    /// <summary>Writes a row, in place of what was there.</summary>
    public static ReplicaChange Put(Cell[] row) => new(row, false);

    /// <summary>Removes a row or all below a beginning of a key.</summary>
    public static ReplicaChange Remove(Cell[] key) => new(key, true);
}
