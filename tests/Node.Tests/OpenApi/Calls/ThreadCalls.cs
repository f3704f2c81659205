using Discord.Node.Tests.Kit;

namespace Discord.Node.Tests.OpenApi;

/// <summary>Threads of every kind and their members.</summary>
internal static class ThreadCalls
{
    public static async Task RunAsync(ContractRun run)
    {
        SeededGuild guild = await run.Node.SeedAsync();
        RestClient member = await run.Node.MemberAsync(guild.Id);
        await using GatewayClient heard = await (await run.Node.ConnectAsync(guild.Bot)).IdentifyAsync();
        string channel = $"/channels/{guild.ChannelId}";
        string message = await run.CreateAsync(guild.Bot, $"{channel}/messages", new { content = "start" });
        await run.PostAsync(guild.Bot, $"{channel}/messages/{message}/threads", new { name = "from a message" }, 201);
        run.Event("THREAD_CREATE", await heard.NextAsync("THREAD_CREATE"), "ThreadResponse");
        await run.GetAsync(guild.Bot, $"{channel}/messages/{message}");
        string open = await run.CreateAsync(guild.Bot, $"{channel}/threads", new { name = "open", type = 11 }, 201);
        string hidden = await run.CreateAsync(guild.Bot, $"{channel}/threads", new { name = "hidden", type = 12, invitable = false }, 201);
        await run.PostAsync(guild.Bot, $"/channels/{open}/messages", new { content = "inside" });
        await run.GetAsync(guild.Bot, $"/channels/{open}");
        await run.GetAsync(guild.Bot, $"/guilds/{guild.Id}/threads/active");

        await run.PutAsync(member, $"/channels/{open}/thread-members/@me");
        await run.GetAsync(guild.Bot, $"/channels/{open}/thread-members");
        await run.GetAsync(guild.Bot, $"/channels/{open}/thread-members?with_member=true&limit=2");
        await run.GetAsync(guild.Bot, $"/channels/{open}/thread-members/{member.Id}?with_member=true");
        await run.DeleteAsync(member, $"/channels/{open}/thread-members/@me");
        await run.PutAsync(guild.Bot, $"/channels/{hidden}/thread-members/{member.Id}");
        await run.DeleteAsync(guild.Bot, $"/channels/{hidden}/thread-members/{member.Id}");

        foreach (string id in (string[])[open, hidden])
        {
            await run.PatchAsync(guild.Bot, $"/channels/{id}", new { archived = true, locked = true });
            run.Event("THREAD_UPDATE", await heard.NextAsync("THREAD_UPDATE", e => (string?)e["id"] == id), "ThreadResponse");
        }
        await run.GetAsync(guild.Bot, $"{channel}/threads/archived/public");
        await run.GetAsync(guild.Bot, $"{channel}/threads/archived/private");
        await run.GetAsync(guild.Bot, $"{channel}/users/@me/threads/archived/private");

        string forum = await run.CreateAsync(guild.Bot, $"/guilds/{guild.Id}/channels", new
        {
            name = "forum",
            type = 15,
            available_tags = new[] { new { name = "bug" } },
        }, 201);
        string tag = (string)(await run.GetAsync(guild.Bot, $"/channels/{forum}"))["available_tags"]![0]!["id"]!;
        object first = new { name = "post", applied_tags = new[] { tag }, message = new { content = "first" } };
        string post = await run.CreateAsync(guild.Bot, $"/channels/{forum}/threads", first, 201);
        await run.GetAsync(guild.Bot, $"/channels/{forum}/threads/search");
        await run.PatchAsync(guild.Bot, $"/channels/{post}", new { flags = 2, applied_tags = Array.Empty<string>() });
        await run.DeleteAsync(guild.Bot, $"/channels/{post}", 200);
    }
}
