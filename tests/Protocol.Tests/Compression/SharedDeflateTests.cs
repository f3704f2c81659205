using System.Buffers;
using System.Text;
using Discord.Protocol.Compression;
using Discord.Protocol.Gateway;

namespace Discord.Protocol.Tests.Compression;

public sealed class SharedDeflateTests
{
    private static byte[] Stored(ReadOnlySpan<byte> data)
    {
        var buffer = new ArrayBufferWriter<byte>();
        SharedDeflate.WriteStored(data, buffer);
        Assert.Equal(SharedDeflate.StoredLength(data.Length), buffer.WrittenCount);
        return buffer.WrittenSpan.ToArray();
    }

    private static void AnyInterleavingInflates(IInflater inflater)
    {
        using (inflater)
        {
            var random = new Random(11);
            // A few shared parts, spliced again and again, in any order, between stored parts of any length.
            var shared = Enumerable.Range(0, 8)
                .Select(index => index switch { 0 => [], 1 => Corpus.Noise(random, 70_000), 2 => [42], _ => Corpus.Message(random) })
                .Select(static plain => (Plain: plain, Packed: SharedDeflate.Deflate(plain)))
                .ToList();
            Assert.All(shared, static part => Assert.Equal([0, 0, 255, 255], part.Packed[^4..]));
            var first = true;
            for (var message = 0; message < 400; message++)
            {
                var packed = new List<byte>();
                var plain = new List<byte>();
                if (first)
                    packed.AddRange(SharedDeflate.Header);
                first = false;
                for (var part = random.Next(1, 5); part > 0; part--)
                {
                    if (random.Next(2) == 0)
                    {
                        var text = Corpus.Noise(random, random.Next(20) == 0 ? 140_000 : random.Next(60));
                        packed.AddRange(Stored(text));
                        plain.AddRange(text);
                    }
                    else
                    {
                        var (text, deflated) = shared[random.Next(shared.Count)];
                        packed.AddRange(deflated);
                        plain.AddRange(text);
                    }
                }
                packed.AddRange(SharedDeflate.SyncFlush);
                Assert.Equal(plain, inflater.Feed([.. packed]));
            }
        }
    }

    [Fact]
    public void AnyInterleaving_inflates_in_dotnet() => AnyInterleavingInflates(new DotNetInflater());

    [Fact]
    public void AnyInterleaving_inflates_in_libz()
    {
        StreamCompressorTests.NeedZlib();
        AnyInterleavingInflates(new LibzInflater());
    }

    [Fact]
    public void Split_at_every_byte_inflates()
    {
        StreamCompressorTests.NeedZlib();
        var random = new Random(2);
        var (a, b) = (Corpus.Message(random), Corpus.Message(random));
        byte[] packed =
        [
            .. SharedDeflate.Header,
            .. Stored("{\"s\":1"u8), .. SharedDeflate.Deflate(a),
            .. Stored("{\"s\":2"u8), .. SharedDeflate.Deflate(b),
        ];
        byte[] whole = [.. "{\"s\":1"u8, .. a, .. "{\"s\":2"u8, .. b];
        for (var split = 0; split <= packed.Length; split++)
        {
            using var inflater = new LibzInflater();
            Assert.Equal<byte[]>(whole, [.. inflater.Feed(packed.AsSpan(0, split)), .. inflater.Feed(packed.AsSpan(split))]);
        }
        using var single = new LibzInflater();
        var output = new List<byte>();
        foreach (var value in packed)
            output.AddRange(single.Feed([value]));
        Assert.Equal(whole, output);
    }

    [Fact]
    public void Dispatch_spliced_per_connection_is_the_plain_envelope()
    {
        var d = """{"content":"hello hello hello hello hello"}"""u8;
        var tail = SharedDeflate.Deflate(EnvelopeWriter.JsonTail(d));
        var head = DispatchHead.Of("MESSAGE_CREATE");
        using var inflater = new DotNetInflater();
        for (var sequence = 1; sequence <= 3; sequence++)
        {
            var frame = new byte[2 + SharedDeflate.StoredOverhead + head.MaxJsonLength + tail.Length];
            var at = 0;
            if (sequence == 1)
            {
                SharedDeflate.Header.CopyTo(frame);
                at = SharedDeflate.Header.Length;
            }
            var length = head.WriteJson(sequence, frame.AsSpan(at + SharedDeflate.StoredOverhead));
            SharedDeflate.WriteStoredHead(length, frame.AsSpan(at));
            at += SharedDeflate.StoredOverhead + length;
            tail.CopyTo(frame, at);
            var plain = inflater.Feed(frame.AsSpan(0, at + tail.Length));
            Assert.Equal(
                $$$"""{"t":"MESSAGE_CREATE","s":{{{sequence}}},"op":0,"d":{"content":"hello hello hello hello hello"}}""",
                Encoding.UTF8.GetString(plain));
        }
    }

    [Fact]
    public void Deflate_many_threads_agree()
    {
        var message = Corpus.Message(new Random(1));
        var expected = SharedDeflate.Deflate(message);
        Parallel.For(0, 200, _ => Assert.Equal(expected, SharedDeflate.Deflate(message)));
    }
}
