using System.Diagnostics;

namespace Discord.Load.Measure;

/// <summary>The named results of one run, in the order they are printed. A name ends with its unit.</summary>
internal sealed class Figures
{
    private readonly List<KeyValuePair<string, double>> _all = [];

    /// <summary>All results.</summary>
    public IReadOnlyList<KeyValuePair<string, double>> All => _all;

    /// <summary>What went wrong without ending the run, each once; a run with an entry here proves nothing.</summary>
    public List<string> Errors { get; } = [];

    /// <summary>The result of a name.</summary>
    /// <exception cref="KeyNotFoundException">There is none.</exception>
    public double this[string name] => Find(name) ?? throw new KeyNotFoundException($"No figure '{name}' was taken.");

    /// <summary>The result of a name, or null.</summary>
    public double? Find(string name)
    {
        foreach (var (key, value) in _all)
        {
            if (key == name) return value;
        }
        return null;
    }

    /// <summary>
    /// Each figure's middle value over several runs of one scenario (the upper one of an even number), and all their errors.
    /// </summary>
    public static Figures Median(IReadOnlyList<Figures> runs)
    {
        var middle = new Figures();
        foreach (var (name, _) in runs[0].All)
        {
            double[] values = [.. runs.Select(run => run[name]).Order()];
            middle.Add(name, values[values.Length / 2]);
        }
        middle.Errors.AddRange(runs.SelectMany(run => run.Errors).Distinct());
        return middle;
    }

    /// <summary>Adds a result.</summary>
    public void Add(string name, double value) => _all.Add(new(name, value));

    /// <summary>Adds the usual percentiles of a histogram, in milliseconds.</summary>
    public void Add(string name, Histogram durations)
    {
        Add($"{name}_p50_ms", durations.Percentile(0.5) / 1e6);
        Add($"{name}_p90_ms", durations.Percentile(0.9) / 1e6);
        Add($"{name}_p99_ms", durations.Percentile(0.99) / 1e6);
        Add($"{name}_p999_ms", durations.Percentile(0.999) / 1e6);
        Add($"{name}_max_ms", durations.Max / 1e6);
    }

    /// <summary>
    /// Adds what the server used for a number of operations, when its process was named, and how many cores the load generator took: one
    /// that took all its threads was the bottleneck.
    /// </summary>
    public void AddUsage(Usage before, Usage after, double operations, string operation, TimeSpan elapsed)
    {
        if (before.Server is { } first && after.Server is { } last)
        {
            double cpu = last.CpuMicroseconds - first.CpuMicroseconds;
            Add($"server_cpu_us_per_{operation}", operations > 0 ? cpu / operations : 0);
            Add("server_cpu_cores", cpu / elapsed.TotalMicroseconds);
            Add("server_rss_mib", last.ResidentBytes / (1024.0 * 1024));
        }
        Add("load_cpu_cores", (after.LoadCpuMicroseconds - before.LoadCpuMicroseconds) / elapsed.TotalMicroseconds);
    }
}

/// <summary>The clock of all latencies: nanoseconds from an arbitrary point, monotonic.</summary>
internal static class Clock
{
    /// <summary>Now, in nanoseconds.</summary>
    public static long Now => Stopwatch.GetTimestamp() * (1_000_000_000 / Stopwatch.Frequency);
}
