using System.Globalization;
using Discord.Cql.Tests.Topology;
using Discord.Cql.Wire;

namespace Discord.Cql.Tests.Server;

/// <summary>
/// What ScyllaDB's servers say beyond the protocol. No ScyllaDB runs here: these are its documents, played by the scripted server.
/// </summary>
public sealed class ScyllaTests
{
    private const int Shards = 4;

    [Fact]
    public async Task Each_shard_gets_a_connection_through_the_shard_aware_port()
    {
        await using var scylla = new Scylla();
        await using var session = await scylla.ConnectAsync();

        Assert.Equal([0, 1, 2, 3], scylla.OpenShards());
        Assert.All(scylla.ShardAware.Peers, peer => Assert.True(peer.Remote.Port >= 49152));
    }

    [Fact]
    public async Task Statement_goes_to_the_shard_that_owns_its_partition()
    {
        await using var scylla = new Scylla();
        await using var session = await scylla.ConnectAsync();
        var insert = await session.PrepareAsync("INSERT");
        var seen = new HashSet<int>();
        for (long key = 0; key < 40; key++)
        {
            var statement = insert.Bind(key);
            Assert.True(statement.TryGetToken(out var token));
            await session.ExecuteAsync(statement);

            var expected = (int)(((UInt128)((ulong)token + (1ul << 63)) * Shards) >> 64);
            Assert.Equal(expected, scylla.LastShard);
            seen.Add(expected);
        }
        Assert.Equal(Shards, seen.Count);
    }

    [Fact]
    public async Task Tablet_that_an_answer_tells_of_decides_the_shard_of_the_next_statement()
    {
        await using var scylla = new Scylla();
        await using var session = await scylla.ConnectAsync();
        var insert = await session.PrepareAsync("INSERT");
        Assert.True(insert.Bind(1L).TryGetToken(out var token));
        scylla.Hint = ShardingTests.Payload(token - 1, token, (scylla.Server.HostId, 3));
        await session.ExecuteAsync(insert.Bind(1L));
        scylla.Hint = null;

        await session.ExecuteAsync(insert.Bind(1L));

        Assert.Equal(3, scylla.LastShard);
    }

    [Fact]
    public async Task Connections_that_come_out_at_wrong_shards_are_kept_where_they_came_out()
    {
        // As behind a translation of ports: the local port does not decide.
        await using var scylla = new Scylla { Translated = true };
        await using var session = await scylla.ConnectAsync();

        Assert.Equal([0, 1, 2, 3], scylla.OpenShards());
    }

    private sealed class Scylla : IAsyncDisposable
    {
        private readonly Dictionary<ScriptedServer.Peer, int> _shards = [];
        private int _next;

        public Scylla()
        {
            foreach (var server in (ScriptedServer[])[Server, ShardAware])
            {
                server.Supported = Supported;
                server.OnRequest = Answer;
            }
        }

        public ScriptedServer Server { get; } = new();

        public ScriptedServer ShardAware { get; } = new();

        public bool Translated { get; init; }

        public byte[]? Hint { get; set; }

        public int LastShard { get; private set; } = -1;

        public int[] OpenShards()
        {
            var peers = ShardAware.Peers.Concat(Server.Peers);
            lock (_shards) return [.. peers.Where(_shards.ContainsKey).Select(peer => _shards[peer]).Distinct().Order()];
        }

        public async Task<CqlSession> ConnectAsync()
        {
            var session = await CqlSession.ConnectAsync(Server.Options());
            await Pulse.UntilAsync(() => session.Cluster.State.Hosts[0].Pool.Connections == Shards);
            return session;
        }

        public async ValueTask DisposeAsync()
        {
            await Server.DisposeAsync();
            await ShardAware.DisposeAsync();
        }

        private Dictionary<string, string[]> Supported(ScriptedServer.Peer peer)
        {
            int shard;
            lock (_shards)
            {
                shard = ShardAware.Peers.Contains(peer) && !Translated ? peer.Remote.Port % Shards : _next++ % Shards;
                _shards[peer] = shard;
            }
            return new()
            {
                ["SCYLLA_SHARD"] = [shard.ToString(CultureInfo.InvariantCulture)],
                ["SCYLLA_NR_SHARDS"] = [Shards.ToString(CultureInfo.InvariantCulture)],
                ["SCYLLA_SHARDING_IGNORE_MSB"] = ["0"],
                ["SCYLLA_SHARDING_ALGORITHM"] = ["biased-token-round-robin"],
                ["SCYLLA_SHARD_AWARE_PORT"] = [ShardAware.Address.Port.ToString(CultureInfo.InvariantCulture)],
                ["TABLETS_ROUTING_V1"] = [],
            };
        }

        private bool Answer(ScriptedServer.Request request)
        {
            if (request.Opcode == Opcode.Prepare)
            {
                request.AnswerPrepared(1, ("a", CqlType.Of(CqlTypeCode.Bigint)));
                return true;
            }
            lock (_shards) LastShard = _shards[request.Peer];
            if (Hint is not { } hint)
            {
                request.AnswerVoid();
                return true;
            }
            var body = Bodies.Write((ref WireWriter writer) =>
            {
                writer.Short(1);
                writer.String("tablets-routing-v1");
                writer.Bytes(hint);
                writer.Raw(Bodies.Void);
            });
            request.Answer(Opcode.Result, body, FrameFlags.CustomPayload);
            return true;
        }
    }
}
