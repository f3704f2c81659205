using Discord.Node.Tests.Kit;

namespace Discord.Node.Tests.Interactions;

/// <summary>
/// A node whose clock runs slowly: a bot that is refused a dozen times before its answer is taken is still within its three seconds,
/// however busy the machine is that runs the test.
/// </summary>
public sealed class UnhurriedNode : IAsyncLifetime
{
    private NodeKit? _node;

    public NodeKit Node => _node ?? throw new InvalidOperationException("The node is not started.");

    public async ValueTask InitializeAsync() => _node = await NodeKit.StartAsync(parts: parts => parts.Time = new SlowTime(8));

    public ValueTask DisposeAsync() => Node.DisposeAsync();

    private sealed class SlowTime(int factor) : TimeProvider
    {
        private readonly DateTimeOffset _start = System.GetUtcNow();
        private readonly long _startStamp = System.GetTimestamp();

        public override DateTimeOffset GetUtcNow() => _start + ((System.GetUtcNow() - _start) / factor);

        public override long GetTimestamp() => _startStamp + ((System.GetTimestamp() - _startStamp) / factor);

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
            new Timer(this, System.CreateTimer(callback, state, Real(dueTime), Real(period)));

        // What is due in weeks is due in none of the tests; timers take no more.
        private TimeSpan Real(TimeSpan time) =>
            time <= TimeSpan.Zero ? time : time * factor < TimeSpan.FromDays(8) ? time * factor : TimeSpan.FromDays(8);

        private sealed class Timer(SlowTime time, ITimer timer) : ITimer
        {
            public bool Change(TimeSpan dueTime, TimeSpan period) => timer.Change(time.Real(dueTime), time.Real(period));

            public void Dispose() => timer.Dispose();

            public ValueTask DisposeAsync() => timer.DisposeAsync();
        }
    }
}
