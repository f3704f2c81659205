using Discord.Cql;

namespace Discord.Storage.Migration;

/// <summary>
/// The times that a migration writes with: microseconds of 1970, each later than the one before, also when the clock steps back or the
/// process was restarted.
/// <para>
/// <b>The rule for conflicts.</b> A row is written to the target with the time at which its reading from the source began. A later reading
/// sees at least what an earlier one saw; so of two copies of one row the one with the later time is the newer state, whichever arrives
/// first. This holds for rows that were edited or deleted meanwhile, for the copy as a whole and for single changes that are carried over.
/// </para>
/// </summary>
internal sealed class MigrationClock(TimeProvider time, long floor)
{
    private readonly TimestampGenerator _times = new(time, floor);

    /// <summary>The latest time given.</summary>
    public long Last => _times.Last;

    public long Next() => _times.Next();
}
