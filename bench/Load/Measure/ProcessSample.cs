using System.Globalization;

namespace Discord.Load.Measure;

/// <summary>What a process had used at one moment, read from <c>/proc</c>.</summary>
/// <param name="CpuMicroseconds">User and system time of all its threads, in steps of a clock tick (10 ms).</param>
/// <param name="ResidentBytes">Resident memory (VmRSS).</param>
internal readonly record struct ProcessSample(long CpuMicroseconds, long ResidentBytes)
{
    // USER_HZ, the unit of /proc/PID/stat: 100 on every Linux that .NET runs on.
    private const long MicrosecondsPerTick = 10_000;

    /// <summary>Samples a process.</summary>
    /// <exception cref="IOException">There is no such process, or its figures cannot be read.</exception>
    public static ProcessSample Of(int pid)
    {
        try
        {
            string stat = File.ReadAllText($"/proc/{pid}/stat");
            // The name in parentheses may hold spaces; field 3 follows the last parenthesis, utime and stime are fields 14 and 15.
            string[] fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
            long ticks = Number(fields[11]) + Number(fields[12]);
            string resident = File.ReadLines($"/proc/{pid}/status").First(line => line.StartsWith("VmRSS:", StringComparison.Ordinal));
            long kib = Number(resident["VmRSS:".Length..].Replace("kB", "", StringComparison.Ordinal).Trim());
            return new ProcessSample(ticks * MicrosecondsPerTick, kib * 1024);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or FormatException or
            InvalidOperationException or IndexOutOfRangeException)
        {
            throw new IOException($"Process {pid} cannot be measured: it has ended, or /proc/{pid} is not readable ({e.Message}).", e);
        }
    }

    private static long Number(string text) => long.Parse(text, CultureInfo.InvariantCulture);
}

/// <summary>What both sides of a run had used at one moment.</summary>
/// <param name="Server">The server, null when its process was not named.</param>
/// <param name="LoadCpuMicroseconds">User and system time of the load generator itself.</param>
internal readonly record struct Usage(ProcessSample? Server, double LoadCpuMicroseconds)
{
    /// <summary>Samples both.</summary>
    /// <exception cref="IOException">The server's process cannot be measured.</exception>
    public static Usage Now(int? serverPid) => new(
        serverPid is { } pid ? ProcessSample.Of(pid) : null, Environment.CpuUsage.TotalTime.TotalMicroseconds);
}
