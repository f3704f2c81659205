using System.Globalization;

namespace Discord.Cql.Topology;

/// <summary>How a keyspace chooses the replicas of a range.</summary>
internal abstract class Replication
{
    /// <summary>Reads <c>system_schema.keyspaces.replication</c>; null for a strategy that is not known.</summary>
    public static Replication? From(IReadOnlyDictionary<string, string> settings)
    {
        if (!settings.TryGetValue("class", out var name)) return null;
        switch (name[(name.LastIndexOf('.') + 1)..])
        {
            case "SimpleStrategy":
                return settings.TryGetValue("replication_factor", out var text) && TryFactor(text, out var factor)
                    ? new Simple(factor)
                    : null;
            case "NetworkTopologyStrategy":
                var factors = new Dictionary<string, int>();
                foreach (var (datacenter, value) in settings)
                {
                    if (datacenter != "class" && TryFactor(value, out var copies)) factors[datacenter] = copies;
                }
                return new NetworkTopology(factors);
            default:
                return null;
        }
    }

    /// <summary>The replicas of the range that ends at the ring's <paramref name="start"/>-th token.</summary>
    public abstract Host[] Choose(Host[] ring, int start);

    // "3", or "3/1" with one transient replica, which holds no data for good.
    private static bool TryFactor(string text, out int factor)
    {
        var slash = text.IndexOf('/', StringComparison.Ordinal);
        if (!int.TryParse(slash < 0 ? text : text[..slash], NumberStyles.None, CultureInfo.InvariantCulture, out factor)) return false;
        if (slash >= 0 && int.TryParse(text[(slash + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out var transient))
            factor -= transient;
        return true;
    }

    /// <summary>The next hosts on the ring.</summary>
    private sealed class Simple(int factor) : Replication
    {
        public override Host[] Choose(Host[] ring, int start)
        {
            var chosen = new List<Host>(factor);
            for (var i = 0; i < ring.Length && chosen.Count < factor; i++)
            {
                var host = ring[(start + i) % ring.Length];
                if (!chosen.Contains(host)) chosen.Add(host);
            }
            return [.. chosen];
        }
    }

    /// <summary>
    /// In each data centre the next hosts on the ring, of racks not used yet as long as there are some; hosts passed over for their rack
    /// come after all racks have one.
    /// </summary>
    private sealed class NetworkTopology(Dictionary<string, int> factors) : Replication
    {
        public override Host[] Choose(Host[] ring, int start)
        {
            var centres = ring.Distinct().GroupBy(host => host.Info.Datacenter)
                .Where(group => factors.ContainsKey(group.Key))
                .ToDictionary(
                    group => group.Key,
                    group => new Centre(
                        Math.Min(factors[group.Key], group.Count()), group.Select(host => host.Info.Rack).Distinct().Count()));
            var chosen = new List<Host>();
            for (var i = 0; i < ring.Length && centres.Values.Any(centre => !centre.IsFull); i++)
            {
                var host = ring[(start + i) % ring.Length];
                if (centres.TryGetValue(host.Info.Datacenter, out var centre)) centre.Offer(host, chosen);
            }
            return [.. chosen];
        }

        private sealed class Centre(int wanted, int racks)
        {
            private readonly HashSet<string> _racks = [];
            private readonly List<Host> _passedOver = [];
            private int _taken;

            public bool IsFull => _taken >= wanted;

            public void Offer(Host host, List<Host> chosen)
            {
                if (IsFull || chosen.Contains(host)) return;
                if (_racks.Count == racks)
                {
                    Take(host, chosen);
                }
                else if (_racks.Add(host.Info.Rack))
                {
                    Take(host, chosen);
                    if (_racks.Count < racks) return;
                    foreach (var earlier in _passedOver)
                    {
                        if (!IsFull) Take(earlier, chosen);
                    }
                }
                else if (!_passedOver.Contains(host))
                {
                    _passedOver.Add(host);
                }
            }

            private void Take(Host host, List<Host> chosen)
            {
                chosen.Add(host);
                _taken++;
            }
        }
    }
}
