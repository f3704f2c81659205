using System.Collections.Concurrent;
using Discord.Kernel.Tests.TestKit;
using FsCheck;
using FsCheck.Fluent;

namespace Discord.Kernel.Tests;

public sealed class P01_P05_MessagesTests
{
    [Fact]
    public async Task P01_Actor_told_by_many_threads_runs_on_one_at_a_time_and_sees_its_own_writes()
    {
        const int Threads = 8, Each = 50_000;
        await using var system = ActorSystem.Create("test");
        var inside = 0;
        var overlaps = 0;
        var count = 0; // not volatile, not interlocked: the kernel must make it so
        var done = new TaskCompletionSource();
        var actor = system.ActorOf(Props.Create(() => new Act((_, _) =>
        {
            if (Interlocked.Exchange(ref inside, 1) != 0) Interlocked.Increment(ref overlaps);
            if (++count == Threads * Each) done.SetResult();
            Volatile.Write(ref inside, 0);
        })).WithDispatcherThroughput(7));
        await Task.WhenAll(Enumerable.Range(0, Threads).Select(_ => Task.Run(() =>
        {
            for (var i = 0; i < Each; i++) actor.Tell(i);
        })));
        await done.Task.WaitAsync(TimeSpan.FromSeconds(20));
        Assert.Equal(0, overlaps);
    }

    [Fact]
    public async Task P01_Actor_with_async_handlers_and_supervision_runs_on_one_thread_at_a_time()
    {
        const int Messages = 2_000;
        await using var system = ActorSystem.Create("test");
        var inside = 0;
        var overlaps = 0;
        var handled = 0;
        var done = new TaskCompletionSource();
        void Enter()
        {
            if (Interlocked.Exchange(ref inside, 1) != 0) Interlocked.Increment(ref overlaps);
            Thread.SpinWait(20);
            Volatile.Write(ref inside, 0);
        }
        var actor = system.ActorOf(Props.Create(() => new Act((act, _) => act.Ctx.RunTask(async () =>
        {
            Enter();
            // Its stop comes back to the decider and the death watch while this handler is under way.
            var child = act.Ctx.ActorOf(Props.Create(() => new Act()));
            child.Tell(new Boom());
            await Task.Yield();
            Enter();
            await Task.Run(() => Thread.SpinWait(100));
            Enter();
            if (++handled == Messages) done.SetResult();
        }))
        {
            Strategy = new OneForOneStrategy(-1, null, _ =>
            {
                Enter();
                return Directive.Stop;
            }),
        }));
        for (var i = 0; i < Messages; i++) actor.Tell(i);
        await done.Task.WaitAsync(TimeSpan.FromSeconds(20));
        Assert.Equal(0, overlaps);
    }

    [Fact]
    public async Task P02_Messages_of_each_sender_arrive_in_order_over_any_number_of_hops()
    {
        const int Senders = 4, Each = 20_000;
        await using var system = ActorSystem.Create("test");
        var last = new int[Senders];
        var swapped = 0;
        var count = 0;
        var done = new TaskCompletionSource();
        var sink = system.ActorOf(Props.Create(() => new Act((_, message) =>
        {
            var (sender, number) = ((int, int))message;
            if (number != ++last[sender]) swapped++;
            if (++count == Senders * Each) done.SetResult();
        })));
        var hop = system.ActorOf(Props.Create(() => new Act((act, message) => sink.Tell(message, act.From))).WithDispatcherThroughput(3));
        await Task.WhenAll(Enumerable.Range(0, Senders).Select(sender => Task.Run(() =>
        {
            for (var i = 1; i <= Each; i++) hop.Tell((sender, i));
        })));
        await done.Task.WaitAsync(TimeSpan.FromSeconds(20));
        Assert.Equal(0, swapped);
        Assert.All(last, number => Assert.Equal(Each, number));
    }

    [Fact]
    public void P03_Busy_actors_alternate_after_exactly_throughput_messages()
    {
        Prop.ForAll(
            Gen.Choose(1, 50).ToArbitrary(), Gen.Choose(0, 300).ToArbitrary(), Gen.Choose(0, 300).ToArbitrary(),
            (throughput, first, second) =>
            {
                var kit = new Kit();
                var log = new List<char>();
                IActorRef New(char name) =>
                    kit.System.ActorOf(Props.Create(() => new Act((_, _) => log.Add(name))).WithDispatcherThroughput(throughput));
                var a = New('a');
                var b = New('b');
                kit.Run();
                for (var i = 0; i < first; i++) a.Tell(i);
                for (var i = 0; i < second; i++) b.Tell(i);
                kit.Run();
                Assert.Equal(Expected(throughput, first, second), new string([.. log]));
            }).QuickCheckThrowOnFailure();

        static string Expected(int throughput, int first, int second)
        {
            var expected = "";
            while (first > 0 || second > 0)
            {
                expected += new string('a', Math.Min(throughput, first)) + new string('b', Math.Min(throughput, second));
                first -= Math.Min(throughput, first);
                second -= Math.Min(throughput, second);
            }
            return expected;
        }
    }

    [Fact]
    public void P03_Idle_actor_is_served_after_one_turn_of_each_busy_actor()
    {
        const int Busy = 10, Throughput = 5;
        var kit = new Kit(options => options.Throughput = Throughput);
        var handledByOthers = 0;
        // They tell themselves: they never come to rest while the idle actor waits.
        var over = false;
        var busy = Enumerable.Range(0, Busy).Select(_ => kit.Start(() => new Act((act, message) =>
        {
            handledByOthers++;
            if (over) return;
            act.Me.Tell(message);
        }))).ToList();
        var servedAfter = -1;
        var idle = kit.Start(() => new Act((_, _) =>
        {
            servedAfter = handledByOthers;
            over = true;
        }));
        foreach (var actor in busy)
        {
            for (var i = 0; i < 2 * Throughput; i++) actor.Tell(i);
        }
        idle.Tell("now");
        kit.Run();
        Assert.InRange(servedAfter, 0, Busy * Throughput);
    }

    [Fact]
    public async Task P03_Idle_actor_is_served_by_the_thread_pool_while_pairs_keep_all_cores_busy()
    {
        await using var system = ActorSystem.Create("test");
        var over = false;
        for (var i = 0; i < 2 * Environment.ProcessorCount; i++)
        {
            var pong = system.ActorOf(Props.Create(() => new Act((act, message) => act.From.Tell(message, act.Me))));
            system.ActorOf(Props.Create(() => new Act((act, message) =>
            {
                if (!Volatile.Read(ref over)) pong.Tell(message, act.Me);
            }))).Tell("go");
        }
        try
        {
            var idle = system.ActorOf(Props.Create(() => new Act((act, message) => act.From.Tell(message))));
            for (var i = 0; i < 100; i++) Assert.Equal(i, await idle.Ask<int>(i, TimeSpan.FromSeconds(10)));
        }
        finally
        {
            Volatile.Write(ref over, true);
        }
    }

    [Fact]
    public void P04_System_message_overtakes_user_messages_that_wait()
    {
        var kit = new Kit();
        var handled = new List<object>();
        var actor = kit.Start(() => new Act((act, message) =>
        {
            handled.Add(message);
            if (message.Equals(1)) act.Ctx.Stop(act.Me);
        }));
        kit.Tell(actor, 1, 2, 3);
        Assert.Equal([1], handled);
        Assert.Equal([2, 3], kit.DeadLetters.Select(letter => letter.Message));
    }

    [Fact]
    public async Task P04_Watch_racing_a_stop_always_yields_one_terminated()
    {
        const int Rounds = 3_000;
        await using var system = ActorSystem.Create("test");
        var counts = new ConcurrentDictionary<IActorRef, int>();
        var done = new CountdownEvent(Rounds);
        var watcher = system.ActorOf(Props.Create(() => new Act((act, message) =>
        {
            if (message is IActorRef subject)
            {
                act.Ctx.Watch(subject);
                return;
            }
            counts.AddOrUpdate(((Terminated)message).ActorRef, 1, (_, n) => n + 1);
            if (!done.IsSet) done.Signal();
        })));
        for (var i = 0; i < Rounds; i++)
        {
            var subject = system.ActorOf(Props.Create(() => new Act()));
            if (i % 2 == 0)
            {
                watcher.Tell(subject);
                system.Stop(subject);
            }
            else
            {
                subject.Tell(PoisonPill.Instance);
                watcher.Tell(subject);
            }
        }
        Assert.True(done.Wait(TimeSpan.FromSeconds(20)), $"{done.CurrentCount} of {Rounds} never came");
        Assert.Equal(Rounds, counts.Count);
        Assert.All(counts.Values, n => Assert.Equal(1, n));
    }

    [Fact]
    public async Task P05_Every_message_is_handled_or_a_dead_letter_and_never_both_while_actors_stop()
    {
        const int Threads = 4, Each = 20_000;
        await using var system = ActorSystem.Create("test");
        var seen = new ConcurrentDictionary<int, int>();
        var all = new CountdownEvent(Threads * Each);
        void Note(object message)
        {
            seen.AddOrUpdate((int)message, 1, (_, n) => n + 1);
            all.Signal();
        }
        var letters = system.ActorOf(Props.Create(() => new Act((_, message) => Note(((DeadLetter)message).Message))));
        system.EventStream.Subscribe<DeadLetter>(letters);
        // A sink that leaves by itself every now and then; senders go on with the old ref for a while.
        Props sink = Props.Create(() =>
        {
            var handled = 0;
            return new Act((act, message) =>
            {
                Note(message);
                if (++handled == 500) act.Ctx.Stop(act.Me);
            });
        });
        var current = system.ActorOf(sink);
        await Task.WhenAll(Enumerable.Range(0, Threads).Select(thread => Task.Run(() =>
        {
            for (var i = 0; i < Each; i++)
            {
                Volatile.Read(ref current).Tell((thread * Each) + i);
                if (i % 200 == 0) Volatile.Write(ref current, system.ActorOf(sink));
            }
        })));
        Assert.True(all.Wait(TimeSpan.FromSeconds(20)), $"{all.CurrentCount} messages are nowhere");
        Assert.All(seen.Values, n => Assert.Equal(1, n));
        Assert.Equal(Threads * Each, seen.Count);
    }

    [Fact]
    public void P05_Message_nobody_handles_is_one_dead_letter_with_its_reason_and_counted()
    {
        var kit = new Kit();
        var stopped = kit.Start(() => new Act());
        kit.System.Stop(stopped);
        kit.Run();
        var picky = kit.Start(() => new Act((act, message) => act.NotHandled(message)));
        var full = kit.System.ActorOf(Props.Create(() => new Act()).WithMailbox(Mailbox.Bounded(1)));
        kit.Run();
        full.Tell("fits");
        full.Tell("does not fit");
        kit.Tell(stopped, "too late");
        kit.Tell(picky, "what?");
        kit.System.DeadLetters.Tell("to nobody");
        var hoarder = kit.Start(() => new Act((act, _) => act.Ctx.Stash.Stash()) { OnPreStart = act => act.Ctx.Stash.Capacity = 1 });
        kit.Tell(hoarder, "kept", "over");
        kit.Run();
        (object, DeadLetterReason)[] expected =
        [
            ("does not fit", DeadLetterReason.MailboxFull), ("too late", DeadLetterReason.RecipientStopped),
            ("what?", DeadLetterReason.Unhandled), ("to nobody", DeadLetterReason.NoRecipient), ("over", DeadLetterReason.StashFull),
        ];
        Assert.Equal(expected, kit.DeadLetters.Select(letter => (letter.Message, letter.Reason)));
        Assert.All(expected, each => Assert.Equal(1, kit.System.Metrics.DeadLetters(each.Item2)));
        Assert.Equal(expected.Length, kit.System.Metrics.DeadLettersTotal);
    }

    [Fact]
    public void P05_Dead_letters_nobody_handles_do_not_breed()
    {
        var kit = new Kit();
        var picky = kit.Start(() => new Act((act, message) => act.NotHandled(message)));
        kit.System.EventStream.Subscribe<DeadLetter>(picky);
        kit.Tell(picky, "one");
        Assert.Equal(["one"], kit.DeadLetters.Select(letter => letter.Message));
    }
}
