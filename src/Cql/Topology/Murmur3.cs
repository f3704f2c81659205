using System.Buffers.Binary;
using System.Numerics;

namespace Discord.Cql.Topology;

/// <summary>
/// The token of a partition's key, as Cassandra's Murmur3Partitioner computes it: the first half of MurmurHash3 x64 128, with the fault
/// that bytes of the tail are taken as signed. The smallest token is not used by keys.
/// </summary>
internal static class Murmur3
{
    private const ulong C1 = 0x87c37b91114253d5;
    private const ulong C2 = 0x4cf5ad432745937f;

    public static long Token(ReadOnlySpan<byte> key)
    {
        ulong h1 = 0, h2 = 0;
        var rest = key;
        while (rest.Length >= 16)
        {
            h1 ^= Mix1(BinaryPrimitives.ReadUInt64LittleEndian(rest));
            h1 = (BitOperations.RotateLeft(h1, 27) + h2) * 5 + 0x52dce729;
            h2 ^= Mix2(BinaryPrimitives.ReadUInt64LittleEndian(rest[8..]));
            h2 = (BitOperations.RotateLeft(h2, 31) + h1) * 5 + 0x38495ab5;
            rest = rest[16..];
        }
        ulong k1 = 0, k2 = 0;
        for (var i = rest.Length - 1; i >= 8; i--) k2 ^= Signed(rest[i]) << ((i - 8) * 8);
        if (rest.Length > 8) h2 ^= Mix2(k2);
        for (var i = Math.Min(rest.Length, 8) - 1; i >= 0; i--) k1 ^= Signed(rest[i]) << (i * 8);
        if (rest.Length > 0) h1 ^= Mix1(k1);

        h1 ^= (ulong)key.Length;
        h2 ^= (ulong)key.Length;
        h1 += h2;
        h2 += h1;
        h1 = Finish(h1) + Finish(h2);
        var token = (long)h1;
        return token == long.MinValue ? long.MaxValue : token;
    }

    private static ulong Signed(byte value) => (ulong)(sbyte)value;

    private static ulong Mix1(ulong k) => BitOperations.RotateLeft(k * C1, 31) * C2;

    private static ulong Mix2(ulong k) => BitOperations.RotateLeft(k * C2, 33) * C1;

    private static ulong Finish(ulong h)
    {
        h = (h ^ (h >> 33)) * 0xff51afd7ed558ccd;
        h = (h ^ (h >> 33)) * 0xc4ceb9fe1a85ec53;
        return h ^ (h >> 33);
    }
}
