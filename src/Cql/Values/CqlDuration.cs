using System.Numerics;

namespace Discord.Cql;

/// <summary>A <c>duration</c>: three parts that are not convertible into each other. All of one sign.</summary>
public readonly record struct CqlDuration(int Months, int Days, long Nanoseconds);

/// <summary>A <c>decimal</c>: <paramref name="Unscaled"/> × 10^-<paramref name="Scale"/>, of any size.</summary>
public readonly record struct CqlDecimal(BigInteger Unscaled, int Scale)
{
    /// <summary>The same number; no digit is lost.</summary>
    public static CqlDecimal From(decimal value)
    {
        Span<int> bits = stackalloc int[4];
        decimal.GetBits(value, bits);
        var unscaled = (new BigInteger((uint)bits[2]) << 64) | (new BigInteger((uint)bits[1]) << 32) | (uint)bits[0];
        return new CqlDecimal(value < 0 ? -unscaled : unscaled, (bits[3] >> 16) & 0xFF);
    }

    /// <summary>The same number.</summary>
    /// <exception cref="OverflowException">It has more digits than a <see cref="decimal"/> holds.</exception>
    public decimal ToDecimal()
    {
        var (unscaled, scale) = (Unscaled, Scale);
        // The bound keeps a hostile scale from asking for a power of ten with a billion digits.
        if (scale is < -28 or > 1000) throw new OverflowException($"a scale of {scale} does not fit a decimal");
        if (scale < 0) return (decimal)(unscaled * BigInteger.Pow(10, -scale));
        while (scale > 28)
        {
            unscaled = BigInteger.DivRem(unscaled, 10, out var lost);
            if (!lost.IsZero) throw new OverflowException($"a scale of {Scale} does not fit a decimal");
            scale--;
        }
        var magnitude = BigInteger.Abs(unscaled);
        if (magnitude.GetBitLength() > 96) throw new OverflowException("the number does not fit a decimal");
        var mask = (BigInteger)uint.MaxValue;
        return new decimal(
            (int)(uint)(magnitude & mask),
            (int)(uint)((magnitude >> 32) & mask),
            (int)(uint)((magnitude >> 64) & mask),
            unscaled.Sign < 0,
            (byte)scale);
    }
}
