using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using Discord.Load.Measure;

namespace Discord.Load;

/// <summary>Prints what was measured, with the conditions without which a figure says nothing.</summary>
internal static class Report
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    /// <summary>The results as a table for people.</summary>
    public static string Text(LoadOptions options, Figures target, Figures? limit)
    {
        var lines = new List<string>
        {
            $"{options.Scenario} on {options.Url} ({Conditions(options)})",
            limit is null ? $"{"",-34}{"server",14}" : $"{"",-34}{"server",14}{"limit",14}{"ratio",9}",
        };
        foreach (var (name, value) in target.All)
        {
            string line = $"{name,-34}{Number(value),14}";
            if (limit?.Find(name) is { } other)
            {
                string ratio = other == 0 ? "" : (value / other).ToString("0.00", CultureInfo.InvariantCulture);
                line += $"{Number(other),14}{ratio,9}";
            }
            lines.Add(line);
        }
        lines.AddRange(target.Errors.Select(error => $"ERROR, the figures prove nothing: {error}"));
        lines.AddRange((limit?.Errors ?? []).Select(error => $"ERROR at the limit server: {error}"));
        return string.Join('\n', lines);
    }

    /// <summary>The results as one JSON object: scenario, conditions, server, limit, ratio, errors.</summary>
    public static string Json(LoadOptions options, Figures target, Figures? limit)
    {
        var json = new JsonObject
        {
            ["scenario"] = options.Scenario,
            ["url"] = options.Url.ToString(),
            ["at"] = DateTime.UtcNow.ToString("O", CultureInfo.InvariantCulture),
            ["conditions"] = new JsonObject
            {
                ["cores"] = Environment.ProcessorCount,
                ["runtime"] = RuntimeInformation.FrameworkDescription,
                ["os"] = RuntimeInformation.OSDescription,
                ["load_average"] = LoadAverage(),
                ["duration_s"] = options.Duration.TotalSeconds,
                ["warm_up_s"] = options.WarmUp.TotalSeconds,
                ["repeat"] = options.Repeat,
                ["burst"] = options.Burst,
                ["threads"] = options.Threads,
                ["compress"] = options.Compress.Length > 0 ? options.Compress : null,
            },
            ["server"] = Object(target.All),
            ["errors"] = new JsonArray([.. target.Errors.Concat(limit?.Errors ?? []).Select(error => (JsonNode)error)]),
        };
        if (limit is not null)
        {
            json["limit"] = Object(limit.All);
            var both = target.All.Where(f => limit.Find(f.Key) is not (null or 0));
            json["ratio"] = Object(both.Select(f => KeyValuePair.Create(f.Key, f.Value / limit[f.Key])));
        }
        return json.ToJsonString(Indented);
    }

    private static string Conditions(LoadOptions options) =>
        $"{Environment.ProcessorCount} cores, {RuntimeInformation.FrameworkDescription}, load average {LoadAverage()}, " +
        $"{options.Duration.TotalSeconds:0.#} s after {options.WarmUp.TotalSeconds:0.#} s of warm-up";

    private static string LoadAverage() =>
        File.Exists("/proc/loadavg") ? string.Join(' ', File.ReadAllText("/proc/loadavg").Split(' ')[..3]) : "unknown";

    private static JsonObject Object(IEnumerable<KeyValuePair<string, double>> figures) =>
        new(figures.Select(f => KeyValuePair.Create(f.Key, (JsonNode?)Math.Round(f.Value, 4))));

    private static string Number(double value) => Math.Abs(value) switch
    {
        >= 1000 or 0 => value.ToString("N0", CultureInfo.InvariantCulture),
        >= 10 => value.ToString("0.0", CultureInfo.InvariantCulture),
        _ => value.ToString("0.000", CultureInfo.InvariantCulture),
    };
}
