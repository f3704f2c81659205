using Discord.Load.Measure;
using FsCheck;
using FsCheck.Fluent;

namespace Discord.Load.Tests;

public class HistogramTests
{
    [Fact]
    public void Percentile_of_any_values_is_within_one_percent_of_the_exact_one()
    {
        // Every order of magnitude up to 2^40 alike.
        var values = Gen.Choose(0, 40)
            .SelectMany(bits => Gen.Choose(0, int.MaxValue).Select(n => bits < 31 ? n >> (31 - bits) : (long)n << (bits - 31)))
            .NonEmptyListOf().ToArbitrary();
        Prop.ForAll(values, list =>
        {
            var histogram = new Histogram();
            foreach (long value in list) histogram.Record(value);
            long[] sorted = [.. list.Select(v => Math.Min(v, (1L << 40) - 1)).Order()];
            foreach (double share in new[] { 0.01, 0.5, 0.9, 0.99, 1 })
            {
                long exact = sorted[Math.Max(0, (int)Math.Ceiling(share * sorted.Length) - 1)];
                long told = histogram.Percentile(share);
                if (told < exact || told > exact * 1.01) return false;
            }
            return histogram.Count == sorted.Length && histogram.Max == sorted[^1];
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void Values_below_256_are_exact()
    {
        for (int value = 0; value < 256; value++)
        {
            var histogram = new Histogram();
            histogram.Record(value);
            histogram.Record(1000);
            Assert.Equal(value, histogram.Percentile(0.5));
        }
    }

    [Fact]
    public void Sum_of_histograms_is_the_histogram_of_all_values()
    {
        var (a, b, all) = (new Histogram(), new Histogram(), new Histogram());
        for (int i = 0; i < 1000; i++)
        {
            (i % 3 == 0 ? a : b).Record(i * 7919L);
            all.Record(i * 7919L);
        }
        a.Add(b);
        Assert.Equal(all.Count, a.Count);
        Assert.Equal(all.Max, a.Max);
        for (double share = 0; share <= 1; share += 0.05) Assert.Equal(all.Percentile(share), a.Percentile(share));
    }

    [Fact]
    public void Value_recorded_many_times_counts_as_often()
    {
        var histogram = new Histogram();
        histogram.Record(10, 99);
        histogram.Record(200);
        Assert.Equal(10, histogram.Percentile(0.99));
        Assert.Equal(200, histogram.Percentile(1));
    }

    [Fact]
    public void Cleared_histogram_is_empty()
    {
        var histogram = new Histogram();
        histogram.Record(5);
        histogram.Clear();
        Assert.Equal((0, 0, 0), (histogram.Count, histogram.Max, histogram.Percentile(0.5)));
    }

    [Fact]
    public void Value_out_of_range_counts_at_the_border()
    {
        var histogram = new Histogram();
        histogram.Record(-1);
        histogram.Record(long.MaxValue);
        Assert.Equal(0, histogram.Percentile(0.5));
        Assert.Equal((1L << 40) - 1, histogram.Max);
    }
}
