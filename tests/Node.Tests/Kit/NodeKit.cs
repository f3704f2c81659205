using Discord.Actors;
using Discord.Actors.Guilds;
using Discord.Actors.Guilds.Members;
using Discord.Node.Composition;
using Discord.Node.Configuration;
using Discord.Node.Ops;
using Discord.Protocol;
using Discord.Protocol.Payloads;

namespace Discord.Node.Tests.Kit;

/// <summary>
/// The node as it is shipped, on free ports with a data directory of its own and without rate limits. Tests share one (it is a class
/// fixture) and seed a guild each: nothing of one test reaches another.
/// </summary>
public sealed class NodeKit : IAsyncLifetime
{
    /// <summary>How long a test waits for anything before it fails.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private static int s_names;

    private readonly Action<NodeOptions>? _configure;
    private readonly Action<NodeParts>? _parts;
    private readonly HttpClient _http = new(new SocketsHttpHandler { AllowAutoRedirect = false });
    private NodeHost? _host;

    public NodeKit()
        : this(null)
    {
    }

    private NodeKit(Action<NodeOptions>? configure, Action<NodeParts>? parts = null)
    {
        _configure = configure;
        _parts = parts;
    }

    public NodeHost Host => _host ?? throw new InvalidOperationException("The node is not started.");

    public DomainServices Domain => Host.Services.Domain;

    public HttpClient Http => _http;

    public string DataDirectory { get; } = Directory.CreateTempSubdirectory("node-kit-").FullName;

    /// <summary>A node of one's own, for tests that change options, restart, or count.</summary>
    public static async Task<NodeKit> StartAsync(Action<NodeOptions>? configure = null, Action<NodeParts>? parts = null)
    {
        NodeKit kit = new(configure, parts);
        await kit.InitializeAsync();
        return kit;
    }

    public async ValueTask InitializeAsync()
    {
        NodeOptions options = new();
        options.Listen.Port = 0;
        options.Ops.Port = 0;
        options.Storage.DataDirectory = DataDirectory;
        options.Storage.Durability = Durability.Normal;
        options.RateLimits.Enabled = false;
        options.Telemetry.LogLevel = LogLevel.Error;
        _configure?.Invoke(options);
        NodeParts parts = NodeParts.Production();
        parts.LogOutput = TextWriter.Synchronized(Console.Error);
        _parts?.Invoke(parts);
        _host = await NodeHost.StartAsync(options, parts);
    }

    /// <summary>Stops the node and starts another on the same data. Clients go on with their tokens: they ask the kit for the address each
    /// time.</summary>
    public async Task RestartAsync()
    {
        await Host.DisposeAsync();
        await InitializeAsync();
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        if (_host is not null)
            await _host.DisposeAsync();
        Directory.Delete(DataDirectory, recursive: true);
    }

    /// <summary>A guild of its own with an owner (user account), a bot with Administrator above all other roles, and a text
    /// channel.</summary>
    public async Task<SeededGuild> SeedAsync()
    {
        DevSeed seed = await Host.Services.Operator!.SeedAsync(CancellationToken.None);
        Snowflake guild = Snowflake.Parse(seed.GuildId);
        Snowflake bot = Snowflake.Parse(seed.ApplicationId);
        Snowflake owner = (await Domain.Guilds.GetAsync(guild)).State.Properties.OwnerId;
        return new SeededGuild(
            guild, Snowflake.Parse(seed.ChannelId),
            new RestClient(this, owner, seed.UserToken, isBot: false),
            new RestClient(this, bot, seed.BotToken, isBot: true));
    }

    /// <summary>A further user account, in no guild yet.</summary>
    public async Task<RestClient> UserAsync(string? name = null)
    {
        (User user, string token) = await Domain.Accounts.CreateUserAsync(name ?? NewName("user"), "correct horse battery");
        return new RestClient(this, user.Id, token, isBot: false);
    }

    /// <summary>A further user account that is a member of <paramref name="guild"/>, with these roles.</summary>
    public async Task<RestClient> MemberAsync(Snowflake guild, params Snowflake[] roles)
    {
        RestClient client = await UserAsync();
        await JoinAsync(guild, client, roles);
        return client;
    }

    /// <summary>A further bot with an application of its own, in no guild yet.</summary>
    public async Task<RestClient> BotAsync(RestClient owner, string? name = null)
    {
        User user = (await Domain.Accounts.FindUserAsync(owner.Id))!;
        (Application _, User bot, string token) = await Domain.Accounts.CreateBotAsync(name ?? NewName("bot"), user);
        return new RestClient(this, bot.Id, token, isBot: true);
    }

    /// <summary>Makes an account a member, as the server itself. Bots get a managed role with <paramref name="botPermissions"/> if there
    /// are any.</summary>
    public async Task JoinAsync(
        Snowflake guild, RestClient client, Snowflake[]? roles = null, Permissions botPermissions = Permissions.None)
    {
        User user = (await Domain.Accounts.FindUserAsync(client.Id))!;
        Caller system = new(client.Id) { System = true };
        if (client.IsBot)
            await Domain.Guilds.RunAsync(guild, new AdmitBot(user, botPermissions) { By = system });
        else
            await Domain.Guilds.RunAsync(guild, new AdmitMember(user) { By = system });
        if (roles is { Length: > 0 })
            await Domain.Guilds.RunAsync(guild, new GiveRoles(client.Id, roles) { By = system });
    }

    /// <summary>A role below all managed ones of the seed, made without a right being asked for.</summary>
    public async Task<Snowflake> RoleAsync(Snowflake guild, string name, Permissions permissions = Permissions.None, int position = 1) =>
        await Domain.Guilds.RunAsync(guild, new AddRole(name, permissions, position) { By = new Caller(guild) { System = true } });

    /// <summary>A channel of any type, made without a right being asked for.</summary>
    public async Task<Snowflake> ChannelAsync(
        Snowflake guild, ChannelType type, string name, Snowflake? parent = null, params Overwrite[] overwrites)
    {
        Snowflake id = Domain.Ids.Next();
        await PutAsync(guild, _ => new ChannelPut(new Channel
        {
            Id = id,
            Type = type,
            GuildId = guild,
            Name = name,
            Position = 0,
            ParentId = parent,
            PermissionOverwrites = overwrites,
            Nsfw = type == ChannelType.GuildCategory ? null : false,
        }));
        return id;
    }

    /// <summary>Lets a member have joined earlier.</summary>
    public Task BackdateAsync(Snowflake guild, Snowflake user, TimeSpan by) =>
        PutAsync(guild, state => new MemberPut(state.Members[user]! with { JoinedAt = state.Members[user]!.JoinedAt - by }));

    /// <summary>Puts a fact into a guild past its rules.</summary>
    public async Task PutAsync(Snowflake guild, Func<GuildState, GuildEvent> fact) =>
        await Domain.Guilds.RunAsync(guild, new PutFact(fact) { By = new Caller(guild) { System = true } });

    /// <summary>The guild's state as of now.</summary>
    public async Task<GuildState> StateAsync(Snowflake guild) => (await Domain.Guilds.GetAsync(guild)).State;

    /// <summary>Waits until something is so that nobody is told of.</summary>
    public static async Task UntilAsync(Func<Task<bool>> condition, string what)
    {
        using CancellationTokenSource limit = new(Patience);
        while (!await condition())
        {
            Assert.False(limit.IsCancellationRequested, $"It never came to be that {what}.");
            await Task.Yield();
        }
    }

    /// <summary>Connects to the gateway; the caller identifies.</summary>
    public Task<GatewayClient> ConnectAsync(RestClient account, string query = "?v=10&encoding=json") =>
        GatewayClient.ConnectAsync(this, account, query);

    private static string NewName(string kind) => $"{kind}_{Interlocked.Increment(ref s_names)}_{Environment.ProcessId}";

    // What tests put into a guild past its rules.
    private sealed record GiveRoles(Snowflake UserId, Snowflake[] Roles) : GuildCommand<bool>
    {
        protected override bool Decide(GuildDecision guild)
        {
            guild.Put(new MemberPut(guild.Member(UserId) with { Roles = Roles }));
            return true;
        }
    }

    private sealed record PutFact(Func<GuildState, GuildEvent> Fact) : GuildCommand<bool>
    {
        protected override bool Decide(GuildDecision guild)
        {
            guild.Put(Fact(guild.State));
            return true;
        }
    }

    private sealed record AddRole(string Name, Permissions Permissions, int Position) : GuildCommand<Snowflake>
    {
        protected override Snowflake Decide(GuildDecision guild)
        {
            foreach (Role above in guild.State.Roles.Values.Where(r => r.Position >= Position).ToArray())
                guild.Put(new RolePut(above with { Position = above.Position + 1 }), silent: true);
            Role role = new() { Id = guild.NewId(), Name = Name, Permissions = Permissions, Position = Position };
            guild.Put(new RolePut(role));
            return role.Id;
        }
    }
}

/// <summary>What <see cref="NodeKit.SeedAsync"/> made.</summary>
/// <param name="Id">The guild; @everyone's id too.</param>
/// <param name="ChannelId">Its text channel.</param>
/// <param name="Owner">A user account.</param>
/// <param name="Bot">Administrator, its role above all others.</param>
public sealed record SeededGuild(Snowflake Id, Snowflake ChannelId, RestClient Owner, RestClient Bot);
