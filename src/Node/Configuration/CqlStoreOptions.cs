using Discord.Cql;
using Discord.Storage.Cql;

namespace Discord.Node.Configuration;

/// <summary>The cluster of Apache Cassandra or ScyllaDB that <c>--store cql</c> keeps data on.</summary>
public sealed class CqlStoreOptions
{
    /// <summary>Hosts to begin with, with or without a port.</summary>
    public IReadOnlyList<string> ContactPoints { get; set; } = [];

    /// <summary>The data centre whose hosts are asked. A single Cassandra calls its own so.</summary>
    public string Datacenter { get; set; } = "dc1";

    /// <summary>The keyspace; created when missing.</summary>
    public string Keyspace { get; set; } = "discord";

    /// <summary>The login's name; null for none.</summary>
    public string? User { get; set; }

    /// <summary>The login's password; null for none.</summary>
    public string? Password { get; set; }

    /// <summary>Whether connections are made over TLS.</summary>
    public bool Tls { get; set; }

    /// <summary>PEM file with the certificates that vouch for the servers; null for those of the operating system.</summary>
    public string? TlsCa { get; set; }

    /// <summary>Replicas in the data centre, of a keyspace that is created. Three, of which one can be lost.</summary>
    public int ReplicationFactor { get; set; } = 3;

    /// <summary>How many replicas must answer: a majority in the data centre, or of all.</summary>
    public ConsistencyLevel Consistency { get; set; } = ConsistencyLevel.LocalQuorum;

    /// <summary>Reads hosts divided by commas.</summary>
    /// <exception cref="FormatException">One is no host with a port.</exception>
    public static IReadOnlyList<string> Points(string text)
    {
        var points = text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        return points.Length > 0 && points.All(CqlOptions.IsContactPoint)
            ? points
            : throw new FormatException("must be a list of hosts divided by commas, for example 10.0.0.1,db.example.org:9042");
    }

    /// <summary>Reads the name of a keyspace.</summary>
    /// <exception cref="FormatException">It cannot be one.</exception>
    public static string KeyspaceName(string text) => CqlStorageOptions.IsKeyspace(text)
        ? text
        : throw new FormatException("must be a small letter and then at most 47 small letters, digits or underscores");

    /// <summary>Reads the name of a data centre.</summary>
    /// <exception cref="FormatException">It cannot be one.</exception>
    public static string DatacenterName(string text) => CqlStorageOptions.IsDatacenter(text)
        ? text
        : throw new FormatException("must be 1 to 64 letters, digits, dots, dashes or underscores");

    /// <summary>Reads a name or a password.</summary>
    /// <exception cref="FormatException">It is empty.</exception>
    public static string Login(string text) => text.Length > 0 ? text : throw new FormatException("must not be empty");
}
