using System.Collections.Concurrent;
using Discord.Limit.Sockets;
using Discord.Load.Measure;

namespace Discord.Load.Engine;

/// <summary>
/// One thread that serves its share of the connections through epoll. It reads each ready socket once into one shared buffer, so that a
/// delivery costs one system call and no allocation.
/// </summary>
internal sealed class EventLoop : IDisposable
{
    private readonly Epoll _epoll = new();
    private readonly Thread _thread;
    private readonly ConcurrentQueue<Action> _work = new();
    private readonly PriorityQueue<Session, long> _heartbeats = new();
    private Peer?[] _peers = new Peer?[256];
    private volatile bool _stopping;
    private volatile Exception? _failure;

    public EventLoop(int index)
    {
        _thread = new Thread(Run) { IsBackground = true, Name = $"load-{index}" };
        _thread.Start();
    }

    /// <summary>What every read of this loop goes to: 64 KiB.</summary>
    public byte[] Buffer { get; } = GC.AllocateUninitializedArray<byte>(64 * 1024, pinned: true);

    /// <summary>What this loop's sessions have received.</summary>
    public Deliveries Deliveries { get; } = new();

    /// <summary>Why the loop has died, null while it lives.</summary>
    public Exception? Failure => _failure;

    /// <summary>
    /// How long the loop leaves what arrives where it is after each round of reads, as a network card holds its interrupts back. On one
    /// machine the sender pays for waking the receiver; a loop that is awake or sleeps on the clock need not be woken for each frame.
    /// </summary>
    public TimeSpan Pause { get; set; }

    /// <summary>Runs something on the loop's thread; any thread may call.</summary>
    public void Post(Action work)
    {
        _work.Enqueue(work);
        _epoll.Wake();
    }

    /// <summary>Runs something on the loop's thread and returns when it is done. Not to be called on the loop's thread.</summary>
    public Task RunAsync(Action work)
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Post(() =>
        {
            try
            {
                work();
                done.SetResult();
            }
            catch (Exception e) when (e is IOException or InvalidOperationException)
            {
                done.SetException(e);
            }
        });
        return done.Task;
    }

    internal void Watch(Peer peer, Readiness interest)
    {
        if (peer.Fd >= _peers.Length) Array.Resize(ref _peers, Math.Max(_peers.Length * 2, peer.Fd + 1));
        _peers[peer.Fd] = peer;
        _epoll.Add(peer.Fd, interest);
    }

    internal void Change(Peer peer, Readiness interest) => _epoll.Change(peer.Fd, interest);

    internal void Forget(Peer peer)
    {
        // A peer whose connect failed at once was never watched.
        if (peer.Fd < _peers.Length && _peers[peer.Fd] == peer) _peers[peer.Fd] = null;
    }

    internal void BeatAt(Session session, long when) => _heartbeats.Enqueue(session, when);

    public void Dispose()
    {
        _stopping = true;
        _epoll.Wake();
        _thread.Join();
        foreach (var peer in _peers) peer?.Close();
        _epoll.Dispose();
    }

    private void Run()
    {
        try
        {
            while (!_stopping)
            {
                int ready = _epoll.Wait(Beat());
                for (int i = 0; i < ready; i++)
                {
                    var (fd, state) = _epoll.Ready(i);
                    if (fd >= 0) _peers[fd]?.OnReady(state);
                }
                Deliveries.Publish();
                while (_work.TryDequeue(out var work)) work();
                if (ready > 0 && Pause > TimeSpan.Zero) Posix.Sleep(Pause);
            }
        }
        catch (IOException e)
        {
            // Without descriptors or epoll nothing can go on; whoever waits for this loop's sessions looks here.
            _failure = e;
        }
    }

    // Sends the heartbeats that are due; returns the milliseconds to the next one, at most a second.
    private int Beat()
    {
        long now = Clock.Now;
        while (_heartbeats.TryPeek(out var session, out long when))
        {
            if (when > now) return (int)Math.Min((when - now) / 1_000_000 + 1, 1000);
            _heartbeats.Dequeue();
            session.Beat(when, now);
        }
        return 1000;
    }
}
