using System.Net;
using System.Net.Sockets;
using System.Threading.Channels;
using Discord.Cql.Wire;

namespace Discord.Cql.Tests.Server;

/// <summary>
/// A server that a test plays. It does the handshake and answers what a driver reads of the system tables by itself; each other request is
/// handed to the test, or to <see cref="OnRequest"/>.
/// </summary>
internal sealed class ScriptedServer : IAsyncDisposable
{
    private readonly Socket _listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly CancellationTokenSource _closing = new();
    private readonly Channel<Request> _requests = Channel.CreateUnbounded<Request>();
    private readonly List<Peer> _peers = [];
    private readonly Lock _lock = new();

    public ScriptedServer(int port = 0)
    {
        _listener.Bind(new IPEndPoint(IPAddress.Loopback, port));
        _listener.Listen(64);
        Address = (IPEndPoint)_listener.LocalEndPoint!;
        _ = AcceptAsync();
    }

    public IPEndPoint Address { get; }

    public string ContactPoint => Address.ToString();

    /// <summary>Its id in system.local.</summary>
    public Guid HostId { get; } = Guid.NewGuid();

    public string[] Tokens { get; set; } = ["0"];

    /// <summary>The other hosts that it knows.</summary>
    public List<ScriptedServer> Others { get; } = [];

    /// <summary>What SUPPORTED says, by the connection's local and remote port.</summary>
    public Func<Peer, Dictionary<string, string[]>> Supported { get; set; } = static _ => new() { ["CQL_VERSION"] = ["3.4.5"] };

    /// <summary>Answers requests instead of the test; false leaves one to it.</summary>
    public Func<Request, bool> OnRequest { get; set; } = static _ => false;

    /// <summary>Called before anything else of a frame is looked at, for faults in the handshake; true if it was dealt with.</summary>
    public Func<Request, bool> OnHandshake { get; set; } = static _ => false;

    /// <summary>How many connections were ever made.</summary>
    public int Accepted { get; private set; }

    /// <summary>Connections that are open now.</summary>
    public IReadOnlyList<Peer> Peers
    {
        get
        {
            lock (_lock) return [.. _peers];
        }
    }

    /// <summary>The next request that is not answered by the server itself.</summary>
    public async Task<Request> NextAsync()
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        return await _requests.Reader.ReadAsync(limit.Token);
    }

    /// <summary>The next request, which must be of this kind.</summary>
    public async Task<Request> ExpectAsync(Opcode opcode)
    {
        var request = await NextAsync();
        Assert.Equal(opcode, request.Opcode);
        return request;
    }

    public CqlOptions Options(Action<CqlOptions>? configure = null)
    {
        var options = new CqlOptions
        {
            ContactPoints = [ContactPoint],
            LocalDatacenter = "dc1",
            ReconnectMin = TimeSpan.FromMilliseconds(20),
            ReconnectMax = TimeSpan.FromMilliseconds(100),
            EventDebounce = TimeSpan.FromMilliseconds(10),
            LoggerFactory = Pulse.Logs,
        };
        configure?.Invoke(options);
        return options;
    }

    /// <summary>A second host of its cluster.</summary>
    public ScriptedServer WithAnother()
    {
        var another = new ScriptedServer();
        another.Others.Add(this);
        Others.Add(another);
        return another;
    }

    /// <summary>Cuts all connections, as a crash of the host does.</summary>
    public void DropAll()
    {
        foreach (var peer in Peers) peer.Drop();
    }

    /// <summary>Takes no more connections, and cuts those that are open.</summary>
    public void Stop()
    {
        _listener.Dispose();
        DropAll();
    }

    public ValueTask DisposeAsync()
    {
        _closing.Cancel();
        Stop();
        _closing.Dispose();
        return ValueTask.CompletedTask;
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var socket = await _listener.AcceptAsync(_closing.Token);
                socket.NoDelay = true;
                var peer = new Peer(this, socket);
                lock (_lock)
                {
                    _peers.Add(peer);
                    Accepted++;
                }
                Pulse.Beat();
                _ = peer.ReadAsync();
            }
        }
        catch (Exception reason) when (reason is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // Stopped.
        }
    }

    private void Handle(Request request)
    {
        if (request.Opcode is Opcode.Options or Opcode.Startup or Opcode.Register or Opcode.AuthResponse && OnHandshake(request)) return;
        switch (request.Opcode)
        {
            case Opcode.Options:
                request.Answer(Opcode.Supported, Bodies.Supported(Supported(request.Peer)));
                break;
            case Opcode.Startup or Opcode.Register:
                request.Answer(Opcode.Ready, []);
                break;
            case Opcode.Query when request.Text.Contains("FROM system", StringComparison.Ordinal):
                SystemTables(request);
                break;
            default:
                if (!OnRequest(request)) _requests.Writer.TryWrite(request);
                break;
        }
    }

    private void SystemTables(Request request)
    {
        var text = CqlType.Of(CqlTypeCode.Varchar);
        var uuid = CqlType.Of(CqlTypeCode.Uuid);
        var inet = CqlType.Of(CqlTypeCode.Inet);
        (string, CqlType)[] host =
            [("host_id", uuid), ("data_center", text), ("rack", text), ("tokens", CqlType.SetOf(text)), ("schema_version", uuid)];
        if (request.Text.Contains("system.local", StringComparison.Ordinal))
        {
            request.AnswerRows([.. host, ("rpc_address", inet)], [HostId, "dc1", "r1", Tokens, Guid.Empty, IPAddress.Loopback]);
        }
        else if (request.Text.Contains("system.peers_v2", StringComparison.Ordinal))
        {
            request.AnswerRows(
                [.. host, ("native_address", inet), ("native_port", CqlType.Of(CqlTypeCode.Int)), ("peer", inet)],
                [.. Others.Select(other => new object?[]
                {
                    other.HostId, "dc1", "r1", other.Tokens, Guid.Empty, IPAddress.Loopback, other.Address.Port, IPAddress.Loopback,
                })]);
        }
        else if (request.Text.Contains("system.peers", StringComparison.Ordinal))
        {
            request.AnswerRows([.. host, ("rpc_address", inet), ("peer", inet)]);
        }
        else
        {
            request.AnswerRows(
                [("keyspace_name", text), ("replication", CqlType.MapOf(text, text))],
                ["k", new Dictionary<string, string> { ["class"] = "SimpleStrategy", ["replication_factor"] = "1" }]);
        }
    }

    /// <summary>One connection of a driver.</summary>
    internal sealed class Peer(ScriptedServer server, Socket socket)
    {
        public IPEndPoint Remote { get; } = (IPEndPoint)socket.RemoteEndPoint!;

        /// <summary>Sends bytes as they are.</summary>
        public void SendRaw(ReadOnlySpan<byte> bytes)
        {
            try
            {
                socket.Send(bytes);
            }
            catch (Exception reason) when (reason is SocketException or ObjectDisposedException)
            {
                // The driver has left.
            }
        }

        public void Send(short stream, Opcode opcode, FrameFlags flags, byte[] body) => SendRaw(Frame(stream, opcode, flags, body));

        public static byte[] Frame(short stream, Opcode opcode, FrameFlags flags, byte[] body)
        {
            var frame = new byte[FrameHeader.Size + body.Length];
            new FrameHeader(FrameHeader.ResponseV4, flags, stream, opcode, body.Length).Write(frame);
            body.CopyTo(frame, FrameHeader.Size);
            return frame;
        }

        public void Drop() => socket.Dispose();

        public async Task ReadAsync()
        {
            try
            {
                using var stream = new NetworkStream(socket, ownsSocket: true);
                var header = new byte[FrameHeader.Size];
                while (true)
                {
                    await stream.ReadExactlyAsync(header);
                    var read = FrameHeader.Read(header);
                    var body = new byte[read.Length];
                    await stream.ReadExactlyAsync(body);
                    server.Handle(new Request(server, this, read, body));
                    Pulse.Beat();
                }
            }
            catch (Exception reason) when (reason is IOException or ObjectDisposedException)
            {
                lock (server._lock) server._peers.Remove(this);
                Pulse.Beat();
            }
        }
    }

    /// <summary>A frame from a driver.</summary>
    internal sealed class Request(ScriptedServer server, Peer peer, FrameHeader header, byte[] body)
    {
        public ScriptedServer Server { get; } = server;

        public Peer Peer { get; } = peer;

        public short Stream { get; } = header.Stream;

        public Opcode Opcode { get; } = header.Opcode;

        public byte[] Body { get; } = body;

        /// <summary>The text of QUERY and PREPARE.</summary>
        public string Text
        {
            get
            {
                var reader = new WireReader(Body);
                return System.Text.Encoding.UTF8.GetString(reader.Take(reader.Int()));
            }
        }

        public void Answer(Opcode opcode, byte[] answer, FrameFlags flags = FrameFlags.None) => Peer.Send(Stream, opcode, flags, answer);

        public void AnswerVoid() => Answer(Opcode.Result, Bodies.Void);

        public void AnswerRows((string, CqlType)[] columns, params object?[][] rows) => Answer(Opcode.Result, Bodies.Rows(columns, rows));

        public void AnswerError(int code, Bodies.Fill? rest = null) => Answer(Opcode.Error, Bodies.Error(code, "said", rest));

        public void AnswerPrepared(byte id, params (string, CqlType)[] markers) =>
            Answer(Opcode.Result, Bodies.Prepared([id], markers, markers.Length > 0 ? [0] : [], []));
    }
}
