using Discord.Actors;
using Discord.Cql;
using Discord.Kernel;
using Discord.Node.Configuration;
using Discord.Node.Ops;
using Discord.Node.Rest;
using Discord.Node.Rest.Interactions;
using Discord.Protocol;
using Discord.Storage;
using Discord.Storage.Cql;
using Discord.Storage.Sqlite;

namespace Discord.Node.Composition;

/// <summary>Brings up storage and the domain, and hangs them into the node: accounts for REST, sessions for the gateway, deeds for operators.</summary>
internal static class DomainStart
{
    public static async Task RunAsync(NodeServices services, CancellationToken cancellation)
    {
        IStorage storage = await OpenAsync(services, cancellation);
        services.Actors.CoordinatedShutdown.AddTask(CoordinatedShutdown.PhaseStorageClose, "storage", async _ => await storage.DisposeAsync());
        DomainOptions options = new() { PublicAddress = () => services.PublicUrl, RateLimits = services.Options.RateLimits.Enabled };
        options.Sessions.ResumeWindow = services.Options.Sessions.ResumeWindow;
        options.Sessions.MaxSessions = services.Options.Sessions.MaxSessions;
        options.Sessions.IdentifyConcurrency = services.Options.Sessions.IdentifyConcurrency;
        options.Sessions.IdentifiesPerDay = services.Options.Sessions.IdentifiesPerDay;
        Domain domain = Domain.Start(services.Actors, storage, new SnowflakeGenerator(0, 0, services.Time), services.Time, options);
        services.Domain = domain.Services;
        services.Authenticator = new TokenAuthenticator(storage.Accounts);
        services.Operator = new OperatorActions(domain.Services);
        services.Sessions = domain.Gateway;
        services.WebhookTokens.Add(new InteractionTokens(domain.Services));
    }

    private static async Task<IStorage> OpenAsync(NodeServices services, CancellationToken cancellation) =>
        services.Options.Storage.Store == Store.Cql
            ? await CqlStorage.OpenAsync(Cluster(services), cancellation)
            : await SqliteStorage.OpenAsync(OwnFile(services), cancellation);

    private static SqliteStorageOptions OwnFile(NodeServices services)
    {
        bool full = services.Options.Storage.Durability == Configuration.Durability.Full;
        return new SqliteStorageOptions
        {
            DataDirectory = services.Options.Storage.DataDirectory,
            Durability = full ? Storage.Sqlite.Durability.Full : Storage.Sqlite.Durability.Normal,
            Time = services.Time,
            LoggerFactory = services.Loggers,
        };
    }

    private static CqlStorageOptions Cluster(NodeServices services)
    {
        CqlStoreOptions cluster = services.Options.Storage.Cql;
        return new CqlStorageOptions
        {
            DataDirectory = services.Options.Storage.DataDirectory,
            ContactPoints = cluster.ContactPoints,
            Datacenter = cluster.Datacenter,
            Keyspace = cluster.Keyspace,
            Credentials = cluster.User is { } user ? new CqlCredentials(user, cluster.Password!) : null,
            Tls = cluster.Tls ? new CqlTlsOptions { CaFile = cluster.TlsCa } : null,
            ReplicationFactor = cluster.ReplicationFactor,
            Consistency = cluster.Consistency,
            Time = services.Time,
            LoggerFactory = services.Loggers,
        };
    }
}
