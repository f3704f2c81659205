using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Discord.Actors.Sessions;
using Discord.Node.Gateway.Framing;
using Discord.Node.Gateway.Sending;
using Discord.Protocol.Compression;

namespace Discord.Node.Gateway.Wire;

/// <summary>
/// <c>zlib-stream</c> without a context per connection (<see cref="SharedDeflate"/>): an event's shared part is deflated once and kept
/// with it, and goes to every connection behind the few stored bytes that differ.
/// </summary>
internal sealed class SharedZlibWire : WireEncoder
{
    public static readonly SharedZlibWire Json = new(PayloadFormat.Json);
    public static readonly SharedZlibWire Etf = new(PayloadFormat.Etf);

    private static readonly ConditionalWeakTable<byte[], byte[]> FirstParts = [];

    private readonly PayloadWriter _payload;
    private readonly Func<DispatchEvent, Deflated> _create;
    private readonly Func<Deflated, DispatchEvent, byte[]> _tail;

    private SharedZlibWire(PayloadFormat format)
    {
        _payload = PayloadWriter.Of(format);
        _create = static _ => new Deflated();
        _tail = format == PayloadFormat.Json
            ? static (deflated, dispatch) => deflated.Json ??= SharedDeflate.Deflate(JsonPayload.Instance.Tail(dispatch))
            : static (deflated, dispatch) => deflated.Etf ??= SharedDeflate.Deflate(EtfPayload.Instance.Tail(dispatch));
    }

    public override void Dispatch(FrameBatch batch, DispatchEvent dispatch, int seq)
    {
        if (_payload == JsonPayload.Instance && TryDispatchSplit(batch, dispatch, seq))
            return;
        var tail = _tail(dispatch.Deflated(_create), dispatch);
        var head = _payload.HeadLength(dispatch, seq);
        batch.BeginFrame(FrameOpcode.Binary, SharedDeflate.StoredOverhead + head + tail.Length);
        BeginStored(batch, head);
        _payload.WriteHead(batch, dispatch, seq);
        batch.Append(tail);
    }

    /// <summary>
    /// Events whose long first part is shared by different events (a guild, for each of its members): that part is deflated once and kept
    /// for as long as its bytes live; the short rest is stored.
    /// </summary>
    private static bool TryDispatchSplit(FrameBatch batch, DispatchEvent dispatch, int seq)
    {
        var rest = dispatch.BodyTail.Length + 1;
        if (rest is 1 or > SharedDeflate.MaxStored
            || !MemoryMarshal.TryGetArray(dispatch.Body, out var body) || body.Count != body.Array!.Length)
        {
            return false;
        }
        var first = FirstParts.GetValue(body.Array, static bytes => SharedDeflate.Deflate(bytes));
        var head = JsonPayload.Instance.HeadLength(dispatch, seq) + EventName.JsonMiddle.Length;
        batch.BeginFrame(
            FrameOpcode.Binary, (2 * SharedDeflate.StoredOverhead) + head + first.Length + rest + SharedDeflate.SyncFlush.Length);
        BeginStored(batch, head);
        JsonPayload.Instance.WriteHead(batch, dispatch, seq);
        batch.Append(EventName.JsonMiddle);
        batch.Append(first);
        BeginStored(batch, rest);
        batch.Append(dispatch.BodyTail.Span);
        batch.Append("}"u8);
        batch.Append(SharedDeflate.SyncFlush);
        return true;
    }

    private static void BeginStored(FrameBatch batch, int length)
    {
        SharedDeflate.WriteStoredHead(length, batch.Reserve(SharedDeflate.StoredOverhead));
        batch.Advance(SharedDeflate.StoredOverhead);
    }

    public override void Control(FrameBatch batch, int opcode, ReadOnlySpan<byte> d, bool first)
    {
        var start = batch.BeginFrame();
        if (first)
            batch.Append(SharedDeflate.Header);
        var block = batch.Length;
        batch.Reserve(SharedDeflate.StoredOverhead);
        batch.Advance(SharedDeflate.StoredOverhead);
        _payload.WriteControl(batch, opcode, d);
        batch.EndStored(block);
        batch.Append(SharedDeflate.SyncFlush);
        batch.EndFrame(start, FrameOpcode.Binary);
    }

    // Both formats of one event may be asked for; two threads may both deflate, either result is right.
    private sealed class Deflated
    {
        public byte[]? Json { get; set; }
        public byte[]? Etf { get; set; }
    }
}
