using System.Buffers.Binary;
using Discord.Protocol.Forms;

namespace Discord.Node.Rest.Messages;

/// <summary>Width and height of an image, from the head of its file alone: nothing is decoded. Pure; takes hostile bytes.</summary>
internal static class ImageSize
{
    /// <summary>Bytes of the file that are enough: a JPEG may have this much before its frame.</summary>
    public const int HeadBytes = 256 * 1024;

    /// <summary>The size in pixels; false when the head does not tell.</summary>
    public static bool TryRead(ReadOnlySpan<byte> head, out int width, out int height)
    {
        (width, height) = ImageData.Sniff(head) switch
        {
            ImageFormat.Png when head.Length >= 24 => Big(head[16..]),
            ImageFormat.Gif when head.Length >= 10 =>
                (BinaryPrimitives.ReadUInt16LittleEndian(head[6..]), BinaryPrimitives.ReadUInt16LittleEndian(head[8..])),
            ImageFormat.Jpeg => Jpeg(head),
            ImageFormat.WebP => WebP(head),
            _ => (0, 0),
        };
        return width is > 0 and <= 100_000 && height is > 0 and <= 100_000;
    }

    private static (int Width, int Height) Big(ReadOnlySpan<byte> at) =>
        (BinaryPrimitives.ReadInt32BigEndian(at), BinaryPrimitives.ReadInt32BigEndian(at[4..]));

    // Segments FF marker length(2) …; a start of frame (C0..CF but C4, C8, CC) has precision(1) height(2) width(2).
    private static (int Width, int Height) Jpeg(ReadOnlySpan<byte> head)
    {
        int at = 2;
        while (at + 9 <= head.Length)
        {
            if (head[at] != 0xFF)
                return default;
            int marker = head[at + 1];
            if (marker == 0xFF)
            {
                at++;
                continue;
            }
            if (marker is >= 0xC0 and <= 0xCF and not (0xC4 or 0xC8 or 0xCC))
                return (BinaryPrimitives.ReadUInt16BigEndian(head[(at + 7)..]), BinaryPrimitives.ReadUInt16BigEndian(head[(at + 5)..]));
            if (marker is 0xD9 or 0xDA)
                return default;
            at += marker is >= 0xD0 and <= 0xD8 or 0x01 ? 2 : 2 + BinaryPrimitives.ReadUInt16BigEndian(head[(at + 2)..]);
        }
        return default;
    }

    // RIFF size WEBP, then a chunk: "VP8 " (lossy), "VP8L" (lossless) or "VP8X" (extended).
    private static (int Width, int Height) WebP(ReadOnlySpan<byte> head)
    {
        if (head.Length < 30)
            return default;
        ReadOnlySpan<byte> kind = head[12..16], data = head[20..];
        if (kind.SequenceEqual("VP8X"u8))
            return (1 + (data[4] | (data[5] << 8) | (data[6] << 16)), 1 + (data[7] | (data[8] << 8) | (data[9] << 16)));
        if (kind.SequenceEqual("VP8L"u8) && data[0] == 0x2F)
        {
            uint bits = BinaryPrimitives.ReadUInt32LittleEndian(data[1..]);
            return (1 + (int)(bits & 0x3FFF), 1 + (int)((bits >> 14) & 0x3FFF));
        }
        return kind.SequenceEqual("VP8 "u8) && data[3] == 0x9D && data[4] == 0x01 && data[5] == 0x2A
            ? (BinaryPrimitives.ReadUInt16LittleEndian(data[6..]) & 0x3FFF, BinaryPrimitives.ReadUInt16LittleEndian(data[8..]) & 0x3FFF)
            : default;
    }
}
