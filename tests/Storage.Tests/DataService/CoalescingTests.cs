using Discord.Protocol;
using Discord.Storage.DataService;

namespace Discord.Storage.Tests.DataService;

public sealed class CoalescingTests
{
    private static readonly Snowflake Channel = new(1000);
    private readonly ScriptedStore _store = new();

    [Fact]
    public async Task Identical_reads_in_flight_are_one_query()
    {
        var service = Service();
        var page = MessagePage.Before(new Snowflake(50), 10);
        var reads = Enumerable.Range(0, 10_000).Select(_ => service.PageAsync(Channel, page, default).AsTask()).ToList();
        var other = service.PageAsync(Channel, MessagePage.Before(new Snowflake(50), 11), default).AsTask();
        var elsewhere = service.PageAsync(new Snowflake(2000), page, default).AsTask();
        Assert.Equal(3, _store.Calls);
        Assert.Single((await AnsweredAsync(Task.WhenAll(reads))).Distinct());
        await AnsweredAsync(Task.WhenAll(other, elsewhere));
        Assert.Equal(3, _store.Calls);
    }

    [Fact]
    public async Task Latest_pages_of_any_length_share_the_query_that_fills_the_tail()
    {
        _store.Automatic = true;
        var service = Service();
        for (var id = 1UL; id <= 120; id++) await _store.AppendAsync(ScriptedStore.Row(Channel, new(id), "x"), default);
        _store.Automatic = false;
        var before = _store.Calls;
        var reads = Enumerable.Range(1, 100)
            .Select(limit => service.PageAsync(Channel, MessagePage.Latest(limit), default).AsTask()).ToList();
        var pages = await AnsweredAsync(Task.WhenAll(reads));
        for (var limit = 1; limit <= 100; limit++) Assert.Equal((limit, new(120)), (pages[limit - 1].Count, pages[limit - 1][0].Id));
        // The page, and the newest id.
        Assert.Equal(2, _store.Calls - before);
        Assert.Equal(new Snowflake(21), (await service.PageAsync(Channel, MessagePage.Around(new(25), 9), default))[^1].Id);
        Assert.Equal(2, _store.Calls - before);
    }

    [Fact]
    public async Task Hot_channel_that_is_written_all_the_time_costs_its_readers_one_query()
    {
        _store.Automatic = true;
        var service = Service();
        await service.PageAsync(Channel, MessagePage.Latest(50), default);
        var before = _store.Calls;
        for (var write = 1UL; write <= 100; write++)
        {
            await service.AppendAsync(ScriptedStore.Row(Channel, new(write), "x"), default);
            var pages = await Task.WhenAll(Enumerable.Range(0, 100)
                .Select(_ => service.PageAsync(Channel, MessagePage.Latest(50), default).AsTask()));
            Assert.All(pages, page => Assert.Equal(new(write), page[0].Id));
        }
        // The writes themselves, and nothing else.
        Assert.Equal(100, _store.Calls - before);
    }

    [Fact]
    public async Task Cancelling_one_reader_leaves_the_query_to_the_others()
    {
        var service = Service();
        using var impatient = new CancellationTokenSource();
        var first = service.GetAsync(Channel, new(1), impatient.Token).AsTask();
        var second = service.GetAsync(Channel, new(1), default).AsTask();
        await impatient.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
        Assert.Single(_store.Pending);
        Assert.Null(await AnsweredAsync(second));
        using var gone = new CancellationTokenSource();
        await gone.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await service.GetAsync(Channel, new(1), gone.Token));
    }

    [Fact]
    public async Task Error_goes_to_all_who_wait_and_is_not_kept()
    {
        var service = Service();
        var reads = Enumerable.Range(0, 3).Select(_ => service.GetAsync(Channel, new(1), default).AsTask()).ToList();
        _store.Pending[0].Fail(new StorageException(StorageError.Io, "scripted"));
        foreach (var read in reads) Assert.Equal(StorageError.Io, (await Assert.ThrowsAsync<StorageException>(() => read)).Error);
        var later = service.GetAsync(Channel, new(1), default).AsTask();
        Assert.Null(await AnsweredAsync(later));
        Assert.Equal(2, _store.Calls);
    }

    [Fact]
    public async Task Reader_after_a_write_waits_for_a_query_of_its_own_and_shares_it()
    {
        var service = Service();
        var early = service.GetAsync(Channel, new(1), default).AsTask();
        _store.Pending[0].TakeEffect();
        var append = service.AppendAsync(ScriptedStore.Row(Channel, new(1), "x"), default).AsTask();
        _store.Pending[1].Answer();
        await append;
        var late = Enumerable.Range(0, 100).Select(_ => service.GetAsync(Channel, new(1), default).AsTask()).ToList();
        // Not two at a time of the same question.
        Assert.Single(_store.Pending);
        Assert.All(await AnsweredAsync(Task.WhenAll(late)), row => Assert.NotNull(row));
        Assert.Null(await early);
        Assert.Equal(3, _store.Calls);
    }

    [Fact]
    public async Task Answer_is_kept_until_something_it_depends_on_is_written()
    {
        _store.Automatic = true;
        var service = Service();
        await service.AppendAsync(ScriptedStore.Row(Channel, new(5), "x"), default);
        Assert.Equal(1, await Queries(() => service.PinsAsync(Channel, null, 50, default).AsTask()));
        Assert.Equal(0, await Queries(() => service.PinsAsync(Channel, null, 50, default).AsTask()));
        Assert.Equal(1, await Queries(() => service.ReactionsAsync(Channel, [new(5)], new(9), default).AsTask()));
        Assert.Equal(0, await Queries(() => service.ReactionsAsync(Channel, [new(5)], new(9), default).AsTask()));
        Assert.Equal(1, await Queries(() => service.ReactionsAsync(Channel, [new(5)], new(8), default).AsTask()));
        Assert.Equal(1, await Queries(WhoReacted));
        Assert.Equal(0, await Queries(WhoReacted));
        Assert.Equal(1, await Queries(OldPage));
        Assert.Equal(0, await Queries(OldPage));
        await service.AppendAsync(ScriptedStore.Row(Channel, new(6), "x"), default);
        Assert.Equal(0, await Queries(() => service.PinsAsync(Channel, null, 50, default).AsTask()));
        Assert.Equal(0, await Queries(OldPage));
        await service.PinAsync(Channel, new(5), default, default);
        Assert.Equal(1, await Queries(() => service.PinsAsync(Channel, null, 50, default).AsTask()));
        Assert.Equal(0, await Queries(() => service.ReactionsAsync(Channel, [new(5)], new(9), default).AsTask()));
        await service.AddReactionAsync(Channel, new(6), "x", new(9), false, default);
        Assert.Equal(0, await Queries(WhoReacted));
        Assert.Equal(0, await Queries(() => service.ReactionsAsync(Channel, [new(5)], new(9), default).AsTask()));
        await service.AddReactionAsync(Channel, new(5), "x", new(9), false, default);
        Assert.Equal(1, await Queries(WhoReacted));
        Assert.Equal(1, await Queries(() => service.ReactionsAsync(Channel, [new(5)], new(9), default).AsTask()));
        await service.DeleteAsync(Channel, [new(5)], default);
        Assert.Equal(1, await Queries(() => service.PinsAsync(Channel, null, 50, default).AsTask()));
        Assert.Equal(1, await Queries(() => service.ReactionsAsync(Channel, [new(5)], new(9), default).AsTask()));
        Assert.Equal(1, await Queries(OldPage));

        Task WhoReacted() => service.WhoReactedAsync(Channel, [new(5)], 100, default).AsTask();

        Task OldPage() => service.PageAsync(Channel, MessagePage.Before(new(6), 50), default).AsTask();

        async Task<int> Queries(Func<Task> read)
        {
            var before = _store.Calls;
            await read();
            return _store.Calls - before;
        }
    }

    [Fact]
    public async Task Channel_deleted_while_its_tail_is_read_does_not_come_back_by_a_write_that_ended_before()
    {
        var service = Service(new DataServiceOptions { AnswerInline = true });
        var first = service.AppendAsync(ScriptedStore.Row(Channel, new(4), "first"), default).AsTask();
        _store.Pending[0].Answer();
        await first;
        var again = service.AppendAsync(ScriptedStore.Row(Channel, new(4), "again"), default).AsTask();
        var read = service.PageAsync(Channel, MessagePage.Latest(4), default).AsTask();
        _store.Pending[0].Answer();
        await again;
        var deletion = service.DeleteChannelAsync(Channel, default).AsTask();
        _store.Pending.Single(call => call.Name == "delete-channel").TakeEffect();
        _store.Pending.Single(call => call.Name == "page").Answer();
        _store.Pending.Single(call => call.Name == "latest-id").Answer();
        Assert.Empty(await read);
        var later = service.PageAsync(Channel, MessagePage.Latest(4), default).AsTask();
        Assert.False(later.IsCompleted);
        Assert.Empty(await AnsweredAsync(later));
        await deletion;
    }

    [Fact]
    public async Task Without_coalescing_every_reader_asks()
    {
        var service = Service(new DataServiceOptions
        {
            Coalesce = false,
            CacheBytes = 0,
            PartitionConcurrency = 1_000,
            Concurrency = 1_000,
        });
        var reads = Enumerable.Range(0, 1_000).Select(_ => service.PageAsync(Channel, MessagePage.Latest(50), default).AsTask()).ToList();
        Assert.Equal(1_000, _store.Calls);
        await AnsweredAsync(Task.WhenAll(reads));
    }

    [Fact]
    public async Task Memory_is_bounded_and_the_least_used_channels_give_it()
    {
        _store.Automatic = true;
        var service = Service(new DataServiceOptions { CacheBytes = 64 * 1024 });
        for (var i = 1UL; i <= 100; i++) await _store.AppendAsync(ScriptedStore.Row(Channel, new(i), new string('x', 100)), default);
        for (var channel = 1UL; channel <= 50; channel++)
        {
            await service.PageAsync(new(channel), MessagePage.Latest(100), default);
            // The first is read again and again, and stays.
            var before = _store.Calls;
            await service.PageAsync(new(1), MessagePage.Latest(100), default);
            Assert.Equal(before, _store.Calls);
            Assert.InRange(service.CachedBytes, 1, 64 * 1024);
        }
    }

    [Fact]
    public void Channel_that_was_given_up_takes_nobody_any_more()
    {
        var channels = new HotChannels(new DataServiceOptions { CacheBytes = 0 });
        var channel = channels.Rent(Channel);
        channels.Return(channel);
        Assert.False(channel.TryRent());
        Assert.NotSame(channel, channels.Rent(Channel));
    }

    private DataServiceMessageStore Service(DataServiceOptions? options = null) => new(_store, options ?? new DataServiceOptions());

    // Answers what waits, and what comes when that is answered.
    private async Task<T> AnsweredAsync<T>(Task<T> reads)
    {
        while (true)
        {
            Assert.True(SpinWait.SpinUntil(() => reads.IsCompleted || _store.IsWaiting, TimeSpan.FromSeconds(30)));
            if (reads.IsCompleted) return await reads;
            _store.Pending[0].Answer();
        }
    }
}
