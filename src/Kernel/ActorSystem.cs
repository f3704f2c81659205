using Microsoft.Extensions.Logging;

namespace Discord.Kernel;

/// <summary>A tree of actors with its time, its event stream and its end. Safe to use from any thread.</summary>
public sealed class ActorSystem : IAsyncDisposable
{
    private ActorSystem(string name, ActorSystemOptions options)
    {
        Name = name;
        Options = options;
    }

    /// <summary>Starts a system.</summary>
    public static ActorSystem Create(string name, ActorSystemOptions? options = null)
    {
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
    public IActorRef DeadLetters => throw new NotImplementedException();

    /// <summary>Messages for whoever subscribes to their type; dead letters among them.</summary>
    public EventStream EventStream => throw new NotImplementedException();

    /// <summary>Counters and gauges of the meter <c>Discord.Kernel</c>, with their present values.</summary>
    public KernelMetrics Metrics => throw new NotImplementedException();

    /// <summary>The order in which the process ends.</summary>
    public CoordinatedShutdown CoordinatedShutdown => throw new NotImplementedException();

    /// <summary>The logger of the system.</summary>
    public ILogger Log => throw new NotImplementedException();

    /// <summary>Completes when all actors have stopped.</summary>
    public Task WhenTerminated => throw new NotImplementedException();

    /// <summary>Starts an actor below <c>/user</c>.</summary>
    /// <exception cref="InvalidActorNameException">The name is taken or not valid.</exception>
    /// <exception cref="InvalidOperationException">The system is stopping.</exception>
    public IActorRef ActorOf(Props props, string? name = null) => throw new NotImplementedException();

    /// <summary>Stops any actor after the message it handles now.</summary>
    public void Stop(IActorRef actor) => throw new NotImplementedException();

    /// <summary>The actor at <paramref name="path"/> and those below it, parents first.</summary>
    public IEnumerable<ActorInfo> Describe(string path = "/", int depth = 2, int limit = 10_000) => throw new NotImplementedException();

    /// <summary>Stops all actors, children before parents. Idempotent. Prefer <see cref="CoordinatedShutdown"/>.</summary>
    public Task TerminateAsync() => throw new NotImplementedException();

    /// <summary>As <see cref="TerminateAsync"/>.</summary>
    public ValueTask DisposeAsync() => new(TerminateAsync());
}
