using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace Discord.Kernel;

/// <summary>
/// One actor: its ref, mailbox, context and work item in a single object; what few actors need is in <see cref="CellExtras"/>.
/// </summary>
/// <remarks>
/// Who may run the cell is decided by one token, and the queues themselves say where it is:
/// <list type="bullet">
/// <item><c>_inbox</c> is a stack of envelopes with senders pushing by compare-and-swap. Null means idle: whoever replaces null (a sender
/// by
/// its envelope, a system message by <see cref="s_running"/>) owns the token and schedules the cell. The owner takes the whole stack by
/// exchanging it for <see cref="s_running"/> and reverses it into <c>_local</c>; it gives the token back by swapping
/// <see cref="s_running"/> for null, which fails when anything has come meanwhile. Nobody else ever writes null.</item>
/// <item><c>_system</c> works alike. After the owner has gone idle it looks once more: a system sender that saw a non-null inbox before
/// that
/// swap has pushed before it, so one of the two sees the other (both sides are full fences).</item>
/// <item>A cell that must not handle user messages (suspended, awaiting, stopping) keeps its inbox non-null and parks: it swaps
/// <c>_system</c> from null to <see cref="s_parked"/>. Who replaces that mark by a system message owns the token. All that ends such a
/// state therefore sends a system message.</item>
/// <item>A stopped cell has <see cref="s_closed"/> in both. Each exchange hands the rest of the queue to the owner, so every message is
/// either seen by the cell or by the sender that finds it closed, never by none.</item>
/// </list>
/// What a turn wrote the next one sees, for the token passes through compare-and-swaps and the pool's queues.
/// </remarks>
internal sealed partial class ActorCell : IActorRef, IActorContext, IThreadPoolWorkItem
{
    private const int NoDepthLimit = int.MaxValue;

    private static readonly Envelope s_running = new(new object(), null) { Depth = 0 };
    private static readonly Envelope s_closed = new(new object(), null) { Depth = NoDepthLimit };
    private static readonly SystemSentinel s_systemClosed = new();
    private static readonly SystemSentinel s_parked = new();

    // Written by senders.
    private Envelope? _inbox;
    private SystemMessage? _system;

    // Owned by whoever has the token.
    private Envelope? _local;
    private Envelope? _current;
    private ActorBase? _actor;
    private Action<object>? _behavior;
    private CellExtras? _extras;

    // Unchanging.
    private readonly ActorSystem _actorSystem;
    private readonly ActorCell? _parent;
    private readonly Props _props;
    private string? _name;
    private ActorPath? _path;
    private readonly long _uid;
    private readonly int _capacity;
    private readonly int _throughput;

    // Messages taken from the inbox and not yet handled; written by the owner, read by senders for the bound.
    private int _taken;

    public ActorCell(ActorSystem system, ActorCell? parent, Props props, string? name, long uid)
    {
        _actorSystem = system;
        _parent = parent;
        _props = props;
        _name = name;
        _uid = uid;
        _capacity = props.Mailbox?.Capacity ?? system.Options.DefaultMailboxCapacity;
        _throughput = props.Throughput ?? system.Options.Throughput;
        // Born with the token taken: Start schedules the first turn, which makes the instance.
        _inbox = s_running;
    }

    public ActorSystem System => _actorSystem;

    public void Start() => _actorSystem.Dispatcher.Schedule(this, yielding: false);

    public void Tell(object message, IActorRef? sender = null)
    {
        ArgumentNullException.ThrowIfNull(message);
        Enqueue(new Envelope(message, sender), _capacity);
    }

    /// <summary>For what its cause bounds: timer ticks, notices.</summary>
    internal void TellUnbounded(object message, IActorRef? sender) => Enqueue(new Envelope(message, sender), NoDepthLimit);

    private void Enqueue(Envelope envelope, int capacity)
    {
        var top = Volatile.Read(ref _inbox);
        while (true)
        {
            if (top is null)
            {
                envelope.Next = null;
                envelope.Depth = 1;
            }
            else
            {
                var depth = top.Depth;
                if ((uint)depth + (uint)Volatile.Read(ref _taken) >= (uint)capacity)
                {
                    Refuse(envelope, top);
                    return;
                }
                envelope.Next = depth == 0 ? null : top;
                envelope.Depth = depth + 1;
            }
            var seen = Interlocked.CompareExchange(ref _inbox, envelope, top);
            if (ReferenceEquals(seen, top))
            {
                if (top is null) _actorSystem.Dispatcher.Schedule(this, yielding: false);
                return;
            }
            top = seen;
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void Refuse(Envelope envelope, Envelope top)
    {
        if (ReferenceEquals(top, s_closed))
        {
            ToDeadLetters(envelope, DeadLetterReason.RecipientStopped);
            return;
        }
        _actorSystem.PublishDeadLetter(envelope.Message, envelope.Sender, this, DeadLetterReason.MailboxFull);
        if (_props.Mailbox?.Policy == OverflowPolicy.FailSender)
        {
            envelope.Sender?.Tell(
                new Status.Failure(new MailboxFullException(
                    $"the mailbox of {Path} is full ({_capacity} messages); try again later")), this);
        }
    }

    internal void SendSystem(SystemMessage message)
    {
        var top = Volatile.Read(ref _system);
        while (true)
        {
            if (ReferenceEquals(top, s_systemClosed))
            {
                message.OnClosed(this);
                return;
            }
            message.Next = ReferenceEquals(top, s_parked) ? null : top;
            var seen = Interlocked.CompareExchange(ref _system, message, top);
            if (ReferenceEquals(seen, top)) break;
            top = seen;
        }
        if (ReferenceEquals(top, s_parked)
            || (top is null && Interlocked.CompareExchange(ref _inbox, s_running, null) is null))
        {
            _actorSystem.Dispatcher.Schedule(this, yielding: false);
        }
    }

    /// <summary>One turn: at most the throughput's number of user messages.</summary>
    void IThreadPoolWorkItem.Execute()
    {
        if (_phase == Phase.Created) Create();
        var budget = _throughput;
        while (true)
        {
            if (Volatile.Read(ref _system) is not null)
            {
                // An async handler that yields to itself comes back as system messages without end: they use up the turn too.
                if (budget-- <= 0)
                {
                    _actorSystem.Dispatcher.Schedule(this, yielding: true);
                    return;
                }
                HandleSystemMessages();
                if (_phase == Phase.Closed) return;
                continue;
            }
            if (Volatile.Read(ref _holds) != 0)
            {
                Race(RacePoint.BeforePark);
                if (Interlocked.CompareExchange(ref _system, s_parked, null) is null) return;
                continue;
            }
            if (_local is null && !Refill())
            {
                Race(RacePoint.AfterIdle);
                if (Volatile.Read(ref _system) is not null && Interlocked.CompareExchange(ref _inbox, s_running, null) is null) continue;
                return;
            }
            if (budget-- <= 0)
            {
                _actorSystem.Dispatcher.Schedule(this, yielding: true);
                return;
            }
            var envelope = _local!;
            _local = envelope.Next;
            // An old envelope must not keep its successors alive.
            envelope.Next = null;
            Volatile.Write(ref _taken, _taken - 1);
            Handle(envelope);
        }
    }

    /// <summary>Takes what is in the inbox. False when there was nothing and the token is given back.</summary>
    private bool Refill()
    {
        var top = Volatile.Read(ref _inbox)!;
        if (ReferenceEquals(top, s_running))
        {
            // Between messages nothing of the last one is kept alive.
            _current = null;
            Race(RacePoint.BeforeIdle);
            if (ReferenceEquals(Interlocked.CompareExchange(ref _inbox, null, s_running), s_running)) return false;
        }
        Race(RacePoint.BeforeRefill);
        // A sender that comes between these two lines finds the mailbox empty: hence "twice" in the bound. The other order would refuse
        // messages for which there is room.
        top = Interlocked.Exchange(ref _inbox, s_running)!;
        Volatile.Write(ref _taken, top.Depth);
        Envelope? first = null;
        for (var envelope = top; envelope is not null;)
        {
            var next = envelope.Next;
            envelope.Next = first;
            first = envelope;
            envelope = next;
        }
        _local = first;
        return true;
    }

    private void HandleSystemMessages()
    {
        SystemMessage? first = null;
        for (var message = Interlocked.Exchange(ref _system, null); message is not null;)
        {
            var next = message.Next;
            message.Next = first;
            first = message;
            message = next;
        }
        while (first is not null)
        {
            var message = first;
            first = message.Next;
            message.Next = null;
            if (_phase == Phase.Closed)
            {
                message.OnClosed(this);
                continue;
            }
            try
            {
                message.Invoke(this);
            }
            catch (Exception e)
            {
                Fail(e, null);
            }
        }
    }

    private void Handle(Envelope envelope)
    {
        try
        {
            if (envelope.Message is AutoReceivedMessage auto)
            {
                _current = envelope;
                auto.Deliver(this, envelope);
            }
            else
            {
                Deliver(envelope);
            }
        }
        catch (Exception e)
        {
            Fail(e, _current?.Message);
        }
    }

    /// <summary>Runs the actor's handler.</summary>
    internal void Deliver(Envelope envelope)
    {
        _current = envelope;
        if (_behavior is { } behavior) behavior(envelope.Message);
        else _actor!.Receive(envelope.Message);
        if (_extras?.ReceiveTimeout is { } timeout && _extras.Async is null) timeout.Touch();
    }

    private void ToDeadLetters(Envelope envelope, DeadLetterReason reason)
    {
        if (envelope.Message is AutoReceivedMessage { IsPrivate: true }) return;
        _actorSystem.PublishDeadLetter(envelope.Message, envelope.Sender, this, reason);
    }

    /// <summary>Messages that wait; a moment's figure.</summary>
    internal int MailboxDepth
    {
        get
        {
            var top = Volatile.Read(ref _inbox);
            return Volatile.Read(ref _taken) + (top is null || ReferenceEquals(top, s_closed) ? 0 : top.Depth);
        }
    }

    private void CloseMailbox()
    {
        Race(RacePoint.BeforeClose);
        SystemMessage? late = null;
        for (var message = Interlocked.Exchange(ref _system, s_systemClosed); message is not null;)
        {
            var next = message.Next;
            message.Next = late;
            late = message;
            message = next;
        }
        var rest = _local;
        _local = null;
        DrainToDeadLetters(rest);
        Race(RacePoint.BetweenCloses);
        var top = Interlocked.Exchange(ref _inbox, s_closed)!;
        if (!ReferenceEquals(top, s_running))
        {
            Envelope? first = null;
            for (var envelope = top; envelope is not null;)
            {
                var next = envelope.Next;
                envelope.Next = first;
                first = envelope;
                envelope = next;
            }
            DrainToDeadLetters(first);
        }
        Volatile.Write(ref _taken, 0);
        while (late is not null)
        {
            var next = late.Next;
            late.Next = null;
            late.OnClosed(this);
            late = next;
        }
    }

    private void DrainToDeadLetters(Envelope? first)
    {
        while (first is not null)
        {
            var next = first.Next;
            first.Next = null;
            ToDeadLetters(first, DeadLetterReason.RecipientStopped);
            first = next;
        }
    }

    /// <summary>The places where what other threads do matters most; tests act there in their stead. Not in a release build.</summary>
    internal enum RacePoint
    {
        BeforeIdle,
        AfterIdle,
        BeforePark,
        BeforeRefill,
        BeforeClose,
        BetweenCloses,
    }

    [ThreadStatic]
    internal static Action<ActorCell, RacePoint>? t_race;

    [Conditional("DEBUG")]
    private void Race(RacePoint point) => t_race?.Invoke(this, point);

    /// <summary>Puts envelopes, linked from <paramref name="first"/> to <paramref name="last"/>, in front of all that waits.</summary>
    internal void Prepend(Envelope first, Envelope last, int count)
    {
        last.Next = _local;
        _local = first;
        Volatile.Write(ref _taken, _taken + count);
    }
}
