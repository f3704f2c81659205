using Discord.Protocol;
using Discord.Storage.DataService;

namespace Discord.Storage.Tests.DataService;

public sealed class ReadGateTests
{
    private static readonly Partition Hot = new(new Snowflake(1), 5);
    private static readonly Partition Cold = new(new Snowflake(1), 4);

    [Fact]
    public void Partition_that_is_full_waits_and_leaves_others_their_places()
    {
        var gate = new ReadGate(perPartition: 2, overall: 4, maxWaiting: 10, inline: true);
        var hot = Enumerable.Range(0, 6).Select(_ => gate.EnterAsync(Hot).AsTask()).ToList();
        Assert.Equal([true, true, false, false, false, false], hot.Select(turn => turn.IsCompleted));
        var cold = Enumerable.Range(0, 2).Select(_ => gate.EnterAsync(Cold).AsTask()).ToList();
        Assert.All(cold, turn => Assert.True(turn.IsCompleted));
        Assert.Equal(4, gate.Waiting);
        gate.Leave(Hot);
        Assert.Equal([true, true, true, false, false, false], hot.Select(turn => turn.IsCompleted));
        gate.Leave(Cold);
        Assert.Equal(3, hot.Count(turn => turn.IsCompleted));
        for (var i = 0; i < 3; i++) gate.Leave(Hot);
        Assert.All(hot, turn => Assert.True(turn.IsCompleted));
        Assert.Equal(0, gate.Waiting);
    }

    [Fact]
    public void Gate_that_is_full_lets_in_whoever_came_first()
    {
        var gate = new ReadGate(perPartition: 2, overall: 2, maxWaiting: 10, inline: true);
        var turns = Enumerable.Range(0, 5).Select(i => gate.EnterAsync(new Partition(new Snowflake((ulong)i), 0)).AsTask()).ToList();
        for (var done = 0; done < 3; done++)
        {
            Assert.Equal(2 + done, turns.TakeWhile(turn => turn.IsCompleted).Count());
            Assert.Equal(2 + done, turns.Count(turn => turn.IsCompleted));
            gate.Leave(new Partition(new Snowflake((ulong)done), 0));
        }
    }

    [Fact]
    public async Task Gate_with_too_many_waiting_refuses_and_goes_on_afterwards()
    {
        var gate = new ReadGate(perPartition: 1, overall: 1, maxWaiting: 1, inline: true);
        Assert.True(gate.EnterAsync(Hot).AsTask().IsCompleted);
        var waits = gate.EnterAsync(Hot).AsTask();
        Assert.Equal(StorageError.Overloaded, (await Assert.ThrowsAsync<StorageException>(async () => await gate.EnterAsync(Hot))).Error);
        Assert.Equal(StorageError.Overloaded, (await Assert.ThrowsAsync<StorageException>(async () => await gate.EnterAsync(Cold))).Error);
        gate.Leave(Hot);
        Assert.True(waits.IsCompleted);
        gate.Leave(Hot);
        Assert.True(gate.EnterAsync(Cold).AsTask().IsCompleted);
    }

    [Fact]
    public async Task Reads_above_the_bound_fail_as_overloaded_and_the_next_ones_work()
    {
        var store = new ScriptedStore();
        var service = new DataServiceMessageStore(
            store, new DataServiceOptions { PartitionConcurrency = 1, MaxWaiting = 1, AnswerInline = true });
        var first = service.GetAsync(new(1), new(10), default).AsTask();
        var second = service.GetAsync(new(1), new(11), default).AsTask();
        var third = await Assert.ThrowsAsync<StorageException>(() => service.GetAsync(new(1), new(12), default).AsTask());
        Assert.Equal((StorageError.Overloaded, true), (third.Error, third.IsTransient));
        store.Automatic = true;
        store.Pending[0].Answer();
        Assert.Null(await first);
        Assert.Null(await second);
        Assert.Null(await service.GetAsync(new(1), new(12), default));
    }
}
