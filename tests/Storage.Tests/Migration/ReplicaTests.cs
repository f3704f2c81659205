using Discord.Cql;
using Discord.Cql.Errors;
using Discord.Protocol;
using Discord.Storage.Cql;
using Discord.Storage.Migration;
using Discord.Storage.Tests.Cql;
using Discord.Storage.Tests.Sqlite;

namespace Discord.Storage.Tests.Migration;

public sealed class SqliteReplicaTests() : ReplicaContract(new SqliteFixture());

[Collection(CassandraCollection.Name)]
public sealed class CqlReplicaTests() : ReplicaContract(new CqlFixture())
{
    /// <summary>What a server reads past in one statement, unless it is told otherwise.</summary>
    private const int TombstoneLimit = 100_000;

    private const int BatchRows = 500;

    [Fact]
    public async Task Partition_with_more_tombstones_than_a_server_reads_is_read_in_parts()
    {
        // Behind them, for servers begin with the newest, more than a page: the run of tombstones is met when rows were given already.
        var (channel, bucket) = (new Snowflake(77), MessageBucket.Of(At(0)));
        Snowflake[] living =
        [
            At(0),
            .. Enumerable.Range(1, 700).Select(i => new Snowflake(At(0).Value + (ulong)(TombstoneLimit + BatchRows + i)))
        ];
        foreach (var id in living) await Storage.Messages.AppendAsync(new MessageRow(channel, id, new(5), Utf8("alive")));
        await Storage.Messages.AppendAsync(new MessageRow(new(78), At(0), new(5), Utf8("elsewhere")));

        var session = await CqlFixture.SessionAsync();
        var delete = await session.PrepareAsync("DELETE FROM messages WHERE channel_id = 77 AND bucket = ? AND message_id = ?");
        for (var first = 1; first <= TombstoneLimit + BatchRows; first += BatchRows)
        {
            var batch = new BatchStatement(BatchType.Unlogged);
            for (var i = 0; i < BatchRows; i++) batch.Add(delete.Bind().Add(bucket).Add((long)At(0).Value + first + i));
            (await session.ExecuteAsync(batch)).Dispose();
        }
        await Assert.ThrowsAsync<CqlReadFailureException>(async () =>
            await session.ExecuteAsync(
                $"SELECT message_id FROM messages WHERE channel_id = 77 AND bucket = {bucket} ORDER BY message_id LIMIT 10"));

        List<Cell[]> rows = [];
        await foreach (var once in Verifier.OnceAsync(Replica, ReplicaTable.Messages, ReplicaRange.Whole, row => row, default))
            rows.AddRange(once);
        var faults = await Replica.ScanAsync(ReplicaTable.Messages, ReplicaRange.Whole).CountAsync(page => page.Fault is not null);
        Assert.NotEqual(0, faults);
        Assert.Equal(living, rows.Where(row => row[0].Number == 77).Select(row => new Snowflake((ulong)row[1].Number)).Order());
        Assert.Single(rows, row => row[0].Number == 78);
        Assert.InRange(await Replica.EstimateAsync(ReplicaTable.Messages), 0, 1_000);

        // Nor does the removal of graves on both sides of them fail for it.
        await Storage.Messages.DeleteAsync(channel, [living[0], living[^1]]);
        Assert.Equal(2, await Storage.Messages.TrimTombstonesAsync(Time.GetUtcNow() + TimeSpan.FromDays(1)));
    }

    [Fact]
    public async Task Comparison_that_is_cut_in_the_middle_of_a_partition_reads_on_and_counts_every_row_once()
    {
        // Three pages and more lie in one partition.
        for (var i = 0; i < 1_800; i++)
            await Storage.Messages.AppendAsync(new MessageRow(new(77), new(At(0).Value + (ulong)i), new(5), Utf8("m" + i)));
        await World.FillAsync(Storage, new(78));
        long rows = 0;
        foreach (var table in ReplicaTable.All.Where(table => table != ReplicaTable.Nonces)) rows += (await AllAsync(table)).Count;

        using var line = new CutLine(await CqlFixture.ServerAsync());
        using var directory = new TempDirectory();
        await using var same = await CqlStorage.OpenAsync(await CqlFixture.OptionsAsync(Time, directory.Path, line.ContactPoint));
        var cut = new FaultyReplica(same.Replica);
        var cuts = 0;
        cut.Before = (question, table, page, _) =>
        {
            // It is mended when reading has failed, and cut again two pages later.
            if ((question, table) == (Question.Page, ReplicaTable.Messages) && page == 0) line.Mend();
            if ((question, table) == (Question.Page, ReplicaTable.Messages) && page == 2 && ++cuts <= 3) line.Cut();
            return Task.CompletedTask;
        };

        using var changes = new ChangeLog(Path.Combine(directory.Path, "changes"));
        await using var mirror = Parts.Mirror(Replica, cut, changes);
        var verifier = Parts.Verifier(Replica, cut, changes, mirror);
        await verifier.FullAsync(default);
        var report = verifier.Report(running: false);
        Assert.True(report is { Passed: true, Repaired: 0 } && report.Compared == rows, $"{report}, {rows} rows");
        Assert.True(cuts > 3, $"it was cut {cuts} times");
        // Were a row counted twice, the sums would differ and all keys be listed by a scan of the whole.
        Assert.DoesNotContain(cut.Scans, scan => scan.Range == ReplicaRange.Whole);
    }
}
