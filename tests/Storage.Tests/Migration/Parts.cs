using Discord.Storage.Migration;
using Microsoft.Extensions.Logging.Abstractions;

namespace Discord.Storage.Tests.Migration;

/// <summary>Parts of a migration that a test sets side by side itself.</summary>
internal static class Parts
{
    /// <summary>A mirror without a copy, unless <paramref name="mayBeCopied"/>.</summary>
    public static Mirror Mirror(IReplica source, IReplica target, ChangeLog changes, bool mayBeCopied = false) => new(
        source, target, Retry(MigrationSide.Source), Retry(MigrationSide.Target), changes, new MigrationClock(TimeProvider.System, 0),
        TimeProvider.System, NullLogger.Instance)
    {
        TooMany = _ => { },
        MayBeCopied = _ => mayBeCopied,
    };

    /// <summary>A comparison that lists no more than so many rows of a table.</summary>
    public static Verifier Verifier(
        IReplica source, IReplica target, ChangeLog changes, Mirror mirror, int maxListed = 1_000_000) =>
        new(new(source, Retry(MigrationSide.Source)), new(target, Retry(MigrationSide.Target)), changes, mirror, TimeProvider.System)
        {
            MaxListed = maxListed,
        };

    private static Retry Retry(MigrationSide side) =>
        new(side, Storage.Migration.Verifier.Patience, TimeProvider.System, NullLogger.Instance);
}
