namespace Discord.Kernel;

/// <summary>Publish and subscribe by type within one process. Safe to use from any thread; a subscriber that stops is taken off.</summary>
public sealed class EventStream
{
    internal EventStream() { }

    /// <summary>Tells <paramref name="subscriber"/> every published message of <paramref name="type"/> or a type derived from it. False when it already does.</summary>
    public bool Subscribe(IActorRef subscriber, Type type) => throw new NotImplementedException();

    /// <summary>As the other overload.</summary>
    public bool Subscribe<T>(IActorRef subscriber) => Subscribe(subscriber, typeof(T));

    /// <summary>Ends all subscriptions of <paramref name="subscriber"/>, or only that to <paramref name="type"/>.</summary>
    public void Unsubscribe(IActorRef subscriber, Type? type = null) => throw new NotImplementedException();

    /// <summary>Tells all who subscribed to the type of <paramref name="message"/>, each once.</summary>
    public void Publish(object message) => throw new NotImplementedException();
}
