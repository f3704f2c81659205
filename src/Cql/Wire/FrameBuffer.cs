using System.Buffers;
using Discord.Cql.Errors;

namespace Discord.Cql.Wire;

/// <summary>
/// Cuts what arrives into frames. Bytes are put into <see cref="Free"/>, then <see cref="Filled"/> is told how many; frames are read until
/// there is no whole one. A body is valid until the next call. Not thread-safe.
/// </summary>
internal sealed class FrameBuffer(int maxBody, int initialSize = 64 * 1024)
{
    private byte[] _bytes = ArrayPool<byte>.Shared.Rent(initialSize);
    private int _start;
    private int _end;

    /// <summary>How many bytes wait for the rest of their frame.</summary>
    public int Waiting => _end - _start;

    /// <summary>Where the next bytes go; never empty.</summary>
    public Memory<byte> Free
    {
        get
        {
            if (_end == _bytes.Length) MakeRoom();
            return _bytes.AsMemory(_end);
        }
    }

    public void Filled(int count) => _end += count;

    /// <summary>Reads the next whole frame.</summary>
    /// <exception cref="CqlProtocolException">The header is not one of a v4 response, or announces a body above the limit.</exception>
    public bool TryRead(out FrameHeader header, out ReadOnlySpan<byte> body)
    {
        body = default;
        header = default;
        var bytes = _bytes.AsSpan(_start, _end - _start);
        if (bytes.IsEmpty)
        {
            _start = _end = 0;
            return false;
        }
        if (bytes[0] != FrameHeader.ResponseV4) throw NotV4(bytes[0]);
        if (bytes.Length < FrameHeader.Size) return false;
        header = FrameHeader.Read(bytes);
        if ((uint)header.Length > (uint)maxBody)
            throw new CqlProtocolException($"a frame of {(uint)header.Length} bytes was announced; the limit is {maxBody}");
        if (bytes.Length - FrameHeader.Size < header.Length) return false;
        body = bytes.Slice(FrameHeader.Size, header.Length);
        _start += FrameHeader.Size + header.Length;
        return true;
    }

    /// <summary>Gives the memory back. Nothing may be called after it.</summary>
    public void Release()
    {
        ArrayPool<byte>.Shared.Return(_bytes);
        _bytes = [];
        _start = _end = 0;
    }

    private static CqlProtocolException NotV4(byte version) => (version & 0x80) == 0
        ? new CqlProtocolException($"what answers does not speak CQL: its first byte is 0x{version:x2}")
        : new CqlProtocolException($"the server answers in version {version & 0x7F} of the protocol; version 4 is needed");

    // Doubles as bytes arrive, so that memory follows what was sent and not what was announced.
    private void MakeRoom()
    {
        var waiting = Waiting;
        if (_start > _bytes.Length / 2)
        {
            Buffer.BlockCopy(_bytes, _start, _bytes, 0, waiting);
        }
        else
        {
            var larger = ArrayPool<byte>.Shared.Rent(_bytes.Length * 2);
            Buffer.BlockCopy(_bytes, _start, larger, 0, waiting);
            ArrayPool<byte>.Shared.Return(_bytes);
            _bytes = larger;
        }
        _start = 0;
        _end = waiting;
    }
}
