using System.Buffers.Binary;
using System.Runtime.CompilerServices;

namespace Discord.Load.Wire;

/// <summary>
/// One connection's place in the stream of server frames. It reads headers and steps over payloads, whatever way the stream is cut into
/// reads. A mutable struct: keep it in a field, pass it by reference.
/// </summary>
/// <remarks>
/// RFC 6455, 5.2:
/// <code>
///  FIN RSV1-3 opcode(4) | MASK length(7) | length 16 or 64 when 126 or 127 | payload
/// </code>
/// A server masks nothing, and no extension was asked for: MASK or RSV set is a violation.
/// </remarks>
internal struct FrameReader
{
    [InlineArray(10)]
    private struct Header
    {
        private byte _first;
    }

    private Header _header;
    private byte _have;
    private bool _inPayload;
    private ulong _left;

    /// <summary>Opcode of the current frame: 0 continuation, 1 text, 2 binary, 8 close, 9 ping, 10 pong.</summary>
    public byte Opcode { get; private set; }

    /// <summary>Whether the current frame is the last of its message.</summary>
    public bool Final { get; private set; }

    /// <summary>Payload bytes of the current frame.</summary>
    public ulong Length { get; private set; }

    /// <summary>Steps to the next piece of payload.</summary>
    /// <param name="data">What was received; it is advanced past what was used.</param>
    /// <param name="piece">The payload of the current frame that lies in this read; empty for an empty frame.</param>
    /// <param name="ended">Whether the frame ends with this piece.</param>
    /// <returns>False when all was used without reaching payload or the end of a frame.</returns>
    /// <exception cref="InvalidDataException">The stream is not what a server may send.</exception>
    public bool Next(ref ReadOnlySpan<byte> data, out ReadOnlySpan<byte> piece, out bool ended)
    {
        piece = default;
        ended = false;
        if (!_inPayload && !ReadHeader(ref data)) return false;
        if (_left == 0)
        {
            _inPayload = false;
            ended = true;
            return true;
        }
        if (data.IsEmpty) return false;
        int take = (int)Math.Min(_left, (ulong)data.Length);
        piece = data[..take];
        data = data[take..];
        _left -= (ulong)take;
        ended = _left == 0;
        _inPayload = !ended;
        return true;
    }

    private bool ReadHeader(ref ReadOnlySpan<byte> data)
    {
        if (_have == 0 && data.Length >= 10)
        {
            int size = SizeOf(data[1]);
            Parse(data);
            data = data[size..];
            return true;
        }
        while (!data.IsEmpty)
        {
            _header[_have++] = data[0];
            data = data[1..];
            if (_have < 2 || _have < SizeOf(_header[1])) continue;
            _have = 0;
            Parse(_header);
            return true;
        }
        return false;
    }

    private static int SizeOf(byte second) => (second & 127) switch { 127 => 10, 126 => 4, _ => 2 };

    private void Parse(ReadOnlySpan<byte> header)
    {
        if ((header[0] & 0x70) != 0)
            throw new InvalidDataException("The server set a reserved bit in a frame without having agreed an extension.");
        if ((header[1] & 0x80) != 0) throw new InvalidDataException("The server masked a frame.");
        Opcode = (byte)(header[0] & 15);
        Final = (header[0] & 0x80) != 0;
        Length = (header[1] & 127) switch
        {
            127 => BinaryPrimitives.ReadUInt64BigEndian(header[2..]),
            126 => BinaryPrimitives.ReadUInt16BigEndian(header[2..]),
            var small => (ulong)small,
        };
        if (Length > int.MaxValue) throw new InvalidDataException($"The server announced a frame of {Length} bytes.");
        _left = Length;
        _inPayload = true;
    }
}
