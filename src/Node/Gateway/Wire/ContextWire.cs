using System.Buffers.Binary;
using Discord.Actors.Sessions;
using Discord.Node.Gateway.Framing;
using Discord.Node.Gateway.Sending;
using Discord.Protocol.Compression;

namespace Discord.Node.Gateway.Wire;

/// <summary>
/// A stream with a context per connection (<c>zstd-stream</c>). Payloads are noted in the batch as a length and their bytes; the context,
/// which must see them in the order of the wire, takes them under the connection's lock.
/// </summary>
internal sealed class ContextWire(StreamCompressor compressor, PayloadFormat format) : WireEncoder
{
    private readonly PayloadWriter _payload = PayloadWriter.Of(format);

    public override bool IsStateful => true;

    public override void Dispatch(FrameBatch batch, DispatchEvent dispatch, int seq)
    {
        var start = Note(batch);
        _payload.Write(batch, dispatch, seq);
        batch.EndNote(start);
    }

    public override void Control(FrameBatch batch, int opcode, ReadOnlySpan<byte> d, bool first)
    {
        var start = Note(batch);
        _payload.WriteControl(batch, opcode, d);
        batch.EndNote(start);
    }

    public override void Encode(ReadOnlySpan<byte> noted, FrameBatch output)
    {
        while (!noted.IsEmpty)
        {
            var length = BinaryPrimitives.ReadInt32LittleEndian(noted);
            var start = output.BeginFrame();
            compressor.Compress(noted.Slice(sizeof(int), length), output);
            output.EndFrame(start, FrameOpcode.Binary);
            noted = noted[(sizeof(int) + length)..];
        }
    }

    public override void Dispose()
    {
        compressor.Dispose();
        base.Dispose();
    }

    private static int Note(FrameBatch batch)
    {
        batch.Reserve(sizeof(int));
        batch.Advance(sizeof(int));
        return batch.Length;
    }
}
