namespace Discord.Cql.Topology;

/// <summary>The cluster as it was last read. Immutable; replaced as a whole.</summary>
/// <param name="Hosts">All hosts.</param>
/// <param name="Local">Those of the local data centre.</param>
/// <param name="Remote">Those of others.</param>
/// <param name="Tokens">Who holds which partition.</param>
internal sealed record ClusterState(Host[] Hosts, Host[] Local, Host[] Remote, TokenMap Tokens)
{
    public static readonly ClusterState Empty = new([], [], [], TokenMap.Empty);

    public static ClusterState Of(
        IReadOnlyCollection<Host> hosts, string datacenter, IReadOnlyDictionary<string, Replication> keyspaces) => new(
        [.. hosts],
        [.. hosts.Where(host => host.Info.Datacenter == datacenter)],
        [.. hosts.Where(host => host.Info.Datacenter != datacenter)],
        new TokenMap(hosts, keyspaces));
}

/// <summary>
/// The hosts that a request may go to, best first: replicas of its partition in the local data centre, then the other local hosts, each
/// begun at a host of its own so that all get the same share; then remote ones, where they are allowed.
/// </summary>
internal struct QueryPlan(ClusterState state, Host[] replicas, bool useRemote, uint turn)
{
    private uint _step;

    /// <summary>The token of the partition, where the statement's values say which.</summary>
    public long? Token { get; init; }

    public Host? Next()
    {
        while (true)
        {
            var step = _step++;
            if (step < replicas.Length)
            {
                var replica = replicas[(turn + step) % (uint)replicas.Length];
                if (Array.IndexOf(state.Local, replica) >= 0) return replica;
                continue;
            }
            step -= (uint)replicas.Length;
            if (step < state.Local.Length)
            {
                var host = state.Local[(turn + step) % (uint)state.Local.Length];
                if (Array.IndexOf(replicas, host) < 0) return host;
                continue;
            }
            step -= (uint)state.Local.Length;
            if (!useRemote || step >= state.Remote.Length) return null;
            return state.Remote[(turn + step) % (uint)state.Remote.Length];
        }
    }
}
