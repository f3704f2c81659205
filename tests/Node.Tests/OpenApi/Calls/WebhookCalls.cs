using System.Text.Json.Nodes;
using Discord.Node.Tests.Kit;
using Discord.Node.Tests.Rest.Guilds;

namespace Discord.Node.Tests.OpenApi;

/// <summary>Webhooks and their messages.</summary>
internal static class WebhookCalls
{
    public static async Task RunAsync(ContractRun run)
    {
        SeededGuild guild = await run.Node.SeedAsync();
        string webhooks = $"/channels/{guild.ChannelId}/webhooks";
        JsonNode webhook = await run.PostAsync(guild.Bot, webhooks, new { name = "hook", avatar = Pictures.Png });
        await run.PostAsync(guild.Owner, webhooks, new { name = "of a user" });
        await run.GetAsync(guild.Bot, webhooks);
        string byId = $"/webhooks/{webhook["id"]}", byToken = $"{byId}/{webhook["token"]}";
        await run.GetAsync(guild.Bot, byId);
        await run.PatchAsync(guild.Bot, byId, new { name = "line" });
        await run.GetAsync(guild.Owner, byToken);
        await run.PatchAsync(guild.Owner, byToken, new { name = "sinker", avatar = (string?)null });

        await run.PostAsync(guild.Owner, byToken, new { content = "quiet" }, 204);
        string message = await run.CreateAsync(guild.Owner, byToken + "?wait=true", new
        {
            content = "loud",
            username = "Other",
            avatar_url = "https://example.org/a.png",
            embeds = new[] { MessageCalls.Embed() },
        });
        await run.GetAsync(guild.Owner, $"{byToken}/messages/{message}");
        await run.PatchAsync(guild.Owner, $"{byToken}/messages/{message}", new { content = "louder" });
        await run.DeleteAsync(guild.Owner, $"{byToken}/messages/{message}");
        await run.DeleteAsync(guild.Owner, byToken);
        string second = await run.CreateAsync(guild.Bot, webhooks, new { name = "second" });
        await run.DeleteAsync(guild.Bot, $"/webhooks/{second}");
    }
}
