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
        batch.BeginFrame(FrameOpcode.Text, JsonEnvelope.DispatchLength(dispatch, seq));
        JsonEnvelope.WriteDispatch(batch, dispatch, seq);
    }

    public override void Control(FrameBatch batch, int opcode, ReadOnlySpan<byte> d, bool first)
    {
        batch.BeginFrame(FrameOpcode.Text, JsonEnvelope.ControlLength(opcode, d));
        JsonEnvelope.WriteControl(batch, opcode, d);
    }
}

/// <summary>The envelope as JSON. All four keys are always there: clients take an absent <c>s</c> for a number.</summary>
internal static class JsonEnvelope
{
    public static ReadOnlySpan<byte> ControlHead => "{\"t\":null,\"s\":null,\"op\":"u8;
    public static ReadOnlySpan<byte> ControlMiddle => ",\"d\":"u8;

    /// <summary>Head, digits, middle, <c>d</c> and the closing brace.</summary>
    public static int DispatchLength(DispatchEvent dispatch, int seq) =>
        dispatch.Name.JsonHead.Length + Digits(seq) + EventName.JsonMiddle.Length + dispatch.Length + 1;

    public static int ControlLength(int opcode, ReadOnlySpan<byte> d) => ControlHead.Length + Digits(opcode) + ControlMiddle.Length + d.Length + 1;

    public static void WriteDispatch(FrameBatch batch, DispatchEvent dispatch, int seq)
    {
        WriteDispatchHead(batch, dispatch.Name, seq);
        batch.Append(dispatch.Body.Span);
        batch.Append(dispatch.BodyTail.Span);
        batch.Append("}"u8);
    }

    /// <summary>All that precedes <c>d</c>.</summary>
    public static void WriteDispatchHead(FrameBatch batch, EventName name, int seq)
    {
        batch.Append(name.JsonHead);
        WriteNumber(batch, seq);
        batch.Append(EventName.JsonMiddle);
    }

    public static void WriteControl(FrameBatch batch, int opcode, ReadOnlySpan<byte> d)
    {
        batch.Append(ControlHead);
        WriteNumber(batch, opcode);
        batch.Append(ControlMiddle);
        batch.Append(d);
        batch.Append("}"u8);
    }

    public static int Digits(int value)
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
