using System.Buffers;

namespace Discord.Protocol.Compression;

/// <summary>
/// <c>zstd-stream</c>: one zstd frame (RFC 8878) for the connection's life, flushed after each message, never ended. Level 1 with a
/// window of 1 KiB and a hash table of 512 entries keeps a context at about 33 KiB, where zstd's default takes 1.3 MiB.
/// </summary>
public sealed unsafe class ZstdStreamCompressor : StreamCompressor
{
    private const int Level = 1, WindowLog = 10, HashLog = 9;

    private void* _context;

    /// <summary>Starts a stream.</summary>
    /// <exception cref="CompressionException">libzstd is not installed.</exception>
    public ZstdStreamCompressor()
    {
        _context = LibZstd.Create();
        LibZstd.Set(_context, LibZstd.CompressionLevel, Level);
        LibZstd.Set(_context, LibZstd.WindowLog, WindowLog);
        LibZstd.Set(_context, LibZstd.HashLog, HashLog);
        LibZstd.Set(_context, LibZstd.ChainLog, HashLog);
        LibZstd.Set(_context, LibZstd.ContentSizeFlag, 0);
    }

    /// <summary>Frees a context that was forgotten.</summary>
    ~ZstdStreamCompressor() => Dispose(false);

    /// <summary>True when libzstd is there.</summary>
    public static bool IsAvailable => LibZstd.IsAvailable;

    /// <inheritdoc/>
    public override long MemoryBytes => _context == null ? 0 : LibZstd.Size(_context) + 32;

    /// <inheritdoc/>
    public override void Compress(ReadOnlySpan<byte> message, IBufferWriter<byte> destination)
    {
        ArgumentNullException.ThrowIfNull(destination);
        ObjectDisposedException.ThrowIf(_context == null, this);
        fixed (byte* source = message)
        {
            var input = new LibZstd.Buffer { Data = source, Size = (nuint)message.Length };
            nuint waiting;
            do
            {
                var room = destination.GetSpan(Math.Max(256, message.Length / 2));
                fixed (byte* target = room)
                {
                    var output = new LibZstd.Buffer { Data = target, Size = (nuint)room.Length };
                    waiting = LibZstd.Compress(_context, &output, &input, LibZstd.Flush);
                    destination.Advance((int)output.Position);
                }
            }
            while (waiting != 0 || input.Position < input.Size);
        }
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (_context != null)
            LibZstd.Free(_context);
        _context = null;
    }
}
