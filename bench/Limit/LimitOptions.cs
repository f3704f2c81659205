namespace Discord.Limit;

/// <summary>What the limit server is started with.</summary>
public sealed record LimitOptions
{
    /// <summary>The port on 127.0.0.1; 0, the default, takes a free one.</summary>
    public int Port { get; init; }

    /// <summary>Threads that read, answer and send; 2 by default, as many as the goals are stated for. 1 to 64.</summary>
    public int Threads { get; init; } = 2;

    /// <summary>
    /// The least size of a MESSAGE_CREATE frame's payload in bytes, reached by padding, so that two servers are compared at one size;
    /// 600 by default. 0 to 16,384.
    /// </summary>
    public int EventBytes { get; init; } = 600;

    /// <summary>The size of the history answer's body in bytes; 30,000 by default (50 messages of 600). 2 to 1,048,576.</summary>
    public int HistoryBytes { get; init; } = 30_000;

    /// <summary>Names the first option out of its range, or returns null.</summary>
    public string? Problem() => this switch
    {
        { Port: < 0 or > 65535 } => $"--port must be 0 to 65535, not {Port}.",
        { Threads: < 1 or > 64 } => $"--threads must be 1 to 64, not {Threads}.",
        { EventBytes: < 0 or > 16_384 } => $"--event-bytes must be 0 to 16384, not {EventBytes}.",
        { HistoryBytes: < 2 or > 1_048_576 } => $"--history-bytes must be 2 to 1048576, not {HistoryBytes}.",
        _ => null,
    };
}
