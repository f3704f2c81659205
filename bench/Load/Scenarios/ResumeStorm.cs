using Discord.Load.Measure;
using Discord.Load.Setup;

namespace Discord.Load.Scenarios;

/// <summary>All sessions of a guild lose their connection, miss some messages, and resume at once; each must get what it missed.</summary>
internal static class ResumeStorm
{
    public static async Task<Figures> RunAsync(Bench bench)
    {
        var options = bench.Options;
        int accounts = (options.Sessions + options.PerAccount - 1) / options.PerAccount;
        var world = await bench.PrepareAsync(new WorldPlan(1, accounts, options.Account));
        var sessions = await bench.SessionsAsync(world, options.Sessions);
        await sessions.StartAsync(options.Window, Scenario.StartLimit);

        if (options.WarmUp > TimeSpan.Zero)
        {
            await sessions.CutAsync();
            await sessions.ResumeAsync(options.Window, Scenario.StartLimit);
        }
        await sessions.CutAsync();
        for (int i = 0; i < options.Missed; i++)
            await bench.Api.PostAsync(world.PosterToken, world.Channels[0], new string('r', options.ContentBytes));

        var before = bench.Sample();
        long started = Clock.Now;
        await sessions.ResumeAsync(options.Window, Scenario.StartLimit);
        var elapsed = TimeSpan.FromMilliseconds((Clock.Now - started) / 1e6);
        var after = bench.Sample();

        long expected = (long)options.Missed * options.Sessions;
        bench.WaitForDeliveries(expected, Scenario.Patience, sessions, null);
        var figures = new Figures();
        figures.Add("sessions_per_s", options.Sessions / elapsed.TotalSeconds);
        figures.AddUsage(before, after, options.Sessions, "session", elapsed);
        figures.Add("resumed", IdentifyStorm.Latencies(sessions));
        figures.Add("sessions", options.Sessions);
        figures.Add("missed_each", options.Missed);
        figures.Add("deliveries", bench.Goal.Total);
        figures.Add("deliveries_expected", expected);
        if (bench.Goal.Total != expected)
            figures.Errors.Add($"{bench.Goal.Total:N0} missed messages were replayed instead of {expected:N0}.");
        return figures;
    }
}
