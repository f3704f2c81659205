using System.Buffers;
using System.Buffers.Binary;
using System.IO.Compression;

namespace Discord.Protocol.Compression;

/// <summary>
/// <c>zlib-stream</c> without a context per connection. Bytes that go to many connections are deflated once, without history, into blocks
/// that are valid at any point of any zlib stream, and what differs per connection goes around them as stored (uncompressed) blocks:
/// <code>
/// connection begins   78 01                                        Header, once, before the first message
/// each message        00 LEN NLEN {"t":"…","s":123   stored        WriteStored, per connection
///                     deflate blocks of ,"op":0,"d":…}  shared     Deflate, once per event
///                     00 00 FF FF                                  end of the shared part's sync flush
/// </code>
/// Why it is right: a sync flush ends on a byte border, a stored block begins and ends on one, and each shared part was deflated from an
/// empty window, so its distances never reach before its own first byte. Blocks end nothing (BFINAL is 0), and as the stream is never
/// finished no checksum is ever due. A connection costs no memory; the price is a lower ratio, as history across messages is not used.
/// Once a connection begins so, all its messages must go this way. Thread-safe. Each thread that
/// deflates keeps one context of about 262 KiB.
/// </summary>
public static class SharedDeflate
{
    /// <summary>Most bytes of one stored block (RFC 1951, 3.2.4).</summary>
    public const int MaxStored = 0xFFFF;

    /// <summary>Bytes that one stored block adds.</summary>
    public const int StoredOverhead = 5;

    [ThreadStatic]
    private static DeflateContext? _context;

    /// <summary>The zlib header: deflate, 32 KiB window, fastest. Goes before the first message of a connection.</summary>
    public static ReadOnlySpan<byte> Header => [0x78, 0x01];

    /// <summary>An empty stored block: a sync flush. Ends a message that consists of stored blocks only.</summary>
    public static ReadOnlySpan<byte> SyncFlush => [0x00, 0x00, 0x00, 0xFF, 0xFF];

    /// <summary>Deflates bytes on their own; the result ends on a sync flush and can be spliced into any stream any number of
    /// times.</summary>
    public static byte[] Deflate(ReadOnlySpan<byte> data)
    {
        var buffer = new ArrayBufferWriter<byte>(Math.Max(256, data.Length / 2));
        Deflate(data, buffer);
        return buffer.WrittenSpan.ToArray();
    }

    /// <inheritdoc cref="Deflate(ReadOnlySpan{byte})"/>
    public static void Deflate(ReadOnlySpan<byte> data, IBufferWriter<byte> destination)
    {
        ArgumentNullException.ThrowIfNull(destination);
        if (LibZ.IsAvailable)
        {
            var context = _context ??= new DeflateContext(level: 1, windowBits: -15, memoryLevel: 8);
            context.Reset();
            context.Deflate(data, destination);
            return;
        }
        if (data.IsEmpty)
        {
            destination.Write(SyncFlush);
            return;
        }
        using var target = new ManagedZlibStreamCompressor.WriterStream();
        using var deflate = new DeflateStream(target, CompressionLevel.Fastest, leaveOpen: true);
        target.Writer = destination;
        deflate.Write(data);
        deflate.Flush();
        target.Writer = null;
    }

    /// <summary>Bytes that <see cref="WriteStored(ReadOnlySpan{byte}, IBufferWriter{byte})"/> makes of <paramref name="length"/>
    /// bytes.</summary>
    public static int StoredLength(int length) => length + (StoredOverhead * ((length + MaxStored - 1) / MaxStored));

    /// <summary>Writes bytes as stored blocks of at most 65,535 bytes each; nothing for no bytes.</summary>
    public static void WriteStored(ReadOnlySpan<byte> data, IBufferWriter<byte> destination)
    {
        ArgumentNullException.ThrowIfNull(destination);
        while (!data.IsEmpty)
        {
            var part = data[..Math.Min(data.Length, MaxStored)];
            var length = WriteStored(part, destination.GetSpan(part.Length + StoredOverhead));
            destination.Advance(length);
            data = data[part.Length..];
        }
    }

    /// <summary>Writes at most 65,535 bytes as one stored block.</summary>
    /// <returns>Bytes written: the data's length and <see cref="StoredOverhead"/>.</returns>
    /// <exception cref="ArgumentException">The data is too long or the destination too short.</exception>
    public static int WriteStored(ReadOnlySpan<byte> data, Span<byte> destination)
    {
        if (data.Length > MaxStored)
            throw new ArgumentException("A stored block holds at most 65,535 bytes.", nameof(data));
        data.CopyTo(destination[StoredOverhead..]);
        WriteStoredHead(data.Length, destination);
        return data.Length + StoredOverhead;
    }

    /// <summary>Writes the five bytes that stand before the content of a stored block of the given length (0 to 65,535).</summary>
    public static void WriteStoredHead(int length, Span<byte> destination)
    {
        destination[0] = 0;
        BinaryPrimitives.WriteUInt16LittleEndian(destination[1..], (ushort)length);
        BinaryPrimitives.WriteUInt16LittleEndian(destination[3..], (ushort)~length);
    }
}
