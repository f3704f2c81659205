using Discord.Actors.Sessions;
using Discord.Node.Gateway.Framing;
using Discord.Node.Gateway.Sending;
using Discord.Protocol.Compression;

namespace Discord.Node.Gateway.Wire;

/// <summary>
/// <c>zlib-stream</c> without a context per connection (<see cref="SharedDeflate"/>): an event's shared part is deflated once and kept with it, and
/// goes to every connection behind the few stored bytes that differ.
/// </summary>
internal sealed class SharedZlibWire : WireEncoder
{
    public static readonly SharedZlibWire Json = new(PayloadFormat.Json);
    public static readonly SharedZlibWire Etf = new(PayloadFormat.Etf);

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
        var tail = _tail(dispatch.Deflated(_create), dispatch);
        var head = _payload.HeadLength(dispatch, seq);
        batch.BeginFrame(FrameOpcode.Binary, SharedDeflate.StoredOverhead + head + tail.Length);
        SharedDeflate.WriteStoredHead(head, batch.Reserve(SharedDeflate.StoredOverhead));
        batch.Advance(SharedDeflate.StoredOverhead);
        _payload.WriteHead(batch, dispatch, seq);
        batch.Append(tail);
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
