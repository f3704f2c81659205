using Discord.Kernel.Hosting;
using Discord.Kernel.Tests.TestKit;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Discord.Kernel.Tests;

public sealed class SystemTests
{
    [Fact]
    public async Task Shutdown_runs_phases_in_order_once_and_a_failure_or_delay_does_not_stop_it()
    {
        var log = new LogRecorder();
        var time = new FakeTime();
        await using var system = ActorSystem.Create("test", new ActorSystemOptions
        {
            LoggerFactory = log,
            TimeProvider = time,
            ShutdownPhaseTimeouts = { [CoordinatedShutdown.PhaseServiceStop] = TimeSpan.FromSeconds(2) },
        });
        var shutdown = system.CoordinatedShutdown;
        var order = new List<string>();
        var noted = new TaskCompletionSource();
        foreach (var phase in CoordinatedShutdown.Phases.Reverse())
        {
            shutdown.AddTask(phase, "note", _ =>
            {
                lock (order) order.Add(phase);
                if (phase == CoordinatedShutdown.PhaseServiceStop) noted.SetResult();
                return Task.CompletedTask;
            });
        }
        shutdown.AddTask(CoordinatedShutdown.PhaseServiceUnbind, "fails", _ => throw new Boom("no"));
        var stuck = new TaskCompletionSource<CancellationToken>();
        shutdown.AddTask(CoordinatedShutdown.PhaseServiceStop, "stuck", ct =>
        {
            stuck.SetResult(ct);
            return new TaskCompletionSource().Task;
        });
        var run = shutdown.RunAsync("test");
        Assert.Same(run, shutdown.RunAsync("again"));
        var token = await stuck.Task.WaitAsync(TimeSpan.FromSeconds(10));
        await noted.Task.WaitAsync(TimeSpan.FromSeconds(10));
        Assert.False(token.IsCancellationRequested);
        time.Advance(TimeSpan.FromSeconds(2));
        await run.WaitAsync(TimeSpan.FromSeconds(10));
        Assert.True(token.IsCancellationRequested);
        Assert.Equal(CoordinatedShutdown.Phases, order);
        Assert.Contains(log.Entries, entry => entry.Level == LogLevel.Error && entry.Text.Contains("stuck"));
        Assert.Contains(log.Entries, entry => entry.Level == LogLevel.Error && entry.Text.Contains("fails"));
        Assert.True(system.WhenTerminated.IsCompleted);
        Assert.Throws<InvalidOperationException>(
            () => shutdown.AddTask(CoordinatedShutdown.PhaseServiceStop, "late", _ => Task.CompletedTask));
        Assert.Equal(TimeSpan.FromSeconds((7 * 5) + 2), shutdown.TotalTimeout);
    }

    [Fact]
    public void Shutdown_refuses_unknown_phases_and_names_used_twice()
    {
        var kit = new Kit();
        var shutdown = kit.System.CoordinatedShutdown;
        Assert.Throws<ArgumentException>(() => shutdown.AddTask("no-such-phase", "x", _ => Task.CompletedTask));
        shutdown.AddTask(CoordinatedShutdown.PhaseServiceStop, "x", _ => Task.CompletedTask);
        Assert.Throws<ArgumentException>(() => shutdown.AddTask(CoordinatedShutdown.PhaseServiceStop, "x", _ => Task.CompletedTask));
        Assert.Throws<ArgumentException>(() =>
            ActorSystem.Create("x", new ActorSystemOptions { ShutdownPhaseTimeouts = { ["no-such-phase"] = TimeSpan.FromSeconds(1) } }));
    }

    [Fact]
    public async Task Terminate_stops_all_actors_and_refuses_new_ones()
    {
        var system = ActorSystem.Create("test");
        var stopped = 0;
        for (var i = 0; i < 100; i++) system.ActorOf(Props.Create(() => new Act { OnPostStop = _ => Interlocked.Increment(ref stopped) }));
        await system.TerminateAsync().WaitAsync(TimeSpan.FromSeconds(10));
        Assert.Equal(100, stopped);
        Assert.Equal(0, system.Metrics.Actors);
        Assert.Throws<InvalidOperationException>(() => system.ActorOf(Props.Create(() => new Act())));
    }

    [Fact]
    public async Task Host_starts_the_system_and_stops_it_by_coordinated_shutdown()
    {
        var steps = new List<string>();
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddActorSystem("hosted", (actors, _) => actors.OnStart(async (system, ct) =>
        {
            var actor = system.ActorOf(Props.Create(() => new Act((act, message) => act.From.Tell(message))
            {
                OnPreStart = _ => steps.Add("started"),
                OnPostStop = _ => steps.Add("stopped"),
            }));
            await actor.Ask<string>("there?", ct: ct);
            system.CoordinatedShutdown.AddTask(CoordinatedShutdown.PhaseServiceUnbind, "note", _ =>
            {
                steps.Add("unbind");
                return Task.CompletedTask;
            });
        }));
        using var host = builder.Build();
        await host.StartAsync();
        var system = host.Services.GetRequiredService<ActorSystem>();
        Assert.Equal("hosted", system.Name);
        await host.StopAsync();
        Assert.True(system.WhenTerminated.IsCompleted);
        Assert.Equal(["started", "unbind", "stopped"], steps);
    }

    [Fact]
    public void Describe_lists_the_tree_with_depth_restarts_and_children()
    {
        var kit = new Kit();
        var actor = kit.Start(() => new Act { OnPreStart = act => act.Ctx.ActorOf(Props.Create(() => new Act()), "inner") }, "outer");
        kit.Tell(actor, new Boom());
        actor.Tell("waits");
        var infos = kit.System.Describe("/user/outer", 5).ToList();
        Assert.Equal(["/user/outer", "/user/outer/inner"], infos.Select(info => info.Path));
        Assert.Equal(("Act", 1, 1, 1, 0), (infos[0].Class, infos[0].MailboxDepth, infos[0].Restarts, infos[0].Children, infos[0].Depth));
        Assert.Equal(actor.Path.Uid, infos[0].Uid);
        Assert.Equal(1, kit.System.Metrics.MailboxDepth);
        Assert.Contains("/user", kit.System.Describe("/", 1).Select(info => info.Path));
        Assert.Empty(kit.System.Describe("/user/nobody"));
        Assert.Single(kit.System.Describe("/", 5, limit: 1));
        kit.Run();
    }

    private sealed class Door : ReceiveActor
    {
        public Door(List<object> log)
        {
            Closed();

            void Closed()
            {
                Receive<string>(_ => Become(Open), text => text == "open");
                Receive<string>(text => log.Add($"closed: {text}"));
                ReceiveAsync<int>(async number =>
                {
                    await Task.Yield();
                    log.Add(number + 1);
                });
                Receive<IDisposable>(_ => log.Add("by interface"));
            }

            void Open()
            {
                Receive<string>(_ => BecomeStacked(() => ReceiveAny(_ => UnbecomeStacked())), text => text == "cover");
                Receive<string>(_ => Become(Closed), text => text == "close");
                Receive<string>(text => log.Add($"open: {text}"));
            }
        }
    }

    [Fact]
    public void ReceiveActor_handles_by_type_predicate_and_behaviour()
    {
        var kit = new Kit();
        var log = new List<object>();
        var actor = kit.System.ActorOf(Props.Create<Door>(log));
        using var stream = new MemoryStream();
        kit.Tell(actor, "a", 1, stream, "open", "b", "cover", "uncovers", "c", 2, "close", "d", 3);
        Assert.Equal(["closed: a", 2, "by interface", "open: b", "open: c", "closed: d", 4], log);
        Assert.Equal((2, DeadLetterReason.Unhandled), ((int)kit.DeadLetters.Single().Message, kit.DeadLetters.Single().Reason));
    }

    [Fact]
    public void Become_replaces_stacks_and_restores_the_handler_and_a_restart_forgets_it()
    {
        var kit = new Kit();
        var log = new List<string>();
        var actor = kit.Start(() => new Act((_, message) => log.Add($"first {message}")));
        kit.Tell(actor, new Action<Act>(act => act.Ctx.BecomeStacked(message =>
        {
            log.Add($"second {message}");
            if (message is "back") act.Ctx.Unbecome();
            if (message is "fail") throw new Boom();
            if (message is "again") act.Ctx.Become(_ => throw new Boom());
        })));
        kit.Tell(actor, "a", "back", "b");
        Assert.Equal(["second a", "second back", "first b"], log);
        kit.Tell(actor, new Action<Act>(act => act.Ctx.Become(_ => throw new Boom())));
        kit.Tell(actor, "fails", "c");
        Assert.Equal("first c", log[^1]);
    }

    [Fact]
    public void EventStream_tells_subscribers_of_the_type_and_its_bases_once_and_forgets_the_dead()
    {
        var kit = new Kit();
        var probe = kit.NewProbe();
        var stream = kit.System.EventStream;
        Assert.True(stream.Subscribe<Exception>(probe.Ref));
        Assert.True(stream.Subscribe<Boom>(probe.Ref));
        Assert.False(stream.Subscribe<Boom>(probe.Ref));
        var boom = new Boom();
        stream.Publish(boom);
        stream.Publish("not for it");
        kit.Run();
        Assert.Equal([boom], probe.Messages);
        stream.Unsubscribe(probe.Ref, typeof(Boom));
        stream.Publish(boom);
        kit.Run();
        Assert.Equal([boom, boom], probe.Messages);
        kit.System.Stop(probe.Ref);
        kit.Run();
        Assert.False(stream.HasSubscribers(typeof(Boom)));
    }

    [Fact]
    public async Task PipeTo_tells_results_and_failures()
    {
        var kit = new Kit();
        var probe = kit.NewProbe();
        await Task.FromResult(1).PipeTo(probe.Ref);
        await Task.CompletedTask.PipeTo(probe.Ref, success: () => "done");
        await Task.FromException(new Boom("piped")).PipeTo(probe.Ref);
        await Task.FromException<int>(new Boom("mapped")).PipeTo(probe.Ref, failure: e => e.Message);
        await Task.FromResult<string?>(null).PipeTo(probe.Ref, failure: e => e.GetType());
        kit.Run();
        Assert.Equal([1, "done", "mapped", typeof(InvalidOperationException)], probe.Messages.Where(each => each is not Status.Failure));
        Assert.Equal("piped", Assert.Single(probe.Messages.OfType<Status.Failure>()).Cause.Message);
    }

    [Fact]
    public void Props_that_return_an_instance_twice_or_actors_made_by_hand_are_refused()
    {
        var log = new LogRecorder();
        var kit = new Kit(options => options.LoggerFactory = log);
        Assert.Throws<InvalidOperationException>(() => new Act());
        Act? one = null;
        kit.Start(() => one ??= new Act());
        var second = kit.Start(() => one!);
        kit.Tell(second, "?");
        Assert.Equal("?", Assert.Single(kit.DeadLetters).Message);
        Assert.Contains(log.Entries, entry => entry.Level == LogLevel.Warning);
        foreach (var name in new[] { "", "a/b", "a#b", "$a" })
        {
            Assert.Throws<InvalidActorNameException>(() => kit.System.ActorOf(Props.Create(() => new Act()), name));
        }
    }

    [Fact]
    public void Metrics_are_published_by_the_meter()
    {
        var kit = new Kit();
        var seen = new Dictionary<string, long>();
        using var listener = new System.Diagnostics.Metrics.MeterListener();
        listener.InstrumentPublished = (instrument, self) =>
        {
            if (instrument.Meter.Name == KernelMetrics.MeterName) self.EnableMeasurementEvents(instrument);
        };
        listener.SetMeasurementEventCallback<long>((instrument, value, _, _) => seen[instrument.Name] = value);
        listener.Start();
        kit.Start(() => new Act());
        listener.RecordObservableInstruments();
        Assert.Equal(
            ["kernel.actor.restarts", "kernel.actors", "kernel.actors.started", "kernel.dead_letters", "kernel.mailbox.depth"],
            seen.Keys.Order());
        Assert.Equal(2, kit.System.Metrics.Actors);
    }
}
