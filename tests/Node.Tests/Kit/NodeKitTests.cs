using Discord.Actors.Guilds;
using Discord.Protocol;

namespace Discord.Node.Tests.Kit;

/// <summary>That the kit itself says what happens.</summary>
public sealed class NodeKitTests(NodeKit node) : IClassFixture<NodeKit>
{
    [Fact]
    public async Task Gateway_client_sees_a_member_join_and_resumes()
    {
        SeededGuild guild = await node.SeedAsync();
        await using GatewayClient bot = await (await node.ConnectAsync(guild.Bot)).IdentifyAsync();
        RestClient member = await node.MemberAsync(guild.Id);
        Assert.Equal(member.Id.ToString(), (string?)(await bot.NextAsync("GUILD_MEMBER_ADD"))["user"]!["id"]);
        await bot.AbortAsync();

        Snowflake role = await node.RoleAsync(guild.Id, "late");
        await using GatewayClient again = await bot.ResumeAsync();
        Assert.Equal(role.ToString(), (string?)(await again.NextAsync("GUILD_ROLE_CREATE"))["role"]!["id"]);
        await again.NextAsync("RESUMED");
        Assert.True(again.HasNone("GUILD_MEMBER_ADD"));
    }

    [Fact]
    public async Task Restart_keeps_accounts_and_guilds()
    {
        await using NodeKit own = await NodeKit.StartAsync();
        SeededGuild guild = await own.SeedAsync();
        RestClient member = await own.MemberAsync(guild.Id);
        await own.RestartAsync();
        GuildState state = await own.StateAsync(guild.Id);
        Assert.True(state.Members.Contains(member.Id));
        await using GatewayClient session = await (await own.ConnectAsync(member)).IdentifyAsync();
        Assert.Contains(session.Ready["guilds"]!.AsArray(), g => (string?)g!["id"] == guild.Id.ToString());
    }

    [Fact]
    public async Task Unknown_route_is_404_with_code_0()
    {
        RestClient user = await node.UserAsync();
        (await user.GetAsync("/no/such/route")).ExpectError(404, 0);
    }
}
