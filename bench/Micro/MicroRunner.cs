using System.Diagnostics;
using System.Text.Json;

namespace Discord.Micro;

/// <summary>One thing to measure.</summary>
/// <param name="Name">What it is called on the command line.</param>
/// <param name="Unit">What is counted, such as "messages".</param>
/// <param name="Operations">How many operations one run does; chosen so that a run takes about a second.</param>
/// <param name="Run">Does that many operations and returns when all are done.</param>
/// <param name="Bytes">In place of allocation: measures bytes of heap that one operation leaves behind.</param>
internal sealed record MicroCase(string Name, string Unit, int Operations, Func<int, Task> Run, Func<int, Task<double>>? Bytes = null);

internal sealed record MicroResult(string Suite, string Case, string Unit, double PerSecond, double CpuMicroseconds, double Bytes);

/// <summary>Runs cases and prints rate, CPU time and bytes each. On a shared machine the CPU time is the figure to trust.</summary>
internal static class MicroRunner
{
    private const int Runs = 5;

    public static async Task Run(string suite, IEnumerable<MicroCase> cases, bool json)
    {
        if (!json) Console.WriteLine($"{suite,-24}{"per second",14}{"CPU µs each",14}{"B each",12}   best of {Runs} runs by rate");
        foreach (var each in cases)
        {
            // Tiered compilation needs calls and time before the code is what it will be.
            await each.Run(Math.Max(1, each.Operations / 10));
            await each.Run(Math.Max(1, each.Operations / 10));
            await Task.Delay(200);
            MicroResult? best = null;
            for (var run = 0; run < Runs; run++)
            {
                var result = await Measure(suite, each);
                if (best is null || result.PerSecond > best.PerSecond) best = result;
            }
            if (each.Bytes is not null) best = best! with { Bytes = await each.Bytes(each.Operations) };
            if (json) Console.WriteLine(JsonSerializer.Serialize(best, JsonSerializerOptions.Web));
            else Console.WriteLine($"{best!.Case,-24}{best.PerSecond,14:N0}{best.CpuMicroseconds,14:N3}{best.Bytes,12:N1}   {best.Unit}");
        }
    }

    private static async Task<MicroResult> Measure(string suite, MicroCase each)
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        var allocated = GC.GetTotalAllocatedBytes(precise: true);
        var cpu = Environment.CpuUsage.TotalTime;
        var start = Stopwatch.GetTimestamp();
        await each.Run(each.Operations);
        var time = Stopwatch.GetElapsedTime(start);
        cpu = Environment.CpuUsage.TotalTime - cpu;
        allocated = GC.GetTotalAllocatedBytes(precise: true) - allocated;
        return new MicroResult(
            suite, each.Name, each.Unit, each.Operations / time.TotalSeconds,
            cpu.TotalMicroseconds / each.Operations, (double)allocated / each.Operations);
    }
}
