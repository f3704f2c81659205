using Discord.Load.Measure;

namespace Discord.Load.Engine;

/// <summary>
/// What the sessions of one loop have received. The loop's thread counts; the totals are published after each pass, and a
/// <see cref="DeliveryGoal"/> is told.
/// </summary>
internal sealed class Deliveries
{
    private long _unpublished;

    /// <summary>Time from a round's start to each frame's arrival. Read it when the loop is quiet.</summary>
    public Histogram Latency { get; } = new();

    /// <summary>Bytes of payload in the counted frames.</summary>
    public long Bytes { get; private set; }

    /// <summary>Reads that ended at least one counted frame: deliveries per read tell how far the server coalesced.</summary>
    public long Reads { get; private set; }

    /// <summary>Messages whose dispatch was not looked at, only counted.</summary>
    public long Count { get; private set; }

    /// <summary>Whom the published counts go to.</summary>
    public DeliveryGoal? Goal { get; set; }

    /// <summary>Counts what one read has brought.</summary>
    public void Received(int frames, long bytes)
    {
        Count += frames;
        Bytes += bytes;
        Reads++;
        _unpublished += frames;
        if (Goal is { } goal && goal.StartedAt != 0) Latency.Record(Clock.Now - goal.StartedAt, frames);
    }

    /// <summary>Called at the end of a pass.</summary>
    public void Publish()
    {
        if (_unpublished == 0) return;
        Goal?.Add(_unpublished);
        _unpublished = 0;
    }

    /// <summary>Starts counting anew.</summary>
    public void Clear()
    {
        Latency.Clear();
        Bytes = 0;
        Reads = 0;
        Count = 0;
    }
}

/// <summary>Counts deliveries over all loops and wakes one waiter when a number is reached. Thread-safe; one waiter.</summary>
internal sealed class DeliveryGoal : IDisposable
{
    private readonly ManualResetEventSlim _reached = new();
    private long _total;
    private long _goal = long.MaxValue;
    private long _startedAt;

    /// <summary>When the current round was sent (<see cref="Clock"/>), 0 when latencies are not recorded.</summary>
    public long StartedAt
    {
        get => Volatile.Read(ref _startedAt);
        set => Volatile.Write(ref _startedAt, value);
    }

    /// <summary>Deliveries so far.</summary>
    public long Total => Interlocked.Read(ref _total);

    /// <summary>Adds deliveries.</summary>
    public void Add(long count)
    {
        if (Interlocked.Add(ref _total, count) >= Volatile.Read(ref _goal)) _reached.Set();
    }

    /// <summary>Waits until the total has reached a number.</summary>
    /// <returns>False when the time was up before.</returns>
    public bool WaitFor(long goal, TimeSpan limit)
    {
        _reached.Reset();
        Volatile.Write(ref _goal, goal);
        // Looked at after the goal is set, so that whoever adds either sees the goal or is seen here.
        Interlocked.MemoryBarrier();
        return Total >= goal || _reached.Wait(limit) && Total >= goal;
    }

    /// <inheritdoc/>
    public void Dispose() => _reached.Dispose();
}
