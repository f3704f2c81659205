using System.Collections.Concurrent;

namespace Discord.Cql.Topology;

/// <summary>
/// Which hosts hold a token's partition, by the keyspaces' replication. Immutable; the replicas of a keyspace are computed when first asked
/// for.
/// </summary>
internal sealed class TokenMap
{
    public static readonly TokenMap Empty = new([], new Dictionary<string, Replication>());

    private readonly long[] _tokens;
    private readonly Host[] _owners;
    private readonly IReadOnlyDictionary<string, Replication> _keyspaces;
    private readonly ConcurrentDictionary<string, Host[][]> _replicas = new();

    public TokenMap(IReadOnlyCollection<Host> hosts, IReadOnlyDictionary<string, Replication> keyspaces)
    {
        var ring = hosts.SelectMany(host => host.Info.Tokens, (host, token) => (token, host)).OrderBy(entry => entry.token).ToArray();
        _tokens = Array.ConvertAll(ring, entry => entry.token);
        _owners = Array.ConvertAll(ring, entry => entry.host);
        _keyspaces = keyspaces;
    }

    /// <summary>The replicas, the range's owner first; none where the keyspace or its replication is not known.</summary>
    public Host[] Replicas(string keyspace, long token)
    {
        if (_tokens.Length == 0 || !_keyspaces.TryGetValue(keyspace, out var replication)) return [];
        if (!_replicas.TryGetValue(keyspace, out var ranges))
        {
            ranges = new Host[_tokens.Length][];
            for (var i = 0; i < ranges.Length; i++) ranges[i] = replication.Choose(_owners, i);
            _replicas[keyspace] = ranges;
        }
        // A range reaches from the token before, not with it, to its own, with it.
        var index = Array.BinarySearch(_tokens, token);
        if (index < 0) index = ~index;
        return ranges[index == ranges.Length ? 0 : index];
    }
}
