using System.Globalization;
using System.Net;

namespace Discord.Cql.Topology;

/// <summary>A host to begin with: <c>name</c>, <c>name:port</c>, <c>1.2.3.4:port</c>, <c>::1</c>, <c>[::1]:port</c>.</summary>
internal readonly record struct ContactPoint(string Name, int Port)
{
    public static ContactPoint Parse(string text, int defaultPort)
    {
        var trimmed = text.Trim();
        if (IPAddress.TryParse(trimmed, out _) && !trimmed.StartsWith('[')) return new ContactPoint(trimmed, defaultPort);
        var colon = trimmed.LastIndexOf(':');
        var hasPort = colon > 0 && !trimmed.EndsWith(']');
        var name = (hasPort ? trimmed[..colon] : trimmed).Trim('[', ']');
        var port = defaultPort;
        if (name.Length == 0 || Uri.CheckHostName(name) == UriHostNameType.Unknown
            || (hasPort && (!int.TryParse(trimmed[(colon + 1)..], NumberStyles.None, null, out port) || port is < 1 or > 65535)))
            throw new ArgumentException($"'{text}' is no host with a port", nameof(text));
        return new ContactPoint(name, port);
    }

    /// <summary>All addresses of the name.</summary>
    public async Task<IPEndPoint[]> ResolveAsync(CancellationToken cancellationToken)
    {
        var port = Port;
        if (IPAddress.TryParse(Name, out var address)) return [new IPEndPoint(address, port)];
        var addresses = await Dns.GetHostAddressesAsync(Name, cancellationToken).ConfigureAwait(false);
        return [.. addresses.Select(found => new IPEndPoint(found, port))];
    }
}
