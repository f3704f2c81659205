namespace Discord.Kernel;

/// <summary>
/// The limits of all asks under way. An ask takes a slot and clears it when it ends, without a lock; one timer, armed only while there are
/// asks, looks through the slots. When they are all taken (many thousand at once) the rest are kept in a set under a lock.
/// </summary>
/// <remarks>Safe to use from any thread.</remarks>
internal sealed class AskTimeouts : IDisposable
{
    private const int Slots = 4096;
    private const int Probes = 8;
    private static readonly TimeSpan s_step = TimeSpan.FromMilliseconds(10);

    [ThreadStatic]
    private static int t_next;

    private readonly TimeProvider _time;
    private readonly Entry[] _slots = new Entry[Slots];
    private readonly HashSet<IAskRef> _more = new(ReferenceEqualityComparer.Instance);
    private readonly ITimer _timer;
    private int _armed;

    public AskTimeouts(TimeProvider time)
    {
        _time = time;
        _timer = KernelTimer.Start(time, Tick, Timeout.InfiniteTimeSpan);
    }

    /// <summary>For recipients that belong to no system.</summary>
    public static AskTimeouts Shared { get; } = new(TimeProvider.System);

    /// <summary>The limit for those.</summary>
    public static TimeSpan SharedDefault { get; } = new ActorSystemOptions().AskTimeout;

    /// <summary>Asks whose end is awaited; for tests.</summary>
    public int Count
    {
        get
        {
            lock (_more) return _slots.Count(slot => slot.Ask is not null) + _more.Count;
        }
    }

    public void Add(IAskRef ask, TimeSpan limit)
    {
        ask.Due = _time.GetTimestamp() + (long)(limit.TotalSeconds * _time.TimestampFrequency);
        // Threads begin far apart, and a thread's next slot is on another cache line.
        if (t_next == 0) t_next = Environment.CurrentManagedThreadId * 521 | 1;
        var placed = false;
        for (var i = 0; i < Probes && !placed; i++)
        {
            t_next += 17;
            var slot = t_next & (Slots - 1);
            if (_slots[slot].Ask is not null) continue;
            ask.Slot = slot;
            placed = Interlocked.CompareExchange(ref _slots[slot].Ask, ask, null) is null;
        }
        if (!placed)
        {
            ask.Slot = -1;
            lock (_more) _more.Add(ask);
            Interlocked.MemoryBarrier();
        }
        // Either this sees that the timer is not armed, or the tick that disarms it sees the ask: there is a fence on both sides.
        if (Volatile.Read(ref _armed) == 0) Arm();
    }

    public void Remove(IAskRef ask)
    {
        if (ask.Slot >= 0)
        {
            Volatile.Write(ref _slots[ask.Slot].Ask, null);
            return;
        }
        lock (_more) _more.Remove(ask);
    }

    public void Dispose() => _timer.Dispose();

    private void Arm()
    {
        if (Interlocked.CompareExchange(ref _armed, 1, 0) == 0) _timer.Change(s_step, Timeout.InfiniteTimeSpan);
    }

    private void Tick()
    {
        if (End(_time.GetTimestamp()))
        {
            _timer.Change(s_step, Timeout.InfiniteTimeSpan);
            return;
        }
        Interlocked.Exchange(ref _armed, 0);
        if (End(_time.GetTimestamp())) Arm();
    }

    /// <summary>Ends the asks whose time is over. Whether any is left.</summary>
    private bool End(long now)
    {
        var left = false;
        for (var i = 0; i < _slots.Length; i++)
        {
            if (Volatile.Read(ref _slots[i].Ask) is not { } ask) continue;
            if (ask.Due <= now) ask.TimedOut();
            else left = true;
        }
        List<IAskRef>? over = null;
        lock (_more)
        {
            foreach (var ask in _more)
            {
                if (ask.Due <= now) (over ??= []).Add(ask);
                else left = true;
            }
        }
        if (over is not null)
        {
            foreach (var ask in over) ask.TimedOut();
        }
        return left;
    }

    private struct Entry
    {
        public IAskRef? Ask;
    }
}
