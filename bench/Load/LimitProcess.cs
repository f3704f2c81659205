using System.Diagnostics;
using Discord.Load.Engine;
using Discord.Load.Measure;

namespace Discord.Load;

/// <summary>The limit server as a child process, so that its CPU is counted apart. It ends with this process, whatever ends that.</summary>
internal sealed class LimitProcess : IDisposable
{
    private readonly Process _process;

    private LimitProcess(Process process, Uri url) => (_process, Url) = (process, url);

    /// <summary>Where it listens.</summary>
    public Uri Url { get; }

    /// <summary>Its process.</summary>
    public int Pid => _process.Id;

    /// <summary>Starts it with messages and pages as large as the figures of the server under measurement say.</summary>
    /// <exception cref="LoadException">It did not start.</exception>
    public static LimitProcess Start(Figures measured)
    {
        string dll = typeof(Limit.LimitServer).Assembly.Location;
        // The very runtime that runs this process, where it was started through one.
        string? host = Environment.ProcessPath;
        var start = new ProcessStartInfo(Path.GetFileNameWithoutExtension(host) == "dotnet" ? host! : "dotnet")
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            ArgumentList = { dll, "--port", "0", "--until-stdin-closes" },
        };
        Add("--event-bytes", measured.Find("event_bytes"), 16_384);
        Add("--history-bytes", measured.Find("answer_bytes"), 1_048_576);
        Process? process = null;
        try
        {
            process = Process.Start(start)!;
            string? line = process.StandardOutput.ReadLine();
            int at = line?.IndexOf("http://", StringComparison.Ordinal) ?? -1;
            if (at >= 0) return new LimitProcess(process, new Uri(line![at..]));
            throw new LoadException($"The limit server did not start: {line ?? "it said nothing"}");
        }
        catch (System.ComponentModel.Win32Exception e)
        {
            throw new LoadException($"The limit server cannot be started with 'dotnet {dll}': {e.Message}", e);
        }

        void Add(string option, double? value, int most)
        {
            if (value is not { } bytes) return;
            start.ArgumentList.Add(option);
            start.ArgumentList.Add(Math.Clamp((int)Math.Round(bytes), 2, most).ToString());
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _process.StandardInput.Close();
        if (!_process.WaitForExit(5000)) _process.Kill();
        _process.Dispose();
    }
}
