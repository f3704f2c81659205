using System.Collections.Concurrent;
using Discord.Cql;
using Discord.Servers;
using Discord.Storage.Cql;

namespace Discord.Storage.Tests.Cql;

/// <summary>
/// An empty store on a real Cassandra. A test class has a keyspace of its own, made once in a run and emptied before each test: making tables
/// takes the server a second or two, emptying those that a class writes some milliseconds.
/// </summary>
internal sealed class CqlFixture(Type test) : IDisposable
{
    private static readonly ConcurrentDictionary<Type, Lazy<Task<Place>>> s_places = new();
    private readonly TempDirectory _directory = new();

    /// <summary>The settings of a store in the class's keyspace, which is not emptied.</summary>
    public async Task<CqlStorageOptions> OptionsAsync(TimeProvider time)
    {
        var place = await s_places.GetOrAdd(test, _ => new(MakeAsync)).Value;
        return new CqlStorageOptions
        {
            DataDirectory = _directory.Path,
            ContactPoints = [place.Server.Address],
            Keyspace = place.Keyspace,
            ReplicationFactor = 1,
            Time = time,
        };
    }

    /// <summary>Opens the store with its tables empty.</summary>
    public async Task<CqlStorage> OpenAsync(TimeProvider time)
    {
        var options = await OptionsAsync(time);
        await (await s_places[test].Value).EmptyAsync();
        return await CqlStorage.OpenAsync(options);
    }

    /// <summary>Runs a statement in the class's keyspace: how a test looks behind the interfaces.</summary>
    public async Task<RowSet> RunAsync(string statement) => await (await s_places[test].Value).Session.ExecuteAsync(statement);

    public void Dispose() => _directory.Dispose();

    private static async Task<Place> MakeAsync()
    {
        var server = await Cassandra.PlainAsync();
        var keyspace = Cassandra.NewKeyspace();
        await using (var maker = await CqlSession.ConnectAsync(new CqlOptions { ContactPoints = [server.Address] }))
        {
            // Not durable: the tables are emptied all the time, and what a test stores need not outlive it.
            await maker.ExecuteAsync(
                $"CREATE KEYSPACE {keyspace} WITH replication = {{'class': 'NetworkTopologyStrategy', 'dc1': 1}} AND durable_writes = false");
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
        return new Place(server, keyspace, session);
    }

    private sealed class Place(Cassandra server, string keyspace, CqlSession session)
    {
        private readonly HashSet<string> _written = [];

        public Cassandra Server => server;

        public string Keyspace => keyspace;

        public CqlSession Session => session;

        /// <summary>Empties the tables that have been written since they were emptied last.</summary>
        public async Task EmptyAsync()
        {
            var select = new SimpleStatement("SELECT table_name FROM system_schema.tables WHERE keyspace_name = ?").Add(keyspace);
            List<string> tables = [];
            await foreach (var table in session.QueryAsync(select, static row => row.GetText(0)!)) tables.Add(table);
            await Task.WhenAll(tables.Where(table => !table.StartsWith("schema_", StringComparison.Ordinal)).Select(EmptyAsync));
        }

        // Deletions leave no row that could be seen, but lie in the way of rows that are older than they.
        private async Task EmptyAsync(string table)
        {
            if (!_written.Contains(table))
            {
                using var rows = await session.ExecuteAsync($"SELECT * FROM {table} LIMIT 1");
                if (rows.Count == 0) return;
                lock (_written) _written.Add(table);
            }
            await session.ExecuteAsync($"TRUNCATE {table}");
        }
    }
}
