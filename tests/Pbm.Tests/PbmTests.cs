using System.Diagnostics;
using System.Reflection;
using System.Text.Json;
using Discord.Node.Composition;
using Discord.Node.Configuration;
using Discord.Node.Tests;
using Discord.Storage;
using Discord.Storage.Migration;
using Discord.Storage.Sqlite;
using Discord.Storage.Tests.Migration;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Discord.Pbm.Tests;

/// <summary>The real <c>pbm</c> process against the ops endpoint of a real node.</summary>
public sealed class PbmTests : IAsyncLifetime
{
    private static readonly string PbmPath = typeof(PbmTests).Assembly
        .GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key == "PbmPath").Value!;

    private readonly string _directory = Directory.CreateTempSubdirectory("pbm-test-").FullName;
    private NodeHost _node = null!;
    private MirroredStorage _storage = null!;
    private Elsewhere? _elsewhere;

    public async ValueTask InitializeAsync()
    {
        var options = new NodeOptions();
        options.Listen.Port = 0;
        options.Ops.Port = 0;
        options.Storage.DataDirectory = _directory;
        _node = await NodeHost.StartAsync(options, new NodeParts
        {
            StartDomain = async (services, cancellation) =>
            {
                services.Operator = new FakeOperator();
                _storage = new MirroredStorage(
                    await SqliteStorage.OpenAsync(new SqliteStorageOptions { DataDirectory = _directory }, cancellation));
                services.Migration = await StorageMigration.OpenAsync(
                    _storage, _directory, Targets(), services.Time, NullLogger.Instance, cancellation);
            },
        });
    }

    public async ValueTask DisposeAsync()
    {
        await _node.DisposeAsync();
        await _storage.DisposeAsync();
        Directory.Delete(_directory, recursive: true);
    }

    private static Process Start(string? input, params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", [PbmPath, .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
        };
        start.Environment.Remove("DISCORD_DATA_DIR");
        var process = Process.Start(start)!;
        if (input is not null)
            process.StandardInput.Write(input);
        process.StandardInput.Close();
        return process;
    }

    private static async Task<(int Code, string Output, string Error)> RunAsync(string? input, params string[] arguments)
    {
        using var process = Start(input, arguments);
        var error = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync().WaitAsync(TimeSpan.FromMinutes(1));
        return (process.ExitCode, output, await error);
    }

    private Task<(int Code, string Output, string Error)> HereAsync(params string[] arguments) =>
        RunAsync(null, ["--data-dir", _directory, .. arguments]);

    [Fact]
    public async Task Dev_seed_as_json_prints_exactly_the_five_values() => Assert.Equal(
        (0, """{"user_token":"user-token","bot_token":"bot-token","application_id":"2","guild_id":"10","channel_id":"11"}"""
            + Environment.NewLine, ""),
        await HereAsync("dev", "seed", "--json"));

    [Theory]
    [InlineData("system info", "Data directory")]
    [InlineData("system uptime", "Up since")]
    [InlineData("actor hierarchy", "user")]
    [InlineData("guild list", "--after 10")]
    [InlineData("guild show 10", "@everyone")]
    [InlineData("session list", "owner")]
    [InlineData("session kick abc", "Session abc is ended.")]
    [InlineData("user create --username new --password secret", "user-token")]
    [InlineData("bot create --name helper --owner owner", "bot-token")]
    [InlineData("log level", "information")]
    [InlineData("log tail", "Node ")]
    [InlineData("dev seed", "Bot token")]
    [InlineData("migrate status", "There is no migration.")]
    [InlineData("migrate status --follow", "There is no migration.")]
    public async Task Command_prints_for_people_and_as_json(string command, string expected)
    {
        var (code, output, error) = await HereAsync(command.Split(' '));
        Assert.Equal((0, ""), (code, error));
        Assert.Contains(expected, output, StringComparison.Ordinal);
        Assert.DoesNotContain('\u001b', output);

        var json = await HereAsync([.. command.Split(' '), "--json"]);
        Assert.Equal((0, ""), (json.Code, json.Error));
        foreach (var line in json.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries))
            using (JsonDocument.Parse(line)) { }
    }

    // A place that cannot be reached unless a test makes one; what a migration does is shown by tests/Storage.Tests and tests/Clients.
    private MigrationTargets Targets() => new(
        (_, _) => Task.FromResult<IStorage>(_elsewhere ?? throw new StorageException(StorageError.Io, "connection refused")),
        (_, _) => throw new StorageException(StorageError.Io, "connection refused"), _ => "over there", _ => false);

    [Fact]
    public async Task Ops_and_token_file_reach_a_node_without_its_data_directory()
    {
        var token = Path.Combine(_directory, "ops.token");
        var (code, output, _) = await RunAsync(
            null, "system", "uptime", "--ops", _node.Services.OpsAddress.ToString(), "--token-file", token);
        Assert.Equal(0, code);
        Assert.Contains("ready", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Password_is_read_from_standard_input()
    {
        var (code, output, _) = await RunAsync("secret\n", "--data-dir", _directory, "user", "create", "--username", "new");
        Assert.Equal(0, code);
        Assert.Contains("user-token", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1, "There is no guild 12.", "guild show 12")]
    [InlineData(1, "The username taken is taken.", "user create --username taken --password x")]
    [InlineData(1, "There is no session zzz.", "session kick zzz")]
    [InlineData(1, "The level must be trace, debug, information, warning, error, critical or none, not \"loud\".", "log level loud")]
    [InlineData(1, "The target, over there, cannot be opened: connection refused", "migrate start --cql-contact-points 127.0.0.1:1")]
    [InlineData(1, "The target cannot be opened: connection refused", "migrate start --cql-contact-points 127.0.0.1:1 --dry-run")]
    [InlineData(1, "There is no migration to go on with: name a target.", "migrate start")]
    [InlineData(1, "Nothing is being copied: the migration's phase is none.", "migrate pause")]
    [InlineData(1, "Only what is copied can be compared: the migration's phase is none.", "migrate verify")]
    [InlineData(1, "Only what is copied can answer: the migration's phase is none.", "migrate cutover")]
    [InlineData(1, "The target does not answer: the migration's phase is none.", "migrate cutover --back")]
    [InlineData(1, "There is nothing to abort: the migration's phase is none.", "migrate abort")]
    [InlineData(2, "Option '--username' is required. See pbm --help.", "user create")]
    [InlineData(2, "--data-dir and --ops name two nodes: give one of them.", "system info --ops http://127.0.0.1:1")]
    public async Task Command_refused_says_why_in_one_sentence(int code, string sentence, string command)
    {
        var (actual, output, error) = await HereAsync(command.Split(' '));
        Assert.Equal((code, "", sentence), (actual, output, error.Trim()));
    }

    [Fact]
    public async Task Node_not_there_exits_with_3()
    {
        var empty = Directory.CreateTempSubdirectory("pbm-test-").FullName;
        var (code, _, error) = await RunAsync(null, "--data-dir", empty, "system", "info");
        Assert.Equal((3, $"No node runs on {empty}: it has no node.json."), (code, error.Trim()));
        var wrong = Path.Combine(empty, "token");
        await File.WriteAllTextAsync(wrong, "wrong");
        (code, _, error) = await RunAsync(null, "--ops", _node.Services.OpsAddress.ToString(), "--token-file", wrong, "system", "info");
        Assert.Equal(3, code);
        Assert.Contains("token is missing or wrong", error, StringComparison.Ordinal);
        (code, _, error) = await RunAsync(null, "--ops", "http://127.0.0.1:1", "--token-file", wrong, "system", "info");
        Assert.Equal(3, code);
        Assert.StartsWith("No node answers at http://127.0.0.1:1/", error, StringComparison.Ordinal);
        await File.WriteAllTextAsync(wrong, "two\nlines");
        (code, _, error) = await RunAsync(null, "--ops", _node.Services.OpsAddress.ToString(), "--token-file", wrong, "system", "info");
        Assert.Equal((3, $"{wrong} holds no operator's token; it is one word of letters and digits."), (code, error.Trim()));
        Directory.Delete(empty, recursive: true);
    }

    [Fact]
    public async Task Migration_that_waits_says_for_whom_and_why_until_it_goes_on()
    {
        await _storage.Messages.AppendAsync(new MessageRow(new(1), new(2), new(3), "m"u8.ToArray()));
        _elsewhere = new Elsewhere(await SqliteStorage.OpenAsync(
            new SqliteStorageOptions { DataDirectory = Path.Combine(_directory, "elsewhere") }));
        _elsewhere.Faulty.Fail(Question.Write, () => new StorageException(StorageError.Unavailable, "no host answers"));
        var (code, _, error) = await HereAsync("migrate", "start", "--cql-contact-points", "127.0.0.1:1");
        Assert.Equal((0, ""), (code, error));

        using var following = Start(null, "--data-dir", _directory, "migrate", "status", "--follow");
        string? line;
        do line = await following.StandardOutput.ReadLineAsync().WaitAsync(TimeSpan.FromMinutes(1));
        while (line?.StartsWith("Waiting", StringComparison.Ordinal) == false);
        Assert.Matches("^Waiting for the target since [0-9]+s: no host answers$", line);
        Assert.Contains("\nWaiting for the target since ", (await HereAsync("migrate", "status")).Output, StringComparison.Ordinal);
        using (var json = JsonDocument.Parse((await HereAsync("migrate", "status", "--json")).Output))
        {
            var waiting = json.RootElement.GetProperty("waiting");
            Assert.Equal(
                ("target", "no host answers"), (waiting.GetProperty("side").GetString(), waiting.GetProperty("reason").GetString()));
        }

        _elsewhere.Faulty.Heal();
        var rest = await following.StandardOutput.ReadToEndAsync().WaitAsync(TimeSpan.FromMinutes(1));
        await following.WaitForExitAsync();
        Assert.Equal(0, following.ExitCode);
        Assert.Contains("Next: pbm migrate verify", rest, StringComparison.Ordinal);
        Assert.DoesNotContain("Waiting", rest, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Log_followed_shows_entries_as_they_come_and_ends_with_the_node()
    {
        using var process = Start(null, "--data-dir", _directory, "log", "tail", "-f", "--level", "warning");
        var log = _node.Services.Loggers.CreateLogger("Discord.Test");
        log.LogWarning("before or after, it is shown");
        var line = await process.StandardOutput.ReadLineAsync().WaitAsync(TimeSpan.FromMinutes(1));
        Assert.EndsWith("Discord.Test[0] before or after, it is shown", line, StringComparison.Ordinal);
        await _node.StopAsync("test");
        await process.WaitForExitAsync().WaitAsync(TimeSpan.FromMinutes(1));
        Assert.Equal(0, process.ExitCode);
    }
}
