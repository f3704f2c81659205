using System.Net;
using Discord.Cql.Errors;
using Discord.Cql.Wire;

namespace Discord.Cql.Tests.Server;

/// <summary>What becomes of requests when a server, or the way to it, does what it should not.</summary>
public sealed class FaultTests
{
    private static readonly CqlStatementOptions s_idempotent = new() { IsIdempotent = true };

    [Fact]
    public async Task Answers_in_another_order_reach_their_requests()
    {
        await using var server = new ScriptedServer();
        await using var session = await CqlSession.ConnectAsync(server.Options());
        var asked = Enumerable.Range(0, 3).Select(i => session.ExecuteAsync($"Q{i}").AsTask()).ToArray();
        var requests = new[] { await server.NextAsync(), await server.NextAsync(), await server.NextAsync() };

        foreach (var request in requests.Reverse())
            request.AnswerRows([("q", CqlType.Of(CqlTypeCode.Varchar))], [request.Text]);

        for (var i = 0; i < asked.Length; i++)
        {
            using var rows = await asked[i];
            Assert.Equal($"Q{i}", rows.First(row => row.GetText(0)));
        }
    }

    [Fact]
    public async Task Answer_that_arrives_a_byte_at_a_time_is_whole()
    {
        await using var server = new ScriptedServer();
        await using var session = await CqlSession.ConnectAsync(server.Options());
        var asked = session.ExecuteAsync("Q").AsTask();
        var request = await server.NextAsync();

        var frame = ScriptedServer.Peer.Frame(
            request.Stream, Opcode.Result, FrameFlags.None, Bodies.Rows([("a", CqlType.Of(CqlTypeCode.Int))], [5]));
        foreach (var single in frame) request.Peer.SendRaw([single]);

        using var rows = await asked;
        Assert.Equal(5, rows.First(row => row.GetInt32(0)));
    }

    [Fact]
    public async Task Write_in_flight_when_the_connection_drops_is_not_repeated_and_says_that_it_was_sent()
    {
        await using var server = new ScriptedServer();
        await using var session = await CqlSession.ConnectAsync(server.Options());
        var asked = session.ExecuteAsync("UPDATE").AsTask();
        (await server.NextAsync()).Peer.Drop();

        var error = await Assert.ThrowsAsync<CqlConnectionException>(() => asked);

        Assert.True(error.WasSent);
        Assert.True(error.IsTransient);
        Assert.Equal(server.Address, error.Host);
    }

    [Fact]
    public async Task Idempotent_statement_in_flight_when_a_host_drops_is_answered_by_the_next()
    {
        await using var first = new ScriptedServer();
        await using var second = first.WithAnother();
        second.OnRequest = Answer;
        first.OnRequest = request =>
        {
            request.Peer.Drop();
            return true;
        };
        await using var session = await CqlSession.ConnectAsync(first.Options());
        await ConnectedAsync(session, 2);

        for (var i = 0; i < 4; i++)
        {
            await session.ExecuteAsync(new SimpleStatement("UPDATE", s_idempotent));
        }

        static bool Answer(ScriptedServer.Request request)
        {
            request.AnswerVoid();
            return true;
        }
    }

    [Fact]
    public async Task Connection_that_was_lost_is_made_anew()
    {
        await using var server = new ScriptedServer();
        await using var session = await CqlSession.ConnectAsync(server.Options());
        var before = server.Accepted;

        server.DropAll();

        await Pulse.UntilAsync(() => server.Accepted >= before + 2 && session.Cluster.State.Hosts[0].IsUp);
        var asked = session.ExecuteAsync("Q").AsTask();
        (await server.NextAsync()).AnswerVoid();
        await asked;
    }

    [Fact]
    public async Task Host_that_is_down_says_why_and_that_nothing_was_sent()
    {
        await using var server = new ScriptedServer();
        await using var session = await CqlSession.ConnectAsync(server.Options());
        server.Stop();
        await Pulse.UntilAsync(() => !session.Cluster.State.Hosts[0].IsUp);

        var error = await Assert.ThrowsAsync<CqlNoHostAvailableException>(async () => await session.ExecuteAsync("Q"));

        Assert.False(error.WasSent);
        Assert.True(error.IsTransient);
        Assert.Equal(server.Address, Assert.Single(error.Causes).Host);
    }

    [Theory]
    [InlineData(new byte[] { 0x48, 0x54, 0x54, 0x50 })]
    [InlineData(new byte[] { 0x84, 0, 0, 0, 8, 0x7F, 0xFF, 0xFF, 0xFF })]
    [InlineData(new byte[] { 0x84, 0, 0x7F, 0xFF, 8, 0, 0, 0, 0 })]
    [InlineData(new byte[] { 0x84, 1, 0, 0, 8, 0, 0, 0, 4, 1, 2, 3, 4 })]
    public async Task Garbage_breaks_the_connection_and_fails_what_is_in_flight(byte[] garbage)
    {
        await using var server = new ScriptedServer();
        await using var session = await CqlSession.ConnectAsync(server.Options());
        var asked = session.ExecuteAsync("UPDATE").AsTask();

        (await server.NextAsync()).Peer.SendRaw(garbage);

        var error = await Assert.ThrowsAsync<CqlConnectionException>(() => asked);
        Assert.IsType<CqlProtocolException>(error.InnerException);
        await Pulse.UntilAsync(() => session.Cluster.State.Hosts[0].IsUp);
    }

    [Fact]
    public async Task Body_that_is_cut_short_fails_its_request_only()
    {
        await using var server = new ScriptedServer();
        await using var session = await CqlSession.ConnectAsync(server.Options());
        var asked = session.ExecuteAsync("Q").AsTask();
        (await server.NextAsync()).Answer(Opcode.Result, [0, 0, 0, 2, 0, 0]);

        await Assert.ThrowsAsync<CqlProtocolException>(() => asked);

        var next = session.ExecuteAsync("Q").AsTask();
        (await server.NextAsync()).AnswerVoid();
        await next;
        Assert.Equal(2, server.Accepted);
    }

    [Fact]
    public async Task Time_out_leaves_the_stream_taken_until_the_late_answer_comes()
    {
        var time = new ManualTime();
        await using var server = new ScriptedServer();
        await using var session = await CqlSession.ConnectAsync(
            server.Options(options => (options.Time, options.MaxInFlight) = (time, 1)));
        var pool = session.Cluster.State.Hosts[0].Pool;
        var asked = session.ExecuteAsync("UPDATE").AsTask();
        var request = await server.NextAsync();

        time.Advance(TimeSpan.FromSeconds(13));

        var error = await Assert.ThrowsAsync<CqlTimeoutException>(() => asked);
        Assert.True(error.WasSent);
        Assert.Equal(1, pool.InFlight);
        var next = session.ExecuteAsync("UPDATE").AsTask();
        request.AnswerVoid();
        (await server.NextAsync()).AnswerVoid();
        await next;
    }

    [Fact]
    public async Task Cancelled_request_ends_at_once_and_its_late_answer_is_nobody_elses()
    {
        await using var server = new ScriptedServer();
        await using var session = await CqlSession.ConnectAsync(server.Options());
        using var cancelled = new CancellationTokenSource();
        var asked = session.ExecuteAsync("A", cancelled.Token).AsTask();
        var first = await server.NextAsync();

        await cancelled.CancelAsync();
        await Assert.ThrowsAsync<OperationCanceledException>(() => asked);
        var other = session.ExecuteAsync("B").AsTask();
        var second = await server.NextAsync();
        Assert.NotEqual(first.Stream, second.Stream);
        first.AnswerRows([("a", CqlType.Of(CqlTypeCode.Varchar))], ["first"]);
        second.AnswerRows([("a", CqlType.Of(CqlTypeCode.Varchar))], ["second"]);

        using var rows = await other;
        Assert.Equal("second", rows.First(row => row.GetText(0)));
    }

    [Fact]
    public async Task Too_many_requests_given_up_replace_the_connection()
    {
        await using var server = new ScriptedServer();
        await using var session = await CqlSession.ConnectAsync(server.Options(options => options.MaxOrphans = 2));
        var before = server.Accepted;
        using var cancelled = new CancellationTokenSource();
        var asked = Enumerable.Range(0, 3).Select(_ => session.ExecuteAsync("Q", cancelled.Token).AsTask()).ToArray();
        for (var i = 0; i < 3; i++) await server.NextAsync();

        await cancelled.CancelAsync();

        foreach (var one in asked) await Assert.ThrowsAsync<OperationCanceledException>(() => one);
        await Pulse.UntilAsync(() => server.Accepted > before);
    }

    [Fact]
    public async Task Requests_above_the_bound_wait_and_above_the_queue_are_refused()
    {
        await using var server = new ScriptedServer();
        await using var session = await CqlSession.ConnectAsync(
            server.Options(options => (options.MaxInFlight, options.MaxQueued) = (2, 1)));
        var asked = Enumerable.Range(0, 3).Select(i => session.ExecuteAsync($"Q{i}").AsTask()).ToArray();

        var refused = await Assert.ThrowsAsync<CqlClientOverloadedException>(async () => await session.ExecuteAsync("Q3"));

        Assert.False(refused.WasSent);
        var (first, second) = (await server.NextAsync(), await server.NextAsync());
        Assert.Equal(["Q0", "Q1"], new[] { first.Text, second.Text }.Order());
        first.AnswerVoid();
        var third = await server.NextAsync();
        Assert.Equal("Q2", third.Text);
        second.AnswerVoid();
        third.AnswerVoid();
        await Task.WhenAll(asked);
    }

    [Fact]
    public async Task Waiting_requests_of_a_lost_connection_were_not_sent()
    {
        await using var server = new ScriptedServer();
        await using var session = await CqlSession.ConnectAsync(server.Options(options => options.MaxInFlight = 1));
        var sent = session.ExecuteAsync("A").AsTask();
        var waiting = session.ExecuteAsync("B").AsTask();
        var request = await server.NextAsync();

        server.Stop();

        Assert.True((await Assert.ThrowsAsync<CqlConnectionException>(() => sent)).WasSent);
        Assert.False((await Assert.ThrowsAsync<CqlNoHostAvailableException>(() => waiting)).WasSent);
        Assert.Equal("A", request.Text);
    }

    [Fact]
    public async Task Request_above_the_limit_is_refused_and_the_connection_goes_on()
    {
        await using var server = new ScriptedServer();
        await using var session = await CqlSession.ConnectAsync(server.Options(options => options.MaxRequestBytes = 2000));

        await Assert.ThrowsAsync<CqlRequestTooLargeException>(async () => await session.ExecuteAsync(new string('x', 3000)));

        var asked = session.ExecuteAsync("Q").AsTask();
        (await server.NextAsync()).AnswerVoid();
        await asked;
    }

    [Fact]
    public async Task Storm_of_unprepared_answers_prepares_once()
    {
        await using var server = new ScriptedServer();
        var prepares = 0;
        var held = new List<ScriptedServer.Request>();
        server.OnRequest = request =>
        {
            if (request.Opcode != Opcode.Prepare) return false;
            if (Interlocked.Increment(ref prepares) == 1) request.AnswerPrepared(1, ("a", CqlType.Of(CqlTypeCode.Int)));
            else held.Add(request);
            return true;
        };
        await using var session = await CqlSession.ConnectAsync(server.Options());
        var insert = await session.PrepareAsync("INSERT");
        var asked = Enumerable.Range(0, 50).Select(i => session.ExecuteAsync(insert.Bind(i)).AsTask()).ToArray();
        for (var i = 0; i < asked.Length; i++)
            (await server.ExpectAsync(Opcode.Execute)).AnswerError(0x2500, (ref WireWriter writer) => writer.ShortBytes([1]));

        await Pulse.UntilAsync(() => held.Count == 1);
        held[0].AnswerPrepared(2, ("a", CqlType.Of(CqlTypeCode.Int)));
        for (var i = 0; i < asked.Length; i++)
        {
            var again = await server.ExpectAsync(Opcode.Execute);
            Assert.Equal([0, 1, 2], again.Body[..3]);
            again.AnswerVoid();
        }

        await Task.WhenAll(asked);
        Assert.Equal(2, prepares);
    }

    [Fact]
    public async Task Host_that_never_learns_a_statement_is_asked_once_more_only()
    {
        await using var server = new ScriptedServer();
        server.OnRequest = request =>
        {
            if (request.Opcode == Opcode.Prepare) request.AnswerPrepared(1);
            else request.AnswerError(0x2500, (ref WireWriter writer) => writer.ShortBytes([1]));
            return true;
        };
        await using var session = await CqlSession.ConnectAsync(server.Options());
        var select = await session.PrepareAsync("SELECT");

        await Assert.ThrowsAsync<CqlUnpreparedException>(async () => await session.ExecuteAsync(select.Bind()));
    }

    [Fact]
    public async Task Preparing_the_same_text_at_once_is_one_request_and_a_failure_is_not_kept()
    {
        await using var server = new ScriptedServer();
        await using var session = await CqlSession.ConnectAsync(server.Options());
        var first = Enumerable.Range(0, 5).Select(_ => session.PrepareAsync("SELECT").AsTask()).ToArray();
        (await server.ExpectAsync(Opcode.Prepare)).AnswerError(0x2200);
        foreach (var one in first) await Assert.ThrowsAsync<CqlInvalidException>(() => one);

        var second = session.PrepareAsync("SELECT").AsTask();
        (await server.ExpectAsync(Opcode.Prepare)).AnswerPrepared(1);
        await second;
        await session.PrepareAsync("SELECT");
    }

    [Fact]
    public async Task Overloaded_host_is_told_to_the_writer_and_left_for_another_by_a_reader()
    {
        await using var first = new ScriptedServer();
        await using var second = first.WithAnother();
        first.OnRequest = second.OnRequest = request =>
        {
            request.AnswerError(0x1001);
            return true;
        };
        await using var session = await CqlSession.ConnectAsync(first.Options());
        await ConnectedAsync(session, 2);

        await Assert.ThrowsAsync<CqlOverloadedException>(async () => await session.ExecuteAsync("UPDATE"));
        var error = await Assert.ThrowsAsync<CqlNoHostAvailableException>(async () => await session.ExecuteAsync("SELECT"));

        Assert.Equal(2, error.Causes.Count);
        Assert.All(error.Causes, cause => Assert.IsType<CqlOverloadedException>(cause.Cause));
    }

    [Fact]
    public async Task Slow_host_is_overtaken_by_another_where_speculation_is_on()
    {
        await using var first = new ScriptedServer();
        await using var second = first.WithAnother();
        await using var session = await CqlSession.ConnectAsync(
            first.Options(options => options.SpeculativeDelay = TimeSpan.FromMilliseconds(50)));
        await ConnectedAsync(session, 2);

        var asked = session.ExecuteAsync("SELECT").AsTask();
        var requests = await Task.WhenAll(first.NextAsync(), second.NextAsync());
        requests[1].AnswerVoid();

        await asked;
    }

    [Fact]
    public async Task Error_of_one_host_does_not_count_while_the_other_may_still_answer()
    {
        await using var first = new ScriptedServer();
        await using var second = first.WithAnother();
        await using var session = await CqlSession.ConnectAsync(
            first.Options(options => options.SpeculativeDelay = TimeSpan.FromMilliseconds(50)));
        await ConnectedAsync(session, 2);

        var asked = session.ExecuteAsync("SELECT").AsTask();
        var requests = await Task.WhenAll(first.NextAsync(), second.NextAsync());
        requests[0].AnswerError(0x2200);
        // Answers of a connection are read in order: when the next one has come, so has the error.
        var others = Enumerable.Range(0, 2).Select(_ => session.ExecuteAsync("UPDATE").AsTask()).ToArray();
        foreach (var other in await Task.WhenAll(first.NextAsync(), second.NextAsync())) other.AnswerVoid();
        await Task.WhenAll(others);
        Assert.False(asked.IsCompleted);
        requests[1].AnswerVoid();

        await asked;
    }

    [Fact]
    public async Task Silent_connection_is_asked_for_a_sign_of_life_and_replaced_without_one()
    {
        var time = new ManualTime();
        await using var server = new ScriptedServer();
        await using var session = await CqlSession.ConnectAsync(server.Options(options => options.Time = time));
        var asked = new List<ScriptedServer.Peer>();
        server.OnHandshake = request =>
        {
            if (request.Opcode == Opcode.Options) lock (asked) asked.Add(request.Peer);
            return request.Opcode == Opcode.Options;
        };
        var open = server.Peers.ToArray();

        time.Advance(TimeSpan.FromSeconds(31));
        await Pulse.UntilAsync(() => { lock (asked) return asked.Count == open.Length; });
        server.OnHandshake = _ => false;
        time.Advance(TimeSpan.FromSeconds(6));

        await Pulse.UntilAsync(() =>
        {
            time.Advance(TimeSpan.FromMilliseconds(100));
            return session.Cluster.State.Hosts[0].IsUp && !server.Peers.Intersect(open).Any();
        });
    }

    [Fact]
    public async Task Server_of_another_version_is_refused_with_both_versions()
    {
        await using var server = new ScriptedServer();
        server.OnHandshake = request =>
        {
            request.Peer.SendRaw([0x83, 0, 0, 0, 0, 0, 0, 0, 0]);
            return true;
        };

        var error = await Assert.ThrowsAsync<CqlNoHostAvailableException>(() => CqlSession.ConnectAsync(server.Options()));

        Assert.Contains("version 3", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Server_that_asks_for_a_login_without_one_configured_is_refused()
    {
        await using var server = new ScriptedServer();
        server.OnHandshake = request =>
        {
            if (request.Opcode != Opcode.Startup) return false;
            request.Answer(Opcode.Authenticate, Bodies.Write((ref WireWriter writer) => writer.String("PasswordAuthenticator")));
            return true;
        };

        var error = await Assert.ThrowsAsync<CqlNoHostAvailableException>(() => CqlSession.ConnectAsync(server.Options()));

        Assert.IsType<CqlAuthenticationException>(Assert.Single(error.Causes).Cause);
        Assert.False(error.IsTransient);
    }

    [Fact]
    public async Task Data_centre_that_the_cluster_does_not_have_is_refused_with_those_it_has()
    {
        await using var server = new ScriptedServer();

        var error = await Assert.ThrowsAsync<CqlUnknownDatacenterException>(
            () => CqlSession.ConnectAsync(server.Options(options => options.LocalDatacenter = "dc9")));

        Assert.Contains("'dc9'; the cluster's are: dc1", error.Message, StringComparison.Ordinal);
        await Pulse.UntilAsync(() => server.Peers.Count == 0);
    }

    [Fact]
    public async Task Host_whose_account_of_the_cluster_makes_no_sense_is_left_for_the_next_contact_point()
    {
        await using var odd = new ScriptedServer { Tokens = null! };
        await using var sound = new ScriptedServer();

        await using var session = await CqlSession.ConnectAsync(
            odd.Options(options => options.ContactPoints = [odd.ContactPoint, sound.ContactPoint]));

        Assert.Equal(sound.Address, Assert.Single(session.Cluster.State.Hosts).Address);
        await Pulse.UntilAsync(() => odd.Peers.Count == 0);
    }

    [Fact]
    public async Task Server_that_accepts_and_says_nothing_is_given_up()
    {
        await using var server = new ScriptedServer();
        server.OnHandshake = _ => true;

        await Assert.ThrowsAsync<CqlNoHostAvailableException>(
            () => CqlSession.ConnectAsync(server.Options(options => options.ConnectTimeout = TimeSpan.FromMilliseconds(100))));
    }

    [Fact]
    public async Task Session_that_is_closed_fails_what_is_in_flight_and_takes_nothing_more()
    {
        await using var server = new ScriptedServer();
        var session = await CqlSession.ConnectAsync(server.Options());
        var asked = session.ExecuteAsync("Q").AsTask();
        await server.NextAsync();

        await session.DisposeAsync();

        await Assert.ThrowsAsync<CqlConnectionException>(() => asked);
        await Assert.ThrowsAsync<CqlSessionClosedException>(async () => await session.ExecuteAsync("Q"));
        await Pulse.UntilAsync(() => server.Peers.Count == 0);
    }

    [Fact]
    public async Task Host_that_joins_is_learned_from_an_event_and_one_that_leaves_is_forgotten()
    {
        await using var first = new ScriptedServer();
        await using var second = new ScriptedServer();
        await using var session = await CqlSession.ConnectAsync(first.Options());
        Assert.Single(session.Cluster.State.Hosts);

        first.Others.Add(second);
        Tell(first, "TOPOLOGY_CHANGE", "NEW_NODE", second.Address);
        await ConnectedAsync(session, 2);
        first.Others.Clear();
        Tell(first, "TOPOLOGY_CHANGE", "REMOVED_NODE", second.Address);

        await Pulse.UntilAsync(() => session.Cluster.State.Hosts.Length == 1 && second.Peers.Count == 0);
    }

    [Fact]
    public async Task Addresses_of_other_hosts_are_translated()
    {
        await using var first = new ScriptedServer();
        await using var second = new ScriptedServer();
        await using var hidden = new ScriptedServer();
        first.Others.Add(hidden);
        await using var session = await CqlSession.ConnectAsync(
            first.Options(
                options => options.AddressTranslator = address => address.Port == hidden.Address.Port ? second.Address : address));

        await ConnectedAsync(session, 2);

        Assert.Equal(0, hidden.Accepted);
        Assert.Single(second.Peers);
    }

    internal static Task ConnectedAsync(CqlSession session, int hosts) =>
        Pulse.UntilAsync(() => session.Cluster.State.Hosts.Length == hosts && session.Cluster.State.Hosts.All(host => host.IsUp));

    private static void Tell(ScriptedServer server, string kind, string change, IPEndPoint host)
    {
        var body = Bodies.Write((ref WireWriter writer) =>
        {
            writer.String(kind);
            writer.String(change);
            writer.Byte(4);
            writer.Raw(host.Address.GetAddressBytes());
            writer.Int(host.Port);
        });
        // To all connections, as only the one that asked for events would be told: the driver refuses none.
        foreach (var peer in server.Peers) peer.Send(FrameHeader.EventStream, Opcode.Event, FrameFlags.None, body);
    }
}
