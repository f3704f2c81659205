using Discord.Protocol;

namespace Discord.Actors.Guilds;

/// <summary>Who asks for a change, and why. <see cref="UserId"/> acts with its rights in the guild; <see cref="System"/> with
/// all.</summary>
public readonly record struct Caller(Snowflake UserId, string? Reason = null)
{
    /// <summary>The server itself (or an operator): no right is asked for. Audit entries name <see cref="UserId"/>.</summary>
    public bool System { get; init; }
}

/// <summary>
/// A wish to change a guild, sent to its actor. The decision is a pure function of the guild's state: it asks for rights, checks limits,
/// and names the facts that follow; see <see cref="GuildDecision"/>. One command a file or a few that belong together, in the folder of
/// what they change. A command is immutable and serialisable in principle: it may have to travel to another node.
/// </summary>
public abstract record GuildCommand
{
    public Caller By { get; init; }

    internal abstract object? Run(GuildDecision decision);
}

/// <summary>A command with an answer.</summary>
/// <typeparam name="TResult">What the caller is told once the facts are stored.</typeparam>
public abstract record GuildCommand<TResult> : GuildCommand
{
    /// <summary>Decides. Nothing outside <paramref name="guild"/> may be touched.</summary>
    /// <exception cref="Protocol.Errors.ApiException">The wish is refused; nothing happened.</exception>
    protected abstract TResult Decide(GuildDecision guild);

    internal sealed override object? Run(GuildDecision decision) => Decide(decision);
}
