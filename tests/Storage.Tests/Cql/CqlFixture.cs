using System.Net;
using Discord.Cql;
using Discord.Servers;
using Discord.Storage.Cql;
using Discord.Storage.Tests.Contract;

namespace Discord.Storage.Tests.Cql;

/// <summary>
/// Tests on a real Cassandra, one after another: they share a keyspace, for making its tables takes the server seconds, and emptying them
/// milliseconds.
/// </summary>
[CollectionDefinition(Name)]
public sealed class CassandraCollection
{
    public const string Name = "Cassandra";
}

/// <summary>An empty store on a real Cassandra.</summary>
internal sealed class CqlFixture : IStoreFixture
{
    private static readonly Lazy<Task<Place>> s_place = new(MakeAsync);
    private readonly TempDirectory _directory = new();

    /// <summary>The settings of a store in the tests' keyspace.</summary>
    public Task<CqlStorageOptions> OptionsAsync(TimeProvider time) => OptionsAsync(time, _directory.Path);

    /// <summary>The settings of another store in the tests' keyspace, which may call the server in another way.</summary>
    public static async Task<CqlStorageOptions> OptionsAsync(TimeProvider time, string dataDirectory, string? contactPoint = null)
    {
        var place = await s_place.Value;
        return new CqlStorageOptions
        {
            DataDirectory = dataDirectory,
            ContactPoints = [contactPoint ?? place.Address],
            Keyspace = place.Keyspace,
            ReplicationFactor = 1,
            Time = time,
        };
    }

    /// <summary>Where the server is called.</summary>
    public static async Task<IPEndPoint> ServerAsync() => new(IPAddress.Parse((await s_place.Value).Address), CqlOptions.DefaultPort);

    /// <summary>Empties the tables and opens the store.</summary>
    public async Task<CqlStorage> OpenAsync(TimeProvider time)
    {
        var options = await OptionsAsync(time);
        var place = await s_place.Value;
        // A table that was written to: also one without a row may have deletions, which lie in the way of rows that are older than they.
        foreach (var table in await WrittenAsync(place))
            await place.Session.ExecuteAsync($"TRUNCATE {table}");
        return await CqlStorage.OpenAsync(options);
    }

    /// <summary>The tables that were written to since they were last asked about, by the server's own count. Emptying one costs it a
    /// flush.</summary>
    private static async Task<List<string>> WrittenAsync(Place place)
    {
        List<string> written = [];
        var select = new SimpleStatement("SELECT keyspace_name, table_name, count FROM system_views.local_write_latency");
        var counts = place.Session.QueryAsync(
            select, static row => (Keyspace: row.GetText(0), Table: row.GetText(1)!, Writes: row.GetInt64(2)));
        await foreach (var (keyspace, table, writes) in counts)
        {
            if (keyspace != place.Keyspace || table.StartsWith("schema_", StringComparison.Ordinal)) continue;
            if (place.Writes.GetValueOrDefault(table) != writes) written.Add(table);
            place.Writes[table] = writes;
        }
        return written;
    }

    /// <summary>A session in the tests' keyspace: how a test looks behind the interfaces.</summary>
    public static async Task<CqlSession> SessionAsync() => (await s_place.Value).Session;

    async ValueTask<IStorage> IStoreFixture.OpenAsync(TimeProvider time) => await OpenAsync(time);

    public void Dispose() => _directory.Dispose();

    private static async Task<Place> MakeAsync()
    {
        var server = await Cassandra.PlainAsync();
        var keyspace = Cassandra.NewKeyspace();
        await using (var maker = await CqlSession.ConnectAsync(new CqlOptions { ContactPoints = [server.Address] }))
        {
            // Not durable: what a test stores need not outlive it.
            await maker.ExecuteAsync(
                $"CREATE KEYSPACE {keyspace} WITH replication = {{'class': 'NetworkTopologyStrategy', 'dc1': 1}} "
                + "AND durable_writes = false");
        }
        using (var directory = new TempDirectory())
        {
            await using var making = await CqlStorage.OpenAsync(new CqlStorageOptions
            {
                DataDirectory = directory.Path,
                ContactPoints = [server.Address],
                Keyspace = keyspace,
                ReplicationFactor = 1,
            });
        }
        var session = await CqlSession.ConnectAsync(new CqlOptions { ContactPoints = [server.Address], Keyspace = keyspace });
        return new Place(server.Address, keyspace, session, []);
    }

    private sealed record Place(string Address, string Keyspace, CqlSession Session, Dictionary<string, long> Writes);
}
