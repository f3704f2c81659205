using System.Globalization;
using Discord.Kernel;

namespace Discord.Actors.Sessions;

/// <summary>Parent of all sessions of a node. A session whose actor fails is stopped: its client is closed and identifies anew.</summary>
internal sealed class SessionSupervisor(DomainServices domain) : UntypedActor
{
    /// <summary>Answered with the new session's <see cref="IActorRef"/>.</summary>
    internal sealed record Start(Session Session);

    protected override SupervisorStrategy SupervisorStrategy { get; } =
        new OneForOneStrategy(0, TimeSpan.FromSeconds(1), _ => Directive.Stop);

    protected override void OnReceive(object message)
    {
        if (message is Start start)
            Sender.Tell(Context.ActorOf(Props.Create(() => new SessionActor(start.Session, domain)), start.Session.SessionId));
        else
            Unhandled(message);
    }
}
