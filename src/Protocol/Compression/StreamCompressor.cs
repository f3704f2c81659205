using System.Buffers;

namespace Discord.Protocol.Compression;

/// <summary>
/// The compression of one gateway connection: one context for its whole life, flushed after every message and never ended. What comes out
/// for a message can be sent in one or more frames. One thread at a time; dispose it with the connection.
/// </summary>
public abstract class StreamCompressor : IDisposable
{
    /// <summary>Most bytes of memory that a context may hold, native and managed together.</summary>
    public const int MemoryBudget = 36 * 1024;

    /// <summary>Bytes of memory that this context holds, native and managed together.</summary>
    public abstract long MemoryBytes { get; }

    /// <summary>Compresses one whole message; the output is decodable to its last byte without any later one.</summary>
    /// <exception cref="CompressionException">The library failed; the stream is lost and the connection must close.</exception>
    public abstract void Compress(ReadOnlySpan<byte> message, IBufferWriter<byte> destination);

    /// <inheritdoc/>
    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Frees the context.</summary>
    protected abstract void Dispose(bool disposing);

    /// <summary>A <c>zlib-stream</c> context: by libz where it is installed, else by .NET's own zlib, which holds about 224 KiB.</summary>
    public static StreamCompressor Zlib() => LibZ.IsAvailable ? new ZlibStreamCompressor() : new ManagedZlibStreamCompressor();

    /// <summary>A <c>zstd-stream</c> context.</summary>
    /// <exception cref="CompressionException">libzstd is not installed; <see cref="ZstdStreamCompressor.IsAvailable"/> tells
    /// beforehand.</exception>
    public static StreamCompressor Zstd() => new ZstdStreamCompressor();
}

/// <summary>A compression library is missing or failed.</summary>
public sealed class CompressionException(string message) : Exception(message);
