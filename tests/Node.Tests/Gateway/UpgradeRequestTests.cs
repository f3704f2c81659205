using System.Buffers;
using System.Text;
using Discord.Node.Gateway;

namespace Discord.Node.Tests.Gateway;

public sealed class UpgradeRequestTests
{
    private static readonly byte[] Request = Encoding.ASCII.GetBytes(RawClient.Request("/gateway?v=10&encoding=json"));

    [Fact]
    public void Request_cut_at_any_byte_waits_for_more()
    {
        for (int length = 0; length < Request.Length; length++)
            Assert.Equal(UpgradeKind.NeedMore, Examine(new ReadOnlySequence<byte>(Request, 0, length)).Kind);
    }

    [Fact]
    public void Request_in_two_segments_cut_at_every_byte_is_read_alike()
    {
        var whole = Examine(new ReadOnlySequence<byte>(Request));
        Assert.Equal((UpgradeKind.Gateway, Request.Length, "v=10&encoding=json"), (whole.Kind, whole.End, whole.Query));
        for (int cut = 0; cut <= Request.Length; cut++)
            Assert.Equal(whole, Examine(Segment.Two(Request.AsMemory(0, cut), Request.AsMemory(cut))));
    }

    private static (UpgradeKind Kind, int End, string Query, string Accept) Examine(ReadOnlySequence<byte> bytes)
    {
        UpgradeKind kind = UpgradeRequest.Examine(bytes, out int end, out string query, out string accept);
        return (kind, end, query, accept);
    }

    private sealed class Segment : ReadOnlySequenceSegment<byte>
    {
        public static ReadOnlySequence<byte> Two(ReadOnlyMemory<byte> first, ReadOnlyMemory<byte> second)
        {
            Segment end = new() { Memory = second, RunningIndex = first.Length };
            return new ReadOnlySequence<byte>(new Segment { Memory = first, Next = end }, 0, end, second.Length);
        }
    }
}
