using System.Diagnostics;
using System.Globalization;
using Discord.Kernel.Persistence;
using Discord.Protocol;
using Discord.Storage.Sqlite;

namespace Discord.Storage.Tests.Sqlite;

/// <summary>
/// <c>kill -9</c> under load. This assembly runs itself a second time; that process appends messages and events and prints what was
/// acknowledged, until it is killed. Everything that it printed must be there.
/// </summary>
public sealed class CrashTests
{
    private const string ChildVariable = "DISCORD_STORAGE_CRASH_CHILD";
    private const int Writers = 32;
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    [Theory]
    [InlineData(Durability.Full)]
    [InlineData(Durability.Normal)]
    public async Task Kill_under_load_loses_no_acknowledged_write(Durability durability)
    {
        using var directory = new TempDirectory();
        // Each round recovers what the round before left, and goes on.
        var acknowledged = new Dictionary<Snowflake, HashSet<Snowflake>>();
        var events = new Dictionary<string, long>();
        for (var round = 0; round < 3; round++)
        {
            await RunAndKillAsync(directory.Path, durability, lines: 2_000, acknowledged, events);
            await using var storage = await SqliteStorage.OpenAsync(new SqliteStorageOptions { DataDirectory = directory.Path });
            Assert.Equal(0, await storage.ScalarAsync("SELECT count(*) FROM pragma_integrity_check WHERE integrity_check <> 'ok'"));
            foreach (var (channel, ids) in acknowledged)
            {
                var stored = await AllAsync(storage.Messages, channel);
                Assert.Equal(stored.Order(), stored.Distinct().Order());
                Assert.Empty(ids.Except(stored));
            }
            foreach (var (actor, highest) in events)
            {
                var stored = await storage.Journal.HighestSequenceNrAsync(actor, default);
                Assert.True(stored >= highest, $"{actor}: {highest} was acknowledged, {stored} is stored");
                // The row of the last event was in its commit.
                Assert.Equal(new Snowflake((ulong)stored), await storage.Lookups.GetIdAsync(LookupKind.Node, actor));
            }
        }
        Assert.True(acknowledged.Values.Sum(i => i.Count) > 1_000);
        Assert.NotEmpty(events);
    }

    private static async Task RunAndKillAsync(
        string directory, Durability durability, int lines, Dictionary<Snowflake, HashSet<Snowflake>> acknowledged, Dictionary<string,
            long> events)
    {
        // Whatever host runs the tests, this assembly's own executable is beside it.
        var executable = Path.ChangeExtension(typeof(CrashTests).Assembly.Location, OperatingSystem.IsWindows() ? ".exe" : null);
        var start = new ProcessStartInfo(executable) { RedirectStandardOutput = true, UseShellExecute = false };
        start.Environment[ChildVariable] = $"{durability}|{directory}";
        using var child = Process.Start(start)!;
        using var limit = new CancellationTokenSource(Limit);
        try
        {
            for (var read = 0; read < lines; read++)
            {
                var line = await child.StandardOutput.ReadLineAsync(limit.Token);
                Assert.True(line is not null, "the child ended by itself");
                Record(line, acknowledged, events);
            }
        }
        finally
        {
            child.Kill();
        }
        await child.WaitForExitAsync(limit.Token);
        // What it had printed before it died counts too; the last line may be cut.
        var rest = await child.StandardOutput.ReadToEndAsync(limit.Token);
        foreach (var line in rest.Split('\n')[..^1]) Record(line, acknowledged, events);
    }

    private static void Record(string line, Dictionary<Snowflake, HashSet<Snowflake>> acknowledged, Dictionary<string, long> events)
    {
        var parts = line.Split(' ');
        if (parts[0] == "event")
        {
            events[parts[1]] = long.Parse(parts[2], CultureInfo.InvariantCulture);
            return;
        }
        Assert.Equal("message", parts[0]);
        var channel = Snowflake.Parse(parts[1]);
        if (!acknowledged.TryGetValue(channel, out var ids)) acknowledged.Add(channel, ids = []);
        ids.Add(Snowflake.Parse(parts[2]));
    }

    private static async Task<List<Snowflake>> AllAsync(IMessageStore messages, Snowflake channel)
    {
        var all = new List<Snowflake>();
        for (var page = await messages.PageAsync(channel, MessagePage.Latest(100)); page.Count > 0;
            page = await messages.PageAsync(channel, MessagePage.Before(page[^1].Id, 100)))
            all.AddRange(page.Select(m => m.Id));
        return all;
    }

    /// <summary>Called first of all by the assembly's entry point; returns only if this process is not the child.</summary>
    internal static async Task RunIfChildAsync()
    {
        if (Environment.GetEnvironmentVariable(ChildVariable) is not { } text) return;
        var parts = text.Split('|', 2);
        await RunChildAsync(Enum.Parse<Durability>(parts[0]), parts[1]);
    }

    private static async Task RunChildAsync(Durability durability, string directory)
    {
        // Small bounds, so that kills fall into checkpoints and restarts of the log too.
        var storage = await SqliteStorage.OpenAsync(new SqliteStorageOptions
        {
            DataDirectory = directory,
            Durability = durability,
            WalBytes = 1 << 20
        });
        var ids = new SnowflakeGenerator(0, 0, TimeProvider.System);
        var output = Console.OpenStandardOutput();
        var gate = new Lock();
        void Print(string line)
        {
            lock (gate) output.Write(System.Text.Encoding.ASCII.GetBytes(line + "\n"));
        }
        async Task WriteAsync(int writer)
        {
            var actor = $"actor-{writer}";
            var sequence = await storage.Journal.HighestSequenceNrAsync(actor, default);
            for (var i = 0; ; i++)
            {
                var row = new MessageRow(new Snowflake((ulong)(1 + (writer % 8))), ids.Next(), new Snowflake(7), new byte[300]);
                await storage.Messages.AppendAsync(row);
                Print($"message {row.ChannelId} {row.Id}");
                if (i % 4 != 0) continue;
                sequence++;
                await storage.Journal.AppendAsync(
                    new JournalWrite(actor, sequence, [new byte[100]], [LookupWrite.Put(LookupKind.Node, actor,
                        new Snowflake((ulong)sequence))]), default);
                Print($"event {actor} {sequence}");
            }
        }
        await Task.WhenAll(Enumerable.Range(0, Writers).Select(writer => Task.Run(() => WriteAsync(writer))));
    }
}
