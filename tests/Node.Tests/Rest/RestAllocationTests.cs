using System.Net;
using System.Net.Sockets;
using System.Text;
using Discord.Node.Rest;
using Discord.Protocol.Payloads;

namespace Discord.Node.Tests.Rest;

/// <summary>What a request costs in garbage, Kestrel included: the budget of the framework.</summary>
[CollectionDefinition(nameof(RestAllocationTests), DisableParallelization = true)]
[Collection(nameof(RestAllocationTests))]
public sealed class RestAllocationTests
{
    private const int Requests = 2_000;

    [Theory]
    [InlineData("GET /api/v10/channels/1300000000000000003 HTTP/1.1\r\nHost: x\r\nAuthorization: Bot bot\r\n\r\n", 1_100)]
    [InlineData("POST /api/v10/channels/1300000000000000003/messages HTTP/1.1\r\nHost: x\r\nAuthorization: Bot bot\r\nContent-Type: application/json\r\nContent-Length: 27\r\n\r\n{\"content\":\"hello, world!\"}", 1_600)]
    public async Task Request_stays_within_its_budget(string request, int budget)
    {
        await using var node = await TestNode.StartAsync(
            parts =>
            {
                parts.Routes.Get("/channels/{channel_id}", call => new(RestReply.Json(
                    new List<VoiceRegion>(0), PayloadJson.Wire.ListVoiceRegion, call.Id("channel_id").Value > 0 ? 200 : 500)));
                parts.Routes.Post("/channels/{channel_id}/messages", async call =>
                    (await call.FormAsync()).Json.TryGetProperty("content"u8, out _) ? RestReply.NoContent : RestReply.Empty(500));
            },
            options => options.RateLimits.Enabled = false);
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(new IPEndPoint(IPAddress.Loopback, node.Host.Address.Port));
        var bytes = Encoding.ASCII.GetBytes(request);
        var answer = new byte[4096];
        Exchange(socket, bytes, answer, Requests);
        var least = long.MaxValue;
        for (var round = 0; round < 5; round++)
        {
            var before = GC.GetTotalAllocatedBytes(true);
            Exchange(socket, bytes, answer, Requests);
            least = Math.Min(least, (GC.GetTotalAllocatedBytes(true) - before) / Requests);
        }
        TestContext.Current.SendDiagnosticMessage($"{least} B per request");
        Assert.InRange(least, 0, budget);
    }

    private static void Exchange(Socket socket, byte[] request, byte[] answer, int count)
    {
        for (var i = 0; i < count; i++)
        {
            socket.Send(request);
            var length = 0;
            do
            {
                length += socket.Receive(answer.AsSpan(length));
            }
            while (answer.AsSpan(0, length).IndexOf("\r\n\r\n"u8) < 0);
            if (!answer.AsSpan(0, length).StartsWith("HTTP/1.1 20"u8))
                throw new InvalidOperationException(Encoding.ASCII.GetString(answer, 0, length));
        }
    }
}
