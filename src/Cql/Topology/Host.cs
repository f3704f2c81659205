using System.Net;
using Discord.Cql.Connections;

namespace Discord.Cql.Topology;

/// <summary>What a host tells of itself or its peers. Immutable.</summary>
/// <param name="Endpoint">Where it is called, translated.</param>
/// <param name="Id">Its id.</param>
/// <param name="Datacenter">Its data centre.</param>
/// <param name="Rack">Its rack.</param>
/// <param name="Tokens">The ends of the ranges that it owns.</param>
internal sealed record HostInfo(Endpoint Endpoint, Guid Id, string Datacenter, string Rack, IReadOnlyList<long> Tokens);

/// <summary>A host of the cluster with its connections. Known by its address: one that moves is another.</summary>
internal sealed class Host(HostInfo info, HostPool pool)
{
    private volatile HostInfo _info = info;

    public HostInfo Info
    {
        get => _info;
        set => _info = value;
    }

    public HostPool Pool { get; } = pool;

    public IPEndPoint Address => _info.Endpoint.Address;

    public bool IsUp => Pool.IsUp;

    public override string ToString() => Address.ToString();
}
