using System.Text.Json.Nodes;
using Discord.Node.Tests.Kit;

namespace Discord.Node.Tests.Rest.Guilds;

/// <summary>The keys of entries whose object is spoken of in other words than its payload.</summary>
public sealed class AuditChangesTests(NodeKit node) : IClassFixture<NodeKit>
{
    [Fact]
    public async Task Invite_names_its_channel_and_inviter_by_id()
    {
        SeededGuild guild = await node.SeedAsync();
        JsonNode invite = (await guild.Bot.PostAsync($"/channels/{guild.ChannelId}/invites", new { max_age = 60 }, "party")).Expect(200);
        string code = (string)invite["code"]!;
        (await guild.Bot.DeleteAsync($"/invites/{code}")).Expect(200);
        JsonNode made = await LatestAsync(guild, 40);
        Assert.Equal("party", (string?)made["reason"]);
        Assert.Null(made["target_id"]);
        string[] keys = ["channel_id", "code", "inviter_id", "max_age", "max_uses", "temporary", "uses"];
        Assert.Equal(keys, made["changes"]!.AsArray().Select(Key).Order());
        Assert.Equal(guild.ChannelId.ToString(), New(made, "channel_id"));
        Assert.Equal(guild.Bot.Id.ToString(), New(made, "inviter_id"));
        Assert.Equal(code, (string?)Change(await LatestAsync(guild, 42), "code")["old_value"]);
    }

    [Fact]
    public async Task Thread_has_its_metadata_beside_its_name()
    {
        SeededGuild guild = await node.SeedAsync();
        JsonNode thread = (await guild.Bot.PostAsync($"/channels/{guild.ChannelId}/threads", new { name = "t", type = 12 })).Expect(201);
        string id = (string)thread["id"]!;
        (await guild.Bot.DeleteAsync($"/channels/{id}")).Expect(200);
        string[] keys = ["archived", "auto_archive_duration", "flags", "invitable", "locked", "name", "rate_limit_per_user", "type"];
        Assert.Equal(keys, (await LatestAsync(guild, 110))["changes"]!.AsArray().Select(Key).Order());
        JsonNode gone = await LatestAsync(guild, 112);
        Assert.Equal(keys, gone["changes"]!.AsArray().Select(Key).Order());
        Assert.Equal(id, (string?)gone["target_id"]);
        Assert.Equal(12, (int)Change(gone, "type")["old_value"]!);
    }

    private static async Task<JsonNode> LatestAsync(SeededGuild guild, int action) =>
        (await guild.Bot.GetAsync($"/guilds/{guild.Id}/audit-logs?action_type={action}&limit=1")).Expect(200)["audit_log_entries"]![0]!;

    private static string Key(JsonNode? change) => (string)change!["key"]!;

    private static JsonNode Change(JsonNode entry, string key) => entry["changes"]!.AsArray().Single(c => Key(c) == key)!;

    private static string? New(JsonNode entry, string key) => (string?)Change(entry, key)["new_value"];
}
