using Discord.Load.Setup;

namespace Discord.Load;

/// <summary>
/// What a run is asked for. Zero in <see cref="Sessions"/>, <see cref="Posters"/> and <see cref="PerAccount"/> means the
/// scenario's own.
/// </summary>
internal sealed record LoadOptions
{
    /// <summary>Sockets that one process may hold: 20,000 descriptors are usual, and files, pipes and epoll sets need some.</summary>
    public const int MaxSockets = 19_500;

    /// <summary>The scenario's name.</summary>
    public required string Scenario { get; init; }

    /// <summary>The server, http only.</summary>
    public required Uri Url { get; init; }

    /// <summary>Whether results are printed as JSON.</summary>
    public bool Json { get; init; }

    /// <summary>Length of the measured part; 10 s by default.</summary>
    public TimeSpan Duration { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Length of the part before it that is thrown away, for the server's JIT; 3 s by default.</summary>
    public TimeSpan WarmUp { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Gateway sessions.</summary>
    public int Sessions { get; init; }

    /// <summary>HTTP connections.</summary>
    public int Posters { get; init; }

    /// <summary>Channels that posts and reads go to; as many as posters by default.</summary>
    public int Channels { get; init; }

    /// <summary>Messages sent at once in a round of fan-out; 1 by default: nothing coalesces.</summary>
    public int Burst { get; init; } = 1;

    /// <summary>Messages per second in fan-out at most; 0, the default, for the next as soon as the last has arrived everywhere.</summary>
    public double Rate { get; init; }

    /// <summary>How long a receiving thread pauses between its rounds of reads in fan-out; 200 µs by default.</summary>
    public TimeSpan ReadPause { get; init; } = TimeSpan.FromMicroseconds(200);

    /// <summary>Size that a MESSAGE_CREATE frame is brought to in fan-out, by the length of its content; 600 by default.</summary>
    public int EventBytes { get; init; } = 600;

    /// <summary>Length of the content in post, history and mixed; 100 by default.</summary>
    public int ContentBytes { get; init; } = 100;

    /// <summary>Whose the sessions are.</summary>
    public AccountKind Account { get; init; }

    /// <summary>Sessions of one account.</summary>
    public int PerAccount { get; init; }

    /// <summary>Small guilds of each account in identify-storm; 10 by default.</summary>
    public int Guilds { get; init; } = 10;

    /// <summary>Members of each small guild beside the owner; 2 by default.</summary>
    public int GuildMembers { get; init; } = 2;

    /// <summary>Sessions on their way at once; 512 by default.</summary>
    public int Window { get; init; } = 512;

    /// <summary>Messages that each session misses in resume-storm; 1 by default.</summary>
    public int Missed { get; init; } = 1;

    /// <summary>Sessions cut and resumed each second in mixed; 20 by default.</summary>
    public int Churn { get; init; } = 20;

    /// <summary>Time given to the server's memory to come to rest; 3 s by default.</summary>
    public TimeSpan Settle { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>Transport compression of the sessions, empty for none.</summary>
    public string Compress { get; init; } = "";

    /// <summary>Intents, null for GUILDS, GUILD_MESSAGES and MESSAGE_CONTENT for bots and none for users.</summary>
    public long? Intents { get; init; }

    /// <summary>Output of <c>pbm dev seed --json</c>, null to register accounts.</summary>
    public string? SeedFile { get; init; }

    /// <summary>Where the set-up is kept for the next run, null to keep nothing.</summary>
    public string? StateFile { get; init; }

    /// <summary>The server's process, null when it is not to be measured.</summary>
    public int? ServerPid { get; init; }

    /// <summary>Whether the limit server runs the same scenario afterwards.</summary>
    public bool Limit { get; init; }

    /// <summary>Runs, of which each figure is the middle one; 1 by default.</summary>
    public int Repeat { get; init; } = 1;

    /// <summary>Threads of the load generator; 2 by default.</summary>
    public int Threads { get; init; } = 2;

    /// <summary>Names the first option out of its range, or returns null.</summary>
    public string? Problem() => this switch
    {
        _ when !Scenarios.Scenario.Names.Contains(Scenario) =>
            $"'{Scenario}' is no scenario. There are: {string.Join(", ", Scenarios.Scenario.Names)}.",
        { Url: { IsAbsoluteUri: false } or { Scheme: not "http" } } =>
            $"--url must be http://HOST:PORT, not {Url}: TLS would measure the client.",
        { Duration.TotalSeconds: < 0.1 or > 3600 } => "--duration must be 0.1 to 3600 seconds.",
        { WarmUp.TotalSeconds: < 0 or > 600 } => "--warm-up must be 0 to 600 seconds.",
        { Settle.TotalSeconds: < 0 or > 600 } => "--settle must be 0 to 600 seconds.",
        { Sessions: < 0 } or { Posters: < 0 } => "--sessions and --posters must not be negative.",
        _ when Sessions + Posters > MaxSockets =>
            $"--sessions and --posters must not exceed {MaxSockets} together: a process has 20,000 descriptors.",
        { Channels: < 0 or > 450 } => "--channels must be 1 to 450: a guild holds 500.",
        { Burst: < 1 or > 1000 } => "--burst must be 1 to 1000.",
        { ReadPause.TotalMicroseconds: < 0 or > 10_000 } => "--read-pause must be 0 to 10000 microseconds.",
        { Rate: < 0 } => "--rate must not be negative.",
        { EventBytes: < 1 or > 8000 } => "--event-bytes must be 1 to 8000.",
        { ContentBytes: < 1 or > 2000 } => "--content-bytes must be 1 to 2000, the longest message.",
        { PerAccount: < 0 or > 10_000 } => "--per-account must be 1 to 10000.",
        { Guilds: < 1 or > 100 } => "--guilds must be 1 to 100.",
        { GuildMembers: < 0 or > 100 } => "--guild-members must be 0 to 100.",
        { Window: < 1 } => "--window must be at least 1.",
        { Missed: < 0 or > 1000 } => "--missed must be 0 to 1000.",
        { Churn: < 0 or > 1000 } => "--churn must be 0 to 1000.",
        { Repeat: < 1 or > 100 } => "--repeat must be 1 to 100.",
        { Threads: < 1 or > 64 } => "--threads must be 1 to 64.",
        { Compress: not ("" or "zlib-stream" or "zstd-stream") } => "--compress must be zlib-stream or zstd-stream.",
        { Compress: not "", Scenario: not ("idle" or "identify-storm") } =>
            "--compress goes with idle and identify-storm only: elsewhere frames are told apart by size.",
        { Compress: not "", Limit: true } => "--compress and --limit exclude each other: the limit server compresses nothing.",
        { ServerPid: null, Scenario: "idle" } => "idle measures the server's memory: name its process with --server-pid.",
        _ => null,
    };
}
