using Discord.Actors.Sessions;
using Discord.Node.Gateway.Framing;
using Discord.Node.Gateway.Sending;
using Discord.Protocol.Gateway;

namespace Discord.Node.Gateway.Wire;

/// <summary>ETF in binary frames: transcoded once per event, kept with it.</summary>
internal sealed class EtfWire : WireEncoder
{
    public static readonly EtfWire Shared = new();

    private EtfWire()
    {
    }

    public override void Dispatch(FrameBatch batch, DispatchEvent dispatch, int seq)
    {
        batch.BeginFrame(FrameOpcode.Binary, EtfPayload.Instance.Length(dispatch, seq));
        EtfPayload.Instance.Write(batch, dispatch, seq);
    }

    public override void Control(FrameBatch batch, int opcode, ReadOnlySpan<byte> d, bool first)
    {
        var start = batch.BeginFrame();
        EtfPayload.Instance.WriteControl(batch, opcode, d);
        batch.EndFrame(start, FrameOpcode.Binary);
    }
}

/// <summary>Payloads as External Term Format.</summary>
internal sealed class EtfPayload : PayloadWriter
{
    public static readonly EtfPayload Instance = new();

    private static readonly Func<DispatchEvent, Encoded> Encode = static dispatch =>
    {
        var d = dispatch.BodyTail.IsEmpty ? dispatch.Body.Span : Joined(dispatch);
        return new Encoded(DispatchHead.Of(dispatch.Name.Text), EnvelopeWriter.EtfTailFromJson(d));
    };

    private EtfPayload()
    {
    }

    public override int Length(DispatchEvent dispatch, int seq) => Of(dispatch).Head.EtfLength + Of(dispatch).Tail.Length;

    public override int HeadLength(DispatchEvent dispatch, int seq) => Of(dispatch).Head.EtfLength;

    public override void Write(FrameBatch batch, DispatchEvent dispatch, int seq)
    {
        WriteHead(batch, dispatch, seq);
        batch.Append(Of(dispatch).Tail);
    }

    public override void WriteHead(FrameBatch batch, DispatchEvent dispatch, int seq)
    {
        var head = Of(dispatch).Head;
        batch.Advance(head.WriteEtf(seq, batch.Reserve(head.EtfLength)));
    }

    public override byte[] Tail(DispatchEvent dispatch) => Of(dispatch).Tail;

    public override void WriteControl(FrameBatch batch, int opcode, ReadOnlySpan<byte> d) =>
        batch.Append(EnvelopeWriter.Etf((GatewayOpcode)opcode, d));

    private static Encoded Of(DispatchEvent dispatch) => dispatch.Etf(Encode);

    private static byte[] Joined(DispatchEvent dispatch) => [.. dispatch.Body.Span, .. dispatch.BodyTail.Span];

    private sealed record Encoded(DispatchHead Head, byte[] Tail);
}
