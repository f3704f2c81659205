using System.Text.Json.Nodes;
using Discord.Node.Tests.Kit;
using Discord.Node.Tests.Rest.Guilds;

namespace Discord.Node.Tests.OpenApi;

/// <summary>Applications, their emojis, and what the gateway is called.</summary>
internal static class ApplicationCalls
{
    public static async Task RunAsync(ContractRun run)
    {
        SeededGuild guild = await run.Node.SeedAsync();
        RestClient bot = guild.Bot;
        object changes = new
        {
            description = "A bot.",
            tags = new[] { "chat" },
            icon = Pictures.Png,
            custom_install_url = "https://example.org/install",
        };
        await run.GetAsync(bot, "/applications/@me");
        await run.PatchAsync(bot, "/applications/@me", changes);
        await run.PatchAsync(bot, "/applications/@me", new
        {
            custom_install_url = (string?)null,
            install_params = new { scopes = new[] { "bot", "applications.commands" }, permissions = "8" },
            integration_types_config = new Dictionary<string, object>
            {
                ["0"] = new { oauth2_install_params = new { scopes = new[] { "bot" }, permissions = "0" } },
            },
        });
        await run.GetAsync(guild.Owner, $"/applications/{bot.Id}");
        await run.PatchAsync(guild.Owner, $"/applications/{bot.Id}", new { description = "" });
        await run.GetAsync(bot, "/oauth2/applications/@me");
        await run.GetAsync(bot, "/oauth2/@me");

        string emojis = $"/applications/{bot.Id}/emojis";
        string emoji = await run.CreateAsync(bot, emojis, new { name = "blob", image = Pictures.Gif }, 201);
        await run.GetAsync(bot, emojis);
        await run.GetAsync(bot, $"{emojis}/{emoji}");
        await run.PatchAsync(bot, $"{emojis}/{emoji}", new { name = "glob" });
        await run.DeleteAsync(bot, $"{emojis}/{emoji}");

        await run.GetAsync(bot, "/gateway");
        JsonNode gateway = await run.GetAsync(bot, "/gateway/bot");
        Assert.StartsWith("ws://", (string)gateway["url"]!, StringComparison.Ordinal);
        await run.GetAsync(bot, "/voice/regions");
    }
}
