using Microsoft.Extensions.Logging;

namespace Discord.Kernel;

internal sealed class ActorCell : IActorRef, IActorContext
{
    public static ActorCell TakeConstructing() => throw new NotImplementedException();
    public ActorPath Path => throw new NotImplementedException();
    public IActorRef Self => this;
    public IActorRef Sender => throw new NotImplementedException();
    public IActorRef Parent => throw new NotImplementedException();
    public ActorSystem System => throw new NotImplementedException();
    public ILogger Logger => throw new NotImplementedException();
    public CancellationToken CancellationToken => throw new NotImplementedException();
    public IReadOnlyCollection<IActorRef> Children => throw new NotImplementedException();
    public IStash Stash => throw new NotImplementedException();
    public ITimerScheduler Timers => throw new NotImplementedException();
    public IActorRef ActorOf(Props props, string? name = null) => throw new NotImplementedException();
    public void Become(Action<object> receive) => throw new NotImplementedException();
    public void BecomeStacked(Action<object> receive) => throw new NotImplementedException();
    public IActorRef Child(string name) => throw new NotImplementedException();
    public void RunTask(Func<Task> task) => throw new NotImplementedException();
    public void SetReceiveTimeout(TimeSpan? timeout) => throw new NotImplementedException();
    public void Stop(IActorRef actor) => throw new NotImplementedException();
    public void Tell(object message, IActorRef? sender = null) => throw new NotImplementedException();
    public void Unbecome() => throw new NotImplementedException();
    public void Unhandled(object message) => throw new NotImplementedException();
    public void Unwatch(IActorRef actor) => throw new NotImplementedException();
    public void Watch(IActorRef actor) => throw new NotImplementedException();
    public void WatchWith(IActorRef actor, object message) => throw new NotImplementedException();
}
