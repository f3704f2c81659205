using System.Buffers.Binary;

namespace Discord.Cql.Wire;

/// <summary>
/// The nine bytes before a body. Native protocol v4, section 2.
/// <code>
/// 0         8        16        24        32        40
/// +---------+---------+---------+---------+---------+
/// | version |  flags  |      stream       | opcode  |
/// +---------+---------+---------+---------+---------+
/// |             body length               |
/// +---------+---------+---------+---------+
/// </code>
/// </summary>
internal readonly record struct FrameHeader(byte Version, FrameFlags Flags, short Stream, Opcode Opcode, int Length)
{
    public const int Size = 9;
    public const byte RequestV4 = 0x04;
    public const byte ResponseV4 = 0x84;

    /// <summary>The stream of what nobody asked for: events.</summary>
    public const short EventStream = -1;

    /// <summary>
    /// Reads a header from the start of at least <see cref="Size"/> bytes. The length may be anything: the caller bounds it.
    /// </summary>
    public static FrameHeader Read(ReadOnlySpan<byte> bytes) => new(
        bytes[0],
        (FrameFlags)bytes[1],
        BinaryPrimitives.ReadInt16BigEndian(bytes[2..]),
        (Opcode)bytes[4],
        BinaryPrimitives.ReadInt32BigEndian(bytes[5..]));

    public void Write(Span<byte> bytes)
    {
        bytes[0] = Version;
        bytes[1] = (byte)Flags;
        BinaryPrimitives.WriteInt16BigEndian(bytes[2..], Stream);
        bytes[4] = (byte)Opcode;
        BinaryPrimitives.WriteInt32BigEndian(bytes[5..], Length);
    }
}
