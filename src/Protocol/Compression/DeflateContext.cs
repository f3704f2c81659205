using System.Buffers;

namespace Discord.Protocol.Compression;

/// <summary>One deflate context of the system's zlib that sync-flushes after every input. One thread at a time.</summary>
internal sealed unsafe class DeflateContext : IDisposable
{
    private LibZ.Stream* _stream;

    public DeflateContext(int level, int windowBits, int memoryLevel)
    {
        if (!LibZ.IsAvailable)
            throw new CompressionException("The zlib library (libz.so.1) is not installed.");
        _stream = LibZ.Create(level, windowBits, memoryLevel);
    }

    ~DeflateContext() => Free();

    /// <summary>Bytes that the context holds.</summary>
    public long MemoryBytes => _stream == null ? 0 : _stream->Allocated;

    /// <summary>Forgets all history, as if new.</summary>
    public void Reset()
    {
        ObjectDisposedException.ThrowIf(_stream == null, this);
        LibZ.Reset(_stream);
    }

    /// <summary>Deflates all of the input and flushes to a byte border: the output ends with 00 00 FF FF.</summary>
    public void Deflate(ReadOnlySpan<byte> input, IBufferWriter<byte> destination)
    {
        ObjectDisposedException.ThrowIf(_stream == null, this);
        fixed (byte* source = input)
        {
            _stream->NextIn = source;
            _stream->AvailableIn = (uint)input.Length;
            uint room;
            do
            {
                var output = destination.GetSpan(Math.Max(256, input.Length / 2));
                fixed (byte* target = output)
                {
                    _stream->NextOut = target;
                    _stream->AvailableOut = room = (uint)output.Length;
                    LibZ.Deflate(_stream, LibZ.SyncFlush);
                    room -= _stream->AvailableOut;
                }
                destination.Advance((int)room);
                // A flush is complete only when it left room in the output.
            }
            while (_stream->AvailableOut == 0);
            _stream->NextIn = null;
        }
    }

    public void Dispose()
    {
        Free();
        GC.SuppressFinalize(this);
    }

    private void Free()
    {
        if (_stream != null)
            LibZ.Free(_stream);
        _stream = null;
    }
}
