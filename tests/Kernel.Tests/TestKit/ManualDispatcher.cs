using System.Collections.Concurrent;

namespace Discord.Kernel.Tests.TestKit;

/// <summary>Gives turns on the thread of the test, first come first served or in the order a random generator chooses.</summary>
internal sealed class ManualDispatcher(Random? random = null) : ActorDispatcher
{
    private readonly ConcurrentQueue<ActorCell> _arrived = new();
    private readonly List<ActorCell> _waiting = [];

    public int Turns { get; private set; }

    public override void Schedule(ActorCell cell, bool yielding) => _arrived.Enqueue(cell);

    /// <summary>Gives one turn. False when nobody waits for one.</summary>
    public bool RunOne()
    {
        while (_arrived.TryDequeue(out var arrived))
        {
            Assert.DoesNotContain(arrived, _waiting);
            _waiting.Add(arrived);
        }
        if (_waiting.Count == 0) return false;
        var index = random?.Next(_waiting.Count) ?? 0;
        var cell = _waiting[index];
        _waiting.RemoveAt(index);
        Turns++;
        ((IThreadPoolWorkItem)cell).Execute();
        return true;
    }

    public void Run()
    {
        for (var turns = 0; RunOne(); turns++) Assert.True(turns < 1_000_000, "the actors do not come to rest");
    }
}
