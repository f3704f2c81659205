using System.Net.WebSockets;
using System.Text;
using System.Text.Json;
using Discord.Actors.Sessions;

namespace Discord.Node.Tests.Gateway;

/// <summary>The life of a connection over real sockets.</summary>
public class ConnectionTests
{
    [Theory]
    [InlineData(Route.Socket)]
    [InlineData(Route.Http)]
    [InlineData(Route.Tls)]
    public async Task Connection_lives_from_hello_to_dispatch_to_close(Route route)
    {
        await using var host = await GatewayHost.StartAsync(route: route);
        await using var client = await RawClient.ConnectAsync(host, "/gateway?v=9");
        var session = await client.IdentifyAsync(host);
        Assert.Equal(9, ((IdentifyCommand)session.Opening).ApiVersion);
        Assert.Equal("secret", ((IdentifyCommand)session.Opening).Token);

        session.Send(
            FakeSession.Event("READY", """{"v":9,"long":"x"}"""), FakeSession.Event("GUILD_CREATE", """{"id":"1",""", "\"me\":true}"));
        Assert.Equal("""{"t":"READY","s":1,"op":0,"d":{"v":9,"long":"x"}}""", (await client.JsonAsync()).GetRawText());
        Assert.Equal("""{"t":"GUILD_CREATE","s":2,"op":0,"d":{"id":"1","me":true}}""", (await client.JsonAsync()).GetRawText());

        await client.SendAsync("""{"op":1,"d":2}""");
        Assert.Equal("""{"t":null,"s":null,"op":11,"d":null}""", (await client.JsonAsync()).GetRawText());
        await GatewayHost.UntilAsync(() => session.Acknowledged == 2, "acknowledged");

        await client.CloseAsync(4200);
        Assert.Equal(4200, (await client.ClosedAsync()).Code);
        Assert.Equal(4200, await session.Detached);
        await GatewayHost.UntilAsync(() => host.Server.Count == 0, "gone");
        Assert.Equal(1, session.Detaches);
    }

    [Theory]
    [InlineData(Route.Socket)]
    [InlineData(Route.Http)]
    public async Task ClientWebSocket_connects_talks_and_closes(Route route)
    {
        await using var host = await GatewayHost.StartAsync(route: route);
        using var client = new ClientWebSocket();
        await client.ConnectAsync(new Uri($"ws://127.0.0.1:{host.Port}/?v=10&encoding=json"), default);
        var buffer = new byte[200_000];
        var hello = await client.ReceiveAsync(buffer, default);
        Assert.Contains("\"heartbeat_interval\":41250", Encoding.UTF8.GetString(buffer, 0, hello.Count));
        await client.SendAsync(
            """{"op":2,"d":{"token":"t","properties":{},"intents":1}}"""u8.ToArray(), WebSocketMessageType.Text, true, default);
        var session = await host.Sessions.NextAsync();

        var large = new string('y', 100_000);
        session.Send(FakeSession.Event("GUILD_CREATE", $"\"{large}\""));
        var length = 0;
        WebSocketReceiveResult part;
        do
        {
            part = await client.ReceiveAsync(new ArraySegment<byte>(buffer, length, buffer.Length - length), default);
            length += part.Count;
        }
        while (!part.EndOfMessage);
        Assert.Equal(large, JsonDocument.Parse(buffer.AsMemory(0, length)).RootElement.GetProperty("d").GetString());

        session.Transport.Close(4009, "done");
        Assert.Equal(WebSocketMessageType.Close, (await client.ReceiveAsync(buffer, default)).MessageType);
        Assert.Equal((WebSocketCloseStatus)4009, client.CloseStatus);
        await client.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, default);
        Assert.Null(await session.Detached);
    }

    [Theory]
    [InlineData("/?v=8", 4012)]
    [InlineData("/?v=abc", 4012)]
    [InlineData("/?v=10&encoding=xml", 4002)]
    [InlineData("/?v=10&encoding=json&compress=gzip", 4002)]
    public async Task Query_that_cannot_be_served_closes_with_its_code(string target, int code)
    {
        await using var host = await GatewayHost.StartAsync();
        await using var client = await RawClient.ConnectAsync(host, target);
        Assert.Equal(code, (await client.ClosedAsync()).Code);
    }

    [Theory]
    [InlineData("not json", 4002)]
    [InlineData("{}", 4002)]
    [InlineData("[]", 4002)]
    [InlineData("""{"op":"1"}""", 4002)]
    [InlineData("""{"op":1} x""", 4002)]
    [InlineData("""{"op":2,"d":null}""", 4002)]
    [InlineData("""{"op":2,"d":{}}""", 4002)]
    [InlineData("""{"op":2,"d":{"token":""}}""", 4004)]
    [InlineData("""{"op":2,"d":{"token":"t","shard":[3,2],"intents":0}}""", 4010)]
    [InlineData("""{"op":2,"d":{"token":"t","shard":"0","intents":0}}""", 4010)]
    [InlineData("""{"op":2,"d":{"token":"t","intents":-1}}""", 4013)]
    [InlineData("""{"op":6,"d":{"token":"t","session_id":"s","seq":-1}}""", 4007)]
    [InlineData("""{"op":3,"d":{"status":"online","since":null,"activities":[],"afk":false}}""", 4003)]
    [InlineData("""{"op":14,"d":{}}""", 4003)]
    [InlineData("""{"op":99,"d":{}}""", 4001)]
    public async Task Frame_before_a_session_closes_with_its_code(string frame, int code)
    {
        await using var host = await GatewayHost.StartAsync();
        await using var client = await RawClient.ConnectAsync(host);
        await client.HelloAsync();
        await client.SendAsync(frame);
        Assert.Equal(code, (await client.ClosedAsync()).Code);
        await GatewayHost.UntilAsync(() => host.Server.Count == 0, "gone");
    }

    [Theory]
    [InlineData("""{"op":2,"d":{"token":"t","intents":0}}""", 4005)]
    [InlineData("""{"op":6,"d":{"token":"t","session_id":"s","seq":1}}""", 4005)]
    [InlineData("""{"op":99,"d":{}}""", 4001)]
    [InlineData("""{"op":4,"d":{"guild_id":"abc"}}""", 4002)]
    [InlineData("""{"op":3,"d":{"status":"purple"}}""", 4002)]
    [InlineData("""{"op":8,"d":{"query":""}}""", 4002)]
    [InlineData("""{"op":3,"d":{"status":"idle","activities":[{"name":"\ud800","type":0}]}}""", 4002)]
    [InlineData("""{"op":3,"d":{"status":"idle","activities":[{"name":"x","\udc00":0}]}}""", 4002)]
    [InlineData("""{"op":14,"d":{"x":"\ud800"}}""", 4002)]
    public async Task Frame_of_a_session_closes_with_its_code_and_the_session_stays(string frame, int code)
    {
        await using var host = await GatewayHost.StartAsync();
        await using var client = await RawClient.ConnectAsync(host);
        var session = await client.IdentifyAsync(host);
        await client.SendAsync(frame);
        Assert.Equal(code, (await client.ClosedAsync()).Code);
        Assert.Null(await session.Detached);
    }

    [Fact]
    public async Task Binary_json_that_is_not_utf8_closes_with_4002()
    {
        await using var host = await GatewayHost.StartAsync();
        await using var client = await RawClient.ConnectAsync(host);
        await client.IdentifyAsync(host);
        await client.SendBinaryAsync([.. "{\"op\":3,\"d\":{\"status\":\"idle\",\"activities\":[{\"name\":\""u8, 0xFF, .. "\"}]}}"u8]);
        Assert.Equal(4002, (await client.ClosedAsync()).Code);
    }

    [Theory]
    [InlineData(4004)]
    [InlineData(4010)]
    [InlineData(4011)]
    [InlineData(4013)]
    [InlineData(4014)]
    [InlineData(4015)]
    public async Task Identify_refused_by_the_domain_closes_with_its_code(int code)
    {
        await using var host = await GatewayHost.StartAsync();
        host.Sessions.Gate = (_, _, _) => throw new GatewayRefusedException(code, "no");
        await using var client = await RawClient.ConnectAsync(host);
        await client.HelloAsync();
        await client.SendAsync("""{"op":2,"d":{"token":"t","intents":0}}""");
        Assert.Equal((code, "no"), await client.ClosedAsync());
    }

    [Fact]
    public async Task Identify_that_faults_closes_with_4000()
    {
        await using var host = await GatewayHost.StartAsync();
        host.Sessions.Gate = (_, _, _) => throw new InvalidOperationException("broken");
        await using var client = await RawClient.ConnectAsync(host);
        await client.HelloAsync();
        await client.SendAsync("""{"op":2,"d":{"token":"t","intents":0}}""");
        Assert.Equal(4000, (await client.ClosedAsync()).Code);
    }

    [Fact]
    public async Task Invalid_session_leaves_the_connection_open_for_another_identify()
    {
        await using var host = await GatewayHost.StartAsync();
        host.Sessions.Gate = (command, transport, _) =>
        {
            if (command is IdentifyCommand)
                return new(true);
            transport.SendControl(9, "false"u8);
            transport.Flush();
            return new(false);
        };
        await using var client = await RawClient.ConnectAsync(host);
        await client.HelloAsync();
        await client.SendAsync("""{"op":6,"d":{"token":"Bot t","session_id":"s","seq":null}}""");
        Assert.Equal("""{"t":null,"s":null,"op":9,"d":false}""", (await client.JsonAsync()).GetRawText());
        await client.SendAsync("""{"op":2,"d":{"token":"Bot t","intents":0}}""");
        var session = await host.Sessions.NextAsync();
        session.Send(FakeSession.Event("READY", "{}"));
        Assert.Equal("READY", (await client.JsonAsync()).GetProperty("t").GetString());
    }

    [Fact]
    public async Task Frames_before_hello_are_served_after_an_early_hello()
    {
        await using var host = await GatewayHost.StartAsync(options => options.HelloDelay = TimeSpan.FromSeconds(10));
        await using var client = await RawClient.ConnectAsync(host);
        await client.SendAsync("""{"op":1,"d":null}""");
        await client.HelloAsync();
        Assert.Equal(11, (await client.JsonAsync()).GetProperty("op").GetInt32());
        await client.SendAsync("""{"op":40,"d":{"seq":3,"qos":{}}}""");
        Assert.Equal(11, (await client.JsonAsync()).GetProperty("op").GetInt32());
    }

    [Fact]
    public async Task Hello_comes_a_moment_after_the_response_and_not_with_it()
    {
        await using var host = await GatewayHost.StartAsync(options => options.HelloDelay = TimeSpan.FromMilliseconds(300));
        await using var client = await RawClient.ConnectAsync(host);
        Assert.Equal(0, client.Socket.Available);
        await client.HelloAsync();
    }

    [Fact]
    public async Task Commands_reach_the_session_in_their_shape()
    {
        await using var host = await GatewayHost.StartAsync();
        await using var client = await RawClient.ConnectAsync(host);
        var session = await client.IdentifyAsync(host);
        await client.SendAsync("""{"op":4,"d":{"guild_id":"41771983423143937","channel_id":null,"self_mute":true,"self_deaf":false}}""");
        Assert.Equal(new VoiceStateCommand(new(41771983423143937), null, true, false, false), await session.CommandAsync());
        await client.SendAsync("""{"d":{"guild_id":41771983423143937,"user_ids":"5","nonce":"n","presences":true},"op":8}""");
        var members = Assert.IsType<RequestMembersCommand>(await session.CommandAsync());
        Assert.Equal((ulong)41771983423143937, Assert.Single(members.GuildIds).Value);
        Assert.Equal((ulong)5, Assert.Single(members.UserIds!).Value);
        Assert.Equal(("n", true, null, 0), (members.Nonce, members.Presences, members.Query, members.Limit));
        var nonce = new string('n', 33);
        await client.SendAsync($$$"""{"op":8,"d":{"guild_id":["1"],"query":"","limit":0,"user_ids":null,"nonce":"{{{nonce}}}"}}""");
        members = Assert.IsType<RequestMembersCommand>(await session.CommandAsync());
        Assert.Equal((null, "", null), (members.Nonce, members.Query, members.UserIds));
        await client.SendAsync(
            """{"op":3,"d":{"status":"idle","since":1700000000000.5,"activities":[{"name":"x","type":0}],"afk":true}}""");
        var presence = Assert.IsType<PresenceCommand>(await session.CommandAsync());
        Assert.Equal(("idle", 1700000000000L, true), (presence.Status, presence.Since, presence.Afk));
        Assert.Equal("x", presence.Activities!.Value[0].GetProperty("name").GetString());
        await client.SendAsync("""{"op":37,"d":{"subscriptions":{}}}""");
        Assert.Equal(new IgnoredCommand(37), await session.CommandAsync());
    }

    [Fact]
    public async Task Identify_fields_reach_the_domain()
    {
        await using var host = await GatewayHost.StartAsync();
        await using var client = await RawClient.ConnectAsync(host);
        var session = await client.IdentifyAsync(
            host,
            """
            ,"intents":53608447,"shard":[1,4],"large_threshold":9999,"compress":"zlib-stream",
            "presence":{"status":"dnd","activities":[]},"capabilities":16381,"client_state":{"guild_versions":{}}
            """);
        var identify = (IdentifyCommand)session.Opening;
        Assert.Equal((53608447L, 250, 16381), (identify.Intents, identify.LargeThreshold, identify.Capabilities));
        Assert.Equal((1, 4, true), (identify.ShardId, identify.ShardCount, identify.HasShard));
        Assert.Equal("dnd", identify.Presence!.Status);
        Assert.Equal("linux", identify.Properties!.Value.GetProperty("os").GetString());
        Assert.True(identify.ClientState!.Value.TryGetProperty("guild_versions", out _));
    }

    [Fact]
    public async Task User_may_send_unknown_opcodes_and_larger_messages()
    {
        await using var host = await GatewayHost.StartAsync();
        host.Sessions.IsBot = false;
        await using var client = await RawClient.ConnectAsync(host);
        await client.IdentifyAsync(host, extra: "");
        await client.SendAsync("""{"op":99,"d":{}}""");
        await client.SendAsync($$"""{"op":1,"d":1,"x":"{{new string('x', 10_000)}}"}""");
        Assert.Equal(11, (await client.JsonAsync()).GetProperty("op").GetInt32());
        await client.SendAsync($$"""{"op":1,"d":1,"x":"{{new string('x', 16_000)}}"}""");
        Assert.Equal(4002, (await client.ClosedAsync()).Code);
    }

    [Fact]
    public async Task Bot_that_sends_more_than_4096_bytes_is_closed_with_4002()
    {
        await using var host = await GatewayHost.StartAsync();
        await using var client = await RawClient.ConnectAsync(host);
        var session = await client.IdentifyAsync(host);
        await client.SendAsync($$"""{"op":1,"d":1,"x":"{{new string('x', 4096)}}"}""");
        Assert.Equal(4002, (await client.ClosedAsync()).Code);
        Assert.Null(await session.Detached);
    }

    [Fact]
    public async Task Client_that_sends_more_than_120_in_a_minute_is_closed_with_4008()
    {
        await using var host = await GatewayHost.StartAsync();
        await using var client = await RawClient.ConnectAsync(host);
        var session = await client.IdentifyAsync(host);
        for (var i = 0; i < 119; i++)
            await client.SendAsync("""{"op":1,"d":1}""");
        for (var i = 0; i < 119; i++)
            Assert.Equal(11, (await client.JsonAsync()).GetProperty("op").GetInt32());
        await client.SendAsync("""{"op":1,"d":1}""");
        Assert.Equal(4008, (await client.ClosedAsync()).Code);
        Assert.Null(await session.Detached);
    }

    [Fact]
    public async Task Flood_of_pings_is_closed_with_4008_and_the_session_stays()
    {
        await using var host = await GatewayHost.StartAsync();
        await using var client = await RawClient.ConnectAsync(host);
        var session = await client.IdentifyAsync(host);
        for (var i = 0; i < 120; i++)
            await client.WriteAsync(Frames.Client(9, "x"u8));
        Assert.Equal(4008, (await client.ClosedAsync()).Code);
        Assert.Null(await session.Detached);
    }

    [Fact]
    public async Task Presence_updates_beyond_five_are_dropped_and_the_connection_lives()
    {
        await using var host = await GatewayHost.StartAsync();
        await using var client = await RawClient.ConnectAsync(host);
        var session = await client.IdentifyAsync(host);
        for (var i = 0; i < 7; i++)
            await client.SendAsync("""{"op":3,"d":{"status":"online"}}""");
        await client.SendAsync("""{"op":4,"d":{"guild_id":"1","channel_id":"2"}}""");
        for (var i = 0; i < 5; i++)
            Assert.IsType<PresenceCommand>(await session.CommandAsync());
        Assert.IsType<VoiceStateCommand>(await session.CommandAsync());
    }

    [Fact]
    public async Task Client_that_stops_beating_is_closed_with_4009_and_its_session_stays()
    {
        var time = new ManualTime();
        await using var host = await GatewayHost.StartAsync(options => options.HelloDelay = TimeSpan.Zero, time: time);
        await using var client = await RawClient.ConnectAsync(host);
        var session = await client.IdentifyAsync(host);
        await GatewayHost.UntilAsync(() => host.Server.Metrics.Unidentified == 0, "identified");
        time.Advance(TimeSpan.FromSeconds(40));
        await client.SendAsync("""{"op":1,"d":null}""");
        Assert.Equal(11, (await client.JsonAsync()).GetProperty("op").GetInt32());
        time.Advance(TimeSpan.FromSeconds(61));
        await client.SendAsync("""{"op":1,"d":null}""");
        Assert.Equal(11, (await client.JsonAsync()).GetProperty("op").GetInt32());
        time.Advance(TimeSpan.FromSeconds(62));
        Assert.Equal(4009, (await client.ClosedAsync()).Code);
        Assert.Null(await session.Detached);
    }

    [Fact]
    public async Task Client_that_beats_but_never_identifies_is_closed_with_4003()
    {
        var time = new ManualTime();
        await using var host = await GatewayHost.StartAsync(options => options.HelloDelay = TimeSpan.Zero, time: time);
        await using var client = await RawClient.ConnectAsync(host);
        await client.HelloAsync();
        time.Advance(TimeSpan.FromSeconds(50));
        await client.SendAsync("""{"op":1,"d":null}""");
        Assert.Equal(11, (await client.JsonAsync()).GetProperty("op").GetInt32());
        time.Advance(TimeSpan.FromSeconds(11));
        Assert.Equal(4003, (await client.ClosedAsync()).Code);
    }

    [Fact]
    public async Task Client_that_does_not_answer_the_close_is_cut_but_its_session_is_free_at_once()
    {
        var time = new ManualTime();
        await using var host = await GatewayHost.StartAsync(options => options.HelloDelay = TimeSpan.Zero, time: time);
        await using var client = await RawClient.ConnectAsync(host);
        var session = await client.IdentifyAsync(host);
        session.Transport.Close(4000, "bye");
        session.Transport.Close(4009, "again");
        Assert.Null(await session.Detached);
        Assert.Equal(1, host.Server.Count);
        var frame = (await client.FrameAsync())!.Value;
        Assert.Equal((8, 4000), (frame.Opcode, (frame.Payload[0] << 8) | frame.Payload[1]));
        time.Advance(TimeSpan.FromSeconds(6));
        await GatewayHost.UntilAsync(() => host.Server.Count == 0, "cut");
        Assert.Equal(1, session.Detaches);
    }

    [Fact]
    public async Task Identify_in_progress_is_cancelled_when_the_connection_closes()
    {
        var time = new ManualTime();
        await using var host = await GatewayHost.StartAsync(options => options.HelloDelay = TimeSpan.Zero, time: time);
        var entered = new TaskCompletionSource();
        host.Sessions.Gate = async (_, _, cancellation) =>
        {
            entered.SetResult();
            await Task.Delay(Timeout.Infinite, cancellation);
            return true;
        };
        await using var client = await RawClient.ConnectAsync(host);
        await client.HelloAsync();
        await client.SendAsync("""{"op":2,"d":{"token":"t","intents":0}}""");
        await entered.Task;
        time.Advance(TimeSpan.FromSeconds(61));
        Assert.Equal(4003, (await client.ClosedAsync()).Code);
        await GatewayHost.UntilAsync(() => host.Server.Count == 0, "gone");
    }

    [Theory]
    [InlineData(null)]
    [InlineData(1000)]
    [InlineData(1001)]
    [InlineData(4901)]
    public async Task Session_hears_how_the_client_left(int? code)
    {
        await using var host = await GatewayHost.StartAsync();
        await using var client = await RawClient.ConnectAsync(host);
        var session = await client.IdentifyAsync(host);
        if (code is { } sent)
            await client.CloseAsync(sent);
        else
            await client.DisposeAsync();
        Assert.Equal(code, await session.Detached);
    }

    [Fact]
    public async Task Ping_is_answered_and_garbage_closes_with_1002()
    {
        await using var host = await GatewayHost.StartAsync();
        await using var client = await RawClient.ConnectAsync(host);
        await client.HelloAsync();
        await client.WriteAsync(Frames.Client(9, "are you there"u8));
        var pong = (await client.FrameAsync())!.Value;
        Assert.Equal((10, "are you there"), (pong.Opcode, Encoding.UTF8.GetString(pong.Payload)));
        await client.WriteAsync(Frames.Client(1, "x"u8, masked: false));
        Assert.Equal(1002, (await client.ClosedAsync()).Code);
    }

    [Theory]
    [InlineData(Route.Socket)]
    [InlineData(Route.Http)]
    public async Task Request_without_upgrade_is_told_in_json(Route route)
    {
        await using var host = await GatewayHost.StartAsync(route: route);
        using var http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{host.Port}") };
        foreach (var path in new[] { "/gateway", "/?v=10&encoding=json" })
        {
            using var answer = await http.GetAsync(path);
            Assert.Equal(426, (int)answer.StatusCode);
            Assert.Equal("application/json", answer.Content.Headers.ContentType!.ToString());
            Assert.Equal(0, JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement.GetProperty("code").GetInt32());
        }
        Assert.Equal("other", await http.GetStringAsync("/other"));
    }

    [Fact]
    public async Task Request_that_arrives_in_pieces_is_served_either_way()
    {
        await using var host = await GatewayHost.StartAsync();
        foreach (var (request, answer) in new[]
        {
            (RawClient.Request("/?v=10"), "HTTP/1.1 101"),
            ("GET /other HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", "HTTP/1.1 200"),
            ("GET /gatewayx HTTP/1.1\r\nHost: x\r\n\r\n", "HTTP/1.1 404"),
            (RawClient.Request("/").Replace("Version: 13", "Version: 12", StringComparison.Ordinal), "HTTP/1.1 426"),
        })
        {
            await using var client = await RawClient.ConnectAsync(host, upgrade: false);
            foreach (var b in Encoding.ASCII.GetBytes(request))
                await client.WriteAsync(new[] { b });
            Assert.StartsWith(answer, await client.ReadHeadAsync());
        }
    }

    [Fact]
    public async Task Upgrade_as_the_second_request_of_a_connection_is_served()
    {
        await using var host = await GatewayHost.StartAsync();
        await using var client = await RawClient.ConnectAsync(host, upgrade: false);
        await client.WriteAsync("GET /other HTTP/1.1\r\nHost: x\r\n\r\n"u8.ToArray());
        Assert.StartsWith("HTTP/1.1 200", await client.ReadHeadAsync());
        var body = await client.ReadHeadAsync("other");
        if (body != "other")
            await client.ReadHeadAsync("0\r\n\r\n");
        await client.UpgradeAsync("/gateway");
        var session = await client.IdentifyAsync(host);
        session.Send(FakeSession.Event("READY", "{}"));
        Assert.Equal("READY", (await client.JsonAsync()).GetProperty("t").GetString());
    }

    [Fact]
    public async Task Half_open_connections_beyond_the_bound_are_refused_with_1013()
    {
        await using var host = await GatewayHost.StartAsync(options => options.MaxUnidentified = 2);
        await using var one = await RawClient.ConnectAsync(host);
        await using var two = await RawClient.ConnectAsync(host);
        await one.IdentifyAsync(host);
        await two.HelloAsync();
        await using var three = await RawClient.ConnectAsync(host);
        await three.HelloAsync();
        await using var four = await RawClient.ConnectAsync(host);
        Assert.Equal((1013, "Too many connections are waiting to identify."), await four.ClosedAsync());
        Assert.Equal(3, host.Server.Count);
        await two.DisposeAsync();
        await GatewayHost.UntilAsync(() => host.Server.Count == 2, "one gone");
        await using var five = await RawClient.ConnectAsync(host);
        await five.HelloAsync();
    }

    [Fact]
    public async Task Drain_tells_clients_to_reconnect_closes_and_refuses_new_ones()
    {
        await using var host = await GatewayHost.StartAsync();
        await using var polite = await RawClient.ConnectAsync(host);
        var session = await polite.IdentifyAsync(host);
        await using var idle = await RawClient.ConnectAsync(host);
        await idle.HelloAsync();
        var drained = host.Server.DrainAsync(TimeSpan.FromSeconds(2));
        Assert.Equal(7, (await polite.JsonAsync()).GetProperty("op").GetInt32());
        await polite.CloseAsync(4200);
        Assert.Equal(4200, await session.Detached);
        Assert.Equal(7, (await idle.JsonAsync()).GetProperty("op").GetInt32());
        Assert.Equal(4000, (await idle.ClosedAsync()).Code);
        await drained;
        Assert.Equal(0, host.Server.Count);
        await using var late = await RawClient.ConnectAsync(host);
        Assert.Equal(1001, (await late.ClosedAsync()).Code);
    }
}
