using Discord.Actors.Guilds;
using Discord.Actors.Presences;
using Discord.Actors.Relays;
using Discord.Actors.Sessions;
using Discord.Actors.Tests.Sessions;
using Discord.Kernel;
using Discord.Protocol;
using Discord.Protocol.Gateway;
using Discord.Protocol.Payloads;

namespace Discord.Actors.Tests.Relays;

public sealed class RelayTests : IAsyncDisposable
{
    private static readonly EventName Name = new("TEST");
    private static readonly Snowflake GuildId = new(1000);

    private readonly ActorSystem _system = ActorSystem.Create("relays");
    private readonly GuildHandle _guild = new(GuildId, new SessionRegistry(), new PresenceBoard());
    private readonly List<(Session Session, RecordingTransport Transport)> _sessions = [];

    // The set of receivers equals what the permission algorithm says of each member alone, however sessions are grouped.
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void Events_reach_exactly_those_who_may_see_them(int seed)
    {
        Random random = new(seed);
        GuildState state = RandomGuild(random);
        IActorRef relay = Start(state);
        foreach (Member member in state.Members.All)
            Subscribe(relay, member.User!.Id);
        List<(string Tag, Audience Audience)> events = [];
        foreach (Channel channel in state.Channels.Values)
        {
            events.Add(($"view-{channel.Id}", Audience.Viewers(channel)));
            events.Add(($"manage-{channel.Id}", Audience.HoldersIn(channel, Permissions.ManageChannels)));
        }
        events.Add(("ban", Audience.HoldersOfAny(Permissions.BanMembers | Permissions.ViewAuditLog)));
        events.Add(("only", Audience.User(new Snowflake(2003))));
        events.Add(("but", Audience.EveryoneBut(new Snowflake(2003))));
        foreach ((string tag, Audience audience) in events)
            relay.Tell(new Relayed(Event(tag), GatewayIntents.Guilds, audience));
        Finish(relay);
        foreach ((Session session, RecordingTransport transport) in _sessions)
        {
            string[] expected = [.. events.Where(e => Sees(state, session.UserId, e.Audience)).Select(e => e.Tag)];
            Assert.Equal(expected, Tags(transport));
        }
    }

    [Fact]
    public void A_member_whose_role_changes_sees_by_the_new_role_from_then_on()
    {
        GuildState state = RandomGuild(new Random(1)) with { Members = MemberMap.Create([Member(2000), Member(2001)]) };
        Role role = new() { Id = new Snowflake(500), Name = "r" };
        Channel secret = Channel(700,
        [
            new(GuildId, OverwriteType.Role, default, Permissions.ViewChannel),
            new(role.Id, OverwriteType.Role, Permissions.ViewChannel, default)
        ]);
        state = state with
        {
            Roles = state.Roles.SetItem(role.Id, role).SetItem(GuildId, state.Everyone with { Permissions = Permissions.ViewChannel }),
            Channels = state.Channels.Add(secret.Id, secret)
        };
        IActorRef relay = Start(state);
        Subscribe(relay, new Snowflake(2001));
        relay.Tell(new Relayed(Event("before"), GatewayIntents.Guilds, Audience.Viewers(secret)));
        MemberPut fact = new(Member(2001) with { Roles = new[] { role.Id } });
        GuildState after = fact.Apply(state);
        relay.Tell(new GuildChanged([new GuildStep(state, fact, after, [])]));
        relay.Tell(new Relayed(Event("after"), GatewayIntents.Guilds, Audience.Viewers(secret)));
        Finish(relay);
        Assert.Equal(["after"], Tags(_sessions[0].Transport));
    }

    [Theory]
    [InlineData(true, "after")]
    [InlineData(false, "before")]
    public void What_waits_together_with_a_change_of_a_role_is_for_those_who_saw_it_then(bool gains, string heard)
    {
        GuildState state = RandomGuild(new Random(1)) with { Members = MemberMap.Create([Member(2001)]) };
        Channel channel = Channel(700, []);
        state = state with
        {
            Roles = state.Roles.SetItem(GuildId, Everyone(sees: !gains)),
            Channels = state.Channels.Clear().Add(channel.Id, channel),
        };
        IActorRef relay = Start(state);
        Subscribe(relay, new Snowflake(2001));
        RolePut fact = new(Everyone(sees: gains));
        GuildState after = fact.Apply(state);
        // What is told in a relay's turn waits together.
        relay.Tell(new Subscribe(NewSession(new Snowflake(1)), _ =>
        {
            relay.Tell(new Relayed(Event("before"), GatewayIntents.Guilds, Audience.Viewers(channel)));
            relay.Tell(new GuildChanged([new GuildStep(state, fact, after, [])]));
            relay.Tell(new Relayed(Event("after"), GatewayIntents.Guilds, Audience.Viewers(channel)));
        }));
        Finish(relay);
        Assert.Equal([heard], Tags(_sessions[0].Transport));

        Role Everyone(bool sees) => state.Everyone with { Permissions = sees ? Permissions.ViewChannel : default };
    }

    [Fact]
    public void An_overwrite_for_one_member_shows_nothing_to_those_it_saw_alike_with()
    {
        GuildState state = RandomGuild(new Random(1)) with { Members = MemberMap.Create([Member(2001), Member(2002)]) };
        Overwrite hide = new(GuildId, OverwriteType.Role, default, Permissions.ViewChannel);
        Channel secret = Channel(700, [hide]);
        state = state with
        {
            Roles = state.Roles.SetItem(GuildId, state.Everyone with { Permissions = Permissions.ViewChannel }),
            Channels = state.Channels.Clear().Add(secret.Id, secret),
        };
        IActorRef relay = Start(state);
        Subscribe(relay, new Snowflake(2001));
        Subscribe(relay, new Snowflake(2002));
        Overwrite show = new(new Snowflake(2001), OverwriteType.Member, Permissions.ViewChannel, default);
        ChannelPut fact = new(secret with { PermissionOverwrites = new[] { hide, show } });
        relay.Tell(new GuildChanged([new GuildStep(state, fact, fact.Apply(state), [])]));
        relay.Tell(new Relayed(Event("after"), GatewayIntents.Guilds, Audience.Viewers(fact.Channel)));
        Finish(relay);
        Assert.Equal(["after"], Tags(_sessions[0].Transport).Where(t => t == "after"));
        Assert.Empty(Tags(_sessions[1].Transport));
    }

    [Fact]
    public void A_member_that_leaves_hears_of_it_and_of_nothing_after()
    {
        GuildState state = RandomGuild(new Random(1)) with { Members = MemberMap.Create([Member(2000), Member(2001)]) };
        IActorRef relay = Start(state);
        Subscribe(relay, new Snowflake(2000));
        Subscribe(relay, new Snowflake(2001));
        MemberRemoved fact = new(new Snowflake(2001));
        Relayed gone = new(Event("gone"), GatewayIntents.Guilds, Audience.User(fact.UserId)) { State = state };
        relay.Tell(new GuildChanged([new GuildStep(state, fact, fact.Apply(state), [gone])]));
        relay.Tell(new Relayed(Event("later"), GatewayIntents.Guilds, Audience.Everyone));
        Finish(relay, expectAt: [0]);
        Assert.Equal(["later"], Tags(_sessions[0].Transport));
        Assert.Equal(["gone"], Tags(_sessions[1].Transport));
    }

    [Fact]
    public void Events_that_wait_together_cost_one_flush_a_session()
    {
        GuildState state = RandomGuild(new Random(1)) with { Members = MemberMap.Create([Member(2000)]) };
        IActorRef relay = Start(state);
        Subscribe(relay, new Snowflake(2000));
        Finish(relay);
        int flushes = _sessions[0].Transport.Flushes;
        // A stranger's subscription is answered in the relay's turn: what the answer queues waits together.
        relay.Tell(new Subscribe(NewSession(new Snowflake(1)), _ =>
        {
            for (int i = 0; i < 50; i++)
                relay.Tell(new Relayed(Event($"{i}"), GatewayIntents.Guilds, Audience.Everyone));
        }));
        Finish(relay);
        Assert.Equal(50, Tags(_sessions[0].Transport).Length);
        Assert.InRange(_sessions[0].Transport.Flushes - flushes, 1, 5);
    }

    public ValueTask DisposeAsync() => _system.DisposeAsync();

    private IActorRef Start(GuildState state)
    {
        _guild.State = state;
        return _system.ActorOf(Props.Create(() => new RelayActor(_guild, state, 0)));
    }

    private void Subscribe(IActorRef relay, Snowflake user)
    {
        Session session = NewSession(user);
        RecordingTransport transport = new();
        session.Open(transport);
        _guild.Sessions.Add(session);
        _sessions.Add((session, transport));
        relay.Tell(new Subscribe(session));
    }

    private static Session NewSession(Snowflake user) => new(
        new SessionIdentity
        {
            SessionId = Guid.NewGuid().ToString("n"),
            UserId = user,
            ApplicationId = user,
            Intents = GatewayIntents.All,
            StartedAt = default
        },
        new SessionOptions());

    private void Finish(IActorRef relay, int[]? expectAt = null)
    {
        string end = Guid.NewGuid().ToString("n");
        relay.Tell(new Relayed(Event("end-" + end), GatewayIntents.None, Audience.Everyone));
        foreach (int i in expectAt ?? [.. Enumerable.Range(0, _sessions.Count)])
            Assert.True(
                SpinWait.SpinUntil(() => _sessions[i].Transport.Sent.Any(s => Text(s.Event) == "end-" + end), TimeSpan.FromSeconds(20)),
                $"session {i} never saw the end");
    }

    private static bool Sees(GuildState state, Snowflake user, Audience audience)
    {
        if (audience.Only is { } only)
            return only == user;
        if (audience.Except == user)
            return false;
        Permissions held = audience.Channel is { } channel ? state.PermissionsIn(channel, user, default) : state.PermissionsOf(user);
        return (audience.Channel is null || held.Has(Permissions.ViewChannel)) && held.Has(audience.Needs)
            && (audience.NeedsAny == Permissions.None || held.HasAny(audience.NeedsAny));
    }

    private static GuildState RandomGuild(Random random)
    {
        Permissions[] bits =
        [
            Permissions.ViewChannel, Permissions.ManageChannels, Permissions.BanMembers, Permissions.ViewAuditLog, Permissions.Administrator
        ];
        Role[] roles =
        [
            new Role { Id = GuildId, Name = "@everyone", Permissions = Some() & ~Permissions.Administrator },
            .. Enumerable.Range(0, 4).Select(i => new Role { Id = new Snowflake((ulong)(500 + i)), Name = "r", Permissions = Some() })
        ];
        Channel[] channels = [.. Enumerable.Range(0, 5).Select(i => Channel(
            600 + (ulong)i, [.. Enumerable.Range(0, random.Next(4)).Select(_ => RandomOverwrite()).DistinctBy(o => o.Id)]))];
        return GuildState.None with
        {
            Properties = new GuildProperties { Id = GuildId, Name = "g", OwnerId = new Snowflake(2000) },
            Roles = GuildState.None.Roles.AddRange(roles.Select(r => KeyValuePair.Create(r.Id, r))),
            Channels = GuildState.None.Channels.AddRange(channels.Select(c => KeyValuePair.Create(c.Id, c))),
            Members = MemberMap.Create(Enumerable.Range(0, 12).Select(i => Member((ulong)(2000 + i)) with
            {
                Roles = roles.Skip(1).Where(_ => random.Next(3) == 0).Select(r => r.Id).ToArray()
            })),
        };

        Permissions Some() =>
            bits.Where(b => random.Next(b == Permissions.Administrator ? 8 : 2) == 0).Aggregate(Permissions.None, (a, b) => a | b);

        Overwrite RandomOverwrite() => random.Next(3) switch
        {
            0 => new(GuildId, OverwriteType.Role, Some(), Some()),
            1 => new(new Snowflake((ulong)(500 + random.Next(4))), OverwriteType.Role, Some(), Some()),
            _ => new(new Snowflake((ulong)(2000 + random.Next(12))), OverwriteType.Member, Some(), Some()),
        };
    }

    private static Channel Channel(ulong id, Overwrite[] overwrites) =>
        new() { Id = new Snowflake(id), Type = ChannelType.GuildText, GuildId = GuildId, Name = "c", PermissionOverwrites = overwrites };

    private static Member Member(ulong id) =>
        new() { User = new User { Id = new Snowflake(id), Username = "u" }, Roles = Array.Empty<Snowflake>(), JoinedAt = default };

    private static DispatchEvent Event(string tag) => new(Name, System.Text.Encoding.UTF8.GetBytes(tag));

    private static string Text(DispatchEvent dispatch) => System.Text.Encoding.UTF8.GetString(dispatch.Body.Span);

    private static string[] Tags(RecordingTransport transport) =>
        [.. transport.Sent.Where(s => s.Event.Name == Name).Select(s => Text(s.Event))
            .Where(t => !t.StartsWith("end-", StringComparison.Ordinal))];
}
