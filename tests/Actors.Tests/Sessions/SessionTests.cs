using Discord.Actors.Relays;
using Discord.Actors.Sessions;
using Discord.Protocol;
using Discord.Protocol.Gateway;

namespace Discord.Actors.Tests.Sessions;

public class SessionTests
{
    private static readonly EventName Name = new("TEST");
    private static readonly DispatchEvent Resumed = new(EventNames.Resumed, "{}"u8.ToArray());

    [Fact]
    public void Dispatches_are_numbered_from_one_without_gaps()
    {
        RecordingTransport transport = new();
        Session session = Open(transport);
        for (int i = 0; i < 5; i++)
            session.Dispatch(Event(i));
        Assert.Equal([1, 2, 3, 4, 5], transport.Sent.Select(s => s.Seq));
    }

    [Fact]
    public void Commands_that_nobody_takes_are_refused_beyond_a_bound_and_taken_again_when_there_is_room()
    {
        Session session = Open(new RecordingTransport());
        IGatewaySession commands = session;
        for (int i = 0; i < 256; i++)
            commands.Handle(new IgnoredCommand(13));
        Assert.Equal(4008, Assert.Throws<GatewayRefusedException>(() => commands.Handle(new IgnoredCommand(13))).CloseCode);
        session.Taken();
        commands.Handle(new IgnoredCommand(13));
    }

    [Fact]
    public void A_batch_costs_one_flush_and_only_what_is_wanted_and_visible_is_numbered()
    {
        RecordingTransport transport = new();
        Session session = Open(transport, intents: GatewayIntents.GuildMessages);
        Relayed[] batch =
        [
            new(Event(0), GatewayIntents.GuildMessages, Audience.Everyone),
            new(Event(1), GatewayIntents.GuildMembers, Audience.Everyone),
            new(Event(2), GatewayIntents.GuildMessages, Audience.Everyone),
            new(Event(3), GatewayIntents.None, Audience.Everyone),
        ];
        session.Dispatch(batch, 0b1011);
        Assert.Equal([(1, "0"), (2, "3")], transport.Sent.Select(s => (s.Seq, Text(s.Event))));
        Assert.Equal(1, transport.Flushes);
    }

    [Fact]
    public void Without_message_content_the_redacted_variant_is_sent_unless_the_user_is_entitled()
    {
        DispatchEvent full = new(Name, "full"u8.ToArray()) { WithoutContent = new DispatchEvent(Name, "bare"u8.ToArray()) };
        Relayed plain = new(full, GatewayIntents.GuildMessages, Audience.Everyone);
        Relayed mine = plain with { EntitledToContent = [new Snowflake(42)] };
        RecordingTransport transport = new();
        Open(transport, intents: GatewayIntents.GuildMessages).Dispatch([plain, mine], 0b11);
        Assert.Equal(["bare", "full"], transport.Sent.Select(s => Text(s.Event)));
        transport = new();
        Open(transport, intents: GatewayIntents.GuildMessages | GatewayIntents.MessageContent).Dispatch([plain], 1);
        Assert.Equal(["full"], transport.Sent.Select(s => Text(s.Event)));
    }

    [Fact]
    public void Resume_replays_what_is_missing_with_old_numbers_and_nothing_twice()
    {
        RecordingTransport first = new();
        Session session = Open(first);
        for (int i = 1; i <= 4; i++)
            session.Dispatch(Event(i));
        Assert.True(session.Release(first));
        session.Dispatch(Event(5));
        RecordingTransport second = new();
        Assert.True(session.TryResume(second, 2, Resumed));
        session.Dispatch(Event(6));
        Assert.Equal([3, 4, 5, 6, 7], second.Sent.Select(s => s.Seq));
        Assert.Equal(["3", "4", "5", "{}", "6"], second.Sent.Select(s => Text(s.Event)));
        Assert.Equal(4, first.Sent.Count);
    }

    [Theory]
    [InlineData(9)] // a number that was never given
    [InlineData(-1)]
    [InlineData(0)] // acknowledged and forgotten
    public void Resume_from_a_number_that_cannot_be_replayed_is_refused(int seq)
    {
        RecordingTransport first = new();
        Session session = Open(first);
        for (int i = 1; i <= 4; i++)
            session.Dispatch(Event(i));
        ((IGatewaySession)session).Acknowledge(2);
        Assert.False(session.TryResume(new RecordingTransport(), seq, Resumed));
    }

    [Fact]
    public void Resume_beyond_the_buffers_bound_is_refused_and_within_it_is_exact()
    {
        RecordingTransport first = new();
        Session session = Open(first, maxEvents: 10);
        session.Release(first);
        for (int i = 1; i <= 25; i++)
            session.Dispatch(Event(i));
        Assert.False(session.TryResume(new RecordingTransport(), 14, Resumed));
        RecordingTransport second = new();
        Assert.True(session.TryResume(second, 15, Resumed));
        Assert.Equal(Enumerable.Range(16, 11), second.Sent.Select(s => s.Seq));
    }

    [Fact]
    public void Resume_while_a_connection_is_attached_closes_the_old_one()
    {
        RecordingTransport first = new();
        Session session = Open(first);
        session.Dispatch(Event(1));
        RecordingTransport second = new();
        Assert.True(session.TryResume(second, 1, Resumed));
        Assert.Equal(4000, first.ClosedWith);
        Assert.False(session.Release(first));
        session.Dispatch(Event(2));
        Assert.Equal(["{}", "2"], second.Sent.Select(s => Text(s.Event)));
    }

    [Fact]
    public void Held_dispatches_follow_what_is_released_first()
    {
        RecordingTransport transport = new();
        Session session = Open(transport);
        session.Hold();
        session.Dispatch(Event(2));
        session.Release(Event(1));
        session.Dispatch(Event(3));
        Assert.Equal([(1, "1"), (2, "2"), (3, "3")], transport.Sent.Select(s => (s.Seq, Text(s.Event))));
    }

    [Fact]
    public void Ready_is_not_kept_since_who_resumes_has_read_it()
    {
        RecordingTransport transport = new();
        Session session = Open(transport);
        session.Hold();
        session.Release(Event(1), Event(2));
        RecordingTransport second = new();
        Assert.False(session.TryResume(second, 0, Resumed));
        Assert.True(session.TryResume(second, 1, Resumed));
        Assert.Equal([(2, "2"), (3, "{}")], second.Sent.Select(s => (s.Seq, Text(s.Event))));
    }

    [Fact]
    public void An_ended_session_sends_and_keeps_nothing()
    {
        RecordingTransport transport = new();
        Session session = Open(transport);
        session.End(4004, "bye");
        session.Dispatch(Event(1));
        Assert.Equal(4004, transport.ClosedWith);
        Assert.Empty(transport.Sent);
        Assert.False(session.TryResume(new RecordingTransport(), 0, Resumed));
    }

    // P: whatever threads dispatch while connections come and go, the client that resumes from the last number it saw gets every event
    // once, in order.
    [Fact]
    public async Task Resumes_under_concurrent_dispatch_lose_nothing_and_repeat_nothing()
    {
        const int Senders = 4, PerSender = 5000;
        RecordingTransport transport = new();
        Session session = Open(transport, maxEvents: Senders * PerSender * 2);
        Task senders = Task.WhenAll(Enumerable.Range(0, Senders).Select(sender => Task.Run(() =>
        {
            for (int i = 0; i < PerSender; i++)
                session.Dispatch(new DispatchEvent(Name, System.Text.Encoding.UTF8.GetBytes($"{sender}:{i}")));
        })));
        List<(int Seq, DispatchEvent Event)> seen = [];
        do
        {
            await Task.Yield();
            session.Release(transport);
            seen.AddRange(transport.Sent);
            transport = new();
            Assert.True(session.TryResume(transport, seen.Count == 0 ? 0 : seen[^1].Seq, Resumed));
        }
        while (!senders.IsCompleted);
        await senders;
        seen.AddRange(transport.Sent);
        Assert.Equal(Enumerable.Range(1, seen.Count), seen.Select(s => s.Seq));
        ILookup<string, int> bySender = seen.Where(s => s.Event.Name == Name).Select(s => Text(s.Event).Split(':'))
            .ToLookup(p => p[0], p => int.Parse(p[1]));
        Assert.Equal(Senders, bySender.Count);
        Assert.All(bySender, own => Assert.Equal(Enumerable.Range(0, PerSender), own));
    }

    [Fact]
    public void A_delivery_to_a_connected_session_allocates_nothing()
    {
        Session session = Open(new NullTransport(), intents: GatewayIntents.All);
        Relayed[] batch = [new(Event(1), GatewayIntents.GuildMessages, Audience.Everyone)];
        for (int i = 0; i < 1000; i++)
            Deliver(i);
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 1000; i++)
            Deliver(i);
        // The ring starts anew after each acknowledgement of everything; here it never empties.
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);

        void Deliver(int i)
        {
            session.Dispatch(batch, UInt128.One);
            ((IGatewaySession)session).Acknowledge(session.LastSeq - 1);
        }
    }

    private sealed class NullTransport : ISessionTransport
    {
        public bool IsCongested => false;

        public void Send(DispatchEvent dispatch, int seq) { }

        public void SendControl(int opcode, ReadOnlySpan<byte> d) { }

        public void Flush() { }

        public void Close(int code, string reason) { }
    }

    private static Session Open(ISessionTransport transport, GatewayIntents intents = GatewayIntents.All, int maxEvents = 1000)
    {
        Session session = new(
            new SessionIdentity
            {
                SessionId = "s",
                UserId = new Snowflake(42),
                ApplicationId = new Snowflake(42),
                Intents = intents,
                StartedAt = default
            },
            new SessionOptions { MaxReplayEvents = maxEvents });
        session.Open(transport);
        return session;
    }

    private static DispatchEvent Event(int i) => new(Name, System.Text.Encoding.UTF8.GetBytes(i.ToString()));

    private static string Text(DispatchEvent dispatch) => System.Text.Encoding.UTF8.GetString(dispatch.Body.Span);
}
