using System.Buffers.Binary;

namespace Discord.Node.Gateway.Framing;

/// <summary>RFC 6455 section 5.2.</summary>
internal enum FrameOpcode : byte
{
    Continuation = 0,
    Text = 1,
    Binary = 2,
    Close = 8,
    Ping = 9,
    Pong = 10,
}

/// <summary>How far reading got.</summary>
internal enum ReadStatus
{
    /// <summary>More bytes are needed; nothing was consumed.</summary>
    NeedMore,

    /// <summary>Something whole was read.</summary>
    Complete,

    /// <summary>The peer broke the protocol; the connection must close with the given code.</summary>
    Violation,
}

/// <summary>Why bytes cannot be frames of this protocol: the close code and a reason that a person can use.</summary>
internal readonly record struct FrameViolation(int Code, string Reason)
{
    public static FrameViolation Protocol(string reason) => new(1002, reason);
    public static readonly FrameViolation TooLarge = new(4002, "Message too large.");
    public static readonly FrameViolation NotUtf8 = new(1007, "A text message is not UTF-8.");
}

/// <summary>
/// A client's frame header, RFC 6455 section 5.2:
/// <code>
///  0               1               2               3
///  0 1 2 3 4 5 6 7 0 1 2 3 4 5 6 7 0 1 2 3 4 5 6 7 0 1 2 3 4 5 6 7
/// +-+-+-+-+-------+-+-------------+-------------------------------+
/// |F|R|R|R| opcode|M| length (7)  | length (16 when 126,          |
/// |I|S|S|S|  (4)  |A|             |         64 when 127)          |
/// |N|V|V|V|       |S|             |                               |
/// +-+-+-+-+-------+-+-------------+-------------------------------+
/// | masking key (32), always there: clients mask                  |
/// +---------------------------------------------------------------+
/// </code>
/// </summary>
internal readonly struct FrameHeader
{
    /// <summary>2 + 8 + 4.</summary>
    public const int MaxSize = 14;

    private FrameHeader(bool fin, FrameOpcode opcode, int size, int length, uint mask)
    {
        Fin = fin;
        Opcode = opcode;
        Size = size;
        Length = length;
        Mask = mask;
    }

    public bool Fin { get; }
    public FrameOpcode Opcode { get; }

    /// <summary>Bytes of the header itself.</summary>
    public int Size { get; }

    /// <summary>Bytes of payload.</summary>
    public int Length { get; }

    /// <summary>The masking key as it lies in memory.</summary>
    public uint Mask { get; }

    public bool IsControl => ((int)Opcode & 8) != 0;

    /// <summary>Reads a header from the start of <paramref name="bytes"/> (14 suffice). <paramref name="limit"/> bounds a data frame's
    /// payload.</summary>
    public static ReadStatus TryRead(ReadOnlySpan<byte> bytes, int limit, out FrameHeader header, out FrameViolation violation)
    {
        header = default;
        violation = default;
        if (bytes.Length < 2)
            return ReadStatus.NeedMore;
        var fin = (bytes[0] & 0x80) != 0;
        var opcode = (FrameOpcode)(bytes[0] & 0x0F);
        if ((bytes[0] & 0x70) != 0)
            return Violation("Reserved bits are set; no extension was agreed on.", out violation);
        if (opcode is not (<= FrameOpcode.Binary or FrameOpcode.Close or FrameOpcode.Ping or FrameOpcode.Pong))
            return Violation("Reserved frame opcode.", out violation);
        if ((bytes[1] & 0x80) == 0)
            return Violation("Client frames must be masked.", out violation);
        int code = bytes[1] & 0x7F;
        if (opcode >= FrameOpcode.Close && (!fin || code > 125))
            return Violation("Control frames carry at most 125 bytes and are not fragmented.", out violation);

        var size = 2 + 4 + (code == 126 ? 2 : code == 127 ? 8 : 0);
        if (bytes.Length < size)
            return ReadStatus.NeedMore;
        ulong length = code switch
        {
            126 => BinaryPrimitives.ReadUInt16BigEndian(bytes[2..]),
            127 => BinaryPrimitives.ReadUInt64BigEndian(bytes[2..]),
            _ => (ulong)code,
        };
        if ((code == 126 && length < 126) || (code == 127 && length is < 65536 or > long.MaxValue))
            return Violation("The length is not in its shortest form.", out violation);
        if (opcode < FrameOpcode.Close && length > (ulong)limit)
        {
            violation = FrameViolation.TooLarge;
            return ReadStatus.Violation;
        }
        var mask = System.Runtime.InteropServices.MemoryMarshal.Read<uint>(bytes[(size - 4)..]);
        header = new FrameHeader(fin, opcode, size, (int)length, mask);
        return ReadStatus.Complete;
    }

    private static ReadStatus Violation(string reason, out FrameViolation violation)
    {
        violation = FrameViolation.Protocol(reason);
        return ReadStatus.Violation;
    }
}
