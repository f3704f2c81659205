using Discord.Load.Measure;
using Discord.Load.Setup;

namespace Discord.Load.Scenarios;

/// <summary>The server's resident memory per identified session that does nothing, in one guild with as many members as accounts.</summary>
internal static class Idle
{
    public static async Task<Figures> RunAsync(Bench bench)
    {
        var options = bench.Options;
        int accounts = (options.Sessions + options.PerAccount - 1) / options.PerAccount;
        var kind = options.Account == AccountKind.Auto ? AccountKind.User : options.Account;
        var world = await bench.PrepareAsync(new WorldPlan(1, accounts, kind));

        // The first sessions pay for code and pools that stay: they are no part of what one more costs.
        int first = Math.Min(options.Sessions, Math.Max(options.Sessions / 100, 10));
        var early = await bench.SessionsAsync(world, first);
        await early.StartAsync(options.Window, Scenario.StartLimit);
        var before = await RestAsync(bench);
        var sessions = await bench.SessionsAsync(world, options.Sessions);
        long started = Clock.Now;
        await sessions.StartAsync(options.Window, Scenario.StartLimit);
        double startSeconds = (Clock.Now - started) / 1e9;
        var after = await RestAsync(bench);

        await Task.Delay(options.Duration);
        bench.ThrowIfFailed(sessions, null);
        var end = bench.Sample().Server!.Value;

        var figures = new Figures();
        figures.Add("server_bytes_per_session", (double)(after.ResidentBytes - before.ResidentBytes) / options.Sessions);
        figures.Add("server_rss_before_mib", before.ResidentBytes / 1048576.0);
        figures.Add("server_rss_after_mib", after.ResidentBytes / 1048576.0);
        figures.Add("server_rss_end_mib", end.ResidentBytes / 1048576.0);
        figures.Add("server_cpu_cores_idle", (end.CpuMicroseconds - after.CpuMicroseconds) / options.Duration.TotalMicroseconds);
        figures.Add("sessions", options.Sessions);
        figures.Add("accounts", world.Tokens.Length);
        figures.Add("sessions_started_per_s", options.Sessions / startSeconds);
        return figures;
    }

    // Memory is at rest when it has not grown by a percent within the settling time; a minute is enough patience.
    private static async Task<ProcessSample> RestAsync(Bench bench)
    {
        var last = bench.Sample().Server!.Value;
        long giveUp = Clock.Now + 60_000_000_000;
        while (true)
        {
            await Task.Delay(bench.Options.Settle);
            var now = bench.Sample().Server!.Value;
            if (now.ResidentBytes <= last.ResidentBytes * 1.01 || Clock.Now > giveUp) return now;
            last = now;
        }
    }
}
