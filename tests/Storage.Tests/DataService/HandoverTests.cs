using System.Collections.Concurrent;
using System.Diagnostics;
using Discord.Protocol;
using Discord.Storage.DataService;
using Discord.Storage.Tests.Sqlite;

namespace Discord.Storage.Tests.DataService;

public sealed class HandoverTests : IDisposable
{
    private static readonly Snowflake Channel = new(1000);
    private static readonly Snowflake Other = new(2000);
    private static readonly MessagePage Page = MessagePage.Latest(10);

    private readonly SqliteFixture _fixture = new();
    private readonly MemoryCache _cache = new();

    public void Dispose() => _fixture.Dispose();

    [Fact]
    public async Task Page_that_was_hot_is_in_memory_after_a_restart_as_the_store_has_it()
    {
        await RunAsync(_cache);
        await using var storage = await OpenAsync(_cache);
        Assert.Equal("3=c 2=edited", Rows(InMemory(storage, Channel)!));
        Assert.Equal("5=x", Rows(InMemory(storage, Other)!));
        Assert.Equal("3=c 2=edited", Rows(await storage.Messages.PageAsync(Channel, Page)));

        // What was deleted before stays deleted, and what is written now is seen.
        await storage.Messages.AppendAsync(ScriptedStore.Row(Channel, new(4), "again"));
        await storage.Messages.AppendAsync(ScriptedStore.Row(Channel, new(9), "new"));
        Assert.Equal("9=new 3=c 2=edited", Rows(await storage.Messages.PageAsync(Channel, Page)));
    }

    [Fact]
    public async Task Start_without_a_cache_ends_the_seal_of_the_one_before()
    {
        await RunAsync(_cache);
        await using (var storage = await OpenAsync(null)) await storage.Messages.UpdateAsync(ScriptedStore.Row(Channel, new(3), "later"));
        await using var next = await OpenAsync(_cache);
        Assert.Null(InMemory(next, Channel));
        Assert.Equal("3=later 2=edited", Rows(await next.Messages.PageAsync(Channel, Page)));
    }

    [Fact]
    public async Task Crash_leaves_nothing_to_take_over()
    {
        await RunAsync(_cache);
        await using (var inner = await _fixture.OpenAsync(TimeProvider.System))
        {
            var crashing = await DataServiceStorage.OpenAsync(inner, new DataServiceOptions(), _cache);
            await crashing.Messages.UpdateAsync(ScriptedStore.Row(Channel, new(3), "later"));
        }
        await using var next = await OpenAsync(_cache);
        Assert.Null(InMemory(next, Channel));
        Assert.Equal("3=later 2=edited", Rows(await next.Messages.PageAsync(Channel, Page)));
    }

    [Fact]
    public async Task Nothing_is_written_after_pages_were_sealed()
    {
        await using var storage = await OpenAsync(_cache);
        await storage.Messages.AppendAsync(ScriptedStore.Row(Channel, new(1), "x"));
        await storage.Messages.PageAsync(Channel, Page);
        Assert.Single(Service(storage).Channels.Seal());
        foreach (var write in new Func<Task>[]
        {
            () => storage.Messages.AppendAsync(ScriptedStore.Row(Channel, new(2), "x")).AsTask(),
            () => storage.Messages.DeleteAsync(Channel, [new(1)]).AsTask(),
            () => storage.Messages.DeleteChannelAsync(Channel).AsTask(),
        })
            Assert.Equal(StorageError.Closed, (await Assert.ThrowsAsync<StorageException>(write)).Error);
        Assert.Single(await storage.Messages.PageAsync(Channel, Page));
    }

    [Theory]
    [InlineData("other bytes")]
    [InlineData("one bit")]
    [InlineData("cut off")]
    [InlineData("another channel's")]
    [InlineData("huge")]
    public async Task What_others_put_into_the_cache_is_not_shown(string garbage)
    {
        await RunAsync(_cache);
        var keys = _cache.Values.Keys.Order().ToList();
        Assert.Equal(2, keys.Count);
        var mine = _cache.Values[keys[0]];
        _cache.Values[keys[0]] = garbage switch
        {
            "other bytes" => [1, 2, 3],
            "one bit" => [.. mine[..^1], (byte)(mine[^1] ^ 1)],
            "cut off" => mine[..^5],
            "huge" => new byte[64 << 20],
            _ => _cache.Values[keys[1]],
        };
        await using var storage = await OpenAsync(_cache);
        Assert.Null(InMemory(storage, Channel));
        Assert.NotNull(InMemory(storage, Other));
        Assert.Equal("3=c 2=edited", Rows(await storage.Messages.PageAsync(Channel, Page)));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Cache_that_is_slow_or_gone_delays_a_start_and_a_stop_by_its_limit_and_no_read_at_all(bool slow)
    {
        await RunAsync(_cache);
        (_cache.IsSlow, _cache.IsGone) = (slow, !slow);
        var started = Stopwatch.GetTimestamp();
        await using (var storage = await OpenAsync(_cache))
        {
            Assert.Null(InMemory(storage, Channel));
            var asked = _cache.Calls;
            Assert.Equal("3=c 2=edited", Rows(await storage.Messages.PageAsync(Channel, Page)));
            await storage.Messages.AppendAsync(ScriptedStore.Row(Channel, new(9), "new"));
            Assert.Equal(asked, _cache.Calls);
        }
        // Twice the limit, and room for a machine that is busy; a call that never ends would take for ever.
        Assert.InRange(Stopwatch.GetElapsedTime(started), TimeSpan.Zero, (2 * Handover.TimeLimit) + TimeSpan.FromSeconds(20));
        (_cache.IsSlow, _cache.IsGone) = (false, false);
        await using var next = await OpenAsync(_cache);
        Assert.Equal("9=new 3=c 2=edited", Rows(await next.Messages.PageAsync(Channel, Page)));
    }

    [Fact]
    public async Task Real_redis_carries_pages_over_a_restart_and_may_end_at_any_time()
    {
        Assert.SkipUnless(RedisServer.IsInstalled, "redis-server is not installed (apt-get install redis-server).");
        await using var redis = await RedisServer.StartAsync();
        await RunAsync(new RedisCache("127.0.0.1", redis.Port));
        await using (var storage = await OpenAsync(new RedisCache("127.0.0.1", redis.Port)))
        {
            Assert.Equal("3=c 2=edited", Rows(InMemory(storage, Channel)!));
            redis.Kill();
            await storage.Messages.AppendAsync(ScriptedStore.Row(Channel, new(9), "new"));
            Assert.Equal("9=new 3=c 2=edited", Rows(await storage.Messages.PageAsync(Channel, Page)));
        }
        await using var next = await OpenAsync(new RedisCache("127.0.0.1", redis.Port));
        Assert.Null(InMemory(next, Channel));
        Assert.Equal("9=new 3=c 2=edited", Rows(await next.Messages.PageAsync(Channel, Page)));
    }

    // A node's life: two channels are written and read, and it stops cleanly.
    private async Task RunAsync(ISharedCache? cache)
    {
        await using var storage = await OpenAsync(cache);
        var messages = storage.Messages;
        for (var id = 1UL; id <= 4; id++) await messages.AppendAsync(ScriptedStore.Row(Channel, new(id), $"{(char)('a' + id - 1)}"));
        await messages.AppendAsync(ScriptedStore.Row(Other, new(5), "x"));
        await messages.PageAsync(Channel, Page);
        await messages.PageAsync(Other, Page);
        await messages.UpdateAsync(ScriptedStore.Row(Channel, new(2), "edited"));
        await messages.DeleteAsync(Channel, [new(4), new(1)]);
    }

    private async Task<DataServiceStorage> OpenAsync(ISharedCache? cache) =>
        await DataServiceStorage.OpenAsync(await _fixture.OpenAsync(TimeProvider.System), new DataServiceOptions(), cache);

    private static DataServiceMessageStore Service(DataServiceStorage storage) => (DataServiceMessageStore)storage.Messages;

    private static TailPage? InMemory(DataServiceStorage storage, Snowflake channel) =>
        Service(storage).Channels.Find(channel)?.TryPage(Page);

    private static string Rows(IEnumerable<MessageRow> rows) => string.Join(" ", rows.Select(row => $"{row.Id}={ScriptedStore.Body(row)}"));

    private sealed class MemoryCache : ISharedCache
    {
        public ConcurrentDictionary<string, byte[]> Values { get; } = [];

        public bool IsSlow { get; set; }

        public bool IsGone { get; set; }

        public int Calls { get; private set; }

        public Task SetAsync(string key, ReadOnlyMemory<byte> value, TimeSpan lifetime) => Answer(() => Values[key] = value.ToArray());

        public Task<ReadOnlyMemory<byte>> GetAsync(string key, int maxBytes) => Answer<ReadOnlyMemory<byte>>(() =>
            Values.TryGetValue(key, out var value) ? value.AsMemory(0, Math.Min(maxBytes, value.Length)) : default);

        // It outlives the storages of a test.
        public ValueTask DisposeAsync() => default;

        private Task<T> Answer<T>(Func<T> answer)
        {
            Calls++;
            return IsSlow ? new TaskCompletionSource<T>().Task
                : IsGone ? Task.FromException<T>(new IOException("scripted")) : Task.FromResult(answer());
        }
    }
}
