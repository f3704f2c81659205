using Discord.Protocol;

namespace Discord.Node.Ops;

/// <summary>
/// What operators do to the domain. The operator's API checks the shape of what it is given, calls this, and writes the answer. Thread-
/// safe.
/// Refusals are <see cref="OperatorRefusedException"/>, or the <see cref="Protocol.Errors.ApiException"/> that the same deed throws
/// elsewhere.
/// </summary>
public interface IOperatorActions
{
    /// <summary>Guilds with ids above <paramref name="after"/>, by rising id, <paramref name="limit"/> (1 to 1000) at most.</summary>
    ValueTask<GuildList> GuildsAsync(Snowflake after, int limit, CancellationToken cancellation);

    /// <summary>One guild, or null.</summary>
    ValueTask<GuildDetail?> GuildAsync(Snowflake guild, CancellationToken cancellation);

    /// <summary>Open gateway sessions, <paramref name="limit"/> (1 to 10,000) at most.</summary>
    ValueTask<SessionList> SessionsAsync(int limit, CancellationToken cancellation);

    /// <summary>Ends a session: its client must identify anew. False when there is none.</summary>
    ValueTask<bool> KickSessionAsync(string session, CancellationToken cancellation);

    /// <summary>Creates a user account with a login.</summary>
    ValueTask<CreatedUser> CreateUserAsync(string username, string password, CancellationToken cancellation);

    /// <summary>Creates an application with a bot. <paramref name="owner"/> is a username or a user id.</summary>
    ValueTask<CreatedBot> CreateBotAsync(string name, string owner, CancellationToken cancellation);

    /// <summary>
    /// Creates an owner, a bot with all intents and Administrator by a role above all others, a guild and a text channel.
    /// </summary>
    ValueTask<DevSeed> SeedAsync(CancellationToken cancellation);
}

/// <summary>An operator's deed cannot be done. The message is the sentence that the operator reads.</summary>
/// <param name="message">What is wrong and what to do.</param>
/// <param name="status">400 wrong input, 404 not there, 409 in the way of something that is.</param>
public sealed class OperatorRefusedException(string message, int status = 400) : Exception(message)
{
    /// <summary>HTTP status of the answer.</summary>
    public int Status { get; } = status;
}
