using System.Diagnostics;
using System.Diagnostics.Metrics;
using Discord.Cql.Errors;

namespace Discord.Cql;

/// <summary>
/// The driver's counters, published by the meter <see cref="MeterName"/> under OpenTelemetry's names for database clients where it has one.
/// Safe to use from any thread.
/// </summary>
public sealed class CqlMetrics : IDisposable
{
    /// <summary>The name of the meter and of the activity source, for OpenTelemetry.</summary>
    public const string MeterName = "Discord.Cql";

    internal static readonly ActivitySource Activities = new(MeterName);

    private static readonly InstrumentAdvice<double> s_seconds = new()
    {
        HistogramBucketBoundaries = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
    };

    private readonly Meter _meter = new(MeterName);
    private readonly Histogram<double> _duration;
    private readonly Counter<long> _errors;
    private readonly Counter<long> _retries;
    private readonly Counter<long> _timeouts;
    private readonly Counter<long> _speculations;
    private readonly Counter<long> _reprepares;

    internal CqlMetrics(Func<int> connections, Func<int> inFlight, Func<int> hostsUp)
    {
        _duration = _meter.CreateHistogram("db.client.operation.duration", "s", "Duration of requests, retries included.", null, s_seconds);
        _errors = _meter.CreateCounter<long>("db.client.operation.errors", "{error}", "Requests that failed, by type.");
        _retries = _meter.CreateCounter<long>("cql.client.retries", "{request}", "Requests that were sent again.");
        _timeouts = _meter.CreateCounter<long>("cql.client.timeouts", "{request}", "Requests given up on one connection.");
        _speculations = _meter.CreateCounter<long>(
            "cql.client.speculations", "{request}", "Requests that were sent to another host as well.");
        _reprepares = _meter.CreateCounter<long>("cql.client.reprepares", "{statement}", "Statements that a host had forgotten.");
        _meter.CreateObservableUpDownCounter("db.client.connection.count", connections, "{connection}", "Open connections.");
        _meter.CreateObservableUpDownCounter(
            "cql.client.in_flight", inFlight, "{request}", "Requests in flight, given up ones among them.");
        _meter.CreateObservableUpDownCounter("cql.client.hosts", hostsUp, "{host}", "Hosts with an open connection.");
    }

    /// <inheritdoc/>
    public void Dispose() => _meter.Dispose();

    internal bool Measures => _duration.Enabled;

    internal void RequestDone(long started)
    {
        if (!_duration.Enabled) return;
        _duration.Record(Stopwatch.GetElapsedTime(started).TotalSeconds, new KeyValuePair<string, object?>("db.system", "cassandra"));
    }

    internal void RequestFailed(Exception reason)
    {
        var type = reason is CqlServerException server ? server.Code.ToString() : reason.GetType().Name;
        _errors.Add(1, new KeyValuePair<string, object?>("error.type", type));
    }

    internal void RequestTimedOut(int count) => _timeouts.Add(count);

    internal void RequestRetried() => _retries.Add(1);

    internal void RequestSpeculated() => _speculations.Add(1);

    internal void StatementReprepared() => _reprepares.Add(1);
}
