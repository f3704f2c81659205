using Discord.Cql;
using Discord.Cql.Errors;
using Discord.Protocol;
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
        var (channel, bucket) = (new Snowflake(77), MessageBucket.Of(At(0)));
        Snowflake[] living =
        [
            At(0),
            .. Enumerable.Range(1, 3).Select(i => new Snowflake(At(0).Value + (ulong)(TombstoneLimit + BatchRows + i)))
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
            await session.ExecuteAsync($"SELECT message_id FROM messages WHERE channel_id = 77 AND bucket = {bucket} LIMIT 10"));

        var rows = await AllAsync(ReplicaTable.Messages);
        Assert.Equal(living, rows.Where(row => row[0].Number == 77).Select(row => new Snowflake((ulong)row[1].Number)).Distinct().Order());
        Assert.Contains(rows, row => row[0].Number == 78);
        Assert.InRange(await Replica.EstimateAsync(ReplicaTable.Messages), 0, 100);

        // Nor does the removal of graves on both sides of them fail for it.
        await Storage.Messages.DeleteAsync(channel, [living[0], living[^1]]);
        Assert.Equal(2, await Storage.Messages.TrimTombstonesAsync(Time.GetUtcNow() + TimeSpan.FromDays(1)));
    }
}
