using System.Collections.Concurrent;
using Discord.Cql.Errors;
using Discord.Cql.Values;

namespace Discord.Cql.Topology;

/// <summary>
/// Where the tablets of ScyllaDB's tables live, as far as answers told: a host that was asked for a partition that it does not own answers
/// with the tablet that holds it. See ScyllaDB's "CQL extensions", section "Sending tablet info to the drivers". Thread-safe.
/// </summary>
internal sealed class Tablets
{
    /// <summary>Where the hint stands in an answer's custom payload.</summary>
    public const string PayloadName = "tablets-routing-v1";

    /// <summary>What STARTUP says to be given hints.</summary>
    public const string StartupOption = "TABLETS_ROUTING_V1";

    // A table of 10 GiB tablets has that many at 640 TiB. Above it hints are not learned.
    private const int MaxTabletsOfTable = 65_536;
    private const int MaxTables = 4_096;

    private static readonly CqlType s_payload = CqlType.TupleOf(
        CqlType.Of(CqlTypeCode.Bigint),
        CqlType.Of(CqlTypeCode.Bigint),
        CqlType.ListOf(CqlType.TupleOf(CqlType.Of(CqlTypeCode.Uuid), CqlType.Of(CqlTypeCode.Int))));

    private readonly ConcurrentDictionary<(string Keyspace, string Table), Tablet[]> _tables = new();

    public bool IsEmpty => _tables.IsEmpty;

    /// <summary>Learns a hint; one that is not understood is left out, as it only ever makes requests faster.</summary>
    public void Learn((string Keyspace, string Table) table, ReadOnlySpan<byte> payload)
    {
        if (Parse(payload) is not { } tablet) return;
        if (_tables.Count >= MaxTables && !_tables.ContainsKey(table)) return;
        _tables.AddOrUpdate(table, static (_, tablet) => [tablet], static (_, known, tablet) => Put(known, tablet), tablet);
    }

    /// <summary>The replicas of a token with their shards; null where nothing is known.</summary>
    public (Guid Host, int Shard)[]? Find((string Keyspace, string Table) table, long token)
    {
        if (!_tables.TryGetValue(table, out var tablets)) return null;
        var index = FirstEndingAtOrAfter(tablets, token);
        return index < tablets.Length && tablets[index].First < token ? tablets[index].Replicas : null;
    }

    /// <summary>Forgets all: hosts have come or gone.</summary>
    public void Clear() => _tables.Clear();

    private static Tablet? Parse(ReadOnlySpan<byte> payload)
    {
        try
        {
            var (first, last, replicas) = Codec<(long, long, (Guid, int)[])>.Instance.Read(payload, s_payload);
            // A tuple that ends early has null for what is missing.
            return first < last && replicas is { Length: > 0 } ? new Tablet(first, last, replicas) : null;
        }
        catch (Exception reason) when (reason is CqlProtocolException or InvalidCastException)
        {
            return null;
        }
    }

    // Tablets that were split or merged overlap the new one: they go.
    private static Tablet[] Put(Tablet[] known, Tablet tablet)
    {
        var kept = Array.FindAll(known, other => other.Last <= tablet.First || other.First >= tablet.Last);
        if (kept.Length >= MaxTabletsOfTable) return known;
        var at = FirstEndingAtOrAfter(kept, tablet.Last);
        return [.. kept[..at], tablet, .. kept[at..]];
    }

    private static int FirstEndingAtOrAfter(Tablet[] tablets, long token)
    {
        int low = 0, high = tablets.Length;
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (tablets[middle].Last < token) low = middle + 1;
            else high = middle;
        }
        return low;
    }

    /// <summary>Holds the tokens after <paramref name="First"/>, up to and with <paramref name="Last"/>.</summary>
    private sealed record Tablet(long First, long Last, (Guid Host, int Shard)[] Replicas);
}
