using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Discord.Kernel;

/// <summary>A tree of actors with its time, its event stream and its end. Safe to use from any thread.</summary>
public sealed class ActorSystem : IAsyncDisposable, IDisposable
{
    private readonly ConcurrentDictionary<Type, ILogger> _loggers = new();
    private readonly ActorCell _root;
    private readonly ActorCell _user;
    private readonly ActorCell _system;
    private readonly TaskCompletionSource _terminated = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Lock _terminating = new();
    private Task? _termination;
    private long _uids;

    private ActorSystem(string name, ActorSystemOptions options)
    {
        Name = name;
        Options = options;
        Dispatcher = options.Dispatcher;
        Log = options.LoggerFactory.CreateLogger("Discord.Kernel");
        EventStream = new EventStream();
        DeadLetters = new DeadLettersRef(this);
        AskTimeouts = new AskTimeouts(options.TimeProvider);
        _root = new ActorCell(this, null, GuardianActor.Props, "", NextUid());
        Metrics = new KernelMetrics(name, () => _root.DepthOfSubtree());
        _root.Start();
        _system = _root.StartGuardian("system");
        _user = _root.StartGuardian("user");
        CoordinatedShutdown = new CoordinatedShutdown(this);
    }

    /// <summary>Starts a system.</summary>
    public static ActorSystem Create(string name, ActorSystemOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        options ??= new ActorSystemOptions();
        options.Validate();
        return new ActorSystem(name, options);
    }

    /// <summary>The name it was given.</summary>
    public string Name { get; }

    /// <summary>Its settings, not to be changed once it runs.</summary>
    public ActorSystemOptions Options { get; }

    /// <summary>Time as actors see it.</summary>
    public TimeProvider TimeProvider => Options.TimeProvider;

    /// <summary>The ref behind which unanswered messages end; what is told to it becomes a <see cref="DeadLetter"/>.</summary>
    public IActorRef DeadLetters { get; }

    /// <summary>Messages for whoever subscribes to their type; dead letters among them.</summary>
    public EventStream EventStream { get; }

    /// <summary>Counters and gauges of the meter <c>Discord.Kernel</c>, with their present values.</summary>
    public KernelMetrics Metrics { get; }

    /// <summary>The order in which the process ends.</summary>
    public CoordinatedShutdown CoordinatedShutdown { get; }

    /// <summary>The logger of the system.</summary>
    public ILogger Log { get; }

    /// <summary>Completes when all actors have stopped.</summary>
    public Task WhenTerminated => _terminated.Task;

    internal ActorDispatcher Dispatcher { get; }

    internal AskTimeouts AskTimeouts { get; }

    /// <summary>Starts an actor below <c>/user</c>.</summary>
    /// <exception cref="InvalidActorNameException">The name is taken or not valid.</exception>
    /// <exception cref="InvalidOperationException">The system is stopping.</exception>
    public IActorRef ActorOf(Props props, string? name = null) => _user.StartChild(props, name);

    /// <summary>Starts an actor of the kernel itself below <c>/system</c>, which ends after <c>/user</c>.</summary>
    internal IActorRef SystemActorOf(Props props, string name) => _system.StartChild(props, name);

    /// <summary>Stops any actor after the message it handles now.</summary>
    public void Stop(IActorRef actor)
    {
        ArgumentNullException.ThrowIfNull(actor);
        if (actor is ActorCell cell) cell.StopSelf();
    }

    /// <summary>
    /// The actor at <paramref name="path"/> and those below it down to <paramref name="depth"/> levels, parents first; at most <paramref
    /// name="limit"/>.
    /// </summary>
    public IEnumerable<ActorInfo> Describe(string path = "/", int depth = 2, int limit = 10_000)
    {
        ArgumentNullException.ThrowIfNull(path);
        var found = _root;
        foreach (var name in path.Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            found = found.FindChild(name);
            if (found is null) return [];
        }
        return found.Describe(depth).Take(limit);
    }

    /// <summary>Stops all actors, children before parents. Idempotent. Prefer <see cref="CoordinatedShutdown"/>.</summary>
    public Task TerminateAsync()
    {
        lock (_terminating) return _termination ??= Terminate();

        async Task Terminate()
        {
            await _user.StopAsync().ConfigureAwait(false);
            await _root.StopAsync().ConfigureAwait(false);
            AskTimeouts.Dispose();
            Metrics.Dispose();
            _terminated.TrySetResult();
        }
    }

    /// <summary>As <see cref="TerminateAsync"/>.</summary>
    public ValueTask DisposeAsync() => new(TerminateAsync());

    /// <summary>Begins to stop all actors and does not wait for it; for containers that cannot wait.</summary>
    public void Dispose() => _ = TerminateAsync();

    internal long NextUid() => Interlocked.Increment(ref _uids);

    internal ILogger LoggerFor(Type actorType) =>
        _loggers.GetOrAdd(actorType, static (type, factory) => factory.CreateLogger(type.FullName ?? type.Name), Options.LoggerFactory);

    internal void PublishDeadLetter(object message, IActorRef? sender, IActorRef recipient, DeadLetterReason reason)
    {
        Metrics.CountDeadLetter(reason);
        LogDeadLetter(message, recipient, reason);
        // The asker need not wait for an answer that cannot come.
        if (sender is IAskRef ask) ask.Undelivered(recipient, reason);
        if (message is not DeadLetter && EventStream.HasSubscribers(typeof(DeadLetter)))
        {
            EventStream.Publish(new DeadLetter(message, sender, recipient, reason));
        }
    }

    internal void PublishUnhandled(object message, IActorRef? sender, IActorRef recipient)
    {
        Metrics.CountDeadLetter(DeadLetterReason.Unhandled);
        LogDeadLetter(message, recipient, DeadLetterReason.Unhandled);
        if (sender is IAskRef ask) ask.Undelivered(recipient, DeadLetterReason.Unhandled);
        // A subscriber that does not handle dead letters must not cause more of them.
        if (message is not DeadLetter && EventStream.HasSubscribers(typeof(UnhandledMessage)))
        {
            EventStream.Publish(new UnhandledMessage(message, sender, recipient));
        }
    }

    private void LogDeadLetter(object message, IActorRef recipient, DeadLetterReason reason)
    {
        if (Log.IsEnabled(LogLevel.Debug)) KernelLog.DeadLetter(Log, message.GetType().Name, recipient.Path, reason);
    }

    private sealed class DeadLettersRef(ActorSystem system) : IActorRef
    {
        public ActorPath Path { get; } = new(null, "deadLetters", 0);

        public void Tell(object message, IActorRef? sender = null)
        {
            ArgumentNullException.ThrowIfNull(message);
            system.PublishDeadLetter(message, sender, this, DeadLetterReason.NoRecipient);
        }
    }
}

/// <summary>The root of the tree and the parents of users' and the kernel's actors. Its children that fail for good are stopped.</summary>
internal sealed class GuardianActor : UntypedActor
{
    public static readonly Props Props = Discord.Kernel.Props.Create(static () => new GuardianActor());

    protected override void OnReceive(object message) => Unhandled(message);
}
