using Discord.Actors.Sessions;
using Discord.Node.Gateway.Framing;
using Discord.Node.Gateway.Sending;
using Discord.Protocol.Compression;

namespace Discord.Node.Gateway.Wire;

/// <summary>
/// Payload compression (<c>compress: true</c> in IDENTIFY): large payloads, in practice READY and the guilds, as single zlib blobs in
/// binary frames; small ones as without it, since the server may choose.
/// </summary>
internal sealed class PayloadZlibWire : WireEncoder
{
    // Below it a blob saves less than the client's work to read it.
    private const int WorthIt = 2048;

    public static readonly PayloadZlibWire Json = new(PayloadFormat.Json, JsonWire.Shared);
    public static readonly PayloadZlibWire Etf = new(PayloadFormat.Etf, EtfWire.Shared);

    [ThreadStatic]
    private static FrameBatch? t_plain;

    private readonly PayloadWriter _payload;
    private readonly WireEncoder _small;

    private PayloadZlibWire(PayloadFormat format, WireEncoder small)
    {
        _payload = PayloadWriter.Of(format);
        _small = small;
    }

    public override void Dispatch(FrameBatch batch, DispatchEvent dispatch, int seq)
    {
        if (dispatch.Length < WorthIt)
        {
            _small.Dispatch(batch, dispatch, seq);
            return;
        }
        var plain = t_plain ??= new FrameBatch();
        _payload.Write(plain, dispatch, seq);
        var start = batch.BeginFrame();
        PayloadCompressor.Compress(plain.Written, batch);
        batch.EndFrame(start, FrameOpcode.Binary);
        plain.Reset();
    }

    public override void Control(FrameBatch batch, int opcode, ReadOnlySpan<byte> d, bool first) => _small.Control(batch, opcode, d, first);
}
