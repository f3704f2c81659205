using System.Runtime.InteropServices;

namespace Discord.Node.Composition;

/// <summary>
/// The file descriptors that the process may have open (<c>RLIMIT_NOFILE</c>). Connections that took the last one would take it from the
/// stores and from the runtime: so the node takes fewer connections than that.
/// </summary>
internal static partial class Descriptors
{
    // What the runtime keeps open (its libraries, about 200) with the operator's connections, and then for blobs and uploads under way.
    private const int Base = 384, MostFiles = 1024;

    private const int OnLinux = 7, OnMacOS = 8;

    /// <summary>The limit; <see cref="int.MaxValue"/> where there is none.</summary>
    public static int Limit { get; } = Read();

    /// <summary>How many of the connections that are <paramref name="wanted"/> there is room for.</summary>
    public static int Connections(int wanted) => Connections(wanted, Limit);

    internal static int Connections(int wanted, int limit) =>
        Math.Min(wanted, Math.Max(limit / 8, limit - Base - Math.Min(limit / 8, MostFiles)));

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
