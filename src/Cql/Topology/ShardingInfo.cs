using System.Globalization;

namespace Discord.Cql.Topology;

/// <summary>
/// What ScyllaDB tells in SUPPORTED about its shards: each core owns a part of every token range, and a connection belongs to one core.
/// See ScyllaDB's "CQL extensions", section "Intranode sharding".
/// </summary>
/// <param name="Shard">The shard of this connection.</param>
/// <param name="Count">How many shards the host has.</param>
/// <param name="IgnoreMsb">How many of the token's highest bits do not count.</param>
/// <param name="ShardAwarePort">The port at which a connection gets the shard <c>local port % count</c>; 0 for none.</param>
internal sealed record ShardingInfo(int Shard, int Count, int IgnoreMsb, int ShardAwarePort)
{
    private const string Algorithm = "biased-token-round-robin";

    // Machines have hundreds of cores. A count above it is a fault, and every shard costs a connection.
    private const int MaxShards = 1024;

    public static ShardingInfo? From(Dictionary<string, string[]> supported)
    {
        if (!TryGet(supported, "SCYLLA_SHARD", out var shard) || !TryGet(supported, "SCYLLA_NR_SHARDS", out var count)
            || !TryGet(supported, "SCYLLA_SHARDING_IGNORE_MSB", out var ignore)
            || !supported.TryGetValue("SCYLLA_SHARDING_ALGORITHM", out var algorithm) || !algorithm.Contains(Algorithm)
            || count is < 1 or > MaxShards || shard >= count || ignore > 63)
            return null;
        TryGet(supported, "SCYLLA_SHARD_AWARE_PORT", out var port);
        return new ShardingInfo(shard, count, ignore, port is > 0 and <= 65535 ? port : 0);
    }

    /// <summary>The shard that owns a token: its place on the ring from 0, without the ignored bits, as a part of the count.</summary>
    public int ShardOf(long token)
    {
        var biased = (ulong)token + (1ul << 63);
        biased <<= IgnoreMsb;
        return (int)Math.BigMul(biased, (ulong)Count, out _);
    }

    private static bool TryGet(Dictionary<string, string[]> supported, string name, out int value)
    {
        value = 0;
        return supported.TryGetValue(name, out var values) && values.Length > 0
            && int.TryParse(values[0], NumberStyles.None, CultureInfo.InvariantCulture, out value);
    }
}
