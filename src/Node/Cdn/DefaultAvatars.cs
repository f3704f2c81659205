using System.Buffers.Binary;
using System.IO.Compression;
using System.IO.Hashing;

namespace Discord.Node.Cdn;

/// <summary>The avatars of accounts without one: six plain squares, made at first use.</summary>
internal static class DefaultAvatars
{
    public const int Count = 6;
    private const int Side = 128;

    private static readonly int[] Colours = [0x5865F2, 0x747F8D, 0x57F287, 0xFAA61A, 0xED4245, 0xEB459F];
    private static readonly byte[]?[] Made = new byte[]?[Count];

    public static byte[] Png(int number) => Made[number] ??= Draw(Colours[number]);

    // PNG: signature, IHDR (8-bit palette), PLTE with one colour, IDAT of zero indexes, IEND.
    private static byte[] Draw(int colour)
    {
        using MemoryStream png = new();
        png.Write([0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]);
        byte[] header = new byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, Side);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), Side);
        header[8] = 8;
        header[9] = 3;
        Chunk(png, "IHDR"u8, header);
        Chunk(png, "PLTE"u8, [(byte)(colour >> 16), (byte)(colour >> 8), (byte)colour]);
        using (MemoryStream data = new())
        {
            using (ZLibStream zlib = new(data, CompressionLevel.Optimal, leaveOpen: true))
                zlib.Write(new byte[Side * (Side + 1)]);
            Chunk(png, "IDAT"u8, data.ToArray());
        }
        Chunk(png, "IEND"u8, []);
        return png.ToArray();
    }

    private static void Chunk(Stream png, ReadOnlySpan<byte> type, ReadOnlySpan<byte> data)
    {
        Span<byte> number = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(number, data.Length);
        png.Write(number);
        byte[] body = [.. type, .. data];
        png.Write(body);
        BinaryPrimitives.WriteUInt32BigEndian(number, Crc32.HashToUInt32(body));
        png.Write(number);
    }
}
