using System.Net;
using Discord.Limit.Sockets;

namespace Discord.Limit;

/// <summary>
/// The least code that answers the requests of a load run and fans a message out to every session of its guild: raw sockets, one send per
/// session and pass, nothing stored. What it reaches is what the machine can do; any real server is measured as a share of it.
/// </summary>
/// <remarks>It keeps no message, checks no permission and limits nobody: it is a yardstick, never a server for people.</remarks>
public sealed class LimitServer : IDisposable
{
    private readonly int _listener;
    private readonly List<ServerLoop> _loops = [];
    private int _nextLoop;

    private LimitServer(LimitOptions options)
    {
        (_listener, Port) = Posix.Listen(new IPEndPoint(IPAddress.Loopback, options.Port));
        var world = new World();
        for (int i = 0; i < options.Threads; i++) _loops.Add(new ServerLoop(this, i, options, world, Port));
        _loops[0].Epoll.Add(_listener, Readiness.Readable);
        foreach (var loop in _loops) loop.Start();
    }

    /// <summary>The port it listens on, on 127.0.0.1.</summary>
    public int Port { get; }

    /// <summary>The REST base that a load generator is given.</summary>
    public string Url => $"http://127.0.0.1:{Port}";

    /// <summary>The gateway's address.</summary>
    internal string GatewayUrl => $"ws://127.0.0.1:{Port}";

    internal IReadOnlyList<ServerLoop> Loops => _loops;

    /// <summary>Starts the server.</summary>
    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    /// <exception cref="IOException">The port is taken, or no descriptor is left.</exception>
    public static LimitServer Start(LimitOptions options)
    {
        if (options.Problem() is { } problem) throw new ArgumentException(problem, nameof(options));
        return new LimitServer(options);
    }

    /// <summary>Stops the threads and closes every connection.</summary>
    public void Dispose()
    {
        foreach (var loop in _loops) loop.Dispose();
        Posix.Close(_listener);
    }

    internal bool IsListener(int fd) => fd == _listener;

    // Called by the first loop only. Connections go round the loops, so that each has the same share of the sessions.
    internal void AcceptAll()
    {
        for (int fd = Posix.Accept(_listener); fd >= 0; fd = Posix.Accept(_listener))
        {
            var connection = new Connection(fd);
            var loop = _loops[_nextLoop++ % _loops.Count];
            loop.Post(() => loop.Adopt(connection, []));
        }
    }

    internal void Publish(Event sent)
    {
        foreach (var loop in _loops) loop.Enqueue(sent);
    }
}
