using System.Buffers.Binary;
using System.IO.Compression;
using System.Net.Sockets;
using System.Text;
using Discord.Node.Tests.Kit;

namespace Discord.Node.Tests.Gateway.Hostile;

/// <summary>
/// What no library sends, against the whole node, while a bot listens to its owner beside it: each ends with its close code, and the bot
/// hears
/// everything.
/// </summary>
public sealed class HostileFrameTests(NodeKit node) : IClassFixture<NodeKit>
{
    public static TheoryData<string, string, int> Frames => new()
    {
        { "json", "a zlib bomb", 4002 },
        { "json", "deep nesting", 4002 },
        { "json", "half a surrogate pair", 4002 },
        { "json", "a number of a thousand digits", 4002 },
        { "json", "text that is no UTF-8", 1007 },
        { "json", "no mask", 1002 },
        { "json", "a compressed bit", 1002 },
        { "json", "a long ping", 1002 },
        { "json", "a fragmented ping", 1002 },
        { "json", "a continuation of nothing", 1002 },
        { "json", "a length of 2^62", 4002 },
        { "json", "a negative length", 1002 },
        { "json", "fragments without end", 4002 },
        { "etf", "text", 4002 },
        { "etf", "a compressed term", 4002 },
        { "etf", "a list of 2^32 elements", 4002 },
        { "etf", "a map of 2^32 pairs", 4002 },
        { "etf", "a binary of 4 GiB", 4002 },
        { "etf", "lists in lists", 4002 },
        { "etf", "an unknown tag", 4002 },
        { "etf", "half a term", 4002 },
    };

    [Theory]
    [MemberData(nameof(Frames))]
    public async Task Frame_that_no_client_sends_ends_its_own_connection_only(string encoding, string frame, int code)
    {
        SeededGuild guild = await node.SeedAsync();
        await using GatewayClient bot = await (await node.ConnectAsync(guild.Bot)).IdentifyAsync();
        for (int i = 0; i < 3; i++)
        {
            Assert.Equal(code, await CloseCodeAsync(encoding, Bytes(frame)));
            (await guild.Owner.PostAsync($"/channels/{guild.ChannelId}/messages", new { content = $"m{i}" })).Expect(200);
            await bot.NextAsync("MESSAGE_CREATE", m => (string?)m["content"] == $"m{i}");
        }
        AssertGapless(bot);
    }

    [Fact]
    public async Task Session_of_somebody_else_is_not_resumed_and_its_owner_loses_nothing()
    {
        SeededGuild guild = await node.SeedAsync();
        RestClient thief = await node.BotAsync(await node.UserAsync());
        await using GatewayClient bot = await (await node.ConnectAsync(guild.Bot)).IdentifyAsync();
        await using GatewayClient taking = await node.ConnectAsync(thief);
        await taking.SendAsync(6, new { token = thief.Token, session_id = bot.SessionId, seq = bot.Seq });
        Assert.False((bool?)await taking.OpAsync(9));
        await using GatewayClient guessing = await node.ConnectAsync(thief);
        await guessing.SendAsync(6, new { token = thief.Token[..^2] + "~~", session_id = bot.SessionId, seq = bot.Seq });
        Assert.Equal(4004, await guessing.ClosedAsync());

        (await guild.Owner.PostAsync($"/channels/{guild.ChannelId}/messages", new { content = "mine" })).Expect(200);
        await bot.NextAsync("MESSAGE_CREATE");
        Assert.Null(bot.CloseCode);
        Assert.DoesNotContain(taking.Events, e => e.Op == 0);
    }

    [Fact]
    public async Task Flood_of_wrong_tokens_and_of_member_requests_leaves_others_alone()
    {
        SeededGuild guild = await node.SeedAsync();
        await using GatewayClient bot = await (await node.ConnectAsync(guild.Bot)).IdentifyAsync();
        RestClient rude = await node.BotAsync(guild.Owner);
        await node.JoinAsync(guild.Id, rude);
        Task[] floods =
        [
            .. Enumerable.Range(0, 50).Select(async _ =>
            {
                await using GatewayClient wrong = await node.ConnectAsync(rude);
                await wrong.SendAsync(2, new { token = "MTA.none.of.ours", intents = 0, properties = new { } });
                Assert.Equal(4004, await wrong.ClosedAsync());
            }),
            RequestAsync(),
        ];
        for (int i = 0; i < 20; i++)
        {
            (await guild.Owner.PostAsync($"/channels/{guild.ChannelId}/messages", new { content = $"m{i}" })).Expect(200);
            await bot.NextAsync("MESSAGE_CREATE", m => (string?)m["content"] == $"m{i}", patience: TimeSpan.FromSeconds(5));
        }
        await Task.WhenAll(floods);
        AssertGapless(bot);

        // Served as fast as it can be, or closed: nothing piles up.
        async Task RequestAsync()
        {
            await using GatewayClient session = await (await node.ConnectAsync(rude)).IdentifyAsync();
            try
            {
                for (int i = 0; i < 2_000; i++)
                    await session.SendAsync(8, new { guild_id = guild.Id.ToString(), query = "", limit = 0, nonce = $"{i}" });
                await session.NextAsync("GUILD_MEMBERS_CHUNK", c => (string?)c["nonce"] == "1999");
            }
            catch (Exception ended) when (ended is System.Net.WebSockets.WebSocketException or InvalidOperationException)
            {
                Assert.Equal(4008, await session.ClosedAsync());
            }
        }
    }

    private static void AssertGapless(GatewayClient client)
    {
        int[] numbers = [.. client.Events.Where(e => e.Op == 0).Select(e => e.Seq!.Value)];
        Assert.Equal(Enumerable.Range(1, numbers.Length), numbers);
    }

    private static byte[] Bytes(string what) => what switch
    {
        "a zlib bomb" => Gateway.Frames.Client(2, Bomb()),
        "deep nesting" => Gateway.Frames.Client(1, Encoding.ASCII.GetBytes("{\"op\":2,\"d\":" + new string('[', 7_000) + new string(']',
            7_000) + "}")),
        "half a surrogate pair" => Gateway.Frames.Client(1, """{"op":2,"d":{"token":"\ud800"}}"""u8),
        "a number of a thousand digits" => Gateway.Frames.Client(1,
            Encoding.ASCII.GetBytes($$"""{"op":{{new string('9', 1000)}},"d":1}""")),
        "text that is no UTF-8" => Gateway.Frames.Client(1, [.. "{\"op\":1,\"d\":\""u8, 0xC0, 0xAF, .. "\"}"u8]),
        "no mask" => Gateway.Frames.Client(1, "{\"op\":1}"u8, masked: false),
        "a compressed bit" => Gateway.Frames.Client(1, "{\"op\":1}"u8, reserved: 4),
        "a long ping" => Gateway.Frames.Client(9, new byte[126]),
        "a fragmented ping" => Gateway.Frames.Client(9, "x"u8, fin: false),
        "a continuation of nothing" => Gateway.Frames.Client(0, "x"u8),
        "a length of 2^62" => [0x81, 0xFF, 0x40, 0, 0, 0, 0, 0, 0, 0, 1, 2, 3, 4],
        "a negative length" => [0x81, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 1, 2, 3, 4],
        "fragments without end" =>
            [.. Gateway.Frames.Client(1, new byte[1_000], fin: false), .. Enumerable.Range(0, 20).SelectMany(_ => Gateway.Frames.Client(0,
                new byte[1_000], fin: false))],
        "text" => Gateway.Frames.Client(1, "{\"op\":1,\"d\":1}"u8),
        "a compressed term" => Gateway.Frames.Client(2, [131, 80, 0xFF, 0xFF, 0xFF, 0xFF, .. Bomb()]),
        "a list of 2^32 elements" => Gateway.Frames.Client(2, [131, 108, 0xFF, 0xFF, 0xFF, 0xFF, 97, 1]),
        "a map of 2^32 pairs" => Gateway.Frames.Client(2, [131, 116, 0xFF, 0xFF, 0xFF, 0xFF, 97, 1]),
        "a binary of 4 GiB" => Gateway.Frames.Client(2, [131, 109, 0xFF, 0xFF, 0xFF, 0xFF, 97]),
        "lists in lists" => Gateway.Frames.Client(2, [131, .. Enumerable.Repeat<byte[]>([108, 0, 0, 0, 1], 2_000).SelectMany(x => x)]),
        "an unknown tag" => Gateway.Frames.Client(2, [131, 112, 0, 0, 0, 30, 0]),
        "half a term" => Gateway.Frames.Client(2, [131, 116, 0, 0, 0, 2, 109, 0, 0, 0, 2, 111, 112, 97]),
        _ => throw new ArgumentException($"There are no bytes for {what}.", nameof(what)),
    };

    // 8 MiB of zeros in 8 KiB.
    private static byte[] Bomb()
    {
        using MemoryStream packed = new();
        using (ZLibStream zlib = new(packed, CompressionLevel.SmallestSize))
            zlib.Write(new byte[8 << 20]);
        return packed.ToArray();
    }

    // Sends the bytes behind HELLO and reads on to the server's close frame.
    private async Task<int> CloseCodeAsync(string encoding, byte[] bytes)
    {
        using TcpClient client = new();
        await client.ConnectAsync(node.Host.Address.Host, node.Host.Address.Port);
        NetworkStream stream = client.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes(RawClient.Request($"/?v=10&encoding={encoding}")));
        using CancellationTokenSource limit = new(NodeKit.Patience);
        byte[] one = new byte[1];
        for (string head = ""; !head.EndsWith("\r\n\r\n", StringComparison.Ordinal); head += (char)one[0])
            await stream.ReadExactlyAsync(one, limit.Token);
        await stream.WriteAsync(bytes);
        while (true)
        {
            byte[] header = new byte[2];
            await stream.ReadExactlyAsync(header, limit.Token);
            byte[] wide = new byte[header[1] == 126 ? 2 : 0];
            await stream.ReadExactlyAsync(wide, limit.Token);
            byte[] payload = new byte[wide.Length == 2 ? BinaryPrimitives.ReadUInt16BigEndian(wide) : header[1]];
            await stream.ReadExactlyAsync(payload, limit.Token);
            if ((header[0] & 15) == 8)
                return BinaryPrimitives.ReadUInt16BigEndian(payload);
        }
    }
}
