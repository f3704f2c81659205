using Discord.Node.Tests.Kit;

namespace Discord.Node.Tests.OpenApi;

/// <summary>Commands, global and in a guild, and who may use them.</summary>
internal static class CommandCalls
{
    public static async Task RunAsync(ContractRun run)
    {
        SeededGuild guild = await run.Node.SeedAsync();
        string application = $"/applications/{guild.Bot.Id}";
        foreach (string commands in (string[])[$"{application}/commands", $"{application}/guilds/{guild.Id}/commands"])
        {
            string id = await run.CreateAsync(guild.Bot, commands, Full("do"), 201);
            await run.PostAsync(guild.Bot, commands, new { name = "do", description = "again" });
            await run.CreateAsync(guild.Bot, commands, new { name = "Greet", type = 2 }, 201);
            await run.GetAsync(guild.Bot, commands);
            await run.GetAsync(guild.Bot, commands + "?with_localizations=true");
            await run.GetAsync(guild.Bot, $"{commands}/{id}");
            await run.PatchAsync(guild.Bot, $"{commands}/{id}", new { default_member_permissions = "16" });
            await run.DeleteAsync(guild.Bot, $"{commands}/{id}");
            await run.PutAsync(guild.Bot, commands, new[] { Full("one"), new { name = "Quote", type = 3 } }, 200);
        }
        string inGuild = $"{application}/guilds/{guild.Id}/commands";
        string restricted = await run.CreateAsync(guild.Bot, inGuild, new { name = "restricted", description = "d" }, 201);
        await run.PutAsync(guild.Owner, $"{inGuild}/{restricted}/permissions", new
        {
            permissions = new[]
            {
                new { id = guild.Id.ToString(), type = 1, permission = false },
                new { id = guild.Owner.Id.ToString(), type = 2, permission = true },
                new { id = guild.ChannelId.ToString(), type = 3, permission = true },
            },
        }, 200);
        await run.GetAsync(guild.Bot, $"{inGuild}/{restricted}/permissions");
        await run.GetAsync(guild.Bot, $"{inGuild}/permissions");
    }

    // Every kind of option, with all that may be said about it.
    private static object Full(string name) => new
    {
        name,
        description = "all options",
        name_localizations = new { de = "tun" },
        description_localizations = new { de = "alles" },
        default_member_permissions = "0",
        nsfw = true,
        contexts = new[] { 0 },
        integration_types = new[] { 0 },
        options = new object[]
        {
            new { type = 3, name = "text", description = "d", required = true, min_length = 1, max_length = 9 },
            new { type = 4, name = "integer", description = "d", choices = new[] { new { name = "one", value = 1 } } },
            new { type = 5, name = "boolean", description = "d", name_localizations = new { fr = "vrai" } },
            new { type = 6, name = "user", description = "d" },
            new { type = 7, name = "channel", description = "d", channel_types = new[] { 0, 5 } },
            new { type = 8, name = "role", description = "d" },
            new { type = 9, name = "mentionable", description = "d" },
            new { type = 10, name = "number", description = "d", min_value = 0.5, max_value = 9.5, autocomplete = true },
            new { type = 11, name = "file", description = "d" },
        },
    };
}
