using Discord.Actors.Guilds;
using Discord.Protocol;
using Discord.Protocol.Payloads;

namespace Discord.Actors.Tests.Guilds;

/// <summary>A guild without an actor: commands are decided on a state, and their facts are kept.</summary>
internal sealed class DecisionKit
{
    private readonly SnowflakeGenerator _ids = new(0, 0, TimeProvider.System);

    public DecisionKit()
    {
        Owner = new User { Id = _ids.Next(), Username = "owner" };
        Id = _ids.Next();
        Run(new CreateGuild(Id, "guild", Owner) { By = System });
    }

    public User Owner { get; }

    public Snowflake Id { get; }

    public GuildState State { get; private set; } = GuildState.None;

    public DateTimeOffset Now { get; set; } = new(2026, 11, 24, 0, 0, 0, TimeSpan.Zero);

    public Caller System => new(Owner.Id) { System = true };

    /// <summary>The facts of the last command.</summary>
    public IReadOnlyList<GuildEvent> Facts { get; private set; } = [];

    public Snowflake NewId() => _ids.Next();

    public User NewUser() => new() { Id = NewId(), Username = "user" };

    public TResult Run<TResult>(GuildCommand<TResult> command)
    {
        GuildDecision decision = new(State, command.By, Now, _ids);
        object? result = command.Run(decision);
        State = decision.State;
        Facts = [.. decision.Facts.Select(f => f.Fact)];
        return (TResult)result!;
    }

    public void Put(params ReadOnlySpan<GuildEvent> facts)
    {
        foreach (GuildEvent fact in facts)
            State = fact.Apply(State);
    }
}
