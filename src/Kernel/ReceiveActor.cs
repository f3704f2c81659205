namespace Discord.Kernel;

/// <summary>
/// An actor whose handlers are declared by message type in its constructor. The first declared that fits handles the message.
/// </summary>
public abstract class ReceiveActor : ActorBase
{
    private List<Handler> _handlers = [];
    private Dictionary<Type, Handler[]>? _byType;
    private Stack<List<Handler>>? _stack;

    /// <summary>Handles messages of <typeparamref name="T"/> for which <paramref name="shouldHandle"/>, where given, says true.</summary>
    protected void Receive<T>(Action<T> handler, Predicate<T>? shouldHandle = null) => Add(new TypedHandler<T>(handler, shouldHandle));

    /// <summary>As <see cref="Receive{T}"/> with an async handler, during which no other message is handled.</summary>
    protected void ReceiveAsync<T>(Func<T, Task> handler, Predicate<T>? shouldHandle = null) =>
        Add(new TypedHandler<T>(message => Context.RunTask(() => handler(message)), shouldHandle));

    /// <summary>Handles whatever the handlers before it do not.</summary>
    protected void ReceiveAny(Action<object> handler) => Add(new TypedHandler<object>(handler, null));

    /// <summary>As <see cref="ReceiveAny"/> with an async handler.</summary>
    protected void ReceiveAnyAsync(Func<object, Task> handler) =>
        Add(new TypedHandler<object>(message => Context.RunTask(() => handler(message)), null));

    /// <summary>Replaces all handlers by those that <paramref name="configure"/> declares.</summary>
    protected void Become(Action configure)
    {
        ArgumentNullException.ThrowIfNull(configure);
        Use([]);
        configure();
    }

    /// <summary>As <see cref="Become"/>; <see cref="UnbecomeStacked"/> brings the present handlers back. At most 64 deep.</summary>
    protected void BecomeStacked(Action configure)
    {
        ArgumentNullException.ThrowIfNull(configure);
        _stack ??= new Stack<List<Handler>>();
        if (_stack.Count == 64) throw new InvalidOperationException("behaviours are stacked 64 deep; UnbecomeStacked is missing");
        _stack.Push(_handlers);
        Use([]);
        configure();
    }

    /// <summary>Brings the handlers back that the last <see cref="BecomeStacked"/> covered.</summary>
    protected void UnbecomeStacked()
    {
        if (_stack is { Count: > 0 }) Use(_stack.Pop());
    }

    /// <inheritdoc/>
    protected internal sealed override void Receive(object message)
    {
        _byType ??= [];
        if (!_byType.TryGetValue(message.GetType(), out var fitting)) fitting = Fitting(message.GetType());
        foreach (var handler in fitting)
        {
            if (handler.TryHandle(message)) return;
        }
        Unhandled(message);
    }

    private Handler[] Fitting(Type type)
    {
        Handler[] fitting = [.. _handlers.Where(handler => handler.Fits(type))];
        // Types come from senders: a peer that invents types must not fill the memory.
        if (_byType!.Count < 256) _byType.Add(type, fitting);
        return fitting;
    }

    private void Add(Handler handler)
    {
        _handlers.Add(handler);
        _byType = null;
    }

    private void Use(List<Handler> handlers)
    {
        _handlers = handlers;
        _byType = null;
    }

    private abstract class Handler
    {
        public abstract bool Fits(Type messageType);

        public abstract bool TryHandle(object message);
    }

    private sealed class TypedHandler<T>(Action<T> handler, Predicate<T>? shouldHandle) : Handler
    {
        public override bool Fits(Type messageType) => typeof(T).IsAssignableFrom(messageType);

        public override bool TryHandle(object message)
        {
            var typed = (T)message;
            if (shouldHandle is not null && !shouldHandle(typed)) return false;
            handler(typed);
            return true;
        }
    }
}
