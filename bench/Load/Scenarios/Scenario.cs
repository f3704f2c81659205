using Discord.Load.Measure;

namespace Discord.Load.Scenarios;

/// <summary>The scenarios by name.</summary>
internal static class Scenario
{
    /// <summary>How long a delivery or an answer may take before the run is given up.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <summary>How long all sessions together may take to come up.</summary>
    public static readonly TimeSpan StartLimit = TimeSpan.FromMinutes(3);

    private static readonly Dictionary<string, (LoadOptions Defaults, Func<Bench, Task<Figures>> Run)> All = new()
    {
        ["fan-out"] = (Defaults(sessions: 5000, posters: 0, perAccount: 50), FanOut.RunAsync),
        ["post"] = (Defaults(sessions: 1, posters: 64, perAccount: 1), Post.RunAsync),
        ["history"] = (Defaults(sessions: 0, posters: 16, perAccount: 1), History.RunAsync),
        ["idle"] = (Defaults(sessions: 10_000, posters: 0, perAccount: 1), Idle.RunAsync),
        ["identify-storm"] = (Defaults(sessions: 2000, posters: 0, perAccount: 10), IdentifyStorm.RunAsync),
        ["resume-storm"] = (Defaults(sessions: 5000, posters: 0, perAccount: 50), ResumeStorm.RunAsync),
        ["mixed"] = (Defaults(sessions: 500, posters: 16, perAccount: 50), Mixed.RunAsync),
    };

    /// <summary>Their names.</summary>
    public static IReadOnlyCollection<string> Names => All.Keys;

    /// <summary>Fills in what was left to the scenario.</summary>
    public static LoadOptions WithDefaults(LoadOptions options)
    {
        var defaults = All[options.Scenario].Defaults;
        int posters = options.Posters > 0 ? options.Posters : options.Scenario == "fan-out" ? options.Burst : defaults.Posters;
        return options with
        {
            Sessions = options.Sessions > 0 ? options.Sessions : defaults.Sessions,
            Posters = posters,
            PerAccount = options.PerAccount > 0 ? options.PerAccount : defaults.PerAccount,
            Channels = options.Channels > 0 ? options.Channels : Math.Clamp(posters, 1, 450),
        };
    }

    /// <summary>Runs a scenario with options that <see cref="WithDefaults"/> has filled.</summary>
    /// <exception cref="Engine.LoadException">It could not be carried through.</exception>
    public static Task<Figures> RunAsync(Bench bench) => All[bench.Options.Scenario].Run(bench);

    private static LoadOptions Defaults(int sessions, int posters, int perAccount) =>
        new() { Scenario = "", Url = new Uri("http://none"), Sessions = sessions, Posters = posters, PerAccount = perAccount };
}
