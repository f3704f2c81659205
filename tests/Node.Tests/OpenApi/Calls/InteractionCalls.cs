using System.Text.Json.Nodes;
using Discord.Node.Tests.Kit;

namespace Discord.Node.Tests.OpenApi;

/// <summary>A member invokes a command; its application answers and goes on by the interaction's token.</summary>
internal static class InteractionCalls
{
    public static async Task RunAsync(ContractRun run)
    {
        SeededGuild guild = await run.Node.SeedAsync();
        RestClient member = await run.Node.MemberAsync(guild.Id);
        await using GatewayClient bot = await (await run.Node.ConnectAsync(guild.Bot)).IdentifyAsync();
        await using GatewayClient user = await (await run.Node.ConnectAsync(member)).IdentifyAsync();
        object ping = new { name = "ping", description = "d" }, pong = new { type = 4, data = new { content = "pong" } };
        JsonNode command = await run.PostAsync(guild.Bot, $"/applications/{guild.Bot.Id}/commands", ping, 201);

        JsonNode told = await InvokeAsync(guild, member, bot, user, command);
        await run.PostAsync(guild.Bot, $"/interactions/{told["id"]}/{told["token"]}/callback", pong, 204);
        run.Event("MESSAGE_CREATE", await user.NextAsync("MESSAGE_CREATE"), "MessageResponse");
        string original = $"/webhooks/{guild.Bot.Id}/{told["token"]}/messages/@original";
        await run.GetAsync(guild.Bot, original);
        await run.PatchAsync(guild.Bot, original, new { content = "ping", components = MessageCalls.Rows() });
        await run.PostAsync(guild.Bot, $"/webhooks/{guild.Bot.Id}/{told["token"]}", new { content = "more" });
        await run.DeleteAsync(guild.Bot, original);

        told = await InvokeAsync(guild, member, bot, user, command);
        await run.PostAsync(guild.Bot, $"/interactions/{told["id"]}/{told["token"]}/callback?with_response=true", pong);
    }

    private static async Task<JsonNode> InvokeAsync(
        SeededGuild guild, RestClient member, GatewayClient bot, GatewayClient user, JsonNode command)
    {
        (await member.PostAsync("/interactions", new
        {
            type = 2,
            application_id = guild.Bot.Id.ToString(),
            guild_id = guild.Id.ToString(),
            channel_id = guild.ChannelId.ToString(),
            session_id = user.SessionId,
            nonce = "1",
            data = new
            {
                id = (string)command["id"]!,
                version = (string)command["version"]!,
                name = "ping",
                type = 1,
                options = Array.Empty<object>(),
                attachments = Array.Empty<object>(),
            },
        })).Expect204();
        return await bot.NextAsync("INTERACTION_CREATE");
    }
}
