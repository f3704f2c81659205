using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Threading.Channels;
using Xunit;

namespace Discord.Servers;

/// <summary>
/// A real Apache Cassandra for tests. One server of a kind is shared by all test processes that run at the same time, so a test makes
/// keyspaces of its own. <c>cassandra-keeper.sh</c> starts it and stops it when the last process has ended, also when that one crashed.
/// </summary>
internal sealed class Cassandra
{
    /// <summary>A node's number more is where server.sh has its management (JMX).</summary>
    private const int JmxBase = 7198;

    private static readonly TimeSpan s_startLimit = TimeSpan.FromMinutes(4);

    // A table takes about a megabyte of a server's memory, and each node that a test starts makes thirty.
    private static readonly Lazy<Task<Cassandra>> s_plain = new(() => StartAsync("plain", "--heap", "2g"));

    private static readonly Lazy<Task<Cassandra>> s_secure = new(() => StartAsync("secure", "--auth", "--tls"));

    private static readonly Lazy<Task<Cassandra>> s_ring = new(() => StartAsync("ring", "--nodes", "3", "--heap", "512m"));

    private static readonly Lazy<Task<Cassandra>> s_own = new(() => StartAsync($"own-{Environment.ProcessId}"));

    private readonly string _home;

    private Cassandra(string home)
    {
        _home = home;
        First = int.Parse(File.ReadAllText(Path.Combine(home, "first")), CultureInfo.InvariantCulture);
    }

    /// <summary>The number of its first node; the others follow.</summary>
    public int First { get; }

    /// <summary>Where it is called, at port 9042.</summary>
    public string Address => $"127.0.0.{First}";

    /// <summary>The certificate to trust, of a server with TLS.</summary>
    public string CaFile => Path.Combine(_home, "data", "tls", "ca.pem");

    /// <summary>A server without login and TLS. Skips the test where there can be none.</summary>
    public static Task<Cassandra> PlainAsync() => SkipOrStart(s_plain);

    /// <summary>A server that asks for a login (cassandra / cassandra) over TLS. Skips the test where there can be none.</summary>
    public static Task<Cassandra> SecureAsync() => SkipOrStart(s_secure);

    /// <summary>
    /// Three nodes, for tests that kill one. They take 3 GB and minutes to start: the test is skipped unless DISCORD_TEST_RING is set.
    /// </summary>
    public static Task<Cassandra> RingAsync()
    {
        if (Environment.GetEnvironmentVariable("DISCORD_TEST_RING") is null)
            Assert.Skip("A ring of three Cassandra nodes takes 3 GB and minutes: set DISCORD_TEST_RING to run this test.");
        return SkipOrStart(s_ring);
    }

    /// <summary>A server of this test process alone, for tests that freeze or kill it. Skips the test where there can be none.</summary>
    public static Task<Cassandra> OwnAsync() => SkipOrStart(s_own);

    /// <summary>Stops the first node's process where it stands: its connections stay open and nothing answers.</summary>
    public Task FreezeAsync() => SignalAsync("-STOP");

    /// <summary>Lets a frozen process go on.</summary>
    public Task ThawAsync() => SignalAsync("-CONT");

    /// <summary>Ends a node of the ring as a crash does.</summary>
    public Task KillAsync(int node) => RunAsync("kill", node);

    /// <summary>Starts a node that was killed.</summary>
    public Task ResumeAsync(int node) => RunAsync("resume", node);

    /// <summary>What nodetool says on the first node.</summary>
    public Task<string> NodetoolAsync(params string[] command) => ScriptAsync(_home, "nodetool", command);

    /// <summary>A keyspace's name that no other test has.</summary>
    public static string NewKeyspace() => $"t_{Guid.NewGuid():n}";

    private Task<string> RunAsync(string command, int node) =>
        ScriptAsync(_home, command, "--node", node.ToString(CultureInfo.InvariantCulture));

    // What a keeper left behind that was killed, or ended with the machine.
    private static bool IsKept(string home)
    {
        var keeper = Path.Combine(home, "keeper");
        return File.Exists(keeper) && Directory.Exists($"/proc/{File.ReadAllText(keeper).Trim()}");
    }

    private static async Task ClearAsync(string home)
    {
        await ScriptAsync(home, "stop");
        Directory.Delete(home, recursive: true);
    }

    private static async Task<string> ScriptAsync(string home, string command, params string[] options)
    {
        string[] arguments = [FindScript()!, command, "--data", Path.Combine(home, "data"), .. options];
        using var process = Process.Start(
            new ProcessStartInfo("bash", arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        if (process.ExitCode != 0) throw new InvalidOperationException($"server.sh {command}: {await errors}");
        return await output;
    }

    private async Task SignalAsync(string signal)
    {
        var id = (await File.ReadAllTextAsync(Path.Combine(_home, "data", $"node{First}", "pid"))).Trim();
        using var process = Process.Start("kill", [signal, id]);
        await process.WaitForExitAsync();
        if (process.ExitCode != 0) throw new InvalidOperationException($"kill {signal} {id} ended with {process.ExitCode}");
    }

    private static Task<Cassandra> SkipOrStart(Lazy<Task<Cassandra>> server)
    {
        if (WhyNot() is { } reason) Assert.Skip(reason);
        return server.Value;
    }

    private static string? WhyNot()
    {
        if (FindScript() is null) return "No Cassandra: shared/servers/cassandra/server.sh is in no folder above the test's.";
        var java = Environment.GetEnvironmentVariable("JAVA_HOME") is { Length: > 0 } home ? Path.Combine(home, "bin", "java") : null;
        var found = java is not null
            ? File.Exists(java)
            : (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Any(folder => File.Exists(Path.Combine(folder, "java")));
        return found ? null : "No Cassandra: there is no Java on the PATH (Debian: openjdk-17-jre-headless).";
    }

    private static string? FindScript()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            var script = Path.Combine(folder.FullName, "shared", "servers", "cassandra", "server.sh");
            if (File.Exists(script)) return script;
        }
        return null;
    }

    private static async Task<Cassandra> StartAsync(string name, params string[] options)
    {
        var home = Path.Combine(Path.GetTempPath(), $"discord-cassandra-{Environment.UserName}-{name}");
        using (await FileLock.TakeAsync(home + ".lock", s_startLimit))
        {
            // Numbers are chosen under a lock of all kinds, so that two that start at once do not choose the same.
            using var numbers = await FileLock.TakeAsync(
                Path.Combine(Path.GetTempPath(), $"discord-cassandra-{Environment.UserName}.lock"), s_startLimit);
            if (Directory.Exists(home) && !IsKept(home)) await ClearAsync(home);
            Directory.CreateDirectory(Path.Combine(home, "users"));
            File.WriteAllText(Path.Combine(home, "users", Environment.ProcessId.ToString(CultureInfo.InvariantCulture)), "");
            if (!File.Exists(Path.Combine(home, "first")))
            {
                var first = FirstFree(options.Contains("--nodes") ? 3 : 1);
                File.WriteAllText(Path.Combine(home, "first"), first);
                Keep(home, first, options);
                await UntilStartedAsync(home);
            }
        }
        await UntilStartedAsync(home);
        return new Cassandra(home);
    }

    private static void Keep(string home, string first, string[] options)
    {
        var keeper = Path.Combine(AppContext.BaseDirectory, "Servers", "cassandra-keeper.sh");
        var start = new ProcessStartInfo("setsid") { UseShellExecute = false, RedirectStandardInput = true };
        // Its output goes to a file: a pipe of ours would keep the test run open for as long as the server runs.
        const string Quiet = "exec bash \"$@\" >>\"$3/log\" 2>&1 </dev/null";
        foreach (var argument in (string[])["bash", "-c", Quiet, "keeper", keeper, FindScript()!, home, first, .. options])
            start.ArgumentList.Add(argument);
        using var process = Process.Start(start);
    }

    // The keeper makes one file or the other. What was made before the watch began is found by looking once more.
    private static async Task UntilStartedAsync(string home)
    {
        using var limit = new CancellationTokenSource(s_startLimit);
        var made = Channel.CreateUnbounded<string>();
        using var watcher = new FileSystemWatcher(home);
        watcher.Created += (_, file) => made.Writer.TryWrite(file.Name!);
        watcher.EnableRaisingEvents = true;
        while (!File.Exists(Path.Combine(home, "ready")))
        {
            if (File.Exists(Path.Combine(home, "failed")))
                throw new InvalidOperationException($"Cassandra did not start: {File.ReadAllText(Path.Combine(home, "log"))}");
            await made.Reader.ReadAsync(limit.Token);
        }
    }

    private static string FirstFree(int nodes)
    {
        // The certificates of server.sh name 127.0.0.1 to 127.0.0.6.
        for (var node = 1; node + nodes - 1 <= 6; node++)
        {
            if (Enumerable.Range(node, nodes).All(each => IsFree($"127.0.0.{each}", 9042) && IsFree("127.0.0.1", JmxBase + each)))
                return node.ToString(CultureInfo.InvariantCulture);
        }
        throw new InvalidOperationException("Too many of 127.0.0.1 to 127.0.0.6 have a server at port 9042.");
    }

    // Clients are refused first, and the port of its management last, when a server stops.
    private static bool IsFree(string address, int port)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Connect(new IPEndPoint(IPAddress.Parse(address), port));
            return false;
        }
        catch (SocketException)
        {
            return true;
        }
    }
}
