using System.Text.Json;
using Discord.Load.Engine;

namespace Discord.Load.Setup;

/// <summary>Which kind of account the sessions belong to.</summary>
public enum AccountKind
{
    /// <summary>Bots where the server lets a user create them, else users.</summary>
    Auto,

    /// <summary>Bots.</summary>
    Bot,

    /// <summary>Users.</summary>
    User,
}

/// <summary>What a scenario wants to find on the server.</summary>
/// <param name="Channels">Text channels in the shared guild.</param>
/// <param name="Accounts">Accounts whose sessions are opened.</param>
/// <param name="Kind">Which kind they are.</param>
/// <param name="GuildsEach">0 when all accounts are in one shared guild, else the number of small guilds that each has for itself.</param>
/// <param name="GuildMembers">Further members of each small guild.</param>
internal sealed record WorldPlan(int Channels, int Accounts, AccountKind Kind, int GuildsEach = 0, int GuildMembers = 0);

/// <summary>What was found or made on the server: enough to run without asking again.</summary>
/// <param name="Url">The server that it lies on.</param>
/// <param name="Plan">What it was made for.</param>
/// <param name="PosterToken">Authorization of the messages that are posted and read.</param>
/// <param name="Channels">Ids of the shared guild's channels.</param>
/// <param name="Tokens">Tokens of the accounts, with the <c>Bot</c> prefix for bots.</param>
/// <param name="Bots">Whether the accounts are bots.</param>
internal sealed record World(string Url, WorldPlan Plan, string PosterToken, string[] Channels, string[] Tokens, bool Bots)
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    /// <summary>Guilds of each account.</summary>
    public int GuildsOfEach => Math.Max(Plan.GuildsEach, 1);

    /// <summary>A token for each of a number of sessions: the accounts in turn.</summary>
    public string[] TokensFor(int sessions) => [.. Enumerable.Range(0, sessions).Select(i => Tokens[i % Tokens.Length])];

    /// <summary>Reads a world that an earlier run has saved, null when there is no such file.</summary>
    /// <exception cref="LoadException">The file is of another server or another scenario.</exception>
    public static World? Load(string file, string url, WorldPlan plan)
    {
        if (!File.Exists(file)) return null;
        World? world;
        try
        {
            world = JsonSerializer.Deserialize<World>(File.ReadAllBytes(file));
        }
        catch (JsonException e)
        {
            throw new LoadException($"--state {file} cannot be read: {e.Message}", e);
        }
        if (world is null || world.Url != url || world.Plan != plan)
            throw new LoadException(
                $"--state {file} was made for {world?.Url} and {world?.Plan}, not for {url} and {plan}. Delete it or name another.");
        return world;
    }

    /// <summary>Saves it. The file holds tokens: only its owner may read it.</summary>
    public void Save(string file)
    {
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        using var stream = new FileStream(file, options);
        JsonSerializer.Serialize(stream, this, Indented);
    }
}

/// <summary>What <c>pbm dev seed --json</c> prints.</summary>
/// <param name="UserToken">The guild owner's token.</param>
/// <param name="BotToken">A bot in that guild.</param>
/// <param name="ApplicationId">The bot's application.</param>
/// <param name="GuildId">The guild.</param>
/// <param name="ChannelId">A text channel in it.</param>
internal sealed record Seed(string UserToken, string BotToken, string ApplicationId, string GuildId, string ChannelId)
{
    private static readonly JsonSerializerOptions SnakeCase = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    /// <summary>Reads a seed from a file.</summary>
    /// <exception cref="LoadException">It is not there or not what was expected.</exception>
    public static Seed Read(string file)
    {
        try
        {
            var seed = JsonSerializer.Deserialize<Seed>(File.ReadAllBytes(file), SnakeCase);
            if (seed is { UserToken: not null, BotToken: not null, GuildId: not null, ChannelId: not null }) return seed;
            throw new LoadException(
                $"--seed {file} lacks user_token, bot_token, guild_id or channel_id. Write it with: pbm dev seed --json > {file}");
        }
        catch (Exception e) when (e is IOException or JsonException or UnauthorizedAccessException)
        {
            throw new LoadException($"--seed {file} cannot be read: {e.Message}", e);
        }
    }
}
