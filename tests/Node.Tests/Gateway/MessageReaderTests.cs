using System.Buffers;
using System.Text;
using Discord.Node.Gateway.Framing;

namespace Discord.Node.Tests.Gateway;

public class MessageReaderTests
{
    private static readonly string Long = new('x', 300);

    // Text, an empty one, fragments with a ping between them, a length of 16 bits, a close.
    private static byte[] Conversation() =>
    [
        .. Frames.Client(1, "hällo"u8),
        .. Frames.Client(1, ""u8),
        .. Frames.Client(2, "one "u8, fin: false),
        .. Frames.Client(9, "ping"u8, mask: 0),
        .. Frames.Client(0, "two "u8, fin: false),
        .. Frames.Client(0, "three"u8),
        .. Frames.Client(1, Encoding.UTF8.GetBytes(Long)),
        .. Frames.Client(8, [0x03, 0xE8]),
    ];

    private static readonly string[] Expected =
        ["Text:hällo", "Text:", "Ping:ping", "Binary:one two three", $"Text:{Long}", "Close:\u0003\uFFFD"];

    [Fact]
    public void Reader_fed_whole_gives_every_message() => Assert.Equal(Expected, Read([Conversation()]));

    [Fact]
    public void Reader_fed_in_two_parts_cut_at_every_byte_gives_the_same()
    {
        var bytes = Conversation();
        for (var cut = 0; cut <= bytes.Length; cut++)
            Assert.Equal(Expected, Read([bytes[..cut], bytes[cut..]]));
    }

    [Fact]
    public void Reader_fed_byte_by_byte_gives_the_same() => Assert.Equal(Expected, Read([.. Conversation().Select(b => new[] { b })]));

    [Fact]
    public void Reader_given_segments_of_one_byte_gives_the_same()
    {
        var reader = new MessageReader();
        var bytes = Segments.Of([.. Conversation().Select(b => new[] { b })]);
        Assert.Equal(Expected, Drain(ref reader, ref bytes));
        Assert.True(bytes.IsEmpty);
    }

    [Theory]
    [InlineData(0x81, 0x05, 1002)] // no mask
    [InlineData(0xC1, 0x85, 1002)] // reserved bit
    [InlineData(0x83, 0x85, 1002)] // reserved opcode
    [InlineData(0x8B, 0x85, 1002)]
    [InlineData(0x09, 0x85, 1002)] // fragmented ping
    [InlineData(0x89, 0xFE, 1002)] // ping of more than 125 bytes
    [InlineData(0x80, 0x85, 1002)] // continuation of nothing
    public void Reader_given_a_bad_header_tells_the_code(int first, int second, int code)
    {
        var reader = new MessageReader();
        var bytes = new ReadOnlySequence<byte>([(byte)first, (byte)second, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
        Assert.Equal(ReadStatus.Violation, reader.TryRead(ref bytes, 1000, out _, out var violation));
        Assert.Equal(code, violation.Code);
    }

    [Fact]
    public void Reader_given_a_length_not_in_shortest_form_refuses()
    {
        var reader = new MessageReader();
        var bytes = new ReadOnlySequence<byte>([0x81, 0xFE, 0, 5, 0, 0, 0, 0]);
        Assert.Equal(ReadStatus.Violation, reader.TryRead(ref bytes, 1000, out _, out var violation));
        Assert.Equal(1002, violation.Code);
    }

    [Fact]
    public void Reader_given_a_length_beyond_the_limit_refuses_before_the_payload()
    {
        var reader = new MessageReader();
        var bytes = new ReadOnlySequence<byte>([0x81, 0xFF, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0]);
        Assert.Equal(ReadStatus.Violation, reader.TryRead(ref bytes, 1000, out _, out var violation));
        Assert.Equal(4002, violation.Code);
    }

    [Fact]
    public void Reader_given_fragments_beyond_the_limit_refuses()
    {
        var reader = new MessageReader();
        var bytes = new ReadOnlySequence<byte>([.. Frames.Client(1, new byte[600], fin: false), .. Frames.Client(0, new byte[600])]);
        Assert.Equal(ReadStatus.Violation, reader.TryRead(ref bytes, 1000, out _, out var violation));
        Assert.Equal(4002, violation.Code);
        reader.Release();
    }

    [Fact]
    public void Reader_given_a_message_inside_another_refuses()
    {
        var reader = new MessageReader();
        var bytes = new ReadOnlySequence<byte>([.. Frames.Client(1, "a"u8, fin: false), .. Frames.Client(1, "b"u8)]);
        Assert.Equal(ReadStatus.Violation, reader.TryRead(ref bytes, 1000, out _, out var violation));
        Assert.Equal(1002, violation.Code);
        reader.Release();
    }

    [Fact]
    public void Reader_given_text_that_is_no_utf8_refuses()
    {
        var reader = new MessageReader();
        var bytes = new ReadOnlySequence<byte>(Frames.Client(1, [0xC3, 0x28]));
        Assert.Equal(ReadStatus.Violation, reader.TryRead(ref bytes, 1000, out _, out var violation));
        Assert.Equal(1007, violation.Code);
    }

    [Fact]
    public void Reader_given_random_bytes_never_throws()
    {
        var random = new Random(1);
        for (var round = 0; round < 20_000; round++)
        {
            var garbage = new byte[random.Next(0, 64)];
            random.NextBytes(garbage);
            var reader = new MessageReader();
            var bytes = new ReadOnlySequence<byte>(garbage);
            while (reader.TryRead(ref bytes, 1000, out var message, out _) == ReadStatus.Complete)
                message.Release();
            reader.Release();
        }
    }

    private static List<string> Read(byte[][] parts)
    {
        var reader = new MessageReader();
        var messages = new List<string>();
        var waiting = Array.Empty<byte>();
        foreach (var part in parts)
        {
            var bytes = new ReadOnlySequence<byte>([.. waiting, .. part]);
            messages.AddRange(Drain(ref reader, ref bytes));
            waiting = bytes.ToArray();
        }
        Assert.Empty(waiting);
        return messages;
    }

    private static List<string> Drain(ref MessageReader reader, ref ReadOnlySequence<byte> bytes)
    {
        var messages = new List<string>();
        ReadStatus status;
        while ((status = reader.TryRead(ref bytes, 1000, out var message, out _)) == ReadStatus.Complete)
        {
            messages.Add($"{message.Opcode}:{Encoding.UTF8.GetString(message.Payload)}");
            message.Release();
        }
        Assert.Equal(ReadStatus.NeedMore, status);
        return messages;
    }

    private sealed class Segments : ReadOnlySequenceSegment<byte>
    {
        public static ReadOnlySequence<byte> Of(byte[][] parts)
        {
            var first = new Segments { Memory = parts[0] };
            var last = first;
            foreach (var part in parts.Skip(1))
            {
                var next = new Segments { Memory = part, RunningIndex = last.RunningIndex + last.Memory.Length };
                last.Next = next;
                last = next;
            }
            return new ReadOnlySequence<byte>(first, 0, last, last.Memory.Length);
        }
    }
}
