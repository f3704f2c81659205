namespace Discord.Node.Configuration;

/// <summary>Limits of the REST API. The buckets of the routes stand in <see cref="Rest.RateLimits.Buckets"/>.</summary>
public sealed class RateLimitOptions
{
    /// <summary>Whether any limit holds. Off: no limits, no headers.</summary>
    public bool Enabled { get; set; } = true;

    /// <summary>Requests per second for each account, and for each address without an account. Discord's own number.</summary>
    public int GlobalPerSecond { get; set; } = 50;

    /// <summary>401, 403 and 429 answers per address in ten minutes before all its requests are refused. Discord's own number.</summary>
    public int InvalidPerTenMinutes { get; set; } = 10_000;

    /// <summary>Windows remembered at the same time, about 56 B each: 12 MiB at most.</summary>
    public int Capacity { get; set; } = 200_000;
}
