using System.Diagnostics;
using System.Text.Json;
using Discord.Cql;

namespace Discord.CqlBench;

/// <summary>What a client did in a workload. Milliseconds, and microseconds of its own CPU a request.</summary>
internal sealed record Figures(string Workload, double Rate, double P50, double P99, double Cpu);

/// <summary>Runs the workloads through this driver, then through Node.js's, against the same server and tables.</summary>
internal sealed class Bench(string host, string datacenter, int inFlight, TimeSpan duration)
{
    private const string Keyspace = "discord_cql_bench";
    private const int ReadChannels = 100;
    private const int RowsRead = 50;
    private static readonly TimeSpan s_warmUp = TimeSpan.FromSeconds(3);
    private static readonly string s_text = new('x', 100);

    private long _next;
    private long _seen;

    public async Task RunAsync(bool withNode, CancellationToken cancellationToken)
    {
        await using (var maker = await CqlSession.ConnectAsync(Options(null), cancellationToken)) await MakeTablesAsync(maker);
        await using var session = await CqlSession.ConnectAsync(Options(Keyspace), cancellationToken);
        await FillAsync(session);
        var insert = await session.PrepareAsync(
            "INSERT INTO bench (channel_id, bucket, id, author_id, content) VALUES (?, ?, ?, ?, ?)", cancellationToken: cancellationToken);
        var select = await session.PrepareAsync(
            $"SELECT channel_id, bucket, id, author_id, content FROM bench_read WHERE channel_id = ? AND bucket = ? LIMIT {RowsRead}",
            cancellationToken: cancellationToken);

        Console.WriteLine($"{inFlight} in flight, {duration.TotalSeconds:0} s each");
        Console.WriteLine("client           | workload |  req/s |  p50 ms |  p99 ms | own CPU µs a request | allocated B a request");
        await MeasureAsync("insert", () => InsertAsync(session, insert), cancellationToken);
        await MeasureAsync("read", () => ReadAsync(session, select), cancellationToken);
        if (_seen == 0) throw new InvalidOperationException("nothing was read");
        if (withNode) await RunNodeAsync(cancellationToken);
    }

    private CqlOptions Options(string? keyspace) => new()
    {
        ContactPoints = [host],
        LocalDatacenter = datacenter,
        Keyspace = keyspace,
        Consistency = ConsistencyLevel.LocalOne,
    };

    private static async Task MakeTablesAsync(CqlSession session)
    {
        await session.ExecuteAsync(
            $"CREATE KEYSPACE IF NOT EXISTS {Keyspace} WITH replication = {{'class': 'NetworkTopologyStrategy', 'replication_factor': 1}}");
        foreach (var table in (string[])["bench", "bench_node", "bench_read"])
        {
            await session.ExecuteAsync(
                $"CREATE TABLE IF NOT EXISTS {Keyspace}.{table} (channel_id bigint, bucket int, id bigint, author_id bigint, content text, "
                + "PRIMARY KEY ((channel_id, bucket), id)) WITH CLUSTERING ORDER BY (id DESC)");
        }
    }

    private static async Task FillAsync(CqlSession session)
    {
        var insert = await session.PrepareAsync(
            "INSERT INTO bench_read (channel_id, bucket, id, author_id, content) VALUES (?, ?, ?, ?, ?)");
        for (long channel = 0; channel < ReadChannels; channel++)
        {
            var batch = new BatchStatement(BatchType.Unlogged);
            for (long id = 0; id < RowsRead; id++) batch.Add(insert.Bind(channel, 1, id, 7L, s_text));
            await session.ExecuteAsync(batch);
        }
    }

    private async ValueTask InsertAsync(CqlSession session, PreparedStatement insert)
    {
        var id = Interlocked.Increment(ref _next);
        await session.ExecuteAsync(insert.Bind(id % 1000, 1, id, 7L, s_text));
    }

    private async ValueTask ReadAsync(CqlSession session, PreparedStatement select)
    {
        using var rows = await session.ExecuteAsync(select.Bind(Interlocked.Increment(ref _next) % ReadChannels, 1));
        long seen = 0;
        foreach (var row in rows) seen += row.GetInt64(0) + row.GetInt32(1) + row.GetInt64(2) + row.GetInt64(3) + row.GetText(4)!.Length;
        Interlocked.Add(ref _seen, seen);
    }

    private async Task MeasureAsync(string workload, Func<ValueTask> operation, CancellationToken cancellationToken)
    {
        await LoadAsync(operation, s_warmUp, null, cancellationToken);
        var latencies = Enumerable.Range(0, inFlight).Select(_ => new List<long>(1 << 16)).ToArray();
        GC.Collect();
        var allocated = GC.GetTotalAllocatedBytes(precise: true);
        var cpu = Process.GetCurrentProcess().TotalProcessorTime;
        var started = Stopwatch.GetTimestamp();
        await LoadAsync(operation, duration, latencies, cancellationToken);
        var elapsed = Stopwatch.GetElapsedTime(started);
        cpu = Process.GetCurrentProcess().TotalProcessorTime - cpu;
        allocated = GC.GetTotalAllocatedBytes(precise: true) - allocated;
        var all = latencies.SelectMany(list => list).Order().ToArray();
        double At(double part) => Stopwatch.GetElapsedTime(0, all[(int)((all.Length - 1) * part)]).TotalMilliseconds;
        Print(
            "Discord.Cql",
            new Figures(workload, all.Length / elapsed.TotalSeconds, At(0.5), At(0.99), cpu.TotalMicroseconds / all.Length),
            (allocated / all.Length).ToString());
    }

    private async Task LoadAsync(Func<ValueTask> operation, TimeSpan time, List<long>[]? latencies, CancellationToken cancellationToken)
    {
        var started = Stopwatch.GetTimestamp();
        await Task.WhenAll(Enumerable.Range(0, inFlight).Select(async worker =>
        {
            while (Stopwatch.GetElapsedTime(started) < time)
            {
                cancellationToken.ThrowIfCancellationRequested();
                var begun = Stopwatch.GetTimestamp();
                await operation().ConfigureAwait(false);
                latencies?[worker].Add(Stopwatch.GetTimestamp() - begun);
            }
        }));
    }

    private async Task RunNodeAsync(CancellationToken cancellationToken)
    {
        var folder = FindNodeFolder();
        string[] install = ["ci", "--no-audit", "--no-fund", "--ignore-scripts"];
        if (folder is null || !await RunAsync(folder, "npm", install, null, cancellationToken))
        {
            Console.WriteLine("Node.js cassandra-driver: skipped, as node or npm is missing or npm ci failed in bench/Cql/node.");
            return;
        }
        await RunAsync(
            folder,
            "node",
            ["bench.mjs", host, datacenter, Keyspace, inFlight.ToString(), ((int)duration.TotalSeconds).ToString()],
            line => Print("cassandra-driver", JsonSerializer.Deserialize<Figures>(line, JsonSerializerOptions.Web)!, "-"),
            cancellationToken);
    }

    private static string? FindNodeFolder()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            var node = Path.Combine(folder.FullName, "bench", "Cql", "node");
            if (Directory.Exists(node)) return node;
        }
        return null;
    }

    private static async Task<bool> RunAsync(
        string folder, string program, string[] arguments, Action<string>? onLine, CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo(program, arguments) { WorkingDirectory = folder, RedirectStandardOutput = true };
        try
        {
            using var process = Process.Start(start)!;
            while (await process.StandardOutput.ReadLineAsync(cancellationToken) is { } line) onLine?.Invoke(line);
            await process.WaitForExitAsync(cancellationToken);
            return process.ExitCode == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }

    private static void Print(string client, Figures figures, string allocated) => Console.WriteLine(
        $"{client,-16} | {figures.Workload,-8} | {figures.Rate,6:0} | {figures.P50,7:0.00} | {figures.P99,7:0.00} | "
        + $"{figures.Cpu,20:0.0} | {allocated,21}");
}
