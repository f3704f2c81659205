using System.Text.RegularExpressions;
using Discord.Cql;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Discord.Storage.Cql;

/// <summary>Settings of <see cref="CqlStorage"/>.</summary>
public sealed partial class CqlStorageOptions
{
    /// <summary>Where files (attachments, images, the key that signs addresses) lie: on this node's disk. Created if missing.
    /// Required.</summary>
    public required string DataDirectory { get; init; }

    /// <summary>Hosts to begin with, as names or addresses with or without a port; the others are learned. Required.</summary>
    public required IReadOnlyList<string> ContactPoints { get; init; }

    /// <summary>The data centre whose hosts are asked. Default <c>dc1</c>, as a single Cassandra calls its own.</summary>
    public string Datacenter { get; init; } = "dc1";

    /// <summary>The keyspace; created if missing. Default <c>discord</c>.</summary>
    public string Keyspace { get; init; } = "discord";

    /// <summary>
    /// Replicas in the data centre, for a keyspace that is created: one that exists keeps its own. Default 3, of which one may be lost
    /// without anybody noticing.
    /// </summary>
    public int ReplicationFactor { get; init; } = 3;

    /// <summary>
    /// How many replicas must answer, <see cref="ConsistencyLevel.LocalQuorum"/> or <see cref="ConsistencyLevel.Quorum"/>: a majority, or a
    /// read would not see what was acknowledged. Default a majority in the data centre.
    /// </summary>
    public ConsistencyLevel Consistency { get; init; } = ConsistencyLevel.LocalQuorum;

    /// <summary>The login; null for none.</summary>
    public CqlCredentials? Credentials { get; init; }

    /// <summary>TLS; null for plain connections.</summary>
    public CqlTlsOptions? Tls { get; init; }

    /// <summary>
    /// How long a host has for its answer. Default 5 s: well above what a healthy cluster needs, and below what people wait for a 503.
    /// </summary>
    public TimeSpan RequestTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How long a start waits for another node that changes the tables. Default 2 min.</summary>
    public TimeSpan MigrationTimeout { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>Tokens that are remembered; bounds the cache. Default 100,000.</summary>
    public int TokenCacheCapacity { get; init; } = 100_000;


    /// <summary>The clock that what is stored speaks of. Default the system's.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>
    /// The clock of writes' timestamps, which are compared with those of the servers. Default the system's; keep all of them right by NTP.
    /// </summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;

    /// <summary>Where the driver and background work tell their troubles. Default nowhere.</summary>
    public ILoggerFactory LoggerFactory { get; init; } = NullLoggerFactory.Instance;

    /// <summary>Whether a text can be a keyspace's name: it becomes part of statements.</summary>
    public static bool IsKeyspace(string text) => KeyspaceName().IsMatch(text);

    /// <summary>Whether a text can be a data centre's name: it becomes part of a statement.</summary>
    public static bool IsDatacenter(string text) => DatacenterName().IsMatch(text);

    /// <summary>Throws when a setting is out of its range, naming it.</summary>
    /// <exception cref="ArgumentException">A setting is out of its range.</exception>
    public void Validate()
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(DataDirectory);
        if (ContactPoints.Count == 0) throw new ArgumentException($"{nameof(ContactPoints)} names no host");
        if (!IsKeyspace(Keyspace))
            throw new ArgumentException(
                $"{nameof(Keyspace)} must be a small letter and then at most 47 small letters, digits or underscores");
        if (!IsDatacenter(Datacenter)) throw new ArgumentException(
            $"{nameof(Datacenter)} must be 1 to 64 letters, digits, dots, dashes or underscores");
        if (Consistency is not (ConsistencyLevel.LocalQuorum or ConsistencyLevel.Quorum))
            throw new ArgumentException($"{nameof(Consistency)} must be LocalQuorum or Quorum");
        Range(nameof(ReplicationFactor), ReplicationFactor, 1, 32);
        Range(nameof(TokenCacheCapacity), TokenCacheCapacity, 1, 100_000_000);
        Range(nameof(RequestTimeout), RequestTimeout.TotalSeconds, 0.1, 60);
        Range(nameof(MigrationTimeout), MigrationTimeout.TotalSeconds, 1, 3600);
    }

    internal CqlOptions ForSession(string? keyspace) => new()
    {
        ContactPoints = ContactPoints,
        LocalDatacenter = Datacenter,
        Keyspace = keyspace,
        Credentials = Credentials,
        Tls = Tls,
        Consistency = Consistency,
        SerialConsistency = Consistency == ConsistencyLevel.LocalQuorum ? ConsistencyLevel.LocalSerial : ConsistencyLevel.Serial,
        RequestTimeout = RequestTimeout,
        Time = Clock,
        LoggerFactory = LoggerFactory,
    };

    private static void Range(string name, double value, double min, double max)
    {
        if (value < min || value > max) throw new ArgumentException($"{name} must be {min} to {max}, not {value}");
    }

    [GeneratedRegex("^[a-z][a-z0-9_]{0,47}\\z", RegexOptions.CultureInvariant)]
    private static partial Regex KeyspaceName();

    [GeneratedRegex("^[A-Za-z0-9._-]{1,64}\\z", RegexOptions.CultureInvariant)]
    private static partial Regex DatacenterName();
}
