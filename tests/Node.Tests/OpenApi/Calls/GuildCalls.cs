using System.Text.Json.Nodes;
using Discord.Node.Tests.Kit;
using Discord.Node.Tests.Rest.Guilds;

namespace Discord.Node.Tests.OpenApi;

/// <summary>A guild itself, its emojis, roles and audit log.</summary>
internal static class GuildCalls
{
    public static async Task RunAsync(ContractRun run)
    {
        SeededGuild guild = await run.Node.SeedAsync();
        await using GatewayClient heard = await (await run.Node.ConnectAsync(guild.Bot)).IdentifyAsync();
        string path = $"/guilds/{guild.Id}";
        run.Event("READY.user", heard.Ready["user"]!, "UserPIIResponse");
        JsonNode created = run.Event("GUILD_CREATE", heard.Events.First(e => e.Name == "GUILD_CREATE").Data!, "GuildResponse");
        foreach (JsonNode? channel in created["channels"]!.AsArray())
            run.Event("GUILD_CREATE.channels", channel!, "GuildChannelResponse");
        foreach (JsonNode? member in created["members"]!.AsArray())
            run.Event("GUILD_CREATE.members", member!, "GuildMemberResponse");
        await run.GetAsync(guild.Bot, path);
        JsonNode counted = await run.GetAsync(guild.Bot, path + "?with_counts=true");
        Assert.Equal(2, (int)counted["approximate_member_count"]!);
        await run.PatchAsync(guild.Bot, path, new { name = "renamed", icon = Pictures.Png, afk_timeout = 60, preferred_locale = "de" });
        await run.PatchAsync(guild.Owner, path, ChannelCalls.Community(guild));
        run.Event("GUILD_UPDATE", await heard.NextAsync("GUILD_UPDATE"), "GuildResponse");
        await run.GetAsync(guild.Bot, path + "/preview");
        await run.GetAsync(guild.Bot, path + "/regions");

        string emoji = await run.CreateAsync(guild.Bot, $"{path}/emojis", new { name = "blob", image = Pictures.Png }, 201);
        await run.GetAsync(guild.Bot, $"{path}/emojis");
        await run.GetAsync(guild.Bot, $"{path}/emojis/{emoji}");
        await run.PatchAsync(guild.Bot, $"{path}/emojis/{emoji}", new { name = "glob" });
        await run.DeleteAsync(guild.Bot, $"{path}/emojis/{emoji}");
        await RolesAsync(run, guild, heard);

        string webhook = await run.CreateAsync(guild.Bot, $"/channels/{guild.ChannelId}/webhooks", new { name = "hook" });
        await run.GetAsync(guild.Bot, $"{path}/webhooks");
        await run.PostAsync(guild.Bot, $"/channels/{guild.ChannelId}/threads", new { name = "thread", type = 11 }, 201);
        await run.PatchAsync(guild.Bot, $"/webhooks/{webhook}", new { name = "crook" });
        JsonNode log = await run.GetAsync(guild.Bot, $"{path}/audit-logs?limit=100");
        Assert.NotEmpty(log["webhooks"]!.AsArray());
        Assert.NotEmpty(log["threads"]!.AsArray());
        run.Event("GUILD_AUDIT_LOG_ENTRY_CREATE", await heard.NextAsync("GUILD_AUDIT_LOG_ENTRY_CREATE"), "AuditLogEntryResponse");
    }

    private static async Task RolesAsync(ContractRun run, SeededGuild guild, GatewayClient heard)
    {
        string roles = $"/guilds/{guild.Id}/roles";
        string role = await run.CreateAsync(guild.Bot, roles, new { name = "role", colors = new { primary_color = 255 }, hoist = true });
        run.Event("GUILD_ROLE_CREATE", (await heard.NextAsync("GUILD_ROLE_CREATE"))["role"]!, "GuildRoleResponse");
        await run.GetAsync(guild.Bot, roles);
        await run.GetAsync(guild.Bot, $"{roles}/{role}");
        await run.GetAsync(guild.Bot, $"{roles}/member-counts");
        await run.PatchAsync(guild.Bot, $"{roles}/{role}", new { permissions = "8", mentionable = true });
        await run.PatchAsync(guild.Bot, roles, new[] { new { id = role, position = 1 } });
        await run.DeleteAsync(guild.Bot, $"{roles}/{role}");
    }
}
