namespace Discord.Node.Gateway;

/// <summary>What the gateway allows. Every limit names its reason; docs/gateway.md has the table with the close codes.</summary>
public sealed class GatewayOptions
{
    /// <summary>What HELLO tells clients, and by which missed beats are judged. Default 41.25 s, Discord's own.</summary>
    public TimeSpan HeartbeatInterval { get; set; } = TimeSpan.FromMilliseconds(41250);

    /// <summary>
    /// Between the 101 response and HELLO. Default 25 ms: some clients throw away what arrives in the same read as the response, and then
    /// wait for HELLO until they give up.
    /// </summary>
    public TimeSpan HelloDelay { get; set; } = TimeSpan.FromMilliseconds(25);

    /// <summary>How long a connection may live without a session. Default 60 s: a slow client's start, not a flood's.</summary>
    public TimeSpan IdentifyTimeout { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>How long the peer has to answer a close frame before the link is cut. Default 5 s.</summary>
    public TimeSpan CloseTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>How long the first request of a connection is looked at before the HTTP server takes over, which has time limits of its
    /// own. Default 5 s.</summary>
    public TimeSpan RequestHeadTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>Bytes of one message of a bot. Default 4096, Discord's limit.</summary>
    public int MaxBotMessage { get; set; } = 4096;

    /// <summary>Bytes of one message of a user, and of anyone before a session. Default 15 KiB, what user clients may send.</summary>
    public int MaxMessage { get; set; } = 15 * 1024;

    /// <summary>
    /// Bytes that may wait for one client that does not read. Default 4 MiB: some seconds of a busy guild. A connection that has more
    /// waiting when the next batch comes is cut; its session stays and can be resumed.
    /// </summary>
    public int BacklogLimit { get; set; } = 4 << 20;

    /// <summary>
    /// Bytes that may wait for one client when a single batch brings them (the guilds of a login). Default 64 MiB; a bigger batch cuts
    /// the connection.
    /// </summary>
    public int BurstLimit { get; set; } = 64 << 20;

    /// <summary>
    /// Bytes that may wait for all clients together. Default 512 MiB. Beyond it a connection is cut as soon as it has more than
    /// <see cref="FairBacklog"/> waiting, so the slowest pay first.
    /// </summary>
    public long TotalBacklogLimit { get; set; } = 512L << 20;

    /// <summary>Bytes that any connection may have waiting even when <see cref="TotalBacklogLimit"/> is reached. Default 64 KiB.</summary>
    public int FairBacklog { get; set; } = 64 << 10;

    /// <summary>Whether clients' sends are counted. Off for load tests and test suites.</summary>
    public bool RateLimits { get; set; } = true;

    /// <summary>Messages of one client per <see cref="SendWindow"/>, heartbeats included; beyond it 4008. Default 120, Discord's
    /// limit.</summary>
    public int SendsPerWindow { get; set; } = 120;

    /// <summary>Default 60 s, Discord's.</summary>
    public TimeSpan SendWindow { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>Presence updates of one client per <see cref="PresenceWindow"/>; those beyond are dropped. Default 5, Discord's
    /// limit.</summary>
    public int PresencesPerWindow { get; set; } = 5;

    /// <summary>Default 20 s, Discord's.</summary>
    public TimeSpan PresenceWindow { get; set; } = TimeSpan.FromSeconds(20);

    /// <summary>Connections in all. Default 100,000, about 1 GiB when idle.</summary>
    public int MaxConnections { get; set; } = 100_000;

    /// <summary>Connections without a session in all. Default 10,000: about 60 MiB of half-open sockets, and a whole storm of
    /// logins.</summary>
    public int MaxUnidentified { get; set; } = 10_000;

    /// <summary>
    /// Connections without a session from one address. Default 1,000: a large bot's shards after a restart. The machine itself is exempt,
    /// since a reverse proxy on it is one address for everyone.
    /// </summary>
    public int MaxUnidentifiedPerAddress { get; set; } = 1_000;

    /// <summary>Networks of reverse proxies, exempt from <see cref="MaxUnidentifiedPerAddress"/> as the machine itself is.</summary>
    public IReadOnlyList<System.Net.IPNetwork> TrustedProxies { get; set; } = [];

    /// <summary>Refuses what cannot work.</summary>
    /// <exception cref="ArgumentException">A value is out of its range; the message says which and what is allowed.</exception>
    public void Validate()
    {
        Positive(HeartbeatInterval, nameof(HeartbeatInterval));
        Positive(IdentifyTimeout, nameof(IdentifyTimeout));
        Positive(CloseTimeout, nameof(CloseTimeout));
        Positive(RequestHeadTimeout, nameof(RequestHeadTimeout));
        Positive(SendWindow, nameof(SendWindow));
        Positive(PresenceWindow, nameof(PresenceWindow));
        if (HelloDelay < TimeSpan.Zero || HelloDelay > TimeSpan.FromSeconds(10))
            throw new ArgumentException($"{nameof(HelloDelay)} must be between 0 and 10 s.");
        AtLeast(MaxBotMessage, 512, nameof(MaxBotMessage));
        AtLeast(MaxMessage, MaxBotMessage, nameof(MaxMessage));
        AtLeast(BacklogLimit, 64 << 10, nameof(BacklogLimit));
        AtLeast(BurstLimit, BacklogLimit, nameof(BurstLimit));
        AtLeast(FairBacklog, 0, nameof(FairBacklog));
        AtLeast(SendsPerWindow, 1, nameof(SendsPerWindow));
        AtLeast(PresencesPerWindow, 1, nameof(PresencesPerWindow));
        AtLeast(MaxConnections, 1, nameof(MaxConnections));
        AtLeast(MaxUnidentified, 1, nameof(MaxUnidentified));
        AtLeast(MaxUnidentifiedPerAddress, 1, nameof(MaxUnidentifiedPerAddress));
        if (TotalBacklogLimit < BacklogLimit)
            throw new ArgumentException($"{nameof(TotalBacklogLimit)} must be at least {nameof(BacklogLimit)} ({BacklogLimit}).");

        static void Positive(TimeSpan value, string name)
        {
            if (value <= TimeSpan.Zero || value > TimeSpan.FromDays(1))
                throw new ArgumentException($"{name} must be above 0 and at most a day.");
        }

        static void AtLeast(int value, int least, string name)
        {
            if (value < least)
                throw new ArgumentException($"{name} must be at least {least}.");
        }
    }
}
