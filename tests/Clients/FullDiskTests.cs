using System.Text.Json.Nodes;
using Discord.Clients.Kit;

namespace Discord.Clients;

/// <summary>The disk takes nothing more, under a running node. What stands for it is a limit on the size of files, which needs no rights
/// and no disk.</summary>
public sealed class FullDiskTests
{
    [Fact]
    public async Task Writes_that_find_no_room_are_503_nothing_acknowledged_is_lost_and_the_node_heals()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Only Linux changes the limits of a running process (prlimit).");
        await using NodeProcess node = await NodeProcess.StartAfterAsync("trap '' XFSZ", "--rate-limits", "off");
        Seed place = await node.SeedAsync();
        using Poster owner = new(node, place.UserToken);
        await using Listener bot = await Listener.IdentifyAsync(node, place.BotToken);
        string voice = (string)(await owner.SendAsync(HttpMethod.Post, $"/guilds/{place.GuildId}/channels",
            new { name = "v", type = 2 }))["id"]!;
        List<StoredMessage> acknowledged = [];
        int sent = 0;
        for (int i = 0; i < 20; i++)
            Assert.Equal(200, await PostAsync());

        // Some pages more, and then nothing at all.
        long largest = new DirectoryInfo(node.DataDirectory).EnumerateFiles("*", SearchOption.AllDirectories).Max(file => file.Length);
        Limit((ulong)largest + 64 * 1024);
        int status = 200;
        for (int i = 0; i < 400 && status == 200; i++)
            status = await PostAsync();
        Assert.True(status == 503, $"A full disk was answered with {status}.\n{node.Output}");
        Limit(512);
        for (int i = 0; i < 20; i++)
            Assert.Equal(503, await PostAsync());

        // What changes a guild and what uploads a file is refused as clearly; reads and sessions go on.
        await RefusedAsync(HttpMethod.Patch, $"/guilds/{place.GuildId}", new { name = "no room" });
        await RefusedAsync(HttpMethod.Post, $"/guilds/{place.GuildId}/roles", new { name = "no room" });
        using MultipartFormDataContent upload = new() { { new ByteArrayContent(new byte[9 << 20]), "files[0]", "large.bin" } };
        await RefusedAsync(HttpMethod.Post, $"/channels/{place.ChannelId}/messages", upload);
        Assert.NotEqual("no room", (string?)(await owner.SendAsync(HttpMethod.Get, $"/guilds/{place.GuildId}"))["name"]);
        Assert.Empty(acknowledged.Except(await owner.HistoryAsync(place.ChannelId)));
        await bot.SendAsync(4, new { guild_id = place.GuildId, channel_id = voice, self_mute = false, self_deaf = false });
        await bot.SendAsync(8, new { guild_id = place.GuildId, query = "", limit = 0, nonce = "full" });
        await bot.NextAsync("GUILD_MEMBERS_CHUNK", c => (string?)c["nonce"] == "full");

        // Room again: the same node goes on.
        Limit(SystemCall.ResourceLimit.None);
        await NodeProcess.UntilAsync("messages are stored again", async () => await PostAsync() == 200);
        await bot.NextAsync("MESSAGE_CREATE", m => (string?)m["content"] == acknowledged[^1].Content);
        await owner.SendAsync(HttpMethod.Patch, $"/guilds/{place.GuildId}", new { name = "Room" });
        await bot.NextAsync("GUILD_UPDATE", g => (string?)g["name"] == "Room");
        bot.AssertGapless();
        Assert.False(bot.Ended);
        Assert.DoesNotContain(bot.Contents(place.ChannelId), content => !acknowledged.Exists(a => a.Content == content));

        await node.KillAsync();
        await node.StartAgainAsync();
        Assert.Equal(acknowledged, await owner.HistoryAsync(place.ChannelId));
        Assert.Equal("Room", (string?)(await owner.SendAsync(HttpMethod.Get, $"/guilds/{place.GuildId}"))["name"]);

        async Task<int> PostAsync()
        {
            string content = $"{sent++} {new string('x', 1000)}";
            (int status, JsonNode? answer) =
                (await owner.TrySendAsync(HttpMethod.Post, $"/channels/{place.ChannelId}/messages", new { content }))!.Value;
            if (status == 200)
                acknowledged.Add(new StoredMessage(ulong.Parse((string)answer!["id"]!), content));
            return status;
        }

        async Task RefusedAsync(HttpMethod method, string path, object body)
        {
            (int status, JsonNode? answer) = (await owner.TrySendAsync(method, path, body))!.Value;
            Assert.True(status == 503, $"{method} {path}: {status} {answer?.ToJsonString()}\n{node.Output}");
        }

        void Limit(ulong bytes) => Assert.Equal(
            0, SystemCall.SetLimit(node.Id, SystemCall.ResourceLimit.FileSize, new SystemCall.ResourceLimit(bytes,
                SystemCall.ResourceLimit.None), 0));
    }
}
