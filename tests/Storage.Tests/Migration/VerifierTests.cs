using Discord.Protocol;
using Discord.Storage.Migration;
using Discord.Storage.Sqlite;

namespace Discord.Storage.Tests.Migration;

public sealed class VerifierTests
{
    /// <summary>Whether they lie in sums that differ, or are newer than the comparison.</summary>
    [Theory]
    [InlineData(-1)]
    [InlineData(1)]
    public async Task More_rows_than_can_be_listed_end_the_comparison_and_it_says_what_may_be_wrong(int hours)
    {
        using var here = new TempDirectory();
        using var there = new TempDirectory();
        await using var source = await SqliteStorage.OpenAsync(new SqliteStorageOptions { DataDirectory = here.Path });
        await using var target = await SqliteStorage.OpenAsync(new SqliteStorageOptions { DataDirectory = there.Path });
        var first = Snowflake.FromTimestamp(DateTimeOffset.UtcNow + TimeSpan.FromHours(hours)).Value;
        for (var i = 0UL; i < 5; i++) await source.Messages.AppendAsync(new MessageRow(new(1), new(first + i), new(2), "x"u8.ToArray()));
        using var changes = new ChangeLog(Path.Combine(there.Path, "changes"));
        await using var mirror = Parts.Mirror(source.Replica, target.Replica, changes);
        var verifier = Parts.Verifier(source.Replica, target.Replica, changes, mirror, maxListed: 4);

        var error = await Assert.ThrowsAsync<MigrationException>(() => verifier.FullAsync(default));
        Assert.Contains("'messages'", error.Message);
        Assert.Contains("more than 4 rows", error.Message);
    }
}
