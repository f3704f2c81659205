using System.Text.Json.Nodes;
using Discord.Node.Tests.Kit;
using Discord.Protocol;

namespace Discord.Node.Tests.Applications;

/// <summary>Commands, global and in guilds, their forms and permissions.</summary>
public sealed class CommandTests(NodeKit node) : IClassFixture<NodeKit>
{
    public static TheoryData<bool> Scopes => [false, true];

    private static string Path(SeededGuild guild, bool inGuild) =>
        inGuild ? $"/applications/{guild.Bot.Id}/guilds/{guild.Id}/commands" : $"/applications/{guild.Bot.Id}/commands";

    [Theory, MemberData(nameof(Scopes))]
    public async Task Command_is_created_replaced_read_edited_and_deleted(bool inGuild)
    {
        SeededGuild guild = await node.SeedAsync();
        string path = Path(guild, inGuild);
        JsonNode made = (await guild.Bot.PostAsync(path, new { name = "ping", description = "pong" })).Expect(201);
        foreach (string key in (string[])["id", "application_id", "version", "default_member_permissions", "type", "name", "description",
            "nsfw", "contexts"])
            Assert.True(made.AsObject().ContainsKey(key), key);
        Assert.Equal(inGuild ? guild.Id.ToString() : null, (string?)made["guild_id"]);
        string id = (string)made["id"]!;
        JsonNode again = (await guild.Bot.PostAsync(path, new { name = "ping", description = "pong!" })).Expect(200);
        Assert.Equal(id, (string)again["id"]!);
        Assert.NotEqual((string)made["version"]!, (string)again["version"]!);
        JsonNode edited = (await guild.Bot.PatchAsync($"{path}/{id}", new { default_member_permissions = "8", name = "pang" })).Expect(200);
        Assert.Equal("8", (string)edited["default_member_permissions"]!);
        Assert.Equal("pong!", (string)edited["description"]!);
        Assert.Equal(edited.ToJsonString(), (await guild.Bot.GetAsync($"{path}/{id}")).Expect(200).ToJsonString());
        Assert.Single((await guild.Bot.GetAsync(path)).Expect(200).AsArray());
        Assert.Equal(204, (await guild.Bot.DeleteAsync($"{path}/{id}")).Status);
        (await guild.Bot.GetAsync($"{path}/{id}")).ExpectError(404, 10063);
        (await guild.Bot.DeleteAsync($"{path}/{id}")).ExpectError(404, 10063);
        (await guild.Bot.PatchAsync($"{path}/{id}", new { name = "x" })).ExpectError(404, 10063);
    }

    [Theory, MemberData(nameof(Scopes))]
    public async Task Bulk_overwrite_keeps_ids_by_name_and_type(bool inGuild)
    {
        SeededGuild guild = await node.SeedAsync();
        string path = Path(guild, inGuild);
        JsonArray first = (await guild.Bot.PutAsync(path, new object[]
        {
            new { name = "one", description = "1" }, new { name = "two", description = "2" }, new { name = "one", type = 2 },
        })).Expect(200).AsArray();
        JsonArray second = (await guild.Bot.PutAsync(path, new object[]
        {
            new { name = "two", description = "zwei" }, new { name = "three", description = "3" }, new { name = "one", type = 2 },
        })).Expect(200).AsArray();
        Assert.Equal(["two", "three", "one"], second.Select(c => (string)c!["name"]!));
        Assert.Equal((string)first[1]!["id"]!, (string)second[0]!["id"]!);
        Assert.Equal(first[2]!.ToJsonString(), second[2]!.ToJsonString());
        Assert.Equal(3, (await guild.Bot.GetAsync(path)).Expect(200).AsArray().Count);
        (await guild.Bot.PutAsync(path, new object[] { new { name = "a", description = "1" }, new { name = "a", description = "2" } }))
            .ExpectError(400, 50035, "1.name");
        (await guild.Bot.PutAsync(path, new object[] { new { name = "a" } })).ExpectError(400, 50035, "0.description");
        Assert.Empty((await guild.Bot.PutAsync(path, Array.Empty<object>())).Expect(200).AsArray());
        Assert.Empty((await guild.Bot.GetAsync(path)).Expect(200).AsArray());
    }

    [Fact]
    public async Task Form_is_checked_whole()
    {
        SeededGuild guild = await node.SeedAsync();
        Reply wrong = await guild.Bot.PostAsync(Path(guild, false), new
        {
            name = "Has Space",
            description = "",
            name_localizations = new Dictionary<string, string> { ["xx"] = "a" },
            options = new object[]
            {
                new { type = 3, name = "opt", description = "d" },
                new { type = 3, name = "req", description = "d", required = true },
                new { type = 3, name = "opt", description = "d" },
                new { type = 5, name = "flag", description = "d", choices = new[] { new { name = "x", value = "y" } } },
                new { type = 4, name = "int", description = "d", min_value = 5, max_value = 1 },
                new
                {
                    type = 3, name = "auto", description = "d", autocomplete = true, choices = new[] { new { name = "x", value = "y" } }
                },
                new { type = 12, name = "what", description = "d" },
            },
        });
        foreach (string field in (string[])["name", "description", "name_localizations", "options.1", "options.2.name", "options.3.type",
            "options.4.min_value", "options.5.choices", "options.6.type"])
            wrong.ExpectError(400, 50035, field);
        (await guild.Bot.PostAsync(Path(guild, false), new { name = "User Thing", type = 2, description = "no" }))
            .ExpectError(400, 50035, "description");
        (await guild.Bot.PostAsync(Path(guild, false), new { name = "User Thing", type = 2 })).Expect(201);
        object[] mixed =
        [
            new { type = 1, name = "sub", description = "d" }, new { type = 3, name = "val", description = "d" },
        ];
        (await guild.Bot.PostAsync(Path(guild, false), new { name = "mixed", description = "d", options = mixed }))
            .ExpectError(400, 50035, "options");
        object[] large = [.. Enumerable.Range(0, 25).Select(i => new
        {
            type = 3, name = $"o{i}", description = new string('d', 100),
            choices = Enumerable.Range(0, 5).Select(c => new { name = $"{c}", value = new string('v', 60) }),
        })];
        (await guild.Bot.PostAsync(Path(guild, false), new { name = "large", description = "d", options = large }))
            .ExpectError(400, 50035, "");
        (await guild.Bot.PostAsync(Path(guild, false), "[")).ExpectError(400, 50109);
    }

    [Fact]
    public async Task Options_come_back_as_given_and_localizations_when_asked_for()
    {
        SeededGuild guild = await node.SeedAsync();
        JsonNode made = (await guild.Bot.PostAsync(Path(guild, false), new
        {
            name = "gruß",
            description = "hello",
            name_localizations = new Dictionary<string, string> { ["de"] = "hallo" },
            contexts = new[] { "0", "1" },
            options = new object[]
            {
                new
                {
                    type = 2, name = "group", description = "g",
                    options = new object[]
                    {
                        new
                        {
                            type = 1, name = "sub", description = "s",
                            options = new object[]
                            {
                                new { type = 10, name = "much", description = "m", required = true, min_value = 0.5, max_value = 2.5 },
                                new { type = 7, name = "where", description = "w", channel_types = new[] { 0, 2 } },
                                new
                                {
                                    type = 3, name = "what", description = "w",
                                    choices = new[] { new { name = "A", value = "a" } }, min_length = 0
                                },
                            },
                        },
                    },
                },
            },
        })).Expect(201);
        JsonNode sub = made["options"]![0]!["options"]![0]!;
        Assert.Equal(2.5, (double)sub["options"]![0]!["max_value"]!);
        Assert.Equal(2, (int)sub["options"]![1]!["channel_types"]![1]!);
        Assert.Equal("a", (string)sub["options"]![2]!["choices"]![0]!["value"]!);
        Assert.Equal("[0,1]", made["contexts"]!.ToJsonString());
        Assert.Null((await guild.Bot.GetAsync(Path(guild, false))).Expect(200)[0]!["name_localizations"]);
        Assert.Equal(
            "hallo",
            (string)(await guild.Bot.GetAsync(Path(guild, false) + "?with_localizations=true"))
                .Expect(200)[0]!["name_localizations"]!["de"]!);
    }

    [Fact]
    public async Task There_are_at_most_a_hundred_slash_commands_and_fifteen_of_each_menu()
    {
        SeededGuild guild = await node.SeedAsync();
        string path = Path(guild, true);
        object[] Commands(int count, int type) =>
            [.. Enumerable.Range(0, count).Select(i => new { name = $"c{i}", type, description = type == 1 ? "d" : "" })];
        (await guild.Bot.PutAsync(path, Commands(101, 1))).ExpectError(400, 30032);
        (await guild.Bot.PutAsync(path, Commands(16, 2))).ExpectError(400, 30032);
        (await guild.Bot.PutAsync(path, (object[])[.. Commands(100, 1), .. Commands(15, 2), .. Commands(15, 3)])).Expect(200);
        (await guild.Bot.PostAsync(path, new { name = "more", description = "d" })).ExpectError(400, 30032);
        (await guild.Bot.PostAsync(path, new { name = "c5", description = "replaced" })).Expect(200);
    }

    [Fact]
    public async Task Application_outside_the_guild_has_no_commands_there()
    {
        SeededGuild guild = await node.SeedAsync();
        SeededGuild other = await node.SeedAsync();
        string path = $"/applications/{guild.Bot.Id}/guilds/{other.Id}/commands";
        (await guild.Bot.PostAsync(path, new { name = "ping", description = "pong" })).ExpectError(403, 50001);
        (await guild.Bot.GetAsync(path)).ExpectError(403, 50001);
        (await guild.Bot.PutAsync(path, Array.Empty<object>())).ExpectError(403, 50001);
    }

    [Fact]
    public async Task Commands_survive_a_restart()
    {
        await using NodeKit own = await NodeKit.StartAsync();
        SeededGuild guild = await own.SeedAsync();
        string global = (await guild.Bot.PostAsync(Path(guild, false), new { name = "ping", description = "pong" }))
            .Expect(201).ToJsonString();
        string local = (await guild.Bot.PostAsync(Path(guild, true), new { name = "ping", description = "pong" }))
            .Expect(201).ToJsonString();
        await own.RestartAsync();
        Assert.Equal(global, (await guild.Bot.GetAsync(Path(guild, false))).Expect(200)[0]!.ToJsonString());
        Assert.Equal(local, (await guild.Bot.GetAsync(Path(guild, true))).Expect(200)[0]!.ToJsonString());
    }

    [Fact]
    public async Task Permissions_are_set_by_managers_and_told()
    {
        SeededGuild guild = await node.SeedAsync();
        await using GatewayClient bot = await (await node.ConnectAsync(guild.Bot)).IdentifyAsync();
        RestClient member = await node.MemberAsync(guild.Id);
        string id = (string)(await guild.Bot.PostAsync(Path(guild, true), new { name = "ping", description = "pong" })).Expect(201)["id"]!;
        string path = Path(guild, true);
        object body = new { permissions = new[] { new { id = member.Id.ToString(), type = 2, permission = false } } };
        (await guild.Bot.GetAsync($"{path}/{id}/permissions")).ExpectError(404, 10066);
        (await guild.Bot.PutAsync($"{path}/{id}/permissions", body)).ExpectError(403, 20001);
        (await member.PutAsync($"{path}/{id}/permissions", body)).ExpectError(403, 50013);
        (await guild.Owner.PutAsync($"{path}/123/permissions", body)).ExpectError(404, 10063);
        (await guild.Owner.PutAsync(
            $"{path}/{id}/permissions", new { permissions = new[] { new { id = "5", type = 1, permission = true } } }))
            .ExpectError(400, 50035, "permissions.0.id");
        JsonNode set = (await guild.Owner.PutAsync($"{path}/{id}/permissions", body, "too noisy")).Expect(200);
        Assert.Equal(set.ToJsonString(), (await bot.NextAsync("APPLICATION_COMMAND_PERMISSIONS_UPDATE")).ToJsonString());
        JsonNode audit = await bot.NextAsync("GUILD_AUDIT_LOG_ENTRY_CREATE", e => (int)e["action_type"]! == 121);
        Assert.Equal("too noisy", (string)audit["reason"]!);
        Assert.Equal(set.ToJsonString(), (await guild.Bot.GetAsync($"{path}/{id}/permissions")).Expect(200).ToJsonString());
        Assert.Single((await member.GetAsync($"{path}/permissions")).Expect(200).AsArray());
    }

    [Fact]
    public async Task Index_holds_the_commands_that_can_be_used_there()
    {
        SeededGuild guild = await node.SeedAsync();
        await guild.Bot.PutAsync(Path(guild, false), new object[]
        {
            new { name = "everywhere", description = "d" }, new { name = "dmonly", description = "d", contexts = new[] { 1 } },
        });
        await guild.Bot.PostAsync(Path(guild, true), new { name = "here", description = "d" });
        JsonNode index = (await guild.Owner.GetAsync($"/guilds/{guild.Id}/application-command-index")).Expect(200);
        Assert.Equal(["everywhere", "here"], index["application_commands"]!.AsArray().Select(c => (string)c!["name"]!));
        JsonObject application = index["applications"]![0]!.AsObject();
        Assert.Equal(guild.Bot.Id.ToString(), (string)application["id"]!);
        Assert.Equal(guild.Bot.Id.ToString(), (string)application["bot"]!["id"]!);
        JsonObject itself = (await guild.Bot.GetAsync("/oauth2/@me")).Expect(200)["application"]!.AsObject();
        Assert.Equal(itself.Select(k => k.Key), application.Select(k => k.Key));
        Assert.False(application.ContainsKey("redirect_uris"));
        Assert.True(application.TryGetPropertyValue("icon", out JsonNode? icon) && icon is null);
        JsonNode found = (await guild.Owner.GetAsync($"/channels/{guild.ChannelId}/application-commands/search?type=1&query=he"))
            .Expect(200);
        Assert.Equal("here", (string)Assert.Single(found["application_commands"]!.AsArray())!["name"]!);
        (await (await node.UserAsync()).GetAsync($"/guilds/{guild.Id}/application-command-index")).ExpectError(404, 10004);
    }
}
