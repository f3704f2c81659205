using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace Discord;

/// <summary>
/// Keeps the process of a long test run alive for a moment after its last result. The runner (xunit.runner.visualstudio 3.1.5) takes a
/// process for crashed when it has ended and its last message is older than 60 s, without reading what it wrote at its end: a run whose
/// last test takes longer than that would fail now and then.
/// </summary>
internal static class LingerAtExit
{
    private static readonly TimeSpan s_longRun = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan s_linger = TimeSpan.FromSeconds(1);

    [ModuleInitializer]
    internal static void Register()
    {
        var started = Stopwatch.GetTimestamp();
        AppDomain.CurrentDomain.ProcessExit += (_, _) =>
        {
            if (Stopwatch.GetElapsedTime(started) > s_longRun) Thread.Sleep(s_linger);
        };
    }
}
