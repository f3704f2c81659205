using System.Net;
using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using Discord.Actors.Guilds;
using Discord.Protocol;
using Discord.Protocol.Payloads;
using Discord.Storage.Files;

namespace Discord.Node.Tests.Rest.Messages;

public sealed class MessageRoutesTests
{
    private static readonly byte[] s_png =
    [
        0x89, (byte)'P', (byte)'N', (byte)'G', 13, 10, 26, 10, 0, 0, 0, 13,
        (byte)'I', (byte)'H', (byte)'D', (byte)'R', 0, 0, 0, 7, 0, 0, 0, 9, 8, 6, 0, 0, 0,
    ];

    [Fact]
    public async Task Message_is_created_read_edited_and_deleted()
    {
        await using MessageNode node = await MessageNode.StartAsync();

        JsonObject created = await node.PostAsync("""{"content":" hi + <b> ","nonce":"n1"}""");
        Assert.Equal("hi + <b>", (string?)created["content"]);
        Assert.Equal("n1", (string?)created["nonce"]);
        Assert.True((bool?)created["author"]!["bot"]);
        string path = $"{node.Messages}/{created["id"]}";
        Assert.Equal("hi + <b>", (string?)(await node.GetAsync(path)).Body!["content"]);
        Assert.Single((await node.GetAsync(node.Messages)).Body!.AsArray());

        (HttpStatusCode status, JsonNode? edited) = await node.SendAsync(
            HttpMethod.Patch, path, json: """{"content":"new","embeds":[{"title":"t"}]}""");
        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Equal("new", (string?)edited!["content"]);
        Assert.NotNull(edited["edited_timestamp"]);
        Assert.Equal("rich", (string?)edited["embeds"]![0]!["type"]);

        Assert.Equal(HttpStatusCode.NoContent, (await node.SendAsync(HttpMethod.Delete, path)).Status);
        Assert.Equal(10008, (int?)(await node.GetAsync(path)).Body!["code"]);
        Assert.Equal(10008, (int?)(await node.SendAsync(HttpMethod.Delete, path)).Body!["code"]);
    }

    [Theory]
    [InlineData("{}", 50006, null)]
    [InlineData("""{"content":"   "}""", 50006, null)]
    [InlineData("""{"content":["x"]}""", 50035, "content")]
    [InlineData("""{"content":"x","poll":{"question":{"text":"?"}}}""", 50035, "poll")]
    [InlineData("""{"content":"x","sticker_ids":["1"]}""", 50081, null)]
    [InlineData("""{"embeds":[{}]}""", 50035, "embeds.0.description")]
    [InlineData("""{"embeds":[{"title":"t","url":"ftp://x"}]}""", 50035, "embeds.0.url")]
    [InlineData("""{"embeds":[{"title":"t","color":16777216}]}""", 50035, "embeds.0.color")]
    [InlineData("""{"embeds":[{"title":"t","fields":[{"name":"n"}]}]}""", 50035, "embeds.0.fields.0.value")]
    [InlineData("""{"embeds":[{"title":"t","footer":{}}]}""", 50035, "embeds.0.footer.text")]
    [InlineData("""{"content":"x","nonce":"12345678901234567890123456"}""", 50035, "nonce")]
    [InlineData("""{"content":"x","nonce":{}}""", 50035, "nonce")]
    [InlineData("""{"content":"x","allowed_mentions":{"parse":["users"],"users":["1"]}}""", 50035, "allowed_mentions")]
    [InlineData("""{"content":"x","allowed_mentions":{"parse":["all"]}}""", 50035, "allowed_mentions.parse.0")]
    [InlineData("""{"content":"x","message_reference":{"message_id":"5"}}""", 50035, "message_reference")]
    [InlineData("""{"content":"x","message_reference":{}}""", 50035, "message_reference.message_id")]
    [InlineData("""{"content":"x","attachments":[{"id":0}]}""", 50035, "attachments.0.id")]
    [InlineData("""{"content":"x","components":[{"type":2,"style":1,"label":"l","custom_id":"a"}]}""", 50035, "components.0.type")]
    [InlineData("""{"content":"x","components":[{"type":1,"components":[]}]}""", 50035, "components.0.components")]
    [InlineData("""{"content":"x","components":[{"type":1,"components":[{"type":2,"style":1,"label":"l"}]}]}""",
        50035, "components.0.components.0.custom_id")]
    [InlineData("""{"content":"x","components":[{"type":1,"components":[{"type":2,"style":1,"custom_id":"a"}]}]}""",
        50035, "components.0.components.0.label")]
    [InlineData("""{"content":"x","components":[{"type":1,"components":[{"type":2,"style":1,"label":"l","custom_id":"a"},{"type":2,"style":1,"label":"l","custom_id":"a"}]}]}""", 50035, "components.0.components.1.custom_id")]
    [InlineData("""{"content":"x","components":[{"type":1,"components":[{"type":3,"custom_id":"a"}]}]}""",
        50035, "components.0.components.0.options")]
    [InlineData("""{"content":"x","components":[{"type":10,"content":"v2"}]}""", 50035, "components.0.type")]
    [InlineData("""{"content":"x","flags":32768,"components":[{"type":10,"content":"v2"}]}""", 50035, "content")]
    [InlineData("""{"flags":32768,"components":[{"type":17,"components":[{"type":17,"components":[]}]}]}""",
        50035, "components.0.components.0.type")]
    [InlineData("""{"flags":32768,"components":[{"type":9,"components":[{"type":10,"content":"c"}]}]}""", 50035, "components.0.accessory")]
    [InlineData("[1]", 50035, "")]
    [InlineData("{", 50109, null)]
    public async Task Body_that_is_wrong_is_refused_at_its_place(string json, int code, string? path)
    {
        await using MessageNode node = await MessageNode.StartAsync();

        (HttpStatusCode status, JsonNode? body) = await node.SendAsync(HttpMethod.Post, node.Messages, json: json);

        Assert.Equal(HttpStatusCode.BadRequest, status);
        Assert.Equal(code, (int?)body!["code"]);
        if (path is null)
            return;
        JsonNode? at = body["errors"];
        foreach (string key in path.Split('.', StringSplitOptions.RemoveEmptyEntries))
            at = at?[key];
        Assert.True(at?["_errors"]?.AsArray().Count > 0, body.ToJsonString());
        Assert.Empty((await node.GetAsync(node.Messages)).Body!.AsArray());
    }

    [Fact]
    public async Task Lengths_at_their_limits_pass_and_above_do_not()
    {
        await using MessageNode node = await MessageNode.StartAsync();
        await node.PostAsync($$"""{"content":"{{new string('x', 2000)}}"}""");
        await node.PostAsync($$"""{"embeds":[{"title":"{{new string('t', 256)}}","description":"{{new string('d', 4096)}}"}]}""");

        async Task Refused(string json) =>
            Assert.Equal(50035, (int?)(await node.SendAsync(HttpMethod.Post, node.Messages, json: json)).Body!["code"]);
        await Refused($$"""{"content":"{{new string('x', 2001)}}"}""");
        await Refused($$"""{"embeds":[{"description":"{{new string('d', 4097)}}"}]}""");
        await Refused($$"""{"embeds":[{"description":"{{new string('d', 4000)}}"},{"description":"{{new string('d', 2001)}}"}]}""");
        await Refused($$"""{"embeds":[{{string.Join(',', Enumerable.Repeat("{\"title\":\"t\"}", 11))}}]}""");
    }

    [Fact]
    public async Task Components_get_ids_and_come_back()
    {
        await using MessageNode node = await MessageNode.StartAsync();

        JsonObject v1 = await node.PostAsync("""
            {"content":"x","components":[{"type":1,"components":[{"type":2,"style":1,"label":"a","custom_id":"a","evil":1},{"type":2,"id":1,"style":5,"label":"b","url":"https://b"}]},
            {"type":1,"components":[{"type":3,"custom_id":"s","options":[{"label":"l","value":"v","emoji":{"name":"🔥"}}]}]}]}
            """);
        JsonObject v2 = await node.PostAsync("""
            {"flags":32768,"components":[{"type":17,"accent_color":5,"components":[{"type":10,"content":"hello"},{"type":14},
            {"type":9,"components":[{"type":10,"content":"c"}],"accessory":{"type":11,"media":{"url":"https://x/y.png"}}},
            {"type":12,"items":[{"media":{"url":"https://x/y.png"},"description":"d"}]}]}]}
            """);

        int[] ids = [.. v1["components"]!.AsArray().SelectMany(row => row!["components"]!.AsArray().Append(row))
            .Select(c => (int)c!["id"]!)];
        Assert.Equal(ids.Length, ids.Distinct().Count());
        Assert.DoesNotContain("evil", v1.ToJsonString(), StringComparison.Ordinal);
        Assert.Equal(32768, (int?)v2["flags"]);
        Assert.Equal("hello", (string?)v2["components"]![0]!["components"]![0]!["content"]);
        Assert.Equal("https://x/y.png", (string?)v2["components"]![0]!["components"]![2]!["accessory"]!["media"]!["url"]);
    }

    [Fact]
    public async Task Mentions_follow_content_permissions_and_allowed_mentions()
    {
        await using MessageNode node = await MessageNode.StartAsync();
        string user = node.MemberUser.Id.ToString();

        JsonObject all = await node.PostAsync($$"""{"content":"<@{{user}}> <@!{{user}}> @everyone"}""");
        Assert.Equal(user, (string?)Assert.Single(all["mentions"]!.AsArray())!["id"]);
        Assert.True((bool?)all["mention_everyone"]);
        JsonObject none = await node.PostAsync($$"""{"content":"<@{{user}}> @everyone","allowed_mentions":{"parse":[]} }""");
        Assert.Empty(none["mentions"]!.AsArray());
        Assert.False((bool?)none["mention_everyone"]);
        JsonObject some = await node.PostAsync($$"""{"content":"<@{{user}}>","allowed_mentions":{"users":["{{user}}"]} }""");
        Assert.Single(some["mentions"]!.AsArray());
        await node.EveryoneAsync(Permissions.ViewChannel | Permissions.SendMessages);
        JsonObject plain = await node.PostAsync("""{"content":"@here"}""", node.Member);
        Assert.False((bool?)plain["mention_everyone"]);
    }

    [Fact]
    public async Task Reply_and_forward_show_what_they_refer_to()
    {
        await using MessageNode node = await MessageNode.StartAsync();
        string id = await node.PostIdAsync("original", node.Member);

        JsonObject reply = await node.PostAsync($$"""{"content":"re","message_reference":{"message_id":"{{id}}"} }""");
        Assert.Equal(19, (int?)reply["type"]);
        Assert.Equal("original", (string?)reply["referenced_message"]!["content"]);
        Assert.Equal(node.MemberUser.Id.ToString(), (string?)reply["mentions"]![0]!["id"]);
        JsonObject quiet = await node.PostAsync(
            $$"""{"content":"re","allowed_mentions":{"parse":[]},"message_reference":{"message_id":"{{id}}"} }""");
        Assert.Empty(quiet["mentions"]!.AsArray());
        JsonObject gone = await node.PostAsync("""{"content":"re","message_reference":{"message_id":"5","fail_if_not_exists":false}}""");
        Assert.Equal(0, (int?)gone["type"]);
        JsonObject forward = await node.PostAsync(
            $$"""{"message_reference":{"type":1,"message_id":"{{id}}","channel_id":"{{node.ChannelId}}"} }""");
        Assert.Equal("original", (string?)forward["message_snapshots"]![0]!["message"]!["content"]);
        Assert.False(forward["message_snapshots"]![0]!["message"]!.AsObject().ContainsKey("author"));
        Assert.Equal(1, (int?)forward["message_reference"]!["type"]);
    }

    [Fact]
    public async Task Attachments_are_stored_measured_kept_and_removed()
    {
        await using MessageNode node = await MessageNode.StartAsync();
        using MultipartFormDataContent body = new()
        {
            {
                new StringContent(
                    """{"content":"f","attachments":[{"id":1,"description":"d"}],"embeds":[{"image":{"url":"attachment://a_b.png"}}]}"""),
                "payload_json"
            },
            { File(s_png), "files[0]", "../a b.png" },
            { File([1, 2, 3]), "files[1]", "b.bin" },
        };

        (HttpStatusCode status, JsonNode? created) = await node.SendAsync(HttpMethod.Post, node.Messages, node.Bot, body);

        Assert.True(status == HttpStatusCode.OK, created?.ToJsonString());
        JsonArray files = created!["attachments"]!.AsArray();
        Assert.Equal(["a_b.png", "b.bin"], files.Select(f => (string?)f!["filename"]));
        Assert.Equal((7, 9, "image/png"), ((int)files[0]!["width"]!, (int)files[0]!["height"]!, (string)files[0]!["content_type"]!));
        Assert.Equal("d", (string?)files[1]!["description"]);
        Assert.StartsWith("http", (string?)files[0]!["url"]);
        Assert.Equal((string?)files[0]!["url"], (string?)created["embeds"]![0]!["image"]!["url"]);
        Snowflake fileId = Snowflake.Parse((string)files[0]!["id"]!);
        await using (BlobContent blob = (await node.Domain.Storage.Blobs.OpenAsync(BlobKey.Attachment(node.ChannelId, fileId)))!)
            Assert.Equal(s_png.Length, blob.Length);

        string path = $"{node.Messages}/{created["id"]}";
        JsonNode kept = (await node.SendAsync(HttpMethod.Patch, path, json: $$"""{"attachments":[{"id":"{{fileId}}"}]}""")).Body!;
        Assert.Equal("a_b.png", (string?)Assert.Single(kept["attachments"]!.AsArray())!["filename"]);
        Assert.Equal(
            50035,
            (int?)(await node.SendAsync(HttpMethod.Patch, path, json: """{"attachments":[{"id":"123456789012345678"}]}""")).Body!["code"]);
    }

    [Fact]
    public async Task Attachment_is_a_spoiler_by_its_name_or_by_being_called_one()
    {
        await using MessageNode node = await MessageNode.StartAsync();
        using MultipartFormDataContent body = new()
        {
            { new StringContent("""{"attachments":[{"id":1,"is_spoiler":true}]}"""), "payload_json" },
            { File([1]), "files[0]", "SPOILER_a.bin" },
            { File([2]), "files[1]", "b.bin" },
            { File([3]), "files[2]", "c.bin" },
        };
        JsonNode created = (await node.SendAsync(HttpMethod.Post, node.Messages, node.Bot, body)).Body!;
        Assert.Equal([("SPOILER_a.bin", 8), ("SPOILER_b.bin", 8), ("c.bin", null)], Shown(created));
        string[] ids = [.. created["attachments"]!.AsArray().Select(a => (string)a!["id"]!)];
        JsonNode edited = (await node.SendAsync(
            HttpMethod.Patch,
            $"{node.Messages}/{created["id"]}",
            json: $$"""{"attachments":[{"id":"{{ids[0]}}","is_spoiler":false},{"id":"{{ids[2]}}","is_spoiler":true}]}""")).Body!;
        Assert.Equal([("a.bin", null), ("SPOILER_c.bin", 8)], Shown(edited));

        static IEnumerable<(string?, int?)> Shown(JsonNode message) =>
            message["attachments"]!.AsArray().Select(a => ((string?)a!["filename"], (int?)a["flags"]));
    }

    [Fact]
    public async Task Permissions_are_asked_for_on_every_route()
    {
        await using MessageNode node = await MessageNode.StartAsync();
        string others = await node.PostIdAsync("others");
        string own = await node.PostIdAsync("own", node.Member);
        Permissions all = Permissions.ViewChannel | Permissions.SendMessages | Permissions.ReadMessageHistory;
        Task<(HttpStatusCode Status, JsonNode? Body)> Member(HttpMethod method, string path, string? json = null) =>
            node.SendAsync(method, node.Messages + path, node.Member, json);
        async Task Code(int code, Task<(HttpStatusCode Status, JsonNode? Body)> answer)
        {
            (HttpStatusCode status, JsonNode? body) = await answer;
            Assert.True((int?)body?["code"] == code, $"{code} was expected: {(int)status} {body?.ToJsonString()}");
        }

        await node.EveryoneAsync(all);
        await Code(50013, Member(HttpMethod.Delete, $"/{others}"));
        await Code(50005, Member(HttpMethod.Patch, $"/{others}", """{"content":"x"}"""));
        await Code(50013, Member(HttpMethod.Patch, $"/{others}", """{"flags":4}"""));
        await Code(50013, Member(HttpMethod.Post, "/bulk-delete", $$"""{"messages":["{{own}}","{{others}}"]}"""));
        await Code(50013, Member(HttpMethod.Put, $"/{own}/reactions/%F0%9F%94%A5/@me"));
        await Code(50013, Member(HttpMethod.Delete, $"/{own}/reactions"));
        await Code(50013, Member(HttpMethod.Put, $"/pins/{own}"));
        await Code(50013, Member(HttpMethod.Post, "", """{"embeds":[{"title":"t"}]}"""));
        await Code(50013, Member(HttpMethod.Post, "", """{"content":"t","tts":true}"""));
        Assert.Equal(HttpStatusCode.OK, (await Member(HttpMethod.Patch, $"/{own}", """{"content":"x"}""")).Status);

        await node.EveryoneAsync(Permissions.ViewChannel | Permissions.SendMessages);
        Assert.Empty((await Member(HttpMethod.Get, "")).Body!.AsArray());
        await Code(50013, Member(HttpMethod.Get, $"/{own}"));
        await Code(160002, Member(HttpMethod.Post, "", $$"""{"content":"x","message_reference":{"message_id":"{{own}}"} }"""));
        Assert.Equal(HttpStatusCode.NoContent, (await Member(HttpMethod.Delete, $"/{own}")).Status);

        await node.EveryoneAsync(Permissions.ViewChannel);
        await Code(50013, Member(HttpMethod.Post, "", """{"content":"x"}"""));
        await node.EveryoneAsync(Permissions.None);
        await Code(50001, Member(HttpMethod.Get, ""));
        await Code(10003, node.GetAsync("/api/v10/channels/123456789012345678/messages"));
        Assert.Equal(HttpStatusCode.Unauthorized, (await node.GetAsync(node.Messages, "Bot wrong")).Status);
    }

    [Fact]
    public async Task Bulk_delete_checks_count_duplicates_and_age()
    {
        await using MessageNode node = await MessageNode.StartAsync();
        string a = await node.PostIdAsync("a"), b = await node.PostIdAsync("b");
        string path = node.Messages + "/bulk-delete";
        async Task<int?> Code(string json) => (int?)(await node.SendAsync(HttpMethod.Post, path, json: json)).Body?["code"];

        Assert.Equal(50016, await Code($$"""{"messages":["{{a}}"]}"""));
        Assert.Equal(50035, await Code($$"""{"messages":["{{a}}","{{a}}"]}"""));
        Assert.Equal(50034, await Code($$"""{"messages":["{{a}}","123456789012345678"]}"""));
        Assert.Null(await Code($$"""{"messages":["{{a}}","{{b}}"]}"""));
        Assert.Empty((await node.GetAsync(node.Messages)).Body!.AsArray());
    }

    [Fact]
    public async Task Reactions_are_added_listed_and_removed()
    {
        await using MessageNode node = await MessageNode.StartAsync();
        await node.EveryoneAsync(Permissions.ViewChannel | Permissions.ReadMessageHistory);
        Emoji custom = new() { Id = new Snowflake(1_234_567_890_123_456_789), Name = "blob", Animated = true };
        await node.ChangeAsync(guild => guild.Put(new EmojiPut(custom)));
        string message = await node.PostIdAsync("x"), path = $"{node.Messages}/{message}/reactions", fire = "%F0%9F%94%A5";
        async Task<int?> Send(HttpMethod method, string rest, string? token = null) =>
            (int?)(await node.SendAsync(method, path + rest, token)).Body?["code"];

        Assert.Null(await Send(HttpMethod.Put, $"/{fire}/@me"));
        Assert.Null(await Send(HttpMethod.Put, $"/{fire}/@me", node.Member));
        Assert.Null(await Send(HttpMethod.Put, "/wrong%3A1234567890123456789/@me"));
        Assert.Equal(10014, await Send(HttpMethod.Put, "/x:999999999999999999/@me"));
        Assert.Equal(10014, await Send(HttpMethod.Put, "/nonsense/@me"));

        JsonArray shown = (await node.GetAsync($"{node.Messages}/{message}")).Body!["reactions"]!.AsArray();
        Assert.Equal(2, (int?)shown[0]!["count"]);
        Assert.True((bool?)shown[0]!["me"]);
        Assert.Equal("blob", (string?)shown[1]!["emoji"]!["name"]);
        JsonArray users = (await node.GetAsync($"{path}/{fire}?limit=100")).Body!.AsArray();
        Assert.Equal(2, users.Count);
        Assert.Single((await node.GetAsync($"{path}/{fire}?after={users[0]!["id"]}")).Body!.AsArray());

        Assert.Equal(50013, await Send(HttpMethod.Delete, $"/{fire}/{users[0]!["id"]}", node.Member));
        Assert.Null(await Send(HttpMethod.Delete, $"/{fire}/{node.MemberUser.Id}"));
        Assert.Null(await Send(HttpMethod.Delete, $"/{fire}/@me"));
        Assert.Null(await Send(HttpMethod.Delete, "/blob:1234567890123456789"));
        Assert.Null(await Send(HttpMethod.Delete, ""));
        Assert.False((await node.GetAsync($"{node.Messages}/{message}")).Body!.AsObject().ContainsKey("reactions"));
    }

    [Fact]
    public async Task Pins_by_both_routes_post_a_notice_and_are_audited()
    {
        await using MessageNode node = await MessageNode.StartAsync();
        string a = await node.PostIdAsync("a"), b = await node.PostIdAsync("b");
        string old = $"/api/v10/channels/{node.ChannelId}/pins";

        Assert.Equal(HttpStatusCode.NoContent, (await node.SendAsync(HttpMethod.Put, $"{node.Messages}/pins/{a}")).Status);
        Assert.Equal(HttpStatusCode.NoContent, (await node.SendAsync(HttpMethod.Put, $"{old}/{b}")).Status);

        Assert.Equal([b, a], (await node.GetAsync(old)).Body!.AsArray().Select(m => (string?)m!["id"]));
        JsonNode page = (await node.GetAsync($"{node.Messages}/pins?limit=1")).Body!;
        Assert.True((bool?)page["has_more"]);
        string before = Uri.EscapeDataString((string)page["items"]![0]!["pinned_at"]!);
        Assert.Equal(a, (string?)(await node.GetAsync($"{node.Messages}/pins?before={before}")).Body!["items"]![0]!["message"]!["id"]);
        JsonArray history = (await node.GetAsync(node.Messages)).Body!.AsArray();
        Assert.Equal([6, 6, 0, 0], history.Select(m => (int)m!["type"]!));
        Assert.Equal(b, (string?)history[0]!["message_reference"]!["message_id"]);

        Assert.Equal(HttpStatusCode.NoContent, (await node.SendAsync(HttpMethod.Delete, $"{old}/{b}")).Status);
        Assert.Single((await node.GetAsync(old)).Body!.AsArray());
    }

    [Fact]
    public async Task Enforced_nonce_over_http_answers_the_first_message()
    {
        await using MessageNode node = await MessageNode.StartAsync();
        JsonObject first = await node.PostAsync("""{"content":"a","nonce":"n","enforce_nonce":true}""");
        JsonObject again = await node.PostAsync("""{"content":"a","nonce":"n","enforce_nonce":true}""");

        Assert.Equal("n", (string?)again["nonce"]);
        Assert.True(JsonNode.DeepEquals(first, again));
        Assert.Single((await node.GetAsync(node.Messages)).Body!.AsArray());

        string reply = $$$"""{"content":"b","nonce":7,"enforce_nonce":true,"message_reference":{"message_id":"{{{first["id"]}}}"}}""";
        first = await node.PostAsync(reply);
        Assert.Equal("a", (string?)first["referenced_message"]!["content"]);
        Assert.True(JsonNode.DeepEquals(first, await node.PostAsync(reply)));
    }

    [Fact]
    public async Task Slow_mode_answers_429_to_members_and_not_to_bots()
    {
        await using MessageNode node = await MessageNode.StartAsync();
        await node.ChangeAsync(guild => guild.Put(new ChannelPut(guild.Channel(node.ChannelId) with { RateLimitPerUser = 600 })));
        await node.EveryoneAsync(Permissions.ViewChannel | Permissions.SendMessages);
        await node.PostIdAsync("1", node.Member);

        (HttpStatusCode status, JsonNode? body) = await node.SendAsync(HttpMethod.Post, node.Messages, node.Member, """{"content":"2"}""");

        Assert.Equal(HttpStatusCode.TooManyRequests, status);
        Assert.Equal(20016, (int?)body!["code"]);
        Assert.InRange((double)body["retry_after"]!, 590, 600);
        await node.PostIdAsync("1");
        await node.PostIdAsync("2");
    }

    [Fact]
    public async Task History_pages_by_before_after_and_around()
    {
        await using MessageNode node = await MessageNode.StartAsync();
        List<string> ids = [];
        for (int i = 0; i < 12; i++)
            ids.Add(await node.PostIdAsync($"{i}"));
        async Task<IEnumerable<string?>> Ids(string query) =>
            (await node.GetAsync(node.Messages + query)).Body!.AsArray().Select(m => (string?)m!["id"]);

        Assert.Equal(ids.Take(5).Reverse(), await Ids($"?before={ids[5]}&limit=50"));
        Assert.Equal(ids.Skip(3).Take(2).Reverse(), await Ids($"?after={ids[2]}&limit=2"));
        Assert.Equal(ids.Skip(4).Take(4).Reverse(), await Ids($"?around={ids[5]}&limit=4"));
        Assert.Equal(ids.Take(3).Reverse(), await Ids("?after=0&limit=3"));
        Assert.Equal(50035, (int?)(await node.GetAsync(node.Messages + "?limit=101")).Body!["code"]);
    }

    [Fact]
    public async Task Direct_messages_are_for_both_and_for_nobody_else()
    {
        await using MessageNode node = await MessageNode.StartAsync();
        User bot = node.Guild.Members.All.Select(member => member.User!).Single(user => user.Bot == true);
        Channel dm = await node.Domain.Privates.OpenDirectAsync(bot, node.MemberUser);
        string path = $"/api/v10/channels/{dm.Id}/messages";

        (HttpStatusCode status, JsonNode? sent) = await node.SendAsync(HttpMethod.Post, path, json: """{"content":"psst"}""");
        Assert.True(status == HttpStatusCode.OK, sent?.ToJsonString());
        Assert.Equal("psst", (string?)(await node.GetAsync(path, node.Member)).Body![0]!["content"]);
        Assert.Null((await node.SendAsync(HttpMethod.Put, $"{path}/{sent!["id"]}/reactions/%F0%9F%94%A5/@me", node.Member)).Body);
        Assert.Null((await node.SendAsync(HttpMethod.Put, $"{path}/pins/{sent["id"]}", node.Member)).Body);
        Assert.Equal(2, (await node.GetAsync(path)).Body!.AsArray().Count);

        Assert.Equal(50001, (int?)(await node.GetAsync(path, node.Owner)).Body!["code"]);
        Assert.Equal(
            50003,
            (int?)(await node.SendAsync(HttpMethod.Post, path + "/bulk-delete", json: """{"messages":["1","2"]}""")).Body!["code"]);
        Assert.Equal(
            50005,
            (int?)(await node.SendAsync(HttpMethod.Patch, $"{path}/{sent["id"]}", node.Member, """{"content":"x"}""")).Body!["code"]);
    }

    [Fact]
    public async Task Typing_answers_204()
    {
        await using MessageNode node = await MessageNode.StartAsync();
        Assert.Equal(
            HttpStatusCode.NoContent,
            (await node.SendAsync(HttpMethod.Post, $"/api/v10/channels/{node.ChannelId}/typing")).Status);
    }

    private static ByteArrayContent File(byte[] bytes)
    {
        ByteArrayContent content = new(bytes);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/octet-stream");
        return content;
    }
}
