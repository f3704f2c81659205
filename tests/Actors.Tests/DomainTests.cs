using Discord.Actors.Accounts;
using Discord.Actors.Guilds;
using Discord.Actors.Guilds.Members;
using Discord.Actors.Guilds.Settings;
using Discord.Actors.Sessions;
using Discord.Actors.Tests.Sessions;
using Discord.Actors.Users.Notes;
using Discord.Kernel;
using Discord.Kernel.Persistence;
using Discord.Protocol;
using Discord.Protocol.Errors;
using Discord.Protocol.Gateway;
using Discord.Protocol.Payloads;
using Discord.Storage;
using Discord.Storage.Files;
using Discord.Storage.Sqlite;

namespace Discord.Actors.Tests;

/// <summary>The whole domain on SQLite, without sockets.</summary>
public sealed class DomainTests : IAsyncLifetime
{
    // Without presences: when the bot's own coming online is told is nobody's business here.
    private const GatewayIntents Intents = GatewayIntents.All & ~GatewayIntents.GuildPresences;

    private readonly string _directory = Directory.CreateTempSubdirectory("domain-").FullName;
    private SqliteStorage _storage = null!;
    private CutOffStorage _cutOff = null!;
    private ActorSystem _system = null!;
    private Domain _domain = null!;

    public async ValueTask InitializeAsync() => await StartAsync();

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        Directory.Delete(_directory, recursive: true);
    }

    [Fact]
    public async Task Bot_that_identifies_gets_READY_then_its_guilds_and_then_what_happens_in_them()
    {
        (Snowflake guild, Caller owner, string token) = await SeedAsync();
        RecordingTransport transport = await IdentifyAsync(token);
        await SeesAsync(transport, "GUILD_CREATE");
        await _domain.Services.Guilds.RunAsync(guild, new Rename("renamed") { By = owner });
        await SeesAsync(transport, "GUILD_UPDATE");
        Assert.Equal(["READY", "GUILD_CREATE", "GUILD_UPDATE"], transport.Sent.Select(s => s.Event.Name.Text));
        Assert.Equal([1, 2, 3], transport.Sent.Select(s => s.Seq));
    }

    [Fact]
    public async Task Guild_whose_actor_fails_comes_back_with_its_sessions()
    {
        (Snowflake guild, Caller owner, string token) = await SeedAsync();
        RecordingTransport transport = await IdentifyAsync(token);
        await SeesAsync(transport, "GUILD_CREATE");
        GuildHandle before = await _domain.Services.Guilds.GetAsync(guild);
        before.Actor.Tell(Kill.Instance);
        await WaitAsync(() => transport.Sent.Count(s => s.Event.Name.Text == "GUILD_CREATE") == 2, "a second GUILD_CREATE");
        await _domain.Services.Guilds.RunAsync(guild, new Rename("alive") { By = owner });
        await SeesAsync(transport, "GUILD_UPDATE");
        GuildHandle after = await _domain.Services.Guilds.GetAsync(guild);
        Assert.NotSame(before, after);
        Assert.Equal("alive", after.State.Properties.Name);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Guild_in_doubt_is_read_on_refuses_changes_and_tells_what_was_stored_once_it_is_known(bool stored)
    {
        (Snowflake guild, Caller owner, string token) = await SeedAsync();
        RecordingTransport transport = await IdentifyAsync(token);
        await SeesAsync(transport, "GUILD_CREATE");
        GuildHandle handle = await _domain.Services.Guilds.GetAsync(guild);
        Snowflake channel = handle.State.Channels.Values.First(c => c.Type == ChannelType.GuildText).Id;

        _cutOff.Cut(carriesOut: stored);
        await Assert.ThrowsAsync<PersistenceFailedException>(async () => await RenameAsync("in doubt"));
        Assert.Equal(503, (await Assert.ThrowsAsync<ApiException>(async () => await RenameAsync("refused"))).Error.HttpStatus);
        Assert.Same(handle, await _domain.Services.Guilds.GetAsync(guild));
        Assert.Equal("guild", handle.State.Properties.Name);
        Assert.NotNull(await _domain.Services.Guilds.OpenChannelAsync(handle, channel));
        RecordingTransport late = await IdentifyAsync(token);
        await SeesAsync(late, "GUILD_CREATE");

        _cutOff.Restore();
        if (stored)
            await SeesAsync(transport, "GUILD_UPDATE");
        await WaitAsync(() => _cutOff.WasRead, "the journal to be read");
        using CancellationTokenSource limit = new(TimeSpan.FromSeconds(30));
        for (bool renamed = false; !renamed; limit.Token.ThrowIfCancellationRequested())
        {
            try
            {
                renamed = await RenameAsync("known");
            }
            catch (ApiException e) when (e.Error.HttpStatus == 503)
            {
                await Task.Yield();
            }
        }
        foreach (RecordingTransport session in (RecordingTransport[])[transport, late])
            await WaitAsync(() => session.Sent.Count(s => s.Event.Name.Text == "GUILD_UPDATE") == (stored ? 2 : 1), "each change once");
        Assert.Equal("known", handle.State.Properties.Name);

        ValueTask<bool> RenameAsync(string name) => _domain.Services.Guilds.RunAsync(guild, new Rename(name) { By = owner });
    }

    [Fact]
    public async Task Account_in_doubt_keeps_its_state_and_goes_on_with_what_was_stored()
    {
        (User user, _) = await _domain.Services.Accounts.CreateUserAsync($"user{Guid.NewGuid():n}"[..20], "correct horse");
        await _domain.Services.Users.RunAsync(user.Id, new PutNote(new Snowflake(1), "first"));

        _cutOff.Cut(carriesOut: true);
        await Assert.ThrowsAsync<PersistenceFailedException>(
            async () => await _domain.Services.Users.RunAsync(user.Id, new PutNote(new Snowflake(1), "second")));
        await Assert.ThrowsAsync<ApiException>(
            async () => await _domain.Services.Users.RunAsync(user.Id, new PutNote(new Snowflake(1), "third")));
        Assert.Equal("first", (await _domain.Services.Users.StateOfAsync(user.Id)).Notes[new Snowflake(1)]);

        _cutOff.Restore();
        await WaitAsync(
            () => _domain.Services.Users.StateOrNull(user.Id)!.Notes[new Snowflake(1)] == "second", "the note that was stored");
    }

    [Fact]
    public async Task Guild_is_as_it_was_after_a_restart()
    {
        (Snowflake guild, Caller owner, _) = await SeedAsync();
        for (int i = 0; i < 450; i++) // more than two snapshots' worth
            await _domain.Services.Guilds.RunAsync(guild, new Rename($"name {i}") { By = owner });
        GuildState before = (await _domain.Services.Guilds.GetAsync(guild)).State;
        await StopAsync();
        await StartAsync();
        GuildState after = (await _domain.Services.Guilds.GetAsync(guild)).State;
        Assert.Equal("name 449", after.Properties.Name);
        Assert.Equal(before.Members.All.Select(m => m.User!.Id), after.Members.All.Select(m => m.User!.Id));
        Assert.Equal(before.Channels.Keys.Order(), after.Channels.Keys.Order());
        Assert.Equal(before.Roles.Keys.Order(), after.Roles.Keys.Order());
    }

    [Fact]
    public async Task User_that_joins_with_a_session_open_is_told_GUILD_CREATE_and_who_leaves_GUILD_DELETE()
    {
        (Snowflake guild, _, _) = await SeedAsync();
        (User joiner, string token) = await _domain.Services.Accounts.CreateUserAsync($"joiner{Guid.NewGuid():n}"[..20], "correct horse");
        RecordingTransport transport = await IdentifyAsync(token);
        await SeesAsync(transport, "READY");
        await _domain.Services.Guilds.RunAsync(guild, new AdmitMember(joiner) { By = new Caller(joiner.Id) { System = true } });
        await SeesAsync(transport, "GUILD_CREATE");
        await _domain.Services.Guilds.RunAsync(guild, new Leave(joiner.Id) { By = new Caller(joiner.Id) });
        await SeesAsync(transport, "GUILD_DELETE");
        Assert.Empty(await _domain.Services.Storage.Lookups.GuildsOfAsync(joiner.Id).ToListAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Deleted_guild_takes_its_messages_and_files_along_and_sessions_forget_it()
    {
        (Snowflake guild, Caller owner, string token) = await SeedAsync();
        RecordingTransport transport = await IdentifyAsync(token);
        await SeesAsync(transport, "GUILD_CREATE");
        GuildState state = (await _domain.Services.Guilds.GetAsync(guild)).State;
        Snowflake channel = state.Channels.Values.First(c => c.Type == ChannelType.GuildText).Id;
        Snowflake message = _domain.Services.Ids.Next();
        CancellationToken cancellation = TestContext.Current.CancellationToken;
        await _storage.Messages.AppendAsync(new MessageRow(channel, message, owner.UserId, new byte[] { 1 }), cancellation);
        await _storage.Blobs.PutAsync(BlobKey.Attachment(channel, message), new MemoryStream([1]), 10, cancellation);

        await _domain.Services.Guilds.RunAsync(guild, new DeleteGuild { By = owner });

        await SeesAsync(transport, "GUILD_DELETE");
        Assert.All(_domain.Services.Sessions.All, session => Assert.Empty(session.Guilds));
        using CancellationTokenSource limit = new(TimeSpan.FromSeconds(30));
        while (await _storage.Messages.GetAsync(channel, message, limit.Token) is not null)
            await Task.Yield();
        while (await _storage.Blobs.OpenAsync(BlobKey.Attachment(channel, message), limit.Token) is { } blob)
            await blob.DisposeAsync();
    }

    [Fact]
    public async Task Wrong_token_and_wrong_intents_are_refused_with_their_codes()
    {
        (_, _, string token) = await SeedAsync();
        await Refused(4004, new IdentifyCommand("nonsense") { Intents = 0 });
        await Refused(4013, new IdentifyCommand(token) { Intents = 1L << 40 });
        await Refused(4013, new IdentifyCommand(token));
        await Refused(4010, new IdentifyCommand(token) { Intents = 0, ShardId = 2, ShardCount = 2 });

        async Task Refused(int code, IdentifyCommand command)
        {
            GatewayRefusedException refused = await Assert.ThrowsAsync<GatewayRefusedException>(
                async () => await _domain.Gateway.IdentifyAsync(command, new RecordingTransport(), default));
            Assert.Equal(code, refused.CloseCode);
        }
    }

    private sealed record Rename(string Name) : GuildCommand<bool>
    {
        protected override bool Decide(GuildDecision guild)
        {
            guild.Put(new PropertiesChanged(guild.State.Properties with { Name = Name }));
            return true;
        }
    }

    private sealed record Leave(Snowflake User) : GuildCommand<bool>
    {
        protected override bool Decide(GuildDecision guild)
        {
            guild.Put(new MemberRemoved(User));
            return true;
        }
    }

    private async Task StartAsync()
    {
        _storage = await SqliteStorage.OpenAsync(new SqliteStorageOptions { DataDirectory = _directory });
        _system = ActorSystem.Create("domain");
        _domain = Domain.Start(
            _system, _cutOff = new CutOffStorage(_storage), new SnowflakeGenerator(0, 0, TimeProvider.System), TimeProvider.System,
            new DomainOptions { PublicAddress = () => new Uri("http://127.0.0.1:1"), RateLimits = false });
    }

    private async Task StopAsync()
    {
        await _system.TerminateAsync();
        await _storage.DisposeAsync();
    }

    private async Task<(Snowflake Guild, Caller Owner, string BotToken)> SeedAsync()
    {
        AccountDesk accounts = _domain.Services.Accounts;
        (User owner, _) = await accounts.CreateUserAsync($"owner{Guid.NewGuid():n}"[..20], "correct horse");
        (_, User bot, string token) = await accounts.CreateBotAsync("bot", owner);
        Snowflake guild = _domain.Services.Ids.Next();
        Caller caller = new(owner.Id);
        await _domain.Services.Guilds.RunAsync(guild, new CreateGuild(guild, "guild", owner) { By = caller });
        await _domain.Services.Guilds.RunAsync(
            guild, new AdmitBot(bot, Permissions.Administrator, OnTop: true) { By = caller with { System = true } });
        return (guild, caller, token);
    }

    private async Task<RecordingTransport> IdentifyAsync(string token)
    {
        RecordingTransport transport = new();
        Assert.NotNull(await _domain.Gateway.IdentifyAsync(new IdentifyCommand(token) { Intents = (long)Intents }, transport, default));
        return transport;
    }

    private static Task SeesAsync(RecordingTransport transport, string name) =>
        WaitAsync(() => transport.Sent.Any(s => s.Event.Name.Text == name),
            $"{name} (seen: {string.Join(", ", transport.Sent.Select(s => s.Event.Name.Text))})");

    private static async Task WaitAsync(Func<bool> condition, string what)
    {
        using CancellationTokenSource limit = new(TimeSpan.FromSeconds(30));
        while (!condition())
        {
            Assert.False(limit.IsCancellationRequested, $"waited 30 s for {what}");
            await Task.Yield();
        }
    }
}
