namespace Discord.Kernel.Tests.TestKit;

/// <summary>Time that passes only when told to; timers fire in the order in which they are due, at the time they are due.</summary>
internal sealed class FakeTime : TimeProvider
{
    private readonly Lock _lock = new();
    private readonly List<FakeTimer> _timers = [];
    private DateTimeOffset _now = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private long _armings;

    public override DateTimeOffset GetUtcNow()
    {
        lock (_lock) return _now;
    }

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => GetUtcNow().UtcTicks;

    /// <summary>Timers that will still fire.</summary>
    public int ActiveTimers
    {
        get
        {
            lock (_lock) return _timers.Count(timer => timer.Due is not null);
        }
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new FakeTimer(this, callback, state);
        timer.Change(dueTime, period);
        lock (_lock) _timers.Add(timer);
        return timer;
    }

    /// <summary>Lets time pass; <paramref name="afterEach"/> runs after every timer that fired.</summary>
    public void Advance(TimeSpan by, Action? afterEach = null)
    {
        var end = GetUtcNow() + by;
        while (true)
        {
            FakeTimer? next;
            lock (_lock)
            {
                next = _timers.Where(timer => timer.Due <= end).OrderBy(timer => timer.Due).ThenBy(timer => timer.Arming).FirstOrDefault();
                if (next is null)
                {
                    _now = end;
                    break;
                }
                if (next.Due > _now) _now = next.Due.Value;
                next.Due = next.Period > TimeSpan.Zero ? _now + next.Period : null;
            }
            next.Fire();
            afterEach?.Invoke();
        }
        afterEach?.Invoke();
    }

    private sealed class FakeTimer(FakeTime time, TimerCallback callback, object? state) : ITimer
    {
        public DateTimeOffset? Due { get; set; }

        public TimeSpan Period { get; private set; }

        public long Arming { get; private set; }

        public void Fire() => callback(state);

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            lock (time._lock)
            {
                Due = dueTime < TimeSpan.Zero ? null : time._now + dueTime;
                Period = period;
                Arming = ++time._armings;
                return true;
            }
        }

        public void Dispose()
        {
            lock (time._lock) time._timers.Remove(this);
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
