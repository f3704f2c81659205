using System.Diagnostics.Metrics;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Discord.Node.Composition;
using Discord.Node.Configuration;
using Discord.Node.Ops;
using Discord.Node.Ops.Metrics;
using Discord.Node.Rest;
using Microsoft.Extensions.Logging.Abstractions;

namespace Discord.Node.Tests.Ops;

public sealed class OpsTests : IAsyncLifetime
{
    private readonly FakeOperator _operator = new();
    private TestNode _node = null!;
    private HttpClient _client = null!;

    public async ValueTask InitializeAsync()
    {
        _node = await TestNode.StartAsync(parts =>
        {
            parts.Routes.Get("/hello/{channel_id}", _ => new(RestReply.NoContent)).Auth(RestAuth.Public);
            parts.StartDomain += (services, _) =>
            {
                services.Operator = _operator;
                return Task.CompletedTask;
            };
        });
        _client = new HttpClient { BaseAddress = _node.Host.Services.OpsAddress };
        _client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", TokenText());
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _node.DisposeAsync();
    }

    private string TokenText() => File.ReadAllText(Path.Combine(_node.DataDirectory, "ops.token")).Trim();

    private async Task<(HttpStatusCode Status, string Body)> AskAsync(HttpMethod method, string path, string? body = null)
    {
        using var request = new HttpRequestMessage(method, path)
        {
            Content = body is null ? null : new StringContent(body, Encoding.UTF8, "application/json")
        };
        using var response = await _client.SendAsync(request);
        return (response.StatusCode, await response.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task Health_readiness_and_metrics_need_no_token()
    {
        _client.DefaultRequestHeaders.Authorization = null;
        Assert.Equal((HttpStatusCode.OK, "ok\n"), await AskAsync(HttpMethod.Get, "/healthz"));
        Assert.Equal((HttpStatusCode.OK, "ready\n"), await AskAsync(HttpMethod.Get, "/readyz"));
        Assert.Equal(HttpStatusCode.OK, (await AskAsync(HttpMethod.Get, "/metrics")).Status);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("Bearer")]
    [InlineData("Bearer wrong")]
    [InlineData("Basic eDp5")]
    public async Task Operators_api_without_the_token_answers_401(string? authorization)
    {
        _client.DefaultRequestHeaders.Authorization = authorization is null ? null : AuthenticationHeaderValue.Parse(authorization);
        var (status, body) = await AskAsync(HttpMethod.Post, "/ops/v1/dev/seed");
        Assert.Equal(HttpStatusCode.Unauthorized, status);
        Assert.Contains("ops.token", body, StringComparison.Ordinal);
    }

    [Fact]
    public void Token_and_announcement_are_private_files()
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Skip("Windows has no file modes.");
            return;
        }
        foreach (var name in new[] { "ops.token", "node.json" })
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Path.Combine(_node.DataDirectory, name)));
    }

    [Fact]
    public void Announcement_says_where_the_node_is()
    {
        var node = JsonSerializer.Deserialize(File.ReadAllText(Path.Combine(_node.DataDirectory, "node.json")), OpsJson.Wire.RunningNode)!;
        Assert.Equal((Environment.ProcessId, _node.Host.Address, _node.Host.Services.OpsAddress), (node.Pid, node.Address, node.Ops));
        Assert.Equal(TokenText(), File.ReadAllText(node.TokenFile).Trim());
    }

    [Fact]
    public async Task System_and_actors_describe_the_node()
    {
        var (status, body) = await AskAsync(HttpMethod.Get, "/ops/v1/system");
        Assert.Equal(HttpStatusCode.OK, status);
        var info = JsonSerializer.Deserialize(body, OpsJson.Wire.SystemInfo)!;
        Assert.Equal(("ready", Environment.ProcessId), (info.State, info.ProcessId));
        var tree = JsonSerializer.Deserialize((await AskAsync(HttpMethod.Get, "/ops/v1/actors")).Body, OpsJson.Wire.ActorHierarchy)!;
        Assert.Contains(tree.Actors, actor => actor.Path == "/user");
        Assert.Equal(HttpStatusCode.NotFound, (await AskAsync(HttpMethod.Get, "/ops/v1/actors?path=/nowhere")).Status);
    }

    [Fact]
    public async Task Domain_actions_are_passed_on()
    {
        Assert.Equal(
            (HttpStatusCode.OK,
                """{"user_token":"user-token","bot_token":"bot-token","application_id":"2","guild_id":"10","channel_id":"11"}"""),
            await AskAsync(HttpMethod.Post, "/ops/v1/dev/seed"));
        Assert.Equal(HttpStatusCode.OK, (await AskAsync(HttpMethod.Get, "/ops/v1/guilds")).Status);
        Assert.Equal(HttpStatusCode.OK, (await AskAsync(HttpMethod.Get, "/ops/v1/guilds/10")).Status);
        Assert.Equal(
            (HttpStatusCode.NotFound, """{"error":"There is no guild 12."}"""),
            await AskAsync(HttpMethod.Get, "/ops/v1/guilds/12"));
        Assert.Equal(HttpStatusCode.BadRequest, (await AskAsync(HttpMethod.Get, "/ops/v1/guilds/x")).Status);
        Assert.Equal(HttpStatusCode.BadRequest, (await AskAsync(HttpMethod.Get, "/ops/v1/guilds?limit=0")).Status);
        Assert.Equal(HttpStatusCode.OK, (await AskAsync(HttpMethod.Delete, "/ops/v1/sessions/abc")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await AskAsync(HttpMethod.Delete, "/ops/v1/sessions/zzz")).Status);
        Assert.Equal(["abc", "zzz"], _operator.Kicked);
    }

    [Theory]
    [InlineData("""{"username":"a"}""", HttpStatusCode.BadRequest, """{"error":"\"password\" is needed."}""")]
    [InlineData("nonsense", HttpStatusCode.BadRequest, """{"error":"The body must be a JSON object with the right types."}""")]
    [InlineData("""{"username":"taken","password":"x"}""", HttpStatusCode.Conflict, """{"error":"The username taken is taken."}""")]
    [InlineData("""{"username":"new","password":"x"}""", HttpStatusCode.OK, """{"user_id":"1","username":"new","token":"user-token"}""")]
    public async Task User_is_created_or_refused_in_a_sentence(string body, HttpStatusCode status, string answer) =>
        Assert.Equal((status, answer), await AskAsync(HttpMethod.Post, "/ops/v1/users", body));

    [Fact]
    public async Task Log_level_changes_at_run_time_and_the_log_is_tailed()
    {
        var log = _node.Host.Services.Loggers.CreateLogger("Discord.Test");
        Assert.False(log.IsEnabled(LogLevel.Debug));
        Assert.Equal(
            (HttpStatusCode.OK, """{"level":"debug"}"""),
            await AskAsync(HttpMethod.Put, "/ops/v1/log/level", """{"level":"debug"}"""));
        Assert.True(log.IsEnabled(LogLevel.Debug));
        log.LogDebug("first {Value}", 42);
        using var response = await _client.GetAsync("/ops/v1/log?follow=true&lines=1000", HttpCompletionOption.ResponseHeadersRead);
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync());
        log.LogDebug("second");
        var seen = new List<string>();
        while (seen.Count < 2)
        {
            var line = await reader.ReadLineAsync().WaitAsync(TimeSpan.FromSeconds(30));
            using var json = JsonDocument.Parse(line!);
            if (json.RootElement.GetProperty("category").GetString() == "Discord.Test")
                seen.Add(json.RootElement.GetProperty("message").GetString()!);
        }
        Assert.Equal(["first 42", "second"], seen);
        Assert.Equal(HttpStatusCode.BadRequest, (await AskAsync(HttpMethod.Put, "/ops/v1/log/level", """{"level":"loud"}""")).Status);
    }

    [Fact]
    public async Task Metrics_count_requests_by_route_and_never_by_path()
    {
        for (var i = 1; i <= 3; i++)
            await _node.GetAsync($"/api/v10/hello/{i}");
        var (_, text) = await AskAsync(HttpMethod.Get, "/metrics");
        Assert.Contains(
            "discord_rest_requests_total{http_route=\"GET /hello/{channel_id}\",http_response_status_code=\"204\"}",
            text, StringComparison.Ordinal);
        Assert.Contains(
            "discord_rest_request_duration_seconds_bucket{http_route=\"GET /hello/{channel_id}\",le=\"+Inf\"}",
            text, StringComparison.Ordinal);
        Assert.Contains("dotnet_process_cpu_time_seconds_total", text, StringComparison.Ordinal);
        Assert.DoesNotContain("/hello/1", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Domain_not_there_yet_answers_503()
    {
        await using var bare = await TestNode.StartAsync();
        using var client = new HttpClient { BaseAddress = bare.Host.Services.OpsAddress };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue(
            "Bearer", File.ReadAllText(Path.Combine(bare.DataDirectory, "ops.token")).Trim());
        using var response = await client.GetAsync("/ops/v1/guilds");
        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
    }

    [Fact]
    public async Task Ops_server_refuses_an_address_that_others_reach() =>
        await Assert.ThrowsAsync<InvalidOperationException>(() => OpsServer.StartAsync(
            new OpsOptions { Bind = IPAddress.Any, Port = 0 }, _ => Task.CompletedTask,
            Microsoft.Extensions.Logging.Abstractions.NullLoggerFactory.Instance));

    [Fact]
    public async Task Data_directory_in_use_refuses_a_second_node()
    {
        var options = new NodeOptions();
        options.Listen.Port = 0;
        options.Ops.Port = 0;
        options.Storage.DataDirectory = _node.DataDirectory;
        var refused = await Assert.ThrowsAsync<NodeStartException>(() => NodeHost.StartAsync(options, new NodeParts()));
        Assert.Contains("in use by another node", refused.Message, StringComparison.Ordinal);
        Assert.True(File.Exists(Path.Combine(_node.DataDirectory, "node.json")));
    }

    [Fact]
    public async Task Port_taken_is_said_in_a_sentence()
    {
        var refused = await Assert.ThrowsAsync<NodeStartException>(
            () => TestNode.StartAsync(options: options => options.Listen.Port = _node.Host.Address.Port));
        Assert.Contains($"port {_node.Host.Address.Port} (--port)", refused.Message, StringComparison.Ordinal);
    }
}

public sealed class MetricsExporterTests
{
    [Fact]
    public void Instrument_that_throws_costs_the_scrape_nothing_but_itself()
    {
        using var meter = new Meter("Test.Fault");
        using var exporter = new MetricsExporter(name => name == "Test.Fault", NullLogger.Instance);
        Func<int> broken = () => throw new InvalidOperationException("cannot be read");
        meter.CreateObservableGauge("broken", broken);
        meter.CreateObservableGauge("whole", () => 7);
        Assert.Contains("whole 7\n", exporter.Scrape(), StringComparison.Ordinal);
    }

    [Fact]
    public void Instruments_are_written_in_their_kind()
    {
        using var meter = new Meter("Test.Kinds");
        using var exporter = new MetricsExporter(name => name == "Test.Kinds", NullLogger.Instance);
        var counter = meter.CreateCounter<long>("a.requests", "{request}", "Requests.\nAll.");
        counter.Add(2, KeyValuePair.Create("route", (object?)"a\"b\\c\nd"));
        counter.Add(3, KeyValuePair.Create("route", (object?)"a\"b\\c\nd"));
        meter.CreateUpDownCounter<int>("b.open").Add(-4);
        meter.CreateObservableGauge("c.size", () => 7.5, "By");
        var histogram = meter.CreateHistogram("d.time", "s", advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.1, 1] });
        histogram.Record(0.1);
        histogram.Record(0.5);
        histogram.Record(9);
        Assert.Equal(
            """
            # HELP a_requests_total Requests.\nAll.
            # TYPE a_requests_total counter
            a_requests_total{route="a\"b\\c\nd"} 5
            # TYPE b_open gauge
            b_open -4
            # TYPE c_size_bytes gauge
            c_size_bytes 7.5
            # TYPE d_time_seconds histogram
            d_time_seconds_bucket{le="0.1"} 1
            d_time_seconds_bucket{le="1"} 2
            d_time_seconds_bucket{le="+Inf"} 3
            d_time_seconds_sum 9.6
            d_time_seconds_count 3

            """,
            exporter.Scrape());
    }

    [Fact]
    public void Label_sets_beyond_the_bound_are_summed_up()
    {
        using var meter = new Meter("Test.Bound");
        using var exporter = new MetricsExporter(name => name == "Test.Bound", NullLogger.Instance);
        var counter = meter.CreateCounter<long>("n");
        for (var i = 0; i < MetricInstrument.MaxSeries + 50; i++)
            counter.Add(1, KeyValuePair.Create("id", (object?)i));
        var lines = exporter.Scrape().Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(MetricInstrument.MaxSeries + 2, lines.Length);
        Assert.Contains("n_total{otel_metric_overflow=\"true\"} 50", lines);
    }
}
