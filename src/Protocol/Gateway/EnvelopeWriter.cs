using System.Buffers;
using System.Buffers.Text;
using Discord.Protocol.Etf;

namespace Discord.Protocol.Gateway;

/// <summary>
/// Gateway payloads around an encoded <c>d</c>. All four keys are always there, null where they do not apply: clients take an absent
/// <c>s</c> for a new one. Dispatches are written in two parts, a <see cref="DispatchHead"/> per session and a tail that all sessions
/// share:
/// <code>{"t":"MESSAGE_CREATE","s":123 | ,"op":0,"d":{…}}</code>
/// ETF has the same keys in the same order; there <c>d</c> is a term without the version byte.
/// </summary>
public static class EnvelopeWriter
{
    /// <summary>The tail of a dispatch in JSON: <c>,"op":0,"d":…}</c>.</summary>
    public static byte[] JsonTail(ReadOnlySpan<byte> d) => [.. ",\"op\":0,\"d\":"u8, .. d, (byte)'}'];

    /// <inheritdoc cref="JsonTail(ReadOnlySpan{byte})"/>
    public static void WriteJsonTail(IBufferWriter<byte> destination, ReadOnlySpan<byte> d)
    {
        destination.Write(",\"op\":0,\"d\":"u8);
        destination.Write(d);
        destination.Write("}"u8);
    }

    /// <summary>The tail of a dispatch in ETF: <c>op</c> and <c>d</c>.</summary>
    /// <param name="d">The term, without version byte.</param>
    public static byte[] EtfTail(ReadOnlySpan<byte> d) => [109, 0, 0, 0, 2, (byte)'o', (byte)'p', 97, 0, 109, 0, 0, 0, 1, (byte)'d', .. d];

    /// <summary>The tail of a dispatch in ETF, made from <c>d</c> in JSON.</summary>
    public static byte[] EtfTailFromJson(ReadOnlySpan<byte> json)
    {
        var buffer = new ArrayBufferWriter<byte>(json.Length + 32);
        buffer.Write(EtfTail([]));
        EtfWriter.Transcode(json, buffer, version: false);
        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>A whole dispatch in JSON; for one session only.</summary>
    public static byte[] JsonDispatch(string name, long sequence, ReadOnlySpan<byte> d)
    {
        var head = DispatchHead.Of(name);
        var buffer = new ArrayBufferWriter<byte>(head.MaxJsonLength + d.Length + 16);
        buffer.Advance(head.WriteJson(sequence, buffer.GetSpan(head.MaxJsonLength)));
        WriteJsonTail(buffer, d);
        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>A payload that is no dispatch, in JSON: <c>{"t":null,"s":null,"op":10,"d":…}</c>.</summary>
    public static byte[] Json(GatewayOpcode opcode, ReadOnlySpan<byte> d)
    {
        Span<byte> digits = stackalloc byte[11];
        Utf8Formatter.TryFormat((int)opcode, digits, out var length);
        return [.. "{\"t\":null,\"s\":null,\"op\":"u8, .. digits[..length], .. ",\"d\":"u8, .. d, (byte)'}'];
    }

    /// <summary>A payload that is no dispatch, in ETF, made from <c>d</c> in JSON.</summary>
    public static byte[] Etf(GatewayOpcode opcode, ReadOnlySpan<byte> json) => EtfWriter.Transcode(Json(opcode, json));

    /// <summary>HELLO's <c>d</c>, in JSON.</summary>
    public static byte[] HelloData(int heartbeatIntervalMilliseconds) =>
        System.Text.Encoding.ASCII.GetBytes($$"""{"heartbeat_interval":{{heartbeatIntervalMilliseconds}}}""");
}
