using System.Text.Json;
using Discord.Limit;
using Discord.Load.Measure;

namespace Discord.Load.Tests;

public class ReportTests
{
    private static readonly LoadOptions Options = new() { Scenario = "post", Url = new Uri("http://127.0.0.1:1"), Repeat = 3 };

    [Fact]
    public void Json_holds_conditions_figures_and_ratio()
    {
        var (server, limit) = (new Figures(), new Figures());
        server.Add("creates_per_s", 80);
        server.Add("only_here", 1);
        limit.Add("creates_per_s", 100);
        server.Errors.Add("one is missing");
        using var json = JsonDocument.Parse(Report.Json(Options, server, limit));
        var root = json.RootElement;
        Assert.Equal("post", root.GetProperty("scenario").GetString());
        Assert.Equal(Environment.ProcessorCount, root.GetProperty("conditions").GetProperty("cores").GetInt32());
        Assert.Equal(80, root.GetProperty("server").GetProperty("creates_per_s").GetDouble());
        Assert.Equal(100, root.GetProperty("limit").GetProperty("creates_per_s").GetDouble());
        Assert.Equal(0.8, root.GetProperty("ratio").GetProperty("creates_per_s").GetDouble());
        Assert.False(root.GetProperty("ratio").TryGetProperty("only_here", out _));
        Assert.Equal("one is missing", root.GetProperty("errors")[0].GetString());
    }

    [Fact]
    public void Text_says_that_figures_with_an_error_prove_nothing()
    {
        var server = new Figures();
        server.Add("creates_per_s", 80);
        server.Errors.Add("one is missing");
        string text = Report.Text(Options, server, null);
        Assert.Contains("creates_per_s", text);
        Assert.Contains("prove nothing: one is missing", text);
    }

    [Fact]
    public void Median_of_runs_is_the_middle_of_each_figure_and_all_errors()
    {
        var runs = new[] { (1.0, 30.0), (3.0, 10.0), (2.0, 20.0) }.Select(run =>
        {
            var figures = new Figures();
            figures.Add("a", run.Item1);
            figures.Add("b", run.Item2);
            figures.Errors.Add($"error {run.Item1}");
            figures.Errors.Add("the same");
            return figures;
        }).ToArray();
        var middle = Figures.Median(runs);
        Assert.Equal((2, 20), (middle["a"], middle["b"]));
        Assert.Equal(4, middle.Errors.Count);
    }

    [Fact]
    public async Task Run_against_a_server_and_its_limit_ends_well()
    {
        using var server = LimitServer.Start(new LimitOptions());
        var options = new LoadOptions
        {
            Scenario = "fan-out",
            Url = new Uri(server.Url),
            Sessions = 10,
            Limit = true,
            Repeat = 2,
            ServerPid = Environment.ProcessId,
            Duration = TimeSpan.FromMilliseconds(200),
            WarmUp = TimeSpan.Zero,
        };
        Assert.Equal(0, await LoadCommand.RunAsync(options));
        Assert.Equal(1, await LoadCommand.RunAsync(options with { ServerPid = int.MaxValue }));
        Assert.Equal(2, await LoadCommand.RunAsync(options with { Repeat = 0 }));
    }

    [Fact]
    public void Sample_of_a_process_grows_with_its_work()
    {
        var before = Usage.Now(Environment.ProcessId);
        long sum = 0;
        while (Usage.Now(Environment.ProcessId).Server!.Value.CpuMicroseconds - before.Server!.Value.CpuMicroseconds < 20_000) sum++;
        Assert.True(Usage.Now(null).LoadCpuMicroseconds > before.LoadCpuMicroseconds);
        Assert.Null(Usage.Now(null).Server);
        Assert.Throws<IOException>(() => Usage.Now(int.MaxValue));
    }
}
