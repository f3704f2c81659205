using Discord.Node.Ops;
using Discord.Node.Tests.Kit;

namespace Discord.Node.Tests.Ops;

/// <summary>The operator's deeds against the real domain.</summary>
public sealed class OperatorTests(NodeKit node) : IClassFixture<NodeKit>
{
    private IOperatorActions Operator => node.Host.Services.Operator!;

    [Theory]
    [InlineData("a", "correct horse", "A username has 2 to 32")]
    [InlineData("Upper", "correct horse", "A username has 2 to 32")]
    [InlineData("two..dots", "correct horse", "A username has 2 to 32")]
    [InlineData("line\nbreak", "correct horse", "A username has 2 to 32")]
    [InlineData("fine", "short", "A password has 8 to 72")]
    public async Task User_against_the_rules_of_registering_is_refused(string name, string password, string sentence)
    {
        var refused = await Assert.ThrowsAsync<OperatorRefusedException>(
            async () => await Operator.CreateUserAsync(name, password, CancellationToken.None));
        Assert.StartsWith(sentence, refused.Message);
    }

    [Fact]
    public async Task User_created_logs_in_and_its_name_is_taken()
    {
        CreatedUser user = await Operator.CreateUserAsync("made.by_operator", "correct horse", CancellationToken.None);
        RestClient anyone = new(node, default, "", isBot: false);
        (await anyone.PostAsync("/auth/login", new { login = user.Username, password = "correct horse" })).Expect(200);
        var taken = await Assert.ThrowsAsync<OperatorRefusedException>(
            async () => await Operator.CreateUserAsync(user.Username, "correct horse", CancellationToken.None));
        Assert.Equal(409, taken.Status);
    }

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("more than thirty-two characters it has")]
    public async Task Bot_with_a_name_that_no_application_may_have_is_refused(string name)
    {
        SeededGuild guild = await node.SeedAsync();
        var refused = await Assert.ThrowsAsync<OperatorRefusedException>(
            async () => await Operator.CreateBotAsync(name, guild.Owner.Id.ToString(), CancellationToken.None));
        Assert.StartsWith("An application's name has 1 to 32", refused.Message);
    }

    [Fact]
    public async Task Bot_of_nobody_is_refused_and_of_somebody_identifies()
    {
        var refused = await Assert.ThrowsAsync<OperatorRefusedException>(
            async () => await Operator.CreateBotAsync("bot", "nobody", CancellationToken.None));
        Assert.Equal((404, "There is no user nobody."), (refused.Status, refused.Message));
        SeededGuild guild = await node.SeedAsync();
        CreatedBot bot = await Operator.CreateBotAsync("bot", guild.Owner.Id.ToString(), CancellationToken.None);
        RestClient client = new(node, Protocol.Snowflake.Parse(bot.BotId), bot.Token, isBot: true);
        await using GatewayClient gateway = await (await node.ConnectAsync(client)).IdentifyAsync();
        Assert.Equal("bot", (string?)gateway.Ready["user"]!["username"]);
    }

    [Fact]
    public async Task Kicked_session_is_closed_and_cannot_be_resumed()
    {
        SeededGuild guild = await node.SeedAsync();
        await using GatewayClient bot = await (await node.ConnectAsync(guild.Bot)).IdentifyAsync();
        SessionList list = await Operator.SessionsAsync(10_000, CancellationToken.None);
        Assert.Equal((true, 1), list.Sessions.Where(s => s.Id == bot.SessionId).Select(s => (s.Connected, s.Guilds)).Single());
        Assert.True(await Operator.KickSessionAsync(bot.SessionId, CancellationToken.None));
        Assert.Equal(4009, await bot.ClosedAsync());
        await using GatewayClient again = await bot.ResumeAsync();
        Assert.False((bool)(await again.OpAsync(9))!);
        Assert.False(await Operator.KickSessionAsync("none", CancellationToken.None));
    }
}
