using System.Net;
using Discord.Cql.Connections;
using Discord.Cql.Topology;
using Microsoft.Extensions.Logging.Abstractions;

namespace Discord.Cql.Tests.Topology;

public sealed class TokenMapTests
{
    private static readonly CqlOptions s_options = new();
    private static readonly CqlMetrics s_metrics = new(() => 0, () => 0, () => 0);

    [Fact]
    public void Simple_strategy_takes_the_next_hosts_of_the_ring()
    {
        var hosts = Ring(("dc1", "r1", [0, 30]), ("dc1", "r1", [10]), ("dc1", "r1", [20]));
        var map = Map(hosts, new() { ["class"] = "org.apache.cassandra.locator.SimpleStrategy", ["replication_factor"] = "2" });

        Assert.Equal([hosts[1], hosts[2]], map.Replicas("k", 5));
        Assert.Equal([hosts[1], hosts[2]], map.Replicas("k", 10));
        Assert.Equal([hosts[2], hosts[0]], map.Replicas("k", 11));
        Assert.Equal([hosts[0], hosts[1]], map.Replicas("k", 25));
        Assert.Equal([hosts[0], hosts[1]], map.Replicas("k", 31));
        Assert.Equal([hosts[0], hosts[1]], map.Replicas("k", long.MinValue));
    }

    [Fact]
    public void Network_topology_prefers_racks_that_have_none_yet()
    {
        var hosts = Ring(("dc1", "r1", [0]), ("dc1", "r1", [10]), ("dc1", "r2", [20]), ("dc1", "r2", [30]));
        var map = Map(hosts, new() { ["class"] = "NetworkTopologyStrategy", ["dc1"] = "3" });

        Assert.Equal([hosts[0], hosts[2], hosts[1]], map.Replicas("k", 0));
        Assert.Equal([hosts[1], hosts[2], hosts[3]], map.Replicas("k", 1));
    }

    [Fact]
    public void Network_topology_gives_each_data_centre_its_number()
    {
        var hosts = Ring(("dc1", "r1", [0]), ("dc2", "r1", [5]), ("dc1", "r1", [10]), ("dc2", "r1", [15]));
        var map = Map(hosts, new() { ["class"] = "NetworkTopologyStrategy", ["dc1"] = "2", ["dc2"] = "1", ["dc3"] = "3" });

        Assert.Equal([hosts[0], hosts[1], hosts[2]], map.Replicas("k", 0));
    }

    [Fact]
    public void Unknown_keyspace_has_no_replicas()
    {
        Assert.Empty(Map(Ring(("dc1", "r1", [0])), new() { ["class"] = "LocalStrategy" }).Replicas("k", 0));
    }

    [Fact]
    public void Plan_asks_local_replicas_then_local_hosts_then_remote_ones_and_each_once()
    {
        var hosts = Ring(("dc1", "r1", [0]), ("dc2", "r1", [5]), ("dc1", "r1", [10]), ("dc1", "r1", [20]), ("dc2", "r1", [25]));
        var state = ClusterState.Of(hosts, "dc1", new Dictionary<string, Replication>());
        for (uint turn = 0; turn < 6; turn++)
        {
            var order = Walk(new QueryPlan(state, [hosts[2], hosts[1]], useRemote: true, turn));
            Assert.Equal(hosts[2], order[0]);
            Assert.Equal([hosts[0], hosts[3]], order[1..3].OrderBy(host => Array.IndexOf(hosts, host)));
            Assert.Equal([hosts[1], hosts[4]], order[3..].OrderBy(host => Array.IndexOf(hosts, host)));
            Assert.Equal(3, Walk(new QueryPlan(state, [hosts[2], hosts[1]], useRemote: false, turn)).Count);
        }
    }

    [Fact]
    public void Plans_spread_over_the_replicas()
    {
        var hosts = Ring(("dc1", "r1", [0]), ("dc1", "r1", [10]), ("dc1", "r1", [20]));
        var state = ClusterState.Of(hosts, "dc1", new Dictionary<string, Replication>());

        var firsts = Enumerable.Range(0, 300).Select(turn => Walk(new QueryPlan(state, hosts, false, (uint)turn))[0]).CountBy(host => host);

        Assert.All(firsts, entry => Assert.Equal(100, entry.Value));
    }

    private static List<Host> Walk(QueryPlan plan)
    {
        var order = new List<Host>();
        while (plan.Next() is { } host) order.Add(host);
        return order;
    }

    private static TokenMap Map(Host[] hosts, Dictionary<string, string> settings)
    {
        var keyspaces = new Dictionary<string, Replication>();
        if (Replication.From(settings) is { } replication) keyspaces["k"] = replication;
        return new TokenMap(hosts, keyspaces);
    }

    private static Host[] Ring(params (string Datacenter, string Rack, long[] Tokens)[] hosts) => [.. hosts.Select((host, index) =>
    {
        var endpoint = Endpoint.Of(new IPEndPoint(IPAddress.Loopback, index + 1));
        return new Host(
            new HostInfo(endpoint, Guid.NewGuid(), host.Datacenter, host.Rack, host.Tokens),
            new HostPool(endpoint, host.Datacenter, new Transport(null), s_options, s_metrics, NullLogger.Instance));
    })];
}
