using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Discord.Actors.Messages;
using Discord.Protocol;
using Discord.Protocol.Errors;
using Discord.Protocol.Gateway;
using Discord.Protocol.Payloads;
using Discord.Storage;
using Discord.Storage.Files;
using static Discord.Actors.Tests.Messages.ChannelTestKit;

namespace Discord.Actors.Tests.Messages;

public sealed class ChannelActorTests
{
    [Fact]
    public async Task Create_answers_publishes_and_is_in_the_next_read()
    {
        await using ChannelTestKit kit = new();

        MessageCreated created = await kit.CreateAsync("hello + <b>");

        JsonObject answer = JsonNode.Parse(created.Json.Span)!.AsObject();
        Assert.Equal("hello + <b>", (string?)answer["content"]);
        Assert.Equal("ann", (string?)answer["author"]!["username"]);
        foreach (string key in (string[])["id", "channel_id", "timestamp", "edited_timestamp", "tts", "mention_everyone", "mentions",
            "mention_roles", "attachments", "embeds", "components", "pinned", "type", "flags"])
            Assert.True(answer.ContainsKey(key), key);
        foreach (string key in (string[])["webhook_id", "nonce", "reactions", "guild_id", "member", "referenced_message", "thread"])
            Assert.False(answer.ContainsKey(key), key);

        (string name, JsonObject body) = Assert.Single(kit.Channel.Events);
        Assert.Equal("MESSAGE_CREATE", name);
        Assert.Equal(ChannelTestKit.GuildId.ToString(), (string?)body["guild_id"]);
        Assert.Equal(0, (int?)body["channel_type"]);
        Assert.NotNull(body["member"]);
        Assert.False(body["member"]!.AsObject().ContainsKey("user"));
        foreach ((string key, JsonNode? value) in answer)
            Assert.True(JsonNode.DeepEquals(value, body[key]), key);

        Assert.True(JsonNode.DeepEquals(answer, Assert.Single(await kit.PageAsync(MessagePage.Latest(50)))));
        Assert.Equal(created.Message.Id, kit.Log.LastMessageId);
    }

    [Fact]
    public async Task Create_without_content_variant_hides_content_only()
    {
        await using ChannelTestKit kit = new();

        await kit.CreateAsync(Draft("secret") with { Mentions = [Ben], Embeds = [Json("{\"title\":\"secret\"}")] });

        var relayed = Assert.Single(kit.Channel.Published);
        Assert.Equal(GatewayIntents.GuildMessages, relayed.Intents);
        Assert.Equal([Ann.Id, Ben.Id], relayed.EntitledToContent);
        JsonObject full = Host.Body(relayed.Event), hidden = Host.Body(relayed.Event.WithoutContent!);
        Assert.NotNull(full["mentions"]![0]!["member"]);
        Assert.Equal("", (string?)hidden["content"]);
        Assert.Empty(hidden["embeds"]!.AsArray());
        Assert.DoesNotContain("secret", hidden.ToJsonString(), StringComparison.Ordinal);
        Assert.Equal(full.Select(p => p.Key).Order(), hidden.Select(p => p.Key).Order());
        foreach ((string key, JsonNode? value) in hidden.Where(p => p.Key is not ("content" or "embeds")))
            Assert.True(JsonNode.DeepEquals(value, full[key]), key);
    }

    [Fact]
    public async Task Create_with_nonce_shows_it_to_sender_and_event_but_not_in_history()
    {
        await using ChannelTestKit kit = new();

        MessageCreated created = await kit.CreateAsync(Draft("x") with { Nonce = Json("77") });

        Assert.Equal(77, (int?)JsonNode.Parse(created.Json.Span)!["nonce"]);
        Assert.Equal(77, (int?)Assert.Single(kit.Channel.Events).Body["nonce"]);
        Assert.False((await kit.ReadAsync(created.Message.Id))!.ContainsKey("nonce"));
    }

    [Fact]
    public async Task Create_is_neither_answered_nor_published_nor_read_before_it_is_stored()
    {
        await using ChannelTestKit kit = new();
        kit.Fake.HoldAppends = true;

        Task<MessageCreated> create = kit.CreateAsync("x");
        var held = await kit.Fake.HeldAsync(1);

        Assert.Empty(await kit.PageAsync(MessagePage.Latest(50)));
        Assert.False(create.IsCompleted);
        Assert.Empty(kit.Channel.Published);
        held[0].Acknowledge();
        await create;
        Assert.Single(kit.Channel.Published);
        Assert.Single(await kit.PageAsync(MessagePage.Latest(50)));
    }

    [Fact]
    public async Task Create_tells_the_author_as_it_is_once_the_message_is_stored()
    {
        await using ChannelTestKit kit = new();
        kit.Fake.HoldAppends = true;
        Task<MessageCreated> create = kit.CreateAsync("x");
        var held = await kit.Fake.HeldAsync(1);

        // Whoever is told this before the message would have the old member back by it.
        Member now = Host.Member(Ann with { GlobalName = "Ann" }) with { Roles = [new Snowflake(77)], Nick = "annie" };
        kit.Channel.Guild = kit.Channel.Guild! with { Members = kit.Channel.Guild.Members.With(now) };
        held[0].Acknowledge();

        JsonObject answer = JsonNode.Parse((await create).Json.Span)!.AsObject();
        JsonObject told = Assert.Single(kit.Channel.Events).Body;
        Assert.Equal(["77"], told["member"]!["roles"]!.AsArray().Select(id => (string?)id));
        Assert.Equal("annie", (string?)told["member"]!["nick"]);
        Assert.Equal("Ann", (string?)told["author"]!["global_name"]);
        Assert.Equal("Ann", (string?)answer["author"]!["global_name"]);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    public async Task Creates_acknowledged_and_failed_in_random_order_come_out_in_order_of_ids(int seed)
    {
        await using ChannelTestKit kit = new();
        await kit.CreateAsync("first");
        kit.Fake.HoldAppends = true;
        Random random = new(seed);
        Task<MessageCreated>[] creates = [.. Enumerable.Range(0, 120).Select(i => kit.CreateAsync($"m{i}"))];
        FakeMessageStore.Held[] held = [.. await kit.Fake.HeldAsync(creates.Length)];
        Assert.Equal(held.Select(h => h.Id).Order(), held.Select(h => h.Id));

        bool[] fails = [.. held.Select(_ => random.Next(5) == 0)];
        int[] order = [.. Enumerable.Range(0, held.Length)];
        random.Shuffle(order);
        foreach (int i in order)
        {
            if (fails[i])
                held[i].Fail();
            else
                held[i].Acknowledge();
        }

        for (int i = 0; i < creates.Length; i++)
        {
            if (fails[i])
                Assert.Equal(503, (await Assert.ThrowsAsync<ApiException>(() => creates[i])).Error.HttpStatus);
            else
                Assert.Equal(held[i].Id, (await creates[i]).Message.Id);
        }
        Snowflake[] stored = [.. kit.Fake.StoredIds];
        Assert.Equal(stored, kit.Channel.Events.Select(e => Snowflake.Parse((string)e.Body["id"]!)));
        Assert.Equal(stored.Reverse().Take(100).Select(id => id.ToString()), (await kit.PageAsync(MessagePage.Latest(100))).Select(m =>
            (string?)m!["id"]));
    }

    [Fact]
    public async Task Creates_beyond_the_limit_in_flight_are_refused_with_503()
    {
        await using ChannelTestKit kit = new(options: new ChannelOptions { MaxInFlight = 3 });
        await kit.CreateAsync("warm");
        kit.Fake.HoldAppends = true;
        Task<MessageCreated>[] accepted = [.. Enumerable.Range(0, 3).Select(i => kit.CreateAsync($"{i}"))];
        var held = await kit.Fake.HeldAsync(3);

        ApiException refused = await Assert.ThrowsAsync<ApiException>(() => kit.CreateAsync("too many"));

        Assert.Equal(503, refused.Error.HttpStatus);
        foreach (var write in held)
            write.Acknowledge();
        await Task.WhenAll(accepted);
    }

    [Fact]
    public async Task Enforced_nonce_sent_again_answers_the_earlier_message_also_after_a_crash()
    {
        FakeMessageStore disk = new();
        MessageDraft draft = Draft("once") with { Nonce = Json("\"n\""), EnforceNonce = true };
        Snowflake first;
        await using (ChannelTestKit before = new(disk))
            first = (await before.CreateAsync(draft)).Message.Id;

        await using ChannelTestKit kit = new(disk);
        MessageCreated again = await kit.CreateAsync(draft);

        Assert.True(again.Existing);
        Assert.Equal(first, again.Message.Id);
        Assert.Single(disk.StoredIds);
        Assert.Empty(kit.Channel.Published);
        Assert.False((await kit.CreateAsync(draft with { Author = Ben })).Existing);
    }

    [Fact]
    public async Task Create_that_failed_and_was_stored_all_the_same_is_in_the_history_once_the_store_answers_again()
    {
        await using ChannelTestKit kit = new(options: new ChannelOptions { DoubtPause = TimeSpan.FromHours(1) });
        await kit.CreateAsync("first");
        kit.Fake.HoldAppends = true;
        Task<MessageCreated> lost = kit.CreateAsync("lost");
        (await kit.Fake.HeldAsync(1))[0].StoreAndFail();
        await Assert.ThrowsAsync<ApiException>(() => lost);
        kit.Fake.HoldAppends = false;
        Assert.Equal(["first"], await ContentsAsync());

        // A store that takes a message and cannot be read takes nothing away that was shown.
        kit.Fake.FailReads = new StorageException(StorageError.Unavailable, "the database is away, as the test wants");
        await kit.CreateAsync("next");
        Assert.Equal(["next", "first"], await ContentsAsync());
        Assert.Equal(503, (await Assert.ThrowsAsync<ApiException>(() => kit.CreateAsync("refused"))).Error.HttpStatus);
        Assert.Equal(["next", "first"], await ContentsAsync());

        kit.Fake.FailReads = null;
        await kit.CreateAsync("last");
        Assert.Equal(["last", "next", "lost", "first"], await ContentsAsync());

        async Task<IEnumerable<string?>> ContentsAsync() =>
            (await kit.PageAsync(MessagePage.Latest(10))).Select(m => (string?)m!["content"]);
    }

    [Fact]
    public async Task Write_that_failed_and_is_stored_later_is_shown_without_another_write()
    {
        TimeSpan soon = TimeSpan.FromMilliseconds(10);
        await using ChannelTestKit kit = new(options: new ChannelOptions { DoubtPause = soon, LateWrites = soon });
        Snowflake id = (await kit.CreateAsync("first")).Message.Id;
        AddReaction react = new(id, Ann.Id, new ReactionEmoji(null, "🔥"), MayAddNew: true);
        kit.Fake.LoseNextReaction = true;
        Task readTwice = ReadTwice(() => { });
        await Assert.ThrowsAsync<ApiException>(() => kit.AskAsync<ReactionChanged>(react));
        await LoadedAsync(readTwice);
        Assert.NotNull((await kit.PageAsync(MessagePage.Latest(10)))[0]!["reactions"]);

        // Carried out between the two.
        kit.Fake.HoldAppends = true;
        Task<MessageCreated> lost = kit.CreateAsync("lost");
        FakeMessageStore.Held held = (await kit.Fake.HeldAsync(1))[0];
        readTwice = ReadTwice(held.StoreLate);
        held.Fail();
        await Assert.ThrowsAsync<ApiException>(() => lost);
        await LoadedAsync(readTwice);
        Assert.Equal(2, (await kit.PageAsync(MessagePage.Latest(10))).Count);

        Task ReadTwice(Action afterFirst)
        {
            int pages = 0;
            TaskCompletionSource twice = new(TaskCreationOptions.RunContinuationsAsynchronously);
            kit.Fake.AfterPage = () =>
            {
                if (++pages == 1)
                    afterFirst();
                else
                    twice.TrySetResult();
            };
            return twice.Task;
        }

        // Commands wait until what was read is in the log.
        async Task LoadedAsync(Task read)
        {
            await read.WaitAsync(TimeSpan.FromSeconds(20));
            Assert.False((await kit.AskAsync<ReactionChanged>(react)).Changed);
        }
    }

    [Fact]
    public async Task Reaction_in_doubt_can_be_taken_back()
    {
        await using ChannelTestKit kit = new(options: new ChannelOptions { DoubtPause = TimeSpan.FromHours(1) });
        Snowflake id = (await kit.CreateAsync("x")).Message.Id;
        ReactionEmoji fire = new(null, "🔥");
        kit.Fake.LoseNextReaction = true;
        await Assert.ThrowsAsync<ApiException>(() => kit.AskAsync<ReactionChanged>(new AddReaction(id, Ann.Id, fire, MayAddNew: true)));
        Assert.True((await kit.AskAsync<ReactionChanged>(new RemoveReaction(id, Ann.Id, fire))).Changed);
    }

    [Fact]
    public async Task Enforced_nonce_of_a_create_that_failed_and_was_stored_all_the_same_answers_it_and_shows_it()
    {
        await using ChannelTestKit kit = new();
        await kit.CreateAsync("first");
        kit.Fake.HoldAppends = true;
        MessageDraft draft = Draft("lost") with { Nonce = Json("\"n\""), EnforceNonce = true };
        Task<MessageCreated> lost = kit.CreateAsync(draft);
        var held = (await kit.Fake.HeldAsync(1))[0];
        held.StoreAndFail();
        await Assert.ThrowsAsync<ApiException>(() => lost);
        kit.Fake.HoldAppends = false;
        MessageCreated again = await kit.CreateAsync(draft);
        Assert.True(again.Existing);
        Assert.Equal(held.Id, again.Message.Id);
        Assert.Equal(2, (await kit.PageAsync(MessagePage.Latest(10))).Count);
    }

    [Fact]
    public async Task Enforced_nonce_while_the_first_is_in_flight_creates_one_message()
    {
        await using ChannelTestKit kit = new();
        kit.Fake.HoldAppends = true;
        MessageDraft draft = Draft("once") with { Nonce = Json("\"n\""), EnforceNonce = true };
        Task<MessageCreated> first = kit.CreateAsync(draft), second = kit.CreateAsync(draft);
        foreach (var held in await kit.Fake.HeldAsync(2))
            held.Acknowledge();

        Assert.Equal((await first).Message.Id, (await second).Message.Id);
        Assert.True((await second).Existing);
        Assert.Single(kit.Channel.Published);
    }

    [Fact]
    public async Task Slow_mode_makes_users_wait_but_not_a_repeated_nonce_nor_those_who_bypass()
    {
        ManualTime time = new();
        await using ChannelTestKit kit = new(time: time);
        kit.Channel.SetChannel(c => c with { RateLimitPerUser = 10 });
        MessageDraft draft = Draft("a") with { Nonce = Json("\"n\""), EnforceNonce = true };
        MessageCreated first = await kit.CreateAsync(draft);
        time.Advance(TimeSpan.FromSeconds(4));

        SlowmodeException slow = await Assert.ThrowsAsync<SlowmodeException>(() => kit.CreateAsync("b"));

        Assert.Equal(6, slow.RetryAfter.TotalSeconds, 0.01);
        Assert.Equal(first.Message.Id, (await kit.CreateAsync(draft)).Message.Id);
        Assert.False((await kit.CreateAsync("other user", Ben)).Existing);
        Assert.False((await kit.CreateAsync(Draft("mod") with { BypassSlowmode = true })).Existing);
        time.Advance(TimeSpan.FromSeconds(7));
        await kit.CreateAsync("c");
    }

    [Fact]
    public async Task Slow_mode_does_not_count_a_message_that_was_not_stored()
    {
        await using ChannelTestKit kit = new();
        kit.Channel.SetChannel(c => c with { RateLimitPerUser = 100 });
        kit.Fake.HoldAppends = true;
        Task<MessageCreated> lost = kit.CreateAsync("lost");
        (await kit.Fake.HeldAsync(1))[0].Fail();
        await Assert.ThrowsAsync<ApiException>(() => lost);
        kit.Fake.HoldAppends = false;

        Assert.Equal("again", (await kit.CreateAsync("again")).Message.Content);
    }

    [Fact]
    public async Task Edit_changes_what_it_names_and_publishes_the_whole_message()
    {
        await using ChannelTestKit kit = new();
        Snowflake id = (await kit.CreateAsync(Draft("old") with { Embeds = [Json("{\"title\":\"t\"}")] })).Message.Id;

        MessageEdited edited = await kit.AskAsync<MessageEdited>(new EditMessage(id)
        {
            Content = "new",
            Flags = MessageFlags.SuppressEmbeds,
            FlagsMask = MessageFlags.SuppressEmbeds,
        });

        Assert.Equal("old", edited.Before.Content);
        (string name, JsonObject body) = kit.Channel.Events.Last();
        Assert.Equal("MESSAGE_UPDATE", name);
        Assert.Equal("new", (string?)body["content"]);
        Assert.Equal(4, (int?)body["flags"]);
        Assert.NotNull((string?)body["edited_timestamp"]);
        Assert.Single(body["embeds"]!.AsArray());
        Assert.Equal("new", (string?)(await kit.PageAsync(MessagePage.Latest(1)))[0]!["content"]);
        Assert.Equal(ApiError.UnknownMessage, (await Assert.ThrowsAsync<ApiException>(
            () => kit.AskAsync<MessageEdited>(new EditMessage(new Snowflake(5)) { Content = "x" }))).Error);
    }

    [Fact]
    public async Task Delete_of_one_and_of_many_publish_their_own_events_once()
    {
        await using ChannelTestKit kit = new();
        Snowflake[] ids = new Snowflake[4];
        for (int i = 0; i < ids.Length; i++)
            ids[i] = (await kit.CreateAsync($"{i}")).Message.Id;

        await kit.AskAsync<MessagesDeleted>(new DeleteMessages([ids[0]]));
        MessagesDeleted bulk = await kit.AskAsync<MessagesDeleted>(new DeleteMessages([ids[1], ids[0], ids[2]]));

        Assert.Equal([ids[1], ids[2]], bulk.Ids);
        var events = kit.Channel.Events.Skip(4).ToArray();
        Assert.Equal(["MESSAGE_DELETE", "MESSAGE_DELETE_BULK"], events.Select(e => e.Name));
        Assert.Equal(ids[0].ToString(), (string?)events[0].Body["id"]);
        Assert.Equal(2, events[1].Body["ids"]!.AsArray().Count);
        Assert.All(events, e => Assert.Equal(ChannelTestKit.GuildId.ToString(), (string?)e.Body["guild_id"]));
        Assert.Equal(ids[3].ToString(), (string?)Assert.Single(await kit.PageAsync(MessagePage.Latest(50)))!["id"]);
        Assert.Null(await kit.ReadAsync(ids[1]));
        Assert.Equal(ApiError.UnknownMessage, (await Assert.ThrowsAsync<ApiException>(
            () => kit.AskAsync<MessagesDeleted>(new DeleteMessages([ids[0]])))).Error);
    }

    [Fact]
    public async Task Delete_by_author_takes_only_that_author()
    {
        await using ChannelTestKit kit = new();
        await kit.CreateAsync("a", Ben);
        await kit.CreateAsync("b");
        await kit.CreateAsync("c", Ben);

        MessagesDeleted gone = await kit.AskAsync<MessagesDeleted>(new DeleteByAuthor(Ben.Id, DateTimeOffset.UnixEpoch));

        Assert.Equal(2, gone.Ids.Count);
        Assert.Equal("MESSAGE_DELETE_BULK", kit.Channel.Events.Last().Name);
        Assert.Equal("b", (string?)Assert.Single(await kit.PageAsync(MessagePage.Latest(50)))!["content"]);
    }

    [Fact]
    public async Task Reactions_are_counted_for_the_viewer_and_published()
    {
        await using ChannelTestKit kit = new();
        Snowflake id = (await kit.CreateAsync("x")).Message.Id;
        ReactionEmoji fire = new(null, "🔥"), custom = new(new Snowflake(99), "blob", Animated: true);

        Assert.True((await kit.AskAsync<ReactionChanged>(new AddReaction(id, Ann.Id, fire, MayAddNew: true))).Changed);
        Assert.False((await kit.AskAsync<ReactionChanged>(new AddReaction(id, Ann.Id, fire, MayAddNew: true))).Changed);
        Assert.True((await kit.AskAsync<ReactionChanged>(new AddReaction(id, Ben.Id, fire, MayAddNew: false))).Changed);
        Assert.Equal(ApiError.MissingPermissions, (await Assert.ThrowsAsync<ApiException>(
            () => kit.AskAsync<ReactionChanged>(new AddReaction(id, Ben.Id, custom, MayAddNew: false)))).Error);
        await kit.AskAsync<ReactionChanged>(new AddReaction(id, Ben.Id, custom, MayAddNew: true));
        // Renamed meanwhile: the same emoji all the same.
        await kit.AskAsync<ReactionChanged>(new AddReaction(id, Ann.Id, new ReactionEmoji(new Snowflake(99), "blub"), MayAddNew: false));

        JsonArray seen = (await kit.PageAsync(MessagePage.Latest(50), new MessageViewer(Cleo.Id, true)))[0]!["reactions"]!.AsArray();
        Assert.Equal(2, seen.Count);
        Assert.Equal(2, (int?)seen[0]!["count"]);
        Assert.False((bool?)seen[0]!["me"]);
        Assert.True((bool?)(await kit.ReadAsync(id))!["reactions"]![0]!["me"]);
        Assert.Equal("blob", (string?)seen[1]!["emoji"]!["name"]);
        Assert.Equal(2, (int?)seen[1]!["count_details"]!["normal"]);

        JsonObject added = kit.Channel.Events.First(e => e.Name == "MESSAGE_REACTION_ADD").Body;
        Assert.Equal(Ann.Id.ToString(), (string?)added["message_author_id"]);
        Assert.Equal("ann", (string?)added["member"]!["user"]!["username"]);
        Assert.False((bool?)added["burst"]);
        Assert.Equal(0, (int?)added["type"]);
        Assert.True(added["emoji"]!.AsObject().ContainsKey("id"));
        Assert.All(kit.Channel.Published.Skip(1), r => Assert.Equal(GatewayIntents.GuildMessageReactions, r.Intents));

        await kit.AskAsync<ReactionChanged>(new RemoveReaction(id, Ann.Id, fire));
        await kit.AskAsync<ReactionChanged>(new ClearReactions(id, custom));
        await kit.AskAsync<ReactionChanged>(new ClearReactions(id));
        Assert.Equal(["MESSAGE_REACTION_REMOVE", "MESSAGE_REACTION_REMOVE_EMOJI", "MESSAGE_REACTION_REMOVE_ALL"],
            kit.Channel.Events.TakeLast(3).Select(e => e.Name));
        Assert.False((await kit.PageAsync(MessagePage.Latest(50)))[0]!.AsObject().ContainsKey("reactions"));
        Assert.Equal(ApiError.UnknownEmoji, (await Assert.ThrowsAsync<ApiException>(
            () => kit.AskAsync<ReactionChanged>(new RemoveReaction(id, Ann.Id, fire)))).Error);
    }

    [Fact]
    public async Task Reactions_with_a_twenty_first_emoji_are_refused()
    {
        await using ChannelTestKit kit = new();
        Snowflake id = (await kit.CreateAsync("x")).Message.Id;
        for (int i = 0; i < 20; i++)
            await kit.AskAsync<ReactionChanged>(new AddReaction(id, Ann.Id, new ReactionEmoji(new Snowflake(100 + (ulong)i), "e"), true));

        ApiException refused = await Assert.ThrowsAsync<ApiException>(
            () => kit.AskAsync<ReactionChanged>(new AddReaction(id, Ann.Id, new ReactionEmoji(null, "🔥"), true)));

        Assert.Equal(30010, refused.Error.Code);
    }

    [Fact]
    public async Task Pins_mark_the_message_until_it_is_unpinned_or_deleted()
    {
        await using ChannelTestKit kit = new(options: new ChannelOptions { MaxPins = 2 });
        Snowflake a = (await kit.CreateAsync("a")).Message.Id, b = (await kit.CreateAsync("b")).Message.Id,
            c = (await kit.CreateAsync("c")).Message.Id;

        Assert.True((await kit.AskAsync<PinChanged>(new PinMessage(a))).Changed);
        Assert.False((await kit.AskAsync<PinChanged>(new PinMessage(a))).Changed);
        await kit.AskAsync<PinChanged>(new PinMessage(b));
        Assert.Equal(30003, (await Assert.ThrowsAsync<ApiException>(() => kit.AskAsync<PinChanged>(new PinMessage(c)))).Error.Code);

        Assert.Equal(["MESSAGE_UPDATE", "CHANNEL_PINS_UPDATE"], kit.Channel.Events.Skip(3).Take(2).Select(e => e.Name));
        Assert.True((bool?)kit.Channel.Events.ElementAt(3).Body["pinned"]);
        Assert.Equal(GatewayIntents.Guilds, kit.Channel.Published[4].Intents);
        Assert.Equal([false, true, true], (await kit.PageAsync(MessagePage.Latest(50))).Select(m => (bool)m!["pinned"]!));
        JsonNode pins = JsonNode.Parse((await kit.Log.PinsAsync(AnnSees, null, 50, asArray: false)).Span)!;
        Assert.Equal(2, pins["items"]!.AsArray().Count);
        Assert.False((bool?)pins["has_more"]);
        Assert.NotNull(pins["items"]![0]!["pinned_at"]);

        await kit.AskAsync<PinChanged>(new UnpinMessage(a));
        Assert.False((bool?)(await kit.ReadAsync(a))!["pinned"]);
        await kit.AskAsync<MessagesDeleted>(new DeleteMessages([b]));
        Assert.Equal("CHANNEL_PINS_UPDATE", kit.Channel.Events.Last().Name);
        Assert.Null((string?)kit.Channel.Events.Last().Body["last_pin_timestamp"]);
        Assert.Equal("[]", Encoding.UTF8.GetString((await kit.Log.PinsAsync(AnnSees, null, 50, asArray: true)).Span));
    }

    [Fact]
    public async Task Reply_shows_the_referenced_message_as_it_is_now_and_null_when_it_is_gone()
    {
        await using ChannelTestKit kit = new();
        MessageCreated first = await kit.CreateAsync("first");
        MessageDraft reply = Draft("reply", Ben) with
        {
            Type = MessageType.Reply,
            Reference = new MessageReference
            {
                MessageId = first.Message.Id,
                ChannelId = ChannelTestKit.ChannelId,
                GuildId = ChannelTestKit.GuildId
            },
            Referenced = first.Message,
        };

        MessageCreated created = await kit.CreateAsync(reply);

        Assert.Equal("first", (string?)JsonNode.Parse(created.Json.Span)!["referenced_message"]!["content"]);
        Assert.Equal("first", (string?)kit.Channel.Events.Last().Body["referenced_message"]!["content"]);
        Assert.DoesNotContain("first", Host.Body(kit.Channel.Published[^1].Event.WithoutContent!).ToJsonString(), StringComparison.Ordinal);
        await kit.AskAsync<MessageEdited>(new EditMessage(first.Message.Id) { Content = "changed" });
        Assert.Equal("changed", (string?)(await kit.PageAsync(MessagePage.Latest(1)))[0]!["referenced_message"]!["content"]);
        await kit.AskAsync<MessagesDeleted>(new DeleteMessages([first.Message.Id]));
        JsonObject shown = (await kit.PageAsync(MessagePage.Latest(1)))[0]!.AsObject();
        Assert.True(shown.ContainsKey("referenced_message"));
        Assert.Null(shown["referenced_message"]);
    }

    [Fact]
    public async Task Load_failure_is_answered_and_the_next_command_tries_again()
    {
        FakeMessageStore store = new() { FailReads = new StorageException(StorageError.Io, "the disk refuses, as the test wants") };
        await using ChannelTestKit kit = new(store);

        Assert.Equal(503, (await Assert.ThrowsAsync<ApiException>(() => kit.CreateAsync("x"))).Error.HttpStatus);
        Assert.Equal(503, (await Assert.ThrowsAsync<ApiException>(() => kit.PageAsync(MessagePage.Latest(50)))).Error.HttpStatus);

        store.FailReads = null;
        Assert.Equal("y", (await kit.CreateAsync("y")).Message.Content);
    }

    [Fact]
    public async Task Files_go_when_no_message_names_them_any_more()
    {
        await using ChannelTestKit kit = new();
        Attachment[] files = [.. Enumerable.Range(1, 4).Select(i => new Attachment { Id = new Snowflake((ulong)i), Filename = "f" })];
        foreach (Attachment file in files)
            await kit.Blobs.PutAsync(BlobKey.Attachment(ChannelTestKit.ChannelId, file.Id), new MemoryStream([1]), 10);
        Message first = (await kit.CreateAsync(ChannelTestKit.Draft("a") with { Attachments = [files[0], files[1]] })).Message;
        Message second = (await kit.CreateAsync(ChannelTestKit.Draft("b") with { Attachments = [files[2]] })).Message;
        Message third = (await kit.CreateAsync(ChannelTestKit.Draft("c") with { Attachments = [files[3]] })).Message;

        await kit.AskAsync<MessageEdited>(new EditMessage(first.Id) { Attachments = [files[1]] });
        await kit.AskAsync<MessagesDeleted>(new DeleteMessages([second.Id, new Snowflake(1)]));

        await GoneAsync(files[0]);
        await GoneAsync(files[2]);
        await IsThereAsync(files[1]);
        await IsThereAsync(files[3]);
        await kit.AskAsync<MessagesDeleted>(new DeleteMessages([first.Id]));
        await kit.AskAsync<MessagesDeleted>(new DeleteByAuthor(Ann.Id, third.Timestamp.AddSeconds(-1)));
        await GoneAsync(files[1]);
        await GoneAsync(files[3]);

        async Task IsThereAsync(Attachment file)
        {
            await using BlobContent? blob = await kit.Blobs.OpenAsync(BlobKey.Attachment(ChannelTestKit.ChannelId, file.Id));
            Assert.NotNull(blob);
        }

        async Task GoneAsync(Attachment file)
        {
            using CancellationTokenSource limit = new(TimeSpan.FromSeconds(20));
            while (await kit.Blobs.OpenAsync(BlobKey.Attachment(ChannelTestKit.ChannelId, file.Id)) is { } blob)
            {
                await blob.DisposeAsync();
                limit.Token.ThrowIfCancellationRequested();
                await Task.Yield();
            }
        }
    }

    [Fact]
    public async Task Pins_of_one_moment_have_different_times_so_that_pages_miss_none()
    {
        await using ChannelTestKit kit = new(time: new ManualTime());
        foreach (string content in (string[])["a", "b", "c"])
            await kit.AskAsync<PinChanged>(new PinMessage((await kit.CreateAsync(content)).Message.Id));
        List<string> seen = [];
        for (DateTimeOffset? before = null; seen.Count < 3;)
        {
            ReadOnlyMemory<byte> page = await kit.Log.PinsAsync(AnnSees, before, 1, asArray: false);
            JsonElement item = Json(Encoding.UTF8.GetString(page.Span)).GetProperty("items")[0];
            seen.Add(item.GetProperty("message").GetProperty("content").GetString()!);
            before = item.GetProperty("pinned_at").GetDateTimeOffset();
        }
        Assert.Equal(["c", "b", "a"], seen);
    }
}
