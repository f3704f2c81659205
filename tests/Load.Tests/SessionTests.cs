using System.Net;
using System.Net.Sockets;
using System.Text;
using Discord.Load.Engine;

namespace Discord.Load.Tests;

/// <summary>A session against a scripted gateway that cuts its stream wherever it likes.</summary>
public class SessionTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(100_000)]
    public async Task Session_counts_the_same_however_the_stream_is_cut(int step)
    {
        await using var peer = new Peer(step);
        var connection = await peer.AcceptAsync();
        await connection.SendAsync(Text("""{"op":10,"d":{"heartbeat_interval":60000},"s":null,"t":null}"""));
        Assert.Contains("\"op\":2", await connection.ReceiveAsync());
        await connection.SendAsync(Text(
            """{"op":0,"s":1,"t":"READY","d":{"session_id":"abc","guilds":[{"id":"1","unavailable":true},{"id":"2"}]}}"""));
        await connection.SendAsync(Text($$$"""{"op":0,"s":2,"t":"GUILD_CREATE","d":{"id":"1","x":"{{{new string('g', 3000)}}}"}}"""));
        await peer.Events.Live.Task.WaitAsync(Limit);

        byte[] message = Encoding.ASCII.GetBytes($$$"""{"op":0,"s":3,"t":"MESSAGE_CREATE","d":{"content":"{{{new string('m', 400)}}}"}}""");
        await connection.SendAsync(Frame(0x81, message));
        // A message in two fragments, a ping between them and a heartbeat's answer after.
        await connection.SendAsync([.. Frame(0x01, message[..50]), .. Frame(0x89, [1, 2, 3]), .. Frame(0x80, message[50..])]);
        await connection.SendAsync(Text("""{"op":11,"d":null,"s":null,"t":null}"""));
        Assert.True(await Task.Run(() => peer.Goal.WaitFor(2, Limit)));
        Assert.Equal("\u0001\u0002\u0003", await connection.ReceiveAsync());

        await connection.SendAsync(Frame(0x88, [0x0F, 0xAE, .. "no"u8]));
        string reason = await peer.Events.Failed.Task.WaitAsync(Limit);
        Assert.Contains("4014 (no)", reason);
        Assert.Contains("--intents", reason);
        Assert.Equal(2, peer.Goal.Total);
        Assert.Equal(4, peer.Session.Sequence);
        Assert.Equal(2 * message.Length, peer.Loop.Deliveries.Bytes);
    }

    [Fact]
    public async Task Heartbeats_go_out_with_the_last_sequence_number()
    {
        await using var peer = new Peer(100_000);
        var connection = await peer.AcceptAsync();
        await connection.SendAsync(Text("""{"op":10,"d":{"heartbeat_interval":20},"s":null,"t":null}"""));
        Assert.Contains("\"op\":2", await connection.ReceiveAsync());
        await connection.SendAsync(Text("""{"op":0,"s":1,"t":"READY","d":{"session_id":"abc","guilds":[]}}"""));
        string beat;
        do
        {
            beat = await connection.ReceiveAsync();
        }
        while (beat == """{"op":1,"d":null}""");
        Assert.Equal("""{"op":1,"d":1}""", beat);
        Assert.Equal("""{"op":1,"d":1}""", await connection.ReceiveAsync());
    }

    [Fact]
    public async Task Resume_tells_the_place_and_counts_the_replay()
    {
        await using var peer = new Peer(100_000);
        var connection = await peer.AcceptAsync();
        await connection.SendAsync(Text("""{"op":10,"d":{"heartbeat_interval":60000},"s":null,"t":null}"""));
        await connection.ReceiveAsync();
        await connection.SendAsync(Text("""{"op":0,"s":1,"t":"READY","d":{"session_id":"abc","guilds":[]}}"""));
        await peer.Events.Live.Task.WaitAsync(Limit);

        peer.Events.Live = new(TaskCreationOptions.RunContinuationsAsynchronously);
        await peer.Loop.RunAsync(() =>
        {
            peer.Session.Cut();
            peer.Session.Resume();
        });
        connection = await peer.AcceptAsync();
        await connection.SendAsync(Text("""{"op":10,"d":{"heartbeat_interval":60000},"s":null,"t":null}"""));
        string resume = await connection.ReceiveAsync();
        Assert.Contains("\"session_id\":\"abc\",\"seq\":1", resume);
        await connection.SendAsync(Text($$$"""{"op":0,"s":2,"t":"MESSAGE_CREATE","d":{"content":"{{{new string('m', 400)}}}"}}"""));
        await connection.SendAsync(Text("""{"op":0,"s":3,"t":"RESUMED","d":{}}"""));
        await peer.Events.Live.Task.WaitAsync(Limit);
        // Deliveries are added up once for what one pass of the loop read, after its events.
        Assert.True(await Task.Run(() => peer.Goal.WaitFor(1, Limit)));
        Assert.Equal((1, 3), (peer.Goal.Total, peer.Session.Sequence));
    }

    [Fact]
    public async Task Session_that_may_not_resume_fails_with_the_reason()
    {
        await using var peer = new Peer(100_000);
        var connection = await peer.AcceptAsync();
        await connection.SendAsync(Text("""{"op":10,"d":{"heartbeat_interval":60000},"s":null,"t":null}"""));
        await connection.SendAsync(Text("""{"op":9,"d":false,"s":null,"t":null}"""));
        Assert.Contains("op 9", await peer.Events.Failed.Task.WaitAsync(Limit));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(100_000)]
    public async Task Compressed_session_is_live_after_its_last_guild(int step)
    {
        await using var peer = new Peer(step, "/?v=10&compress=zlib-stream", expectedGuilds: 1);
        var connection = await peer.AcceptAsync();
        // A message may take more than one frame; it is whole when the flush marker has come.
        await connection.SendAsync(Frame(0x82, [1, 2, 3, 0, 0, 0xFF, 0xFF]));
        Assert.Contains("\"op\":2", await connection.ReceiveAsync());
        await connection.SendAsync([.. Frame(0x82, [4, 5]), .. Frame(0x82, [6, 0, 0, 0xFF, 0xFF])]);
        await connection.SendAsync(Frame(0x89, [7]));
        await connection.ReceiveAsync();
        Assert.Equal(SessionState.Starting, peer.Session.State);
        await connection.SendAsync(Frame(0x82, [8, 9, 0, 0, 0xFF, 0xFF]));
        await peer.Events.Live.Task.WaitAsync(Limit);
    }

    private static byte[] Text(string text) => Frame(0x81, Encoding.UTF8.GetBytes(text));

    private static byte[] Frame(byte first, byte[] payload) => payload.Length < 126
        ? [first, (byte)payload.Length, .. payload]
        : [first, 126, (byte)(payload.Length >> 8), (byte)payload.Length, .. payload];

    private sealed class Events : ISessionEvents
    {
        public TaskCompletionSource Live { get; set; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public TaskCompletionSource<string> Failed { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public void OnLive(Session session) => Live.TrySetResult();

        public void OnFailed(Session session, string reason) => Failed.TrySetResult(reason);
    }

    private sealed class Peer : IAsyncDisposable
    {
        private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
        private readonly int _step;
        private readonly List<Connection> _connections = [];

        public Peer(int step, string path = "/?v=10", int expectedGuilds = 0)
        {
            _step = step;
            _listener.Start();
            Loop.Deliveries.Goal = Goal;
            var at = (IPEndPoint)_listener.LocalEndpoint;
            var settings = new SessionSettings(at, at.ToString(), path, 513, path.Contains("compress"), expectedGuilds);
            Session = new Session(Loop, settings, "token", Events);
            Loop.Post(Session.Start);
        }

        public Events Events { get; } = new();

        public EventLoop Loop { get; } = new(0);

        public DeliveryGoal Goal { get; } = new();

        public Session Session { get; }

        public async Task<Connection> AcceptAsync()
        {
            var client = await _listener.AcceptTcpClientAsync().WaitAsync(Limit);
            client.NoDelay = true;
            var connection = new Connection(client, _step);
            _connections.Add(connection);
            await connection.UpgradeAsync();
            return connection;
        }

        public ValueTask DisposeAsync()
        {
            Loop.Dispose();
            Goal.Dispose();
            foreach (var connection in _connections) connection.Dispose();
            _listener.Dispose();
            return ValueTask.CompletedTask;
        }
    }

    private sealed class Connection(TcpClient client, int step) : IDisposable
    {
        private readonly NetworkStream _stream = client.GetStream();

        public async Task UpgradeAsync()
        {
            var head = new StringBuilder();
            var one = new byte[1];
            while (!head.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal))
            {
                await _stream.ReadExactlyAsync(one).AsTask().WaitAsync(Limit);
                head.Append((char)one[0]);
            }
            Assert.StartsWith("GET /?v=10", head.ToString());
            await SendAsync(Encoding.ASCII.GetBytes("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n\r\n"));
        }

        public async Task SendAsync(byte[] bytes)
        {
            for (int at = 0; at < bytes.Length; at += step) await _stream.WriteAsync(bytes.AsMemory(at, Math.Min(step, bytes.Length - at)));
        }

        // One client frame's payload.
        public async Task<string> ReceiveAsync()
        {
            var head = new byte[2];
            await _stream.ReadExactlyAsync(head).AsTask().WaitAsync(Limit);
            Assert.True((head[1] & 0x80) != 0, "A client frame must be masked.");
            int length = head[1] & 127;
            if (length == 126)
            {
                await _stream.ReadExactlyAsync(head).AsTask().WaitAsync(Limit);
                length = (head[0] << 8) | head[1];
            }
            var rest = new byte[4 + length];
            await _stream.ReadExactlyAsync(rest).AsTask().WaitAsync(Limit);
            for (int i = 0; i < length; i++) rest[4 + i] ^= rest[i & 3];
            return Encoding.UTF8.GetString(rest.AsSpan(4));
        }

        public void Dispose() => client.Dispose();
    }
}
