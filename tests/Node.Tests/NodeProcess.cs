using System.Diagnostics;
using Discord.Node.Composition;

namespace Discord.Node.Tests;

/// <summary>The node as a process of its own, its output and errors to be read.</summary>
internal static class NodeProcess
{
    public static Process Start(params string[] arguments) => Start(arguments, []);

    public static Process Start(string[] arguments, params (string Name, string Value)[] environment)
    {
        var start = new ProcessStartInfo("dotnet", [typeof(NodeHost).Assembly.Location, .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (name, value) in environment)
            start.Environment[name] = value;
        return Process.Start(start)!;
    }

    /// <summary>Sends SIGTERM.</summary>
    public static async Task TerminateAsync(Process process)
    {
        using var kill = Process.Start("kill", ["-TERM", process.Id.ToString()]);
        await kill.WaitForExitAsync();
    }
}
