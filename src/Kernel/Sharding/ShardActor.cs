namespace Discord.Kernel.Sharding;

/// <summary>The entities of one shard.</summary>
/// <remarks>
/// An entity is unknown, active or stopping. Active: messages are handed on. It becomes stopping when it tells <see cref="Passivate"/> or
/// was idle for too long: the shard tells it the stop message, behind all that it was handed before, and from then on holds what comes for
/// it. When its <see cref="Terminated"/> arrives it is unknown; what was held starts it anew and is handed on in order. So every message is
/// either in the mailbox before the stop message, or held. An entity that stops without asking loses what is in its mailbox, as any actor.
/// </remarks>
internal sealed class ShardActor(Func<ulong, Props> entityProps, IMessageExtractor extractor, ShardRegionOptions options) : UntypedActor
{
    private static readonly object s_sweep = new();

    private readonly Dictionary<ulong, Entity> _entities = [];
    private readonly Dictionary<IActorRef, Entity> _byRef = new(ReferenceEqualityComparer.Instance);

    private TimeProvider Time => Context.System.TimeProvider;

    protected internal override void PreStart()
    {
        if (options.PassivateAfter is { } after) Context.Timers.StartPeriodicTimer(s_sweep, s_sweep, after / 2);
    }

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case Passivate passivate:
                if (_byRef.TryGetValue(Sender, out var leaving)) StopEntity(leaving, passivate.StopMessage);
                else Unhandled(message);
                break;
            case Terminated terminated:
                if (_byRef.Remove(terminated.ActorRef, out var gone)) OnStopped(gone);
                break;
            default:
                if (ReferenceEquals(message, s_sweep)) Sweep();
                else Hand(message);
                break;
        }
    }

    private void Hand(object message)
    {
        var id = extractor.EntityId(message);
        var sender = Cell.Current?.Sender;
        if (!_entities.TryGetValue(id, out var entity))
        {
            entity = StartEntity(id);
            if (entity is null)
            {
                Context.System.PublishDeadLetter(message, sender, Self, DeadLetterReason.Unavailable);
                return;
            }
        }
        if (entity.Held is { } held)
        {
            if (held.Count >= options.BufferLimit)
            {
                Context.System.PublishDeadLetter(message, sender, entity.Ref, DeadLetterReason.MailboxFull);
            }
            else held.Enqueue((message, sender));
            return;
        }
        entity.LastMessage = Time.GetTimestamp();
        entity.Ref.Tell(extractor.EntityMessage(message), sender);
    }

    private Entity? StartEntity(ulong id)
    {
        IActorRef entityRef;
        try
        {
            entityRef = Context.ActorOf(entityProps(id), id.ToString());
        }
        catch (Exception e)
        {
            ShardingLog.NoProps(Context.Logger, e, id);
            return null;
        }
        var entity = new Entity(id, entityRef) { LastMessage = Time.GetTimestamp() };
        Context.Watch(entityRef);
        _entities.Add(id, entity);
        _byRef.Add(entityRef, entity);
        return entity;
    }

    private void StopEntity(Entity entity, object stopMessage)
    {
        // A second wish to leave changes nothing.
        if (entity.Held is not null) return;
        entity.Held = new Queue<(object, IActorRef?)>();
        entity.Ref.Tell(stopMessage, Self);
    }

    private void OnStopped(Entity entity)
    {
        _entities.Remove(entity.Id);
        if (entity.Held is not { Count: > 0 } held) return;
        var next = StartEntity(entity.Id);
        foreach (var (message, sender) in held)
        {
            if (next is null) Context.System.PublishDeadLetter(message, sender, Self, DeadLetterReason.Unavailable);
            else next.Ref.Tell(extractor.EntityMessage(message), sender);
        }
    }

    private void Sweep()
    {
        var limit = options.PassivateAfter!.Value;
        foreach (var entity in _entities.Values)
        {
            if (entity.Held is null && Time.GetElapsedTime(entity.LastMessage) >= limit) StopEntity(entity, PoisonPill.Instance);
        }
    }

    private sealed class Entity(ulong id, IActorRef entityRef)
    {
        public ulong Id { get; } = id;

        public IActorRef Ref { get; } = entityRef;

        public long LastMessage { get; set; }

        /// <summary>Messages that came while it stops; null while it is active.</summary>
        public Queue<(object Message, IActorRef? Sender)>? Held { get; set; }
    }
}
