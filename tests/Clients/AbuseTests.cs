using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Discord.Clients.Kit;

namespace Discord.Clients;

/// <summary>
/// Many connections that mean no good, from another process, while a bot and its owner go about their business: they lose nothing, and
/// hardly
/// notice.
/// </summary>
public sealed class AbuseTests
{
    private const int Flood = 10_000;
    private static readonly TimeSpan Bearable = TimeSpan.FromSeconds(2);

    private static readonly string[] Beginnings =
    [
        // Says nothing; stops within a request line, a head, a frame; never identifies.
        "",
        "GET /?v=10 HT",
        "GET /api/v10/gateway HTTP/1.1\r\nHost: x\r\nX-Slow: ",
        Upgrade() + "\u0081\u00fe\u000f",
        Upgrade(),
    ];

    [Fact]
    public async Task Thousands_of_half_open_connections_cost_bounded_memory_and_nobody_notices()
    {
        await using NodeProcess node = await NodeProcess.StartAsync("--rate-limits", "off");
        Seed place = await node.SeedAsync();
        await using Business business = await Business.StartAsync(node, place);
        await business.DoAsync(50);
        long before = node.Memory;
        List<Socket> flood = [];
        try
        {
            for (int i = 0; i < Flood / 100; i++)
            {
                flood.AddRange(await Task.WhenAll(Enumerable.Range(0, 100).Select(n => OpenAsync(node,
                    Beginnings[n % Beginnings.Length]))));
                await business.DoAsync(1);
            }
            await business.DoAsync(50);
            Assert.InRange(node.Memory - before, 0, 400L << 20);
            // Somebody new comes in.
            await using Listener another = await Listener.IdentifyAsync(node, place.BotToken);
        }
        finally
        {
            foreach (Socket socket in flood)
                socket.Dispose();
        }
        business.AssertNothingLost();
    }

    [Fact]
    public async Task Connections_beyond_the_descriptors_are_closed_the_stores_keep_theirs_and_no_core_spins()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no limit of descriptors.");
        await using NodeProcess node = await NodeProcess.StartAfterAsync("ulimit -n 1024", "--rate-limits", "off");
        Seed place = await node.SeedAsync();
        await using Business business = await Business.StartAsync(node, place);
        await business.DoAsync(1);
        List<Socket> flood = [];
        try
        {
            for (int i = 0; i < 2_000; i++)
                await AddAsync(flood, node);
            // The last of them is closed at once, not left waiting.
            await AssertClosedAsync(flood[^1]);
            await business.DoAsync(20);
            await business.UploadAsync();
            TimeSpan cpu = node.CpuTime;
            Stopwatch quiet = Stopwatch.StartNew();
            using PeriodicTimer second = new(TimeSpan.FromSeconds(1));
            await second.WaitForNextTickAsync();
            Assert.True(node.CpuTime - cpu < quiet.Elapsed * 0.5,
                $"The idle node used {(node.CpuTime - cpu).TotalMilliseconds:0} ms of CPU in a second.");
        }
        finally
        {
            foreach (Socket socket in flood)
                socket.Dispose();
        }
        await NodeProcess.UntilAsync("there is room again", async () =>
        {
            try
            {
                await using Listener another = await Listener.IdentifyAsync(node, place.BotToken);
                return true;
            }
            catch (System.Net.WebSockets.WebSocketException)
            {
                return false;
            }
        });
        business.AssertNothingLost();
    }

    private static string Upgrade() => "GET /?v=10&encoding=json HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n";

    private static async Task<Socket> OpenAsync(NodeProcess node, string beginning)
    {
        Socket socket = new(SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(IPAddress.Loopback, new Uri(node.Url).Port);
        if (beginning.Length > 0)
            await socket.SendAsync(Encoding.Latin1.GetBytes(beginning));
        return socket;
    }

    // The node may close a connection before connect(2) has looked at it.
    private static async Task AddAsync(List<Socket> flood, NodeProcess node)
    {
        try
        {
            flood.Add(await OpenAsync(node, ""));
        }
        catch (SocketException closed) when (closed.SocketErrorCode == SocketError.ConnectionReset)
        {
            return;
        }
    }

    private static async Task AssertClosedAsync(Socket socket)
    {
        try
        {
            Assert.Equal(0, await socket.ReceiveAsync(new byte[1]).WaitAsync(NodeProcess.Patience));
        }
        catch (SocketException reset)
        {
            Assert.Equal(SocketError.ConnectionReset, reset.SocketErrorCode);
        }
    }

    /// <summary>A bot that listens to what its owner posts.</summary>
    private sealed class Business(NodeProcess node, Seed place, Listener bot) : IAsyncDisposable
    {
        private readonly Poster _owner = new(node, place.UserToken);
        private int _posted;

        public static async Task<Business> StartAsync(NodeProcess node, Seed place) =>
            new(node, place, await Listener.IdentifyAsync(node, place.BotToken));

        /// <summary>Posts, one after the other; each must reach the bot soon.</summary>
        public async Task DoAsync(int count)
        {
            for (int i = 0; i < count; i++)
            {
                string content = $"m{_posted++}";
                Stopwatch took = Stopwatch.StartNew();
                await _owner.PostAsync(place.ChannelId, content);
                await bot.NextAsync("MESSAGE_CREATE", m => (string?)m["content"] == content);
                Assert.True(took.Elapsed < Bearable, $"{content} took {took.Elapsed.TotalMilliseconds:0} ms to the bot.");
            }
        }

        /// <summary>A file, which needs descriptors.</summary>
        public async Task UploadAsync()
        {
            using MultipartFormDataContent form = new() { { new ByteArrayContent(new byte[300_000]), "files[0]", "file.bin" } };
            await _owner.SendAsync(HttpMethod.Post, $"/channels/{place.ChannelId}/messages", form);
        }

        public void AssertNothingLost()
        {
            bot.AssertGapless();
            Assert.False(bot.Ended);
            Assert.Equal(Enumerable.Range(0, _posted).Select(i => $"m{i}"), bot.Contents(place.ChannelId).Where(c => c.Length > 0));
        }

        public async ValueTask DisposeAsync()
        {
            _owner.Dispose();
            await bot.DisposeAsync();
        }
    }
}
