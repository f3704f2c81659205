using System.Buffers.Text;
using Discord.Actors.Sessions;
using Discord.Node.Gateway.Framing;
using Discord.Node.Gateway.Sending;

namespace Discord.Node.Gateway.Wire;

/// <summary>JSON in text frames: the shared bytes of an event with its <c>s</c> written between them.</summary>
internal sealed class JsonWire : WireEncoder
{
    public static readonly JsonWire Shared = new();

    private JsonWire()
    {
    }

    public override void Dispatch(FrameBatch batch, DispatchEvent dispatch, int seq)
    {
        batch.BeginFrame(FrameOpcode.Text, JsonPayload.Instance.Length(dispatch, seq));
        JsonPayload.Instance.Write(batch, dispatch, seq);
    }

    public override void Control(FrameBatch batch, int opcode, ReadOnlySpan<byte> d, bool first)
    {
        batch.BeginFrame(FrameOpcode.Text, JsonPayload.ControlLength(opcode, d));
        JsonPayload.Instance.WriteControl(batch, opcode, d);
    }
}

/// <summary>Payloads as JSON. All four keys are always there: clients take an absent <c>s</c> for a number.</summary>
internal sealed class JsonPayload : PayloadWriter
{
    public static readonly JsonPayload Instance = new();

    private JsonPayload()
    {
    }

    private static ReadOnlySpan<byte> ControlHead => "{\"t\":null,\"s\":null,\"op\":"u8;
    private static ReadOnlySpan<byte> ControlMiddle => ",\"d\":"u8;

    public override int Length(DispatchEvent dispatch, int seq) =>
        HeadLength(dispatch, seq) + EventName.JsonMiddle.Length + dispatch.Length + 1;

    public override int HeadLength(DispatchEvent dispatch, int seq) => dispatch.Name.JsonHead.Length + Digits(seq);

    public override void Write(FrameBatch batch, DispatchEvent dispatch, int seq)
    {
        WriteHead(batch, dispatch, seq);
        batch.Append(EventName.JsonMiddle);
        batch.Append(dispatch.Body.Span);
        batch.Append(dispatch.BodyTail.Span);
        batch.Append("}"u8);
    }

    public override void WriteHead(FrameBatch batch, DispatchEvent dispatch, int seq)
    {
        batch.Append(dispatch.Name.JsonHead);
        WriteNumber(batch, seq);
    }

    public override byte[] Tail(DispatchEvent dispatch)
    {
        var tail = new byte[EventName.JsonMiddle.Length + dispatch.Length + 1];
        EventName.JsonMiddle.CopyTo(tail);
        dispatch.Body.Span.CopyTo(tail.AsSpan(EventName.JsonMiddle.Length));
        dispatch.BodyTail.Span.CopyTo(tail.AsSpan(EventName.JsonMiddle.Length + dispatch.Body.Length));
        tail[^1] = (byte)'}';
        return tail;
    }

    public override void WriteControl(FrameBatch batch, int opcode, ReadOnlySpan<byte> d)
    {
        batch.Append(ControlHead);
        WriteNumber(batch, opcode);
        batch.Append(ControlMiddle);
        batch.Append(d);
        batch.Append("}"u8);
    }

    public static int ControlLength(int opcode, ReadOnlySpan<byte> d) =>
        ControlHead.Length + Digits(opcode) + ControlMiddle.Length + d.Length + 1;

    private static int Digits(int value)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(value);
        var digits = 1;
        for (var rest = value; rest >= 10; rest /= 10)
            digits++;
        return digits;
    }

    private static void WriteNumber(FrameBatch batch, int value)
    {
        Utf8Formatter.TryFormat(value, batch.Reserve(11), out var written);
        batch.Advance(written);
    }
}
