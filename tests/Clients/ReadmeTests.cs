using System.Diagnostics;
using System.Text.RegularExpressions;
using Discord.Clients.Kit;

namespace Discord.Clients;

/// <summary>What the README shows a newcomer works as it is printed.</summary>
public sealed partial class ReadmeTests(Npm npm, SqliteNode shared)
{
    private const string DefaultAddress = "http://127.0.0.1:8080";

    [Fact]
    public async Task Snippet_answers_ping()
    {
        npm.Require();
        string readme = await File.ReadAllTextAsync(BuildPaths.Readme);
        string snippet = Assert.Single(Snippets().Matches(readme)).Groups[1].Value;
        Assert.Contains($"'{DefaultAddress}/api'", snippet, StringComparison.Ordinal);

        NodeProcess node = await shared.NodeAsync();
        Seed seed = await node.SeedAsync();
        // Below the folder with node_modules, where its import is found. Only the address differs from what is printed: tests take free
        // ports.
        string folder = Directory.CreateDirectory(Path.Combine(BuildPaths.Clients, "obj", $"readme-{Environment.ProcessId}")).FullName;
        string script = Path.Combine(folder, "bot.mjs");
        await File.WriteAllTextAsync(script, snippet.Replace(DefaultAddress, node.Url, StringComparison.Ordinal));
        ProcessStartInfo start = new("node", [script]) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["BOT_TOKEN"] = seed.BotToken;
        using Process bot = Process.Start(start)!;
        try
        {
            string? line = await bot.StandardOutput.ReadLineAsync().WaitAsync(NodeProcess.Patience);
            if (line is null)
                Assert.Fail($"The snippet ended:\n{await bot.StandardError.ReadToEndAsync()}");
            Assert.EndsWith(" is ready", line, StringComparison.Ordinal);
            using Poster owner = new(node, seed.UserToken);
            await owner.PostAsync(seed.ChannelId, "!ping");
            await NodeProcess.UntilAsync("The bot answers", async () => (await owner.HistoryAsync(seed.ChannelId)).Count == 2);
            Assert.Equal(["!ping", "pong"], (await owner.HistoryAsync(seed.ChannelId)).Select(message => message.Content));
        }
        finally
        {
            bot.Kill();
            await bot.WaitForExitAsync();
            Directory.Delete(folder, recursive: true);
        }
    }

    [GeneratedRegex(@"```js\n(import .*?)```", RegexOptions.Singleline)]
    private static partial Regex Snippets();
}
