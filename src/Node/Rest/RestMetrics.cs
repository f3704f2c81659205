using System.Diagnostics.Metrics;

namespace Discord.Node.Rest;

/// <summary>What the REST API measures. Labels are bounded: a route's template, never a path, and the status.</summary>
internal static class RestMetrics
{
    public const string MeterName = "Discord.Node.Rest";

    private static readonly Meter Meter = new(MeterName);

    private static readonly Counter<long> Requests =
        Meter.CreateCounter<long>("discord.rest.requests", "{request}", "Requests answered, by route and status.");

    private static readonly Histogram<double> Duration = Meter.CreateHistogram(
        "discord.rest.request.duration", "s", "Time from the request's headers to its answer, by route.",
        advice: new InstrumentAdvice<double>
        {
            HistogramBucketBoundaries = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5],
        });

    private static readonly object[] Statuses = [.. Enumerable.Range(0, 600).Select(status => (object)status)];

    public static void Record(RestRoute? route, int status, TimeSpan elapsed)
    {
        if (!Requests.Enabled && !Duration.Enabled)
            return;
        var template = KeyValuePair.Create("http.route", (object?)(route?.Label ?? "unknown"));
        Requests.Add(1, template, KeyValuePair.Create("http.response.status_code", (object?)Statuses[status < 600 ? status : 0]));
        Duration.Record(elapsed.TotalSeconds, template);
    }
}
