using System.CommandLine;
using Discord.Load.Engine;
using Discord.Load.Measure;
using Discord.Load.Scenarios;
using Discord.Load.Setup;

namespace Discord.Load;

/// <summary>The command line: options to a run, a run to its report.</summary>
internal static class LoadCommand
{
    /// <summary>The command with all options.</summary>
    public static RootCommand Build()
    {
        var defaults = new LoadOptions { Scenario = "", Url = new Uri("http://127.0.0.1:8080") };
        var scenario = new Argument<string>("scenario") { Description = string.Join(", ", Scenario.Names) };
        var url = Option("--url", "Server under measurement, http only", defaults.Url);
        url.CustomParser = given =>
        {
            if (Uri.TryCreate(given.Tokens[0].Value, UriKind.Absolute, out var parsed)) return parsed;
            given.AddError($"--url must be http://HOST:PORT, not {given.Tokens[0].Value}.");
            return null;
        };
        var json = Option("--json", "Print the results as JSON", false);
        var duration = Option("--duration", "Seconds that are measured", defaults.Duration.TotalSeconds);
        var warmUp = Option("--warm-up", "Seconds before that are thrown away", defaults.WarmUp.TotalSeconds);
        var sessions = Option("--sessions", "Gateway sessions (0: 5000, post 1, idle 10000, identify-storm 2000, mixed 500)", 0);
        var posters = Option("--posters", "HTTP connections (0: post 64, history and mixed 16)", 0);
        var channels = Option("--channels", "Channels (0: as many as posters)", 0);
        var burst = Option("--burst", "fan-out: messages posted at once in a round; 1 is paced", defaults.Burst);
        var rate = Option("--rate", "fan-out: messages per second at most; 0 is as fast as they arrive everywhere", defaults.Rate);
        var eventBytes = Option("--event-bytes", "fan-out: size that a MESSAGE_CREATE is brought to", defaults.EventBytes);
        var contentBytes = Option("--content-bytes", "post, history, mixed: length of the content", defaults.ContentBytes);
        var account = Option("--account", "Whose the sessions are: auto, bot or user", defaults.Account);
        var perAccount = Option("--per-account", "Sessions of one account (0: the scenario's own)", 0);
        var guilds = Option("--guilds", "identify-storm: guilds of each account", defaults.Guilds);
        var guildMembers = Option("--guild-members", "identify-storm: further members of each guild", defaults.GuildMembers);
        var window = Option("--window", "Sessions on their way at once", defaults.Window);
        var missed = Option("--missed", "resume-storm: messages that each session misses", defaults.Missed);
        var churn = Option("--churn", "mixed: sessions cut and resumed each second", defaults.Churn);
        var pause = Option("--read-pause", "fan-out: microseconds that a receiving thread pauses between its rounds of reads",
            defaults.ReadPause.TotalMicroseconds);
        var settle = Option("--settle", "idle: seconds in which memory must come to rest", defaults.Settle.TotalSeconds);
        var compress = Option("--compress", "idle, identify-storm: zlib-stream or zstd-stream", "");
        var intents = Option<long?>("--intents", "Intents of the sessions (bots: 33281; users: none sent)", null);
        var seed = Option<string?>("--seed", "File with the output of pbm dev seed --json, instead of registering", null);
        var state = Option<string?>("--state", "File that keeps the set-up for the next run", null);
        var pid = Option<int?>("--server-pid", "The server's process, for CPU and memory", null);
        var limit = Option("--limit", "Run the same against the limit server afterwards and print the ratio", false);
        var repeat = Option("--repeat", "Runs, the limit server's in turn; each figure is the middle one", defaults.Repeat);
        var threads = Option("--threads", "Threads of the load generator", defaults.Threads);

        var command = new RootCommand("Loads a Discord-compatible server through its public API and says what it took.")
        {
            scenario, url, json, duration, warmUp, sessions, posters, channels, burst, rate, eventBytes, contentBytes, account, perAccount,
            guilds, guildMembers, window, missed, churn, pause, settle, compress, intents, seed, state, pid, limit, repeat, threads,
        };
        command.SetAction((parsed, _) => RunAsync(new LoadOptions
        {
            Scenario = parsed.GetValue(scenario)!,
            Url = parsed.GetValue(url)!,
            Json = parsed.GetValue(json),
            Duration = TimeSpan.FromSeconds(parsed.GetValue(duration)),
            WarmUp = TimeSpan.FromSeconds(parsed.GetValue(warmUp)),
            Sessions = parsed.GetValue(sessions),
            Posters = parsed.GetValue(posters),
            Channels = parsed.GetValue(channels),
            Burst = parsed.GetValue(burst),
            Rate = parsed.GetValue(rate),
            EventBytes = parsed.GetValue(eventBytes),
            ContentBytes = parsed.GetValue(contentBytes),
            Account = parsed.GetValue(account),
            PerAccount = parsed.GetValue(perAccount),
            Guilds = parsed.GetValue(guilds),
            GuildMembers = parsed.GetValue(guildMembers),
            Window = parsed.GetValue(window),
            Missed = parsed.GetValue(missed),
            Churn = parsed.GetValue(churn),
            ReadPause = TimeSpan.FromMicroseconds(parsed.GetValue(pause)),
            Settle = TimeSpan.FromSeconds(parsed.GetValue(settle)),
            Compress = parsed.GetValue(compress)!,
            Intents = parsed.GetValue(intents),
            SeedFile = parsed.GetValue(seed),
            StateFile = parsed.GetValue(state),
            ServerPid = parsed.GetValue(pid),
            Limit = parsed.GetValue(limit),
            Repeat = parsed.GetValue(repeat),
            Threads = parsed.GetValue(threads),
        }));
        return command;
    }

    /// <summary>Runs a scenario, and the limit server's turn when asked for, and prints the report.</summary>
    /// <returns>0, 1 when a run could not be carried through or its counts are wrong, 2 when an option is wrong.</returns>
    public static async Task<int> RunAsync(LoadOptions options)
    {
        if (options.Problem() is { } problem)
        {
            Console.Error.WriteLine(problem);
            return 2;
        }
        try
        {
            var (target, limit) = await CompareAsync(options);
            var full = Scenario.WithDefaults(options);
            Console.WriteLine(options.Json ? Report.Json(full, target, limit) : Report.Text(full, target, limit));
            return target.Errors.Count + (limit?.Errors.Count ?? 0) > 0 ? 1 : 0;
        }
        catch (Exception e) when (e is LoadException or IOException)
        {
            Console.Error.WriteLine(e.Message);
            return 1;
        }
    }

    // The two take turns, so that a machine whose load changes over minutes is as unfair to the one as to the other.
    private static async Task<(Figures Target, Figures? Limit)> CompareAsync(LoadOptions options)
    {
        var targets = new List<Figures>();
        var limits = new List<Figures>();
        LimitProcess? server = null;
        try
        {
            for (int turn = 0; turn < options.Repeat; turn++)
            {
                targets.Add(await MeasureAsync(options));
                if (!options.Limit) continue;
                server ??= LimitProcess.Start(targets[0]);
                var own = options with { Url = server.Url, ServerPid = server.Pid, SeedFile = null, StateFile = null };
                limits.Add(await MeasureAsync(own));
            }
        }
        finally
        {
            server?.Dispose();
        }
        return (Figures.Median(targets), limits.Count > 0 ? Figures.Median(limits) : null);
    }

    /// <summary>Runs a scenario against one server.</summary>
    /// <exception cref="LoadException">It could not be carried through.</exception>
    public static async Task<Figures> MeasureAsync(LoadOptions options)
    {
        await using var bench = await Bench.OpenAsync(Scenario.WithDefaults(options), what => Console.Error.WriteLine(what));
        return await Scenario.RunAsync(bench);
    }

    private static Option<T> Option<T>(string name, string description, T value) =>
        new(name) { Description = description, DefaultValueFactory = _ => value };
}
