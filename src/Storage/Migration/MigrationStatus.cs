namespace Discord.Storage.Migration;

/// <summary>Where a migration stands. The names are kept in its file: never change one.</summary>
public enum MigrationPhase
{
    /// <summary>There is none.</summary>
    None,

    /// <summary>Rows are copied; what is written meanwhile is carried over.</summary>
    Copying,

    /// <summary>As <see cref="Copying"/>, but the copy rests; what is written is still carried over.</summary>
    Paused,

    /// <summary>All is copied; what is written is carried over. To be verified.</summary>
    Copied,

    /// <summary>The target answers; what is written there is carried back to the old store.</summary>
    CutOver,

    /// <summary>It lost track of changes: start it anew.</summary>
    Broken,
}

/// <summary>What a migration can have to wait for.</summary>
public enum MigrationSide
{
    /// <summary>The store that it leads from.</summary>
    Source,

    /// <summary>The store that it leads to.</summary>
    Target,

    /// <summary>The node's own disk, where it is noted how far the copy is.</summary>
    Node,
}

/// <summary>What a migration waits for.</summary>
/// <param name="Side">Who does not answer.</param>
/// <param name="Seconds">For how long.</param>
/// <param name="Reason">The last error: one line of at most 300 characters, which may name hosts and holds no secrets.</param>
public sealed record MigrationWait(MigrationSide Side, double Seconds, string Reason)
{
    /// <summary>The one that has taken longest; null when there is none.</summary>
    internal static MigrationWait? Longest(params IEnumerable<MigrationWait?> waits) => waits.MaxBy(wait => wait?.Seconds);

    /// <summary>It in a sentence.</summary>
    public override string ToString() => $"waiting for {Side.InWords()} since {Seconds:0} s: {Reason}";
}

/// <summary>What an operator sees of a migration.</summary>
/// <param name="Phase">Where it stands.</param>
/// <param name="Target">What it leads to, without secrets.</param>
/// <param name="StartedAt">When it began.</param>
/// <param name="Tables">The copy, table by table.</param>
/// <param name="RowsPerSecond">The copy's pace over the last seconds.</param>
/// <param name="SecondsLeft">The copy's estimated rest; null when there is no pace.</param>
/// <param name="Pending">Changes that are not carried over yet.</param>
/// <param name="Carried">Changes carried over since the node's start.</param>
/// <param name="Waiting">What the copy, the comparison or the carrying over waits for; null while they go on.</param>
/// <param name="Failing">What somebody has to mend; null when all is well.</param>
/// <param name="RateLimit">Rows a second at most; 0 for no limit.</param>
/// <param name="Verification">The last comparison; null when there was none.</param>
public sealed record MigrationStatus(
    MigrationPhase Phase, string Target, DateTimeOffset StartedAt, IReadOnlyList<TableProgress> Tables, double RowsPerSecond,
    double? SecondsLeft, long Pending, long Carried, MigrationWait? Waiting, string? Failing, long RateLimit,
    VerificationReport? Verification);

/// <summary>How far a table is copied.</summary>
public sealed record TableProgress(string Table, long Copied, long Estimated, int Ranges, int RangesDone);

/// <summary>What a comparison of the two stores found.</summary>
/// <param name="Full">Everything was compared, not a sample.</param>
/// <param name="Running">It is not at its end.</param>
/// <param name="StartedAt">When it began.</param>
/// <param name="Compared">Rows of the source that were looked at.</param>
/// <param name="Repaired">Rows that differed and were carried over again.</param>
/// <param name="Different">Rows that differ still.</param>
/// <param name="Error">Why it was not carried through; null when it was.</param>
public sealed record VerificationReport(
    bool Full, bool Running, DateTimeOffset StartedAt, long Compared, long Repaired, long Different, string? Error)
{
    /// <summary>Whether it says that the stores are equal.</summary>
    public bool Passed => !Running && Error is null && Different == 0;
}

/// <summary>The migration cannot do what is asked for, in words for the operator.</summary>
public sealed class MigrationException(string message, Exception? inner = null) : Exception(message, inner);

/// <summary>The words for a <see cref="MigrationSide"/>.</summary>
internal static class MigrationSides
{
    public static string InWords(this MigrationSide side) => side switch
    {
        MigrationSide.Source => "the source",
        MigrationSide.Target => "the target",
        _ => "the node's own disk",
    };
}
