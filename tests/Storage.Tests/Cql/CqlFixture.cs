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
/// <param name="messages">Only the tables of messages are written by the test, or all but those; null: any may be.</param>
internal sealed class CqlFixture(bool? messages = false) : IStoreFixture
{
    private static readonly HashSet<string> s_messageTables =
    [
        "messages", "channel_buckets", "nonces", "pins", "reactions", "reacted_messages", "deletion_days", "deleted_messages",
            "channel_deletions",
    ];

    private static readonly Lazy<Task<Place>> s_place = new(MakeAsync);
    private readonly TempDirectory _directory = new();

    /// <summary>The settings of a store in the tests' keyspace.</summary>
    public async Task<CqlStorageOptions> OptionsAsync(TimeProvider time)
    {
        var place = await s_place.Value;
        return new CqlStorageOptions
        {
            DataDirectory = _directory.Path,
            ContactPoints = [place.Address],
            Keyspace = place.Keyspace,
            ReplicationFactor = 1,
            Time = time,
        };
    }

    /// <summary>Empties the tables and opens the store.</summary>
    public async Task<CqlStorage> OpenAsync(TimeProvider time)
    {
        var options = await OptionsAsync(time);
        var place = await s_place.Value;
        // All that there may be something in: also one without a row may have deletions, which lie in the way of rows that are older than
        // they.
        await Task.WhenAll(place.Tables.Where(table => messages is null || s_messageTables.Contains(table) == messages)
            .Select(table => place.Session.ExecuteAsync($"TRUNCATE {table}").AsTask()));
        return await CqlStorage.OpenAsync(options);
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
        var select = new SimpleStatement("SELECT table_name FROM system_schema.tables WHERE keyspace_name = ?").Add(keyspace);
        List<string> tables = [];
        await foreach (var table in session.QueryAsync(select, static row => row.GetText(0)!))
        {
            if (!table.StartsWith("schema_", StringComparison.Ordinal)) tables.Add(table);
        }
        return new Place(server.Address, keyspace, session, tables);
    }

    private sealed record Place(string Address, string Keyspace, CqlSession Session, IReadOnlyList<string> Tables);
}
