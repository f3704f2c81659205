using Discord.Node.Tests.Kit;
using Discord.Protocol;

namespace Discord.Node.Tests.OpenApi;

/// <summary>Voice states.</summary>
internal static class VoiceCalls
{
    public static async Task RunAsync(ContractRun run)
    {
        SeededGuild guild = await run.Node.SeedAsync();
        Snowflake stage = await run.Node.ChannelAsync(guild.Id, ChannelType.GuildStageVoice, "stage");
        RestClient member = await run.Node.MemberAsync(guild.Id);
        await using GatewayClient heard = await (await run.Node.ConnectAsync(guild.Bot)).IdentifyAsync();
        await using GatewayClient voice = await (await run.Node.ConnectAsync(member)).IdentifyAsync();
        object joins = new { guild_id = guild.Id.ToString(), channel_id = stage.ToString(), self_mute = false, self_deaf = false };
        await voice.SendAsync(4, joins);
        run.Event("VOICE_STATE_UPDATE", await heard.NextAsync("VOICE_STATE_UPDATE"), "VoiceStateResponse");
        string states = $"/guilds/{guild.Id}/voice-states";
        await run.GetAsync(member, $"{states}/@me");
        await run.GetAsync(guild.Bot, $"{states}/{member.Id}");
        await run.PatchAsync(member, $"{states}/@me", new { request_to_speak_timestamp = DateTimeOffset.UtcNow }, 204);
        await run.PatchAsync(guild.Bot, $"{states}/{member.Id}", new { channel_id = stage.ToString(), suppress = false }, 204);
        run.Event("VOICE_STATE_UPDATE", await heard.NextAsync("VOICE_STATE_UPDATE"), "VoiceStateResponse");
        await run.GetAsync(guild.Bot, $"{states}/{member.Id}");
    }
}
