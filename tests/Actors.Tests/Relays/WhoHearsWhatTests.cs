using System.Text.Json;
using Discord.Actors.Guilds;
using Discord.Actors.Relays;
using Discord.Actors.Sessions;
using Discord.Actors.Tests.Sessions;
using Discord.Kernel;
using Discord.Protocol;
using Discord.Protocol.Errors;
using Discord.Protocol.Gateway;
using Discord.Protocol.Payloads;
using Discord.Storage.Sqlite;

namespace Discord.Actors.Tests.Relays;

/// <summary>
/// A guild that changes at random, on the whole domain, with several sessions of bots and people in it. After every change each session
/// must have heard exactly what the plain permission algorithm allows its user, and know all channels and threads that this names.
/// </summary>
public sealed class WhoHearsWhatTests : IAsyncLifetime
{
    private const int Steps = 150;
    private static readonly EventName Probe = new("PROBE");

    private readonly string _directory = Directory.CreateTempSubdirectory("hears-").FullName;
    private readonly List<Listener> _listeners = [];
    private SqliteStorage _storage = null!;
    private ActorSystem _system = null!;
    private Domain _domain = null!;
    private GuildHandle _guild = null!;
    private int _probes;

    public async ValueTask InitializeAsync()
    {
        _storage = await SqliteStorage.OpenAsync(new SqliteStorageOptions { DataDirectory = _directory });
        _system = ActorSystem.Create("hears");
        _domain = Domain.Start(
            _system, _storage, new SnowflakeGenerator(0, 0, TimeProvider.System), TimeProvider.System,
            new DomainOptions { PublicAddress = () => new Uri("http://127.0.0.1:1"), RateLimits = false });
    }

    public async ValueTask DisposeAsync()
    {
        await _system.TerminateAsync();
        await _storage.DisposeAsync();
        Directory.Delete(_directory, recursive: true);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    [InlineData(28)]
    public async Task Sessions_hear_exactly_what_they_may_see_whatever_has_changed(int seed)
    {
        GuildChaos chaos = new(seed, _domain.Services.Ids);
        Snowflake id = _domain.Services.Ids.Next();
        await _domain.Services.Guilds.RunAsync(id, new CreateGuild(id, "guild", chaos.Users[0]) { By = new Caller(chaos.Users[0].Id) });
        _guild = await _domain.Services.Guilds.GetAsync(id);
        foreach (User user in chaos.Users)
        {
            for (int i = 0; i <= chaos.Random.Next(2); i++)
                Open(user);
        }
        await BarrierAsync();
        for (int step = 0; step < Steps; step++)
        {
            if (chaos.Random.Next(12) == 0)
            {
                Reopen(chaos.Random.Next(_listeners.Count));
                await BarrierAsync();
            }
            GuildState before = _guild.State;
            Dictionary<string, (GuildState State, Audience Audience)> probes = [];
            Send(probes, before, before);
            GuildCommand change = chaos.Next(before);
            try
            {
                await _guild.Actor.Ask<CommandDone>(change, TimeSpan.FromSeconds(30));
            }
            catch (ApiException)
            {
                // A refused wish changes nothing, which is checked as well.
            }
            GuildState after = _guild.State;
            Send(probes, before, after);
            await BarrierAsync();
            foreach (Listener listener in _listeners)
                listener.Check(before, after, probes, $"seed {seed}, step {step}, {change}");
        }
    }

    private void Open(User user)
    {
        Listener listener = new(user, _domain.Services.Ids.Next());
        _listeners.Add(listener);
        _domain.Services.Sessions.Add(listener.Session);
        if (_guild.State.Members.Contains(user.Id))
            _guild.Actor.Tell(new Subscribe(listener.Session));
    }

    private void Reopen(int index)
    {
        Listener gone = _listeners[index];
        _listeners.RemoveAt(index);
        gone.Session.End(4000, "over");
        _domain.Services.Sessions.Remove(gone.Session);
        _guild.Relays.Unsubscribe(gone.Session);
        Open(gone.User);
    }

    // Channel actors may hold a channel as it was just before the change: what it was then must not decide.
    private void Send(Dictionary<string, (GuildState State, Audience Audience)> probes, GuildState held, GuildState state)
    {
        foreach (Channel channel in held.Channels.Values.Concat(held.Threads.Values.Select(t => t.Channel)))
        {
            Send(Audience.Viewers(channel));
            Send(Audience.HoldersIn(channel, Permissions.ManageChannels));
        }
        Send(Audience.Everyone);
        Send(Audience.Holders(Permissions.ViewAuditLog));
        Send(Audience.HoldersOfAny(Permissions.BanMembers | Permissions.ViewAuditLog));
        Send(Audience.User(_listeners[0].User.Id));
        Send(Audience.EveryoneBut(_listeners[0].User.Id));

        void Send(Audience audience)
        {
            string tag = $"{_probes++}";
            probes.Add(tag, (state, audience));
            DispatchEvent probe = new(Probe, System.Text.Encoding.UTF8.GetBytes(tag));
            _guild.Relays.Publish(new Relayed(probe, GatewayIntents.None, audience));
        }
    }

    // A relay answers a stranger's subscription in its turn, when all before it is out.
    private async Task BarrierAsync()
    {
        // The actor's own turn first: subscriptions go through it.
        await _guild.Actor.Ask<GuildLoaded>(LoadGuild.Instance, TimeSpan.FromSeconds(30));
        TaskCompletionSource[] turns = [.. Enumerable.Range(0, 16).Where(i => HasRelay(i)).Select(_ => new TaskCompletionSource())];
        int turn = 0;
        _guild.Relays.Tell(new Subscribe(
            new Listener(new User { Id = new Snowflake(1), Username = "stranger" }, default).Session,
            _ => turns[Interlocked.Increment(ref turn) - 1].SetResult()));
        await Task.WhenAll(turns.Select(t => t.Task)).WaitAsync(TimeSpan.FromSeconds(30));

        bool HasRelay(int index) => index < Math.Clamp(Environment.ProcessorCount, 1, 8) && _guild.Relays.At(index) is not null;
    }

    /// <summary>One session, with what its client knows of the guild.</summary>
    private sealed class Listener
    {
        private readonly RecordingTransport _transport = new();
        private readonly HashSet<Snowflake> _channels = [];
        private readonly HashSet<Snowflake> _threads = [];
        private bool _inGuild;
        private int _read;

        public Listener(User user, Snowflake session)
        {
            User = user;
            Session = new Session(
                new SessionIdentity
                {
                    SessionId = $"{session}",
                    UserId = user.Id,
                    ApplicationId = user.Bot == true ? user.Id : null,
                    Intents = user.Bot == true ? GatewayIntents.All : SessionIdentity.UserIntents,
                    StartedAt = default,
                },
                new SessionOptions());
            Session.Open(_transport);
        }

        public User User { get; }
        public Session Session { get; }

        public void Check(
            GuildState before, GuildState after, Dictionary<string, (GuildState State, Audience Audience)> probes, string where)
        {
            where = $"{where}; {User.Username} {User.Id}{(User.Bot == true ? " (bot)" : "")}";
            List<string> heard = [];
            foreach ((_, DispatchEvent dispatch) in _transport.Sent.Skip(_read))
            {
                _read++;
                if (dispatch.Name == Probe)
                    heard.Add(System.Text.Encoding.UTF8.GetString(dispatch.Body.Span));
                else
                    Learn(dispatch, before, after, where);
            }
            IEnumerable<string> expected = probes.Where(p => Hears(p.Value.State, p.Value.Audience)).Select(p => p.Key);
            Assert.True(expected.SequenceEqual(heard), $"{where}: {Differences(before, probes, [.. expected], heard)}");
            Assert.True(_inGuild == after.Members.Contains(User.Id), $"{where}: thinks that it is {(_inGuild ? "in" : "out")}");
            if (!_inGuild)
                return;
            foreach (Channel channel in after.Channels.Values.Where(c => Sees(after, c)))
                Assert.True(_channels.Contains(channel.Id), $"{where}: was never told of channel {channel.Id}");
            if (User.Bot != true)
                return;
            foreach (Channel thread in after.Threads.Values.Select(t => t.Channel))
            {
                if (thread.ThreadMetadata is { Archived: false } && Sees(after, thread))
                    Assert.True(_threads.Contains(thread.Id), $"{where}: was never told of thread {thread.Id} {thread.Type}");
            }
        }

        private void Learn(DispatchEvent dispatch, GuildState before, GuildState after, string where)
        {
            string name = dispatch.Name.Text;
            using JsonDocument json = JsonDocument.Parse((byte[])[.. dispatch.Body.Span, .. dispatch.BodyTail.Span]);
            JsonElement d = json.RootElement;
            where = $"{where}: {name} {d.GetRawText()[..Math.Min(300, d.GetRawText().Length)]}";
            Assert.True(_inGuild || name == "GUILD_CREATE", $"{where}: told while it is no member");
            switch (name)
            {
                case "GUILD_CREATE":
                    Assert.False(_inGuild, $"{where}: it is in already");
                    _inGuild = true;
                    _channels.UnionWith(Ids(d.GetProperty("channels")));
                    _threads.UnionWith(Ids(d.GetProperty("threads")));
                    GuildState known = _channels.SetEquals(Visible(after)) ? after : before;
                    Assert.True(_channels.SetEquals(Visible(known)), $"{where}: shows other channels than it may see");
                    break;
                case "GUILD_DELETE":
                    _inGuild = false;
                    _channels.Clear();
                    _threads.Clear();
                    break;
                case "CHANNEL_CREATE":
                    Assert.True(Sees(after, IdOf(d)), $"{where}: may not see it");
                    Assert.True(_channels.Add(IdOf(d)) || !Sees(before, IdOf(d)), $"{where}: knows it already");
                    break;
                case "CHANNEL_UPDATE":
                    Assert.True(Sees(after, IdOf(d)), $"{where}: may not see it");
                    break;
                case "CHANNEL_DELETE":
                    Assert.True(Sees(before, IdOf(d)), $"{where}: could not see it");
                    _channels.Remove(IdOf(d));
                    break;
                case "THREAD_CREATE" or "THREAD_UPDATE":
                    Assert.True(Sees(after, IdOf(d)), $"{where}: may not see it");
                    _threads.Add(IdOf(d));
                    break;
                case "THREAD_LIST_SYNC":
                    Assert.All(Ids(d.GetProperty("threads")), thread => Assert.True(Sees(after, thread), $"{where}: may not see {thread}"));
                    _threads.UnionWith(Ids(d.GetProperty("threads")));
                    break;
                case "THREAD_DELETE" or "THREAD_MEMBERS_UPDATE" or "THREAD_MEMBER_UPDATE":
                    Assert.True(Sees(before, IdOf(d)) || Sees(after, IdOf(d)), $"{where}: may not see it");
                    break;
                case "GUILD_AUDIT_LOG_ENTRY_CREATE":
                    Assert.True(after.PermissionsOf(User.Id).Has(Permissions.ViewAuditLog), where);
                    break;
            }
        }

        private bool Hears(GuildState state, Audience audience)
        {
            if (!state.Members.Contains(User.Id))
                return false;
            if (audience.Only is { } only)
                return only == User.Id;
            if (audience.Except == User.Id || (audience.Channel is { } named && state.FindChannel(named.Id) is null))
                return false;

            // A time-out takes nothing from what is heard: it lasts until a time in the future, here until never.
            Permissions held = audience.Channel is { } channel
                ? state.PermissionsIn(state.FindChannel(channel.Id)!, User.Id, DateTimeOffset.MaxValue)
                : state.PermissionsOf(User.Id);
            return (audience.Channel is null || held.Has(Permissions.ViewChannel)) && held.Has(audience.Needs)
                && (audience.NeedsAny == Permissions.None || held.HasAny(audience.NeedsAny));
        }

        private bool Sees(GuildState state, Snowflake id) => state.FindChannel(id) is { } channel && Sees(state, channel);

        private bool Sees(GuildState state, Channel channel) =>
            state.PermissionsIn(channel, User.Id, DateTimeOffset.MaxValue).Has(Permissions.ViewChannel);

        private IEnumerable<Snowflake> Visible(GuildState state) => state.Channels.Values.Where(c => Sees(state, c)).Select(c => c.Id);

        private static Snowflake IdOf(JsonElement channel) => Snowflake.Parse(channel.GetProperty("id").GetString()!);

        private static IEnumerable<Snowflake> Ids(JsonElement channels) => channels.EnumerateArray().Select(IdOf);

        private static string Differences(
            GuildState before, Dictionary<string, (GuildState State, Audience Audience)> probes, string[] expected, List<string> heard)
        {
            return string.Join("; ", [
                .. expected.Except(heard).Select(tag => $"missed {Describe(tag)}"),
                .. heard.Except(expected).Select(tag => $"was leaked {Describe(tag)}"),
            ]);

            string Describe(string tag)
            {
                (GuildState state, Audience to) = probes[tag];
                return $"what was for {to.Channel?.Type} {to.Channel?.Id} needs {to.Needs} any {to.NeedsAny} only {to.Only} "
                    + $"except {to.Except} " + (state == before ? "before the change" : "after it");
            }
        }
    }
}
