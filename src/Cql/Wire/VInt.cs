using System.Numerics;

namespace Discord.Cql.Wire;

/// <summary>
/// Cassandra's variable-length integers: as many leading ones in the first byte as bytes follow it. Signed ones are zigzag-coded. Used by
/// durations and vectors.
/// </summary>
internal static class VInt
{
    public static void WriteUnsigned(ref WireWriter writer, ulong value)
    {
        var bits = 64 - BitOperations.LeadingZeroCount(value | 1);
        var extra = Math.Min(8, (bits - 1) / 7);
        var bytes = writer.Take(extra + 1);
        for (var i = extra; i > 0; i--)
        {
            bytes[i] = (byte)value;
            value >>= 8;
        }
        // A first byte of eight ones has no room for the value.
        bytes[0] = extra == 8 ? (byte)0xFF : (byte)((byte)~(0xFF >> extra) | (byte)value);
    }

    public static void WriteSigned(ref WireWriter writer, long value) => WriteUnsigned(ref writer, (ulong)((value << 1) ^ (value >> 63)));

    public static ulong ReadUnsigned(ref WireReader reader)
    {
        var first = reader.Byte();
        var extra = BitOperations.LeadingZeroCount((uint)(byte)~first) - 24;
        ulong value = extra >= 8 ? 0u : (byte)(first & (0xFF >> extra));
        foreach (var next in reader.Take(extra)) value = (value << 8) | next;
        return value;
    }

    public static long ReadSigned(ref WireReader reader)
    {
        var value = ReadUnsigned(ref reader);
        return (long)(value >> 1) ^ -(long)(value & 1);
    }
}
