using Discord.Load.Engine;
using Discord.Load.Measure;
using Discord.Load.Setup;

namespace Discord.Load.Scenarios;

/// <summary>
/// All at once: sessions that get everything, connections that post one message for three pages of history, and sessions that lose their
/// connection and resume. In the end every session must have had every message once.
/// </summary>
internal static class Mixed
{
    private const int ReadsPerPost = 3;

    public static async Task<Figures> RunAsync(Bench bench)
    {
        var options = bench.Options;
        int accounts = (options.Sessions + options.PerAccount - 1) / options.PerAccount;
        var world = await bench.PrepareAsync(new WorldPlan(options.Channels, accounts, options.Account));
        var sessions = await bench.SessionsAsync(world, options.Sessions);
        await sessions.StartAsync(options.Window, Scenario.StartLimit);

        byte[][] posts = [.. world.Channels.Select(channel => bench.PostRequest(world, channel, options.ContentBytes))];
        byte[][] reads = [.. world.Channels.Select(channel => bench.HistoryRequest(world, channel))];
        long posted = 0;
        var turns = new int[options.Posters];
        // Each poster starts at another turn, so that posts and reads mix from the first moment.
        for (int i = 0; i < turns.Length; i++) turns[i] = i;
        using var posters = bench.Posters(options.Posters, 2, i =>
        {
            if (turns[i]++ % (ReadsPerPost + 1) != 0) return (reads[i % reads.Length], 1);
            Interlocked.Increment(ref posted);
            return (posts[i % posts.Length], 0);
        });

        int churned = 0;
        var run = await ClosedLoop.RunAsync(
            bench, posters, sessions, async duration => churned = await ChurnAsync(options.Churn, sessions, duration));
        long expected = Interlocked.Read(ref posted) * options.Sessions;
        bench.WaitForDeliveries(expected, Scenario.Patience, sessions, posters);

        var (post, read) = (posters.Latency(0), posters.Latency(1));
        var totals = await bench.TotalsAsync();
        var figures = new Figures();
        figures.Add("requests_per_s", run.Answers / run.Elapsed.TotalSeconds);
        figures.Add("creates_per_s", post.Count / run.Elapsed.TotalSeconds);
        figures.Add("reads_per_s", read.Count / run.Elapsed.TotalSeconds);
        figures.Add("deliveries_per_s", (double)post.Count * options.Sessions / run.Elapsed.TotalSeconds);
        figures.AddUsage(run.Before, run.After, run.Answers, "request", run.Elapsed);
        figures.Add("post", post);
        figures.Add("read", read);
        figures.Add("event_bytes", (double)totals.Bytes / Math.Max(totals.Count, 1));
        figures.Add("answer_bytes", posters.BodyBytes(1));
        figures.Add("sessions", options.Sessions);
        figures.Add("resumes", churned);
        figures.Add("deliveries", bench.Goal.Total);
        figures.Add("deliveries_expected", expected);
        if (bench.Goal.Total != expected) figures.Errors.Add($"{bench.Goal.Total:N0} deliveries came instead of {expected:N0}.");
        return figures;
    }

    // Cuts and resumes sessions one after the other, spread over the time.
    private static async Task<int> ChurnAsync(int perSecond, SessionGroup sessions, TimeSpan duration)
    {
        int total = (int)(perSecond * duration.TotalSeconds);
        long started = Clock.Now;
        for (int i = 0; i < total; i++)
        {
            var session = sessions.Sessions[i % sessions.Sessions.Count];
            session.Loop.Post(() => sessions.CutAndResume(session));
            var due = TimeSpan.FromSeconds((i + 1.0) / perSecond) - TimeSpan.FromMilliseconds((Clock.Now - started) / 1e6);
            if (due > TimeSpan.Zero) await Task.Delay(due);
        }
        var rest = duration - TimeSpan.FromMilliseconds((Clock.Now - started) / 1e6);
        if (rest > TimeSpan.Zero) await Task.Delay(rest);
        return total;
    }
}
