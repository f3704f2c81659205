using Discord.Load.Engine;
using Discord.Load.Measure;

namespace Discord.Load.Scenarios;

/// <summary>Posters in a closed loop: warm up, measure, stop.</summary>
internal static class ClosedLoop
{
    /// <summary>What the measured part was.</summary>
    public readonly record struct Result(TimeSpan Elapsed, long Answers, Usage Before, Usage After);

    /// <summary>Runs the posters for the warm-up and then for the duration, and waits for the requests in flight.</summary>
    public static async Task<Result> RunAsync(Bench bench, PosterGroup posters, SessionGroup? sessions, Func<TimeSpan, Task>? during = null)
    {
        if (bench.Options.WarmUp > TimeSpan.Zero)
        {
            posters.StartLooping();
            await Task.Delay(bench.Options.WarmUp);
            await posters.StopAsync(Scenario.Patience);
            bench.ThrowIfFailed(sessions, posters);
            posters.Clear();
        }
        long answersBefore = posters.Answers.Total;
        var before = bench.Sample();
        long started = Clock.Now;
        posters.StartLooping();
        await (during?.Invoke(bench.Options.Duration) ?? Task.Delay(bench.Options.Duration));
        await posters.StopAsync(Scenario.Patience);
        var elapsed = TimeSpan.FromMilliseconds((Clock.Now - started) / 1e6);
        bench.ThrowIfFailed(sessions, posters);
        return new Result(elapsed, posters.Answers.Total - answersBefore, before, bench.Sample());
    }
}
