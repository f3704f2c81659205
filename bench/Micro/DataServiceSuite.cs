using Discord.Protocol;
using Discord.Storage;
using Discord.Storage.DataService;

namespace Discord.Micro;

/// <summary>What a data service costs and saves: reads from memory, and writes with it and without.</summary>
internal static class DataServiceSuite
{
    private const int Writers = 64;

    public static IEnumerable<MicroCase> Cases()
    {
        yield return new MicroCase("page-hit", "pages", 10_000_000, n => WithStore(new DataServiceOptions(), store => Pages(store, n)));
        yield return new MicroCase(
            "message-hit", "messages", 10_000_000, n => WithStore(new DataServiceOptions(), store => Messages(store, n)));
        yield return new MicroCase(
            "page-sqlite", "pages", 20_000, n => WithStore(new DataServiceOptions { CacheBytes = 0 }, store => Pages(store, n)));
        yield return new MicroCase("append-64", "messages", 100_000, n => WithStore(new DataServiceOptions(), store => Append(store, n)));
        yield return new MicroCase("append-64-sqlite", "messages", 100_000, n => WithStore(null, store => Append(store, n)));
    }

    private static async Task WithStore(DataServiceOptions? options, Func<IMessageStore, Task> run)
    {
        await using var world = await HotWorld.CreateAsync();
        await run(options is null ? world.Sqlite.Messages : (await DataServiceStorage.OpenAsync(world.Sqlite, options)).Messages);
    }

    private static async Task Pages(IMessageStore store, int count)
    {
        for (var i = 0; i < count; i++) await store.PageAsync(HotWorld.Channel, MessagePage.Latest(50));
    }

    private static async Task Messages(IMessageStore store, int count)
    {
        var newest = await store.PageAsync(HotWorld.Channel, MessagePage.Latest(50));
        for (var i = 0; i < count; i++) await store.GetAsync(HotWorld.Channel, newest[25].Id);
    }

    // Into as many channels, each of which has readers.
    private static async Task Append(IMessageStore store, int count)
    {
        await Task.WhenAll(Enumerable.Range(0, Writers).Select(writer => Task.Run(async () =>
        {
            var channel = new Snowflake(5_000 + (ulong)writer);
            await store.PageAsync(channel, MessagePage.Latest(50));
            for (var i = 0; i < count / Writers; i++)
                await store.AppendAsync(HotWorld.Row(channel, HotWorld.IdOf(i)));
        })));
    }
}
