using Discord.Load.Measure;
using Discord.Load.Setup;

namespace Discord.Load.Scenarios;

/// <summary>REST message create: C posters over as many channels, one subscribed session that must get every message.</summary>
internal static class Post
{
    public static async Task<Figures> RunAsync(Bench bench)
    {
        var options = bench.Options;
        var world = await bench.PrepareAsync(new WorldPlan(options.Channels, 1, options.Account));
        var sessions = await bench.SessionsAsync(world, options.Sessions);
        await sessions.StartAsync(options.Window, Scenario.StartLimit);
        byte[][] requests = [.. world.Channels.Select(channel => bench.PostRequest(world, channel, options.ContentBytes))];
        using var posters = bench.Posters(options.Posters, 1, i => (requests[i % requests.Length], 0));

        var run = await ClosedLoop.RunAsync(bench, posters, sessions);
        long expected = posters.Answers.Total * options.Sessions;
        bench.WaitForDeliveries(expected, Scenario.Patience, sessions, posters);

        var totals = await bench.TotalsAsync();
        var figures = new Figures();
        figures.Add("creates_per_s", run.Answers / run.Elapsed.TotalSeconds);
        figures.AddUsage(run.Before, run.After, run.Answers, "create", run.Elapsed);
        figures.Add("latency", posters.Latency(0));
        figures.Add("event_bytes", (double)totals.Bytes / Math.Max(totals.Count, 1));
        figures.Add("posters", options.Posters);
        figures.Add("channels", world.Channels.Length);
        figures.Add("creates", run.Answers);
        figures.Add("deliveries", bench.Goal.Total);
        figures.Add("deliveries_expected", expected);
        if (bench.Goal.Total != expected) figures.Errors.Add($"{bench.Goal.Total:N0} deliveries came instead of {expected:N0}.");
        return figures;
    }
}
