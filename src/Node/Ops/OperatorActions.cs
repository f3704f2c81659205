using System.Security.Cryptography;
using Discord.Actors;
using Discord.Actors.Guilds;
using Discord.Actors.Guilds.Members;
using Discord.Actors.Sessions;
using Discord.Actors.Users;
using Discord.Node.Rest.Auth;
using Discord.Protocol;
using Discord.Protocol.Payloads;
using Discord.Storage;

namespace Discord.Node.Ops;

/// <summary>The operator's deeds, done through the domain as everyone else does them.</summary>
internal sealed class OperatorActions(DomainServices domain) : IOperatorActions
{
    public async ValueTask<GuildList> GuildsAsync(Snowflake after, int limit, CancellationToken cancellation)
    {
        IReadOnlyList<KeyValuePair<string, ReadOnlyMemory<byte>>> page =
            await domain.Storage.Lookups.ListAsync(
                LookupKind.Guild, after == Snowflake.None ? "" : after.ToString(), limit + 1, cancellation);
        List<GuildRow> rows = [];
        foreach ((string key, _) in page.Take(limit))
        {
            if (Snowflake.TryParse(key, out Snowflake id) && await domain.Guilds.FindAsync(id) is { State: var state })
                rows.Add(new GuildRow(
                    key, state.Properties.Name, state.Properties.OwnerId.ToString(), state.Members.Count, state.Channels.Count));
        }
        return new GuildList(rows, page.Count > limit);
    }

    public async ValueTask<GuildDetail?> GuildAsync(Snowflake guild, CancellationToken cancellation)
    {
        if (await domain.Guilds.FindAsync(guild) is not { State: var state })
            return null;
        return new GuildDetail(
            guild.ToString(), state.Properties.Name, state.Properties.OwnerId.ToString(), guild.Timestamp, state.Members.Count,
            [
                .. state.Channels.Values.OrderBy(c => c.Position)
                    .Select(c => new ChannelRow(c.Id.ToString(), c.Name ?? "", (int)c.Type, c.ParentId?.ToString()))
            ],
            [
                .. state.Roles.Values.OrderByDescending(r => r.Position)
                    .Select(r => new RoleRow(r.Id.ToString(), r.Name, r.Position, ((ulong)r.Permissions).ToString()))
            ]);
    }

    public async ValueTask<SessionList> SessionsAsync(int limit, CancellationToken cancellation)
    {
        List<Session> sessions = [.. domain.Sessions.All.Take(limit + 1)];
        List<SessionRow> rows = [];
        foreach (Session session in sessions.Take(limit))
        {
            SessionIdentity identity = session.Identity;
            User? user = await domain.Accounts.FindUserAsync(identity.UserId, cancellation);
            rows.Add(new SessionRow(
                identity.SessionId, identity.UserId.ToString(), user?.Username ?? "", identity.IsBot, session.IsConnected,
                identity.HasShard ? $"{identity.ShardId}/{identity.ShardCount}" : null, session.LastSeq,
                session.Guilds.Count, identity.StartedAt));
        }
        return new SessionList(rows, sessions.Count > limit);
    }

    public ValueTask<bool> KickSessionAsync(string session, CancellationToken cancellation)
    {
        bool known = domain.Sessions.Find(session) is not null;
        domain.Sessions.Find(session)?.Kick();
        return new(known);
    }

    public async ValueTask<CreatedUser> CreateUserAsync(string username, string password, CancellationToken cancellation)
    {
        // The rules of registering, so that whoever gets the account can log in with what it was given.
        if (!AccountForms.IsUserName(username))
            throw new OperatorRefusedException("A username has 2 to 32 of a-z, 0-9, _ and ., and no two periods in a row.");
        if (password.Length is < AccountForms.PasswordMin or > AccountForms.PasswordMax)
            throw new OperatorRefusedException($"A password has {AccountForms.PasswordMin} to {AccountForms.PasswordMax} characters.");
        try
        {
            (User user, string token) = await domain.Accounts.CreateUserAsync(username, password, cancellation: cancellation);
            return new CreatedUser(user.Id.ToString(), user.Username, token);
        }
        catch (AccountConflictException)
        {
            throw new OperatorRefusedException($"The username {username} is taken; choose another.", 409);
        }
    }

    public async ValueTask<CreatedBot> CreateBotAsync(string name, string owner, CancellationToken cancellation)
    {
        name = name.Trim();
        if (name.Length is 0 or > Limits.ApplicationName || name.Any(char.IsControl))
            throw new OperatorRefusedException($"An application's name has 1 to {Limits.ApplicationName} characters.");
        Account account = await FindAsync(owner, cancellation) ?? throw new OperatorRefusedException($"There is no user {owner}.", 404);
        (Application application, User bot, string token) =
            await domain.Accounts.CreateBotAsync(name, UserProfile.FromBytes(account.Profile.Span).ToUser(), cancellation);
        return new CreatedBot(application.Id.ToString(), bot.Id.ToString(), bot.Username, account.Id.ToString(), token);
    }

    public async ValueTask<DevSeed> SeedAsync(CancellationToken cancellation)
    {
        string suffix = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(3));
        (User owner, string userToken) = await domain.Accounts.CreateUserAsync(
            $"owner_{suffix}", Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16)), cancellation: cancellation);
        (Application application, User bot, string botToken) = await domain.Accounts.CreateBotAsync($"bot_{suffix}", owner, cancellation);
        Snowflake guildId = domain.Ids.Next();
        Caller caller = new(owner.Id) { System = true };
        Snowflake channel = await domain.Guilds.RunAsync(guildId, new CreateGuild(guildId, $"Guild {suffix}", owner) { By = caller });
        await domain.Guilds.RunAsync(guildId, new AdmitBot(bot, Permissions.Administrator, OnTop: true) { By = caller });
        return new DevSeed(userToken, botToken, application.Id.ToString(), guildId.ToString(), channel.ToString());
    }

    private async ValueTask<Account?> FindAsync(string nameOrId, CancellationToken cancellation) =>
        Snowflake.TryParse(nameOrId, out Snowflake id) && await domain.Storage.Accounts.GetAsync(id, cancellation) is { } account
            ? account
            : await domain.Storage.Accounts.FindByUsernameAsync(nameOrId, ct: cancellation);
}
