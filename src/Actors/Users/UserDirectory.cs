using System.Collections.Concurrent;
using Discord.Actors.Guilds;
using Discord.Actors.Privates;
using Discord.Kernel;
using Discord.Kernel.Sharding;
using Discord.Protocol;
using Discord.Protocol.Payloads;
using Discord.Storage;

namespace Discord.Actors.Users;

/// <summary>
/// The way to users: their presence, and what they keep for themselves. Reads of a state that is loaded ask nobody. Thread-safe.
/// </summary>
public sealed class UserDirectory(ILookupStore lookups, GuildDirectory guilds, PrivateDirectory privates)
{
    private static readonly TimeSpan LoadLimit = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan CommandLimit = TimeSpan.FromSeconds(15);

    private readonly ConcurrentDictionary<Snowflake, UserState> _states = new();
    private IActorRef _presences = ActorRefs.Nobody;
    private IActorRef _accounts = ActorRefs.Nobody;

    /// <summary>What an account keeps for itself, as stored. Ask it of accounts that exist only: any other id starts an actor for
    /// nothing.</summary>
    public ValueTask<UserState> StateOfAsync(Snowflake userId)
    {
        return _states.TryGetValue(userId, out UserState? known) ? new(known) : Load();

        async ValueTask<UserState> Load() =>
            await _accounts.Ask<UserState>(new ShardEnvelope(userId.Value, UserStateActor.Load.Instance), LoadLimit);
    }

    /// <summary>Sends a command to an account that exists and waits for its outcome.</summary>
    /// <exception cref="Protocol.Errors.ApiException">The command was refused.</exception>
    public async ValueTask<TResult> RunAsync<TResult>(Snowflake userId, UserCommand<TResult> command) =>
        (TResult)(await _accounts.Ask<CommandDone>(new ShardEnvelope(userId.Value, command), CommandLimit)).Result!;

    /// <summary>Changes an account's profile or credentials. Its sessions, its guilds and its private channels are told.</summary>
    /// <returns>The profile after the change.</returns>
    /// <exception cref="AccountConflictException">Name or address is taken.</exception>
    /// <exception cref="Protocol.Errors.ApiException">10013: there is no such account.</exception>
    public async ValueTask<UserProfile> ChangeAsync(Snowflake userId, ChangeAccount change) =>
        (UserProfile)(await _accounts.Ask<CommandDone>(new ShardEnvelope(userId.Value, change), CommandLimit)).Result!;

    internal void Start(IActorRef presences, IActorRef accounts)
    {
        _presences = presences;
        _accounts = accounts;
    }

    /// <summary>To the actor that holds the user's presence.</summary>
    internal void Tell(Snowflake userId, object message) => _presences.Tell(new ShardEnvelope(userId.Value, message));

    internal Task<T> AskAsync<T>(Snowflake userId, object message, CancellationToken cancellation) =>
        _presences.Ask<T>(new ShardEnvelope(userId.Value, message), CommandLimit, cancellation);

    /// <summary>Name, avatar or the like changed: wherever a copy of the user is kept it follows.</summary>
    internal async ValueTask TellChangedAsync(User user)
    {
        await foreach (Snowflake guild in lookups.GuildsOfAsync(user.Id))
            guilds.Tell(guild, new UserChanged(user));
        await privates.TellUserChangedAsync(user);
    }

    /// <summary>To the actor that holds what the account keeps; it must exist.</summary>
    internal void TellState(Snowflake userId, object message) => _accounts.Tell(new ShardEnvelope(userId.Value, message));

    internal UserState? StateOrNull(Snowflake userId) => _states.GetValueOrDefault(userId);

    internal void Loaded(Snowflake userId, UserState state) => _states[userId] = state;

    internal void Forget(Snowflake userId) => _states.TryRemove(userId, out _);
}
