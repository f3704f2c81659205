using Discord.Load.Measure;
using Discord.Load.Setup;

namespace Discord.Load.Scenarios;

/// <summary>
/// The 50 latest messages of a channel, read over and over by C connections over as many channels of at least 50 messages.
/// </summary>
internal static class History
{
    private const int Messages = 60;

    public static async Task<Figures> RunAsync(Bench bench)
    {
        var options = bench.Options;
        var world = await bench.PrepareAsync(new WorldPlan(options.Channels, 0, AccountKind.User));
        foreach (string channel in world.Channels)
        {
            for (int i = 0; i < Messages; i++) await bench.Api.PostAsync(world.PosterToken, channel, new string('h', options.ContentBytes));
        }
        byte[][] requests = [.. world.Channels.Select(channel => bench.HistoryRequest(world, channel))];
        using var posters = bench.Posters(options.Posters, 1, i => (requests[i % requests.Length], 0));

        var run = await ClosedLoop.RunAsync(bench, posters, null);

        var figures = new Figures();
        figures.Add("reads_per_s", run.Answers / run.Elapsed.TotalSeconds);
        figures.AddUsage(run.Before, run.After, run.Answers, "read", run.Elapsed);
        figures.Add("latency", posters.Latency(0));
        figures.Add("answer_bytes", posters.BodyBytes(0));
        figures.Add("readers", options.Posters);
        figures.Add("channels", world.Channels.Length);
        figures.Add("reads", run.Answers);
        return figures;
    }
}
