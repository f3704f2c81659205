using System.ComponentModel;
using System.Diagnostics;
using System.Security.Cryptography;

namespace Discord.Clients.Kit;

/// <summary>
/// The client libraries, installed once from the lock file into this project's own folder. Nothing is installed again while the lock file
/// is the same.
/// </summary>
public sealed class Npm : IAsyncLifetime
{
    private static readonly TimeSpan InstallLimit = TimeSpan.FromMinutes(3);

    /// <summary>Why the tests cannot run here, in words; null when they can.</summary>
    public string? Missing { get; private set; }

    public async ValueTask InitializeAsync()
    {
        foreach (string tool in (string[])["node", "npm"])
        {
            if (!await ExistsAsync(tool))
            {
                Missing = $"{tool} was not found on this machine: the tests with discord.js and Eris need Node.js 18 or newer with npm.";
                return;
            }
        }
        string lockFile = Path.Combine(BuildPaths.Clients, "package-lock.json");
        string stamp = Path.Combine(BuildPaths.Clients, "node_modules", ".installed-from");
        string hash = Convert.ToHexString(SHA256.HashData(await File.ReadAllBytesAsync(lockFile)));
        if (File.Exists(stamp) && await File.ReadAllTextAsync(stamp) == hash)
            return;
        (int code, string output) = await RunAsync("npm", ["ci", "--no-audit", "--no-fund", "--ignore-scripts"], InstallLimit);
        if (code != 0)
            throw new InvalidOperationException($"npm ci in {BuildPaths.Clients} ended with code {code}:\n{output}");
        await File.WriteAllTextAsync(stamp, hash);
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    /// <summary>Skips the running test, saying why, where Node.js or npm is missing.</summary>
    public void Require() => Assert.SkipWhen(Missing is not null, Missing ?? "");

    private static async Task<bool> ExistsAsync(string tool)
    {
        try
        {
            return (await RunAsync(tool, ["--version"], NodeProcess.Patience)).Code == 0;
        }
        catch (Win32Exception)
        {
            return false;
        }
    }

    private static async Task<(int Code, string Output)> RunAsync(string file, string[] arguments, TimeSpan limit)
    {
        using Process process = Process.Start(new ProcessStartInfo(file, arguments)
        {
            WorkingDirectory = BuildPaths.Clients,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        Task<string> error = process.StandardError.ReadToEndAsync();
        try
        {
            await process.WaitForExitAsync().WaitAsync(limit);
        }
        catch (TimeoutException)
        {
            process.Kill(entireProcessTree: true);
            throw new TimeoutException($"{file} {string.Join(' ', arguments)} did not end within {limit.TotalSeconds:0} s.");
        }
        return (process.ExitCode, await output + await error);
    }
}
