using System.CommandLine;
using Discord.CqlBench;

var host = new Option<string>("--host") { Description = "A host of the cluster.", DefaultValueFactory = _ => "127.0.0.1" };
var datacenter = new Option<string>("--datacenter") { Description = "Its data centre.", DefaultValueFactory = _ => "dc1" };
var inFlight = new Option<int>("--in-flight") { Description = "Requests at once.", DefaultValueFactory = _ => 64 };
var seconds = new Option<int>("--seconds") { Description = "How long each workload is measured.", DefaultValueFactory = _ => 10 };
var only = new Option<bool>("--no-node") { Description = "Without Node.js's driver." };

var command = new RootCommand(
    "Measures the CQL driver, beside Node.js's cassandra-driver: rate, latency, and the client's own CPU a request.")
{
    host, datacenter, inFlight, seconds, only,
};
command.SetAction(async (arguments, cancellationToken) =>
{
    var bench = new Bench(
        arguments.GetValue(host)!,
        arguments.GetValue(datacenter)!,
        arguments.GetValue(inFlight),
        TimeSpan.FromSeconds(arguments.GetValue(seconds)));
    try
    {
        await bench.RunAsync(withNode: !arguments.GetValue(only), cancellationToken);
        return 0;
    }
    catch (Discord.Cql.Errors.CqlNoHostAvailableException reason)
    {
        await Console.Error.WriteLineAsync($"{reason.Message}\nStart one with shared/servers/cassandra/server.sh start --data DIR");
        return 1;
    }
});
return await command.Parse(args).InvokeAsync();
