using Discord.Node.Tests.Kit;
using Discord.Protocol;

namespace Discord.Node.Tests.OpenApi;

/// <summary>Members, bans, prunes.</summary>
internal static class MemberCalls
{
    public static async Task RunAsync(ContractRun run)
    {
        SeededGuild guild = await run.Node.SeedAsync();
        await using GatewayClient heard = await (await run.Node.ConnectAsync(guild.Bot)).IdentifyAsync();
        string path = $"/guilds/{guild.Id}", members = $"{path}/members";
        RestClient user = await run.Node.UserAsync();
        string member = $"{members}/{user.Id}";
        await run.PutAsync(guild.Bot, member, new { access_token = user.Token }, 201);
        run.Event("GUILD_MEMBER_ADD", await heard.NextAsync("GUILD_MEMBER_ADD"), "GuildMemberResponse");
        await run.PutAsync(guild.Bot, member, new { access_token = user.Token });
        await run.GetAsync(guild.Bot, $"{members}?limit=1000");
        await run.GetAsync(guild.Bot, $"{members}/search?query=user&limit=10");
        await run.GetAsync(guild.Bot, member);
        await run.PatchAsync(guild.Bot, member, new { nick = "nick", communication_disabled_until = DateTimeOffset.UtcNow.AddHours(1) });
        run.Event("GUILD_MEMBER_UPDATE", await heard.NextAsync("GUILD_MEMBER_UPDATE"), "GuildMemberResponse");
        await run.PatchAsync(guild.Bot, $"{members}/@me", new { nick = "robot" });
        Snowflake role = await run.Node.RoleAsync(guild.Id, "role");
        await run.PutAsync(guild.Bot, $"{member}/roles/{role}");
        await run.DeleteAsync(guild.Bot, $"{member}/roles/{role}");
        await run.DeleteAsync(guild.Bot, member);

        await run.PutAsync(guild.Bot, $"{path}/bans/{user.Id}", new { delete_message_seconds = 60 });
        run.Event("GUILD_BAN_ADD", (await heard.NextAsync("GUILD_BAN_ADD"))["user"]!, "UserResponse");
        await run.GetAsync(guild.Bot, $"{path}/bans");
        await run.GetAsync(guild.Bot, $"{path}/bans/{user.Id}");
        await run.DeleteAsync(guild.Bot, $"{path}/bans/{user.Id}");
        RestClient other = await run.Node.MemberAsync(guild.Id);
        await run.PostAsync(guild.Bot, $"{path}/bulk-ban", new { user_ids = new[] { other.Id.ToString() } });
        await run.GetAsync(guild.Bot, $"{path}/prune?days=7");
        await run.PostAsync(guild.Bot, $"{path}/prune", new { days = 7, compute_prune_count = true });
        await run.PostAsync(guild.Bot, $"{path}/prune", new { days = 7, compute_prune_count = false });
    }
}
