using System.Buffers.Binary;
using System.Text;
using System.Text.Unicode;

namespace Discord.Node.Gateway.Framing;

/// <summary>The payload of a close frame, RFC 6455 sections 5.5.1 and 7.4.</summary>
internal static class CloseFrame
{
    /// <summary>What stands for a close frame without a code; never on the wire.</summary>
    public const int NoStatus = 1005;

    /// <summary>2 bytes of header, at most 125 of payload.</summary>
    public const int MaxSize = 127;

    /// <summary>Writes a whole unmasked close frame and returns its length. The reason is cut to 123 bytes at a character's end.</summary>
    public static int Write(Span<byte> target, int code, string reason)
    {
        target[0] = 0x80 | (byte)FrameOpcode.Close;
        if (code == NoStatus)
        {
            target[1] = 0;
            return 2;
        }
        BinaryPrimitives.WriteUInt16BigEndian(target[2..], (ushort)code);
        Utf8.FromUtf16(reason, target.Slice(4, 123), out _, out var written, replaceInvalidSequences: true, isFinalBlock: true);
        target[1] = (byte)(2 + written);
        return 4 + written;
    }

    /// <summary>The code that the peer sent; false when its payload is not one that may be sent.</summary>
    public static bool TryRead(ReadOnlySpan<byte> payload, out int code)
    {
        code = NoStatus;
        if (payload.IsEmpty)
            return true;
        if (payload.Length < 2)
            return false;
        code = BinaryPrimitives.ReadUInt16BigEndian(payload);
        return code is (>= 1000 and <= 1003) or (>= 1007 and <= 1014) or (>= 3000 and <= 4999) && Utf8.IsValid(payload[2..]);
    }
}
