using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Discord.Storage.Tests.DataService;

/// <summary>A redis-server of the test's own, on a free port of loopback, that stores nothing on the disk.</summary>
internal sealed class RedisServer : IAsyncDisposable
{
    private readonly Process _process;

    private RedisServer(Process process, int port) => (_process, Port) = (process, port);

    public static bool IsInstalled { get; } = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
        .Any(directory => File.Exists(Path.Combine(directory, "redis-server")));

    public int Port { get; }

    public static async Task<RedisServer> StartAsync()
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        var port = ((IPEndPoint)probe.LocalEndpoint).Port;
        probe.Stop();
        var start = new ProcessStartInfo("redis-server") { RedirectStandardOutput = true };
        foreach (var argument in new[] { "--port", $"{port}", "--bind", "127.0.0.1", "--save", "", "--appendonly", "no" })
            start.ArgumentList.Add(argument);
        var server = new RedisServer(Process.Start(start)!, port);
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (await server._process.StandardOutput.ReadLineAsync(patience.Token) is { } line)
        {
            if (line.Contains("eady to accept connections", StringComparison.Ordinal)) return server;
        }
        throw new InvalidOperationException("redis-server ended before it was ready.");
    }

    public void Kill()
    {
        _process.Kill();
        _process.WaitForExit();
    }

    public ValueTask DisposeAsync()
    {
        if (!_process.HasExited) Kill();
        _process.Dispose();
        return default;
    }
}
