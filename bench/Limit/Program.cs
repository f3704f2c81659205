using System.Globalization;
using Discord.Limit;

// Options are few and the load generator is the usual caller: name and value in pairs, and --until-stdin-closes, by which a server ends
// with
// the process that started it.
const string usage = "Usage: --port N --threads N --event-bytes N --history-bytes N [--until-stdin-closes]";
var options = new LimitOptions();
bool untilStdinCloses = false;
for (int i = 0; i < args.Length; i++)
{
    if (args[i] == "--until-stdin-closes")
    {
        untilStdinCloses = true;
        continue;
    }
    if (i + 1 >= args.Length || !int.TryParse(args[i + 1], NumberStyles.Integer, CultureInfo.InvariantCulture, out int value))
        return Fail($"{args[i]} needs a whole number. {usage}");
    switch (args[i++])
    {
        case "--port": options = options with { Port = value }; break;
        case "--threads": options = options with { Threads = value }; break;
        case "--event-bytes": options = options with { EventBytes = value }; break;
        case "--history-bytes": options = options with { HistoryBytes = value }; break;
        default: return Fail($"{args[i - 1]} is no option. {usage}");
    }
}
if (options.Problem() is { } problem) return Fail(problem);

try
{
    using var server = LimitServer.Start(options);
    Console.WriteLine($"limit server on {server.Url}");
    if (untilStdinCloses)
    {
        while (Console.In.ReadLine() is not null) { }
        return 0;
    }
    using var stop = new ManualResetEventSlim();
    Console.CancelKeyPress += (_, e) =>
    {
        e.Cancel = true;
        stop.Set();
    };
    stop.Wait();
    return 0;
}
catch (IOException e)
{
    return Fail($"The limit server cannot start on port {options.Port}: {e.Message}");
}

static int Fail(string message)
{
    Console.Error.WriteLine(message);
    return 2;
}
