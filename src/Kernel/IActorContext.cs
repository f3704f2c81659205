using Microsoft.Extensions.Logging;

namespace Discord.Kernel;

/// <summary>
/// What an actor may do with its surroundings. Only the actor itself may use it, from its own handlers (an async handler's awaits
/// included).
/// </summary>
public interface IActorContext
{
    /// <summary>The actor's own ref.</summary>
    IActorRef Self { get; }

    /// <summary>Who sent the message being handled; <see cref="ActorSystem.DeadLetters"/> when nobody did.</summary>
    IActorRef Sender { get; }

    /// <summary>The actor's supervisor.</summary>
    IActorRef Parent { get; }

    /// <summary>The system.</summary>
    ActorSystem System { get; }

    /// <summary>A logger named for the actor's class.</summary>
    ILogger Logger { get; }

    /// <summary>Cancelled when the actor stops or restarts. Hand it to whatever the actor starts.</summary>
    CancellationToken CancellationToken { get; }

    /// <summary>The children, those that are stopping included.</summary>
    IReadOnlyCollection<IActorRef> Children { get; }

    /// <summary>The child of that name, or <see cref="ActorRefs.Nobody"/>.</summary>
    IActorRef Child(string name);

    /// <summary>Starts a child; without a name it gets one that begins with <c>$</c>.</summary>
    /// <exception cref="InvalidActorNameException">The name is taken or not valid.</exception>
    IActorRef ActorOf(Props props, string? name = null);

    /// <summary>
    /// Stops a child or the actor itself after the message it handles now; what waits in its mailbox becomes dead letters.
    /// </summary>
    void Stop(IActorRef actor);

    /// <summary>
    /// Asks for one <see cref="Terminated"/> when <paramref name="actor"/> has stopped; at once if it has already. A second call changes
    /// nothing.
    /// </summary>
    /// <exception cref="InvalidOperationException">It is watched with a message of one's own; <see cref="Unwatch"/> it first.</exception>
    void Watch(IActorRef actor);

    /// <summary>As <see cref="Watch"/>, with a message of one's own in place of <see cref="Terminated"/>.</summary>
    void WatchWith(IActorRef actor, object message);

    /// <summary>Takes a watch back: no <see cref="Terminated"/> of it arrives after this, not even one that is queued.</summary>
    void Unwatch(IActorRef actor);

    /// <summary>Asks for <see cref="ReceiveTimeout"/> after every such time without a message; null ends it.</summary>
    void SetReceiveTimeout(TimeSpan? timeout);

    /// <summary>Messages put aside for later.</summary>
    IStash Stash { get; }

    /// <summary>Timers that send messages to the actor itself.</summary>
    ITimerScheduler Timers { get; }

    /// <summary>Replaces the actor's handler of messages.</summary>
    void Become(Action<object> receive);

    /// <summary>Puts a handler on top of the present one, which <see cref="Unbecome"/> brings back. At most 64 deep.</summary>
    void BecomeStacked(Action<object> receive);

    /// <summary>Takes the top handler away; the first one stays.</summary>
    void Unbecome();

    /// <summary>
    /// Runs an async handler: no other message of this actor is handled until it is done, its awaits come back into the actor, and its
    /// exception goes to the supervisor. One at a time. <c>ConfigureAwait(false)</c> leaves the actor: do not touch its state after one.
    /// </summary>
    /// <exception cref="InvalidOperationException">An async handler runs already, or the actor restarts or stops.</exception>
    void RunTask(Func<Task> task);
}

/// <summary>
/// A bounded place for messages that cannot be handled yet. They become dead letters when the actor stops, and return on a restart.
/// </summary>
public interface IStash
{
    /// <summary>How many messages are put aside.</summary>
    int Count { get; }

    /// <summary>How many may be; above it messages go to dead letters with <see cref="DeadLetterReason.StashFull"/>.</summary>
    int Capacity { get; set; }

    /// <summary>Puts the message being handled aside. False when the stash was full and the message went to dead letters.</summary>
    /// <exception cref="InvalidOperationException">No message is being handled, or it was put aside already.</exception>
    bool Stash();

    /// <summary>Puts all messages back in front of the mailbox, in the order in which they were put aside.</summary>
    void UnstashAll();

    /// <summary>Puts the oldest message back in front of the mailbox.</summary>
    void Unstash();
}

/// <summary>
/// Timers by key. Starting one replaces the one of the same key. A cancelled or replaced timer never delivers, even when its tick is
/// queued. All end when the actor stops or restarts. A periodic tick that finds its predecessor still queued is skipped.
/// </summary>
public interface ITimerScheduler
{
    /// <summary>Sends <paramref name="message"/> once after <paramref name="due"/>.</summary>
    void StartSingleTimer(object key, object message, TimeSpan due);

    /// <summary>Sends <paramref name="message"/> every <paramref name="interval"/>.</summary>
    void StartPeriodicTimer(object key, object message, TimeSpan interval);

    /// <summary>
    /// Sends <paramref name="message"/> after <paramref name="initialDelay"/> and then every <paramref name="interval"/>.
    /// </summary>
    void StartPeriodicTimer(object key, object message, TimeSpan initialDelay, TimeSpan interval);

    /// <summary>Whether a timer of that key will still deliver.</summary>
    bool IsTimerActive(object key);

    /// <summary>Ends the timer of that key, if there is one.</summary>
    void Cancel(object key);

    /// <summary>Ends all timers.</summary>
    void CancelAll();
}
