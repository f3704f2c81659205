using System.Runtime.InteropServices;

namespace Discord.Node.Composition;

/// <summary>
/// The file descriptors that the process may have open (<c>RLIMIT_NOFILE</c>). Connections that took the last one would take it from the stores,
/// and a server that cannot accept spins: so the node takes fewer connections than that, and closes those beyond at once.
/// </summary>
internal static partial class Descriptors
{
    // Runtime, databases, journals, listeners, and blobs and uploads under way.
    private const int Least = 128, Most = 1024;

    private const int OnLinux = 7, OnMacOS = 8;

    /// <summary>The limit; <see cref="int.MaxValue"/> where there is none.</summary>
    public static int Limit { get; } = Read();

    /// <summary>How many of the connections that are <paramref name="wanted"/> there is room for.</summary>
    public static int Connections(int wanted) => Connections(wanted, Limit);

    internal static int Connections(int wanted, int limit) => Math.Min(wanted, Math.Max(1, limit - Math.Clamp(limit / 8, Least, Most)));

    // The runtime has raised the soft limit to the hard one before any of our code ran.
    private static int Read()
    {
        if (OperatingSystem.IsWindows() || GetLimit(OperatingSystem.IsMacOS() ? OnMacOS : OnLinux, out var limit) != 0)
            return int.MaxValue;
        return (int)Math.Min(limit.Soft, int.MaxValue);
    }

    private struct ResourceLimit
    {
        public ulong Soft;
        public ulong Hard;
    }

    [LibraryImport("libc", EntryPoint = "getrlimit")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int GetLimit(int resource, out ResourceLimit limit);
}
