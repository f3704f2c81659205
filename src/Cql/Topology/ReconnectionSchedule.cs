namespace Discord.Cql.Topology;

/// <summary>
/// Waits that double from the least to the most, each with up to 15 % more or less, so that clients do not come all at once.
/// </summary>
internal struct ReconnectionSchedule(TimeSpan least, TimeSpan most)
{
    private int _failures;

    public TimeSpan Next()
    {
        var factor = Math.Pow(2, Math.Min(_failures++, 30));
        var wait = Math.Min(least.TotalMilliseconds * factor, most.TotalMilliseconds);
        return TimeSpan.FromMilliseconds(wait * (0.85 + Random.Shared.NextDouble() * 0.3));
    }

    public void Reset() => _failures = 0;
}
