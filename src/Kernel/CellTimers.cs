namespace Discord.Kernel;

/// <summary>Timers that carry no execution context with them.</summary>
internal static class KernelTimer
{
    public static ITimer Start(TimeProvider time, Action action, TimeSpan due, TimeSpan? period = null)
    {
        using var _ = ExecutionContext.IsFlowSuppressed() ? default : ExecutionContext.SuppressFlow();
        return time.CreateTimer(static state => ((Action)state!)(), action, due, period ?? Timeout.InfiniteTimeSpan);
    }
}

/// <summary>
/// The timers of one actor. A tick is valid while the table holds the very timer that sent it: that is what a cancel or a replace ends.
/// </summary>
internal sealed class CellTimers(ActorCell cell) : ITimerScheduler
{
    private readonly Dictionary<object, Entry> _entries = [];

    public void StartSingleTimer(object key, object message, TimeSpan due) => Start(key, message, due, null);

    public void StartPeriodicTimer(object key, object message, TimeSpan interval) => Start(key, message, interval, interval);

    public void StartPeriodicTimer(object key, object message, TimeSpan initialDelay, TimeSpan interval) =>
        Start(key, message, initialDelay, interval);

    public bool IsTimerActive(object key) => _entries.ContainsKey(key);

    public void Cancel(object key)
    {
        if (_entries.Remove(key, out var entry)) entry.Timer!.Dispose();
    }

    public void CancelAll()
    {
        foreach (var entry in _entries.Values) entry.Timer!.Dispose();
        _entries.Clear();
    }

    private void Start(object key, object message, TimeSpan due, TimeSpan? interval)
    {
        ArgumentNullException.ThrowIfNull(key);
        ArgumentNullException.ThrowIfNull(message);
        ArgumentOutOfRangeException.ThrowIfLessThan(due, TimeSpan.Zero);
        if (interval is { } period) ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(period, TimeSpan.Zero, nameof(interval));
        Cancel(key);
        var entry = new Entry(this, key, message, periodic: interval is not null);
        _entries.Add(key, entry);
        entry.Timer = KernelTimer.Start(cell.System.TimeProvider, entry.Fire, due, interval);
    }

    private sealed class Entry(CellTimers timers, object key, object message, bool periodic) : AutoReceivedMessage
    {
        private int _queued;

        public ITimer? Timer { get; set; }

        internal override bool IsPrivate => true;

        public void Fire()
        {
            if (Interlocked.Exchange(ref _queued, 1) == 0) timers.Cell.TellUnbounded(this, ActorRefs.NoSender);
        }

        internal override void Deliver(ActorCell cell, Envelope envelope)
        {
            Volatile.Write(ref _queued, 0);
            if (!timers._entries.TryGetValue(key, out var present) || !ReferenceEquals(present, this)) return;
            if (!periodic) timers.Cancel(key);
            cell.Deliver(new Envelope(message, ActorRefs.NoSender));
        }
    }

    private ActorCell Cell => cell;
}

/// <summary>
/// One timer an actor, armed for the whole time-out; messages only note when they came, and a timer that fires too early is armed for the
/// rest. A message handled while the tick is queued takes it back.
/// </summary>
internal sealed class ReceiveTimeoutTimer : AutoReceivedMessage, IDisposable
{
    private readonly ActorCell _cell;
    private readonly TimeSpan _timeout;
    private readonly ITimer _timer;
    private long _last;
    private long _firedFor;

    public ReceiveTimeoutTimer(ActorCell cell, TimeSpan timeout)
    {
        _cell = cell;
        _timeout = timeout;
        _last = Time.GetTimestamp();
        _timer = KernelTimer.Start(Time, Fire, timeout);
    }

    private TimeProvider Time => _cell.System.TimeProvider;

    internal override bool IsPrivate => true;

    /// <summary>The actor has handled something.</summary>
    public void Touch() => Volatile.Write(ref _last, Time.GetTimestamp());

    public void Dispose() => _timer.Dispose();

    private void Fire()
    {
        var last = Volatile.Read(ref _last);
        var rest = _timeout - Time.GetElapsedTime(last);
        if (rest > TimeSpan.Zero)
        {
            _timer.Change(rest, Timeout.InfiniteTimeSpan);
            return;
        }
        _firedFor = last;
        _cell.TellUnbounded(this, ActorRefs.NoSender);
    }

    internal override void Deliver(ActorCell cell, Envelope envelope)
    {
        if (!ReferenceEquals(cell.Extras.ReceiveTimeout, this)) return;
        if (_last != _firedFor)
        {
            var rest = _timeout - Time.GetElapsedTime(_last);
            _timer.Change(rest > TimeSpan.Zero ? rest : TimeSpan.Zero, Timeout.InfiniteTimeSpan);
            return;
        }
        Touch();
        _timer.Change(_timeout, Timeout.InfiniteTimeSpan);
        cell.Deliver(new Envelope(ReceiveTimeout.Instance, ActorRefs.NoSender));
    }
}
