using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net.Sockets;
using System.Text;
using Discord.Clients.Kit;

namespace Discord.Clients;

/// <summary>SIGTERM while everybody is busy.</summary>
public sealed class ShutdownTests
{
    private static readonly TimeSpan Stated = TimeSpan.FromSeconds(5);

    [Fact]
    public async Task Sigterm_under_load_tells_sessions_to_reconnect_finishes_writes_and_ends_in_time_whoever_hangs()
    {
        await using NodeProcess node = await NodeProcess.StartRestartableAsync("--rate-limits", "off", "--shutdown-timeout", "5s");
        Seed place = await node.SeedAsync();
        ConcurrentQueue<StoredMessage> acknowledged = [];
        Task[] posters = [.. Enumerable.Range(0, 8).Select(PostAsync)];
        await using Listener session = await Listener.IdentifyAsync(node, place.BotToken);

        // One that never answers the close, one within its body, one within its head.
        using TcpClient deaf = await SendAsync("GET /?v=10 HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n");
        using TcpClient slow = await SendAsync($"POST /api/v10/channels/{place.ChannelId}/messages HTTP/1.1\r\nHost: x\r\n"
            + $"Authorization: {place.UserToken}\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n{{");
        using TcpClient half = await SendAsync("GET /api/v10/gate");
        await NodeProcess.UntilAsync("there is load", () => Task.FromResult(acknowledged.Count >= 200));

        Stopwatch took = Stopwatch.StartNew();
        node.Tell(15);
        await session.OpcodeAsync(7);
        // A second one changes nothing.
        if (!session.Ended)
            node.Tell(15);
        await node.StoppedAsync();
        Assert.True(took.Elapsed < Stated + TimeSpan.FromSeconds(2),
            $"The node took {took.Elapsed.TotalSeconds:0.0} s; stated are {Stated.TotalSeconds:0} s.");
        await Task.WhenAll(posters);
        await session.EndedAsync();
        session.AssertGapless();

        await node.StartAgainAsync();
        using Poster reader = new(node, place.UserToken);
        List<StoredMessage> stored = await reader.HistoryAsync(place.ChannelId);
        Assert.Empty(acknowledged.Except(stored));
        Assert.Equal(stored.Count, stored.DistinctBy(m => m.Content).Count());

        // Until the node refuses, or is gone.
        async Task PostAsync(int number)
        {
            using Poster poster = new(node, place.UserToken);
            for (int i = 0; ; i++)
            {
                string content = $"p{number} {i}";
                if (await poster.TrySendAsync(HttpMethod.Post, $"/channels/{place.ChannelId}/messages",
                    new { content }) is not { Status: 200 } answer)
                    return;
                acknowledged.Enqueue(new StoredMessage(ulong.Parse((string)answer.Body!["id"]!), content));
            }
        }

        async Task<TcpClient> SendAsync(string text)
        {
            Uri address = new(node.Url);
            TcpClient client = new();
            await client.ConnectAsync(address.Host, address.Port);
            await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(text));
            return client;
        }
    }
}
