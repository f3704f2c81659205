using System.Buffers.Binary;
using System.Buffers.Text;
using System.Text;

namespace Discord.Limit;

/// <summary>Server-to-client frames (RFC 6455, 5.2): FIN and text, length in 7 bits, 16 or 64, no mask.</summary>
internal static class Frames
{
    /// <summary>HELLO with the interval that Discord uses.</summary>
    public static readonly byte[] Hello = Text("""{"t":null,"s":null,"op":10,"d":{"heartbeat_interval":41250}}""");

    /// <summary>The answer to a heartbeat.</summary>
    public static readonly byte[] HeartbeatAck = Text("""{"t":null,"s":null,"op":11,"d":null}""");

    /// <summary>The session cannot be resumed.</summary>
    public static readonly byte[] InvalidSession = Text("""{"t":null,"s":null,"op":9,"d":false}""");

    /// <summary>A frame of a whole text.</summary>
    public static byte[] Text(string payload)
    {
        int length = Encoding.UTF8.GetByteCount(payload);
        var frame = new byte[length + 10];
        int header = WriteHeader(frame, length);
        Encoding.UTF8.GetBytes(payload, frame.AsSpan(header));
        return frame[..(header + length)];
    }

    /// <summary>A close frame with its code.</summary>
    public static byte[] Close(ushort code) => [0x88, 2, (byte)(code >> 8), (byte)code];

    /// <summary>Writes an event's frame around its shared bytes; returns its length.</summary>
    public static int Write(Span<byte> into, Event sent, long sequence)
    {
        Span<byte> digits = stackalloc byte[20];
        Utf8Formatter.TryFormat(sequence, digits, out int count);
        int at = WriteHeader(into, sent.Head.Length + count + sent.Tail.Length);
        sent.Head.CopyTo(into[at..]);
        at += sent.Head.Length;
        digits[..count].CopyTo(into[at..]);
        at += count;
        sent.Tail.CopyTo(into[at..]);
        return at + sent.Tail.Length;
    }

    /// <summary>The most bytes that <see cref="Write"/> needs: header of 10, number of 20.</summary>
    public static int MaxLength(Event sent) => 30 + sent.Head.Length + sent.Tail.Length;

    private static int WriteHeader(Span<byte> into, int length)
    {
        into[0] = 0x81;
        if (length < 126)
        {
            into[1] = (byte)length;
            return 2;
        }
        if (length <= ushort.MaxValue)
        {
            into[1] = 126;
            BinaryPrimitives.WriteUInt16BigEndian(into[2..], (ushort)length);
            return 4;
        }
        into[1] = 127;
        BinaryPrimitives.WriteUInt64BigEndian(into[2..], (ulong)length);
        return 10;
    }
}
