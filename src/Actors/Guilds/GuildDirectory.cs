using System.Collections.Concurrent;
using Discord.Actors.Messages;
using Discord.Actors.Presences;
using Discord.Actors.Sessions;
using Discord.Kernel;
using Discord.Kernel.Sharding;
using Discord.Protocol;
using Discord.Protocol.Errors;
using Discord.Storage;

namespace Discord.Actors.Guilds;

/// <summary>
/// The way to guilds and their channels from outside: finds handles of loaded guilds without asking anyone, and loads those that are not.
/// Thread-safe.
/// </summary>
public sealed class GuildDirectory(SessionRegistry sessions, PresenceBoard presences, ILookupStore lookups, TimeProvider time)
{
    private static readonly TimeSpan LoadLimit = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan CommandLimit = TimeSpan.FromSeconds(15);

    private static readonly TimeSpan RejoinEvery = TimeSpan.FromSeconds(1);

    private readonly ConcurrentDictionary<Snowflake, GuildHandle> _handles = new();
    private readonly ConcurrentDictionary<Snowflake, bool> _orphans = new();
    private IActorRef _region = ActorRefs.Nobody;
    private Task _terminated = Task.CompletedTask;

    /// <summary>Guilds loaded on this node.</summary>
    public IEnumerable<GuildHandle> Loaded => _handles.Values.Where(h => h.State.Exists);

    /// <summary>The guild if it is loaded on this node.</summary>
    public GuildHandle? LoadedOrNull(Snowflake guildId) =>
        _handles.TryGetValue(guildId, out GuildHandle? handle) && handle.State.Exists ? handle : null;

    internal void Start(IActorRef region, Task terminated)
    {
        _region = region;
        _terminated = terminated;
    }

    /// <summary>The guild, loaded if need be; null when there is none.</summary>
    public ValueTask<GuildHandle?> FindAsync(Snowflake guildId)
    {
        return _handles.TryGetValue(guildId, out GuildHandle? handle) && handle.State.Exists ? new(handle) : Load();

        async ValueTask<GuildHandle?> Load()
        {
            // Ids that never named a guild must not start actors.
            if (await lookups.GetIdAsync(LookupKind.Guild, guildId) is null)
                return null;
            return (await _region.Ask<GuildLoaded>(new ShardEnvelope(guildId.Value, LoadGuild.Instance), LoadLimit)).Handle;
        }
    }

    /// <exception cref="ApiException">10004: there is no such guild.</exception>
    public async ValueTask<GuildHandle> GetAsync(Snowflake guildId) =>
        await FindAsync(guildId) ?? throw new ApiException(ApiError.UnknownGuild);

    /// <summary>The guild that owns a channel or thread; null when none does (private channels too).</summary>
    public async ValueTask<GuildHandle?> FindByChannelAsync(Snowflake channelId)
    {
        if (_channels.TryGetValue(channelId, out Snowflake known) && _handles.TryGetValue(known, out GuildHandle? handle)
            && handle.State.FindChannel(channelId) is not null)
            return handle;
        Snowflake? owner = await lookups.GetIdAsync(LookupKind.ChannelOwner, channelId);
        if (owner is not { } guildId || guildId == Snowflake.None)
            return null;
        GuildHandle? guild = await FindAsync(guildId);
        if (guild is not null)
        {
            if (_channels.Count >= MaxCachedChannels)
                _channels.Clear();
            _channels[channelId] = guildId;
        }
        return guild?.State.FindChannel(channelId) is null ? null : guild;
    }

    // Which guild a channel belongs to never changes; the cache only saves the look-up. Emptied when it has grown to its bound.
    private const int MaxCachedChannels = 1_000_000;
    private readonly ConcurrentDictionary<Snowflake, Snowflake> _channels = new();

    /// <summary>Sends a command to a guild and waits for its outcome.</summary>
    /// <exception cref="ApiException">The command was refused, or there is no such guild.</exception>
    public async ValueTask<TResult> RunAsync<TResult>(Snowflake guildId, GuildCommand<TResult> command)
    {
        CommandDone done = await _region.Ask<CommandDone>(new ShardEnvelope(guildId.Value, command), CommandLimit);
        return (TResult)done.Result!;
    }

    /// <summary>A message to a guild's actor, loaded if need be.</summary>
    internal void Tell(Snowflake guildId, object message) => _region.Tell(new ShardEnvelope(guildId.Value, message));

    /// <summary>The channel's actor and log, started if need be; null when the guild has no such channel.</summary>
    public ValueTask<ChannelHandle?> OpenChannelAsync(GuildHandle guild, Snowflake channelId)
    {
        return guild.ChannelOrNull(channelId) is { } open ? new(open) : Open();

        async ValueTask<ChannelHandle?> Open() =>
            (await _region.Ask<ChannelOpened>(new ShardEnvelope(guild.Id.Value, new OpenChannel(channelId)), LoadLimit)).Channel;
    }

    /// <summary>A guild's actor has stopped while sessions heard of it: it is started again, and as often as that fails, until they are
    /// joined to it.</summary>
    internal void Orphaned(Snowflake guildId)
    {
        if (_orphans.TryAdd(guildId, true))
            _ = RejoinAsync(guildId);
    }

    internal bool IsOrphan(Snowflake guildId) => _orphans.ContainsKey(guildId);

    internal void Adopted(Snowflake guildId) => _orphans.TryRemove(guildId, out _);

    private async Task RejoinAsync(Snowflake guildId)
    {
        while (!_terminated.IsCompleted && _orphans.ContainsKey(guildId))
        {
            Tell(guildId, Resubscribe.Instance);
            await Task.Delay(RejoinEvery, time);
        }
    }

    internal GuildHandle HandleOf(Snowflake id) =>
        _handles.GetOrAdd(id, static (id, d) => new GuildHandle(id, d.sessions, d.presences), (sessions, presences));

    internal void Forget(GuildHandle handle) => _handles.TryRemove(new KeyValuePair<Snowflake, GuildHandle>(handle.Id, handle));
}
