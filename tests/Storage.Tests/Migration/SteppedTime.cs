namespace Discord.Storage.Tests.Migration;

/// <summary>A clock that stands still, and its timers with it, until a test moves it.</summary>
internal sealed class SteppedTime(DateTimeOffset start) : TimeProvider
{
    private readonly Lock _lock = new();
    private readonly List<Timer> _timers = [];
    private long _ticks = start.UtcTicks;
    private TaskCompletionSource _armed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => Interlocked.Read(ref _ticks);

    public override DateTimeOffset GetUtcNow() => new(Interlocked.Read(ref _ticks), TimeSpan.Zero);

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new Timer(this, () => callback(state));
        timer.Change(dueTime, period);
        return timer;
    }

    public void Advance(TimeSpan by)
    {
        List<Timer> due;
        lock (_lock)
        {
            _ticks += by.Ticks;
            due = _timers.FindAll(timer => timer.Due <= _ticks);
            _timers.RemoveAll(due.Contains);
        }
        foreach (var timer in due) timer.Callback();
    }

    /// <summary>Moves on by <paramref name="step"/> whenever something waits for no longer than that, until <paramref name="work"/> has
    /// ended.</summary>
    public async Task RunAsync(Task work, TimeSpan step)
    {
        while (!work.IsCompleted)
        {
            Task armed;
            bool waiting;
            lock (_lock)
            {
                waiting = _timers.Exists(timer => timer.Due <= _ticks + step.Ticks);
                armed = _armed.Task;
            }
            if (waiting) Advance(step);
            else await Task.WhenAny(work, armed).WaitAsync(TimeSpan.FromSeconds(60));
        }
        await work;
    }

    private void Arm(Timer timer, TimeSpan dueTime)
    {
        lock (_lock)
        {
            _timers.Remove(timer);
            if (dueTime == Timeout.InfiniteTimeSpan) return;
            timer.Due = _ticks + dueTime.Ticks;
            _timers.Add(timer);
            _armed.SetResult();
            _armed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }
    }

    // Whatever its period, it runs once: nothing here has any other.
    private sealed class Timer(SteppedTime time, Action callback) : ITimer
    {
        public long Due { get; set; }

        public Action Callback { get; } = callback;

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            time.Arm(this, dueTime);
            return true;
        }

        public void Dispose() => time.Arm(this, Timeout.InfiniteTimeSpan);

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
