using System.Buffers;
using System.IO.Compression;
using Discord.Protocol.Compression;

namespace Discord.Protocol.Tests.Compression;

public sealed class StreamCompressorTests
{
    private const string NoZlib = "libz.so.1 is not installed", NoZstd = "libzstd.so.1 is not installed";

    internal static void NeedZlib() => Assert.SkipUnless(ZlibStreamCompressor.IsAvailable, NoZlib);

    internal static void NeedZstd() => Assert.SkipUnless(ZstdStreamCompressor.IsAvailable, NoZstd);

    private static byte[] Compress(StreamCompressor compressor, byte[] message)
    {
        var buffer = new ArrayBufferWriter<byte>();
        compressor.Compress(message, buffer);
        return buffer.WrittenSpan.ToArray();
    }

    private static void EveryMessageDecodesAtOnce(StreamCompressor compressor, IInflater inflater, Action<byte[]>? check = null)
    {
        var random = new Random(7);
        using (compressor)
        using (inflater)
        {
            foreach (var size in new[] { 0, 1, 5, 1023, 1024, 1025, 5000, 70_000, 300_000 })
                Round(Corpus.Noise(random, size));
            for (var i = 0; i < 300; i++)
                Round(Corpus.Message(random));
        }
        void Round(byte[] message)
        {
            var packed = Compress(compressor, message);
            check?.Invoke(packed);
            Assert.Equal(message, inflater.Feed(packed));
        }
    }

    private static void EverySplitDecodes(StreamCompressor compressor, Func<IInflater> inflater)
    {
        using (compressor)
        {
            var random = new Random(8);
            var messages = new[] { Corpus.Message(random), Corpus.Message(random) };
            byte[] packed = [.. Compress(compressor, messages[0]), .. Compress(compressor, messages[1])];
            byte[] whole = [.. messages[0], .. messages[1]];
            for (var split = 0; split <= packed.Length; split++)
            {
                using var one = inflater();
                Assert.Equal<byte[]>(whole, [.. one.Feed(packed.AsSpan(0, split)), .. one.Feed(packed.AsSpan(split))]);
            }
            using var single = inflater();
            var output = new List<byte>();
            foreach (var value in packed)
                output.AddRange(single.Feed([value]));
            Assert.Equal(whole, output);
        }
    }

    [Fact]
    public void Zlib_every_message_decodes_at_once_and_ends_on_a_sync_flush()
    {
        NeedZlib();
        EveryMessageDecodesAtOnce(new ZlibStreamCompressor(), new DotNetInflater(), static packed =>
             Assert.Equal([0, 0, 255, 255], packed[^4..]));
        EveryMessageDecodesAtOnce(new ZlibStreamCompressor(), new LibzInflater());
    }

    [Fact]
    public void ManagedZlib_every_message_decodes_at_once_and_ends_on_a_sync_flush()
    {
        NeedZlib();
        var compressor = new ManagedZlibStreamCompressor();
        using var inflater = new LibzInflater();
        var random = new Random(3);
        for (var i = 0; i < 50; i++)
        {
            var message = Corpus.Message(random);
            var packed = Compress(compressor, message);
            Assert.Equal([0, 0, 255, 255], packed[^4..]);
            Assert.Equal(message, inflater.Feed(packed));
        }
        compressor.Dispose();
    }

    [Fact]
    public void Zlib_split_at_every_byte_decodes()
    {
        NeedZlib();
        EverySplitDecodes(new ZlibStreamCompressor(), static () => new LibzInflater());
        EverySplitDecodes(new ZlibStreamCompressor(), static () => new DotNetInflater());
    }

    [Fact]
    public void Zstd_every_message_decodes_at_once()
    {
        NeedZstd();
        EveryMessageDecodesAtOnce(new ZstdStreamCompressor(), new ZstdInflater());
    }

    [Fact]
    public void Zstd_split_at_every_byte_decodes()
    {
        NeedZstd();
        EverySplitDecodes(new ZstdStreamCompressor(), static () => new ZstdInflater());
    }

    [Fact]
    public void Memory_stays_in_the_budget_and_compresses_well()
    {
        NeedZlib();
        NeedZstd();
        Check(new ZlibStreamCompressor(), 4);
        Check(new ZstdStreamCompressor(), 3);

        static void Check(StreamCompressor compressor, double leastRatio)
        {
            using (compressor)
            {
                var random = new Random(5);
                long plain = 0, packed = 0;
                for (var i = 0; i < 500; i++)
                {
                    var message = Corpus.Message(random);
                    plain += message.Length;
                    packed += Compress(compressor, message).Length;
                }
                Assert.InRange(compressor.MemoryBytes, 1, StreamCompressor.MemoryBudget);
                Assert.True((double)plain / packed > leastRatio, $"{compressor.GetType().Name}: {plain} to {packed}");
                TestContext.Current.TestOutputHelper?.WriteLine(
                    $"{compressor.GetType().Name}: {compressor.MemoryBytes} bytes, ratio {(double)plain / packed:0.00}");
            }
        }
    }

    [Fact]
    public void Disposed_compressor_refuses()
    {
        NeedZlib();
        NeedZstd();
        foreach (var compressor in new StreamCompressor[] { new ZlibStreamCompressor(), new ZstdStreamCompressor() })
        {
            compressor.Dispose();
            compressor.Dispose();
            Assert.Throws<ObjectDisposedException>(() => Compress(compressor, [1]));
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(100_000)]
    public void Payload_is_a_blob_of_its_own(int length)
    {
        var message = Corpus.Noise(new Random(1), length);
        using var zlib = new ZLibStream(new MemoryStream(PayloadCompressor.Compress(message)), CompressionMode.Decompress);
        using var plain = new MemoryStream();
        zlib.CopyTo(plain);
        Assert.Equal(message, plain.ToArray());
    }
}
