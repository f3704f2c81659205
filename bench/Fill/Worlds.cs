using System.Diagnostics;
using System.Text.Json;
using Discord.Actors;
using Discord.Actors.Accounts;
using Discord.Actors.Guilds;
using Discord.Actors.Guilds.Members;
using Discord.Actors.Messages;
using Discord.Kernel;
using Discord.Protocol;
using Discord.Protocol.Payloads;
using Discord.Storage;
using Discord.Storage.Accounts;
using Discord.Storage.Sqlite;

namespace Discord.Fill;

/// <summary>
/// What scenarios find on a node, made by the domain's own commands on the node's own storage: only REST and the price of passwords are
/// left out.
/// </summary>
internal sealed class Worlds(DomainServices domain) : IDisposable
{
    // As many as keep the store's writer busy, well below what it lets wait.
    private const int InFlight = 512;

    // One iteration instead of 210,000: nobody logs in with these passwords.
    private readonly AccountDesk _accounts = new(domain.Storage.Accounts, domain.Ids, domain.Time, new PasswordHasher(1));

    // The hasher takes no more waiters than this for each core.
    private readonly SemaphoreSlim _hashing = new(PasswordHasher.MaxWaitingPerCore);

    private readonly string _unique = Guid.NewGuid().ToString("N")[..8];
    private int _names;

    /// <summary>Opens the stores of a node that does not run, lets <paramref name="fill"/> work, and closes them.</summary>
    public static async Task<int> RunAsync(string dataDirectory, Func<Worlds, Task> fill)
    {
        long started = Stopwatch.GetTimestamp();
        await using var storage = await SqliteStorage.OpenAsync(new SqliteStorageOptions
        {
            DataDirectory = dataDirectory,
            Durability = Discord.Storage.Sqlite.Durability.Normal,
        });
        await using var system = ActorSystem.Create("fill");
        var time = TimeProvider.System;
        var options = new DomainOptions { PublicAddress = () => new Uri("http://127.0.0.1"), RateLimits = false };
        // Another worker than the node's, so that ids cannot meet.
        var domain = Domain.Start(system, storage, new SnowflakeGenerator(31, 31, time), time, options);
        using Worlds worlds = new(domain.Services);
        await fill(worlds);
        Console.WriteLine($"{dataDirectory} filled in {Stopwatch.GetElapsedTime(started).TotalSeconds:N1} s");
        return 0;
    }

    /// <summary>Guilds of one owner, messages evenly over their first channels.</summary>
    public async Task ArchiveAsync(int guilds, int messages)
    {
        var (owner, _) = await UserAsync();
        var channels = new Snowflake[guilds];
        await EachAsync(guilds, async i => channels[i] = (await GuildAsync(owner)).Channel);
        ReadOnlyMemory<byte> body = await BodyAsync(channels[0], owner);
        await EachAsync(messages, async i => await domain.Storage.Messages.AppendAsync(
            new MessageRow(channels[i % guilds], domain.Ids.Next(), owner.Id, body)));
    }

    /// <summary>Users in one guild.</summary>
    public async Task IdleAsync(string url, string state, int accounts)
    {
        var (owner, token) = await UserAsync();
        var (guild, channel) = await GuildAsync(owner);
        var tokens = new string[accounts];
        await EachAsync(accounts, async i => tokens[i] = await MemberAsync(guild, owner));
        Save(state, url, new(1, accounts, 2), token, [channel.ToString()], tokens, bots: false);
    }

    /// <summary>Bots, each in small guilds of an owner of its own.</summary>
    public async Task StormAsync(string url, string state, int accounts, int guilds, int members)
    {
        var tokens = new string[accounts];
        var firstChannels = new string[guilds];
        string firstOwner = "";
        await EachAsync(accounts, async i =>
        {
            var (owner, token) = await UserAsync();
            var (_, bot, botToken) = await _accounts.CreateBotAsync(NextName(), owner);
            tokens[i] = "Bot " + botToken;
            var users = new User[members];
            for (int m = 0; m < members; m++) users[m] = (await UserAsync()).User;
            for (int g = 0; g < guilds; g++)
            {
                var (guild, channel) = await GuildAsync(owner);
                foreach (var user in users) await domain.Guilds.RunAsync(guild, new AdmitMember(user) { By = As(owner) });
                await domain.Guilds.RunAsync(guild, new AdmitBot(bot, Permissions.Administrator) { By = As(owner) });
                if (i == 0) firstChannels[g] = channel.ToString();
            }
            if (i == 0) firstOwner = token;
        });
        Save(state, url, new(1, accounts, 0, guilds, members), firstOwner, firstChannels, tokens, bots: true);
    }

    private static Caller As(User user) => new(user.Id) { System = true };

    private static Task EachAsync(int count, Func<int, Task> make) => Parallel.ForAsync(
        0, count, new ParallelOptions { MaxDegreeOfParallelism = InFlight }, async (i, _) => await make(i));

    private string NextName() => $"fill_{_unique}_{Interlocked.Increment(ref _names)}";

    private async Task<(User User, string Token)> UserAsync()
    {
        await _hashing.WaitAsync();
        try
        {
            return await _accounts.CreateUserAsync(NextName(), _unique);
        }
        finally
        {
            _hashing.Release();
        }
    }

    private async Task<(Snowflake Guild, Snowflake Channel)> GuildAsync(User owner)
    {
        var guild = domain.Ids.Next();
        return (guild, await domain.Guilds.RunAsync(guild, new CreateGuild(guild, "fill", owner) { By = As(owner) }));
    }

    private async Task<string> MemberAsync(Snowflake guild, User owner)
    {
        var (user, token) = await UserAsync();
        await domain.Guilds.RunAsync(guild, new AdmitMember(user) { By = As(owner) });
        return token;
    }

    // What the channel's actor stores for a message of 100 characters.
    private async Task<ReadOnlyMemory<byte>> BodyAsync(Snowflake channel, User author)
    {
        var guild = await domain.Guilds.FindByChannelAsync(channel);
        var open = await domain.Guilds.OpenChannelAsync(guild!, channel);
        var made = await open!.Actor.Ask<MessageCreated>(
            new CreateMessage(new MessageDraft { Author = author, Content = new string('x', 100) }), TimeSpan.FromSeconds(10));
        return (await domain.Storage.Messages.GetAsync(channel, made.Message.Id))!.Value.Body;
    }

    // The load generator's own form: bench/Load/Setup/World.cs.
    private static void Save(string file, string url, Plan plan, string poster, string[] channels, string[] tokens, bool bots)
    {
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        using var stream = new FileStream(file, options);
        JsonSerializer.Serialize(
            stream, new { Url = url, Plan = plan, PosterToken = poster, Channels = channels, Tokens = tokens, Bots = bots });
    }

    public void Dispose() => _hashing.Dispose();

    private sealed record Plan(int Channels, int Accounts, int Kind, int GuildsEach = 0, int GuildMembers = 0);
}
