namespace Discord.Node.Gateway;

/// <summary>
/// Connections that wait for their HELLO. The delay is the same for all, so the queue is in order of time and one timer serves its head: no
/// timer and no waiting thread per connection. Thread-safe.
/// </summary>
internal sealed class HelloQueue : IDisposable
{
    private readonly Queue<(GatewayConnection Connection, long Due)> _waiting = new();
    private readonly ITimer _timer;
    private readonly long _delay;
    private readonly GatewayServer _server;
    private bool _armed;

    public HelloQueue(TimeProvider time, TimeSpan delay, GatewayServer server)
    {
        _delay = (long)delay.TotalMilliseconds;
        _server = server;
        _timer = time.CreateTimer(static state => ((HelloQueue)state!).SayDue(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    public void Add(GatewayConnection connection)
    {
        if (_delay == 0)
        {
            connection.SayHello();
            return;
        }
        lock (_waiting)
        {
            _waiting.Enqueue((connection, _server.Now + _delay));
            if (!_armed)
                Arm(_delay);
        }
    }

    public void Dispose() => _timer.Dispose();

    private void SayDue()
    {
        while (true)
        {
            GatewayConnection connection;
            lock (_waiting)
            {
                _armed = false;
                if (!_waiting.TryPeek(out var next))
                    return;
                var left = next.Due - _server.Now;
                if (left > 0)
                {
                    Arm(left);
                    return;
                }
                connection = _waiting.Dequeue().Connection;
            }
            connection.SayHello();
        }
    }

    private void Arm(long milliseconds)
    {
        _armed = true;
        _timer.Change(TimeSpan.FromMilliseconds(milliseconds), Timeout.InfiniteTimeSpan);
    }
}
