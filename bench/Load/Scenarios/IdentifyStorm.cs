using Discord.Load.Engine;
using Discord.Load.Measure;
using Discord.Load.Setup;

namespace Discord.Load.Scenarios;

/// <summary>Sessions of accounts in several small guilds each connect and identify; a session is done with its last GUILD_CREATE.</summary>
internal static class IdentifyStorm
{
    public static async Task<Figures> RunAsync(Bench bench)
    {
        var options = bench.Options;
        int accounts = (options.Sessions + options.PerAccount - 1) / options.PerAccount;
        var world = await bench.PrepareAsync(new WorldPlan(1, accounts, options.Account, options.Guilds, options.GuildMembers));

        if (options.WarmUp > TimeSpan.Zero)
        {
            var warm = await bench.SessionsAsync(world, Math.Max(options.Sessions / 4, 1));
            await warm.StartAsync(options.Window, Scenario.StartLimit);
            await warm.EndAsync();
        }
        var sessions = await bench.SessionsAsync(world, options.Sessions);
        var before = bench.Sample();
        long started = Clock.Now;
        await sessions.StartAsync(options.Window, Scenario.StartLimit);
        var elapsed = TimeSpan.FromMilliseconds((Clock.Now - started) / 1e6);
        var after = bench.Sample();

        var figures = new Figures();
        figures.Add("sessions_per_s", options.Sessions / elapsed.TotalSeconds);
        figures.AddUsage(before, after, options.Sessions, "session", elapsed);
        figures.Add("ready", Latencies(sessions));
        figures.Add("sessions", options.Sessions);
        figures.Add("accounts", world.Tokens.Length);
        figures.Add("bots", world.Bots ? 1 : 0);
        figures.Add("guilds_each", world.GuildsOfEach);
        return figures;
    }

    /// <summary>From the start of each session's connection to the moment it was live.</summary>
    public static Histogram Latencies(SessionGroup sessions)
    {
        var all = new Histogram();
        foreach (var session in sessions.Sessions) all.Record(session.LiveAt - session.StartedAt);
        return all;
    }
}
