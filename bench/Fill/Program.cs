using System.CommandLine;
using Discord.Fill;

var data = new Option<string>("--data-dir") { Description = "Data directory of a node that does not run", Required = true };
var guilds = new Option<int>("--guilds") { Description = "Guilds (storm: of each account)", DefaultValueFactory = _ => 0 };
var messages = new Option<int>("--messages") { Description = "Messages, evenly over the guilds", DefaultValueFactory = _ => 1_000_000 };
var accounts = new Option<int>("--accounts")
{
    Description = "Accounts with sessions (0: idle 10000, storm 200)",
    DefaultValueFactory = _ => 0
};
var members = new Option<int>("--guild-members") { Description = "Further members of each small guild", DefaultValueFactory = _ => 2 };
var url = new Option<string>("--url") { Description = "Where the node will listen", DefaultValueFactory = _ => "http://127.0.0.1:8080" };
var state = new Option<string>("--state") { Description = "File for the load generator's --state", Required = true };

var archive = new Command("archive", "Guilds with many messages: what a node that starts finds") { data, guilds, messages };
archive.SetAction((parsed, _) => Worlds.RunAsync(
    parsed.GetValue(data)!, world => world.ArchiveAsync(Positive(parsed.GetValue(guilds), 1_000), parsed.GetValue(messages))));
var idle = new Command("idle", "Users in one guild, for the scenario idle") { data, url, state, accounts };
idle.SetAction((parsed, _) => Worlds.RunAsync(
    parsed.GetValue(data)!,
    world => world.IdleAsync(parsed.GetValue(url)!, parsed.GetValue(state)!, Positive(parsed.GetValue(accounts), 10_000))));
var storm = new Command("storm", "Bots in small guilds of their own, for the scenario identify-storm")
{
    data, url, state, accounts, guilds, members
};
storm.SetAction((parsed, _) => Worlds.RunAsync(
    parsed.GetValue(data)!,
    world => world.StormAsync(
        parsed.GetValue(url)!, parsed.GetValue(state)!, Positive(parsed.GetValue(accounts), 200),
        Positive(parsed.GetValue(guilds), 10), parsed.GetValue(members))));

var root = new RootCommand(
    "Fills a data directory past the API, where the API would take too long: a password hash alone is a tenth of a second.")
{
    archive, idle, storm,
};
return await root.Parse(args).InvokeAsync();

static int Positive(int given, int otherwise) => given > 0 ? given : otherwise;
