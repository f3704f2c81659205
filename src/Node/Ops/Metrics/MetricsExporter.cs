using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Text;
using Discord.Node.Logging;

namespace Discord.Node.Ops.Metrics;

/// <summary>
/// Collects the instruments of the meters it is told to and writes them as Prometheus text. Thread-safe. Label sets are bounded, see
/// <see cref="MetricInstrument.MaxSeries"/>.
/// </summary>
internal sealed class MetricsExporter : IDisposable
{
    private readonly MeterListener _listener = new();
    private readonly ConcurrentDictionary<Instrument, MetricInstrument> _instruments = new();

    // Observable instruments are asked by one scrape at a time.
    private readonly Lock _scrape = new();

    private readonly ILogger _log;

    /// <param name="accept">Chooses meters by their name.</param>
    /// <param name="log">Where instruments that cannot be read are told.</param>
    public MetricsExporter(Func<string, bool> accept, ILogger log)
    {
        _log = log;
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (accept(instrument.Meter.Name))
                listener.EnableMeasurementEvents(instrument, _instruments.GetOrAdd(instrument, static i => new MetricInstrument(i)));
        };
        _listener.MeasurementsCompleted = (instrument, _) => _instruments.TryRemove(instrument, out var _);
        _listener.SetMeasurementEventCallback<long>(static (_, value, tags, state) => ((MetricInstrument)state!).Record(value, tags));
        _listener.SetMeasurementEventCallback<int>(static (_, value, tags, state) => ((MetricInstrument)state!).Record(value, tags));
        _listener.SetMeasurementEventCallback<double>(static (_, value, tags, state) => ((MetricInstrument)state!).Record(value, tags));
        _listener.SetMeasurementEventCallback<float>(static (_, value, tags, state) => ((MetricInstrument)state!).Record(value, tags));
        _listener.SetMeasurementEventCallback<short>(static (_, value, tags, state) => ((MetricInstrument)state!).Record(value, tags));
        _listener.SetMeasurementEventCallback<byte>(static (_, value, tags, state) => ((MetricInstrument)state!).Record(value, tags));
        _listener.SetMeasurementEventCallback<decimal>(
            static (_, value, tags, state) => ((MetricInstrument)state!).Record((double)value, tags));
        _listener.Start();
    }

    /// <summary>
    /// The meters that a node exports: its own, and those of .NET that say something about the process and its connections.
    /// </summary>
    public static bool NodeMeters(string name) =>
        name.StartsWith("Discord.", StringComparison.Ordinal) || name is "System.Runtime" or "Microsoft.AspNetCore.Server.Kestrel";

    /// <summary>All series as Prometheus text.</summary>
    public string Scrape()
    {
        lock (_scrape)
        {
            try
            {
                _listener.RecordObservableInstruments();
            }
            catch (AggregateException faults)
            {
                // All others were asked nevertheless; these keep what they said last.
                NodeLog.InstrumentFailed(_log, faults);
            }
            var text = new StringBuilder(16 * 1024);
            // A name may be shared by instruments of two meters of the same name; the format wants it once.
            foreach (var instrument in _instruments.Values.DistinctBy(i => i.Name).OrderBy(i => i.Name, StringComparer.Ordinal))
                instrument.Write(text);
            return text.ToString();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _listener.Dispose();
}
