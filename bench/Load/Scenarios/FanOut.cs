using Discord.Load.Engine;
using Discord.Load.Measure;
using Discord.Load.Setup;

namespace Discord.Load.Scenarios;

/// <summary>
/// N sessions in one guild, messages posted in rounds. A round of one message is paced: the next is sent when all sessions have the last,
/// so that nothing coalesces. A round of more lets them wait for each other in the server.
/// </summary>
internal static class FanOut
{
    public static async Task<Figures> RunAsync(Bench bench)
    {
        var options = bench.Options;
        int accounts = (options.Sessions + options.PerAccount - 1) / options.PerAccount;
        var world = await bench.PrepareAsync(new WorldPlan(1, accounts, options.Account));
        var sessions = await bench.SessionsAsync(world, options.Sessions);
        await sessions.StartAsync(options.Window, Scenario.StartLimit);

        byte[] request = bench.PostRequest(world, world.Channels[0], 1);
        // Written between rounds only, when no poster is looking.
        using var posters = bench.Posters(options.Burst, 1, _ => (request, 0));
        var rounds = new Rounds(bench, sessions, posters);
        rounds.Run(1);
        var probe = await bench.TotalsAsync();
        int content = Math.Clamp(options.EventBytes - (int)(probe.Bytes / probe.Count) + 1, 1, 2000);
        request = bench.PostRequest(world, world.Channels[0], content);

        foreach (var loop in bench.Loops) loop.Pause = options.ReadPause;
        bench.Say($"{options.Sessions} sessions are up, warming up");
        rounds.RunFor(options.WarmUp, 0);
        await bench.ClearAsync();
        posters.Clear();
        rounds.Spread.Clear();

        var before = bench.Sample();
        long started = Clock.Now;
        long sent = rounds.RunFor(options.Duration, options.Rate);
        var elapsed = TimeSpan.FromMilliseconds((Clock.Now - started) / 1e6);
        var after = bench.Sample();

        var (latency, count, bytes, reads) = await bench.TotalsAsync();
        var figures = new Figures();
        figures.Add("deliveries_per_s", count / elapsed.TotalSeconds);
        figures.Add("messages_per_s", sent / elapsed.TotalSeconds);
        figures.AddUsage(before, after, count, "delivery", elapsed);
        figures.Add("latency", latency);
        figures.Add("broadcast", rounds.Spread);
        figures.Add("post", posters.Latency(0));
        figures.Add("deliveries_per_read", (double)count / Math.Max(reads, 1));
        figures.Add("event_bytes", (double)bytes / Math.Max(count, 1));
        figures.Add("sessions", options.Sessions);
        figures.Add("messages", sent);
        figures.Add("deliveries", count);
        figures.Add("deliveries_expected", sent * options.Sessions);
        if (count != sent * options.Sessions) figures.Errors.Add($"{count:N0} deliveries came instead of {sent * options.Sessions:N0}.");
        return figures;
    }

    private sealed class Rounds(Bench bench, SessionGroup sessions, PosterGroup posters)
    {
        private long _expected;
        private long _answers;

        // From sending a round to the last session's last message.
        public Histogram Spread { get; } = new();

        public long RunFor(TimeSpan duration, double rate)
        {
            long started = Clock.Now;
            long end = started + (long)(duration.TotalMilliseconds * 1e6);
            long sent = 0;
            while (Clock.Now < end)
            {
                if (rate > 0)
                {
                    long due = started + (long)(sent / rate * 1e9);
                    if (due >= end) break;
                    long wait = due - Clock.Now;
                    if (wait > 0) Thread.Sleep(TimeSpan.FromMilliseconds(wait / 1e6));
                }
                Run(bench.Options.Burst);
                sent += bench.Options.Burst;
            }
            return sent;
        }

        public void Run(int messages)
        {
            long now = Clock.Now;
            bench.Goal.StartedAt = now;
            posters.SendOnce(messages);
            _expected += (long)messages * sessions.Sessions.Count;
            _answers += messages;
            bench.WaitForDeliveries(_expected, Scenario.Patience, sessions, posters);
            Spread.Record(Clock.Now - now);
            bench.WaitFor(posters.Answers, _answers, Scenario.Patience, sessions, posters, "answers");
        }
    }
}
