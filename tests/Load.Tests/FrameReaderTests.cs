using Discord.Load.Wire;

namespace Discord.Load.Tests;

public class FrameReaderTests
{
    // Short, empty, 16-bit and 64-bit lengths, a message in three fragments with a ping between them.
    private static readonly (byte First, int Length)[] Sent =
    [
        (0x81, 5), (0x81, 0), (0x82, 125), (0x81, 126), (0x82, 300), (0x01, 7), (0x89, 3), (0x00, 1), (0x80, 9), (0x81, 66_000), (0x88, 2),
    ];

    [Fact]
    public void Frames_received_whole_are_all_seen() => Assert.Equal(Expected(), Read(Stream(), int.MaxValue));

    [Fact]
    public void Frames_received_one_byte_at_a_time_are_all_seen() => Assert.Equal(Expected(), Read(Stream(), 1));

    [Fact]
    public void Frames_split_at_every_byte_are_all_seen()
    {
        byte[] stream = Stream();
        var expected = Expected();
        // Every cut through the headers and small frames, then a coarse walk through the large payload.
        for (int cut = 0; cut < stream.Length; cut += cut is > 700 and < 66_500 ? 997 : 1)
        {
            var reader = new FrameReader();
            var seen = new List<(byte, bool, int)>();
            Feed(ref reader, stream.AsSpan(0, cut), seen);
            Feed(ref reader, stream.AsSpan(cut), seen);
            Assert.Equal(expected, seen);
        }
    }

    [Fact]
    public void Payload_pieces_add_up_to_the_payload()
    {
        byte[] payload = [.. Enumerable.Range(0, 300).Select(i => (byte)i)];
        byte[] stream = [0x82, 126, 1, 44, .. payload];
        for (int cut = 0; cut <= stream.Length; cut++)
        {
            var reader = new FrameReader();
            var gathered = new List<byte>();
            foreach (var part in new[] { stream[..cut], stream[cut..] })
            {
                ReadOnlySpan<byte> data = part;
                while (reader.Next(ref data, out var piece, out _)) gathered.AddRange(piece);
            }
            Assert.Equal(payload, gathered);
        }
    }

    [Theory]
    [InlineData(0xC1, 0)]
    [InlineData(0x81, 0x80)]
    public void Frame_that_a_server_may_not_send_is_refused(byte first, byte second)
    {
        byte[] stream = [first, second, 0, 0, 0, 0, 0, 0, 0, 0];
        Assert.Throws<InvalidDataException>(() => Read(stream, int.MaxValue));
        Assert.Throws<InvalidDataException>(() => Read(stream, 1));
    }

    private static byte[] Stream()
    {
        var stream = new List<byte>();
        foreach (var (first, length) in Sent)
        {
            stream.Add(first);
            if (length < 126) stream.Add((byte)length);
            else if (length <= ushort.MaxValue) stream.AddRange([126, (byte)(length >> 8), (byte)length]);
            else stream.AddRange([127, 0, 0, 0, 0, 0, (byte)(length >> 16), (byte)(length >> 8), (byte)length]);
            stream.AddRange(Enumerable.Repeat((byte)0x81, length));
        }
        return [.. stream];
    }

    private static List<(byte, bool, int)> Expected() => [.. Sent.Select(f => ((byte)(f.First & 15), f.First >= 0x80, f.Length))];

    private static List<(byte, bool, int)> Read(byte[] stream, int step)
    {
        var reader = new FrameReader();
        var seen = new List<(byte, bool, int)>();
        for (int at = 0; at < stream.Length; at += Math.Min(step, stream.Length))
            Feed(ref reader, stream.AsSpan(at, Math.Min(step, stream.Length - at)), seen);
        return seen;
    }

    private static void Feed(ref FrameReader reader, ReadOnlySpan<byte> data, List<(byte, bool, int)> seen)
    {
        while (reader.Next(ref data, out _, out bool ended))
        {
            if (ended) seen.Add((reader.Opcode, reader.Final, (int)reader.Length));
        }
    }
}
