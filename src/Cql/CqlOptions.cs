using System.Net;
using Discord.Cql.Topology;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Discord.Cql;

/// <summary>The settings of a session. Not to be changed once a session was made of them.</summary>
public sealed class CqlOptions
{
    /// <summary>The port of the native protocol.</summary>
    public const int DefaultPort = 9042;

    /// <summary>
    /// Hosts to begin with, as names or addresses, each with a port if it is not <see cref="Port"/>. The others are learned.
    /// </summary>
    public IReadOnlyList<string> ContactPoints { get; set; } = ["127.0.0.1"];

    /// <summary>The port of the contact points, and of hosts that do not tell theirs.</summary>
    public int Port { get; set; } = DefaultPort;

    /// <summary>Hosts of this data centre are asked. Null: that of the first contact point that answers.</summary>
    public string? LocalDatacenter { get; set; }

    /// <summary>
    /// Whether hosts of other data centres are asked when no local one can be. Default: no, for their answers are slow and may be old.
    /// </summary>
    public bool UseRemoteDatacenters { get; set; }

    /// <summary>The keyspace of names without one; it must exist. Null for none.</summary>
    public string? Keyspace { get; set; }

    /// <summary>For password logins; null for none.</summary>
    public CqlCredentials? Credentials { get; set; }

    /// <summary>For connections over TLS; null for plain ones.</summary>
    public CqlTlsOptions? Tls { get; set; }

    /// <summary>
    /// Whether frames are compressed by LZ4 where the server can. Default: no; it costs more CPU than the bytes do in one data centre.
    /// </summary>
    public bool Compression { get; set; }

    /// <summary>Connections to each host. One carries 32,767 requests at once; a second one helps when one core cannot feed it.</summary>
    public int ConnectionsPerHost { get; set; } = 1;

    /// <summary>
    /// Requests in flight on a connection. More than that wait. The default is below the server's own limit for one client
    /// (<c>native_transport_max_request_data_in_flight_per_ip</c>) with requests of the usual size.
    /// </summary>
    public int MaxInFlight { get; set; } = 1024;

    /// <summary>
    /// Requests that wait for one connection; further ones are refused (<see cref="Errors.CqlClientOverloadedException"/>).
    /// </summary>
    public int MaxQueued { get; set; } = 4096;

    /// <summary>Bytes that wait to be sent on one connection before requests wait instead.</summary>
    public int MaxUnsentBytes { get; set; } = 4 * 1024 * 1024;

    /// <summary>The largest request: the server's default for a frame.</summary>
    public int MaxRequestBytes { get; set; } = 16 * 1024 * 1024;

    /// <summary>The largest answer. A page is as large as its rows; the server's own limit is 256 MiB.</summary>
    public int MaxResponseBytes { get; set; } = 64 * 1024 * 1024;

    /// <summary>
    /// How long one host has for its answer. The server's own time-outs are 2 to 10 s: this one speaks when the server does not.
    /// </summary>
    public TimeSpan RequestTimeout { get; set; } = TimeSpan.FromSeconds(12);

    /// <summary>How long opening a connection may take, with TLS, login and choice of the keyspace.</summary>
    public TimeSpan ConnectTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>A connection that has heard nothing for so long asks whether the host is there.</summary>
    public TimeSpan HeartbeatInterval { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How long the answer to that may take.</summary>
    public TimeSpan HeartbeatTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// Requests on one connection that were given up and may still be answered. With more of them the connection is replaced: their stream
    /// ids are not free. A quarter of <see cref="MaxInFlight"/> by default.
    /// </summary>
    public int MaxOrphans { get; set; } = 256;

    /// <summary>The first wait before a connection is tried anew; it doubles, with jitter.</summary>
    public TimeSpan ReconnectMin { get; set; } = TimeSpan.FromMilliseconds(250);

    /// <summary>The longest wait before a connection is tried anew.</summary>
    public TimeSpan ReconnectMax { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How long events about hosts and schema are gathered before the cluster is looked at anew.</summary>
    public TimeSpan EventDebounce { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>How long the nodes have to come to one schema after a change.</summary>
    public TimeSpan SchemaAgreementTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How many replicas must answer.</summary>
    public ConsistencyLevel Consistency { get; set; } = ConsistencyLevel.LocalQuorum;

    /// <summary>How conditions are decided.</summary>
    public ConsistencyLevel SerialConsistency { get; set; } = ConsistencyLevel.LocalSerial;

    /// <summary>Rows of a page.</summary>
    public int PageSize { get; set; } = 1000;

    /// <summary>How many times an idempotent statement is sent at most, over all hosts.</summary>
    public int MaxAttempts { get; set; } = 3;

    /// <summary>Idempotent statements are sent to a second host when the first has not answered for so long. Null: never.</summary>
    public TimeSpan? SpeculativeDelay { get; set; }

    /// <summary>Prepared statements that a session keeps; above it the ones least used are forgotten.</summary>
    public int MaxPrepared { get; set; } = 1000;

    /// <summary>Where a host is reached, given the address it tells. For networks that translate addresses.</summary>
    public Func<IPEndPoint, IPEndPoint> AddressTranslator { get; set; } = static address => address;

    /// <summary>
    /// Whether ScyllaDB's port for connections to a chosen shard is used. Turn it off where a network translates the clients' ports.
    /// </summary>
    public bool UseShardAwarePort { get; set; } = true;

    /// <summary>The clock and the timers.</summary>
    public TimeProvider Time { get; set; } = TimeProvider.System;

    /// <summary>Where the driver logs.</summary>
    public ILoggerFactory LoggerFactory { get; set; } = NullLoggerFactory.Instance;

    /// <summary>Whether a text can stand in <see cref="ContactPoints"/>: a name or an address, with or without a port.</summary>
    public static bool IsContactPoint(string text)
    {
        try
        {
            ContactPoint.Parse(text, DefaultPort);
            return true;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }

    internal void Validate()
    {
        if (ContactPoints.Count == 0) throw new ArgumentException("a session needs a contact point", nameof(ContactPoints));
        foreach (var point in ContactPoints) ContactPoint.Parse(point, Port);
        Between(Port, 1, 65535, nameof(Port));
        Between(ConnectionsPerHost, 1, 64, nameof(ConnectionsPerHost));
        Between(MaxInFlight, 1, Connections.Connection.MaxStreams - 1, nameof(MaxInFlight));
        Between(MaxQueued, 0, 1_000_000, nameof(MaxQueued));
        Between(MaxOrphans, 1, 32768, nameof(MaxOrphans));
        Between(MaxUnsentBytes, 1, int.MaxValue / 2, nameof(MaxUnsentBytes));
        Between(MaxRequestBytes, 1024, 256 * 1024 * 1024, nameof(MaxRequestBytes));
        Between(MaxResponseBytes, 1024, 512 * 1024 * 1024, nameof(MaxResponseBytes));
        Between(PageSize, 1, 1_000_000, nameof(PageSize));
        Between(MaxAttempts, 1, 100, nameof(MaxAttempts));
        Between(MaxPrepared, 1, 1_000_000, nameof(MaxPrepared));
        Positive(RequestTimeout, nameof(RequestTimeout));
        Positive(ConnectTimeout, nameof(ConnectTimeout));
        Positive(HeartbeatInterval, nameof(HeartbeatInterval));
        Positive(HeartbeatTimeout, nameof(HeartbeatTimeout));
        Positive(ReconnectMin, nameof(ReconnectMin));
        Positive(EventDebounce, nameof(EventDebounce));
        Positive(SchemaAgreementTimeout, nameof(SchemaAgreementTimeout));
        if (SpeculativeDelay is { } delay) Positive(delay, nameof(SpeculativeDelay));
        if (ReconnectMax < ReconnectMin) throw new ArgumentException("the longest wait is shorter than the first", nameof(ReconnectMax));
        if (SerialConsistency is not (ConsistencyLevel.Serial or ConsistencyLevel.LocalSerial))
            throw new ArgumentException("conditions are decided by Serial or LocalSerial", nameof(SerialConsistency));
    }

    private static void Between(int value, int least, int most, string name)
    {
        if (value < least || value > most) throw new ArgumentOutOfRangeException(name, value, $"{name} must be between {least} and {most}");
    }

    private static void Positive(TimeSpan value, string name)
    {
        if (value <= TimeSpan.Zero) throw new ArgumentOutOfRangeException(name, value, $"{name} must be more than nothing");
    }
}

/// <summary>A login by password. The password is shown by nothing.</summary>
public sealed class CqlCredentials(string user, string password)
{
    /// <summary>The user.</summary>
    public string User { get; } = user;

    internal string Password { get; } = password;

    /// <inheritdoc/>
    public override string ToString() => User;
}

/// <summary>How connections over TLS are made.</summary>
public sealed class CqlTlsOptions
{
    /// <summary>A file of certificates (PEM) that vouch for the servers. Null: those of the operating system.</summary>
    public string? CaFile { get; set; }

    /// <summary>A file with the certificate of this client (PEM), where servers ask for one.</summary>
    public string? CertificateFile { get; set; }

    /// <summary>A file with its key (PEM).</summary>
    public string? KeyFile { get; set; }

    /// <summary>
    /// The name that the servers' certificates must have. Null: for a contact point given by name, that name; for any other host its
    /// address.
    /// </summary>
    public string? HostName { get; set; }

    /// <summary>Whether the certificate must be for the host that was called. Turn it off only where certificates name no hosts.</summary>
    public bool CheckHost { get; set; } = true;
}
