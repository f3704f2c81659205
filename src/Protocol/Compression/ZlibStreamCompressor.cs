using System.Buffers;

namespace Discord.Protocol.Compression;

/// <summary>
/// <c>zlib-stream</c> with history: RFC 1950, Z_SYNC_FLUSH after each message (ends 00 00 FF FF). The window is 4 KiB and the memory
/// level 4, which keeps a context near 30 KiB where zlib's defaults take 262; on gateway traffic that still compresses 5 to 6 times. Must
/// not be mixed with <see cref="SharedDeflate"/> on one connection, whose blocks this context's window would not know.
/// </summary>
public sealed class ZlibStreamCompressor : StreamCompressor
{
    private const int Level = 1, WindowBits = 12, MemoryLevel = 4;

    private readonly DeflateContext _context = new(Level, WindowBits, MemoryLevel);

    /// <inheritdoc/>
    public override long MemoryBytes => _context.MemoryBytes + 64;

    /// <summary>True when the system's zlib is there.</summary>
    public static bool IsAvailable => LibZ.IsAvailable;

    /// <inheritdoc/>
    public override void Compress(ReadOnlySpan<byte> message, IBufferWriter<byte> destination) => _context.Deflate(message, destination);

    /// <inheritdoc/>
    protected override void Dispose(bool disposing) => _context.Dispose();
}
