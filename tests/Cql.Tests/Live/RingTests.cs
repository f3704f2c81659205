using Discord.Cql.Tests.Server;
using Discord.Servers;

namespace Discord.Cql.Tests.Live;

/// <summary>Three real nodes: which of them is asked, and one is killed.</summary>
public sealed class RingTests
{
    private const int Writers = 16;

    [Fact]
    public async Task Statements_go_to_the_node_that_the_servers_call_the_owner()
    {
        var ring = await Cassandra.RingAsync();
        var keyspace = Cassandra.NewKeyspace();
        await using var session = await ConnectAsync(ring);
        await session.ExecuteAsync($"CREATE KEYSPACE {keyspace} WITH replication = {{'class': 'NetworkTopologyStrategy', 'dc1': 1}}");
        await session.ExecuteAsync($"CREATE TABLE {keyspace}.t (k bigint PRIMARY KEY)");
        var select = await session.PrepareAsync($"SELECT k FROM {keyspace}.t WHERE k = ?");
        await Pulse.UntilAsync(() => session.Cluster.State.Tokens.Replicas(keyspace, 0).Length == 1);

        HashSet<string> asked = [];
        for (long key = 0; key < 12; key++)
        {
            using var answer = await session.ExecuteAsync(select.Bind(key));
            var owner = (await ring.NodetoolAsync("getendpoints", keyspace, "t", $"{key}")).Trim();
            Assert.Equal(owner, answer.Host!.Address.ToString());
            asked.Add(owner);
        }
        Assert.True(asked.Count > 1, "One node owned all keys: nothing was shown.");
    }

    [Fact]
    public async Task Writes_go_on_without_a_failure_while_a_node_is_killed_and_comes_back()
    {
        var ring = await Cassandra.RingAsync();
        var keyspace = Cassandra.NewKeyspace();
        await using var session = await ConnectAsync(ring);
        await session.ExecuteAsync($"CREATE KEYSPACE {keyspace} WITH replication = {{'class': 'NetworkTopologyStrategy', 'dc1': 3}}");
        await session.ExecuteAsync($"CREATE TABLE {keyspace}.t (k bigint PRIMARY KEY)");
        var insert = await session.PrepareAsync(
            $"INSERT INTO {keyspace}.t (k) VALUES (?)", new CqlStatementOptions { IsIdempotent = true });
        using var stop = new CancellationTokenSource();
        long written = 0;
        var writers = Enumerable.Range(0, Writers).Select(async _ =>
        {
            while (!stop.IsCancellationRequested)
            {
                await session.ExecuteAsync(insert.Bind(Interlocked.Increment(ref written)));
                Pulse.Beat();
            }
        }).ToArray();

        await MoreAsync(1000);
        await ring.KillAsync(ring.First + 1);
        await Pulse.UntilAsync(() => session.Cluster.State.Hosts.Count(host => host.IsUp) == 2);
        await MoreAsync(1000);
        await ring.ResumeAsync(ring.First + 1);
        await FaultTests.ConnectedAsync(session, 3);
        await MoreAsync(1000);
        await stop.CancelAsync();
        await Task.WhenAll(writers);

        long read = 0;
        await foreach (var _ in session.QueryAsync(new SimpleStatement($"SELECT k FROM {keyspace}.t"), row => row.GetInt64(0))) read++;
        Assert.Equal(written, read);

        Task MoreAsync(int count)
        {
            var from = Volatile.Read(ref written);
            return Pulse.UntilAsync(() => Volatile.Read(ref written) >= from + count || writers.Any(writer => writer.IsFaulted));
        }
    }

    // All nodes are up when it returns.
    private static async Task<CqlSession> ConnectAsync(Cassandra ring)
    {
        var session = await CqlSession.ConnectAsync(new CqlOptions
        {
            ContactPoints = [ring.Address],
            LocalDatacenter = "dc1",
            ConnectTimeout = TimeSpan.FromSeconds(20),
            LoggerFactory = Pulse.Logs,
        });
        await FaultTests.ConnectedAsync(session, 3);
        return session;
    }
}
