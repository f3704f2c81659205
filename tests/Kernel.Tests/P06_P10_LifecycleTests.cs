using Discord.Kernel.Tests.TestKit;
using FsCheck;
using FsCheck.Fluent;

namespace Discord.Kernel.Tests;

public sealed class P06_P10_LifecycleTests
{
    private static readonly SupervisorStrategy s_restart = new OneForOneStrategy(-1, null, _ => Directive.Restart);

    [Fact]
    public void P06_Failure_suspends_the_subtree_before_the_parent_decides()
    {
        Prop.ForAll(Gen.Choose(0, 10_000).ToArbitrary(), seed =>
        {
            var kit = new Kit(seed: seed);
            var log = new List<string>();
            IActorRef? child = null, grandchild = null;
            kit.System.ActorOf(Props.Create(() => new Act
            {
                Strategy = new OneForOneStrategy(-1, null, _ =>
                {
                    log.Add("decided");
                    return Directive.Resume;
                }),
                OnPreStart = parent => child = parent.Ctx.ActorOf(Props.Create(() => new Act((_, _) => log.Add("child"))
                {
                    OnPreStart = self => grandchild = self.Ctx.ActorOf(Props.Create(() => new Act((_, _) => log.Add("grandchild")))),
                })),
            }));
            kit.Run();
            // The grandchild is told from within the failing handler: from the failure on, it may not see it before the decision.
            child!.Tell(new Action<Act>(_ =>
            {
                throw new Boom();
            }));
            child.Tell("queued");
            while (child is ActorCell { MailboxDepth: > 1 }) kit.Dispatcher.RunOne();
            for (var i = 0; i < 3; i++) grandchild!.Tell(i);
            kit.Run();
            Assert.Equal("decided", log[0]);
            Assert.Equal(["child", "grandchild", "grandchild", "grandchild"], log.Skip(1).Order());
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void P06_Failing_message_does_not_run_again_and_queued_ones_survive_the_restart_in_order()
    {
        var kit = new Kit();
        var handled = new List<object>();
        IActorRef? child = null;
        kit.Start(() => new Act
        {
            Strategy = s_restart,
            OnPreStart = parent => child = parent.Ctx.ActorOf(Props.Create(() => new Act((_, message) =>
            {
                handled.Add(message);
                if (message.Equals(2)) throw new Boom();
            }))),
        });
        kit.Tell(child!, 1, 2, 3, 4, 5);
        Assert.Equal([1, 2, 3, 4, 5], handled);
        Assert.Equal(1, kit.System.Metrics.Restarts);
        Assert.Empty(kit.DeadLetters);
    }

    [Theory]
    [InlineData(Directive.Resume, "state 1")]
    [InlineData(Directive.Restart, "state 0")]
    public void P06_Escalated_failure_leaves_nobody_suspended(Directive above, string state)
    {
        var kit = new Kit();
        IActorRef? child = null;
        var answers = kit.NewProbe();
        IActorRef? middle = null;
        kit.Start(() => new Act
        {
            Strategy = new OneForOneStrategy(-1, null, _ => above),
            OnPreStart = top => middle = top.Ctx.ActorOf(Props.Create(() => new Act
            {
                Strategy = new OneForOneStrategy(-1, null, _ => Directive.Escalate),
                // Keeps its children over the restart, which restarts them.
                OnPreRestart = (_, _, _) => { },
                OnPostRestart = (_, _) => { },
                OnPreStart = self => child = self.Ctx.ActorOf(Props.Create(() =>
                {
                    var count = 0;
                    return new Act((act, message) =>
                    {
                        if (message.Equals("count")) count++;
                        else act.From.Tell($"state {count}");
                    });
                })),
            })),
        });
        kit.Tell(child!, "count", new Boom());
        child!.Tell("state?", answers.Ref);
        kit.Tell(middle!, "anything");
        kit.Run();
        Assert.Equal([state], answers.Messages);
    }

    [Fact]
    public void P06_Decider_that_throws_escalates()
    {
        var kit = new Kit();
        Exception? seen = null;
        IActorRef? child = null;
        kit.Start(() => new Act
        {
            Strategy = new OneForOneStrategy(-1, null, e =>
            {
                seen = e;
                return Directive.Stop;
            }),
            OnPreStart = top => top.Ctx.ActorOf(Props.Create(() => new Act
            {
                Strategy = new OneForOneStrategy(-1, null, _ => throw new Boom("no idea")),
                OnPreStart = self => child = self.Ctx.ActorOf(Props.Create(() => new Act())),
            })),
        });
        kit.Tell(child!, new Boom());
        Assert.Equal("no idea", Assert.IsType<ActorException>(seen).InnerException!.Message);
        Assert.Equal(1, kit.System.Metrics.Actors - 1 /* the probe for dead letters */);
    }

    [Fact]
    public void P07_Restart_keeps_ref_and_uid_and_gives_a_new_instance()
    {
        var kit = new Kit();
        var instances = new List<Act>();
        var actor = kit.Start(() =>
        {
            var instance = new Act();
            instances.Add(instance);
            return instance;
        }, "worker");
        var uid = actor.Path.Uid;
        kit.Tell(actor, new Boom());
        Assert.Equal(2, instances.Distinct().Count());
        Assert.All(instances, instance => Assert.Same(actor, instance.Me));
        Assert.Equal(uid, actor.Path.Uid);
        Assert.Equal("/user/worker", actor.Path.ToString());
    }

    [Fact]
    public void P07_Actor_of_the_same_name_has_a_new_uid_and_the_old_ref_never_reaches_it()
    {
        var kit = new Kit();
        var handled = new List<object>();
        var old = kit.Start(() => new Act((_, message) => handled.Add(message)), "worker");
        Assert.Throws<InvalidActorNameException>(() => kit.System.ActorOf(Props.Create(() => new Act()), "worker"));
        kit.System.Stop(old);
        kit.Run();
        var young = kit.Start(() => new Act((_, message) => handled.Add(message)), "worker");
        kit.Tell(old, "for the old one");
        kit.Tell(young, "for the new one");
        Assert.Equal(["for the new one"], handled);
        Assert.Equal("for the old one", Assert.Single(kit.DeadLetters).Message);
        Assert.NotEqual(old.Path.Uid, young.Path.Uid);
        Assert.NotEqual(old.Path, young.Path);
        Assert.Equal(old.Path.ToString(), young.Path.ToString());
    }

    /// <summary>
    /// The model: OTP's intensity and period. A failure is survived when fewer than n restarts lie within the period before it.
    /// </summary>
    [Fact]
    public void P08_Restart_limit_is_intensity_and_period()
    {
        Prop.ForAll(
            Gen.Choose(0, 4).ToArbitrary(), Gen.Choose(1, 20).ToArbitrary(), Gen.Choose(0, 12).NonEmptyListOf().ToArbitrary(),
            (intensity, period, gaps) =>
            {
                var restarts = new List<int>();
                var now = 0;
                var stoppedAt = -1;
                for (var i = 0; i < gaps.Count && stoppedAt < 0; i++)
                {
                    now += gaps[i];
                    if (restarts.Count(at => now - at <= period) < intensity) restarts.Add(now);
                    else stoppedAt = i;
                }

                var kit = new Kit();
                IActorRef? child = null;
                Exception? escalated = null;
                kit.Start(() => new Act
                {
                    Strategy = new OneForOneStrategy(-1, null, e =>
                    {
                        escalated = e;
                        return Directive.Resume;
                    }),
                    OnPreStart = top => top.Ctx.ActorOf(Props.Create(() => new Act
                    {
                        Strategy = new OneForOneStrategy(intensity, TimeSpan.FromSeconds(period), _ => Directive.Restart),
                        OnPreStart = self => child = self.Ctx.ActorOf(Props.Create(() => new Act())),
                    })),
                });
                var failures = 0;
                foreach (var gap in gaps)
                {
                    kit.Advance(gap);
                    if (escalated is not null) break;
                    kit.Tell(child!, new Boom());
                    failures++;
                }
                Assert.Equal(restarts.Count, kit.System.Metrics.Restarts);
                Assert.Equal(stoppedAt >= 0, escalated is RestartLimitExceededException { InnerException: Boom });
                if (stoppedAt >= 0) Assert.Equal(stoppedAt + 1, failures);
            }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void P08_Default_strategy_allows_ten_restarts_a_minute_and_an_actor_at_the_top_is_stopped_by_the_eleventh()
    {
        var log = new LogRecorder();
        var kit = new Kit(options => options.LoggerFactory = log);
        var actor = kit.Start(() => new Act());
        for (var i = 0; i < 10; i++) kit.Tell(actor, new Boom());
        Assert.Equal(10, kit.System.Metrics.Restarts);
        kit.Advance(61);
        kit.Tell(actor, new Boom());
        Assert.Equal(11, kit.System.Metrics.Restarts);
        for (var i = 0; i < 10; i++) kit.Tell(actor, new Boom());
        Assert.Equal(20, kit.System.Metrics.Restarts);
        kit.Tell(actor, "gone");
        Assert.Equal("gone", Assert.Single(kit.DeadLetters).Message);
        Assert.Contains(log.Entries, entry => entry.Level == Microsoft.Extensions.Logging.LogLevel.Critical);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void P08_All_for_one_restarts_all_and_one_for_one_only_the_one_that_failed(bool all)
    {
        var kit = new Kit();
        var starts = new Dictionary<string, int>();
        var children = new List<IActorRef>();
        SupervisorStrategy strategy = all
            ? new AllForOneStrategy(1, null, _ => Directive.Restart) : new OneForOneStrategy(1, null, _ => Directive.Restart);
        var parent = kit.Start(() => new Act
        {
            Strategy = strategy,
            OnPreStart = self =>
            {
                children.Clear();
                foreach (var name in new[] { "a", "b", "c" })
                {
                    children.Add(self.Ctx.ActorOf(
                        Props.Create(() => new Act { OnPreStart = _ => starts[name] = starts.GetValueOrDefault(name) + 1 }), name));
                }
            },
        });
        // The others' messages wait through their restart.
        var handled = new List<object>();
        children[1].Tell(new Action<Act>(_ => handled.Add("b")));
        kit.Tell(children[0], new Boom());
        Assert.Equal(["b"], handled);
        Assert.Equal(all ? [2, 2, 2] : [2, 1, 1], new[] { starts["a"], starts["b"], starts["c"] });
        // One restart is allowed: to all of them together, or to each.
        kit.Tell(children[1], new Boom());
        Assert.Equal(all ? 3 : 2, starts["b"]);
        Assert.Equal(all, kit.System.Metrics.Restarts > 3);
    }

    [Fact]
    public void P09_Children_stop_before_the_PostStop_of_their_parent_in_any_tree()
    {
        Prop.ForAll(Gen.Choose(0, 1_000).ArrayOf(8).ToArbitrary(), Gen.Choose(0, 10_000).ToArbitrary(), (shape, seed) =>
        {
            var kit = new Kit(seed: seed);
            var parents = new Dictionary<int, int>();
            for (var i = 1; i < shape.Length; i++) parents[i] = shape[i] % i;
            var stopped = new List<int>();
            Act New(int number) => new()
            {
                OnPreStart = self =>
                {
                    foreach (var child in parents.Where(each => each.Value == number)) self.Ctx.ActorOf(Props.Create(() => New(child.Key)));
                },
                OnPostStop = _ => stopped.Add(number),
            };
            var root = kit.Start(() => New(0));
            kit.System.Stop(root);
            kit.Run();
            Assert.Equal(Enumerable.Range(0, shape.Length), stopped.Order());
            Assert.All(parents, each => Assert.True(stopped.IndexOf(each.Key) < stopped.IndexOf(each.Value)));
        }).QuickCheckThrowOnFailure();
    }

    [Theory]
    [InlineData(Directive.Stop, 1)]
    [InlineData(Directive.Restart, 3)]
    public void P09_PostStop_runs_once_an_instance_even_when_PreStart_threw(Directive directive, int instances)
    {
        var kit = new Kit();
        var stops = new Dictionary<Act, int>();
        var made = 0;
        kit.Start(() => new Act
        {
            Strategy = new OneForOneStrategy(2, null, _ => directive),
            OnPreStart = self => self.Ctx.ActorOf(Props.Create(() =>
            {
                made++;
                return new Act
                {
                    OnPreStart = _ => throw new Boom(),
                    OnPostStop = act => stops[act] = stops.GetValueOrDefault(act) + 1,
                };
            })),
        });
        Assert.Equal(instances, directive == Directive.Stop ? made : 3);
        Assert.All(stops.Values, n => Assert.Equal(1, n));
        Assert.Equal(made, stops.Count);
    }

    [Fact]
    public void P09_Stop_during_a_restart_does_not_run_PostStop_twice()
    {
        var kit = new Kit();
        var stops = 0;
        var gate = new TaskCompletionSource();
        var actor = kit.Start(() => new Act
        {
            // Its child takes its time to stop, so that the stop finds the actor in the middle of its restart.
            OnPreStart = self => self.Ctx.ActorOf(Props.Create(() => new Act((act, _) => act.Ctx.RunTask(() => gate.Task)))).Tell("work"),
            OnPostStop = _ => stops++,
        });
        kit.Tell(actor, new Boom());
        Assert.Equal(1, stops);
        kit.System.Stop(actor);
        kit.Run();
        gate.SetResult();
        kit.Run();
        Assert.Equal(1, stops);
        Assert.Equal(1, kit.System.Metrics.Actors);
    }

    [Fact]
    public void P09_Name_is_free_when_terminated_arrives()
    {
        Prop.ForAll(Gen.Choose(0, 10_000).ToArbitrary(), seed =>
        {
            var kit = new Kit(seed: seed);
            IActorRef? again = null;
            var first = kit.System.ActorOf(Props.Create(() => new Act()), "worker");
            kit.System.ActorOf(Props.Create(() => new Act((act, message) =>
            {
                if (message is Terminated) again = act.Ctx.System.ActorOf(Props.Create(() => new Act()), "worker");
            })
            { OnPreStart = act => act.Ctx.Watch(first) }));
            kit.System.Stop(first);
            kit.Run();
            Assert.NotNull(again);
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void P10_Terminated_comes_once_a_watch_and_after_what_the_subject_said()
    {
        var kit = new Kit();
        var probe = kit.NewProbe();
        var subject = kit.Start(() => new Act((act, _) =>
        {
            probe.Ref.Tell("last words");
            act.Ctx.Stop(act.Me);
        }));
        probe.Do(context =>
        {
            context.Watch(subject);
            context.Unwatch(subject);
            context.Watch(subject);
            context.Watch(subject);
            Assert.Throws<InvalidOperationException>(() => context.WatchWith(subject, "other"));
        });
        kit.Tell(subject, "go");
        Assert.Equal(["last words", new Terminated(subject)], probe.Messages);
        // A new watch of the dead is answered anew, at once.
        probe.Do(context => context.Watch(subject));
        kit.Run();
        Assert.Equal(["last words", new Terminated(subject), new Terminated(subject)], probe.Messages);
    }

    [Fact]
    public void P10_Terminated_does_not_come_after_Unwatch_even_when_it_was_queued()
    {
        var kit = new Kit();
        var probe = kit.NewProbe();
        var subject = kit.Start(() => new Act());
        probe.Do(context => context.Watch(subject));
        kit.Run();
        var queuedBefore = 0;
        probe.Do(context =>
        {
            kit.System.Stop(subject);
            // Inside a handler: the end of the subject cannot be seen before this one returns. Its turn runs here and now.
            kit.Dispatcher.RunOne();
            queuedBefore = ((ActorCell)probe.Ref).MailboxDepth;
        });
        // The notice goes from the queue of system messages to the mailbox before the next message is looked at.
        probe.Do(context => context.Unwatch(subject));
        kit.Run();
        Assert.Empty(probe.Messages);
        Assert.True(queuedBefore >= 0);
    }

    [Fact]
    public void P10_WatchWith_brings_its_own_message_and_refs_without_an_actor_are_dead()
    {
        var kit = new Kit();
        var probe = kit.NewProbe();
        var subject = kit.Start(() => new Act());
        probe.Do(context => context.WatchWith(subject, "it is over"));
        probe.Do(context => context.Watch(ActorRefs.Nobody));
        kit.Tell(subject, PoisonPill.Instance);
        Assert.Equal([new Terminated(ActorRefs.Nobody), "it is over"], probe.Messages);
    }

    [Fact]
    public void P10_Watcher_that_stopped_is_forgotten_by_the_subject()
    {
        var kit = new Kit();
        var subject = kit.Start(() => new Act());
        var probe = kit.NewProbe();
        probe.Do(context => context.Watch(subject));
        kit.Run();
        Assert.Single(((ActorCell)subject).Extras.Watchers!);
        kit.System.Stop(probe.Ref);
        kit.Run();
        Assert.Empty(((ActorCell)subject).Extras.Watchers!);
    }
}
