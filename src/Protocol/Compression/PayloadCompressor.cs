using System.Buffers;
using System.IO.Compression;

namespace Discord.Protocol.Compression;

/// <summary>
/// Payload compression (<c>"compress": true</c> in IDENTIFY): every message is a zlib blob of its own, with header and checksum, sent as
/// a binary frame. Nothing is kept between messages. Thread-safe.
/// </summary>
public static class PayloadCompressor
{
    /// <summary>Compresses one message.</summary>
    public static byte[] Compress(ReadOnlySpan<byte> message)
    {
        var buffer = new ArrayBufferWriter<byte>(Math.Max(256, message.Length / 2));
        Compress(message, buffer);
        return buffer.WrittenSpan.ToArray();
    }

    /// <inheritdoc cref="Compress(ReadOnlySpan{byte})"/>
    public static void Compress(ReadOnlySpan<byte> message, IBufferWriter<byte> destination)
    {
        using var target = new ManagedZlibStreamCompressor.WriterStream { Writer = destination };
        using var zlib = new ZLibStream(target, CompressionLevel.Fastest, leaveOpen: true);
        zlib.Write(message);
        // A stream that saw no byte writes nothing at all, and an empty message must still be a valid blob.
        if (message.IsEmpty)
            destination.Write<byte>([0x78, 0x01, 0x03, 0x00, 0x00, 0x00, 0x00, 0x01]);
    }
}
