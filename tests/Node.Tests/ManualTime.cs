namespace Discord.Node.Tests;

/// <summary>A clock that the test moves. Starts at Unix time 1,800,000,000.</summary>
internal sealed class ManualTime : TimeProvider
{
    private long _milliseconds = 1_800_000_000_000;

    public override long TimestampFrequency => 1000;

    public void Advance(TimeSpan by) => Interlocked.Add(ref _milliseconds, (long)by.TotalMilliseconds);

    public override DateTimeOffset GetUtcNow() => DateTimeOffset.FromUnixTimeMilliseconds(Volatile.Read(ref _milliseconds));

    public override long GetTimestamp() => Volatile.Read(ref _milliseconds);
}
