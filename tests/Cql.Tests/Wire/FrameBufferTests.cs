using Discord.Cql.Errors;
using Discord.Cql.Wire;

namespace Discord.Cql.Tests.Wire;

public sealed class FrameBufferTests
{
    private const int MaxBody = 4096;

    private static readonly byte[] s_stream = [.. Frame(1, 0), .. Frame(2, 5), .. Frame(3, 1000), .. Frame(-1, 40)];

    private static readonly (short, int)[] s_frames = [(1, 0), (2, 5), (3, 1000), (-1, 40)];

    [Fact]
    public void Frames_that_arrive_whole_are_cut()
    {
        Assert.Equal(s_frames, ReadAll(s_stream, [s_stream.Length]));
    }

    [Fact]
    public void Frames_that_are_split_at_any_byte_are_cut_the_same()
    {
        for (var at = 1; at < s_stream.Length; at++) Assert.Equal(s_frames, ReadAll(s_stream, [at, s_stream.Length - at]));
    }

    [Fact]
    public void Frames_that_arrive_a_byte_at_a_time_are_cut_the_same()
    {
        Assert.Equal(s_frames, ReadAll(s_stream, Enumerable.Repeat(1, s_stream.Length)));
    }

    [Fact]
    public void Body_of_the_limit_is_read_and_one_byte_more_is_refused_before_it_arrives()
    {
        Assert.Equal([((short)1, MaxBody)], ReadAll(Frame(1, MaxBody), [FrameHeader.Size + MaxBody]));

        var error = Assert.Throws<CqlProtocolException>(() => ReadAll(Frame(1, MaxBody + 1)[..FrameHeader.Size], [FrameHeader.Size]));
        Assert.Contains("4097", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Negative_length_is_refused()
    {
        Assert.Throws<CqlProtocolException>(() => ReadAll([0x84, 0, 0, 1, 8, 0xFF, 0xFF, 0xFF, 0xFF], [9]));
    }

    [Theory]
    [InlineData((byte)'H')]
    [InlineData(0x04)]
    [InlineData(0x83)]
    [InlineData(0x85)]
    public void First_byte_of_anything_but_a_v4_answer_is_refused_at_once(byte first)
    {
        Assert.Throws<CqlProtocolException>(() => ReadAll([first], [1]));
    }

    private static byte[] Frame(short stream, int length)
    {
        var frame = new byte[FrameHeader.Size + length];
        new FrameHeader(FrameHeader.ResponseV4, FrameFlags.None, stream, Opcode.Result, length).Write(frame);
        for (var i = 0; i < length; i++) frame[FrameHeader.Size + i] = (byte)(stream + i);
        return frame;
    }

    private static List<(short, int)> ReadAll(byte[] bytes, IEnumerable<int> pieces)
    {
        var buffer = new FrameBuffer(MaxBody, initialSize: 16);
        var read = new List<(short, int)>();
        var position = 0;
        foreach (var piece in pieces)
        {
            for (var left = piece; left > 0;)
            {
                var count = Math.Min(left, buffer.Free.Length);
                bytes.AsSpan(position, count).CopyTo(buffer.Free.Span);
                buffer.Filled(count);
                position += count;
                left -= count;
                while (buffer.TryRead(out var header, out var body))
                {
                    Assert.Equal(header.Length, body.Length);
                    for (var i = 0; i < body.Length; i++) Assert.Equal((byte)(header.Stream + i), body[i]);
                    read.Add((header.Stream, header.Length));
                }
            }
        }
        Assert.Equal(0, buffer.Waiting);
        buffer.Release();
        return read;
    }
}
