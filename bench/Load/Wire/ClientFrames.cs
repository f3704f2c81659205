using System.Buffers.Binary;
using System.Text;

namespace Discord.Load.Wire;

/// <summary>Client-to-server frames (RFC 6455, 5.2). The mask is zero: legal, and the payload stays as it is.</summary>
internal static class ClientFrames
{
    /// <summary>A close frame with code 1000, which ends the session on the server.</summary>
    public static readonly byte[] CloseNormally = [0x88, 0x82, 0, 0, 0, 0, 0x03, 0xE8];

    /// <summary>A whole text message.</summary>
    /// <exception cref="ArgumentException">The text exceeds 65,535 bytes.</exception>
    public static byte[] Text(string text)
    {
        byte[] payload = Encoding.UTF8.GetBytes(text);
        if (payload.Length > ushort.MaxValue) throw new ArgumentException("Too long for a client frame.", nameof(text));
        int header = payload.Length < 126 ? 2 : 4;
        var frame = new byte[header + 4 + payload.Length];
        frame[0] = 0x81;
        frame[1] = (byte)(0x80 | (header == 2 ? payload.Length : 126));
        if (header == 4) BinaryPrimitives.WriteUInt16BigEndian(frame.AsSpan(2), (ushort)payload.Length);
        payload.CopyTo(frame, header + 4);
        return frame;
    }

    /// <summary>The answer to a ping: its payload comes back.</summary>
    public static byte[] Pong(ReadOnlySpan<byte> payload) => [0x8A, (byte)(0x80 | payload.Length), 0, 0, 0, 0, .. payload];
}
