using System.IO.Compression;
using System.Text;
using System.Text.Json;
using Discord.Actors.Sessions;
using Discord.Protocol.Compression;
using Discord.Protocol.Etf;
using Discord.Protocol.Tests.Compression;

namespace Discord.Node.Tests.Gateway;

/// <summary>Whatever a client asks for, it reads the same payloads.</summary>
public class EncodingTests
{
    private static readonly string Big = string.Concat(Enumerable.Range(0, 20_000).Select(i => $"{i:x}"));

    [Theory]
    [InlineData("json", "")]
    [InlineData("json", "zlib-stream")]
    [InlineData("json", "zstd-stream")]
    [InlineData("etf", "")]
    [InlineData("etf", "zlib-stream")]
    [InlineData("etf", "zstd-stream")]
    public async Task Every_encoding_and_compression_delivers_equal_payloads(string encoding, string compress)
    {
        Assert.SkipUnless(compress != "zstd-stream" || ZstdStreamCompressor.IsAvailable, "libzstd.so.1 is not installed");
        await using var host = await GatewayHost.StartAsync();
        await using var client = await RawClient.ConnectAsync(host, $"/?v=10&encoding={encoding}&compress={compress}");
        using IInflater? inflater = compress switch
        {
            "zlib-stream" => new DotNetInflater(),
            "zstd-stream" => new ZstdInflater(),
            _ => null,
        };
        Assert.Equal("""{"t":null,"s":null,"op":10,"d":{"heartbeat_interval":41250}}""", await NextAsync());
        await SendAsync("""{"op":2,"d":{"token":"Bot secret","properties":{},"intents":1,"shard":[0,1]}}""");
        var session = await host.Sessions.NextAsync();
        Assert.Equal((0, 1), (((IdentifyCommand)session.Opening).ShardId, ((IdentifyCommand)session.Opening).ShardCount));

        // The same event twice, as two sessions would share it, then many in one batch, then one beyond every buffer.
        var shared = FakeSession.Event("MESSAGE_CREATE", """{"content":"héllo","n":[1,2.5,null,true],""", "\"id\":\"1\"}");
        session.Send(shared);
        session.Send(shared, FakeSession.Event("TYPING_START", "{}"), shared);
        await SendAsync("""{"op":1,"d":4}""");
        session.Send(FakeSession.Event("GUILD_CREATE", $$"""{"big":"{{Big}}"}"""));

        const string Shared = "\"op\":0,\"d\":{\"content\":\"héllo\",\"n\":[1,2.5,null,true],\"id\":\"1\"}}";
        Assert.Equal("{\"t\":\"MESSAGE_CREATE\",\"s\":1," + Shared, await NextAsync());
        Assert.Equal("{\"t\":\"MESSAGE_CREATE\",\"s\":2," + Shared, await NextAsync());
        Assert.Equal("""{"t":"TYPING_START","s":3,"op":0,"d":{}}""", await NextAsync());
        Assert.Equal("{\"t\":\"MESSAGE_CREATE\",\"s\":4," + Shared, await NextAsync());
        string[] last = [await NextAsync(), await NextAsync()];
        Assert.Contains("""{"t":null,"s":null,"op":11,"d":null}""", last);
        Assert.Contains($$$"""{"t":"GUILD_CREATE","s":5,"op":0,"d":{"big":"{{{Big}}}"}}""", last);

        Task SendAsync(string json) =>
            encoding == "etf" ? client.SendBinaryAsync(EtfWriter.Transcode(Encoding.UTF8.GetBytes(json))) : client.SendAsync(json);

        async Task<string> NextAsync()
        {
            var (opcode, payload) = (await client.FrameAsync())!.Value;
            Assert.Equal(encoding == "etf" || inflater is not null ? 2 : 1, opcode);
            if (compress == "zlib-stream")
                Assert.True(payload.AsSpan().EndsWith((ReadOnlySpan<byte>)[0, 0, 0xFF, 0xFF]), "a message ends on a sync flush");
            var plain = inflater?.Feed(payload) ?? payload;
            return Encoding.UTF8.GetString(encoding == "etf" ? EtfReader.ToJson(plain, 1 << 20) : plain);
        }
    }

    [Fact]
    public async Task Payload_compression_sends_large_payloads_as_blobs_and_small_ones_as_text()
    {
        await using var host = await GatewayHost.StartAsync();
        await using var client = await RawClient.ConnectAsync(host);
        var session = await client.IdentifyAsync(host, ",\"intents\":1,\"compress\":true");
        session.Send(FakeSession.Event("READY", $$"""{"big":"{{Big}}"}"""), FakeSession.Event("TYPING_START", "{}"));
        var (opcode, payload) = (await client.FrameAsync())!.Value;
        Assert.Equal(2, opcode);
        using var zlib = new ZLibStream(new MemoryStream(payload), CompressionMode.Decompress);
        using var ready = await JsonDocument.ParseAsync(zlib);
        Assert.Equal(1, ready.RootElement.GetProperty("s").GetInt32());
        Assert.Equal(Big, ready.RootElement.GetProperty("d").GetProperty("big").GetString());
        Assert.Equal("TYPING_START", (await client.JsonAsync()).GetProperty("t").GetString());
    }

    [Theory]
    [InlineData("json", "\u0083garbage")]
    [InlineData("etf", "\u0083t")]
    [InlineData("etf", "{\"op\":1}")]
    public async Task Binary_garbage_is_closed_with_4002(string encoding, string garbage)
    {
        await using var host = await GatewayHost.StartAsync();
        await using var client = await RawClient.ConnectAsync(host, $"/?v=10&encoding={encoding}");
        await client.SendBinaryAsync(Encoding.Latin1.GetBytes(garbage));
        Assert.Equal(4002, (await client.ClosedAsync()).Code);
    }
}
