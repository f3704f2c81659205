using Discord.Protocol;
using Discord.Storage.DataService;

namespace Discord.Storage.Tests.DataService;

/// <summary>What a read from memory and a write may allocate, in bytes; bench/Micro has the speed.</summary>
public sealed class HitBudgetTests
{
    private const int Count = 10_000;
    private static readonly Snowflake Channel = new(1000);

    private readonly ScriptedStore _store = new() { Automatic = true };
    private readonly DataServiceMessageStore _service;

    public HitBudgetTests()
    {
        _service = new DataServiceMessageStore(_store, new DataServiceOptions());
        for (var id = 1UL; id <= 100; id++) _store.AppendAsync(ScriptedStore.Row(Channel, new(id), "x"), default).AsTask().Wait();
        _service.PageAsync(Channel, MessagePage.Latest(100), default).AsTask().Wait();
    }

    [Fact]
    public void Page_from_memory_allocates_its_view_and_nothing_more()
    {
        var bytes = Allocated(() =>
        {
            var read = _service.PageAsync(Channel, MessagePage.Latest(50), default);
            return read.IsCompletedSuccessfully && read.Result.Count == 50;
        });
        // 32 bytes; the rows are the tail's.
        Assert.InRange(bytes, 32, 33);
    }

    [Fact]
    public void Message_from_memory_allocates_nothing()
    {
        var bytes = Allocated(() =>
        {
            var read = _service.GetAsync(Channel, new(50), default);
            return read.IsCompletedSuccessfully && read.Result is not null;
        });
        Assert.InRange(bytes, 0, 1);
    }

    private static double Allocated(Func<bool> isRight)
    {
        var right = 0;
        for (var i = 0; i < Count; i++) right += isRight() ? 1 : 0;
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < Count; i++) right += isRight() ? 1 : 0;
        var bytes = GC.GetAllocatedBytesForCurrentThread() - before;
        Assert.Equal(2 * Count, right);
        return (double)bytes / Count;
    }
}
