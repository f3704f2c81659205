using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using Discord.Limit.Sockets;

namespace Discord.Limit;

/// <summary>
/// One thread with its epoll set: it reads and answers its connections and sends events to its sessions. All that waits when it comes
/// round is sent with one system call per session, which is where coalescing comes from.
/// </summary>
internal sealed class ServerLoop : IDisposable
{
    /// <summary>Events sent in one pass at most, so that reading is never far away.</summary>
    private const int MaxBatch = 256;

    /// <summary>Bytes gathered for one session before they are sent.</summary>
    private const int MaxGather = 128 * 1024;

    private readonly LimitServer _server;
    private readonly Gateway _gateway;
    private readonly Routes _routes;
    private readonly Thread _thread;
    private readonly Dictionary<int, Connection> _connections = [];
    private readonly ConcurrentQueue<Event> _events = new();
    private readonly ConcurrentQueue<Action> _work = new();
    private readonly List<Event> _batch = new(MaxBatch);
    private readonly byte[] _received = GC.AllocateUninitializedArray<byte>(64 * 1024, pinned: true);
    private readonly byte[] _gathered = GC.AllocateUninitializedArray<byte>(MaxGather, pinned: true);
    private volatile bool _stopping;

    public ServerLoop(LimitServer server, int index, LimitOptions options, World world, int port)
    {
        _server = server;
        _routes = new Routes(world, options, port, server.Publish);
        _gateway = new Gateway(this, server, index, world, _routes);
        _thread = new Thread(Run) { IsBackground = true, Name = $"limit-{index}" };
    }

    public Epoll Epoll { get; } = new();

    public void Start() => _thread.Start();

    /// <summary>Hands an event over; any thread may call.</summary>
    public void Enqueue(Event sent)
    {
        _events.Enqueue(sent);
        Epoll.Wake();
    }

    /// <summary>Runs something on the loop's thread; any thread may call.</summary>
    public void Post(Action work)
    {
        _work.Enqueue(work);
        Epoll.Wake();
    }

    /// <summary>Takes over a connection, with bytes that have been received on it already.</summary>
    public void Adopt(Connection connection, byte[] received)
    {
        _connections[connection.Fd] = connection;
        Epoll.Add(connection.Fd, Readiness.Readable);
        Use(connection, received);
    }

    /// <summary>Takes over a connection whose RESUME names a session of this loop.</summary>
    public void AdoptForResume(Connection connection, string session, long sequence, byte[] received)
    {
        _connections[connection.Fd] = connection;
        Epoll.Add(connection.Fd, Readiness.Readable);
        _gateway.Resume(connection, session, sequence);
        if (!connection.Closed) Use(connection, received);
    }

    /// <summary>Gives a connection away; its next bytes are another loop's.</summary>
    public void Release(Connection connection)
    {
        _connections.Remove(connection.Fd);
        Epoll.Remove(connection.Fd);
    }

    public void Send(Connection connection, ReadOnlySpan<byte> bytes)
    {
        if (!connection.Closed && !connection.Send(bytes, Epoll)) Close(connection);
    }

    public void Close(Connection connection)
    {
        if (connection.Closed) return;
        connection.Closed = true;
        if (connection.Session is { } session && session.Connection == connection) session.Connection = null;
        _connections.Remove(connection.Fd);
        Posix.Close(connection.Fd);
    }

    public void Dispose()
    {
        _stopping = true;
        Epoll.Wake();
        if (_thread.IsAlive) _thread.Join();
        foreach (var connection in _connections.Values.ToArray()) Close(connection);
        Epoll.Dispose();
    }

    private void Run()
    {
        while (!_stopping)
        {
            int ready = Epoll.Wait(_events.IsEmpty && _work.IsEmpty ? 1000 : 0);
            for (int i = 0; i < ready; i++)
            {
                var (fd, state) = Epoll.Ready(i);
                if (fd < 0) continue;
                if (_server.IsListener(fd)) _server.AcceptAll();
                else if (_connections.TryGetValue(fd, out var connection)) Serve(connection, state);
            }
            while (_work.TryDequeue(out var work)) work();
            SendEvents();
        }
    }

    private void Serve(Connection connection, Readiness state)
    {
        if ((state & Readiness.Writable) != 0 && !connection.Flush(Epoll))
        {
            Close(connection);
            return;
        }
        if ((state & ~Readiness.Writable) == 0) return;
        int count = Posix.Receive(connection.Fd, _received);
        if (count > 0) Use(connection, _received.AsSpan(0, count));
        else if (count != Posix.WouldBlock) Close(connection);
    }

    private void Use(Connection connection, ReadOnlySpan<byte> arrived)
    {
        var bytes = connection.WithLeftOver(arrived);
        while (!bytes.IsEmpty && !connection.Closed)
        {
            int used = connection.IsWebSocket ? _gateway.Read(connection, bytes) : Answer(connection, bytes);
            if (used == Gateway.HandedOver) return;
            if (used < 0)
            {
                Close(connection);
                return;
            }
            if (used == 0) break;
            bytes = bytes[used..];
        }
        if (!connection.Closed) connection.KeepLeftOver(bytes);
    }

    private int Answer(Connection connection, ReadOnlySpan<byte> bytes)
    {
        int used = Request.Read(bytes, out var request);
        if (used <= 0) return used;
        if (request.WebSocketKey.IsEmpty)
        {
            Send(connection, _routes.Handle(request));
            return used;
        }
        string accept = Accept(Encoding.ASCII.GetString(request.WebSocketKey));
        string head = $"HTTP/1.1 101 X\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: {accept}\r\n\r\n";
        connection.IsWebSocket = true;
        Send(connection, Encoding.ASCII.GetBytes(head));
        Send(connection, Frames.Hello);
        return used;
    }

    // RFC 6455, 4.2.2: the key and a fixed id, hashed. SHA-1 is the specification's choice and protects nothing here.
#pragma warning disable CA5350
    private static string Accept(string key) =>
        Convert.ToBase64String(SHA1.HashData(Encoding.ASCII.GetBytes(key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11")));
#pragma warning restore CA5350

    private void SendEvents()
    {
        while (_batch.Count < MaxBatch && _events.TryDequeue(out var next)) _batch.Add(next);
        if (_batch.Count == 0) return;
        foreach (var group in _batch.GroupBy(sent => sent.Guild)) SendEvents([.. group], _gateway.SessionsOf(group.Key));
        _batch.Clear();
    }

    private void SendEvents(ReadOnlySpan<Event> events, List<Session> sessions)
    {
        foreach (var session in sessions)
        {
            int gathered = 0;
            foreach (var sent in events)
            {
                if (gathered + Frames.MaxLength(sent) > MaxGather) Deliver(session, ref gathered);
                gathered += Frames.Write(_gathered.AsSpan(gathered), sent, session.Number(sent));
            }
            Deliver(session, ref gathered);
        }
    }

    private void Deliver(Session session, ref int gathered)
    {
        if (session.Connection is { } connection) Send(connection, _gathered.AsSpan(0, gathered));
        gathered = 0;
    }
}
