using System.Globalization;
using System.Net;

namespace Discord.Node.Configuration;

/// <summary>
/// An option has a value that cannot be. The message is one sentence that names the option, the value and what would be right.
/// </summary>
public sealed class OptionException(string message) : Exception(message);

/// <summary>One option: how it is called, what it means, and how its text becomes a value.</summary>
/// <param name="Name">The flag without its dashes; the environment variable and the key of the file follow from it.</param>
/// <param name="Value">What to write behind it, for the help.</param>
/// <param name="Default">Its default, for the help.</param>
/// <param name="Summary">What it does, one sentence.</param>
/// <param name="Apply">Parses, checks and sets; throws <see cref="FormatException"/> with what it must be ("must be …").</param>
public sealed record Option(string Name, string Value, string Default, string Summary, Action<NodeOptions, string> Apply)
{
    /// <summary>For example DISCORD_OPS_PORT.</summary>
    public string EnvironmentVariable { get; } = "DISCORD_" + Name.Replace('-', '_').ToUpperInvariant();

    /// <summary>Refused as a flag and shown in no sentence: whoever lists the machine's processes would read it.</summary>
    public bool Secret { get; init; }
}

/// <summary>Reads the texts of options. All throw <see cref="FormatException"/> whose message continues the sentence "--port
/// …".</summary>
internal static class OptionText
{
    public static int Int(string text, int min, int max) =>
        int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value) && value >= min && value <= max
            ? value
            : throw new FormatException($"must be a whole number from {min} to {max}");

    public static TimeSpan Duration(string text, TimeSpan min, TimeSpan max)
    {
        var (number, unit) = text switch
        {
            [.. var n, 'm', 's'] => (n, TimeSpan.FromMilliseconds(1)),
            [.. var n, 's'] => (n, TimeSpan.FromSeconds(1)),
            [.. var n, 'm'] => (n, TimeSpan.FromMinutes(1)),
            [.. var n, 'h'] => (n, TimeSpan.FromHours(1)),
            _ => (text, TimeSpan.FromSeconds(1)),
        };
        if (double.TryParse(number, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var count) && count < 1e9
            && count * unit is var value && value >= min && value <= max)
            return value;
        throw new FormatException($"must be a time from {Show(min)} to {Show(max)}, for example 500ms, 10s or 2m");
    }

    public static T Choice<T>(string text, params ReadOnlySpan<(string Name, T Value)> choices)
    {
        foreach (var (name, value) in choices)
        {
            if (name.Equals(text, StringComparison.OrdinalIgnoreCase))
                return value;
        }
        var names = new List<string>();
        foreach (var (name, _) in choices)
            names.Add(name);
        throw new FormatException($"must be {string.Join(", ", names.SkipLast(1))} or {names[^1]}");
    }

    public static IPAddress Address(string text) => text switch
    {
        "*" => IPAddress.Any,
        "localhost" => IPAddress.Loopback,
        _ => IPAddress.TryParse(text, out var address) ? address : throw new FormatException("must be an IP address, localhost or *"),
    };

    public static DnsEndPoint HostAndPort(string text) =>
        text.LastIndexOf(':') is var colon and > 0 && Uri.CheckHostName(text[..colon].Trim('[', ']')) != UriHostNameType.Unknown
            && int.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var port)
            && port is > 0 and < 65536
            ? new DnsEndPoint(text[..colon].Trim('[', ']'), port)
            : throw new FormatException("must be a host and a port, for example 127.0.0.1:6379");

    public static Uri Url(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var url) && url.Scheme is "http" or "https" && url.Query.Length == 0
            && url.Fragment.Length == 0
            ? new Uri(url.AbsoluteUri.TrimEnd('/'))
            : throw new FormatException("must be an http or https URL without a query");

    public static string ExistingFile(string text) =>
        File.Exists(text) ? Path.GetFullPath(text) : throw new FormatException("must name a file that exists");

    public static string Directory(string text) =>
        text.Length > 0 && !File.Exists(text) ? Path.GetFullPath(text) : throw new FormatException("must name a directory");

    public static IReadOnlyList<IPNetwork> Networks(string text)
    {
        var networks = new List<IPNetwork>();
        foreach (var part in text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            if (IPNetwork.TryParse(part, out var network))
                networks.Add(network);
            else if (IPAddress.TryParse(part, out var address))
                networks.Add(new IPNetwork(address, address.GetAddressBytes().Length * 8));
            else
                throw new FormatException("must be a list of addresses or networks divided by commas, for example 10.0.0.0/8,127.0.0.1");
        }
        return networks;
    }

    private static string Show(TimeSpan time) => time.TotalSeconds < 1 ? $"{time.TotalMilliseconds:0}ms"
        : time.TotalMinutes < 2 ? $"{time.TotalSeconds:0}s" : time.TotalHours < 2 ? $"{time.TotalMinutes:0}m" : $"{time.TotalHours:0}h";
}
