using System.Net;
using System.Net.Sockets;
using System.Text;
using Discord.Load.Engine;
using Discord.Load.Measure;
using Discord.Load.Setup;

namespace Discord.Load;

/// <summary>One server under measurement: its addresses, the loops that load it, and what was set up on it.</summary>
internal sealed class Bench : IAsyncDisposable
{
    /// <summary>GUILDS, GUILD_MESSAGES, MESSAGE_CONTENT.</summary>
    private const long BotIntents = 1 | 1 << 9 | 1 << 15;

    private readonly IPEndPoint _rest;
    private readonly Action<string> _say;
    private readonly List<SessionGroup> _groups = [];

    private Bench(LoadOptions options, IPEndPoint rest, Action<string> say)
    {
        Options = options;
        _rest = rest;
        _say = say;
        Api = new Api(options.Url);
        Loops = [.. Enumerable.Range(0, options.Threads).Select(i => new EventLoop(i))];
        foreach (var loop in Loops) loop.Deliveries.Goal = Goal;
    }

    /// <summary>What was asked for.</summary>
    public LoadOptions Options { get; }

    /// <summary>The API for what is not measured.</summary>
    public Api Api { get; }

    /// <summary>The threads.</summary>
    public IReadOnlyList<EventLoop> Loops { get; }

    /// <summary>Counts all sessions' deliveries.</summary>
    public DeliveryGoal Goal { get; } = new();

    /// <summary>Prepares to load a server.</summary>
    /// <exception cref="LoadException">Its host has no IPv4 address, or the process may not open enough descriptors.</exception>
    public static async Task<Bench> OpenAsync(LoadOptions options, Action<string> say)
    {
        CheckDescriptors(options.Sessions + options.Posters);
        return new Bench(options, await ResolveAsync(options.Url), say);
    }

    /// <summary>Tells the person at the terminal what is going on.</summary>
    public void Say(string what) => _say(what);

    /// <summary>Makes or reads what the scenario needs.</summary>
    public async Task<World> PrepareAsync(WorldPlan plan)
    {
        string url = Options.Url.GetLeftPart(UriPartial.Authority);
        if (Options.StateFile is { } file && World.Load(file, url, plan) is { } saved) return saved;
        var seed = Options.SeedFile is { } seedFile ? Seed.Read(seedFile) : null;
        long started = Clock.Now;
        var world = await new WorldBuilder(Api, url, seed, Say).BuildAsync(plan);
        Say($"set-up took {(Clock.Now - started) / 1e9:0.0} s");
        if (Options.StateFile is { } target) world.Save(target);
        return world;
    }

    /// <summary>Makes sessions for a world's accounts; they are not connected yet.</summary>
    public async Task<SessionGroup> SessionsAsync(World world, int count)
    {
        CheckDescriptors(count + Options.Posters);
        var gateway = await Api.GatewayAsync();
        if (gateway.Scheme != "ws")
            throw new LoadException($"The server's gateway is {gateway}: only ws:// can be loaded, start the server without TLS.");
        string compress = Options.Compress.Length > 0 ? $"&compress={Options.Compress}" : "";
        var settings = new SessionSettings(
            await ResolveAsync(gateway), gateway.Authority, $"{gateway.AbsolutePath}?v=10&encoding=json{compress}",
            Options.Intents ?? (world.Bots ? BotIntents : null), compress.Length > 0, world.Bots ? world.GuildsOfEach : 0);
        var group = new SessionGroup(Loops, settings, world.TokensFor(count));
        _groups.Add(group);
        return group;
    }

    /// <summary>Makes posters.</summary>
    public PosterGroup Posters(int count, int kinds, Func<int, (byte[] Request, int Kind)> next) => new(Loops, _rest, count, kinds, next);

    /// <summary>A request that creates a message.</summary>
    public byte[] PostRequest(World world, string channel, int contentBytes)
    {
        string body = $$"""{"content":"{{new string('m', contentBytes)}}"}""";
        return Encoding.ASCII.GetBytes(
            $"POST /api/v10/channels/{channel}/messages HTTP/1.1\r\nHost: {Options.Url.Authority}\r\n" +
            $"Authorization: {world.PosterToken}\r\nUser-Agent: DiscordBot (load, 1)\r\n" +
            $"Content-Type: application/json\r\nContent-Length: {body.Length}\r\n\r\n{body}");
    }

    /// <summary>A request that reads the 50 latest messages.</summary>
    public byte[] HistoryRequest(World world, string channel) => Encoding.ASCII.GetBytes(
        $"GET /api/v10/channels/{channel}/messages?limit=50 HTTP/1.1\r\nHost: {Options.Url.Authority}\r\n" +
        $"Authorization: {world.PosterToken}\r\nUser-Agent: DiscordBot (load, 1)\r\n\r\n");

    /// <summary>What the server, when its process was named, and the load generator have used so far.</summary>
    /// <exception cref="IOException">The server's process has ended.</exception>
    public Usage Sample() => Usage.Now(Options.ServerPid);

    /// <summary>Forgets all deliveries' latencies, sizes and reads; the goal's total goes on.</summary>
    public Task ClearAsync() => Task.WhenAll(Loops.Select(loop => loop.RunAsync(loop.Deliveries.Clear)));

    /// <summary>Adds up what all loops have counted.</summary>
    public async Task<(Histogram Latency, long Count, long Bytes, long Reads)> TotalsAsync()
    {
        var latency = new Histogram();
        long count = 0, bytes = 0, reads = 0;
        foreach (var loop in Loops)
        {
            await loop.RunAsync(() =>
            {
                latency.Add(loop.Deliveries.Latency);
                count += loop.Deliveries.Count;
                bytes += loop.Deliveries.Bytes;
                reads += loop.Deliveries.Reads;
            });
        }
        return (latency, count, bytes, reads);
    }

    /// <summary>Waits until so many deliveries have come, in all.</summary>
    /// <exception cref="LoadException">They have not within the limit, or something failed meanwhile.</exception>
    public void WaitForDeliveries(long total, TimeSpan limit, SessionGroup sessions, PosterGroup? posters) =>
        WaitFor(Goal, total, limit, sessions, posters, "deliveries");

    /// <summary>Waits for a number of deliveries or answers.</summary>
    public void WaitFor(DeliveryGoal goal, long total, TimeSpan limit, SessionGroup? sessions, PosterGroup? posters, string what)
    {
        long end = Clock.Now + (long)(limit.TotalMilliseconds * 1e6);
        while (!goal.WaitFor(total, TimeSpan.FromMilliseconds(200)))
        {
            ThrowIfFailed(sessions, posters);
            if (Clock.Now > end)
                throw new LoadException($"Only {goal.Total:N0} of {total:N0} {what} came within {limit.TotalSeconds:0} s.");
        }
        ThrowIfFailed(sessions, posters);
    }

    /// <summary>Throws when a session, a poster or a loop has failed.</summary>
    /// <exception cref="LoadException">One has.</exception>
    public void ThrowIfFailed(SessionGroup? sessions, PosterGroup? posters)
    {
        if (sessions?.Failure is { } session) throw new LoadException($"A session failed: {session}");
        if (posters?.Failure is { } poster) throw new LoadException($"A request failed: {poster}");
        if (posters?.FirstError is { } error)
        {
            string hint = error.StartsWith("HTTP 429", StringComparison.Ordinal) ? " Start the server with its rate limits off." : "";
            throw new LoadException($"A request was refused. {error}{hint}");
        }
        if (Loops.FirstOrDefault(loop => loop.Failure is not null)?.Failure is { } failure)
            throw new LoadException($"The load generator cannot go on: {failure.Message}", failure);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        foreach (var group in _groups) await group.EndAsync();
        foreach (var loop in Loops) loop.Dispose();
        Goal.Dispose();
        Api.Dispose();
    }

    private static async Task<IPEndPoint> ResolveAsync(Uri uri)
    {
        try
        {
            var addresses = await Dns.GetHostAddressesAsync(uri.Host, AddressFamily.InterNetwork);
            if (addresses.Length > 0) return new IPEndPoint(addresses[0], uri.Port);
        }
        catch (SocketException e)
        {
            throw new LoadException($"The host of {uri} cannot be found: {e.Message}", e);
        }
        throw new LoadException($"The host of {uri} has no IPv4 address.");
    }

    // The runtime raises the soft limit to the hard one by itself; what counts is the hard one.
    private static void CheckDescriptors(int sockets)
    {
        const int others = 300;
        string? line = File.ReadLines("/proc/self/limits").FirstOrDefault(l => l.StartsWith("Max open files", StringComparison.Ordinal));
        string[] words = line?.Split(' ', StringSplitOptions.RemoveEmptyEntries) ?? [];
        if (words.Length < 5 || !long.TryParse(words[4], out long limit)) return;
        if (sockets > LoadOptions.MaxSockets || sockets + others > limit)
            throw new LoadException($"{sockets} sockets and {others} other descriptors exceed the limit of " +
                $"{Math.Min(limit, LoadOptions.MaxSockets + others)} of this process (ulimit -n).");
    }
}
