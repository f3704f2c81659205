using Discord.Protocol;
using Discord.Storage.DataService;

namespace Discord.Storage.Tests.DataService;

/// <summary>The store is gone for a while.</summary>
public sealed class OutageTests
{
    private static readonly Snowflake Channel = new(1000);
    private static readonly StorageException Gone = new(StorageError.Io, "scripted outage");

    private readonly ScriptedStore _store = new() { Automatic = true };
    private readonly ManualTime _time = new(DateTimeOffset.UnixEpoch);
    private readonly DataServiceMessageStore _service;

    public OutageTests() =>
        _service = new DataServiceMessageStore(_store, new DataServiceOptions { TailMessages = 10, Time = _time, AnswerInline = true });

    [Fact]
    public async Task Pages_in_memory_are_answered_and_everything_else_fails_with_the_stores_error()
    {
        await FillAsync();
        _store.Outage = Gone;
        var asked = _store.Calls;
        Assert.Equal(10, (await _service.PageAsync(Channel, MessagePage.Latest(10), default)).Count);
        Assert.Equal(3, (await _service.PageAsync(Channel, MessagePage.Around(new(15), 3), default)).Count);
        Assert.NotNull(await _service.GetAsync(Channel, new(20), default));
        Assert.Equal(asked, _store.Calls);
        await Fails(() => _service.PageAsync(Channel, MessagePage.Before(new(5), 10), default).AsTask());
        await Fails(() => _service.PageAsync(new(2000), MessagePage.Latest(10), default).AsTask());
        await Fails(() => _service.AppendAsync(ScriptedStore.Row(Channel, new(21), "x"), default).AsTask());
        _store.Outage = null;
        Assert.Equal(4, (await _service.PageAsync(Channel, MessagePage.Before(new(5), 10), default)).Count);
    }

    [Fact]
    public async Task Page_of_a_channel_whose_writes_fail_is_asked_for_first_and_answered_from_memory_while_the_store_is_gone()
    {
        await FillAsync();
        _store.Outage = Gone;
        await Fails(() => _service.AppendAsync(ScriptedStore.Row(Channel, new(21), "x"), default).AsTask());
        var asked = _store.Calls;
        for (var read = 0; read < 100; read++) Assert.Equal(new(20), (await NewestAsync()).Id);
        // One reader asked (the page and the newest id); the others were answered without.
        Assert.Equal(2, _store.Calls - asked);
        _time.Advance(TimeSpan.FromSeconds(1));
        for (var read = 0; read < 100; read++) Assert.Equal(new(20), (await NewestAsync()).Id);
        Assert.Equal(4, _store.Calls - asked);
    }

    [Fact]
    public async Task Write_that_failed_and_was_done_is_seen_by_the_first_read_that_the_store_answers()
    {
        await FillAsync();
        _store.Automatic = false;
        var append = _service.AppendAsync(ScriptedStore.Row(Channel, new(21), "x"), default).AsTask();
        var call = Assert.Single(_store.Pending);
        call.TakeEffect();
        call.Fail(Gone);
        await Fails(() => append);
        _store.Automatic = true;
        Assert.Equal(new(21), (await NewestAsync()).Id);
    }

    [Fact]
    public async Task Write_that_is_done_long_after_it_failed_is_seen_while_it_is_in_doubt()
    {
        await FillAsync();
        var call = await FailedAppendAsync();
        _time.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal(new(20), (await NewestAsync()).Id);
        call.TakeEffect();
        Assert.Equal(new(21), (await NewestAsync()).Id);

        // When the doubt is over, memory answers again.
        _time.Advance(TimeSpan.FromSeconds(5));
        await NewestAsync();
        var asked = _store.Calls;
        Assert.Equal(new(21), (await NewestAsync()).Id);
        Assert.Equal(asked, _store.Calls);
    }

    [Fact]
    public async Task Write_that_a_store_had_taken_before_a_long_outage_is_seen_when_it_is_done_after_it()
    {
        await FillAsync();
        var call = await FailedAppendAsync();
        _store.Outage = Gone;
        Assert.Equal(new(20), (await NewestAsync()).Id);
        _time.Advance(TimeSpan.FromMinutes(1));
        _store.Outage = null;
        Assert.Equal(new(20), (await NewestAsync()).Id);
        call.TakeEffect();
        Assert.Equal(new(21), (await NewestAsync()).Id);
    }

    [Fact]
    public async Task Message_that_a_repeated_nonce_confirms_is_not_missing_from_what_memory_answers()
    {
        await FillAsync();
        _store.Automatic = false;
        var first = _service.AppendOnceAsync(ScriptedStore.Row(Channel, new(21), "x"), "n", default, default).AsTask();
        var call = Assert.Single(_store.Pending);
        call.TakeEffect();
        call.Fail(Gone);
        await Fails(() => first);
        _store.Automatic = true;
        Assert.Equal(new(21), await _service.AppendOnceAsync(ScriptedStore.Row(Channel, new(22), "x"), "n", default, default));
        _store.Outage = Gone;
        await Fails(() => NewestAsync());
    }

    [Fact]
    public async Task Write_that_was_refused_before_it_reached_the_store_leaves_memory_as_it_is()
    {
        await FillAsync();
        _store.Outage = new StorageException(StorageError.Overloaded, "full");
        await Assert.ThrowsAsync<StorageException>(() => _service.AppendAsync(ScriptedStore.Row(Channel, new(21), "x"), default).AsTask());
        var asked = _store.Calls;
        Assert.Equal(new(20), (await NewestAsync()).Id);
        Assert.Equal(asked, _store.Calls);
    }

    private async Task FillAsync()
    {
        for (var id = 1UL; id <= 20; id++) await _service.AppendAsync(ScriptedStore.Row(Channel, new(id), "x"), default);
        await NewestAsync();
    }

    // The message after those that are there; the store has not carried it out.
    private async Task<ScriptedStore.Call> FailedAppendAsync()
    {
        _store.Automatic = false;
        var append = _service.AppendAsync(ScriptedStore.Row(Channel, new(21), "x"), default).AsTask();
        var call = Assert.Single(_store.Pending);
        call.Fail(Gone);
        await Fails(() => append);
        _store.Automatic = true;
        return call;
    }

    private async Task<MessageRow> NewestAsync() => (await _service.PageAsync(Channel, MessagePage.Latest(10), default))[0];

    private static async Task Fails(Func<Task> operation) => Assert.Same(Gone, await Assert.ThrowsAsync<StorageException>(operation));
}
