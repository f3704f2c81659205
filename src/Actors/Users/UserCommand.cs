using Discord.Actors.Sessions;
using Discord.Protocol;

namespace Discord.Actors.Users;

/// <summary>
/// A wish to change what an account keeps for itself, sent to its actor. As a guild's command it is a pure decision on the state that names
/// facts. A command is immutable and serialisable in principle: it may have to travel to another node.
/// </summary>
public abstract record UserCommand
{
    internal abstract object? Run(UserDecision decision);
}

/// <summary>A command with an answer.</summary>
/// <typeparam name="TResult">What the caller is told once the facts are stored.</typeparam>
public abstract record UserCommand<TResult> : UserCommand
{
    /// <summary>Decides. Nothing outside <paramref name="user"/> may be touched.</summary>
    /// <exception cref="Protocol.Errors.ApiException">The wish is refused; nothing happened.</exception>
    protected abstract TResult Decide(UserDecision user);

    internal sealed override object? Run(UserDecision decision) => Decide(decision);
}

/// <summary>One command's decision in the making: facts apply to <see cref="State"/> at once. When it throws, nothing of it
/// remains.</summary>
public sealed class UserDecision(Snowflake userId, UserState before, DateTimeOffset now)
{
    private readonly List<UserEvent> _facts = [];
    private readonly List<UserDispatch> _told = [];

    public Snowflake UserId { get; } = userId;

    /// <summary>The state before the command.</summary>
    public UserState Before { get; } = before;

    /// <summary>The state with the facts decided so far.</summary>
    public UserState State { get; private set; } = before;

    public DateTimeOffset Now { get; } = now;

    internal IReadOnlyList<UserEvent> Facts => _facts;
    internal IReadOnlyList<UserDispatch> Told => _told;

    /// <summary>Adds a fact.</summary>
    public void Put(UserEvent fact)
    {
        State = fact.Apply(State);
        _facts.Add(fact);
    }

    /// <summary>
    /// Tells the user's own sessions once the facts are stored; not those that have a capability of <paramref name="without"/>, which learn
    /// of it otherwise.
    /// </summary>
    public void Tell(DispatchEvent dispatch, UserCapabilities without = UserCapabilities.None) =>
        _told.Add(new UserDispatch(dispatch, without));
}

/// <summary>An event for a user's own sessions.</summary>
internal readonly record struct UserDispatch(DispatchEvent Event, UserCapabilities Without);
