using Discord.Kernel.Persistence;
using Discord.Protocol;

namespace Discord.Actors.Applications;

/// <summary>
/// A wish to change what an application owns, sent to its actor. Like a guild's command it is a pure decision: it looks at the state,
/// checks limits and names the facts that follow. Immutable.
/// </summary>
public abstract record ApplicationRequest
{
    internal abstract object? Run(ApplicationDecision decision);
}

/// <summary>A request with an answer.</summary>
/// <typeparam name="TResult">What the caller is told once the facts are stored.</typeparam>
public abstract record ApplicationRequest<TResult> : ApplicationRequest
{
    /// <summary>Decides. Nothing outside <paramref name="application"/> may be touched.</summary>
    /// <exception cref="Protocol.Errors.ApiException">The wish is refused; nothing happened.</exception>
    protected abstract TResult Decide(ApplicationDecision application);

    internal sealed override object? Run(ApplicationDecision decision) => Decide(decision);
}

/// <summary>One request's decision in the making. Facts apply to <see cref="State"/> at once; the actor stores them before anyone is
/// told.</summary>
public sealed class ApplicationDecision(Snowflake id, ApplicationState before, SnowflakeGenerator ids)
{
    private readonly List<ApplicationEvent> _facts = [];
    private readonly List<ILookupWrite> _lookups = [];

    /// <summary>The application.</summary>
    public Snowflake Id { get; } = id;

    /// <summary>What it owns, with the facts decided so far.</summary>
    public ApplicationState State { get; private set; } = before;

    internal IReadOnlyList<ApplicationEvent> Facts => _facts;
    internal IReadOnlyList<ILookupWrite> Lookups => _lookups;

    public Snowflake NewId() => ids.Next();

    public void Put(ApplicationEvent fact)
    {
        State = fact.Apply(State);
        _facts.Add(fact);
    }

    /// <summary>Adds a row that is written with the facts.</summary>
    public void Write(ILookupWrite lookup) => _lookups.Add(lookup);
}
