using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Discord.Clients.Kit;

/// <summary>
/// One Node.js process with one client library in it (<c>scripts/run.mjs</c>). It is told scenarios as JSON lines on its input, runs them
/// beside each other, and answers a line for each. A scenario may ask the test for something meanwhile (stop the node, make a user).
/// </summary>
public sealed class ScriptProcess : IAsyncDisposable
{
    /// <summary>What a scenario can ask of its test: by name, with an argument.</summary>
    public delegate Task<JsonNode?> Hook(string name, JsonNode? argument);

    private readonly Process _process;
    private readonly Task _reading;
    private readonly Task<string> _errors;
    private readonly SemaphoreSlim _writing = new(1);
    private readonly ConcurrentDictionary<int, (TaskCompletionSource<JsonNode> Done, Hook Hook)> _running = new();
    private int _ids;

    private ScriptProcess(Process process)
    {
        _process = process;
        _errors = process.StandardError.ReadToEndAsync();
        _reading = ReadAsync();
    }

    public static ScriptProcess Start(string library)
    {
        ProcessStartInfo start = new("node", [Path.Combine("scripts", "run.mjs"), library])
        {
            WorkingDirectory = BuildPaths.Clients,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        return new ScriptProcess(Process.Start(start)!);
    }

    /// <summary>Runs a scenario to its end; its failure, with the script's stack, fails the test.</summary>
    public async Task RunAsync(string scenario, NodeProcess node, Seed seed, Hook hook, TimeSpan limit)
    {
        int id = Interlocked.Increment(ref _ids);
        TaskCompletionSource<JsonNode> done = new(TaskCreationOptions.RunContinuationsAsynchronously);
        _running[id] = (done, hook);
        if (_reading.IsCompleted)
            throw new InvalidOperationException($"The script process has ended:\n{await _errors}");
        await SendAsync(new JsonObject
        {
            ["id"] = id,
            ["scenario"] = scenario,
            ["url"] = node.Url,
            ["limit"] = (int)limit.TotalMilliseconds,
            ["seed"] = new JsonObject
            {
                ["userToken"] = seed.UserToken,
                ["botToken"] = seed.BotToken,
                ["applicationId"] = seed.ApplicationId,
                ["guildId"] = seed.GuildId,
                ["channelId"] = seed.ChannelId,
            },
        });
        JsonNode answer = await done.Task.WaitAsync(limit + TimeSpan.FromSeconds(10));
        if (answer["error"] is { } error)
            Assert.Fail($"{scenario}: {error}\n{node.Output}");
    }

    public async ValueTask DisposeAsync()
    {
        _process.StandardInput.Close();
        try
        {
            await _process.WaitForExitAsync().WaitAsync(TimeSpan.FromSeconds(5));
        }
        catch (TimeoutException)
        {
            _process.Kill();
            await _process.WaitForExitAsync();
        }
        await _reading;
        _process.Dispose();
        _writing.Dispose();
    }

    private async Task ReadAsync()
    {
        while (await _process.StandardOutput.ReadLineAsync() is { } line)
        {
            JsonNode message;
            try
            {
                message = JsonNode.Parse(line)!;
            }
            catch (JsonException)
            {
                continue; // What a library prints of its own accord.
            }
            if (!_running.TryGetValue((int)message["id"]!, out (TaskCompletionSource<JsonNode> Done, Hook Hook) run))
                continue;
            if (message["call"] is { } call)
                _ = AnswerAsync((int)message["id"]!, (int)message["number"]!, (string)call!, message["argument"], run.Hook);
            else
                run.Done.TrySetResult(message);
        }
        string errors = await _errors;
        foreach ((TaskCompletionSource<JsonNode> done, _) in _running.Values)
            done.TrySetException(new InvalidOperationException($"The script process ended while the scenario ran:\n{errors}"));
    }

    private async Task AnswerAsync(int id, int number, string name, JsonNode? argument, Hook hook)
    {
        JsonObject answer = new() { ["id"] = id, ["number"] = number };
        try
        {
            answer["result"] = (await hook(name, argument))?.DeepClone();
        }
        catch (Exception e)
        {
            answer["error"] = e.ToString();
        }
        await SendAsync(answer);
    }

    private async Task SendAsync(JsonObject message)
    {
        await _writing.WaitAsync();
        try
        {
            await _process.StandardInput.WriteLineAsync(message.ToJsonString());
            await _process.StandardInput.FlushAsync();
        }
        finally
        {
            _writing.Release();
        }
    }
}
