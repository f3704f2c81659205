using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Discord.Actors.Guilds;
using Discord.Actors.Messages;
using Discord.Protocol;
using Discord.Protocol.Payloads;
using Discord.Storage;
using static Discord.Actors.Tests.Messages.ChannelTestKit;

namespace Discord.Actors.Tests.Messages;

public sealed class ChannelLogTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Pages_are_the_same_from_memory_and_from_the_store(bool restarted)
    {
        FakeMessageStore store = new();
        List<string> ids = [];
        await using ChannelTestKit writer = new(store);
        for (int i = 0; i < 150; i++)
            ids.Add((await writer.CreateAsync($"{i}")).Message.Id.ToString());
        await using ChannelTestKit reader = new(store);
        ChannelTestKit kit = restarted ? reader : writer;

        foreach (int anchor in (int[])[0, 1, 20, 49, 50, 51, 99, 100, 140, 149])
        {
            Snowflake at = Snowflake.Parse(ids[anchor]);
            foreach (int limit in (int[])[1, 7, 50, 100])
            {
                Assert.Equal(ids.Take(anchor).Reverse().Take(limit), await Ids(kit, MessagePage.Before(at, limit)));
                Assert.Equal(ids.Skip(anchor + 1).Take(limit).Reverse(), await Ids(kit, MessagePage.After(at, limit)));
                Assert.Equal(ids.AsEnumerable().Reverse().Take(limit), await Ids(kit, MessagePage.Latest(limit)));
            }
        }
        Assert.Equal(ids.Skip(45).Take(10).Reverse(), await Ids(kit, MessagePage.Around(Snowflake.Parse(ids[49]), 10)));
        Assert.Equal(ids.Take(50).Reverse(), await Ids(kit, MessagePage.After(Snowflake.None, 50)));
        Assert.Empty(await Ids(kit, MessagePage.After(Snowflake.MaxValue, 50)));
    }

    [Fact]
    public async Task Latest_page_read_twice_is_one_array_until_something_changes()
    {
        await using ChannelTestKit kit = new();
        Snowflake id = (await kit.CreateAsync("a")).Message.Id;
        ReadOnlyMemory<byte> first = await kit.Log.PageAsync(MessagePage.Latest(50), AnnSees);
        int reads = kit.Fake.Reads;

        Assert.Equal(first, await kit.Log.PageAsync(MessagePage.Latest(50), new MessageViewer(Ben.Id, true)));
        Assert.Equal(reads, kit.Fake.Reads);
        await kit.AskAsync<MessageEdited>(new EditMessage(id) { Content = "b" });
        Assert.Equal("b", (string?)(await kit.PageAsync(MessagePage.Latest(50)))[0]!["content"]);
    }

    [Fact]
    public async Task Page_with_reactions_marks_each_readers_own_without_asking_the_store()
    {
        await using ChannelTestKit kit = new();
        Snowflake id = (await kit.CreateAsync("a")).Message.Id;
        ReactionEmoji fire = new(null, "🔥");
        await kit.AskAsync<ReactionChanged>(new AddReaction(id, Ann.Id, fire, MayAddNew: true));
        int reads = kit.Fake.Reads;
        kit.Fake.FailReads = new StorageException(StorageError.Unavailable, "the database is away, as the test wants");

        Assert.Equal((1, true), Seen(await kit.PageAsync(MessagePage.Latest(50))));
        Assert.Equal((1, false), Seen(await kit.PageAsync(MessagePage.Latest(50), new MessageViewer(Ben.Id, true))));
        // Once more: what was kept for Ben is not shown to Ann, and is shown to others who have not reacted.
        ReadOnlyMemory<byte> kept = await kit.Log.PageAsync(MessagePage.Latest(50), new MessageViewer(Ben.Id, true));
        Assert.Equal((1, true), Seen(await kit.PageAsync(MessagePage.Latest(50))));
        Assert.Equal(kept, await kit.Log.PageAsync(MessagePage.Latest(50), new MessageViewer(Cleo.Id, true)));
        Assert.Equal(reads, kit.Fake.Reads);

        kit.Fake.FailReads = null;
        await kit.AskAsync<ReactionChanged>(new AddReaction(id, Ben.Id, fire, MayAddNew: true));
        Assert.Equal((2, true), Seen(await kit.PageAsync(MessagePage.Latest(50), new MessageViewer(Ben.Id, true))));
        await kit.AskAsync<MessageEdited>(new EditMessage(id) { Content = "b" });
        Assert.Equal((2, true), Seen(await kit.PageAsync(MessagePage.Latest(50))));
        await kit.AskAsync<ReactionChanged>(new RemoveReaction(id, Ann.Id, fire));
        Assert.Equal((1, false), Seen(await kit.PageAsync(MessagePage.Latest(50))));

        static (int?, bool?) Seen(JsonArray page) =>
            ((int?)page[0]!["reactions"]![0]!["count"], (bool?)page[0]!["reactions"]![0]!["me"]);
    }

    [Theory]
    [InlineData(ChannelLog.MaxKnownReactions)]
    [InlineData(ChannelLog.MaxKnownReactions + 1)]
    public async Task Reactions_beyond_the_bound_are_shown_as_those_below_it(int reactors)
    {
        FakeMessageStore store = new();
        await using ChannelTestKit writer = new(store);
        Snowflake id = (await writer.CreateAsync("a")).Message.Id;
        ReactionEmoji fire = new(null, "🔥");
        store.React(id, fire.Key, Enumerable.Range(1000, reactors - 1).Select(user => new Snowflake((ulong)user)));
        await using ChannelTestKit kit = new(store);
        await kit.PageAsync(MessagePage.Latest(50));
        await kit.AskAsync<ReactionChanged>(new AddReaction(id, Ann.Id, fire, MayAddNew: true));

        foreach ((Snowflake user, bool me) in ((Snowflake, bool)[])[(Ann.Id, true), (Ben.Id, false)])
        {
            JsonNode reaction = (await kit.PageAsync(MessagePage.Latest(50), new MessageViewer(user, true)))[0]!["reactions"]![0]!;
            Assert.Equal((reactors, me), ((int)reaction["count"]!, (bool)reaction["me"]!));
        }
    }

    [Fact]
    public async Task Viewer_without_message_content_sees_only_what_concerns_it()
    {
        await using ChannelTestKit kit = new();
        MessageViewer bot = new(Cleo.Id, false);
        await kit.CreateAsync("hidden");
        await kit.CreateAsync(Draft("hey cleo") with { Mentions = [Cleo] });
        await kit.CreateAsync("mine", Cleo);
        await kit.PageAsync(MessagePage.Latest(50));

        JsonArray page = await kit.PageAsync(MessagePage.Latest(50), bot);

        Assert.Equal(["mine", "hey cleo", ""], page.Select(m => (string?)m!["content"]));
        Assert.Equal("ann", (string?)page[2]!["author"]!["username"]);
        Assert.NotNull(page[2]!["components"]);
        Assert.Equal("hidden", (string?)(await kit.PageAsync(MessagePage.Latest(50)))[2]!["content"]);
    }

    [Fact]
    public async Task Author_that_was_renamed_is_shown_under_the_new_name()
    {
        await using ChannelTestKit kit = new();
        Snowflake id = (await kit.CreateAsync("x", Ben)).Message.Id;
        await kit.PageAsync(MessagePage.Latest(50));

        kit.Channel.Guild = kit.Channel.Guild! with
        {
            Members = kit.Channel.Guild.Members.With(Host.Member(Ben with
            { Username = "benny" }))
        };
        Assert.Equal("benny", (string?)(await kit.PageAsync(MessagePage.Latest(50)))[0]!["author"]!["username"]);

        kit.Channel.Guild = kit.Channel.Guild with { Members = kit.Channel.Guild.Members.Without(Ben.Id) };
        Assert.Equal("ben", (string?)(await kit.ReadAsync(id))!["author"]!["username"]);
    }

    [Fact]
    public async Task Thread_of_a_message_is_shown_as_soon_as_the_guild_has_it()
    {
        await using ChannelTestKit kit = new();
        Snowflake id = (await kit.CreateAsync("x")).Message.Id;
        Assert.Null((await kit.PageAsync(MessagePage.Latest(50)))[0]!["thread"]);

        Channel thread = new()
        {
            Id = id,
            Type = ChannelType.PublicThread,
            Name = "t",
            ThreadMetadata = new() { ArchiveTimestamp = default }
        };
        kit.Channel.Guild = new ThreadPut(thread).Apply(kit.Channel.Guild!);

        Assert.Equal("t", (string?)(await kit.PageAsync(MessagePage.Latest(50)))[0]!["thread"]!["name"]);
    }

    [Fact]
    public async Task Attachments_get_their_urls_when_they_are_read()
    {
        FakeMessageStore store = new();
        Attachment file = new() { Id = new Snowflake(77), Filename = "a.png", Size = 3, Width = 4, Height = 5, ContentType = "image/png" };
        await using (ChannelTestKit before = new(store))
            await before.CreateAsync(Draft("x") with { Attachments = [file] });
        await using ChannelTestKit kit = new(store);

        JsonNode shown = (await kit.PageAsync(MessagePage.Latest(50)))[0]!["attachments"]![0]!;

        Assert.Equal("http://files/2000/77/a.png", (string?)shown["url"]);
        Assert.Equal(4, (int?)shown["width"]);
    }

    [Fact]
    public async Task Tail_is_bounded_in_messages_and_bytes_and_pages_stay_whole()
    {
        await using ChannelTestKit kit = new(options: new ChannelOptions { TailMessages = 10, TailBytes = 20_000 });
        for (int i = 0; i < 30; i++)
            await kit.CreateAsync(new string('x', 3_000));

        Assert.Equal(30, (await Ids(kit, MessagePage.Latest(50))).Count);
    }

    [Fact]
    public async Task Idle_channel_gives_its_memory_back_and_loads_again()
    {
        ManualTime time = new();
        await using ChannelTestKit kit = new(time: time, options: new ChannelOptions { IdleAfter = TimeSpan.FromMilliseconds(30) });
        await kit.CreateAsync("x");
        time.Advance(TimeSpan.FromSeconds(1));
        using CancellationTokenSource limit = new(TimeSpan.FromSeconds(20));
        while (kit.Log.IsWarm)
            await Task.Delay(5, limit.Token);
        int reads = kit.Fake.Reads;

        Assert.Single(await kit.PageAsync(MessagePage.Latest(50)));
        Assert.True(kit.Fake.Reads > reads);
        await kit.CreateAsync("y");
        Assert.Equal(2, (await kit.PageAsync(MessagePage.Latest(50))).Count);
    }

    [Fact]
    public async Task Stored_message_reads_back_with_all_its_parts()
    {
        FakeMessageStore store = new();
        MessageDraft draft = Draft("all") with
        {
            Embeds = [Json("{\"title\":\"t\",\"color\":3}")],
            Components =
            [
                Json("{\"type\":1,\"id\":1,\"components\":[{\"type\":2,\"id\":2,\"style\":1,\"label\":\"l\",\"custom_id\":\"c\"}]}")
            ],
            Attachments = [new() { Id = new(5), Filename = "f", Size = 9, Description = "d", DurationSecs = 1.5, Waveform = "AA==",
                Flags = 8 }],
            StickerItems = [new(new(6), "s", 1)],
            Snapshots = [new(new SnapshotMessage { Content = "copied", Timestamp = DateTimeOffset.UnixEpoch, Mentions = [Ben] })],
            Mentions = [Ben, Cleo],
            MentionRoles = [new(8)],
            MentionEveryone = true,
            Tts = true,
            Flags = MessageFlags.SuppressNotifications,
            WebhookId = new(9),
            ApplicationId = new(10),
            Reference = new() { Type = 1, MessageId = new(3), ChannelId = new(4) },
            InteractionMetadata = new()
            {
                Id = new(12),
                Type = 2,
                User = Ben,
                Name = "cmd",
                CommandType = 1,
                AuthorizingIntegrationOwners = new Dictionary<string, Snowflake> { ["0"] = new(1000) },
                OriginalResponseMessageId = new(13),
                InteractedMessageId = new(14),
                TargetUser = Cleo,
                TargetMessageId = new(15),
                TriggeringInteractionMetadata = new() { Id = new(16), Type = 3, User = Ben }
            },
        };
        JsonNode written;
        Snowflake id;
        await using (ChannelTestKit before = new(store))
        {
            MessageCreated created = await before.CreateAsync(draft);
            (written, id) = (JsonNode.Parse(created.Json.Span)!, created.Message.Id);
        }
        await using ChannelTestKit kit = new(store);

        JsonObject read = (await kit.ReadAsync(id))!;

        Assert.True(JsonNode.DeepEquals(written, read), $"{written}\n{read}");
        Assert.Equal("1000", (string?)read["interaction_metadata"]!["authorizing_integration_owners"]!["0"]);
        Assert.Equal("copied", (string?)read["message_snapshots"]![0]!["message"]!["content"]);
    }

    private static async Task<List<string>> Ids(ChannelTestKit kit, MessagePage page) =>
        [.. (await kit.PageAsync(page)).Select(message => (string)message!["id"]!)];

    // Whatever is created, edited, deleted and pinned, and however often the memory is given back in between, every page and the pins are
    // those of a plain list of what was acknowledged.
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public async Task Channel_equals_a_plain_list_whatever_is_done_to_it(int seed)
    {
        Random random = new(seed);
        await using ChannelTestKit kit = new(options: new ChannelOptions { TailMessages = 6 });
        SortedDictionary<Snowflake, string> model = [];
        List<Snowflake> pins = [];
        for (int step = 0; step < 150; step++)
        {
            Snowflake[] some = [.. model.Keys.Where(_ => random.Next(Math.Max(1, model.Count / 2)) == 0).Take(5)];
            switch (random.Next(9))
            {
                case < 4:
                    // Several at once: their order is that of their ids, not of the store's answers.
                    Task<MessageCreated>[] sent = [.. Enumerable.Range(0, random.Next(1, 4)).Select(i => kit.CreateAsync($"{step}-{i}"))];
                    foreach (MessageCreated created in await Task.WhenAll(sent))
                        model.Add(created.Message.Id, created.Message.Content);
                    break;
                case 4 when some.Length > 0:
                    await kit.AskAsync<MessageEdited>(new EditMessage(some[0]) { Content = $"edited {step}" });
                    model[some[0]] = $"edited {step}";
                    break;
                case 5 when some.Length > 0:
                    await kit.AskAsync<MessagesDeleted>(new DeleteMessages(some));
                    foreach (Snowflake id in some)
                        model.Remove(id);
                    pins.RemoveAll(some.Contains);
                    break;
                case 6 when some.Length > 0:
                    if ((await kit.AskAsync<PinChanged>(new PinMessage(some[0]))).Changed)
                        pins.Insert(0, some[0]);
                    break;
                case 7 when some.Length > 0:
                    await kit.AskAsync<PinChanged>(new UnpinMessage(some[0]));
                    pins.Remove(some[0]);
                    break;
                case 8:
                    kit.Log.Shed();
                    break;
            }
            Snowflake anchor = model.Count == 0 ? new Snowflake(1) : model.Keys.ElementAt(random.Next(model.Count));
            int limit = random.Next(1, 9);
            await ShowsAsync(MessagePage.Latest(limit), model.Reverse().Take(limit));
            await ShowsAsync(MessagePage.Before(anchor, limit), model.Reverse().Where(m => m.Key < anchor).Take(limit));
            await ShowsAsync(MessagePage.After(anchor, limit), model.Where(m => m.Key > anchor).Take(limit).Reverse());
            await ShowsAsync(
                MessagePage.Around(anchor, limit),
                model.Where(m => m.Key > anchor).Take(limit / 2).Reverse()
                    .Concat(model.Reverse().Where(m => m.Key <= anchor).Take(limit - (limit / 2))));
            JsonElement pinned = Json(Encoding.UTF8.GetString((await kit.Log.PinsAsync(AnnSees, null, 50, asArray: true)).Span));
            Assert.Equal(pins.Select(id => id.ToString()), pinned.EnumerateArray().Select(m => m.GetProperty("id").GetString()));
        }

        async Task ShowsAsync(MessagePage page, IEnumerable<KeyValuePair<Snowflake, string>> expected)
        {
            JsonElement shown = Json(Encoding.UTF8.GetString((await kit.Log.PageAsync(page, AnnSees)).Span));
            Assert.Equal(
                expected.Select(m => $"{m.Key} {m.Value} {pins.Contains(m.Key)}"),
                shown.EnumerateArray().Select(m =>
                    $"{m.GetProperty("id").GetString()} {m.GetProperty("content").GetString()} {m.GetProperty("pinned").GetBoolean()}"));
        }
    }
}
