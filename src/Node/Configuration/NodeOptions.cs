using System.Net;

namespace Discord.Node.Configuration;

/// <summary>Everything a node can be told at start. <see cref="OptionTable"/> knows how each is given and checked.</summary>
public sealed class NodeOptions
{
    /// <summary>Where clients reach the node.</summary>
    public ListenOptions Listen { get; } = new();

    /// <summary>The operator's endpoint.</summary>
    public OpsOptions Ops { get; } = new();

    /// <summary>Where and how safely data is kept.</summary>
    public StorageOptions Storage { get; } = new();

    /// <summary>Limits of the REST API.</summary>
    public RateLimitOptions RateLimits { get; } = new();

    /// <summary>Limits of gateway sessions.</summary>
    public SessionOptions Sessions { get; } = new();

    /// <summary>Logs and telemetry.</summary>
    public TelemetryOptions Telemetry { get; } = new();

    /// <summary>The most that a clean exit takes after SIGTERM. Ten seconds: below the thirty that Kubernetes allows by default.</summary>
    public TimeSpan ShutdownTimeout { get; set; } = TimeSpan.FromSeconds(10);
}

/// <summary>Where clients reach the node.</summary>
public sealed class ListenOptions
{
    /// <summary>Port of the API and the gateway; 0 takes a free one.</summary>
    public int Port { get; set; } = 8080;

    /// <summary>Address to listen on. Loopback unless told otherwise: nobody opens a server to the world by accident.</summary>
    public IPAddress Bind { get; set; } = IPAddress.Loopback;

    /// <summary>
    /// What clients are told to connect to, behind a proxy for example <c>https://chat.example.org</c>; null derives it from the listener.
    /// </summary>
    public Uri? PublicUrl { get; set; }

    /// <summary>PEM file with the certificate chain; null serves plain HTTP.</summary>
    public string? TlsCertificate { get; set; }

    /// <summary>PEM file with the private key.</summary>
    public string? TlsKey { get; set; }

    /// <summary>Proxies whose X-Forwarded-For and X-Forwarded-Proto are believed, as addresses or networks.</summary>
    public IReadOnlyList<IPNetwork> TrustedProxies { get; set; } = [];

    /// <summary>Open connections at most; further ones are closed at once. 16 KiB each make 1 GiB.</summary>
    public int MaxConnections { get; set; } = 65_536;
}

/// <summary>The operator's endpoint.</summary>
public sealed class OpsOptions
{
    /// <summary>Its port; 0 takes a free one.</summary>
    public int Port { get; set; } = 9110;

    /// <summary>Its address, always a loopback one.</summary>
    public IPAddress Bind { get; set; } = IPAddress.Loopback;
}

/// <summary>How safe an acknowledged write is.</summary>
public enum Durability
{
    /// <summary>Survives a power cut: every commit is synced to the disk.</summary>
    Full,

    /// <summary>Survives <c>kill -9</c>; the last moments may go with the power.</summary>
    Normal,
}

/// <summary>Where messages, journals and accounts lie.</summary>
public enum Store
{
    /// <summary>In a file of the data directory.</summary>
    Sqlite,

    /// <summary>On a cluster of Apache Cassandra or ScyllaDB.</summary>
    Cql,
}

/// <summary>Where and how safely data is kept.</summary>
public sealed class StorageOptions
{
    /// <summary>Where messages, journals and accounts lie. In a file unless told otherwise: nothing else has to run.</summary>
    public Store Store { get; set; } = Store.Sqlite;

    /// <summary>The cluster, for <see cref="Store.Cql"/>.</summary>
    public CqlStoreOptions Cql { get; } = new();

    /// <summary>The directory of everything the node keeps. Created when missing.</summary>
    public string DataDirectory { get; set; } = Path.GetFullPath("data");

    /// <summary>How safe an acknowledged write is.</summary>
    public Durability Durability { get; set; } = Durability.Full;

    /// <summary>
    /// MiB of memory for the newest messages of busy channels. 64 hold about 1,500 channels, a few percent of a node's memory. 0 keeps
    /// none.
    /// </summary>
    public int HotPages { get; set; } = 64;

    /// <summary>
    /// Queries at the same time in one partition of messages. Four: a partition lives on few of a database's cores, and more would only
    /// wait there, in front of everybody else's.
    /// </summary>
    public int PartitionReads { get; set; } = 4;

    /// <summary>Whether identical reads in flight share one query. Off only to compare.</summary>
    public bool CoalesceReads { get; set; } = true;

    /// <summary>A Redis that carries hot pages over a restart; null carries none. Nothing else depends on it.</summary>
    public DnsEndPoint? Redis { get; set; }
}

/// <summary>Limits of gateway sessions.</summary>
public sealed class SessionOptions
{
    /// <summary>Sessions at the same time, open or waiting for a resume.</summary>
    public int MaxSessions { get; set; } = 100_000;

    /// <summary>How long a session without a socket can be resumed.</summary>
    public TimeSpan ResumeWindow { get; set; } = TimeSpan.FromMinutes(3);

    /// <summary>Heartbeat interval that clients are told. Discord's own number.</summary>
    public TimeSpan HeartbeatInterval { get; set; } = TimeSpan.FromMilliseconds(41_250);

    /// <summary>IDENTIFYs of a bot that may run at the same time in five seconds (<c>max_concurrency</c>).</summary>
    public int IdentifyConcurrency { get; set; } = 16;

    /// <summary>IDENTIFYs of a bot in a day.</summary>
    public int IdentifiesPerDay { get; set; } = 2_000;
}

/// <summary>The shape of log lines.</summary>
public enum LogFormat
{
    /// <summary>One line for people.</summary>
    Text,

    /// <summary>One JSON object per line for machines.</summary>
    Json,
}

/// <summary>Logs and telemetry.</summary>
public sealed class TelemetryOptions
{
    /// <summary>The shape of log lines.</summary>
    public LogFormat LogFormat { get; set; } = LogFormat.Text;

    /// <summary>The least level that is logged; can be changed while the node runs (<c>pbm log level</c>).</summary>
    public LogLevel LogLevel { get; set; } = LogLevel.Information;

    /// <summary>Where metrics are sent by OTLP; null sends nothing.</summary>
    public Uri? OtlpEndpoint { get; set; }
}
