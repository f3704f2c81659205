using Discord.Node.Tests.Kit;
using Discord.Node.Tests.Rest.Guilds;

namespace Discord.Node.Tests.OpenApi;

/// <summary>Users, and what they are members of.</summary>
internal static class UserCalls
{
    public static async Task RunAsync(ContractRun run)
    {
        SeededGuild guild = await run.Node.SeedAsync();
        RestClient member = await run.Node.MemberAsync(guild.Id);
        await run.GetAsync(member, "/users/@me");
        await run.GetAsync(guild.Bot, "/users/@me");
        await run.PatchAsync(guild.Bot, "/users/@me", new { avatar = Pictures.Png });
        await run.GetAsync(guild.Bot, $"/users/{member.Id}");
        await run.GetAsync(guild.Bot, $"/users/{guild.Bot.Id}");
        await run.GetAsync(member, "/users/@me/guilds?with_counts=true");
        await run.GetAsync(member, $"/users/@me/guilds/{guild.Id}/member");
        await run.DeleteAsync(member, $"/users/@me/guilds/{guild.Id}");
    }
}
