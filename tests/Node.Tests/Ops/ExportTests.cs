using System.Net;
using System.Text;
using System.Text.RegularExpressions;
using System.Threading.Channels;
using Discord.Node.Tests.Kit;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Discord.Node.Tests.Ops;

/// <summary>
/// The node's metrics as a scraper and as a collector gets them. Runs alone: .NET's instruments are the process's, and other nodes have the
/// same.
/// </summary>
[CollectionDefinition(nameof(ExportTests), DisableParallelization = true)]
[Collection(nameof(ExportTests))]
public sealed partial class ExportTests
{
    [Fact]
    public async Task Scrape_of_a_working_node_is_valid_and_holds_every_subject()
    {
        await using NodeKit node = await NodeKit.StartAsync();
        SeededGuild guild = await node.SeedAsync();
        await using GatewayClient waiting = await (await node.ConnectAsync(guild.Bot)).IdentifyAsync();
        await waiting.AbortAsync();
        await using GatewayClient open = await (await node.ConnectAsync(guild.Bot)).IdentifyAsync();
        (await guild.Bot.PostAsync($"/channels/{guild.ChannelId}/messages", new { content = "counted" })).Expect(200);
        string text = "";
        await NodeKit.UntilAsync(async () =>
        {
            text = await node.Http.GetStringAsync(new Uri(node.Host.Services.OpsAddress, "/metrics"));
            return text.Contains("discord_sessions{state=\"waiting\"} 1\n", StringComparison.Ordinal);
        }, "the session without a connection is counted");
        Dictionary<string, string> samples = Read(text);
        Assert.Equal("1", samples["discord_sessions{state=\"connected\"}"]);
        string[] subjects =
        [
            "kernel_actors", "kernel_mailbox_depth", "kernel_actor_restarts_total", "kernel_dead_letters_total{reason=",
            "discord_gateway_connections", "discord_rest_request_duration_seconds_bucket{",
            "storage_write_queue", "storage_commit_duration_seconds_bucket{",
        ];
        Assert.All(subjects, subject => Assert.Contains(samples.Keys, key => key.StartsWith(subject, StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Collector_is_sent_the_same_instruments_by_grpc()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no SIGTERM.");
        Channel<string> exports = Channel.CreateUnbounded<string>();
        await using WebApplication collector = Collector(exports.Writer);
        await collector.StartAsync();
        string directory = Directory.CreateTempSubdirectory("node-test-").FullName;
        using var process = NodeProcess.Start(
            ["--port", "0", "--ops-port", "0", "--data-dir", directory, "--otlp-endpoint", collector.Urls.Single()],
            ("OTEL_METRIC_EXPORT_INTERVAL", "100"));
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        using CancellationTokenSource patience = new(TimeSpan.FromMinutes(1));
        HashSet<string> missing =
        [
            "discord-node", "kernel.actors", "kernel.mailbox.depth", "kernel.dead_letters", "discord.sessions", "storage.write",
            "dotnet.process.cpu.time",
        ];
        while (missing.Count > 0)
        {
            string export = await exports.Reader.ReadAsync(patience.Token);
            missing.RemoveWhere(name => export.Contains(name, StringComparison.Ordinal));
        }
        await NodeProcess.TerminateAsync(process);
        await output;
        await process.WaitForExitAsync(patience.Token);
        Assert.True(process.ExitCode == 0, $"{process.ExitCode} {await errors}");
        Directory.Delete(directory, recursive: true);
    }

    // Metrics arrive as protobuf, in which names stand as plain text. The answer is an empty message.
    private static WebApplication Collector(ChannelWriter<string> exports)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(
            kestrel => kestrel.Listen(IPAddress.Loopback, 0, endpoint => endpoint.Protocols = HttpProtocols.Http2));
        WebApplication app = builder.Build();
        app.MapPost("/opentelemetry.proto.collector.metrics.v1.MetricsService/Export", async http =>
        {
            using MemoryStream body = new();
            await http.Request.Body.CopyToAsync(body);
            await exports.WriteAsync(Encoding.Latin1.GetString(body.ToArray()));
            http.Response.ContentType = "application/grpc";
            await http.Response.Body.WriteAsync(new byte[5]);
            http.Response.AppendTrailer("grpc-status", "0");
        });
        return app;
    }

    // What promtool checks: every sample below the one TYPE of its family, in the format's grammar; no series twice; buckets that grow to
    // +Inf.
    private static Dictionary<string, string> Read(string text)
    {
        Assert.EndsWith("\n", text, StringComparison.Ordinal);
        Dictionary<string, string> samples = [];
        HashSet<string> families = [];
        (string Name, string Type) family = ("", "");
        double bucket = 0;
        foreach (string line in text[..^1].Split('\n'))
        {
            if (line.StartsWith("# HELP ", StringComparison.Ordinal))
                continue;
            if (line.StartsWith("# TYPE ", StringComparison.Ordinal))
            {
                string[] words = line.Split(' ');
                family = (words[2], words[3]);
                Assert.Contains(family.Type, (string[])["counter", "gauge", "histogram"]);
                Assert.True(families.Add(family.Name), line);
                continue;
            }
            Match sample = Sample().Match(line);
            Assert.True(sample.Success, line);
            string suffix = sample.Groups["name"].Value[family.Name.Length..];
            Assert.StartsWith(family.Name, line, StringComparison.Ordinal);
            Assert.True(family.Type == "histogram" ? suffix is "_bucket" or "_sum" or "_count" : suffix == "", line);
            if (suffix == "_bucket")
            {
                double count = double.Parse(sample.Groups["value"].Value);
                Assert.True(count >= bucket, line);
                bucket = line.Contains("le=\"+Inf\"", StringComparison.Ordinal) ? 0 : count;
            }
            Assert.True(samples.TryAdd(sample.Groups["series"].Value, sample.Groups["value"].Value), line);
        }
        return samples;
    }

    [GeneratedRegex(
        """^(?<series>(?<name>[a-zA-Z_:][a-zA-Z0-9_:]*)(\{([a-zA-Z_]\w*="([^"\\]|\\[\\n"])*"(,(?!\}))?)+\})?) """
        + """(?<value>-?[0-9.]+(E[+-]?[0-9]+)?|NaN|[+-]Inf)$""")]
    private static partial Regex Sample();
}
