using System.Collections.Concurrent;
using Discord.Load.Engine;

namespace Discord.Load.Setup;

/// <summary>Makes accounts, guilds, channels and memberships through the ordinary API.</summary>
internal sealed class WorldBuilder(Api api, string url, Seed? seed, Action<string> say)
{
    private const int Parallel = 32;

    /// <summary>Makes what a plan asks for.</summary>
    /// <exception cref="LoadException">The server refused something.</exception>
    public Task<World> BuildAsync(WorldPlan plan) => plan.GuildsEach == 0 ? SharedAsync(plan) : SmallGuildsAsync(plan);

    private async Task<World> SharedAsync(WorldPlan plan)
    {
        string owner = seed?.UserToken ?? await api.RegisterAsync();
        string guild = seed?.GuildId ?? await api.CreateGuildAsync(owner);
        var channels = new List<string>();
        if (seed is not null) channels.Add(seed.ChannelId);
        while (channels.Count < Math.Max(plan.Channels, 1)) channels.Add(await api.CreateChannelAsync(owner, guild));
        bool bots = plan.Kind != AccountKind.User;
        string[] tokens;
        if (bots && await BotInAsync(owner, [guild], plan.Kind) is { } bot)
        {
            tokens = [bot];
        }
        else
        {
            bots = false;
            string code = await api.CreateInviteAsync(owner, channels[0]);
            tokens = await ManyAsync(plan.Accounts, "users registered and joined", async _ =>
            {
                string token = await api.RegisterAsync();
                await api.JoinAsync(token, code);
                return token;
            });
        }
        return new World(url, plan, owner, [.. channels], tokens, bots);
    }

    private async Task<World> SmallGuildsAsync(WorldPlan plan)
    {
        bool bots = plan.Kind != AccountKind.User && (seed is not null || await CanMakeBotsAsync(plan.Kind));
        var channels = new ConcurrentBag<string>();
        string firstOwner = "";
        // One owner for each account, as a user may own only so many guilds.
        string[] tokens = await ManyAsync(seed is null ? plan.Accounts : 1, $"accounts with {plan.GuildsEach} guilds each made", async i =>
        {
            string owner = seed?.UserToken ?? await api.RegisterAsync();
            if (i == 0) firstOwner = owner;
            string[] members = [.. await Task.WhenAll(Enumerable.Range(0, plan.GuildMembers).Select(_ => api.RegisterAsync()))];
            var guilds = new List<string>();
            for (int g = 0; g < plan.GuildsEach; g++)
            {
                string guild = await api.CreateGuildAsync(owner);
                guilds.Add(guild);
                string channel = await api.CreateChannelAsync(owner, guild);
                if (i == 0) channels.Add(channel);
                if (members.Length == 0) continue;
                string code = await api.CreateInviteAsync(owner, channel);
                foreach (string member in members) await api.JoinAsync(member, code);
            }
            return bots ? (await BotInAsync(owner, guilds, AccountKind.Bot))! : owner;
        });
        return new World(url, plan, firstOwner, [.. channels], tokens, bots);
    }

    private async Task<bool> CanMakeBotsAsync(AccountKind kind)
    {
        string probe = await api.RegisterAsync();
        if (await api.TryCreateBotAsync(probe) is not null) return true;
        NoBots(kind);
        return false;
    }

    // A bot that is in the guilds, null when the server has no way to make one and users will do.
    private async Task<string?> BotInAsync(string owner, IReadOnlyList<string> guilds, AccountKind kind)
    {
        (string Id, string Token)? bot = seed is null ? await api.TryCreateBotAsync(owner) : (seed.ApplicationId, seed.BotToken);
        if (bot is null)
        {
            NoBots(kind);
            return null;
        }
        foreach (string guild in guilds)
        {
            if (guild != seed?.GuildId) await api.AuthorizeAsync(owner, bot.Value.Id, guild);
        }
        return "Bot " + bot.Value.Token;
    }

    private void NoBots(AccountKind kind)
    {
        const string missing = "The server has no POST /applications, so bots cannot be made";
        if (kind == AccountKind.Bot)
            throw new LoadException($"{missing}: pass --seed with the output of pbm dev seed --json, or --account user.");
        say($"{missing}; users take their place.");
    }

    private async Task<string[]> ManyAsync(int count, string what, Func<int, Task<string>> make)
    {
        var made = new string[count];
        int done = 0;
        var options = new ParallelOptions { MaxDegreeOfParallelism = Parallel };
        await System.Threading.Tasks.Parallel.ForAsync(0, count, options, async (i, _) =>
        {
            made[i] = await make(i);
            int now = Interlocked.Increment(ref done);
            if (now % 1000 == 0) say($"{now} of {count} {what}");
        });
        return made;
    }
}
