using System.Text.Json.Nodes;
using Discord.Node.Tests.Kit;

namespace Discord.Node.Tests.OpenApi;

/// <summary>Channels of every type, their overwrites and invites, private channels.</summary>
internal static class ChannelCalls
{
    public static async Task RunAsync(ContractRun run)
    {
        SeededGuild guild = await run.Node.SeedAsync();
        await using GatewayClient heard = await (await run.Node.ConnectAsync(guild.Bot)).IdentifyAsync();
        string channels = $"/guilds/{guild.Id}/channels";
        string category = await run.CreateAsync(guild.Bot, channels, new { name = "category", type = 4 }, 201);
        run.Event("CHANNEL_CREATE", await heard.NextAsync("CHANNEL_CREATE"), "GuildChannelResponse");
        foreach (int type in (int[])[0, 2, 5, 13, 15, 16])
        {
            if (type is 5 or 13)
                await run.PatchAsync(guild.Owner, $"/guilds/{guild.Id}", Community(guild));
            string id = await run.CreateAsync(guild.Bot, channels, new { name = $"type-{type}", type, parent_id = category }, 201);
            await run.GetAsync(guild.Bot, $"/channels/{id}");
            await run.PatchAsync(guild.Bot, $"/channels/{id}", Changes(type));
            run.Event("CHANNEL_UPDATE", await heard.NextAsync("CHANNEL_UPDATE", e => (string?)e["id"] == id), "GuildChannelResponse");
            await run.DeleteAsync(guild.Bot, $"/channels/{id}", 200);
            run.Event("CHANNEL_DELETE", await heard.NextAsync("CHANNEL_DELETE"), "GuildChannelResponse");
        }
        await run.GetAsync(guild.Bot, channels);
        await run.PatchAsync(guild.Bot, channels, new[] { new { id = category, position = 0 } }, 204);

        string channel = $"/channels/{guild.ChannelId}";
        await run.PutAsync(guild.Bot, $"{channel}/permissions/{guild.Owner.Id}", new { type = 1, allow = "1024", deny = "2048" });
        run.Event("CHANNEL_UPDATE", await heard.NextAsync("CHANNEL_UPDATE"), "GuildChannelResponse");
        await run.DeleteAsync(guild.Bot, $"{channel}/permissions/{guild.Owner.Id}");

        JsonNode invite = await run.PostAsync(guild.Bot, $"{channel}/invites", new { max_age = 60, unique = true });
        await run.PostAsync(guild.Bot, $"{channel}/invites", new { max_age = 0, max_uses = 2, unique = true });
        await run.GetAsync(guild.Bot, $"{channel}/invites");
        await run.GetAsync(guild.Bot, $"/guilds/{guild.Id}/invites");
        await run.GetAsync(guild.Bot, $"/invites/{invite["code"]}");
        await run.GetAsync(guild.Bot, $"/invites/{invite["code"]}?with_counts=true&with_expiration=true");
        await run.DeleteAsync(guild.Bot, $"/invites/{invite["code"]}", 200);

        await run.PostAsync(guild.Bot, $"{channel}/typing", null, 204);
        await PrivateAsync(run);
    }

    /// <summary>What makes a guild a community, with the guild's one text channel for everything.</summary>
    public static object Community(SeededGuild guild) => new
    {
        features = new[] { "COMMUNITY" },
        verification_level = 1,
        explicit_content_filter = 2,
        default_message_notifications = 1,
        rules_channel_id = guild.ChannelId.ToString(),
        public_updates_channel_id = guild.ChannelId.ToString(),
    };

    private static object Changes(int type) => type switch
    {
        0 => new
        {
            topic = "a topic",
            nsfw = true,
            rate_limit_per_user = 5,
            default_auto_archive_duration = 60,
            default_thread_rate_limit_per_user = 1,
        },
        2 or 13 => new { bitrate = 8000, user_limit = 5, rtc_region = (string?)null, video_quality_mode = 2 },
        15 => new
        {
            topic = "guidelines",
            available_tags = new object[] { new { name = "bug", emoji_name = "\U0001F41B" }, new { name = "idea", moderated = true } },
            default_reaction_emoji = new { emoji_name = "\U0001F44D" },
            default_sort_order = 1,
            default_forum_layout = 2,
            flags = 16,
        },
        16 => new { default_reaction_emoji = (object?)null, default_sort_order = (int?)null, flags = 1 << 15 },
        _ => new { name = "renamed" },
    };

    private static async Task PrivateAsync(ContractRun run)
    {
        RestClient a = await run.Node.UserAsync(), b = await run.Node.UserAsync();
        RestClient c = await run.Node.UserAsync(), d = await run.Node.UserAsync();
        await using GatewayClient heard = await (await run.Node.ConnectAsync(b)).IdentifyAsync();
        string dm = await run.CreateAsync(a, "/users/@me/channels", new { recipient_id = b.Id.ToString() });
        await run.GetAsync(a, $"/channels/{dm}");
        await run.PostAsync(a, $"/channels/{dm}/messages", new { content = "hello" });
        run.Event("CHANNEL_CREATE", await heard.NextAsync("CHANNEL_CREATE"), "PrivateChannelResponse");
        run.Event("MESSAGE_CREATE", await heard.NextAsync("MESSAGE_CREATE"), "MessageResponse");
        await run.DeleteAsync(a, $"/channels/{dm}", 200);

        string group = await run.CreateAsync(
            a, "/users/@me/channels", new { recipients = new[] { b.Id.ToString(), c.Id.ToString() } });
        run.Event("CHANNEL_CREATE", await heard.NextAsync("CHANNEL_CREATE"), "PrivateGroupChannelResponse");
        await run.GetAsync(a, $"/channels/{group}");
        await run.PatchAsync(a, $"/channels/{group}", new { name = "Friends" });
        await run.PutAsync(a, $"/channels/{group}/recipients/{d.Id}");
        await run.DeleteAsync(a, $"/channels/{group}/recipients/{d.Id}");
        await run.PutAsync(a, $"/channels/{dm}/recipients/{c.Id}", status: 201);
        await run.DeleteAsync(a, $"/channels/{group}", 200);
    }
}
