using Discord.Kernel.Persistence;
using Discord.Protocol;
using Discord.Storage.Migration;
using Discord.Storage.Tests.Contract;

namespace Discord.Storage.Tests.Migration;

/// <summary>A store's rows as a migration reads and writes them.</summary>
public abstract class ReplicaContract(IStoreFixture fixture) : StorageContract(fixture)
{
    private static readonly Snowflake Channel = At(-30);

    protected IReplica Replica => Storage.Replica;

    [Fact]
    public async Task Rows_written_through_the_interfaces_are_read_in_every_table()
    {
        await World.FillAsync(Storage, Channel);
        foreach (var table in ReplicaTable.All)
        {
            var rows = await AllAsync(table);
            Assert.NotEmpty(rows);
            Assert.All(rows, row => Assert.Equal(table.Width, row.Length));
            foreach (var row in rows)
            {
                var key = row[..table.Key.Count];
                Assert.Equal(row, Assert.Single(await Replica.ReadAsync(table, key)));
                Assert.Contains(
                    await Replica.ReadAsync(table, key.AsMemory(0, table.ShortestPrefix)),
                    found => found.AsSpan().SequenceEqual(row));
            }
        }
        Assert.Equal(2, (await Replica.ReadAsync(ReplicaTable.AccountTokens, new Cell[] { World.Ada.Id })).Count);
    }

    [Fact]
    public async Task Rows_removed_and_put_again_are_seen_through_the_interfaces_as_before()
    {
        await World.FillAsync(Storage, Channel);
        var before = await World.DescribeAsync(Storage, Channel);
        var kept = new Dictionary<ReplicaTable, List<Cell[]>>();
        var clock = new MigrationClock(TimeProvider.System, 0);
        foreach (var table in ReplicaTable.All)
        {
            kept[table] = await AllAsync(table);
            // Half by their keys, the other half by the beginning of them; a channel that is deleted whole does not come back.
            foreach (var (row, i) in kept[table].Select((row, i) => (row, i)))
                await Replica.WriteAsync(
                    table,
                    [ReplicaChange.Remove(row[..(i % 2 == 0 || table == ReplicaTable.Messages ? table.Key.Count : table.ShortestPrefix)])],
                    clock.Next());
            Assert.Empty(await AllAsync(table));
        }
        Assert.Null(await Storage.Messages.GetAsync(Channel, World.Message(3)));
        Assert.Null(await Storage.Accounts.GetAsync(World.Ada.Id));
        Assert.Null(await Storage.Accounts.ResolveTokenAsync(World.Token));
        Assert.Equal(0, await Storage.Journal.HighestSequenceNrAsync("guild-1", default));
        foreach (var table in ReplicaTable.All)
        {
            foreach (var rows in kept[table].Chunk(100))
                await Replica.WriteAsync(table, Array.ConvertAll(rows, ReplicaChange.Put), clock.Next());
        }
        Assert.Equal(before, await World.DescribeAsync(Storage, Channel));
        Assert.NotNull(await Storage.Accounts.ResolveTokenAsync(World.Token));
        await Storage.Journal.AppendAsync(new JournalWrite("guild-1", 4, [Utf8("next")], []), default);
    }

    [Fact]
    public async Task Channel_that_is_removed_whole_has_nothing_left()
    {
        var channel = new Snowflake(Channel.Value + 1);
        await World.FillAsync(Storage, channel);
        var clock = new MigrationClock(TimeProvider.System, 0);
        foreach (var table in (ReplicaTable[])[ReplicaTable.Reactions, ReplicaTable.Pins, ReplicaTable.Messages])
        {
            Assert.NotEmpty(await Replica.ReadAsync(table, new Cell[] { channel }));
            await Replica.WriteAsync(table, [ReplicaChange.Remove([channel])], clock.Next());
            Assert.Empty(await Replica.ReadAsync(table, new Cell[] { channel }));
        }
        Assert.Empty(await Storage.Messages.PageAsync(channel, MessagePage.Latest(100)));
        Assert.Empty(await Storage.Messages.ReactionsAsync(channel, [World.Message(3)], new(3)));
    }

    [Fact]
    public async Task Ranges_read_from_any_position_give_every_row_once_or_more_and_none_is_missed()
    {
        for (ulong i = 0; i < 2_500; i++)
            await Storage.Messages.AppendAsync(new MessageRow(new(i % 7 + 1), At(-20 + i / 100.0, i), new(5), Utf8("m" + i)));
        var seen = new HashSet<string>();
        foreach (var range in await Replica.SplitAsync(ReplicaTable.Messages, 5))
        {
            // Each page by a new scan, as after a restart.
            for (var rest = range; ;)
            {
                ReplicaPage? first = null;
                await foreach (var page in Replica.ScanAsync(ReplicaTable.Messages, rest))
                {
                    first = page;
                    break;
                }
                if (first is null) break;
                foreach (var row in first.Rows) seen.Add(row[0].Number + ":" + row[1].Number);
                rest = rest with { After = first.Position };
            }
        }
        Assert.Equal(2_500, seen.Count);
        Assert.InRange(await Replica.EstimateAsync(ReplicaTable.Messages), 1, 100_000);
    }

    [Fact]
    public async Task Tombstone_is_a_row_until_it_is_old()
    {
        await Storage.Messages.AppendAsync(new MessageRow(Channel, At(0), new(5), Utf8("gone")));
        await Storage.Messages.DeleteAsync(Channel, [At(0)]);
        var row = Assert.Single(await AllAsync(ReplicaTable.Messages));
        Assert.True(row[3].IsNull);
        Assert.Equal(Start.ToUnixTimeMilliseconds(), row[4].Number);
        Time.Advance(TimeSpan.FromDays(6.5));
        Assert.Empty(await AllAsync(ReplicaTable.Messages));
    }

    protected async Task<List<Cell[]>> AllAsync(ReplicaTable table)
    {
        var rows = new List<Cell[]>();
        foreach (var range in await Replica.SplitAsync(table, 4))
        {
            await foreach (var page in Replica.ScanAsync(table, range)) rows.AddRange(page.Rows);
        }
        return rows;
    }
}
