using System.Diagnostics;
using System.Diagnostics.Metrics;
using Discord.Protocol;
using Discord.Storage;
using Discord.Storage.DataService;

namespace Discord.Micro;

/// <summary>
/// One page of one channel and 10,000 readers at the same time, from a real store. In waves: all ask at once, and the next wave begins when
/// the last reader has its answer. Without a pause: each asks again when it has its answer, while the channel is written every 5 ms.
/// </summary>
internal static class HotChannel
{
    private const int Readers = 10_000;
    private const int Waves = 20;

    // A wave without any of it takes seconds on two cores.
    private const int WavesWithoutCoalescing = 3;
    private static readonly TimeSpan s_duration = TimeSpan.FromSeconds(5);

    private static readonly (string Name, DataServiceOptions Options)[] s_services =
    [
        ("memory, coalescing", new DataServiceOptions()),
        ("coalescing alone", new DataServiceOptions { CacheBytes = 0 }),
        ("neither", new DataServiceOptions { CacheBytes = 0, Coalesce = false }),
    ];

    private static readonly (string Name, Reading Reading)[] s_pages =
    [
        ("the newest 50", new(MessagePage.Latest(50), [])),
        ("50 old ones", new(MessagePage.Before(HotWorld.IdOf(2_500), 50), [])),
        ("old, reactions", new(MessagePage.Before(HotWorld.IdOf(2_500), 50), [.. Enumerable.Range(2_450, 50).Select(HotWorld.IdOf)])),
    ];

    public static async Task RunAsync()
    {
        await using var world = await HotWorld.CreateAsync();
        var queries = 0L;
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, self) =>
        {
            if (instrument.Meter.Name == StorageMetrics.MeterName && instrument.Name == "storage.cache.misses")
                self.EnableMeasurementEvents(instrument);
        };
        listener.SetMeasurementEventCallback<long>((_, value, _, _) => Interlocked.Add(ref queries, value));
        listener.Start();
        var written = HotWorld.Messages;

        Console.WriteLine($"{Readers:N0} readers of one page at once; cold: nothing is in memory when a wave begins");
        Console.WriteLine($"{"page",-16}{"",-22}{"queries a wave",16}{"p50 ms",10}{"p99 ms",10}{"max ms",10}");
        foreach (var (pageName, reading) in s_pages)
        {
            foreach (var (name, options) in s_services)
            {
                var store = await ServiceAsync(options);
                var waves = options.Coalesce ? Waves : WavesWithoutCoalescing;
                if (options.CacheBytes > 0) await WavesAsync(pageName, $"{name}, warm", reading, waves, () => Task.FromResult(store));
                await WavesAsync(pageName, $"{name}, cold", reading, waves, () => ServiceAsync(options));
            }
        }

        Console.WriteLine();
        Console.WriteLine($"{Readers:N0} readers without a pause for {s_duration.TotalSeconds:N0} s, a write every 5 ms");
        Console.WriteLine($"{"page",-16}{"",-22}{"reads/s",16}{"queries in 50 ms",18}{"p50 ms",10}{"p99 ms",10}{"max ms",10}");
        foreach (var (pageName, reading) in s_pages)
        {
            foreach (var (name, options) in s_services)
                await SustainedAsync(pageName, name, reading, await ServiceAsync(options));
        }

        async Task<IMessageStore> ServiceAsync(DataServiceOptions options) =>
            (await DataServiceStorage.OpenAsync(world.Sqlite, options)).Messages;

        async Task WavesAsync(string pageName, string name, Reading reading, int waves, Func<Task<IMessageStore>> service)
        {
            List<double> times = [];
            for (var wave = -1; wave < waves; wave++)
            {
                var store = await service();
                if (wave == 0) Interlocked.Exchange(ref queries, 0);
                var answers = await Task.WhenAll(Enumerable.Range(0, Readers).Select(_ => TimedAsync(store, reading)));
                if (wave >= 0) times.AddRange(answers);
            }
            times.Sort();
            Console.WriteLine(
                $"{pageName,-16}{name,-24}{(double)queries / waves,14:N2}{At(times, 0.5),10:N3}{At(times, 0.99),10:N3}{times[^1],10:N3}");
        }

        async Task SustainedAsync(string pageName, string name, Reading reading, IMessageStore store)
        {
            using var end = new CancellationTokenSource();
            List<double> times = [];
            Interlocked.Exchange(ref queries, 0);
            var started = Stopwatch.GetTimestamp();
            end.CancelAfter(s_duration);
            var writer = Task.Run(async () =>
            {
                using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(5));
                while (!end.IsCancellationRequested)
                {
                    await timer.WaitForNextTickAsync();
                    await store.AppendAsync(HotWorld.Row(HotWorld.Channel, HotWorld.IdOf(written++)));
                }
            });
            var reads = await Task.WhenAll(Enumerable.Range(0, Readers).Select(reader => Task.Run(async () =>
            {
                var count = 0L;
                while (!end.IsCancellationRequested)
                {
                    var time = await TimedAsync(store, reading);
                    // A sample is enough, and does not stand in the readers' way.
                    if (count++ % 64 == reader % 64)
                    {
                        lock (times) times.Add(time);
                    }
                    await Task.Yield();
                }
                return count;
            })));
            await writer;
            var elapsed = Stopwatch.GetElapsedTime(started);
            times.Sort();
            Console.WriteLine(
                $"{pageName,-16}{name,-22}{reads.Sum() / elapsed.TotalSeconds,16:N0}{queries / (elapsed.TotalMilliseconds / 50),18:N2}"
                + $"{At(times, 0.5),10:N3}{At(times, 0.99),10:N3}{times[^1],10:N3}");
        }
    }

    private static async Task<double> TimedAsync(IMessageStore store, Reading reading)
    {
        var asked = Stopwatch.GetTimestamp();
        await store.PageAsync(HotWorld.Channel, reading.Page).ConfigureAwait(false);
        if (reading.Reacted.Length > 0)
            await store.WhoReactedAsync(HotWorld.Channel, reading.Reacted, 20_000).ConfigureAwait(false);
        return Stopwatch.GetElapsedTime(asked).TotalMilliseconds;
    }

    /// <param name="Page">What is read.</param>
    /// <param name="Reacted">Messages in it whose reactions are read, too.</param>
    private sealed record Reading(MessagePage Page, Snowflake[] Reacted);

    private static double At(List<double> sorted, double share) => sorted[(int)(share * (sorted.Count - 1))];
}
