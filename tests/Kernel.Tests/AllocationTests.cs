using Discord.Kernel.Tests.TestKit;

namespace Discord.Kernel.Tests;

/// <summary>What messages and actors may allocate, in bytes; bench/Micro has the speed.</summary>
public sealed class AllocationTests
{
    private const int Count = 10_000;

    [Fact]
    public void Message_allocates_its_node_and_nothing_more()
    {
        var run = new NextTurn();
        var system = ActorSystem.Create("test", new ActorSystemOptions { Dispatcher = run });
        run.All();
        var handled = 0;
        var counter = system.ActorOf(Props.Create(() => new Act((_, _) => handled++)));
        var echo = system.ActorOf(Props.Create(() => new Act((act, message) => act.From.Tell(message, act.Me))));
        run.All();
        var message = new object();
        Send(Count);
        var bytes = Allocated(() => Send(Count));
        Assert.Equal(2 * 2 * Count, handled);
        // 3 messages, each of a node of 48 bytes.
        Assert.InRange(bytes / Count, 3 * 48, (3 * 48) + 1);

        void Send(int count)
        {
            for (var i = 0; i < count; i++)
            {
                counter.Tell(message);
                echo.Tell(message, counter);
                run.All();
            }
        }
    }

    [Fact]
    public void Idle_actor_takes_at_most_300_bytes_with_ref_and_context()
    {
        var run = new NextTurn();
        var system = ActorSystem.Create("test", new ActorSystemOptions { Dispatcher = run });
        run.All();
        Props props = Props.Create(() => new Silent());
        Start();
        var bytes = Allocated(Start);
        Assert.Equal(2 * Count, system.Metrics.Actors);
        Assert.InRange(bytes / Count, 100, 300);

        void Start()
        {
            for (var i = 0; i < Count; i++)
            {
                system.ActorOf(props);
                run.All();
            }
        }
    }

    [Fact]
    public void Ask_allocates_at_most_250_bytes()
    {
        var run = new NextTurn();
        var system = ActorSystem.Create("test", new ActorSystemOptions { Dispatcher = run, TimeProvider = new FakeTime() });
        run.All();
        var echo = system.ActorOf(Props.Create(() => new Act((act, message) => act.From.Tell(message))));
        run.All();
        var message = new object();
        Ask();
        Assert.InRange(Allocated(Ask) / Count, 100, 250);

        void Ask()
        {
            for (var i = 0; i < Count; i++)
            {
                var ask = echo.Ask<object>(message);
                run.All();
                Assert.True(ask.IsCompletedSuccessfully);
            }
        }
    }

    private static long Allocated(Action action)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        action();
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }

    private sealed class Silent : UntypedActor
    {
        protected override void OnReceive(object message) => Unhandled(message);
    }

    /// <summary>Gives turns on this thread and allocates nothing.</summary>
    private sealed class NextTurn : ActorDispatcher
    {
        private readonly Queue<ActorCell> _waiting = new(64);

        public override void Schedule(ActorCell cell, bool yielding) => _waiting.Enqueue(cell);

        public void All()
        {
            while (_waiting.TryDequeue(out var cell)) ((IThreadPoolWorkItem)cell).Execute();
        }
    }
}
