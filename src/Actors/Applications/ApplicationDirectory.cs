using System.Collections.Concurrent;
using Discord.Actors.Guilds;
using Discord.Kernel;
using Discord.Kernel.Sharding;
using Discord.Protocol;
using Discord.Protocol.Errors;
using Discord.Protocol.Payloads;
using Discord.Storage;

namespace Discord.Actors.Applications;

/// <summary>An application whose actor runs, as everyone else sees it. Thread-safe; the actor alone sets <see cref="State"/>.</summary>
public sealed class ApplicationHandle(Snowflake id)
{
    private ApplicationState? _state;

    public Snowflake Id { get; } = id;

    /// <summary>What it owns after the last stored change; null until it is read from the journal.</summary>
    public ApplicationState? State
    {
        get => Volatile.Read(ref _state);
        internal set => Volatile.Write(ref _state, value);
    }
}

/// <summary>The way to applications: reads what they own from memory, sends requests to their actors. Thread-safe.</summary>
public sealed class ApplicationDirectory(IAccountStore accounts)
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(15);

    private readonly ConcurrentDictionary<Snowflake, ApplicationHandle> _handles = new();
    private IActorRef _region = ActorRefs.Nobody;

    internal void Start(IActorRef region) => _region = region;

    /// <summary>Commands and emojis of the application, loaded if need be; null when there is no such application.</summary>
    public ValueTask<ApplicationState?> FindAsync(Snowflake id)
    {
        return _handles.TryGetValue(id, out ApplicationHandle? handle) && handle.State is { } known ? new(known) : Load();

        async ValueTask<ApplicationState?> Load()
        {
            // Ids that never named an application must not start actors.
            if (await accounts.GetApplicationAsync(id) is null)
                return null;
            return (await _region.Ask<ApplicationLoaded>(new ShardEnvelope(id.Value, LoadApplication.Instance), Limit)).Handle.State;
        }
    }

    /// <exception cref="ApiException">10002: there is no such application.</exception>
    public async ValueTask<ApplicationState> GetAsync(Snowflake id) =>
        await FindAsync(id) ?? throw new ApiException(ApiError.UnknownApplication);

    /// <summary>Sends a request to an application that exists and waits for its outcome.</summary>
    /// <exception cref="ApiException">It was refused.</exception>
    public async ValueTask<TResult> RunAsync<TResult>(Snowflake id, ApplicationRequest<TResult> request)
    {
        CommandDone done = await _region.Ask<CommandDone>(new ShardEnvelope(id.Value, request), Limit);
        return (TResult)done.Result!;
    }

    /// <summary>The settings; null when there is no such application.</summary>
    public async ValueTask<Application?> ProfileAsync(Snowflake id, CancellationToken cancellation = default) =>
        await accounts.GetApplicationAsync(id, cancellation) is { } row ? ApplicationProfile.FromBytes(row.Body.Span) : null;

    /// <summary>Changes the settings, one change after the other.</summary>
    /// <param name="change">From the settings as they are to what they shall be. Pure.</param>
    /// <returns>The new settings.</returns>
    /// <exception cref="ApiException">10002: there is no such application; or what <paramref name="change"/> throws.</exception>
    public async ValueTask<Application> ModifyAsync(Snowflake id, Func<Application, Application> change)
    {
        CommandDone done = await _region.Ask<CommandDone>(new ShardEnvelope(id.Value, new ModifyApplication(change)), Limit);
        return (Application)done.Result!;
    }

    internal ApplicationHandle HandleOf(Snowflake id) => _handles.GetOrAdd(id, static id => new ApplicationHandle(id));

    internal void Forget(ApplicationHandle handle) => _handles.TryRemove(new KeyValuePair<Snowflake, ApplicationHandle>(handle.Id, handle));
}
