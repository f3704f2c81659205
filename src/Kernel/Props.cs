using System.Reflection;

namespace Discord.Kernel;

/// <summary>
/// An immutable recipe for an actor: how to make an instance, and the settings of its mailbox. Make it once, use it for many.
/// </summary>
public sealed class Props
{
    private readonly Func<ActorBase> _factory;

    private Props(Func<ActorBase> factory, Type? type)
    {
        _factory = factory;
        ActorType = type;
    }

    private Props(Props other)
    {
        _factory = other._factory;
        ActorType = other.ActorType;
        Mailbox = other.Mailbox;
        Throughput = other.Throughput;
        SupervisorStrategy = other.SupervisorStrategy;
    }

    /// <summary>The class of the actor where it is known before one exists.</summary>
    public Type? ActorType { get; }

    /// <summary>The limit of the mailbox; null for <see cref="ActorSystemOptions.DefaultMailboxCapacity"/>.</summary>
    public Mailbox? Mailbox { get; private init; }

    /// <summary>Messages handled in one turn; null for <see cref="ActorSystemOptions.Throughput"/>.</summary>
    public int? Throughput { get; private init; }

    /// <summary>How the actor supervises its children; null for what the class says.</summary>
    public SupervisorStrategy? SupervisorStrategy { get; private init; }

    /// <summary>A recipe that calls the constructor of <typeparamref name="T"/> that fits <paramref name="args"/>.</summary>
    public static Props Create<T>(params object?[] args) where T : ActorBase
    {
        ArgumentNullException.ThrowIfNull(args);
        return new Props(
            args.Length == 0
                ? static () => Activator.CreateInstance<T>()
                : () => (ActorBase)Activator.CreateInstance(
                    typeof(T), BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic, null, args, null)!,
            typeof(T));
    }

    /// <summary>A recipe that calls <paramref name="factory"/>, which must return a new instance every time. The fastest one.</summary>
    public static Props Create<T>(Func<T> factory) where T : ActorBase => new(factory, typeof(T));

    /// <summary>A recipe that calls <paramref name="factory"/>, which must return a new instance every time.</summary>
    public static Props Create(Func<ActorBase> factory) => new(factory, null);

    /// <summary>The same recipe with a limit for the mailbox.</summary>
    public Props WithMailbox(Mailbox mailbox) => new(this) { Mailbox = mailbox };

    /// <summary>The same recipe with <paramref name="throughput"/> messages a turn, at least 1.</summary>
    public Props WithDispatcherThroughput(int throughput)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(throughput, 1);
        return new Props(this) { Throughput = throughput };
    }

    /// <summary>The same recipe with a strategy for the actor's children.</summary>
    public Props WithSupervisorStrategy(SupervisorStrategy strategy) => new(this) { SupervisorStrategy = strategy };

    internal ActorBase NewInstance() => _factory();
}
