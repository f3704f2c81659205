using System.Text.Json.Nodes;
using Discord.Actors.Guilds;
using Discord.Node.Tests.Kit;
using Discord.Protocol;
using Discord.Protocol.Payloads;

namespace Discord.Node.Tests.Rest.Guilds;

public sealed class VoiceTests(NodeKit node) : IClassFixture<NodeKit>
{
    [Fact]
    public async Task Members_in_voice_are_read_muted_moved_and_disconnected()
    {
        SeededGuild guild = await node.SeedAsync();
        Snowflake lounge = (await node.StateAsync(guild.Id)).Channels.Values.Single(c => c.Type == ChannelType.GuildVoice).Id;
        Snowflake second = await node.ChannelAsync(guild.Id, ChannelType.GuildVoice, "second");
        RestClient member = await node.MemberAsync(guild.Id);
        await using GatewayClient bot = await (await node.ConnectAsync(guild.Bot)).IdentifyAsync();
        await using GatewayClient voice = await (await node.ConnectAsync(member)).IdentifyAsync();
        (await guild.Bot.GetAsync($"/guilds/{guild.Id}/voice-states/{member.Id}")).ExpectError(404, 10065);
        await JoinAsync(voice, guild.Id, lounge);
        JsonNode joined = await bot.NextAsync("VOICE_STATE_UPDATE");
        Assert.Equal(lounge.ToString(), (string?)joined["channel_id"]);

        JsonNode own = (await member.GetAsync($"/guilds/{guild.Id}/voice-states/@me")).Expect(200);
        Assert.Equal((member.Id.ToString(), voice.SessionId), ((string?)own["user_id"], (string?)own["session_id"]));
        (await guild.Bot.GetAsync($"/guilds/{guild.Id}/voice-states/{member.Id}")).Expect(200);

        string at = $"/guilds/{guild.Id}/members/{member.Id}";
        JsonNode muted = (await guild.Bot.PatchAsync(at, new { mute = true, deaf = true })).Expect(200);
        Assert.True((bool)muted["mute"]! && (bool)muted["deaf"]!);
        JsonNode told = await bot.NextAsync("VOICE_STATE_UPDATE");
        Assert.True((bool)told["mute"]! && (bool)told["deaf"]!);
        (await guild.Bot.PatchAsync(at, new { channel_id = second.ToString() }, "over there")).Expect(200);
        Assert.Equal(second.ToString(), (string?)(await bot.NextAsync("VOICE_STATE_UPDATE"))["channel_id"]);
        JsonNode move = await bot.NextAsync("GUILD_AUDIT_LOG_ENTRY_CREATE", e => (int)e["action_type"]! == 26);
        Assert.Equal((second.ToString(), "1"), ((string?)move["options"]!["channel_id"], (string?)move["options"]!["count"]));
        (await guild.Bot.PatchAsync(at, new { channel_id = guild.ChannelId.ToString() })).ExpectError(400, 50024);
        (await member.PatchAsync($"/guilds/{guild.Id}/members/{member.Id}", new { channel_id = lounge.ToString() }))
            .ExpectError(403, 50013);
        (await guild.Bot.PatchAsync(at, """{"channel_id":null}""")).Expect(200);
        Assert.Null((await bot.NextAsync("VOICE_STATE_UPDATE"))["channel_id"]);
        (await guild.Bot.PatchAsync(at, """{"channel_id":null}""")).ExpectError(400, 40032);
        await JoinAsync(voice, guild.Id, lounge);
        Assert.True((bool)(await bot.NextAsync("VOICE_STATE_UPDATE"))["mute"]!);
        await guild.Bot.DeleteAsync(at);
        Assert.Null((await bot.NextAsync("VOICE_STATE_UPDATE"))["channel_id"]);
    }

    [Fact]
    public async Task Stage_speakers_are_let_in_by_those_who_may_mute()
    {
        SeededGuild guild = await node.SeedAsync();
        Snowflake stage = await node.ChannelAsync(guild.Id, ChannelType.GuildStageVoice, "stage");
        RestClient member = await node.MemberAsync(guild.Id);
        await using GatewayClient bot = await (await node.ConnectAsync(guild.Bot)).IdentifyAsync();
        await using GatewayClient voice = await (await node.ConnectAsync(member)).IdentifyAsync();
        string mine = $"/guilds/{guild.Id}/voice-states/@me";
        (await member.PatchAsync(mine, new { suppress = true })).ExpectError(404, 10065);
        await JoinAsync(voice, guild.Id, stage);
        Assert.True((bool)(await bot.NextAsync("VOICE_STATE_UPDATE"))["suppress"]!);

        (await member.PatchAsync(mine, new { channel_id = stage.ToString(), suppress = false })).ExpectError(403, 50013);
        Assert.Equal(204, (await member.PatchAsync(mine, new { request_to_speak_timestamp = DateTimeOffset.UtcNow })).Status);
        Assert.NotNull((await bot.NextAsync("VOICE_STATE_UPDATE"))["request_to_speak_timestamp"]);
        Assert.Equal(204, (await guild.Bot.PatchAsync(
            $"/guilds/{guild.Id}/voice-states/{member.Id}", new { channel_id = stage.ToString(), suppress = false })).Status);
        JsonNode speaks = await bot.NextAsync("VOICE_STATE_UPDATE");
        Assert.False((bool)speaks["suppress"]!);
        Assert.Null(speaks["request_to_speak_timestamp"]);
        Assert.Equal(204, (await member.PatchAsync(mine, new { suppress = true })).Status);
        Assert.True((bool)(await bot.NextAsync("VOICE_STATE_UPDATE"))["suppress"]!);
    }

    private static Task JoinAsync(GatewayClient client, Snowflake guild, Snowflake channel) =>
        client.SendAsync(4, new { guild_id = guild.ToString(), channel_id = channel.ToString(), self_mute = false, self_deaf = false });
}
