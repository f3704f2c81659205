using Discord.Limit;
using Discord.Load.Engine;
using Discord.Load.Setup;

namespace Discord.Load.Tests;

/// <summary>Every scenario against the limit server in this process. Counts are checked, never times.</summary>
public class ScenarioTests
{
    private static readonly TimeSpan Short = TimeSpan.FromMilliseconds(500);

    [Theory]
    [InlineData(AccountKind.Bot, 1)]
    [InlineData(AccountKind.User, 1)]
    [InlineData(AccountKind.Bot, 10)]
    public async Task Fan_out_delivers_every_message_to_every_session_once(AccountKind account, int burst)
    {
        using var server = LimitServer.Start(new LimitOptions());
        var figures = await LoadCommand.MeasureAsync(Options(server, "fan-out") with { Sessions = 120, Account = account, Burst = burst });
        Assert.Empty(figures.Errors);
        Assert.True(figures["messages"] >= burst);
        Assert.Equal(figures["messages"] * 120, figures["deliveries"]);
        Assert.InRange(figures["event_bytes"], 590, 610);
    }

    [Fact]
    public async Task Fan_out_with_a_rate_sends_no_more_than_that()
    {
        using var server = LimitServer.Start(new LimitOptions());
        var options = Options(server, "fan-out") with { Sessions = 2, Rate = 20, Account = AccountKind.Bot };
        var figures = await LoadCommand.MeasureAsync(options);
        Assert.InRange(figures["messages"], 1, 10);
    }

    [Fact]
    public async Task Paced_fan_out_brings_one_message_per_read()
    {
        using var server = LimitServer.Start(new LimitOptions());
        var figures = await LoadCommand.MeasureAsync(Options(server, "fan-out") with { Sessions = 20 });
        Assert.Equal(1, figures["deliveries_per_read"]);
    }

    [Fact]
    public async Task Post_creates_and_its_subscriber_gets_all()
    {
        using var server = LimitServer.Start(new LimitOptions());
        var figures = await LoadCommand.MeasureAsync(Options(server, "post") with { Posters = 8, Channels = 4 });
        Assert.Empty(figures.Errors);
        Assert.True(figures["creates"] >= 8);
        Assert.True(figures["deliveries"] >= figures["creates"]);
        Assert.Equal(figures["deliveries_expected"], figures["deliveries"]);
    }

    [Fact]
    public async Task History_reads_pages_of_the_size_that_the_server_has()
    {
        using var server = LimitServer.Start(new LimitOptions { HistoryBytes = 20_000 });
        var figures = await LoadCommand.MeasureAsync(Options(server, "history") with { Posters = 4 });
        Assert.True(figures["reads"] >= 4);
        Assert.InRange(figures["answer_bytes"], 19_800, 20_000);
    }

    [Fact]
    public async Task Idle_brings_up_a_session_for_every_account()
    {
        using var server = LimitServer.Start(new LimitOptions());
        var soon = TimeSpan.FromMilliseconds(10);
        var options = Options(server, "idle") with { Sessions = 50, ServerPid = Environment.ProcessId, Settle = soon };
        var figures = await LoadCommand.MeasureAsync(options);
        Assert.Equal((50, 50), (figures["sessions"], figures["accounts"]));
        Assert.True(figures["server_rss_after_mib"] > 1);
    }

    [Theory]
    [InlineData(AccountKind.Bot)]
    [InlineData(AccountKind.User)]
    public async Task Identify_storm_brings_up_every_session(AccountKind account)
    {
        using var server = LimitServer.Start(new LimitOptions());
        var options = Options(server, "identify-storm") with { Sessions = 60, PerAccount = 10, Guilds = 4 };
        var figures = await LoadCommand.MeasureAsync(options with { Account = account, WarmUp = Short });
        Assert.Equal((60, 6, 4), (figures["sessions"], figures["accounts"], figures["guilds_each"]));
        Assert.True(figures["ready_max_ms"] > 0);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(5)]
    public async Task Resume_storm_replays_what_was_missed(int missed)
    {
        using var server = LimitServer.Start(new LimitOptions());
        var options = Options(server, "resume-storm") with { Sessions = 70, Missed = missed, WarmUp = Short };
        var figures = await LoadCommand.MeasureAsync(options);
        Assert.Empty(figures.Errors);
        Assert.Equal(missed * 70, figures["deliveries"]);
    }

    [Fact]
    public async Task Mixed_loses_and_doubles_nothing_while_sessions_resume()
    {
        using var server = LimitServer.Start(new LimitOptions());
        var figures = await LoadCommand.MeasureAsync(Options(server, "mixed") with { Sessions = 20, Posters = 4, Churn = 40 });
        Assert.Empty(figures.Errors);
        Assert.Equal(20, figures["resumes"]);
        Assert.True(figures["creates_per_s"] > 0);
        Assert.True(figures["reads_per_s"] > 0);
        Assert.Equal(figures["deliveries_expected"], figures["deliveries"]);
    }

    [Fact]
    public async Task State_file_spares_the_second_set_up()
    {
        using var server = LimitServer.Start(new LimitOptions());
        string file = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        try
        {
            var options = Options(server, "post") with { Posters = 2, StateFile = file };
            await LoadCommand.MeasureAsync(options);
            string first = await File.ReadAllTextAsync(file);
            await LoadCommand.MeasureAsync(options);
            Assert.Equal(first, await File.ReadAllTextAsync(file));
            var other = await Assert.ThrowsAsync<LoadException>(() => LoadCommand.MeasureAsync(options with { Posters = 3 }));
            Assert.Contains("Delete it", other.Message);
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Theory]
    [InlineData("post", 1)]
    [InlineData("identify-storm", 3)]
    public async Task Seed_takes_the_place_of_registration(string scenario, int guilds)
    {
        using var server = LimitServer.Start(new LimitOptions());
        using var api = new Api(new Uri(server.Url));
        string owner = await api.RegisterAsync();
        string guild = await api.CreateGuildAsync(owner);
        string channel = await api.CreateChannelAsync(owner, guild);
        var bot = (await api.TryCreateBotAsync(owner))!.Value;
        await api.AuthorizeAsync(owner, bot.Id, guild);
        string file = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        try
        {
            await File.WriteAllTextAsync(file, $$"""
                {"user_token":"{{owner}}","bot_token":"{{bot.Token}}","application_id":"{{bot.Id}}",
                "guild_id":"{{guild}}","channel_id":"{{channel}}"}
                """);
            var options = Options(server, scenario) with { Sessions = 4, Posters = 2, Guilds = guilds, SeedFile = file };
            var figures = await LoadCommand.MeasureAsync(options);
            Assert.Empty(figures.Errors);
            Assert.Equal(4, figures.Find("sessions") ?? figures["deliveries"] / figures["creates"]);
            await File.WriteAllTextAsync(file, "{}");
            var error = await Assert.ThrowsAsync<LoadException>(() => LoadCommand.MeasureAsync(options));
            Assert.Contains("pbm dev seed", error.Message);
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Fact]
    public async Task Error_answers_end_the_run_with_the_body()
    {
        string file = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        try
        {
            using var server = LimitServer.Start(new LimitOptions());
            var options = Options(server, "post") with { Posters = 2, StateFile = file };
            await LoadCommand.MeasureAsync(options);
            string state = await File.ReadAllTextAsync(file);
            var world = World.Load(file, server.Url, new WorldPlan(2, 1, AccountKind.Auto))!;
            await File.WriteAllTextAsync(file, state.Replace(world.Channels[0], "1"));
            var error = await Assert.ThrowsAsync<LoadException>(() => LoadCommand.MeasureAsync(options));
            Assert.Contains("HTTP 404", error.Message);
            Assert.Contains("Unknown Channel", error.Message);
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Fact]
    public async Task Server_that_is_not_there_is_told_in_words()
    {
        var gone = LimitServer.Start(new LimitOptions());
        gone.Dispose();
        var error = await Assert.ThrowsAsync<LoadException>(() => LoadCommand.MeasureAsync(Options(gone, "post")));
        Assert.Contains("Does the server run there?", error.Message);
    }

    [Fact]
    public async Task Limit_runs_as_a_process_of_its_own_with_the_measured_sizes()
    {
        using var server = LimitServer.Start(new LimitOptions { EventBytes = 1234 });
        var measured = await LoadCommand.MeasureAsync(Options(server, "post") with { Posters = 2 });
        using var limit = LimitProcess.Start(measured);
        var figures = await LoadCommand.MeasureAsync(Options(server, "post") with { Posters = 2, Url = limit.Url, ServerPid = limit.Pid });
        Assert.InRange(figures["event_bytes"], 1225, 1245);
        Assert.True(figures["server_rss_mib"] > 1);
    }

    [Fact]
    public void Options_out_of_range_are_named()
    {
        var good = new LoadOptions { Scenario = "fan-out", Url = new Uri("http://127.0.0.1:1") };
        Assert.Null(good.Problem());
        Assert.Contains("no scenario", (good with { Scenario = "fanout" }).Problem());
        Assert.Contains("http://", (good with { Url = new Uri("https://127.0.0.1:1") }).Problem());
        Assert.Contains("19500", (good with { Sessions = 19_501 }).Problem());
        Assert.Contains("--server-pid", (good with { Scenario = "idle" }).Problem());
        Assert.Contains("--compress", (good with { Compress = "zlib-stream" }).Problem());
    }

    private static LoadOptions Options(LimitServer server, string scenario) => new()
    {
        Scenario = scenario,
        Url = new Uri(server.Url),
        Duration = Short,
        WarmUp = TimeSpan.Zero,
    };
}
