using System.CommandLine;
using System.Text.Json;
using Discord.Node.Ops;
using static Discord.Pbm.CommandLine;

namespace Discord.Pbm;

/// <summary><c>pbm log</c>.</summary>
internal static class LogCommands
{
    /// <summary><c>pbm log tail</c>.</summary>
    public static Command Tail()
    {
        var lines = new Option<int>("--lines", "-n") { Description = "Entries that are there already", DefaultValueFactory = _ => 100 };
        var follow = new Option<bool>("--follow", "-f") { Description = "Go on with new entries until Ctrl+C" };
        var level = new Option<string?>("--level") { Description = "Least level that is shown" };
        return OnNode("tail", "The latest log entries.", async (parsed, node, output, cancellation) =>
        {
            var query = $"log?lines={parsed.GetValue(lines)}&level={Uri.EscapeDataString(parsed.GetValue(level) ?? "")}"
                + (parsed.GetValue(follow) ? "&follow=true" : "");
            await foreach (var line in node.LinesAsync(query, cancellation))
                output.Line(output.Json ? line : Readable(line));
        }, lines, follow, level);
    }

    /// <summary><c>pbm log level</c>.</summary>
    public static Command Level()
    {
        var level = new Argument<string?>("level")
        {
            Description = "trace, debug, information, warning, error, critical or none; without it the level in force is shown",
            Arity = ArgumentArity.ZeroOrOne,
        };
        return OnNode("level", "Shows or changes the least level that is logged.", async (parsed, node, output, cancellation) =>
        {
            var answer = parsed.GetValue(level) is { } wanted
                ? await node.SendAsync(
                    HttpMethod.Put, "log/level", OpsClient.Body(new LogLevelSetting(wanted), OpsJson.Wire.LogLevelSetting), cancellation)
                : await node.SendAsync(HttpMethod.Get, "log/level", null, cancellation);
            output.Answer(answer, OpsJson.Wire.LogLevelSetting, setting => output.Line(setting.Level ?? ""));
        }, level);
    }

    private static string Readable(string line)
    {
        using var document = JsonDocument.Parse(line);
        var entry = document.RootElement;
        string Text(string name) => entry.TryGetProperty(name, out var value) ? value.ToString() : "";
        var exception = Text("exception");
        return $"{Text("time")} {Text("level"),-11} {Text("category")}[{Text("event_id")}] {Text("message")}"
            + (exception.Length > 0 ? "\n" + exception : "");
    }
}

/// <summary>Reads what must not stand on the command line.</summary>
internal static class Secret
{
    public static async Task<string> ReadAsync(string prompt, CancellationToken cancellation)
    {
        if (Console.IsInputRedirected)
            return await Console.In.ReadLineAsync(cancellation)
                ?? throw new PbmException("Standard input ended before the password.", ExitCode.Usage);
        await Console.Error.WriteAsync(prompt);
        var text = new System.Text.StringBuilder();
        for (var key = Console.ReadKey(true); key.Key != ConsoleKey.Enter; key = Console.ReadKey(true))
        {
            if (key.Key == ConsoleKey.Backspace)
                text.Length = Math.Max(0, text.Length - 1);
            else if (!char.IsControl(key.KeyChar))
                text.Append(key.KeyChar);
        }
        await Console.Error.WriteLineAsync();
        return text.ToString();
    }
}
