using Discord.Servers;

namespace Discord.Cql.Tests.Live;

/// <summary>A session on the real Cassandra, in a keyspace of its own that is dropped afterwards.</summary>
internal sealed class LiveSession : IAsyncDisposable
{
    private LiveSession(CqlSession session, string keyspace)
    {
        Session = session;
        Keyspace = keyspace;
    }

    public CqlSession Session { get; }

    public string Keyspace { get; }

    public static async Task<LiveSession> OpenAsync(Action<CqlOptions>? configure = null)
    {
        var server = await Cassandra.PlainAsync();
        var keyspace = Cassandra.NewKeyspace();
        await using (var maker = await CqlSession.ConnectAsync(new CqlOptions { ContactPoints = [server.Address] }))
        {
            await maker.ExecuteAsync(
                $"CREATE KEYSPACE {keyspace} WITH replication = {{'class': 'NetworkTopologyStrategy', 'dc1': 1}} "
                + "AND durable_writes = false");
        }
        var options = new CqlOptions { ContactPoints = [server.Address], LocalDatacenter = "dc1", Keyspace = keyspace };
        configure?.Invoke(options);
        return new LiveSession(await CqlSession.ConnectAsync(options), keyspace);
    }

    // The keyspace goes with its server, when the last test has ended.
    public ValueTask DisposeAsync() => Session.DisposeAsync();
}
