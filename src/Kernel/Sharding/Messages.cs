namespace Discord.Kernel.Sharding;

/// <summary>A message for an entity, wherever it lives.</summary>
public sealed record ShardEnvelope(ulong EntityId, object Message);

/// <summary>
/// An entity that wants to leave the memory tells its parent this and goes on handling messages until it receives
/// <paramref name="StopMessage"/>; messages that arrive after that wait for the entity's next start. Nothing is lost.
/// </summary>
/// <param name="StopMessage">What the entity is told; <see cref="PoisonPill"/> unless it has something to do first.</param>
public sealed record Passivate(object StopMessage)
{
    /// <summary>Asks to be stopped by <see cref="PoisonPill"/>.</summary>
    public Passivate() : this(PoisonPill.Instance) { }
}
