using System.Text.Json.Nodes;
using Discord.Node.Tests.Kit;
using Discord.Protocol;

namespace Discord.Node.Tests.Rest.Guilds;

/// <summary>What a session is told when it gains a channel that was there before, and that it is told nothing when it loses one.</summary>
public sealed class VisibilityTests(NodeKit node) : IClassFixture<NodeKit>
{
    [Fact]
    public async Task Channel_appears_by_a_role_by_the_roles_permissions_and_by_an_overwrite()
    {
        SeededGuild guild = await node.SeedAsync();
        Snowflake role = await node.RoleAsync(guild.Id, "insider");
        Snowflake byRole = await node.ChannelAsync(
            guild.Id, ChannelType.GuildText, "by-role", null,
            new Overwrite(guild.Id, OverwriteType.Role, Permissions.None, Permissions.ViewChannel),
            new Overwrite(role, OverwriteType.Role, Permissions.ViewChannel, Permissions.None));
        Snowflake own = await node.ChannelAsync(
            guild.Id, ChannelType.GuildText, "own", null,
            new Overwrite(guild.Id, OverwriteType.Role, Permissions.None, Permissions.ViewChannel));
        RestClient member = await node.MemberAsync(guild.Id);
        RestClient other = await node.MemberAsync(guild.Id);
        await using GatewayClient session = await (await node.ConnectAsync(member)).IdentifyAsync();
        await using GatewayClient stranger = await (await node.ConnectAsync(other)).IdentifyAsync();

        await guild.Bot.PutAsync($"/guilds/{guild.Id}/members/{member.Id}/roles/{role}");
        JsonNode gained = await session.NextAsync("CHANNEL_CREATE");
        Assert.Equal(byRole.ToString(), (string?)gained["id"]);
        (await guild.Bot.PostAsync($"/channels/{byRole}/messages", new { content = "hello" })).Expect(200);
        await session.NextAsync("MESSAGE_CREATE");

        Assert.Equal(
            204,
            (await guild.Bot.PutAsync($"/channels/{own}/permissions/{member.Id}", new { type = 1, allow = "1024", deny = "0" })).Status);
        Assert.Equal(own.ToString(), (string?)(await session.NextAsync("CHANNEL_CREATE"))["id"]);

        // Everything is hidden from everyone, and shown again.
        (await guild.Bot.PatchAsync($"/guilds/{guild.Id}/roles/{guild.Id}", new { permissions = "0" })).Expect(200);
        (await guild.Bot.PatchAsync($"/guilds/{guild.Id}/roles/{guild.Id}", new { permissions = "1024" })).Expect(200);
        await stranger.NextAsync("CHANNEL_CREATE", c => (string?)c["id"] == guild.ChannelId.ToString());
        await session.NextAsync("CHANNEL_CREATE", c => (string?)c["id"] == guild.ChannelId.ToString());

        await guild.Bot.DeleteAsync($"/guilds/{guild.Id}/members/{member.Id}/roles/{role}");
        (await guild.Bot.PatchAsync($"/guilds/{guild.Id}", new { name = "Marker" })).Expect(200);
        await session.NextAsync("GUILD_UPDATE");
        await stranger.NextAsync("GUILD_UPDATE");
        Assert.True(session.HasNone("CHANNEL_DELETE"));
        Assert.True(stranger.HasNone("CHANNEL_CREATE", c => (string?)c["id"] == byRole.ToString() || (string?)c["id"] == own.ToString()));
        Assert.True(session.HasNone("CHANNEL_CREATE", c => (string?)c["id"] == byRole.ToString() || (string?)c["id"] == own.ToString()));
    }
}
