using Discord.Actors.Sessions;
using Discord.Node.Gateway.Sending;

namespace Discord.Node.Gateway.Wire;

/// <summary>Payloads in one format, without frames or compression. A dispatch is a head (up to and with <c>s</c>) and a tail that all
/// sessions share.</summary>
internal abstract class PayloadWriter
{
    public static PayloadWriter Of(PayloadFormat format) => format == PayloadFormat.Etf ? EtfPayload.Instance : JsonPayload.Instance;

    /// <summary>Bytes of <see cref="Write"/>.</summary>
    public abstract int Length(DispatchEvent dispatch, int seq);

    /// <summary>Bytes of <see cref="WriteHead"/>.</summary>
    public abstract int HeadLength(DispatchEvent dispatch, int seq);

    /// <summary>A whole dispatch.</summary>
    public abstract void Write(FrameBatch batch, DispatchEvent dispatch, int seq);

    /// <summary>The part of a dispatch that differs per session.</summary>
    public abstract void WriteHead(FrameBatch batch, DispatchEvent dispatch, int seq);

    /// <summary>The part of a dispatch that all sessions share.</summary>
    public abstract byte[] Tail(DispatchEvent dispatch);

    /// <summary>A payload that is no dispatch; <paramref name="d"/> is JSON.</summary>
    public abstract void WriteControl(FrameBatch batch, int opcode, ReadOnlySpan<byte> d);
}
