using Discord.Actors;
using Discord.Kernel;
using Discord.Node.Configuration;
using Discord.Node.Ops;
using Discord.Node.Rest;
using Discord.Node.Rest.Interactions;
using Discord.Protocol;
using Discord.Storage;
using Discord.Storage.DataService;
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

    private static async Task<IStorage> OpenAsync(NodeServices services, CancellationToken cancellation)
    {
        StorageOptions options = services.Options.Storage;
        RedisCache? redis = options.Redis is { } address ? new RedisCache(address.Host, address.Port) : null;
        SqliteStorage sqlite = await OpenSqliteAsync(services, cancellation);
        try
        {
            return await DataServiceStorage.OpenAsync(sqlite, new DataServiceOptions
            {
                CacheBytes = (long)options.HotPages << 20,
                PartitionConcurrency = options.PartitionReads,
                Coalesce = options.CoalesceReads,
                Time = services.Time,
                LoggerFactory = services.Loggers,
            }, redis);
        }
        catch
        {
            await sqlite.DisposeAsync();
            throw;
        }
    }

    private static Task<SqliteStorage> OpenSqliteAsync(NodeServices services, CancellationToken cancellation)
    {
        bool full = services.Options.Storage.Durability == Configuration.Durability.Full;
        return SqliteStorage.OpenAsync(new SqliteStorageOptions
        {
            DataDirectory = services.Options.Storage.DataDirectory,
            Durability = full ? Storage.Sqlite.Durability.Full : Storage.Sqlite.Durability.Normal,
            Time = services.Time,
            LoggerFactory = services.Loggers,
        }, cancellation);
    }
}
