using System.Net;
using Discord.Cql;

namespace Discord.Node.Configuration;

/// <summary>
/// Every option with its default and its check, in the order of the help. A new option is a line here and a property in
/// <see cref="NodeOptions"/>; see docs/recipes/add-an-option.md.
/// </summary>
public static class OptionTable
{
    /// <summary>All options.</summary>
    public static IReadOnlyList<Option> All { get; } =
    [
        new("port", "PORT", "8080", "Port of the API and the gateway; 0 takes a free one.",
            (o, text) => o.Listen.Port = OptionText.Int(text, 0, 65535)),
        new("bind", "ADDRESS", "127.0.0.1", "Address to listen on; * is every address of the machine.",
            (o, text) => o.Listen.Bind = OptionText.Address(text)),
        new("public-url", "URL", "the listener's", "What clients are told to connect to when a proxy stands in front.",
            (o, text) => o.Listen.PublicUrl = OptionText.Url(text)),
        new("tls-cert", "FILE", "none", "PEM file with the certificate chain; needs --tls-key.",
            (o, text) => o.Listen.TlsCertificate = OptionText.ExistingFile(text)),
        new("tls-key", "FILE", "none", "PEM file with the private key; needs --tls-cert.",
            (o, text) => o.Listen.TlsKey = OptionText.ExistingFile(text)),
        new("trusted-proxies", "LIST", "none", "Proxies whose X-Forwarded-For and X-Forwarded-Proto are believed.",
            (o, text) => o.Listen.TrustedProxies = OptionText.Networks(text)),
        new("max-connections", "N", "65536",
            "Open connections at most, fewer where the file descriptors do not suffice; further ones are closed at once.",
            (o, text) => o.Listen.MaxConnections = OptionText.Int(text, 1, 1_000_000)),
        new("ops-port", "PORT", "9110", "Port of the operator's endpoint; 0 takes a free one.",
            (o, text) => o.Ops.Port = OptionText.Int(text, 0, 65535)),
        new("ops-bind", "ADDRESS", "127.0.0.1", "Loopback address of the operator's endpoint; it is never open to the world.",
            (o, text) => o.Ops.Bind = Loopback(text)),
        new("data-dir", "DIR", "./data", "Directory of everything the node keeps; created when missing.",
            (o, text) => o.Storage.DataDirectory = OptionText.Directory(text)),
        new("durability", "full|normal", "full",
            "What an acknowledged write survives: full a power cut, normal only the end of the process.",
            (o, text) => o.Storage.Durability = OptionText.Choice(text, ("full", Durability.Full), ("normal", Durability.Normal))),
        new("store", "sqlite|cql", "sqlite",
            "Where messages, journals and accounts lie: a file of --data-dir, or a cluster of Apache Cassandra or ScyllaDB.",
            (o, text) => o.Storage.Store = OptionText.Choice(text, ("sqlite", Store.Sqlite), ("cql", Store.Cql))),
        new("cql-contact-points", "LIST", "none",
            "Hosts of the cluster to begin with, divided by commas, each with a port if it is not 9042.",
            (o, text) => o.Storage.Cql.ContactPoints = CqlStoreOptions.Points(text)),
        new("cql-datacenter", "NAME", "dc1", "Data centre of the cluster whose hosts are asked.",
            (o, text) => o.Storage.Cql.Datacenter = CqlStoreOptions.DatacenterName(text)),
        new("cql-keyspace", "NAME", "discord", "Keyspace of the tables; created when missing.",
            (o, text) => o.Storage.Cql.Keyspace = CqlStoreOptions.KeyspaceName(text)),
        new("cql-user", "NAME", "none", "Login at the cluster; needs --cql-password.",
            (o, text) => o.Storage.Cql.User = CqlStoreOptions.Login(text)),
        new("cql-password", "SECRET", "none", "Password of the login; never as a flag, which every user of the machine can see.",
            (o, text) => o.Storage.Cql.Password = CqlStoreOptions.Login(text)) { Secret = true },
        new("cql-tls", "on|off", "off", "Whether the cluster is reached over TLS.",
            (o, text) => o.Storage.Cql.Tls = OptionText.Choice(text, ("on", true), ("off", false))),
        new("cql-tls-ca", "FILE", "none", "PEM file with the certificates that vouch for the cluster's hosts; without it the system's do.",
            (o, text) => o.Storage.Cql.TlsCa = OptionText.ExistingFile(text)),
        new("cql-replication-factor", "N", "3", "Replicas in the data centre, for a keyspace that is created.",
            (o, text) => o.Storage.Cql.ReplicationFactor = OptionText.Int(text, 1, 32)),
        new("cql-consistency", "local_quorum|quorum", "local_quorum",
            "How many replicas must answer: a majority in the data centre, or of all.",
            (o, text) => o.Storage.Cql.Consistency = OptionText.Choice(
                text, ("local_quorum", ConsistencyLevel.LocalQuorum), ("quorum", ConsistencyLevel.Quorum))),
        new("hot-pages", "MIB", "64", "MiB of memory for the newest messages of busy channels; 0 keeps none.",
            (o, text) => o.Storage.HotPages = OptionText.Int(text, 0, 1_048_576)),
        new("partition-reads", "N", "4", "Queries at the same time in one partition of messages (ten days of a channel).",
            (o, text) => o.Storage.PartitionReads = OptionText.Int(text, 1, 1_024)),
        new("coalesce-reads", "on|off", "on", "Whether identical reads in flight share one query; off only to compare.",
            (o, text) => o.Storage.CoalesceReads = OptionText.Choice(text, ("on", true), ("off", false))),
        new("redis", "HOST:PORT", "none", "A Redis that carries the hot pages over a restart; nothing else depends on it.",
            (o, text) => o.Storage.Redis = OptionText.HostAndPort(text)),
        new("rate-limits", "on|off", "on", "Whether the API and the gateway limit their clients.",
            (o, text) => o.RateLimits.Enabled = OptionText.Choice(text, ("on", true), ("off", false))),
        new("global-rate-limit", "N", "50", "Requests per second for each account, and for each address without one.",
            (o, text) => o.RateLimits.GlobalPerSecond = OptionText.Int(text, 1, 1_000_000)),
        new("invalid-request-limit", "N", "10000", "401, 403 and 429 answers per address in ten minutes.",
            (o, text) => o.RateLimits.InvalidPerTenMinutes = OptionText.Int(text, 1, 10_000_000)),
        new("max-sessions", "N", "100000", "Gateway sessions at the same time, open or waiting for a resume.",
            (o, text) => o.Sessions.MaxSessions = OptionText.Int(text, 1, 10_000_000)),
        new("resume-window", "TIME", "3m", "How long a session without a socket can be resumed.",
            (o, text) => o.Sessions.ResumeWindow = OptionText.Duration(text, TimeSpan.FromSeconds(1), TimeSpan.FromHours(1))),
        new("heartbeat-interval", "TIME", "41250ms", "Heartbeat interval that gateway clients are told.",
            (o, text) => o.Sessions.HeartbeatInterval = OptionText.Duration(text, TimeSpan.FromMilliseconds(500), TimeSpan.FromMinutes(5))),
        new("identify-concurrency", "N", "16", "IDENTIFYs of a bot within five seconds (max_concurrency).",
            (o, text) => o.Sessions.IdentifyConcurrency = OptionText.Int(text, 1, 100_000)),
        new("identifies-per-day", "N", "2000", "IDENTIFYs of a bot in a day.",
            (o, text) => o.Sessions.IdentifiesPerDay = OptionText.Int(text, 1, 10_000_000)),
        new("log-format", "text|json", "text", "Shape of log lines on standard output.",
            (o, text) => o.Telemetry.LogFormat = OptionText.Choice(text, ("text", LogFormat.Text), ("json", LogFormat.Json))),
        new("log-level", "LEVEL", "information", "Least level that is logged: trace, debug, information, warning, error, critical or none.",
            (o, text) => o.Telemetry.LogLevel = Level(text)),
        new("otlp-endpoint", "URL", "none", "Where metrics are sent by OTLP (gRPC), for example http://127.0.0.1:4317.",
            (o, text) => o.Telemetry.OtlpEndpoint = OptionText.Url(text)),
        new("shutdown-timeout", "TIME", "10s", "The most that a clean exit takes after SIGTERM.",
            (o, text) => o.ShutdownTimeout = OptionText.Duration(text, TimeSpan.FromMilliseconds(100), TimeSpan.FromMinutes(10))),
    ];

    /// <summary>Reads the name of a log level.</summary>
    /// <exception cref="FormatException">There is no such level.</exception>
    public static LogLevel Level(string text) => OptionText.Choice(
        text, ("trace", LogLevel.Trace), ("debug", LogLevel.Debug), ("information", LogLevel.Information), ("warning", LogLevel.Warning),
        ("error", LogLevel.Error), ("critical", LogLevel.Critical), ("none", LogLevel.None));

    private static IPAddress Loopback(string text) =>
        OptionText.Address(text) is var address && IPAddress.IsLoopback(address)
            ? address
            : throw new FormatException("must be a loopback address such as 127.0.0.1 or ::1, since whoever reaches it operates the node");
}
