namespace Discord.Kernel;

/// <summary>Brings the awaits of an actor's async handler back into its turns, so that the handler never runs beside the actor.</summary>
internal sealed class ActorSynchronizationContext(ActorCell cell) : SynchronizationContext
{
    public override void Post(SendOrPostCallback d, object? state) => cell.SendSystem(new ContinuationMessage(this, d, state));

    public override void Send(SendOrPostCallback d, object? state) =>
        throw new NotSupportedException("an actor cannot be entered from outside; Tell it something");

    public override SynchronizationContext CreateCopy() => this;
}
