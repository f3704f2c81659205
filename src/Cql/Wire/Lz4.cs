using System.Buffers;
using System.Buffers.Binary;
using Discord.Cql.Errors;
using K4os.Compression.LZ4;

namespace Discord.Cql.Wire;

/// <summary>Compressed bodies: an int with the length of what was compressed, then one LZ4 block. Native protocol v4, section 5.</summary>
internal static class Lz4
{
    // Below it a body seldom becomes smaller by more than its length's four bytes.
    private const int Worthwhile = 512;

    /// <summary>Compresses what was written from <paramref name="start"/> on, if that makes it smaller.</summary>
    public static bool TryCompress(ref WireWriter writer, int start)
    {
        var length = writer.Length - start;
        if (length < Worthwhile) return false;
        var compressed = ArrayPool<byte>.Shared.Rent(length);
        try
        {
            var size = LZ4Codec.Encode(writer.Written[start..], compressed.AsSpan(0, length - 4));
            if (size <= 0) return false;
            writer.Truncate(start);
            writer.Int(length);
            writer.Raw(compressed.AsSpan(0, size));
            return true;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(compressed);
        }
    }

    /// <summary>The body as it was, in a rented array.</summary>
    /// <exception cref="CqlProtocolException">It is no LZ4, or longer than <paramref name="max"/>.</exception>
    public static byte[] Decompress(ReadOnlySpan<byte> body, int max, out int length)
    {
        if (body.Length < 4) throw new CqlProtocolException("a compressed body has no length");
        length = BinaryPrimitives.ReadInt32BigEndian(body);
        if ((uint)length > (uint)max) throw new CqlProtocolException($"a body of {(uint)length} bytes was announced; the limit is {max}");
        var plain = ArrayPool<byte>.Shared.Rent(length);
        if (length == 0 || LZ4Codec.Decode(body[4..], plain.AsSpan(0, length)) == length) return plain;
        ArrayPool<byte>.Shared.Return(plain);
        throw new CqlProtocolException("a compressed body is damaged");
    }
}
