using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Discord.Kernel;
using Discord.Node.Composition;
using Discord.Node.Rest;
using Discord.Node.Tests.Kit;

namespace Discord.Node.Tests.Composition;

public sealed class ShutdownTests
{
    [Fact]
    public async Task Request_under_way_is_finished_and_new_ones_get_503()
    {
        var entered = new TaskCompletionSource();
        var release = new TaskCompletionSource();
        var draining = new TaskCompletionSource();
        var drained = new TaskCompletionSource();
        await using var node = await TestNode.StartAsync(parts =>
        {
            parts.Routes.Get("/slow", async _ =>
            {
                entered.SetResult();
                await release.Task;
                return RestReply.Raw("1"u8.ToArray());
            }).Auth(RestAuth.Public);
            parts.Routes.Get("/fast", _ => new(RestReply.NoContent)).Auth(RestAuth.Public);
            parts.StartDomain += (services, _) =>
            {
                services.Actors.CoordinatedShutdown.AddTask(CoordinatedShutdown.PhaseServiceRequestsDone, "test", async _ =>
                {
                    draining.SetResult();
                    await drained.Task;
                });
                return Task.CompletedTask;
            };
        });
        // Two connections: one busy, one idle and kept alive.
        using var idle = new HttpClient { BaseAddress = node.Host.Address };
        Assert.Equal(HttpStatusCode.NoContent, (await idle.GetAsync("/api/v10/fast")).StatusCode);
        var slow = node.GetAsync("/api/v10/slow");
        await entered.Task;

        var stopping = node.Host.StopAsync("test");
        await draining.Task;
        using var refused = await idle.GetAsync("/api/v10/fast");
        Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.StatusCode);
        Assert.True(refused.Headers.ConnectionClose);
        await Assert.ThrowsAsync<HttpRequestException>(() => idle.GetAsync("/api/v10/fast"));
        using var ops = new HttpClient { BaseAddress = node.Host.Services.OpsAddress };
        Assert.Equal("stopping\n", await (await ops.GetAsync("/readyz")).Content.ReadAsStringAsync());

        drained.SetResult();
        release.SetResult();
        Assert.Equal("1", await (await slow).Content.ReadAsStringAsync());
        await stopping;
        Assert.False(File.Exists(Path.Combine(node.DataDirectory, "node.json")));
    }

    [Fact]
    public async Task Task_that_hangs_does_not_hold_up_the_exit()
    {
        await using var node = await TestNode.StartAsync(
            parts => parts.StartDomain += (services, _) =>
            {
                services.Actors.CoordinatedShutdown.AddTask(
                    CoordinatedShutdown.PhaseServiceRequestsDone, "hang", _ => new TaskCompletionSource().Task);
                return Task.CompletedTask;
            },
            options => options.ShutdownTimeout = TimeSpan.FromMilliseconds(400));
        await node.Host.StopAsync("test").WaitAsync(TimeSpan.FromSeconds(20));
    }

    [Fact]
    public async Task Process_told_by_sigterm_exits_with_0()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no SIGTERM.");
        var directory = Directory.CreateTempSubdirectory("node-test-").FullName;
        using var process = NodeProcess.Start("--port", "0", "--ops-port", "0", "--data-dir", directory);
        while (await process.StandardOutput.ReadLineAsync() is { } line && !line.Contains("[1000]", StringComparison.Ordinal)) ;
        Assert.True(File.Exists(Path.Combine(directory, "node.json")));
        await NodeProcess.TerminateAsync(process);
        await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync().WaitAsync(TimeSpan.FromSeconds(30));
        Assert.Equal(0, process.ExitCode);
        Assert.False(File.Exists(Path.Combine(directory, "node.json")));
        Directory.Delete(directory, recursive: true);
    }

    [Fact]
    public async Task Process_told_by_sigterm_while_it_starts_exits_with_0()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no SIGTERM.");
        var directory = Directory.CreateTempSubdirectory("node-test-").FullName;
        using var process = NodeProcess.Start("--port", "0", "--ops-port", "0", "--data-dir", directory);
        // Made first of all, long before the HTTP server is up.
        await NodeKit.UntilAsync(() => Task.FromResult(File.Exists(Path.Combine(directory, "ops.token"))), "the node begins to start");
        await NodeProcess.TerminateAsync(process);
        await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync().WaitAsync(TimeSpan.FromSeconds(30));
        Assert.Equal(0, process.ExitCode);
        Directory.Delete(directory, recursive: true);
    }

    [Theory]
    [InlineData(2, "There is no option --prot; --help lists them.", "--prot", "1")]
    [InlineData(2, "--port must be a whole number from 0 to 65535, not \"x\".", "--port", "x")]
    public async Task Process_with_a_wrong_option_says_so_and_exits_with_2(int code, string sentence, params string[] arguments)
    {
        using var process = NodeProcess.Start(arguments);
        var error = await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync().WaitAsync(TimeSpan.FromSeconds(30));
        Assert.Equal((code, sentence), (process.ExitCode, error.Trim()));
    }
}
