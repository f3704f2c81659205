using System.Collections.Concurrent;
using System.Threading.Channels;
using Microsoft.Extensions.Logging;

namespace Discord.Kernel.Tests.TestKit;

/// <summary>
/// A system whose turns and time the test owns: after <see cref="Run"/> nothing is under way, so that nothing may also be asserted.
/// </summary>
internal sealed class Kit
{
    public Kit(Action<ActorSystemOptions>? configure = null, int? seed = null)
    {
        Dispatcher = new ManualDispatcher(seed is { } s ? new Random(s) : null);
        var options = new ActorSystemOptions { TimeProvider = Time, Dispatcher = Dispatcher };
        configure?.Invoke(options);
        System = ActorSystem.Create("test", options);
        Letters = NewProbe();
        System.EventStream.Subscribe<DeadLetter>(Letters.Ref);
        Run();
    }

    public FakeTime Time { get; } = new();

    public ManualDispatcher Dispatcher { get; }

    public ActorSystem System { get; }

    /// <summary>All dead letters.</summary>
    public Probe Letters { get; }

    public IEnumerable<DeadLetter> DeadLetters => Letters.Messages.Cast<DeadLetter>();

    public Probe NewProbe() => new(System);

    public void Run() => Dispatcher.Run();

    public void Advance(TimeSpan by) => Time.Advance(by, Run);

    public void Advance(double seconds) => Advance(TimeSpan.FromSeconds(seconds));

    public IActorRef Start(Func<ActorBase> factory, string? name = null)
    {
        var started = System.ActorOf(Props.Create(factory), name);
        Run();
        return started;
    }

    public void Tell(IActorRef actor, params object[] messages)
    {
        foreach (var message in messages) actor.Tell(message);
        Run();
    }
}

/// <summary>An actor that keeps what it is told, and does to its context what the test asks for.</summary>
internal sealed class Probe
{
    private readonly ConcurrentQueue<(object Message, IActorRef Sender)> _received = new();
    private readonly Channel<bool> _arrived = Channel.CreateUnbounded<bool>();

    public Probe(ActorSystem system) => Ref = system.ActorOf(Props.Create(() => new ProbeActor(this)).WithMailbox(Mailbox.Unbounded));

    public IActorRef Ref { get; }

    /// <summary>All that has come and was not taken by <see cref="NextAsync"/>.</summary>
    public IReadOnlyList<object> Messages => [.. _received.Select(each => each.Message)];

    public IReadOnlyList<IActorRef> Senders => [.. _received.Select(each => each.Sender)];

    /// <summary>Runs an action inside the actor.</summary>
    public void Do(Action<IActorContext> action) => Ref.Tell(action);

    public void Clear() => _received.Clear();

    /// <summary>The next message, waiting for it on a real system; fails after ten seconds.</summary>
    public async Task<T> NextAsync<T>()
    {
        await _arrived.Reader.ReadAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(10));
        Assert.True(_received.TryDequeue(out var next));
        return Assert.IsType<T>(next.Message, exactMatch: false);
    }

    private sealed class ProbeActor(Probe probe) : UntypedActor
    {
        protected override void OnReceive(object message)
        {
            if (message is Action<IActorContext> action)
            {
                action(Context);
                return;
            }
            probe._received.Enqueue((message, Sender));
            probe._arrived.Writer.TryWrite(true);
        }
    }
}

/// <summary>An actor made of functions.</summary>
internal sealed class Act(Action<Act, object>? receive = null) : UntypedActor
{
    public IActorContext Ctx => Context;

    public IActorRef Me => Self;

    public IActorRef From => Sender;

    public Action<Act>? OnPreStart { get; init; }

    public Action<Act>? OnPostStop { get; init; }

    public Action<Act, Exception, object?>? OnPreRestart { get; init; }

    public Action<Act, Exception>? OnPostRestart { get; init; }

    public SupervisorStrategy? Strategy { get; init; }

    public void NotHandled(object message) => Unhandled(message);

    protected internal override SupervisorStrategy SupervisorStrategy => Strategy ?? base.SupervisorStrategy;

    protected override void OnReceive(object message)
    {
        if (message is Action<Act> action) action(this);
        else if (message is Exception exception) throw exception;
        else receive?.Invoke(this, message);
    }

    protected internal override void PreStart() => OnPreStart?.Invoke(this);

    protected internal override void PostStop() => OnPostStop?.Invoke(this);

    protected internal override void PreRestart(Exception reason, object? message)
    {
        if (OnPreRestart is null) base.PreRestart(reason, message);
        else OnPreRestart(this, reason, message);
    }

    protected internal override void PostRestart(Exception reason)
    {
        if (OnPostRestart is null) base.PostRestart(reason);
        else OnPostRestart(this, reason);
    }
}

/// <summary>A failure that a test causes.</summary>
internal sealed class Boom(string message = "boom") : Exception(message);

/// <summary>Keeps what is logged.</summary>
internal sealed class LogRecorder : ILoggerFactory, ILogger
{
    public ConcurrentQueue<(LogLevel Level, string Text)> Entries { get; } = new();

    public void AddProvider(ILoggerProvider provider) { }

    public ILogger CreateLogger(string categoryName) => this;

    public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(
        LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
        Entries.Enqueue((logLevel, formatter(state, exception)));

    public void Dispose() { }
}
