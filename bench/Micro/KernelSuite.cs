using Discord.Kernel;

namespace Discord.Micro;

/// <summary>
/// What actors cost. Senders in the fan-in wait for a sign of the receiver every few thousand messages, as real senders are limited by
/// something; without that the figure is the garbage collector's.
/// </summary>
internal static class KernelSuite
{
    private static readonly object s_message = new();
    private static readonly object s_go = new();
    private static readonly object s_credit = new();

    public static IEnumerable<MicroCase> Cases()
    {
        yield return new MicroCase("one-to-one", "messages", 10_000_000, n => FanIn(1, n));
        yield return new MicroCase("fan-in-4", "messages", 16_000_000, n => FanIn(4, n));
        yield return new MicroCase("flood-4", "messages", 8_000_000, n => Flood(4, n));
        yield return new MicroCase("ping-pong", "round trips", 3_000_000, n => PingPong(1, n));
        yield return new MicroCase("ping-pong-64", "round trips", 3_000_000, n => PingPong(64, n));
        yield return new MicroCase("fan-out-10000", "messages", 5_000_000, FanOut);
        yield return new MicroCase("ask-1", "asks", 500_000, n => Asks(1, n));
        yield return new MicroCase("ask-64", "asks", 1_500_000, n => Asks(64, n));
        yield return new MicroCase("create", "actors", 500_000, Create, IdleBytes);
        yield return new MicroCase("create-stop", "actors", 300_000, CreateAndStop);
    }

    private static ActorSystem System() => ActorSystem.Create("bench");

    private static async Task FanIn(int senders, int messages)
    {
        await using var system = System();
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var each = messages / senders;
        var sink = system.ActorOf(Props.Create(() => new Sink(each * senders, done)).WithMailbox(Mailbox.Unbounded));
        for (var i = 0; i < senders; i++) system.ActorOf(Props.Create(() => new CreditSender(sink, each))).Tell(s_go);
        await done.Task;
    }

    private static async Task Flood(int senders, int messages)
    {
        await using var system = System();
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var each = messages / senders;
        var sink = system.ActorOf(Props.Create(() => new Sink(each * senders, done)).WithMailbox(Mailbox.Unbounded));
        for (var i = 0; i < senders; i++) system.ActorOf(Props.Create(() => new FloodSender(sink, each))).Tell(s_go);
        await done.Task;
    }

    private static async Task PingPong(int pairs, int roundTrips)
    {
        await using var system = System();
        var tasks = new List<Task>();
        for (var i = 0; i < pairs; i++)
        {
            var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            var pong = system.ActorOf(Props.Create(() => new Echo()));
            system.ActorOf(Props.Create(() => new Pinger(pong, roundTrips / pairs, done))).Tell(s_go);
            tasks.Add(done.Task);
        }
        await Task.WhenAll(tasks);
    }

    private static async Task FanOut(int messages)
    {
        const int Receivers = 10_000;
        await using var system = System();
        var done = new CountdownEvent(Receivers);
        var rounds = Math.Max(1, messages / Receivers);
        var receivers = new IActorRef[Receivers];
        for (var i = 0; i < Receivers; i++) receivers[i] = system.ActorOf(Props.Create(() => new Counter(rounds, done)));
        for (var round = 0; round < rounds; round++)
        {
            foreach (var receiver in receivers) receiver.Tell(s_message);
        }
        done.Wait();
    }

    private static async Task Asks(int inFlight, int asks)
    {
        await using var system = System();
        var echo = system.ActorOf(Props.Create(() => new Echo()));
        var each = asks / inFlight;
        await Task.WhenAll(Enumerable.Range(0, inFlight).Select(_ => Task.Run(async () =>
        {
            for (var i = 0; i < each; i++) await echo.Ask<object>(s_message);
        })));
    }

    private static async Task Create(int actors)
    {
        await using var system = System();
        var done = new CountdownEvent(actors);
        var props = Props.Create(() => new Idle(done));
        for (var i = 0; i < actors; i++) system.ActorOf(props);
        done.Wait();
    }

    private static async Task CreateAndStop(int actors)
    {
        await using var system = System();
        var done = new CountdownEvent(actors);
        var props = Props.Create(() => new ShortLived(done));
        for (var i = 0; i < actors; i++) system.ActorOf(props);
        done.Wait();
    }

    private static async Task<double> IdleBytes(int actors)
    {
        await using var system = System();
        var done = new CountdownEvent(actors);
        var props = Props.Create(() => new Idle(done));
        var refs = new IActorRef[actors];
        var before = GC.GetTotalMemory(forceFullCollection: true);
        for (var i = 0; i < actors; i++) refs[i] = system.ActorOf(props);
        done.Wait();
        var after = GC.GetTotalMemory(forceFullCollection: true);
        GC.KeepAlive(refs);
        return (double)(after - before) / actors;
    }

    private sealed class Sink(int expected, TaskCompletionSource done) : UntypedActor
    {
        private int _left = expected;

        protected override void OnReceive(object message)
        {
            if (ReferenceEquals(message, s_credit)) Sender.Tell(s_credit);
            else if (--_left == 0) done.SetResult();
        }
    }

    private sealed class CreditSender(IActorRef sink, int messages) : UntypedActor
    {
        private const int Burst = 1000;
        private int _left = messages;

        protected override void OnReceive(object message)
        {
            var self = Self;
            // Two bursts are under way at a time, so that the receiver never waits for the sign to come back.
            for (var bursts = ReferenceEquals(message, s_go) ? 2 : 1; bursts > 0 && _left > 0; bursts--)
            {
                var burst = Math.Min(Burst, _left);
                _left -= burst;
                for (var i = 0; i < burst; i++) sink.Tell(s_message, self);
                sink.Tell(s_credit, self);
            }
        }
    }

    private sealed class FloodSender(IActorRef sink, int messages) : UntypedActor
    {
        protected override void OnReceive(object message)
        {
            var self = Self;
            for (var i = 0; i < messages; i++) sink.Tell(s_message, self);
        }
    }

    private sealed class Echo : UntypedActor
    {
        protected override void OnReceive(object message) => Sender.Tell(message, Self);
    }

    private sealed class Pinger(IActorRef pong, int roundTrips, TaskCompletionSource done) : UntypedActor
    {
        private int _left = roundTrips;

        protected override void OnReceive(object message)
        {
            if (_left-- > 0) pong.Tell(s_message, Self);
            else done.SetResult();
        }
    }

    private sealed class Counter(int expected, CountdownEvent done) : UntypedActor
    {
        private int _left = expected;

        protected override void OnReceive(object message)
        {
            if (--_left == 0) done.Signal();
        }
    }

    private sealed class Idle(CountdownEvent done) : UntypedActor
    {
        protected override void PreStart() => done.Signal();

        protected override void OnReceive(object message) => Unhandled(message);
    }

    private sealed class ShortLived(CountdownEvent done) : UntypedActor
    {
        protected override void PreStart() => Context.Stop(Self);

        protected override void PostStop() => done.Signal();

        protected override void OnReceive(object message) => Unhandled(message);
    }
}
