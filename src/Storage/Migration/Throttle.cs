namespace Discord.Storage.Migration;

/// <summary>Lets so many rows a second through, none held back when the rate is 0. Thread-safe.</summary>
internal sealed class Throttle(TimeProvider time)
{
    private readonly Lock _lock = new();
    private long _next = time.GetTimestamp();
    private long _rate;

    /// <summary>Rows a second; 0 for no limit. May be changed while rows pass.</summary>
    public long Rate
    {
        get => Interlocked.Read(ref _rate);
        set => Interlocked.Exchange(ref _rate, value);
    }

    /// <summary>Waits until <paramref name="rows"/> more may go.</summary>
    public async ValueTask PassAsync(int rows, CancellationToken ct)
    {
        var rate = Rate;
        if (rate <= 0) return;
        long wait;
        lock (_lock)
        {
            var now = time.GetTimestamp();
            // What was not used for longer than a second is lost, so that a pause is not followed by a flood.
            _next = Math.Max(_next, now - time.TimestampFrequency);
            wait = _next - now;
            _next += (long)((double)rows / rate * time.TimestampFrequency);
        }
        if (wait > 0) await Task.Delay(TimeSpan.FromSeconds((double)wait / time.TimestampFrequency), time, ct).ConfigureAwait(false);
    }
}
