using Discord.Cql.Topology;
using Discord.Cql.Values;
using Discord.Cql.Wire;

namespace Discord.Cql.Tests.Topology;

public sealed class ShardingTests
{
    private static readonly (string, string) s_table = ("k", "t");

    private static readonly CqlType s_payload = CqlType.TupleOf(
        CqlType.Of(CqlTypeCode.Bigint),
        CqlType.Of(CqlTypeCode.Bigint),
        CqlType.ListOf(CqlType.TupleOf(CqlType.Of(CqlTypeCode.Uuid), CqlType.Of(CqlTypeCode.Int))));

    [Theory]
    [InlineData(0, long.MinValue, 0)]
    [InlineData(0, -1, 1)]
    [InlineData(0, 0, 2)]
    [InlineData(0, long.MaxValue, 3)]
    [InlineData(12, long.MinValue, 0)]
    [InlineData(12, long.MinValue + (1L << 50), 1)]
    [InlineData(12, long.MinValue + (1L << 52), 0)]
    public void Shard_is_the_tokens_place_without_the_ignored_bits(int ignored, long token, int shard)
    {
        Assert.Equal(shard, new ShardingInfo(0, 4, ignored, 0).ShardOf(token));
    }

    [Fact]
    public void Sharding_is_read_from_what_the_server_supports_and_left_out_where_it_makes_no_sense()
    {
        Dictionary<string, string[]> supported = new()
        {
            ["SCYLLA_SHARD"] = ["3"],
            ["SCYLLA_NR_SHARDS"] = ["8"],
            ["SCYLLA_SHARDING_IGNORE_MSB"] = ["12"],
            ["SCYLLA_SHARDING_ALGORITHM"] = ["biased-token-round-robin"],
            ["SCYLLA_SHARD_AWARE_PORT"] = ["19042"],
        };

        Assert.Equal(new ShardingInfo(3, 8, 12, 19042), ShardingInfo.From(supported));
        Assert.Null(ShardingInfo.From(new(supported) { ["SCYLLA_SHARD"] = ["8"] }));
        Assert.Null(ShardingInfo.From(new(supported) { ["SCYLLA_NR_SHARDS"] = ["100000"] }));
        Assert.Null(ShardingInfo.From(new(supported) { ["SCYLLA_SHARDING_ALGORITHM"] = ["other"] }));
        Assert.Null(ShardingInfo.From([]));
    }

    [Fact]
    public void Tablet_holds_the_tokens_after_its_first_up_to_its_last()
    {
        var tablets = new Tablets();
        var host = Guid.NewGuid();
        tablets.Learn(s_table, Payload(0, 100, (host, 3)));

        Assert.Null(tablets.Find(s_table, 0));
        Assert.Equal([(host, 3)], tablets.Find(s_table, 1)!);
        Assert.Equal([(host, 3)], tablets.Find(s_table, 100)!);
        Assert.Null(tablets.Find(s_table, 101));
        Assert.Null(tablets.Find(("k", "other"), 50));
    }

    [Fact]
    public void Tablet_that_was_split_gives_way_to_its_parts()
    {
        var tablets = new Tablets();
        var (old, left, right) = (Guid.NewGuid(), Guid.NewGuid(), Guid.NewGuid());
        tablets.Learn(s_table, Payload(0, 100, (old, 0)));
        tablets.Learn(s_table, Payload(200, 300, (old, 1)));

        tablets.Learn(s_table, Payload(50, 100, (right, 0)));
        Assert.Null(tablets.Find(s_table, 10));
        tablets.Learn(s_table, Payload(0, 50, (left, 0)));

        Assert.Equal([(left, 0)], tablets.Find(s_table, 50)!);
        Assert.Equal([(right, 0)], tablets.Find(s_table, 51)!);
        Assert.Equal([(old, 1)], tablets.Find(s_table, 250)!);
    }

    [Fact]
    public void Hint_that_is_damaged_is_not_learned()
    {
        var tablets = new Tablets();
        var payload = Payload(0, 100, (Guid.NewGuid(), 3));

        for (var length = 0; length < payload.Length; length++) tablets.Learn(s_table, payload.AsSpan(0, length));
        tablets.Learn(s_table, Payload(100, 0, (Guid.NewGuid(), 3)));

        Assert.True(tablets.IsEmpty);
    }

    internal static byte[] Payload(long first, long last, params (Guid, int)[] replicas)
    {
        var writer = new WireWriter(64);
        Codec<(long, long, (Guid, int)[])>.Instance.Write(ref writer, (first, last, replicas), s_payload);
        return writer.Written.ToArray();
    }
}
