using Discord.Protocol;
using FsCheck;
using FsCheck.Fluent;

namespace Discord.Storage.Tests.Contract;

public abstract class MessageStoreContract(IStoreFixture fixture) : StorageContract(fixture)
{
    private static readonly Snowflake Channel = new(1000);
    private static readonly Snowflake Other = new(1001);
    private static readonly Snowflake Author = new(7);
    private static readonly Snowflake Stranger = new(8);

    private IMessageStore Messages => Storage.Messages;

    [Fact]
    public async Task Append_then_get_returns_the_row()
    {
        await Messages.AppendAsync(Row(At(0), "hello"));
        var row = await Messages.GetAsync(Channel, At(0));
        Assert.NotNull(row);
        Assert.Equal((Channel, At(0), Author, "hello"), (row.Value.ChannelId, row.Value.Id, row.Value.AuthorId, Utf8(row.Value.Body)));
        Assert.Null(await Messages.GetAsync(Other, At(0)));
        Assert.Null(await Messages.GetAsync(Channel, At(1)));
    }

    [Fact]
    public async Task Append_of_an_empty_body_is_a_message()
    {
        await Messages.AppendAsync(Row(At(0), ""));
        Assert.Equal(0, (await Messages.GetAsync(Channel, At(0)))!.Value.Body.Length);
        Assert.Single(await Messages.PageAsync(Channel, MessagePage.Latest(50)));
    }

    [Fact]
    public async Task Append_of_the_same_id_again_changes_nothing()
    {
        await Messages.AppendAsync(Row(At(0), "first"));
        await Messages.AppendAsync(Row(At(0), "second"));
        Assert.Equal("first", Utf8((await Messages.GetAsync(Channel, At(0)))!.Value.Body));
    }

    [Fact]
    public async Task Append_of_a_deleted_id_does_not_bring_it_back()
    {
        await Messages.AppendAsync(Row(At(0), "first"));
        await Messages.DeleteAsync(Channel, [At(0)]);
        await Messages.AppendAsync(Row(At(0), "again"));
        Assert.Null(await Messages.GetAsync(Channel, At(0)));
    }

    [Fact]
    public async Task Append_above_the_limits_is_refused()
    {
        var big = await Assert.ThrowsAsync<StorageException>(async () =>
            await Messages.AppendAsync(new MessageRow(Channel, At(0), Author, new byte[MessageRow.MaxBodyBytes + 1])));
        Assert.Equal(StorageError.TooLarge, big.Error);
        await Messages.AppendAsync(new MessageRow(Channel, At(0), Author, new byte[MessageRow.MaxBodyBytes]));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(async () =>
            await Messages.AppendAsync(Row(Snowflake.MaxValue, "far future")));
    }

    [Fact]
    public async Task Append_once_with_a_nonce_stores_one_message()
    {
        var since = Start - TimeSpan.FromMinutes(5);
        Assert.Equal(At(0), await Messages.AppendOnceAsync(Row(At(0), "one"), "n", since));
        Assert.Equal(At(0), await Messages.AppendOnceAsync(Row(At(0, 1), "two"), "n", since));
        Assert.Equal(At(0), await Messages.FindByNonceAsync(Channel, Author, "n", since));
        Assert.Single(await Messages.PageAsync(Channel, MessagePage.Latest(50)));

        // Another nonce, another author, another channel, and the same one when its time is over.
        Assert.Equal(At(0, 2), await Messages.AppendOnceAsync(Row(At(0, 2), "three"), "m", since));
        Assert.Equal(At(0, 3), await Messages.AppendOnceAsync(Row(At(0, 3), "four") with { AuthorId = Stranger }, "n", since));
        Assert.Equal(At(0, 4), await Messages.AppendOnceAsync(Row(At(0, 4), "five") with { ChannelId = Other }, "n", since));
        Assert.Null(await Messages.FindByNonceAsync(Channel, Author, "n", Start + TimeSpan.FromMinutes(1)));
        Assert.Equal(At(1), await Messages.AppendOnceAsync(Row(At(1), "six"), "n", Start + TimeSpan.FromMinutes(1)));
    }

    [Fact]
    public async Task Append_once_at_the_same_time_stores_one_message()
    {
        var ids = await Task.WhenAll(Enumerable.Range(0, 20).Select(i =>
            Messages.AppendOnceAsync(Row(At(0, (ulong)i), "x"), "n", Start - TimeSpan.FromMinutes(5)).AsTask()));
        Assert.Single(ids.Distinct());
        Assert.Equal(ids[0], Assert.Single(await Messages.PageAsync(Channel, MessagePage.Latest(50))).Id);
    }

    [Fact]
    public async Task Trim_nonces_forgets_old_ones_only()
    {
        await Messages.AppendOnceAsync(Row(At(-1), "old"), "old", Start - TimeSpan.FromDays(2));
        await Messages.AppendOnceAsync(Row(At(0), "new"), "new", Start - TimeSpan.FromDays(2));
        await Messages.TrimNoncesAsync(Start - TimeSpan.FromHours(1));
        Assert.Null(await Messages.FindByNonceAsync(Channel, Author, "old", Start - TimeSpan.FromDays(2)));
        Assert.Equal(At(0), await Messages.FindByNonceAsync(Channel, Author, "new", Start - TimeSpan.FromDays(2)));
        Assert.Equal(2, (await Messages.PageAsync(Channel, MessagePage.Latest(50))).Count);
    }

    [Fact]
    public async Task Update_replaces_the_body()
    {
        await Messages.AppendAsync(Row(At(0), "before"));
        Assert.True(await Messages.UpdateAsync(Row(At(0), "after")));
        Assert.Equal("after", Utf8((await Messages.GetAsync(Channel, At(0)))!.Value.Body));
    }

    [Fact]
    public async Task Update_of_what_is_missing_or_deleted_stores_nothing()
    {
        Assert.False(await Messages.UpdateAsync(Row(At(0), "ghost")));
        Assert.Null(await Messages.GetAsync(Channel, At(0)));
        await Messages.AppendAsync(Row(At(0), "here"));
        await Messages.DeleteAsync(Channel, [At(0)]);
        Assert.False(await Messages.UpdateAsync(Row(At(0), "ghost")));
        Assert.Empty(await Messages.PageAsync(Channel, MessagePage.Latest(50)));
    }

    [Fact]
    public async Task Delete_of_many_returns_those_that_were_there()
    {
        foreach (var day in new[] { -30.0, -15, 0 }) await Messages.AppendAsync(Row(At(day), "x"));
        var deleted = await Messages.DeleteAsync(Channel, [At(-30), At(-20), At(0), At(0)]);
        Assert.Equal([At(-30), At(0)], deleted);
        Assert.Equal(At(-15), Assert.Single(await Messages.PageAsync(Channel, MessagePage.Latest(50))).Id);
        Assert.Empty(await Messages.DeleteAsync(Channel, [At(-30)]));
        Assert.Empty(await Messages.DeleteAsync(Channel, []));
    }

    [Fact]
    public async Task Delete_takes_pins_and_reactions_along()
    {
        await Messages.AppendAsync(Row(At(0), "x"));
        await Messages.PinAsync(Channel, At(0), Start);
        await Messages.AddReactionAsync(Channel, At(0), "🔥", Author);
        await Messages.DeleteAsync(Channel, [At(0)]);
        Assert.Empty(await Messages.PinsAsync(Channel, null, 50));
        Assert.Empty(await Messages.ReactionsAsync(Channel, [At(0)], Author));
        Assert.Empty(await Messages.ReactionUsersAsync(Channel, At(0), "🔥", default, 100));
    }

    [Fact]
    public async Task Delete_by_author_takes_their_messages_since_a_time()
    {
        foreach (var day in new[] { -20.0, -3, -2, -1 }) await Messages.AppendAsync(Row(At(day), "x"));
        await Messages.AppendAsync(Row(At(-1, 5), "x") with { AuthorId = Stranger });
        await Messages.AppendAsync(Row(At(-1, 6), "x") with { ChannelId = Other });
        var deleted = await Messages.DeleteByAuthorAsync([Channel, Other, new(1002)], Author, Start - TimeSpan.FromDays(2));
        Assert.Equal([Channel, Other], deleted.Keys.Order());
        Assert.Equal([At(-2), At(-1)], deleted[Channel]);
        Assert.Equal([At(-1, 6)], deleted[Other]);
        Assert.Equal([At(-1, 5), At(-3), At(-20)], Ids(await Messages.PageAsync(Channel, MessagePage.Latest(50))));
    }

    [Fact]
    public async Task Delete_channel_leaves_nothing_of_it_and_all_of_others()
    {
        await Task.WhenAll(Enumerable.Range(0, 1200).Select(i => Messages.AppendAsync(Row(At(-i / 24.0), "x")).AsTask()));
        await Messages.PinAsync(Channel, At(0), Start);
        await Messages.AddReactionAsync(Channel, At(0), "🔥", Author);
        await Messages.DeleteAsync(Channel, [At(-1 / 24.0)]);
        await Messages.AppendAsync(Row(At(0), "x") with { ChannelId = Other });
        await Messages.DeleteChannelAsync(Channel);
        Assert.Empty(await Messages.PageAsync(Channel, MessagePage.Latest(100)));
        Assert.Empty(await Messages.PinsAsync(Channel, null, 50));
        Assert.Empty(await Messages.ReactionsAsync(Channel, [At(0)], Author));
        Assert.Equal([Other], (await Messages.LatestIdAsync([Channel, Other])).Keys);
        Assert.Single(await Messages.PageAsync(Other, MessagePage.Latest(100)));
    }

    [Fact]
    public async Task Trim_tombstones_removes_old_ones_and_no_message()
    {
        await Messages.AppendAsync(Row(At(-1), "kept"));
        await Messages.AppendAsync(Row(At(0), "gone"));
        await Messages.DeleteAsync(Channel, [At(0)]);
        Time.Advance(TimeSpan.FromDays(2));
        await Messages.AppendAsync(Row(At(1), "gone later"));
        await Messages.DeleteAsync(Channel, [At(1)]);
        Assert.Equal(1, await Messages.TrimTombstonesAsync(Start + TimeSpan.FromDays(1)));
        Assert.Equal(0, await Messages.TrimTombstonesAsync(Start + TimeSpan.FromDays(1)));
        Assert.Equal([At(-1)], Ids(await Messages.PageAsync(Channel, MessagePage.Latest(50))));
    }

    [Fact]
    public async Task Latest_id_of_many_channels_tells_the_last_message_even_deleted()
    {
        await Messages.AppendAsync(Row(At(-40), "x"));
        await Messages.AppendAsync(Row(At(0), "x"));
        await Messages.DeleteAsync(Channel, [At(0)]);
        await Messages.AppendAsync(Row(At(-90), "x") with { ChannelId = Other });
        var latest = await Messages.LatestIdAsync([.. Enumerable.Range(1000, 500).Select(i => new Snowflake((ulong)i))]);
        Assert.Equal(2, latest.Count);
        Assert.Equal((At(0), At(-90)), (latest[Channel], latest[Other]));
        Assert.Empty(await Messages.LatestIdAsync([]));
    }

    [Fact]
    public async Task Page_after_is_the_page_next_to_the_anchor_newest_first()
    {
        for (var day = -50; day <= 0; day++) await Messages.AppendAsync(Row(At(day), "x"));
        Assert.Equal([At(-47), At(-48), At(-49)], Ids(await Messages.PageAsync(Channel, MessagePage.After(At(-50), 3))));
        Assert.Equal([At(-48), At(-49), At(-50)], Ids(await Messages.PageAsync(Channel, MessagePage.After(Snowflake.None, 3))));
        Assert.Empty(await Messages.PageAsync(Channel, MessagePage.After(At(0), 3)));
        Assert.Empty(await Messages.PageAsync(Channel, MessagePage.After(Snowflake.MaxValue, 3)));
    }

    [Fact]
    public async Task Page_at_the_ends_of_the_id_range_is_right()
    {
        await Messages.AppendAsync(Row(new(1), "first"));
        await Messages.AppendAsync(Row(new(long.MaxValue), "last"));
        Assert.Equal([new(long.MaxValue), new(1)], Ids(await Messages.PageAsync(Channel, MessagePage.Before(Snowflake.MaxValue, 50))));
        Assert.Equal([new(1)], Ids(await Messages.PageAsync(Channel, MessagePage.Before(new(long.MaxValue), 50))));
        Assert.Empty(await Messages.PageAsync(Channel, MessagePage.Before(new(1), 50)));
        Assert.Empty(await Messages.PageAsync(Channel, MessagePage.Before(Snowflake.None, 50)));
        Assert.Equal([new(long.MaxValue), new(1)], Ids(await Messages.PageAsync(Channel, MessagePage.After(Snowflake.None, 50))));
        Assert.Equal([new(1)], Ids(await Messages.PageAsync(Channel, MessagePage.Around(new(1), 1))));
        Assert.Equal([new(long.MaxValue)], Ids(await Messages.PageAsync(Channel, MessagePage.Around(Snowflake.MaxValue, 1))));
    }

    [Fact]
    public void Page_outside_its_limits_is_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => MessagePage.Latest(0));
        Assert.Throws<ArgumentOutOfRangeException>(() => MessagePage.Before(At(0), 101));
        Assert.Throws<ArgumentException>(() => { _ = Messages.PageAsync(Channel, default).AsTask(); });
    }

    /// <summary>
    /// Random ids over a year (36 buckets, many of them empty), some deleted; every kind of page from every kind of anchor equals the
    /// model's.
    /// </summary>
    [Fact]
    public void Page_of_random_messages_equals_a_naive_model()
    {
        var channels = 10_000UL;
        var minutes = Gen.Choose(0, 365 * 24 * 60);
        var clusters = Gen.SelectMany(Gen.ListOf(minutes, 5), starts => Gen.ListOf(
            Gen.SelectMany(Gen.Elements<int>([.. starts]), start => Gen.Select(Gen.Choose(0, 600), offset => start + offset)), 60));
        var cases =
            from sent in clusters
            from deleted in Gen.SubListOf(sent.ToArray())
            from anchors in Gen.ListOf(Gen.OneOf(minutes, Gen.Elements<int>([.. sent])), 8)
            from limit in Gen.OneOf(Gen.Choose(1, 100), Gen.Choose(1, 7))
            select (Sent: sent.ToArray(), Deleted: deleted.Where((_, i) => i % 3 == 0).ToArray(), Anchors: anchors.ToArray(), Limit: limit);
        Prop.ForAll(Arb.From(cases), c =>
        {
            var channel = new Snowflake(Interlocked.Increment(ref channels));
            CheckPagesAsync(channel, c.Sent, c.Deleted, c.Anchors, c.Limit).GetAwaiter().GetResult();
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(60));
    }

    private async Task CheckPagesAsync(Snowflake channel, int[] sent, int[] deleted, int[] anchors, int limit)
    {
        static Snowflake Id(int minute) => At(minute / (24.0 * 60) - 365);
        await Task.WhenAll(sent.Select(m => Messages.AppendAsync(Row(Id(m), "x") with { ChannelId = channel }).AsTask()));
        await Messages.DeleteAsync(channel, [.. deleted.Select(Id)]);
        var model = sent.Except(deleted).Select(Id).Distinct().OrderDescending().ToArray();

        Assert.Equal(model.Take(limit), Ids(await Messages.PageAsync(channel, MessagePage.Latest(limit))));
        foreach (var anchor in anchors.Select(Id))
        {
            Assert.Equal(model.Where(m => m < anchor).Take(limit), Ids(await Messages.PageAsync(channel, MessagePage.Before(anchor,
                limit))));
            Assert.Equal(model.Where(m => m > anchor).TakeLast(limit), Ids(await Messages.PageAsync(channel, MessagePage.After(anchor,
                limit))));
            Assert.Equal(
                model.Where(m => m > anchor).TakeLast(limit / 2).Concat(model.Where(m => m <= anchor).Take(limit - limit / 2)),
                Ids(await Messages.PageAsync(channel, MessagePage.Around(anchor, limit))));
        }

        // Walking the whole channel page by page sees each message once, in both directions.
        var down = new List<Snowflake>();
        for (var page = await Messages.PageAsync(channel, MessagePage.Latest(limit)); page.Count > 0;
            page = await Messages.PageAsync(channel, MessagePage.Before(page[^1].Id, limit)))
            down.AddRange(Ids(page));
        Assert.Equal(model, down);
        var up = new List<Snowflake>();
        for (var page = await Messages.PageAsync(channel, MessagePage.After(default, limit)); page.Count > 0;
            page = await Messages.PageAsync(channel, MessagePage.After(page[0].Id, limit)))
            up.InsertRange(0, Ids(page));
        Assert.Equal(model, up);
    }

    [Fact]
    public async Task Pins_are_listed_newest_pin_first_before_a_time()
    {
        for (var i = 0; i < 4; i++)
        {
            await Messages.AppendAsync(Row(At(-i), "x"));
            Assert.True(await Messages.PinAsync(Channel, At(-i), Start + TimeSpan.FromMinutes(i)));
        }
        Assert.False(await Messages.PinAsync(Channel, At(0), Start + TimeSpan.FromDays(1)));
        Assert.False(await Messages.PinAsync(Channel, At(5), Start));
        Assert.False(await Messages.PinAsync(Other, At(0), Start));
        Assert.Equal(4, await Messages.PinCountAsync(Channel));
        var pins = await Messages.PinsAsync(Channel, Start + TimeSpan.FromMinutes(3), 2);
        Assert.Equal([new PinRow(At(-2), Start + TimeSpan.FromMinutes(2)), new PinRow(At(-1), Start + TimeSpan.FromMinutes(1))], pins);
        Assert.True(await Messages.UnpinAsync(Channel, At(-2)));
        Assert.False(await Messages.UnpinAsync(Channel, At(-2)));
        Assert.Equal([At(-3), At(-1), At(0)], (await Messages.PinsAsync(Channel, null, 50)).Select(p => p.MessageId));
        Assert.Equal(0, await Messages.PinCountAsync(Other));
    }

    [Fact]
    public async Task Reactions_come_in_the_order_of_first_use_with_counts_and_me()
    {
        await Messages.AppendAsync(Row(At(0), "x"));
        Assert.True(await Messages.AddReactionAsync(Channel, At(0), "z:1", Stranger));
        Assert.True(await Messages.AddReactionAsync(Channel, At(0), "🔥", Stranger, burst: true));
        Assert.True(await Messages.AddReactionAsync(Channel, At(0), "🔥", Author));
        Assert.True(await Messages.AddReactionAsync(Channel, At(0), "a", Author));
        Assert.False(await Messages.AddReactionAsync(Channel, At(0), "a", Author));
        Assert.Equal(
            [new("z:1", 1, 0, false, false), new("🔥", 2, 1, true, false), new("a", 1, 0, true, false)],
            (await Messages.ReactionsAsync(Channel, [At(0)], Author))[At(0)]);
        Assert.Equal(new ReactionCount("🔥", 2, 1, false, true), (await Messages.ReactionsAsync(Channel, [At(0)], Stranger))[At(0)][1]);
    }

    [Fact]
    public async Task Who_reacted_is_told_for_the_newest_messages_up_to_a_number_of_reactions()
    {
        for (var i = 0; i < 4; i++) await Messages.AppendAsync(Row(At(i), "x"));
        await Messages.AddReactionAsync(Channel, At(0), "z:1", Stranger);
        await Messages.AddReactionAsync(Channel, At(2), "z:1", Stranger);
        await Messages.AddReactionAsync(Channel, At(2), "🔥", Stranger, burst: true);
        await Messages.AddReactionAsync(Channel, At(2), "a", Author);
        await Messages.AddReactionAsync(Channel, At(2), "🔥", Author);
        await Messages.AddReactionAsync(Channel, At(3), "a", Author);
        var told = await Messages.WhoReactedAsync(Channel, [At(0), At(1), At(2), At(3)], 5);
        Assert.Equal([At(0), At(2), At(3)], told.Keys.Order());
        Assert.Null(told[At(0)]);
        Assert.Equal([new("a", 1, 0, true, false)], told[At(3)]!.For(Author));
        foreach (var viewer in new[] { Author, Stranger, new(1) })
            Assert.Equal((await Messages.ReactionsAsync(Channel, [At(2)], viewer))[At(2)], told[At(2)]!.For(viewer));
        Assert.Equal((true, false), (told[At(2)]!.Has(Stranger), told[At(3)]!.Has(Stranger)));
        Assert.Empty(await Messages.WhoReactedAsync(Channel, [At(1)], 5));
        Assert.Empty(await Messages.WhoReactedAsync(Channel, [], 5));
    }

    /// <summary>Changes by the value itself come to what a store makes of the same changes.</summary>
    [Fact]
    public async Task Who_reacted_follows_changes_as_the_store_does()
    {
        await Messages.AppendAsync(Row(At(0), "x"));
        var random = new Random(7);
        var followed = MessageReactions.None;
        for (var i = 0; i < 60; i++)
        {
            var emoji = ((char)('a' + random.Next(3))).ToString();
            var (user, burst) = (new Snowflake((ulong)random.Next(1, 5)), random.Next(3) == 0);
            switch (random.Next(8))
            {
                case < 5:
                    await Messages.AddReactionAsync(Channel, At(0), emoji, user, burst);
                    followed = followed.With(emoji, user, burst);
                    break;
                case < 7:
                    await Messages.RemoveReactionAsync(Channel, At(0), emoji, user);
                    followed = followed.Without(emoji, user);
                    break;
                default:
                    await Messages.RemoveReactionsAsync(Channel, At(0), emoji);
                    followed = followed.Without(emoji);
                    break;
            }
            var stored = (await Messages.WhoReactedAsync(Channel, [At(0)], 100)).GetValueOrDefault(At(0), MessageReactions.None)!;
            for (var viewer = 1UL; viewer < 6; viewer++)
            {
                Assert.Equal(stored.For(new(viewer)), followed.For(new(viewer)));
                Assert.Equal(stored.Has(new(viewer)), followed.Has(new(viewer)));
            }
            Assert.Equal((stored.Count, stored.Bytes), (followed.Count, followed.Bytes));
        }
    }

    [Fact]
    public async Task Reaction_to_a_message_that_is_not_there_is_not_added()
    {
        Assert.False(await Messages.AddReactionAsync(Channel, At(0), "a", Author));
        await Messages.AppendAsync(Row(At(0), "x"));
        await Messages.DeleteAsync(Channel, [At(0)]);
        Assert.False(await Messages.AddReactionAsync(Channel, At(0), "a", Author));
        Assert.Empty(await Messages.ReactionsAsync(Channel, [At(0)], Author));
    }

    [Fact]
    public async Task Removed_reactions_are_not_counted_and_come_last_when_added_again()
    {
        await Messages.AppendAsync(Row(At(0), "x"));
        foreach (var emoji in new[] { "a", "b" }) await Messages.AddReactionAsync(Channel, At(0), emoji, Author);
        Assert.True(await Messages.RemoveReactionAsync(Channel, At(0), "a", Author));
        Assert.False(await Messages.RemoveReactionAsync(Channel, At(0), "a", Author));
        Assert.Equal(["b"], (await Messages.ReactionsAsync(Channel, [At(0)], Author))[At(0)].Select(r => r.Emoji));
        await Messages.AddReactionAsync(Channel, At(0), "a", Author);
        Assert.Equal(["b", "a"], (await Messages.ReactionsAsync(Channel, [At(0)], Author))[At(0)].Select(r => r.Emoji));
        await Messages.AddReactionAsync(Channel, At(0), "a", Stranger);
        Assert.Equal(2, await Messages.RemoveReactionsAsync(Channel, At(0), "a"));
        Assert.Equal(1, await Messages.RemoveReactionsAsync(Channel, At(0)));
        Assert.Equal(0, await Messages.RemoveReactionsAsync(Channel, At(0)));
        Assert.Empty(await Messages.ReactionsAsync(Channel, [At(0)], Author));
    }

    [Fact]
    public async Task Reaction_users_are_paged_ascending()
    {
        await Messages.AppendAsync(Row(At(0), "x"));
        foreach (var user in new ulong[] { 30, 10, 20, 40 })
            await Messages.AddReactionAsync(Channel, At(0), "a", new(user), burst: user == 20);
        Assert.Equal([new(10), new(20)], await Messages.ReactionUsersAsync(Channel, At(0), "a", default, 2));
        Assert.Equal([new(30), new(40)], await Messages.ReactionUsersAsync(Channel, At(0), "a", new(20), 2));
        Assert.Equal([new(20)], await Messages.ReactionUsersAsync(Channel, At(0), "a", default, 10, burst: true));
        Assert.Equal([new(10), new(30), new(40)], await Messages.ReactionUsersAsync(Channel, At(0), "a", default, 10, burst: false));
        Assert.Empty(await Messages.ReactionUsersAsync(Channel, At(0), "a", Snowflake.MaxValue, 10));
    }

    /// <summary>Any set of messages asked for, with reactions on any others between them.</summary>
    [Fact]
    public void Reactions_of_scattered_messages_equal_a_naive_model()
    {
        var channels = 20_000UL;
        var cases =
            from reacted in Gen.ListOf(Gen.Choose(0, 40), 20)
            from asked in Gen.NonEmptyListOf(Gen.Choose(0, 40))
            select (Reacted: reacted.ToArray(), Asked: asked.ToArray());
        Prop.ForAll(Arb.From(cases), c =>
        {
            var channel = new Snowflake(Interlocked.Increment(ref channels));
            CheckReactionsAsync(channel, c.Reacted, c.Asked).GetAwaiter().GetResult();
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(30));
    }

    private async Task CheckReactionsAsync(Snowflake channel, int[] reacted, int[] asked)
    {
        await Task.WhenAll(Enumerable.Range(0, 41).Select(i => Messages.AppendAsync(Row(At(i),
            "x") with
        { ChannelId = channel }).AsTask()));
        var user = 1UL;
        foreach (var message in reacted) await Messages.AddReactionAsync(channel, At(message), "a", new(user++));
        var answer = await Messages.ReactionsAsync(channel, [.. asked.Select(a => At(a))], Author);
        var expected = asked.Distinct().Where(reacted.Contains).ToDictionary(a => At(a), a => reacted.Count(r => r == a));
        Assert.Equal(expected.OrderBy(e => e.Key), answer.Select(a => KeyValuePair.Create(a.Key,
            Assert.Single(a.Value).Count)).OrderBy(e => e.Key));
    }

    private static MessageRow Row(Snowflake id, string body) => new(Channel, id, Author, Utf8(body));

    private static IEnumerable<Snowflake> Ids(IEnumerable<MessageRow> rows) => rows.Select(r => r.Id);
}
