using System.Diagnostics.Metrics;
using System.Globalization;
using System.Text;

namespace Discord.Node.Ops.Metrics;

/// <summary>One time series: an instrument with one set of labels. Thread-safe; recording neither locks nor allocates.</summary>
internal sealed class MetricSeries(KeyValuePair<string, object?>[] tags, double[]? bounds)
{
    private readonly long[] _buckets = bounds is null ? [] : new long[bounds.Length + 1];
    private double _value;
    private long _count;

    public KeyValuePair<string, object?>[] Tags { get; } = tags;

    /// <summary>The labels as Prometheus writes them between braces; empty without labels.</summary>
    public string Labels { get; } = PrometheusText.Labels(tags);

    public void Add(double amount)
    {
        var seen = Volatile.Read(ref _value);
        while (true)
        {
            var before = Interlocked.CompareExchange(ref _value, seen + amount, seen);
            if (before.Equals(seen))
                return;
            seen = before;
        }
    }

    public void Set(double value) => Volatile.Write(ref _value, value);

    public void Observe(double value)
    {
        var bucket = Array.BinarySearch(bounds!, value);
        Interlocked.Increment(ref _buckets[bucket < 0 ? ~bucket : bucket]);
        Interlocked.Increment(ref _count);
        Add(value);
    }

    public void Write(StringBuilder text, string name)
    {
        if (bounds is null)
        {
            Line(text, name, "", Labels, Volatile.Read(ref _value));
            return;
        }
        var cumulative = 0L;
        for (var i = 0; i < _buckets.Length; i++)
        {
            cumulative += Volatile.Read(ref _buckets[i]);
            var bound = i < bounds.Length ? bounds[i].ToString("R", CultureInfo.InvariantCulture) : "+Inf";
            Line(text, name, "_bucket", Labels.Length == 0 ? $"le=\"{bound}\"" : $"{Labels},le=\"{bound}\"", cumulative);
        }
        Line(text, name, "_sum", Labels, Volatile.Read(ref _value));
        // The last bucket, not _count: a reader checks that they agree, and a sample may land in between.
        Line(text, name, "_count", Labels, cumulative);
    }

    private static void Line(StringBuilder text, string name, string suffix, string labels, double value)
    {
        text.Append(name).Append(suffix);
        if (labels.Length > 0)
            text.Append('{').Append(labels).Append('}');
        text.Append(' ').Append(value.ToString("R", CultureInfo.InvariantCulture)).Append('\n');
    }
}

/// <summary>One instrument and its series, of which there are at most <see cref="MaxSeries"/>.</summary>
internal sealed class MetricInstrument
{
    /// <summary>Series of one instrument. Label sets beyond it are summed up in one series labelled <c>otel_metric_overflow</c>.</summary>
    public const int MaxSeries = 1000;

    private static readonly double[] DefaultBounds = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];
    private static readonly KeyValuePair<string, object?>[] OverflowTags = [KeyValuePair.Create("otel_metric_overflow", (object?)"true")];

    private readonly Lock _gate = new();
    private readonly double[]? _bounds;

    // Replaced whole when a series is added: readers look into it without a lock.
    private volatile Dictionary<int, MetricSeries[]> _series = [];
    private MetricSeries? _plain;
    private MetricSeries? _overflow;
    private int _count;

    public MetricInstrument(Instrument instrument)
    {
        Instrument = instrument;
        var type = instrument.GetType().GetGenericTypeDefinition();
        IsHistogram = type == typeof(Histogram<>);
        IsObservable = instrument.IsObservable;
        IsCounter = type == typeof(Counter<>) || type == typeof(ObservableCounter<>);
        IsGauge = type == typeof(Gauge<>);
        if (IsHistogram)
            _bounds = Bounds(instrument);
        Name = PrometheusText.Name(instrument, IsCounter);
    }

    public Instrument Instrument { get; }

    public string Name { get; }

    public bool IsHistogram { get; }

    public bool IsObservable { get; }

    public bool IsCounter { get; }

    public bool IsGauge { get; }

    public void Record(double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var series = Find(tags);
        if (IsHistogram)
            series.Observe(value);
        else if (IsObservable || IsGauge)
            series.Set(value);
        else
            series.Add(value);
    }

    public void Write(StringBuilder text)
    {
        if (_count == 0)
            return;
        if (!string.IsNullOrEmpty(Instrument.Description))
            text.Append("# HELP ").Append(Name).Append(' ').Append(PrometheusText.Help(Instrument.Description)).Append('\n');
        text.Append("# TYPE ").Append(Name).Append(IsHistogram ? " histogram\n" : IsCounter ? " counter\n" : " gauge\n");
        _plain?.Write(text, Name);
        foreach (var bucket in _series.Values)
        {
            foreach (var series in bucket)
                series.Write(text, Name);
        }
        _overflow?.Write(text, Name);
    }

    private MetricSeries Find(ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        if (tags.IsEmpty)
            return _plain ?? Plain();
        var hash = Hash(tags);
        if (_series.TryGetValue(hash, out var candidates))
        {
            foreach (var series in candidates)
            {
                if (Same(series.Tags, tags))
                    return series;
            }
        }
        return Create(hash, tags);
    }

    private MetricSeries Plain()
    {
        lock (_gate)
        {
            _count += _plain is null ? 1 : 0;
            return _plain ??= new MetricSeries([], _bounds);
        }
    }

    private MetricSeries Create(int hash, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        lock (_gate)
        {
            var known = _series.GetValueOrDefault(hash, []);
            foreach (var series in known)
            {
                if (Same(series.Tags, tags))
                    return series;
            }
            if (_count >= MaxSeries)
                return _overflow ??= new MetricSeries(OverflowTags, _bounds);
            var created = new MetricSeries(tags.ToArray(), _bounds);
            _series = new Dictionary<int, MetricSeries[]>(_series) { [hash] = [.. known, created] };
            _count++;
            return created;
        }
    }

    private static int Hash(ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var hash = default(HashCode);
        foreach (var (key, value) in tags)
        {
            hash.Add(key);
            hash.Add(value);
        }
        return hash.ToHashCode();
    }

    private static bool Same(KeyValuePair<string, object?>[] left, ReadOnlySpan<KeyValuePair<string, object?>> right)
    {
        if (left.Length != right.Length)
            return false;
        for (var i = 0; i < left.Length; i++)
        {
            if (left[i].Key != right[i].Key || !Equals(left[i].Value, right[i].Value))
                return false;
        }
        return true;
    }

    private static double[] Bounds(Instrument instrument) => instrument switch
    {
        Instrument<double> { Advice.HistogramBucketBoundaries: { } advised } => [.. advised],
        Instrument<float> { Advice.HistogramBucketBoundaries: { } advised } => [.. advised.Select(b => (double)b)],
        Instrument<long> { Advice.HistogramBucketBoundaries: { } advised } => [.. advised.Select(b => (double)b)],
        Instrument<int> { Advice.HistogramBucketBoundaries: { } advised } => [.. advised.Select(b => (double)b)],
        _ => DefaultBounds,
    };
}
