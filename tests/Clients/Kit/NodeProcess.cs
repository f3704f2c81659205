using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Discord.Clients.Kit;

/// <summary>What <c>dev seed</c> made: the accounts and places of one test.</summary>
public sealed record Seed(string UserToken, string BotToken, string ApplicationId, string GuildId, string ChannelId);

/// <summary>
/// The node as people run it: a process of its own with a data directory of its own. It can be stopped, killed and started again on the
/// same directory and ports.
/// </summary>
public sealed class NodeProcess : IAsyncDisposable
{
    /// <summary>How long a test waits for anything before it fails.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <summary>How long a test waits for a node to be ready: on a new keyspace it makes thirty tables first.</summary>
    private static readonly TimeSpan s_startPatience = TimeSpan.FromSeconds(90);

    private static readonly JsonSerializerOptions SnakeCase = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    // As long as a database may need for making its tables.
    private readonly HttpClient _ops = new() { Timeout = s_startPatience };
    private readonly string[] _options;
    private readonly string _before;
    private readonly Queue<string> _output = new();
    private Process? _process;

    /// <param name="before">A shell command that runs in the process before the node does; none when empty.</param>
    private NodeProcess(string[] options, string before, string? dataDirectory = null)
    {
        _options = options;
        IsOnDatabase = options.Contains(Store.Cql);
        _before = before;
        DataDirectory = dataDirectory ?? Directory.CreateTempSubdirectory("clients-node-").FullName;
    }

    /// <summary>Whether it keeps its data, or a second copy of it, on a database server.</summary>
    public bool IsOnDatabase { get; set; }

    /// <summary>Where clients connect, without a slash at the end.</summary>
    public string Url { get; private set; } = "";

    public string DataDirectory { get; }

    /// <summary>The running process.</summary>
    public int Id => _process!.Id;

    /// <summary>CPU time that the process has used so far.</summary>
    public TimeSpan CpuTime
    {
        get
        {
            _process!.Refresh();
            return _process.TotalProcessorTime;
        }
    }

    /// <summary>Resident memory in bytes.</summary>
    public long Memory
    {
        get
        {
            _process!.Refresh();
            return _process.WorkingSet64;
        }
    }

    /// <summary>Starts a node on free ports and waits until it is ready.</summary>
    public static Task<NodeProcess> StartAsync(params string[] options) => StartOnAsync(["--port", "0", "--ops-port", "0", .. options]);

    /// <summary>
    /// Starts a node on ports that it can take again after a restart: ports from which the system makes no outgoing connections, so that
    /// nobody else is given them while the node is down.
    /// </summary>
    public static Task<NodeProcess> StartRestartableAsync(params string[] options) =>
        StartOnAsync(["--port", $"{FreePort()}", "--ops-port", $"{FreePort()}", .. options]);

    /// <summary>As <see cref="StartRestartableAsync"/>, in a process that has run a shell command first.</summary>
    public static Task<NodeProcess> StartAfterAsync(string command, params string[] options) =>
        StartOnAsync(["--port", $"{FreePort()}", "--ops-port", $"{FreePort()}", .. options], command);

    /// <summary>Starts a node with other options on the data of one that has stopped, whose directory goes with either.</summary>
    public static Task<NodeProcess> StartOnDataOfAsync(NodeProcess stopped, params string[] options) =>
        StartOnAsync(["--port", "0", "--ops-port", "0", .. options], dataDirectory: stopped.DataDirectory);

    private static async Task<NodeProcess> StartOnAsync(string[] options, string before = "", string? dataDirectory = null)
    {
        NodeProcess node = new(options, before, dataDirectory);
        try
        {
            await node.StartAgainAsync();
            return node;
        }
        catch
        {
            await node.DisposeAsync();
            throw;
        }
    }

    /// <summary>Starts the process on its data directory and waits until it is ready.</summary>
    public async Task StartAgainAsync()
    {
        string announcement = Path.Combine(DataDirectory, "node.json");
        File.Delete(announcement);
        Process process = _process = Start(_before, [.. Options(DataDirectory), .. _options]);
        process.OutputDataReceived += (_, line) => Keep(line.Data);
        process.ErrorDataReceived += (_, line) => Keep(line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        await UntilAsync("The node is ready", async () =>
        {
            if (process.HasExited)
                throw new InvalidOperationException($"The node ended with code {process.ExitCode}.\n{Output}");
            if (!File.Exists(announcement))
                return false;
            JsonNode found;
            try
            {
                found = JsonNode.Parse(await File.ReadAllTextAsync(announcement))!;
            }
            catch (JsonException)
            {
                return false;
            }
            Url = ((string)found["address"]!).TrimEnd('/');
            if (_ops.BaseAddress is null)
            {
                _ops.BaseAddress = new Uri((string)found["ops"]!);
                _ops.DefaultRequestHeaders.Authorization =
                    new AuthenticationHeaderValue("Bearer", (await File.ReadAllTextAsync((string)found["token_file"]!)).Trim());
            }
            try
            {
                using HttpResponseMessage ready = await _ops.GetAsync("readyz");
                return ready.IsSuccessStatusCode;
            }
            catch (HttpRequestException)
            {
                return false;
            }
        }, s_startPatience);
    }

    /// <summary>Starts a node that cannot run there; returns how it ended and what it said on standard error.</summary>
    public static async Task<(int Code, string Error)> RefusedAsync(string dataDirectory)
    {
        using Process process = Start("", [.. Options(dataDirectory), "--port", "0", "--ops-port", "0"]);
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        Task<string> error = process.StandardError.ReadToEndAsync();
        try
        {
            await process.WaitForExitAsync().WaitAsync(Patience);
        }
        catch (TimeoutException)
        {
            process.Kill();
            throw;
        }
        await output;
        return (process.ExitCode, (await error).Trim());
    }

    /// <summary>Stops it as an operator does, by SIGTERM, and asserts the clean exit.</summary>
    public async Task StopAsync()
    {
        Tell(15);
        await StoppedAsync();
    }

    /// <summary>Waits for the end and asserts that it is a clean one.</summary>
    public async Task StoppedAsync()
    {
        await _process!.WaitForExitAsync().WaitAsync(Patience);
        Assert.True(_process.ExitCode == 0, $"SIGTERM ended the node with code {_process.ExitCode}.\n{Output}");
    }

    /// <summary>Sends it a signal: 15 is SIGTERM, 19 is SIGSTOP.</summary>
    public void Tell(int signal)
    {
        if (SystemCall.Kill(_process!.Id, signal) != 0)
            throw new InvalidOperationException($"Signal {signal} could not be sent: error {Marshal.GetLastPInvokeError()}.");
    }

    /// <summary><c>kill -9</c>: no code of the node runs any more.</summary>
    public async Task KillAsync()
    {
        Tell(9);
        await _process!.WaitForExitAsync().WaitAsync(Patience);
    }

    /// <summary>
    /// Whether a status tells a client to ask again later, and may: the tests of other projects keep the database server busy at the same
    /// time. A node with its data on its own disk has no such excuse.
    /// </summary>
    public bool MayAskAgain(int status) => status == 503 && IsOnDatabase;

    /// <summary>An owner, a bot, a guild and a text channel, new ones each time.</summary>
    public async Task<Seed> SeedAsync()
    {
        Seed? seed = null;
        await UntilAsync("dev seed is answered", async () =>
        {
            using HttpResponseMessage answer = await _ops.PostAsync("ops/v1/dev/seed", null);
            if (MayAskAgain((int)answer.StatusCode))
                return false;
            Assert.True(answer.IsSuccessStatusCode,
                $"dev seed: {(int)answer.StatusCode} {await answer.Content.ReadAsStringAsync()}\n{Output}");
            seed = await answer.Content.ReadFromJsonAsync<Seed>(SnakeCase);
            return true;
        });
        return seed!;
    }

    /// <summary>A user account in no guild: <c>user_id</c>, <c>username</c>, <c>token</c>.</summary>
    public async Task<JsonNode> CreateUserAsync(string username)
    {
        using HttpResponseMessage answer = await _ops.PostAsJsonAsync("ops/v1/users", new { username, password = "correct horse battery" });
        Assert.True(answer.IsSuccessStatusCode, $"user create: {(int)answer.StatusCode} {await answer.Content.ReadAsStringAsync()}");
        return (await answer.Content.ReadFromJsonAsync<JsonNode>())!;
    }

    /// <summary>Asks the operator's API; the answer must be a success.</summary>
    public async Task<JsonNode> OpsAsync(HttpMethod method, string path, JsonNode? body = null)
    {
        using HttpRequestMessage request = new(method, "ops/v1/" + path) { Content = body is null ? null : JsonContent.Create(body) };
        using HttpResponseMessage answer = await _ops.SendAsync(request);
        string text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.IsSuccessStatusCode, $"{method} {path}: {(int)answer.StatusCode} {text}\n{Output}");
        return JsonNode.Parse(text)!;
    }

    /// <summary>The last lines that the process wrote.</summary>
    public string Output
    {
        get
        {
            lock (_output)
                return string.Join('\n', _output);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is { } process)
        {
            if (!process.HasExited)
                await KillAsync();
            process.Dispose();
        }
        _ops.Dispose();
        if (Directory.Exists(DataDirectory))
            Directory.Delete(DataDirectory, recursive: true);
    }

    /// <summary>Asks again every few milliseconds until the condition holds.</summary>
    internal static async Task UntilAsync(string what, Func<Task<bool>> condition, TimeSpan? patience = null)
    {
        TimeSpan limit = patience ?? Patience;
        Stopwatch waited = Stopwatch.StartNew();
        using PeriodicTimer again = new(TimeSpan.FromMilliseconds(20));
        while (!await condition())
        {
            if (waited.Elapsed > limit)
                throw new TimeoutException($"{what}: not after {limit.TotalSeconds:0} s.");
            await again.WaitForNextTickAsync();
        }
    }

    private static int FreePort()
    {
        const int FirstOutgoingPort = 32768;
        for (int i = 0; i < 200; i++)
        {
            int port = Random.Shared.Next(12_000, FirstOutgoingPort);
            try
            {
                using TcpListener probe = new(IPAddress.Loopback, port);
                probe.Start();
                return port;
            }
            catch (SocketException)
            {
                // Taken: another one.
            }
        }
        throw new InvalidOperationException("No free port was found.");
    }

    private static string[] Options(string dataDirectory) => ["--data-dir", dataDirectory, "--log-level", "warning"];

    private static Process Start(string before, string[] options)
    {
        ProcessStartInfo start = before.Length == 0
            ? new("dotnet", [BuildPaths.Node, .. options])
            : new("sh", ["-c", before + "; exec dotnet \"$@\"", "sh", BuildPaths.Node, .. options]);
        start.RedirectStandardOutput = true;
        start.RedirectStandardError = true;
        foreach (string name in start.Environment.Keys.Where(name => name.StartsWith("DISCORD_", StringComparison.Ordinal)).ToList())
            start.Environment.Remove(name);
        return Process.Start(start)!;
    }

    private void Keep(string? line)
    {
        if (line is null)
            return;
        lock (_output)
        {
            if (_output.Count == 200)
                _output.Dequeue();
            _output.Enqueue(line);
        }
    }
}

internal static class SystemCall
{
    /// <summary>kill(2): .NET itself knows no SIGTERM to another process.</summary>
    [DllImport("libc", EntryPoint = "kill", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    internal static extern int Kill(int pid, int signal);

    /// <summary>prlimit(2): changes the limits of a running process; Linux only.</summary>
    [DllImport("libc", EntryPoint = "prlimit", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    internal static extern int SetLimit(int pid, int resource, in ResourceLimit limit, nint old);

    internal readonly record struct ResourceLimit(ulong Soft, ulong Hard)
    {
        public const int FileSize = 1;
        public const ulong None = ulong.MaxValue;
    }
}
