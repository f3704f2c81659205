using System.IO.Pipelines;
using System.Text;
using System.Text.Json;
using Discord.Actors.Sessions;
using Discord.Node.Gateway;
using Discord.Node.Gateway.Sending;
using Discord.Protocol.Compression;
using Microsoft.Extensions.Logging.Abstractions;

namespace Discord.Node.Tests.Gateway;

/// <summary>What a delivery costs, and that a slow client costs only itself.</summary>
public class DeliveryTests
{
    [Theory]
    [InlineData("json", "", 0)]
    [InlineData("etf", "", 0)]
    [InlineData("json", "zlib-stream", 0)]
    [InlineData("json", "zstd-stream", 0)]
    public async Task Delivery_allocates_nothing(string encoding, string compress, long budget)
    {
        Assert.SkipUnless(compress != "zstd-stream" || ZstdStreamCompressor.IsAvailable, "libzstd.so.1 is not installed");
        await using var link = await MemoryLink.OpenAsync($"?encoding={encoding}&compress={compress}");
        var dispatch = FakeSession.Event("MESSAGE_CREATE", JsonSerializer.Serialize(new string('x', 600)));
        var transport = link.Session.Transport;
        Deliver(1000);
        var before = GC.GetAllocatedBytesForCurrentThread();
        Deliver(1000);
        Assert.Equal(budget, GC.GetAllocatedBytesForCurrentThread() - before);

        void Deliver(int count)
        {
            for (var seq = 1; seq <= count; seq++)
            {
                transport.Send(dispatch, seq);
                transport.Flush();
            }
        }
    }

    [Fact]
    public async Task Batch_of_many_events_is_one_send()
    {
        await using var link = await MemoryLink.OpenAsync("");
        var before = link.Sink.Sends;
        link.Session.Send([.. Enumerable.Range(0, 10).Select(i => FakeSession.Event("TYPING_START", "{}"))]);
        Assert.Equal(before + 1, link.Sink.Sends);
    }

    [Fact]
    public async Task Batch_that_was_not_flushed_goes_out_before_another_connections()
    {
        await using var first = await MemoryLink.OpenAsync("");
        await using var second = await MemoryLink.OpenAsync("");
        var (one, two) = (first.Sink.Bytes, second.Sink.Bytes);
        var dispatch = FakeSession.Event("TYPING_START", "{}");
        first.Session.Transport.Send(dispatch, 1);
        second.Session.Transport.Send(dispatch, 1);
        var frame = 2 + """{"t":"TYPING_START","s":1,"op":0,"d":{}}""".Length;
        Assert.Equal((one + frame, two), (first.Sink.Bytes, second.Sink.Bytes));
        second.Session.Transport.Flush();
        first.Session.Transport.Flush();
        Assert.Equal((one + frame, two + frame), (first.Sink.Bytes, second.Sink.Bytes));
    }

    [Theory]
    [InlineData(Route.Socket)]
    [InlineData(Route.Http)]
    [InlineData(Route.Tls)]
    public async Task Reader_that_pauses_gets_everything_in_order(Route route)
    {
        await using var host = await GatewayHost.StartAsync(options => options.BacklogLimit = 16 << 20, route);
        await using var client = await RawClient.ConnectAsync(host, receiveBuffer: 8192);
        var session = await client.IdentifyAsync(host);
        var dispatch = FakeSession.Event("MESSAGE_CREATE", JsonSerializer.Serialize(new string('x', 5000)));
        // 7 MB: more than the sockets take, less than the limit.
        const int Count = 1400;
        for (var i = 0; i < Count; i++)
            session.Send(dispatch);
        Assert.True(host.Server.Metrics.WouldBlock > 0, "something must have waited");
        for (var seq = 1; seq <= Count; seq++)
            Assert.Equal(seq, (await client.JsonAsync()).GetProperty("s").GetInt32());
        await GatewayHost.UntilAsync(() => host.Server.Metrics.Backlog == 0, "backlog empty");
        session.Send(dispatch);
        Assert.Equal(Count + 1, (await client.JsonAsync()).GetProperty("s").GetInt32());
    }

    [Theory]
    [InlineData(Route.Socket)]
    [InlineData(Route.Http)]
    [InlineData(Route.Tls)]
    public async Task Reader_that_does_not_read_is_cut_at_the_bound_and_others_do_not_notice(Route route)
    {
        const int Bound = 1 << 20;
        await using var host = await GatewayHost.StartAsync(
            options => (options.BacklogLimit, options.BurstLimit) = (Bound, 2 * Bound), route);
        await using var slow = await RawClient.ConnectAsync(host, receiveBuffer: 8192);
        var slowSession = await slow.IdentifyAsync(host);
        await using var quick = await RawClient.ConnectAsync(host);
        var quickSession = await quick.IdentifyAsync(host);
        var dispatch = FakeSession.Event("MESSAGE_CREATE", JsonSerializer.Serialize(new string('x', 50_000)));
        long highest = 0;
        var seq = 0;
        while (!slowSession.Detached.IsCompleted)
        {
            Assert.True(++seq < 2000, "100 MB went to a client that does not read");
            slowSession.Send(dispatch);
            highest = Math.Max(highest, host.Server.Metrics.Backlog);
            quickSession.Send(dispatch);
            Assert.Equal(seq, (await quick.JsonAsync()).GetProperty("s").GetInt32());
        }
        Assert.Null(await slowSession.Detached);
        Assert.InRange(highest, Bound / 2, 2 * Bound);
        await GatewayHost.UntilAsync(() => host.Server.Metrics.Backlog == 0, "memory given back");
        await GatewayHost.UntilAsync(() => host.Server.Count == 1, "slow one gone");
        slowSession.Send(dispatch);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Connection_that_is_gone_lets_go_of_its_sink_before_the_transport_is_taken_down(bool fails)
    {
        await using var link = await MemoryLink.OpenAsync("");
        TaskCompletionSource<int> stuck = new(TaskCreationOptions.RunContinuationsAsynchronously);
        link.Sink.Stuck = stuck;
        link.Session.Send(FakeSession.Event("TYPING_START", "{}"));
        Assert.True(link.Metrics.Backlog > 0, "something must wait");
        await link.EndAsync();
        await link.Sink.Aborted.Task;
        Assert.False(link.Running.IsCompleted, "a send is under way");

        // What a transport that is aborted may answer, and what one threw that was written to by two at once.
        if (fails)
            stuck.SetException(new NotSupportedException());
        else
            stuck.SetResult(1);
        await link.Running;
        Assert.Equal(0, link.Metrics.Backlog);
    }

    [Fact]
    public async Task Total_bound_cuts_the_slow_before_their_own_bound()
    {
        await using var host = await GatewayHost.StartAsync(
            options => (options.BacklogLimit, options.TotalBacklogLimit, options.FairBacklog) = (1 << 20, 1 << 20, 0));
        var clients = new List<(RawClient Client, FakeSession Session)>();
        for (var i = 0; i < 4; i++)
        {
            var client = await RawClient.ConnectAsync(host, receiveBuffer: 8192);
            clients.Add((client, await client.IdentifyAsync(host)));
        }
        var dispatch = FakeSession.Event("MESSAGE_CREATE", JsonSerializer.Serialize(new string('x', 50_000)));
        long highest = 0;
        for (var i = 0; i < 400; i++)
        {
            foreach (var (_, session) in clients)
            {
                session.Send(dispatch);
                highest = Math.Max(highest, host.Server.Metrics.Backlog);
            }
        }
        Assert.InRange(highest, 1, (1 << 20) + 100_000);
        await GatewayHost.UntilAsync(() => host.Server.Count == 0, "all cut");
        foreach (var (client, _) in clients)
            await client.DisposeAsync();
    }

    [Fact]
    public async Task Login_larger_than_the_backlog_limit_arrives_in_one_batch()
    {
        await using var host = await GatewayHost.StartAsync();
        await using var client = await RawClient.ConnectAsync(host, receiveBuffer: 8192);
        var session = await client.IdentifyAsync(host);
        // 20 MB in one flush: five times what may wait otherwise.
        var dispatch = FakeSession.Event("GUILD_CREATE", JsonSerializer.Serialize(new string('x', 200_000)));
        session.Send([.. Enumerable.Repeat(dispatch, 100)]);
        for (var seq = 1; seq <= 100; seq++)
            Assert.Equal(seq, (await client.JsonAsync()).GetProperty("s").GetInt32());
    }

    /// <summary>A connection whose other end is memory.</summary>
    private sealed class MemoryLink : IAsyncDisposable
    {
        private readonly Pipe _input = new();
        private readonly GatewayServer _server;

        private MemoryLink(GatewayServer server) => _server = server;

        public Task Running { get; private set; } = Task.CompletedTask;
        public GatewayMetrics Metrics => _server.Metrics;

        public CountingSink Sink { get; } = new();
        public FakeSession Session { get; private set; } = null!;

        public static async Task<MemoryLink> OpenAsync(string query)
        {
            var sessions = new FakeSessions();
            var options = new GatewayOptions { HelloDelay = TimeSpan.Zero };
            var link = new MemoryLink(new GatewayServer(options, sessions, new GatewayMetrics(), NullLogger<GatewayServer>.Instance));
            link.Running = GatewayConnection.RunAsync(link._server, link._input.Reader, link.Sink, query, null, response: null);
            byte[] identify = [.. """{"op":2,"d":{"token":"t","intents":0}}"""u8];
            await link._input.Writer.WriteAsync(
                query.Contains("etf", StringComparison.Ordinal)
                    ? Frames.Client(2, Protocol.Etf.EtfWriter.Transcode(identify))
                    : Frames.Client(1, identify));
            link.Session = await sessions.NextAsync();
            return link;
        }

        public ValueTask EndAsync() => _input.Writer.CompleteAsync();

        public async ValueTask DisposeAsync()
        {
            await EndAsync();
            await Running;
            _server.Dispose();
            _server.Metrics.Dispose();
        }
    }

    private sealed class CountingSink : IFrameSink
    {
        public int Sends { get; private set; }
        public long Bytes { get; private set; }

        public int TrySend(ReadOnlySpan<byte> bytes)
        {
            if (Stuck is not null)
                return 0;
            Sends++;
            Bytes += bytes.Length;
            return bytes.Length;
        }

        /// <summary>While it is there nothing is taken, and what waits to be sent waits for it.</summary>
        public TaskCompletionSource<int>? Stuck { get; set; }

        public TaskCompletionSource Aborted { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Pending => Task.CompletedTask;

        public ValueTask<int> SendAsync(ReadOnlyMemory<byte> bytes) => Stuck is { } stuck ? new(stuck.Task) : new(TrySend(bytes.Span));

        public void Prepare()
        {
        }

        public void Abort() => Aborted.TrySetResult();
    }
}
