using System.Collections.Concurrent;

namespace Discord.Kernel;

/// <summary>Publish and subscribe by type within one process. Safe to use from any thread; a subscriber that stops is taken off.</summary>
public sealed class EventStream
{
    private readonly Lock _lock = new();
    private readonly Dictionary<IActorRef, HashSet<Type>> _subscriptions = new(ReferenceEqualityComparer.Instance);
    private ConcurrentDictionary<Type, IActorRef[]> _byMessageType = [];

    internal EventStream() { }

    /// <summary>
    /// Tells <paramref name="subscriber"/> every published message of <paramref name="type"/> or a type derived from it. False when it
    /// already does.
    /// </summary>
    public bool Subscribe(IActorRef subscriber, Type type)
    {
        ArgumentNullException.ThrowIfNull(subscriber);
        ArgumentNullException.ThrowIfNull(type);
        lock (_lock)
        {
            if (!_subscriptions.TryGetValue(subscriber, out var types)) _subscriptions.Add(subscriber, types = []);
            if (!types.Add(type)) return false;
            _byMessageType = [];
        }
        if (subscriber is ActorCell cell) cell.SendSystem(new SubscribedMessage(this));
        return true;
    }

    /// <summary>As the other overload.</summary>
    public bool Subscribe<T>(IActorRef subscriber) => Subscribe(subscriber, typeof(T));

    /// <summary>Ends all subscriptions of <paramref name="subscriber"/>, or only that to <paramref name="type"/>.</summary>
    public void Unsubscribe(IActorRef subscriber, Type? type = null)
    {
        ArgumentNullException.ThrowIfNull(subscriber);
        lock (_lock)
        {
            if (!_subscriptions.TryGetValue(subscriber, out var types)) return;
            if (type is not null && !types.Remove(type)) return;
            if (type is null || types.Count == 0) _subscriptions.Remove(subscriber);
            _byMessageType = [];
        }
    }

    /// <summary>Tells all who subscribed to the type of <paramref name="message"/>, each once.</summary>
    public void Publish(object message)
    {
        ArgumentNullException.ThrowIfNull(message);
        foreach (var subscriber in SubscribersOf(message.GetType())) subscriber.Tell(message, ActorRefs.NoSender);
    }

    internal bool HasSubscribers(Type messageType) => SubscribersOf(messageType).Length > 0;

    private IActorRef[] SubscribersOf(Type messageType)
    {
        var cache = Volatile.Read(ref _byMessageType);
        if (cache.TryGetValue(messageType, out var known)) return known;
        lock (_lock)
        {
            // Filled under the lock, into the cache of this state of the subscriptions.
            IActorRef[] found = [.. _subscriptions.Where(s => s.Value.Any(type => type.IsAssignableFrom(messageType))).Select(s => s.Key)];
            _byMessageType[messageType] = found;
            return found;
        }
    }

    private sealed class SubscribedMessage(EventStream stream) : SystemMessage
    {
        public override void Invoke(ActorCell cell) => cell.Extras.Subscribed = true;

        public override void OnClosed(ActorCell cell) => stream.Unsubscribe(cell);
    }
}
