using System.Collections.Concurrent;
using Discord.Kernel.Tests.TestKit;
using FsCheck;
using FsCheck.Fluent;

namespace Discord.Kernel.Tests;

public sealed class P11_P16_ServicesTests
{
    [Fact]
    public async Task P11_Ask_completes_once_with_the_first_answer_and_the_next_is_a_dead_letter()
    {
        var kit = new Kit();
        var actor = kit.Start(() => new Act((act, _) =>
        {
            act.From.Tell("first");
            act.From.Tell("second");
        }));
        var ask = actor.Ask<string>("?");
        kit.Run();
        Assert.Equal("first", await ask);
        var late = Assert.Single(kit.DeadLetters);
        Assert.Equal(("second", DeadLetterReason.LateReply), (late.Message, late.Reason));
        Assert.Equal(0, kit.System.AskTimeouts.Count);
    }

    [Fact]
    public async Task P11_Ask_without_answer_ends_at_its_limit_never_before_and_a_late_answer_is_a_dead_letter()
    {
        var kit = new Kit();
        var asker = ActorRefs.Nobody;
        var actor = kit.Start(() => new Act((act, _) => asker = act.From));
        var byDefault = actor.Ask<string>("?");
        var own = actor.Ask<string>("?", TimeSpan.FromSeconds(1));
        kit.Run();
        kit.Advance(0.999);
        Assert.False(own.IsCompleted);
        kit.Advance(0.012);
        await Assert.ThrowsAsync<AskTimeoutException>(() => own);
        kit.Advance(3.98);
        Assert.False(byDefault.IsCompleted);
        kit.Advance(0.03);
        await Assert.ThrowsAsync<AskTimeoutException>(() => byDefault);
        asker.Tell("too late");
        kit.Run();
        Assert.Equal(DeadLetterReason.LateReply, Assert.Single(kit.DeadLetters).Reason);
        Assert.Equal(0, kit.System.AskTimeouts.Count);
        // Nothing is under way, so nothing ticks.
        kit.Advance(1);
        Assert.Equal(0, kit.Time.ActiveTimers);
    }

    [Fact]
    public async Task P11_Ask_that_cannot_be_answered_fails_at_once()
    {
        var kit = new Kit();
        var stopped = kit.Start(() => new Act());
        kit.System.Stop(stopped);
        kit.Run();
        var e = await Assert.ThrowsAsync<AskUndeliveredException>(() => stopped.Ask<string>("?"));
        Assert.Equal(DeadLetterReason.RecipientStopped, e.Reason);
        var picky = kit.Start(() => new Act((act, message) => act.NotHandled(message)));
        var ask = picky.Ask<string>("?");
        kit.Run();
        Assert.Equal(DeadLetterReason.Unhandled, (await Assert.ThrowsAsync<AskUndeliveredException>(() => ask)).Reason);
    }

    [Fact]
    public async Task P11_Ask_throws_the_cause_of_a_failure_and_says_what_came_in_place_of_the_type()
    {
        var kit = new Kit();
        var boom = new Boom();
        var failing = kit.Start(() => new Act((act, _) => act.From.Tell(new Status.Failure(boom))));
        var asObject = failing.Ask<object>("?");
        kit.Run();
        Assert.Same(boom, await Assert.ThrowsAsync<Boom>(() => asObject));
        var wrong = kit.Start(() => new Act((act, _) => act.From.Tell(1)));
        var ask = wrong.Ask<string>("?");
        kit.Run();
        Assert.Contains("Int32", (await Assert.ThrowsAsync<InvalidCastException>(() => ask)).Message);
    }

    [Fact]
    public async Task P11_Ask_is_cancelled_by_its_token_and_refuses_endless_limits()
    {
        var kit = new Kit();
        var silent = kit.Start(() => new Act());
        using var source = new CancellationTokenSource();
        var ask = silent.Ask<string>("?", ct: source.Token);
        Assert.Equal(1, kit.System.AskTimeouts.Count);
        await source.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => ask);
        Assert.Equal(0, kit.System.AskTimeouts.Count);
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => silent.Ask<string>("?", Timeout.InfiniteTimeSpan));
        Assert.True(new ActorSystemOptions().AskTimeout < TimeSpan.FromMinutes(1));
    }

    [Fact]
    public async Task P11_Million_asks_leak_nothing()
    {
        const int Askers = 16, Each = 62_500;
        await using var system = ActorSystem.Create("test");
        var echo = system.ActorOf(Props.Create(() => new Act((act, message) => act.From.Tell(message))));
        var sample = new ConcurrentBag<WeakReference>();
        await Task.WhenAll(Enumerable.Range(0, Askers).Select(_ => Task.Run(async () =>
        {
            for (var i = 0; i < Each; i++) Assert.Equal(i, await Ask(i));
        })));
        Assert.Equal(0, system.AskTimeouts.Count);
        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();
        // What the last turns of threads still hold on their stacks is no leak.
        Assert.InRange(sample.Count(ask => ask.IsAlive), 0, Askers);

        Task<int> Ask(int i)
        {
            var ask = echo.Ask<int>(i);
            if (i % 100 == 0) sample.Add(new WeakReference(ask));
            return ask;
        }
    }

    [Fact]
    public async Task P11_More_asks_at_once_than_slots_are_all_watched()
    {
        var kit = new Kit();
        var silent = kit.Start(() => new Act());
        var asks = Enumerable.Range(0, 20_000).Select(i => silent.Ask<string>(i)).ToList();
        Assert.Equal(20_000, kit.System.AskTimeouts.Count);
        kit.Advance(5.02);
        Assert.All(asks, ask => Assert.IsType<AskTimeoutException>(ask.Exception!.InnerException));
        Assert.Equal(0, kit.System.AskTimeouts.Count);
        await Task.WhenAny(asks);
    }

    private enum TimerOp { Single, Periodic, Cancel, CancelAll, Restart, Pass, PassWithoutTurns }

    /// <summary>
    /// The model: each start of a timer has a number, which is its message. A number may arrive only while its start is the last word about
    /// its key; PassWithoutTurns lets ticks queue up before the cancel is handled.
    /// </summary>
    [Fact]
    public void P12_Cancelled_or_replaced_timer_never_delivers_even_when_its_tick_was_queued_even_across_a_restart()
    {
        var ops = from op in Gen.Elements(Enum.GetValues<TimerOp>())
                  from key in Gen.Choose(0, 2)
                  from time in Gen.Choose(1, 30)
                  select (op, key, time);
        Prop.ForAll(ops.ArrayOf(40).ToArbitrary(), script =>
        {
            var kit = new Kit();
            var valid = new Dictionary<int, (int Number, bool Single)>();
            var delivered = 0;
            Act? instance = null;
            var actor = kit.Start(() => instance = new Act((act, message) =>
            {
                delivered++;
                var number = (int)message;
                var key = valid.Single(each => each.Value.Number == number).Key; // throws when the timer should be dead
                if (valid[key].Single) valid.Remove(key);
                Assert.Equal(valid.ContainsKey(key), act.Ctx.Timers.IsTimerActive(key));
            }));
            var next = 0;
            foreach (var (op, key, time) in script)
            {
                var due = TimeSpan.FromSeconds(time);
                switch (op)
                {
                    case TimerOp.Single or TimerOp.Periodic:
                        var number = next++;
                        actor.Tell(new Action<Act>(act =>
                        {
                            if (op == TimerOp.Single) act.Ctx.Timers.StartSingleTimer(key, number, due);
                            else act.Ctx.Timers.StartPeriodicTimer(key, number, due);
                            valid[key] = (number, op == TimerOp.Single);
                        }));
                        kit.Run();
                        break;
                    case TimerOp.Cancel:
                        // Handled before what is queued: as if the actor had been in the middle of a message.
                        Inside(act => act.Ctx.Timers.Cancel(key), () => valid.Remove(key));
                        break;
                    case TimerOp.CancelAll:
                        Inside(act => act.Ctx.Timers.CancelAll(), valid.Clear);
                        break;
                    case TimerOp.Restart:
                        actor.Tell(new Action<Act>(_ =>
                        {
                            valid.Clear();
                            kit.Time.Advance(TimeSpan.FromSeconds(time));
                            throw new Boom();
                        }));
                        kit.Advance(120);
                        break;
                    case TimerOp.Pass:
                        kit.Advance(due);
                        break;
                    case TimerOp.PassWithoutTurns:
                        kit.Time.Advance(due);
                        break;
                }

                void Inside(Action<Act> action, Action model)
                {
                    // Ticks queue up while the handler runs, then it cancels.
                    actor.Tell(new Action<Act>(act =>
                    {
                        kit.Time.Advance(due);
                        action(act);
                        model();
                    }));
                    kit.Run();
                }
            }
            kit.Run();
            Assert.DoesNotContain(
                kit.System.Describe("/user", 1), info => info.Restarts > script.Count(each => each.op == TimerOp.Restart));
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void P12_Periodic_timer_of_a_busy_actor_queues_one_tick()
    {
        var kit = new Kit();
        var ticks = 0;
        var actor = kit.Start(() => new Act((_, _) => ticks++)
        {
            OnPreStart = act => act.Ctx.Timers.StartPeriodicTimer("t", "tick", TimeSpan.FromSeconds(1)),
        });
        kit.Time.Advance(TimeSpan.FromSeconds(100));
        Assert.Equal(1, ((ActorCell)actor).MailboxDepth);
        kit.Run();
        Assert.Equal(1, ticks);
        kit.Advance(10);
        Assert.Equal(11, ticks);
        kit.System.Stop(actor);
        kit.Run();
        Assert.Equal(0, kit.Time.ActiveTimers);
        Assert.Empty(kit.DeadLetters);
    }

    [Fact]
    public void P12_Timer_started_by_PostStop_does_not_outlive_the_actor()
    {
        var kit = new Kit();
        var actor = kit.Start(() => new Act
        {
            OnPostStop = act =>
            {
                act.Ctx.Timers.StartPeriodicTimer("t", "tick", TimeSpan.FromSeconds(1));
                act.Ctx.SetReceiveTimeout(TimeSpan.FromSeconds(1));
            },
        });
        kit.System.Stop(actor);
        kit.Run();
        Assert.Equal(0, kit.Time.ActiveTimers);
    }

    [Fact]
    public void P13_Receive_timeout_comes_after_every_quiet_period_and_not_after_a_message_that_waits()
    {
        var kit = new Kit();
        var log = new List<object>();
        var actor = kit.Start(() => new Act((_, message) => log.Add(message))
        {
            OnPreStart = act => act.Ctx.SetReceiveTimeout(TimeSpan.FromSeconds(10)),
        });
        kit.Advance(9);
        kit.Tell(actor, "a");
        kit.Advance(9.9);
        Assert.Equal(["a"], log);
        kit.Advance(0.1);
        Assert.Equal(["a", ReceiveTimeout.Instance], log);
        kit.Advance(10);
        Assert.Equal(["a", ReceiveTimeout.Instance, ReceiveTimeout.Instance], log);
        // The tick is queued behind the message, which takes it back.
        actor.Tell("b");
        kit.Time.Advance(TimeSpan.FromSeconds(10));
        kit.Run();
        Assert.Equal("b", log[^1]);
        kit.Advance(10);
        Assert.Equal(ReceiveTimeout.Instance, log[^1]);
        var before = log.Count;
        kit.Tell(actor, new Action<Act>(act => act.Ctx.SetReceiveTimeout(null)));
        kit.Advance(100);
        Assert.Equal(before, log.Count);
        Assert.Equal(0, kit.Time.ActiveTimers);
    }

    [Fact]
    public void P13_Stash_keeps_order_in_front_of_what_waits()
    {
        Prop.ForAll(Gen.Choose(0, 20).ToArbitrary(), Gen.Choose(0, 20).ToArbitrary(), (early, late) =>
        {
            var kit = new Kit();
            var handled = new List<int>();
            var open = false;
            var actor = kit.Start(() => new Act((act, message) =>
            {
                if (message is "open")
                {
                    open = true;
                    act.Ctx.Stash.UnstashAll();
                }
                else if (open) handled.Add((int)message);
                else act.Ctx.Stash.Stash();
            }));
            for (var i = 0; i < early; i++) actor.Tell(i);
            actor.Tell("open");
            for (var i = early; i < early + late; i++) actor.Tell(i);
            kit.Run();
            Assert.Equal(Enumerable.Range(0, early + late), handled);
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void P13_Stash_is_bounded_unstashed_on_restart_and_dead_on_stop()
    {
        var kit = new Kit(options => options.StashCapacity = 3);
        var handled = new List<object>();
        var instances = 0;
        var actor = kit.Start(() =>
        {
            var second = ++instances == 2;
            return new Act((act, message) =>
            {
                if (second) handled.Add(message);
                else act.Ctx.Stash.Stash();
            });
        });
        kit.Tell(actor, 1, 2, 3, 4);
        Assert.Equal((4, DeadLetterReason.StashFull), ((int)kit.DeadLetters.Single().Message, kit.DeadLetters.Single().Reason));
        actor.Tell(new Boom());
        kit.Tell(actor, 5);
        Assert.Equal([1, 2, 3, 5], handled);

        var hoarder = kit.Start(() => new Act((act, _) => act.Ctx.Stash.Stash()));
        kit.Tell(hoarder, "kept");
        kit.System.Stop(hoarder);
        kit.Run();
        Assert.Equal("kept", kit.DeadLetters.Last().Message);
    }

    [Fact]
    public void P13_Message_cannot_be_stashed_twice_and_returns_to_its_sender()
    {
        var kit = new Kit();
        var probe = kit.NewProbe();
        Exception? second = null;
        var actor = kit.Start(() => new Act((act, message) =>
        {
            if (second is not null)
            {
                act.From.Tell(message);
                return;
            }
            act.Ctx.Stash.Stash();
            second = Record.Exception(() => act.Ctx.Stash.Stash());
            act.Ctx.Stash.UnstashAll();
        }));
        actor.Tell("hello", probe.Ref);
        kit.Run();
        Assert.IsType<InvalidOperationException>(second);
        Assert.Equal(["hello"], probe.Messages);
    }

    [Fact]
    public void P14_Async_handler_does_not_interleave_and_keeps_its_sender()
    {
        var kit = new Kit();
        var probe = kit.NewProbe();
        var other = kit.NewProbe();
        var gates = new List<TaskCompletionSource>();
        var log = new List<string>();
        var actor = kit.Start(() => new Act((act, message) => act.Ctx.RunTask(async () =>
        {
            log.Add($"begin {message}");
            var gate = new TaskCompletionSource();
            gates.Add(gate);
            await gate.Task;
            log.Add($"end {message}");
            act.From.Tell(message);
        })));
        actor.Tell(1, probe.Ref);
        actor.Tell(2, other.Ref);
        kit.Run();
        Assert.Equal(["begin 1"], log);
        gates[0].SetResult();
        kit.Run();
        Assert.Equal(["begin 1", "end 1", "begin 2"], log);
        Assert.Equal([1], probe.Messages);
        gates[1].SetResult();
        kit.Run();
        Assert.Equal([2], other.Messages);
    }

    [Fact]
    public void P14_Exception_of_an_async_handler_reaches_the_supervisor_with_its_stack()
    {
        var kit = new Kit();
        Exception? seen = null;
        IActorRef? child = null;
        var gate = new TaskCompletionSource();
        kit.Start(() => new Act
        {
            Strategy = new OneForOneStrategy(-1, null, e =>
            {
                seen = e;
                return Directive.Restart;
            }),
            OnPreStart = self => child = self.Ctx.ActorOf(Props.Create(() => new Act((act, _) => act.Ctx.RunTask(Deep)))),
        });
        kit.Tell(child!, "go");
        Assert.Null(seen);
        gate.SetResult();
        kit.Run();
        Assert.IsType<Boom>(seen);
        Assert.Contains(nameof(Deep), seen.StackTrace);
        Assert.Equal(1, kit.System.Metrics.Restarts);

        async Task Deep()
        {
            await gate.Task;
            throw new Boom();
        }
    }

    [Fact]
    public void P14_Async_handler_is_cancelled_on_stop_and_ends_before_PostStop()
    {
        var kit = new Kit();
        var log = new List<string>();
        var actor = kit.Start(() => new Act((act, _) => act.Ctx.RunTask(async () =>
        {
            try
            {
                await Task.Delay(Timeout.Infinite, act.Ctx.CancellationToken);
            }
            catch (OperationCanceledException)
            {
                log.Add("cancelled");
            }
        }))
        { OnPostStop = _ => log.Add("PostStop") });
        kit.Tell(actor, "go");
        kit.System.Stop(actor);
        kit.Run();
        Assert.Equal(["cancelled", "PostStop"], log);
    }

    [Fact]
    public void P14_Async_handler_that_ignores_its_token_is_given_up_and_does_nothing_more()
    {
        var kit = new Kit(options => options.AsyncHandlerStopTimeout = TimeSpan.FromSeconds(5));
        var log = new List<string>();
        var gate = new TaskCompletionSource();
        var actor = kit.Start(() => new Act((act, _) => act.Ctx.RunTask(async () =>
        {
            await gate.Task;
            log.Add("must not be");
        }))
        { OnPostStop = _ => log.Add("PostStop") });
        kit.Tell(actor, "go");
        kit.System.Stop(actor);
        kit.Run();
        kit.Advance(4.9);
        Assert.Empty(log);
        kit.Advance(0.1);
        Assert.Equal(["PostStop"], log);
        gate.SetResult();
        kit.Run();
        Assert.Equal(["PostStop"], log);
    }

    [Fact]
    public void P15_Bounded_mailbox_drops_the_newest_and_tells_the_sender_where_asked()
    {
        Prop.ForAll(
            Gen.Choose(1, 50).ToArbitrary(), Gen.Choose(0, 100).ToArbitrary(), Arb.From(Gen.Elements(true, false)),
            (capacity, sent, tell) =>
        {
            var kit = new Kit();
            var handled = new List<int>();
            var probe = kit.NewProbe();
            var policy = tell ? OverflowPolicy.FailSender : OverflowPolicy.DropNewest;
            var actor = kit.System.ActorOf(
                Props.Create(() => new Act((_, message) => handled.Add((int)message))).WithMailbox(Mailbox.Bounded(capacity, policy)));
            kit.Run();
            for (var i = 0; i < sent; i++) actor.Tell(i, probe.Ref);
            kit.Run();
            var kept = Math.Min(capacity, sent);
            Assert.Equal(Enumerable.Range(0, kept), handled);
            Assert.Equal(Enumerable.Range(kept, sent - kept), kit.DeadLetters.Select(letter => (int)letter.Message));
            Assert.Equal(tell ? sent - kept : 0, probe.Messages.Count(each => each is Status.Failure { Cause: MailboxFullException }));
            // There is room again.
            actor.Tell(-1);
            kit.Run();
            Assert.Equal(-1, handled[^1]);
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public async Task P15_Mailbox_stays_bounded_under_a_slow_consumer_and_many_senders()
    {
        const int Capacity = 1_000, Threads = 4, Each = 50_000;
        await using var system = ActorSystem.Create("test");
        var gate = new ManualResetEventSlim();
        var handled = 0;
        var deepest = 0;
        var actor = system.ActorOf(Props.Create(() => new Act((_, _) =>
        {
            handled++;
            if (handled == 1) gate.Wait();
        })).WithMailbox(Mailbox.Bounded(Capacity)));
        await Task.WhenAll(Enumerable.Range(0, Threads).Select(_ => Task.Run(() =>
        {
            for (var i = 0; i < Each; i++)
            {
                actor.Tell(i);
                if (i % 100 == 0)
                {
                    var depth = ((ActorCell)actor).MailboxDepth;
                    if (depth > Volatile.Read(ref deepest)) Volatile.Write(ref deepest, depth);
                }
            }
        })));
        var dropped = system.Metrics.DeadLetters(DeadLetterReason.MailboxFull);
        Assert.InRange(deepest, 1, 2 * Capacity);
        gate.Set();
        while (((ActorCell)actor).MailboxDepth > 0) await Task.Yield();
        Assert.Equal("done", await actor.Ask<string>(new Action<Act>(act => act.From.Tell("done"))));
        Assert.Equal((Threads * Each) - dropped, handled);
        Assert.InRange(handled, Capacity, (2 * Capacity) + 1);
    }

    [Fact]
    public void P15_Timer_ticks_and_terminated_find_room_in_a_full_mailbox()
    {
        var kit = new Kit();
        var handled = new List<object>();
        var subject = kit.Start(() => new Act());
        var actor = kit.System.ActorOf(Props.Create(() => new Act((_, message) => handled.Add(message))
        {
            OnPreStart = act =>
            {
                act.Ctx.Watch(subject);
                act.Ctx.Timers.StartSingleTimer("t", "tick", TimeSpan.FromSeconds(1));
            },
        }).WithMailbox(Mailbox.Bounded(1)));
        kit.Run();
        actor.Tell("fills it");
        kit.System.Stop(subject);
        kit.Time.Advance(TimeSpan.FromSeconds(1));
        kit.Run();
        Assert.Equal(3, handled.Count);
        Assert.Equal([new Terminated(subject)], handled.OfType<Terminated>());
    }

    [Fact]
    public void P16_Backoff_delay_lies_within_min_and_max_jitter_included()
    {
        var seconds = Gen.Choose(1, 1_000);
        Prop.ForAll(
            (from min in seconds from more in seconds select (min, max: min + more)).ToArbitrary(),
            Gen.Choose(0, 100).ToArbitrary(),
            (from factor in Gen.Choose(0, 100) from random in Gen.Choose(0, 99) select (factor / 100.0, random / 100.0)).ToArbitrary(),
            (range, failures, jitter) =>
            {
                var (min, max) = (TimeSpan.FromSeconds(range.min), TimeSpan.FromSeconds(range.max));
                var delay = BackoffSupervisor.Delay(failures, min, max, jitter.Item1, jitter.Item2);
                Assert.InRange(delay, min, max);
                Assert.True(delay <= BackoffSupervisor.Delay(failures + 1, min, max, jitter.Item1, jitter.Item2));
            }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void P16_Backoff_grows_with_each_failure_and_begins_anew_after_a_quiet_period()
    {
        var kit = new Kit();
        var starts = new List<double>();
        var began = kit.Time.GetUtcNow();
        var handled = new List<object>();
        Props child = Props.Create(() => new Act((_, message) => handled.Add(message))
        {
            OnPreStart = _ => starts.Add((kit.Time.GetUtcNow() - began).TotalSeconds),
        });
        var supervisor = kit.System.ActorOf(BackoffSupervisor.Props(
            child, "child", TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(4), randomFactor: 0, resetAfter: TimeSpan.FromSeconds(30)));
        kit.Run();
        for (var i = 0; i < 4; i++)
        {
            kit.Tell(supervisor, new Boom());
            if (i == 0) kit.Tell(supervisor, "meanwhile");
            kit.Advance(4);
        }
        Assert.Equal([0, 1, 6, 12, 16], starts);
        var letter = Assert.Single(kit.DeadLetters);
        Assert.Equal(("meanwhile", DeadLetterReason.Unavailable), ((string)letter.Message, letter.Reason));
        kit.Advance(30);
        kit.Tell(supervisor, new Boom());
        kit.Advance(1);
        Assert.Equal(6, starts.Count);
        kit.Tell(supervisor, "back");
        Assert.Equal(["back"], handled);
    }
}
