using Discord.Node.Ops;
using Discord.Protocol;

namespace Discord.Node.Tests;

/// <summary>A domain of one guild and one session for the operator's API.</summary>
internal sealed class FakeOperator : IOperatorActions
{
    public List<string> Kicked { get; } = [];

    public ValueTask<GuildList> GuildsAsync(Snowflake after, int limit, CancellationToken cancellation) =>
        new(new GuildList([new GuildRow("10", "Guild \u001b[31mred", "1", 2, 3)], More: true));

    public ValueTask<GuildDetail?> GuildAsync(Snowflake guild, CancellationToken cancellation) => new(guild.Value == 10
        ? new GuildDetail(
            "10", "Guild", "1", DateTimeOffset.UnixEpoch, 2,
            [new ChannelRow("11", "general", 0, null)], [new RoleRow("10", "@everyone", 0, "0")])
        : null);

    public ValueTask<SessionList> SessionsAsync(int limit, CancellationToken cancellation) =>
        new(new SessionList([new SessionRow("abc", "1", "owner", false, true, null, 5, 1, DateTimeOffset.UnixEpoch)], false));

    public ValueTask<bool> KickSessionAsync(string session, CancellationToken cancellation)
    {
        Kicked.Add(session);
        return new(session == "abc");
    }

    public ValueTask<CreatedUser> CreateUserAsync(string username, string password, CancellationToken cancellation) =>
        username == "taken"
            ? throw new OperatorRefusedException("The username taken is taken.", 409)
            : new(new CreatedUser("1", username, "user-token"));

    public ValueTask<CreatedBot> CreateBotAsync(string name, string owner, CancellationToken cancellation) =>
        new(new CreatedBot("2", "2", name, "1", "bot-token"));

    public ValueTask<DevSeed> SeedAsync(CancellationToken cancellation) => new(new DevSeed("user-token", "bot-token", "2", "10", "11"));
}
