using Discord.Micro;

// dotnet run -c Release --project bench/Micro -- SUITE [CASE] [--json]
// dotnet run -c Release --project bench/Micro -- hot-channel
var suites = new Dictionary<string, Func<IEnumerable<MicroCase>>>
{
    ["kernel"] = KernelSuite.Cases,
    ["data-service"] = DataServiceSuite.Cases,
};

var json = args.Contains("--json");
string[] words = [.. args.Where(arg => !arg.StartsWith('-'))];
if (words is ["hot-channel"])
{
    await HotChannel.RunAsync();
    return 0;
}
if (words.Length == 0 || !suites.TryGetValue(words[0], out var suite))
{
    Console.Error.WriteLine(
        "usage: dotnet run -c Release --project bench/Micro -- SUITE [CASE] [--json], or hot-channel; "
        + $"suites: {string.Join(", ", suites.Keys)}");
    return 2;
}
var cases = suite().Where(each => words.Length < 2 || each.Name == words[1]).ToList();
if (cases.Count == 0)
{
    Console.Error.WriteLine($"suite {words[0]} has no case {words[1]}; it has {string.Join(", ", suite().Select(each => each.Name))}");
    return 2;
}
await MicroRunner.Run(words[0], cases, json);
return 0;
