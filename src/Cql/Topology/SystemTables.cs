using System.Globalization;
using System.Net;
using Discord.Cql.Connections;
using Discord.Cql.Errors;
using Discord.Cql.Wire;

namespace Discord.Cql.Topology;

/// <summary>Reads what a host knows of the cluster.</summary>
internal static class SystemTables
{
    private const string LocalText =
        "SELECT host_id, data_center, rack, tokens, schema_version, rpc_address FROM system.local WHERE key = 'local'";

    private const string PeersV2Text =
        "SELECT host_id, data_center, rack, tokens, schema_version, native_address, native_port, peer FROM system.peers_v2";

    private const string PeersText = "SELECT host_id, data_center, rack, tokens, schema_version, rpc_address, peer FROM system.peers";

    private const string KeyspacesText = "SELECT keyspace_name, replication FROM system_schema.keyspaces";

    /// <summary>All hosts, the asked one first.</summary>
    public static async Task<List<HostInfo>> ReadHostsAsync(Connection connection, CqlOptions options, CancellationToken cancellationToken)
    {
        var hosts = new List<HostInfo>();
        using (var local = await QueryAsync(connection, LocalText, options, cancellationToken).ConfigureAwait(false))
        {
            // The asked host is called as it was called: behind a name or a forwarded port its own address may not be reachable.
            foreach (var row in local) hosts.Add(Info(row, connection.Endpoint));
        }
        foreach (var (address, info) in await ReadPeersAsync(connection, options, cancellationToken).ConfigureAwait(false))
            hosts.Add(info with { Endpoint = Endpoint.Of(options.AddressTranslator(address)) });
        return hosts;
    }

    /// <summary>How each keyspace chooses replicas; those whose strategy is not known are left out.</summary>
    public static async Task<Dictionary<string, Replication>> ReadKeyspacesAsync(
        Connection connection, CqlOptions options, CancellationToken cancellationToken)
    {
        using var rows = await QueryAsync(connection, KeyspacesText, options, cancellationToken).ConfigureAwait(false);
        var keyspaces = new Dictionary<string, Replication>();
        foreach (var row in rows)
        {
            if (Replication.From(row.Get<Dictionary<string, string>>(1)) is { } replication) keyspaces[row.GetText(0)!] = replication;
        }
        return keyspaces;
    }

    /// <summary>
    /// The versions of the schema that the asked host and those of its peers have that <paramref name="counts"/> says count.
    /// </summary>
    public static async Task<HashSet<Guid>> ReadSchemaVersionsAsync(
        Connection connection, CqlOptions options, Func<Guid, bool> counts, CancellationToken cancellationToken)
    {
        var versions = new HashSet<Guid>();
        using (var local = await QueryAsync(connection, LocalText, options, cancellationToken).ConfigureAwait(false))
        {
            foreach (var row in local) versions.Add(row.Get<Guid>("schema_version"));
        }
        using var peers = await QueryAsync(connection, PeersText, options, cancellationToken).ConfigureAwait(false);
        foreach (var row in peers)
        {
            if (row.Get<Guid?>("host_id") is { } id && counts(id) && row.Get<Guid?>("schema_version") is { } version) versions.Add(version);
        }
        return versions;
    }

    private static async Task<List<(IPEndPoint Address, HostInfo Info)>> ReadPeersAsync(
        Connection connection, CqlOptions options, CancellationToken cancellationToken)
    {
        var peers = new List<(IPEndPoint, HostInfo)>();
        try
        {
            using var rows = await QueryAsync(connection, PeersV2Text, options, cancellationToken).ConfigureAwait(false);
            foreach (var row in rows)
            {
                var address = Reachable(row.Get<IPAddress?>("native_address"), row.Get<IPAddress?>("peer"));
                if (IsKnown(row) && address is not null)
                    peers.Add((new IPEndPoint(address, row.Get<int?>("native_port") ?? options.Port), Info(row, default)));
            }
            return peers;
        }
        catch (CqlInvalidException)
        {
            // ScyllaDB and Cassandra before 4.0 have only the older table.
        }
        using var older = await QueryAsync(connection, PeersText, options, cancellationToken).ConfigureAwait(false);
        foreach (var row in older)
        {
            var address = Reachable(row.Get<IPAddress?>("rpc_address"), row.Get<IPAddress?>("peer"));
            if (IsKnown(row) && address is not null) peers.Add((new IPEndPoint(address, options.Port), Info(row, default)));
        }
        return peers;
    }

    // A host that is about to join or was just removed has a row with holes.
    private static bool IsKnown(Row row) => !row.IsNull(0) && !row.IsNull(1) && !row.IsNull(2) && !row.IsNull(3);

    // 0.0.0.0 means all interfaces: then the address between hosts is the best there is.
    private static IPAddress? Reachable(IPAddress? native, IPAddress? peer) =>
        native is null || native.Equals(IPAddress.Any) || native.Equals(IPAddress.IPv6Any) ? peer : native;

    private static HostInfo Info(Row row, Endpoint endpoint)
    {
        var tokens = new List<long>();
        foreach (var text in row.Get<string[]>("tokens"))
        {
            // Another partitioner's tokens are no numbers: then requests are not routed.
            if (long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var token)) tokens.Add(token);
        }
        return new HostInfo(endpoint, row.Get<Guid>("host_id"), row.GetText(1) ?? "", row.GetText(2) ?? "", tokens);
    }

    private static async Task<RowSet> QueryAsync(
        Connection connection, string text, CqlOptions options, CancellationToken cancellationToken)
    {
        var parameters = new RequestParameters { Consistency = ConsistencyLevel.One, SerialConsistency = ConsistencyLevel.Serial };
        var response = await connection.SendAsync(new SimpleStatement(text), parameters, options.RequestTimeout, cancellationToken)
            .ConfigureAwait(false);
        if (response.TakeError() is { } error)
        {
            error.Host = connection.Address;
            throw error;
        }
        return Results.ReadRows(response, null, connection.Address);
    }
}
