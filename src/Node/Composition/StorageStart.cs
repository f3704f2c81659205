using System.Text.Json;
using Discord.Cql;
using Discord.Kernel;
using Discord.Node.Configuration;
using Discord.Node.Ops;
using Discord.Storage;
using Discord.Storage.Cql;
using Discord.Storage.DataService;
using Discord.Storage.Migration;
using Discord.Storage.Sqlite;

namespace Discord.Node.Composition;

/// <summary>
/// Opens the node's storage: the store that its options name, in front of it what lets it be moved, and in front of that the data service.
/// </summary>
internal static class StorageStart
{
    public static async Task<IStorage> OpenAsync(NodeServices services, CancellationToken cancellation)
    {
        MirroredStorage store = new(await OpenStoreAsync(services, cancellation));
        IStorage? storage = null;
        try
        {
            services.Migration = await StorageMigration.OpenAsync(
                store, services.Options.Storage.DataDirectory, Targets(services), services.Time,
                services.Loggers.CreateLogger("Discord.Storage"), cancellation);
            storage = await OpenDataServiceAsync(services, store);
        }
        finally
        {
            if (storage is null)
            {
                await store.DisposeAsync();
            }
        }
        services.Actors.CoordinatedShutdown.AddTask(
            CoordinatedShutdown.PhaseStorageClose, "storage", async _ => await storage.DisposeAsync());
        return storage;
    }

    private static async Task<IStorage> OpenStoreAsync(NodeServices services, CancellationToken cancellation) =>
        services.Options.Storage.Store == Store.Cql
            ? await CqlStorage.OpenAsync(Cluster(services), cancellation)
            : await SqliteStorage.OpenAsync(OwnFile(services), cancellation);

    private static async Task<IStorage> OpenDataServiceAsync(NodeServices services, IStorage store)
    {
        StorageOptions options = services.Options.Storage;
        RedisCache? redis = options.Redis is { } address ? new RedisCache(address.Host, address.Port) : null;
        return await DataServiceStorage.OpenAsync(store, new DataServiceOptions
        {
            CacheBytes = (long)options.HotPages << 20,
            PartitionConcurrency = options.PartitionReads,
            Coalesce = options.CoalesceReads,
            Time = services.Time,
            LoggerFactory = services.Loggers,
        }, redis);
    }

    private static SqliteStorageOptions OwnFile(NodeServices services) => new()
    {
        DataDirectory = services.Options.Storage.DataDirectory,
        Durability = services.Options.Storage.Durability == Configuration.Durability.Full
            ? Storage.Sqlite.Durability.Full
            : Storage.Sqlite.Durability.Normal,
        Time = services.Time,
        LoggerFactory = services.Loggers,
    };

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

    private static MigrationTargets Targets(NodeServices services)
    {
        return new MigrationTargets(
            async (target, cancellation) => await CqlStorage.OpenAsync(TargetOptions(services, Read(target)), cancellation),
            async (target, cancellation) =>
            {
                CqlTarget trial = Read(target);
                return await CqlStorage.OpenScratchAsync(
                    TargetOptions(services, trial with { Keyspace = $"{trial.Keyspace}_dry_run" }), cancellation);
            },
            target => Describe(Read(target)),
            target => IsCurrent(services.Options.Storage, Read(target)));

        static CqlTarget Read(string target) => JsonSerializer.Deserialize(target, OpsJson.Wire.CqlTarget)!;
    }

    // Files stay where they are, so the target's own place for them is a directory that nothing is put into.
    private static CqlStorageOptions TargetOptions(NodeServices services, CqlTarget target) => new()
    {
        DataDirectory = Path.Combine(services.Options.Storage.DataDirectory, "migration-target"),
        ContactPoints = target.ContactPoints,
        Datacenter = target.Datacenter,
        Keyspace = target.Keyspace,
        Credentials = target.Username is { } user ? new CqlCredentials(user, target.Password ?? "") : null,
        Tls = target.Tls ? new CqlTlsOptions { CaFile = target.TlsCa } : null,
        ReplicationFactor = target.ReplicationFactor,
        Time = services.Time,
        LoggerFactory = services.Loggers,
    };

    private static string Describe(CqlTarget target) => $"keyspace {target.Keyspace} on {string.Join(", ", target.ContactPoints)}";

    private static bool IsCurrent(StorageOptions options, CqlTarget target) =>
        options.Store == Store.Cql && options.Cql.Keyspace == target.Keyspace
            && options.Cql.ContactPoints.Intersect(target.ContactPoints).Any();
}
