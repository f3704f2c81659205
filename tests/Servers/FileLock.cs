using System.Diagnostics;

namespace Discord.Servers;

/// <summary>
/// An exclusive lock of all processes, by flock(2): a shell script takes the same. It ends with this process, however that ends: a child of
/// it holds the lock until its standard input is closed.
/// </summary>
internal sealed class FileLock : IDisposable
{
    private readonly Process _holder;

    private FileLock(Process holder) => _holder = holder;

    /// <summary>Waits until the lock is free, and takes it.</summary>
    /// <exception cref="TimeoutException">It was not free within <paramref name="limit"/>.</exception>
    public static async Task<FileLock> TakeAsync(string path, TimeSpan limit)
    {
        var taken = new FileLock(Process.Start(new ProcessStartInfo("flock", [path, "-c", "echo taken; exec cat"])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        })!);
        try
        {
            if (await taken._holder.StandardOutput.ReadLineAsync().WaitAsync(limit) is null)
                throw new InvalidOperationException($"flock on {path} ended without the lock");
            return taken;
        }
        catch
        {
            taken._holder.Kill(entireProcessTree: true);
            taken._holder.Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        _holder.StandardInput.Close();
        _holder.WaitForExit();
        _holder.Dispose();
    }
}
