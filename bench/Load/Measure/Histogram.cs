using System.Numerics;

namespace Discord.Load.Measure;

/// <summary>
/// Counts durations in nanoseconds with a relative error below 1 %: exact below 256, then 128 equal steps for each doubling, up to about
/// 18 minutes. Not thread-safe: one per thread, added together at the end.
/// </summary>
internal sealed class Histogram
{
    private const int StepBits = 7;
    private const int Steps = 1 << StepBits;
    private const int MaxBits = 40;

    // Values below 2 * Steps have a slot each; each of the further doublings has Steps slots.
    private readonly long[] _counts = new long[Steps * (MaxBits - StepBits + 1)];

    /// <summary>Values recorded.</summary>
    public long Count { get; private set; }

    /// <summary>The largest value recorded, exactly.</summary>
    public long Max { get; private set; }

    /// <summary>Records a value, several times over.</summary>
    public void Record(long nanoseconds, long times = 1)
    {
        long value = Math.Clamp(nanoseconds, 0, (1L << MaxBits) - 1);
        _counts[SlotOf(value)] += times;
        Count += times;
        if (value > Max) Max = value;
    }

    /// <summary>The value that a share of all values does not exceed; 0 when nothing was recorded.</summary>
    /// <param name="share">0 to 1.</param>
    public long Percentile(double share)
    {
        if (Count == 0) return 0;
        long wanted = Math.Max(1, (long)Math.Ceiling(share * Count));
        long seen = 0;
        for (int slot = 0; slot < _counts.Length; slot++)
        {
            seen += _counts[slot];
            if (seen >= wanted) return Math.Min(HighestIn(slot), Max);
        }
        return Max;
    }

    /// <summary>Adds another histogram's values.</summary>
    public void Add(Histogram other)
    {
        for (int slot = 0; slot < _counts.Length; slot++) _counts[slot] += other._counts[slot];
        Count += other.Count;
        Max = Math.Max(Max, other.Max);
    }

    /// <summary>Forgets everything.</summary>
    public void Clear()
    {
        Array.Clear(_counts);
        Count = 0;
        Max = 0;
    }

    private static int SlotOf(long value)
    {
        int shift = Math.Max(BitOperations.Log2((ulong)value) - StepBits, 0);
        return (shift << StepBits) + (int)(value >> shift);
    }

    private static long HighestIn(int slot)
    {
        int shift = Math.Max((slot >> StepBits) - 1, 0);
        long step = slot - ((long)shift << StepBits);
        return ((step + 1) << shift) - 1;
    }
}
