using System.Net;
using Discord.Cql.Connections;
using Microsoft.Extensions.Logging;

namespace Discord.Cql.Topology;

/// <summary>
/// The hosts, each with its connections, and who holds which partition. Read by any thread; changed by the control connection.
/// </summary>
internal sealed class Cluster : IDisposable
{
    private readonly CqlOptions _options;
    private readonly Transport _transport;
    private readonly ILogger _log;
    private readonly CqlMetrics _metrics;
    private readonly Lock _lock = new();
    private readonly Dictionary<IPEndPoint, Host> _hosts = [];
    private volatile ClusterState _state = ClusterState.Empty;
    private string? _datacenter;
    private bool _closed;
    private int _turn;

    public Cluster(CqlOptions options, Transport transport, ILogger log)
    {
        _options = options;
        _transport = transport;
        _log = log;
        _datacenter = options.LocalDatacenter;
        _metrics = new CqlMetrics(
            () => _state.Hosts.Sum(host => host.Pool.Connections),
            () => _state.Hosts.Sum(host => host.Pool.InFlight),
            () => _state.Hosts.Count(host => host.IsUp));
    }

    public ClusterState State => _state;

    public CqlMetrics Metrics => _metrics;

    public Tablets Tablets { get; } = new();

    /// <summary>
    /// The hosts for a statement, best first. <paramref name="keyspace"/> stands in where it names none.
    /// </summary>
    public QueryPlan Plan(CqlStatement statement, string? keyspace)
    {
        var state = _state;
        Host[] replicas = [];
        var routed = statement.TryGetToken(out var token);
        if (routed && (statement.RoutingTable?.Keyspace ?? keyspace) is { } name)
        {
            replicas = (Tablets.IsEmpty || statement.RoutingTable is not { } table ? null : TabletReplicas(state, table, token))
                ?? state.Tokens.Replicas(name, token);
        }
        return new QueryPlan(state, replicas, _options.UseRemoteDatacenters, (uint)Interlocked.Increment(ref _turn))
        {
            Token = routed ? token : null,
        };
    }

    /// <summary>The shard of a host that owns a partition; -1 where it has none.</summary>
    public int ShardOf(Host host, CqlStatement statement, long token)
    {
        if (!Tablets.IsEmpty && statement.RoutingTable is { } table && Tablets.Find(table, token) is { } replicas)
        {
            foreach (var (id, shard) in replicas)
            {
                if (id == host.Info.Id) return shard;
            }
        }
        return host.Pool.ShardOf(token);
    }

    /// <summary>Takes over what was read: new hosts get connections, those that are gone lose theirs.</summary>
    public void Update(List<HostInfo> infos, Dictionary<string, Replication> keyspaces, IPEndPoint through)
    {
        List<Host> gone = [];
        lock (_lock)
        {
            if (_closed) return;
            _datacenter ??= infos[0].Datacenter;
            var addresses = infos.Select(info => info.Endpoint.Address).ToHashSet();
            foreach (var address in _hosts.Keys.Where(address => !addresses.Contains(address)).ToArray())
            {
                gone.Add(_hosts[address]);
                _hosts.Remove(address);
            }
            var joined = false;
            foreach (var info in infos)
            {
                if (_hosts.TryGetValue(info.Endpoint.Address, out var known))
                {
                    known.Info = info with { Endpoint = known.Info.Endpoint };
                    continue;
                }
                var host = new Host(info, new HostPool(info.Endpoint, info.Datacenter, _transport, _options, _metrics, _log));
                _hosts.Add(info.Endpoint.Address, host);
                joined = true;
                // Hosts that are never asked get no connections.
                if (info.Datacenter == _datacenter || _options.UseRemoteDatacenters) host.Pool.Start();
            }
            _state = ClusterState.Of(_hosts.Values, _datacenter, keyspaces);
            if (joined || gone.Count > 0)
            {
                Tablets.Clear();
                CqlLog.ClusterRead(_log, _hosts.Count, _state.Local.Length, _datacenter, through);
            }
        }
        foreach (var host in gone) host.Pool.Close(new Errors.CqlConnectionException($"{host} has left the cluster", sent: true));
    }

    /// <summary>Waits until a host that may be asked has a connection, or all have failed to get one.</summary>
    public async Task WaitForFirstAsync(CancellationToken cancellationToken)
    {
        var state = _state;
        if (state.Local.Length == 0 && !_options.UseRemoteDatacenters)
            throw new Errors.CqlUnknownDatacenterException(_datacenter, state.Hosts.Select(host => host.Info.Datacenter).Distinct());
        var waiting = (_options.UseRemoteDatacenters ? state.Hosts : state.Local).ToDictionary(host => host.Pool.FirstTry, host => host);
        while (waiting.Count > 0)
        {
            var done = await Task.WhenAny(waiting.Keys).WaitAsync(cancellationToken).ConfigureAwait(false);
            if (waiting.Remove(done, out var host) && host.IsUp) return;
        }
        throw new Errors.CqlNoHostAvailableException([.. state.Hosts.Select(host => (host.Address, host.Pool.LastFailure))], sent: false);
    }

    /// <summary>A host is said to be up.</summary>
    public void Wake(IPEndPoint address)
    {
        lock (_lock)
        {
            if (_hosts.TryGetValue(address, out var host)) host.Pool.Wake();
        }
    }

    public void Dispose()
    {
        Host[] hosts;
        lock (_lock)
        {
            _closed = true;
            hosts = [.. _hosts.Values];
        }
        foreach (var host in hosts) host.Pool.Dispose();
        _metrics.Dispose();
    }

    private Host[]? TabletReplicas(ClusterState state, (string Keyspace, string Table) table, long token)
    {
        if (Tablets.Find(table, token) is not { } replicas) return null;
        return Array.FindAll(state.Hosts, host => Array.Exists(replicas, replica => replica.Host == host.Info.Id));
    }
}
