using System.CommandLine;

namespace Discord.Pbm;

/// <summary>The palette of commands and the options that all share.</summary>
internal static class CommandLine
{
    private static readonly Option<string?> DataDir = new("--data-dir")
    {
        Description = "Data directory of the node that runs here [default: $DISCORD_DATA_DIR, else ./data]",
        Recursive = true,
    };

    private static readonly Option<string?> Ops = new("--ops")
    {
        Description = "Address of a node's operator's endpoint, for example http://127.0.0.1:9110",
        Recursive = true,
    };

    private static readonly Option<string?> TokenFile = new("--token-file")
    {
        Description = "File with that node's operator's token",
        Recursive = true,
    };

    private static readonly Option<bool> Json = new("--json") { Description = "Print the answer as JSON", Recursive = true };

    /// <summary>Runs a command line; gives the exit code.</summary>
    public static async Task<int> RunAsync(string[] arguments)
    {
        var root = new RootCommand("Operates a node: looks into it, makes accounts, follows its log.") { DataDir, Ops, TokenFile, Json };
        Commands.AddTo(root);
        var parsed = root.Parse(arguments);
        if (parsed.Errors.Count > 0)
        {
            await Console.Error.WriteLineAsync($"{parsed.Errors[0].Message} See pbm --help.");
            return ExitCode.Usage;
        }
        try
        {
            return await parsed.InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false });
        }
        catch (PbmException e)
        {
            await Console.Error.WriteLineAsync(e.Message);
            return e.ExitCode;
        }
        catch (OperationCanceledException)
        {
            // Ctrl+C, most often on a log that is followed.
            return ExitCode.Success;
        }
    }

    /// <summary>A command that talks to a node.</summary>
    public static Command OnNode(
        string name, string description, Func<ParseResult, OpsClient, Output, CancellationToken, Task> run, params Symbol[] symbols)
    {
        var command = new Command(name, description);
        foreach (var symbol in symbols)
        {
            if (symbol is Argument argument)
                command.Arguments.Add(argument);
            else if (symbol is Option option)
                command.Options.Add(option);
        }
        command.SetAction(async (parsed, cancellation) =>
        {
            using var client = new OpsClient(Locate(parsed));
            await run(parsed, client, new Output(parsed.GetValue(Json)), cancellation);
            return ExitCode.Success;
        });
        return command;
    }

    private static NodeLocation Locate(ParseResult parsed)
    {
        var directory = parsed.GetValue(DataDir);
        if (parsed.GetValue(Ops) is not { } address)
        {
            if (parsed.GetValue(TokenFile) is not null)
                throw new PbmException("--token-file is only good with --ops.", ExitCode.Usage);
            return NodeLocation.FromDataDirectory(directory ?? NodeLocation.DefaultDataDirectory);
        }
        if (directory is not null)
            throw new PbmException("--data-dir and --ops name two nodes: give one of them.", ExitCode.Usage);
        return NodeLocation.FromAddress(address, parsed.GetValue(TokenFile));
    }
}
