using System.Buffers;
using System.IO.Compression;

namespace Discord.Protocol.Compression;

/// <summary>
/// <c>zlib-stream</c> by .NET's own zlib, for systems without libz. It cannot be asked for a small window: a context holds about 224 KiB,
/// beyond
/// <see cref="StreamCompressor.MemoryBudget"/>.
/// </summary>
public sealed class ManagedZlibStreamCompressor : StreamCompressor
{
    private readonly WriterStream _target = new();
    private readonly ZLibStream _zlib;

    /// <summary>Starts a stream.</summary>
    public ManagedZlibStreamCompressor() => _zlib = new ZLibStream(_target, CompressionLevel.Fastest, leaveOpen: true);

    /// <inheritdoc/>
    public override long MemoryBytes => 224 * 1024;

    /// <inheritdoc/>
    public override void Compress(ReadOnlySpan<byte> message, IBufferWriter<byte> destination)
    {
        _target.Writer = destination;
        _zlib.Write(message);
        _zlib.Flush();
        _target.Writer = null;
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        _target.Writer = null;
        _zlib.Dispose();
    }

    /// <summary>Puts what is written into a buffer writer; without one it is dropped (the end of the stream at dispose).</summary>
    internal sealed class WriterStream : Stream
    {
        public IBufferWriter<byte>? Writer { get; set; }

        public override bool CanRead => false;

        public override bool CanSeek => false;

        public override bool CanWrite => true;

        public override long Length => throw new NotSupportedException();

        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        public override void Flush()
        {
        }

        public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

        public override void Write(ReadOnlySpan<byte> buffer) => Writer?.Write(buffer);

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();
    }
}
