using System.Collections.Concurrent;
using Discord.Actors.Guilds;
using Discord.Actors.Messages;
using Discord.Actors.Sessions;
using Discord.Kernel;
using Discord.Kernel.Persistence;
using Discord.Kernel.Sharding;
using Discord.Protocol;
using Discord.Protocol.Errors;
using Discord.Protocol.Payloads;
using Discord.Storage;

namespace Discord.Actors.Privates;

/// <summary>Asks a private channel's actor to be there; it answers <see cref="PrivateLoaded"/>.</summary>
internal sealed class LoadPrivate
{
    public static LoadPrivate Instance { get; } = new();
}

/// <summary>The channel is loaded; <see cref="Handle"/> is null when there is no such channel.</summary>
internal sealed record PrivateLoaded(PrivateHandle? Handle);

/// <summary>The way to private channels: finds those that are loaded without asking anyone, and loads the others. Thread-safe.</summary>
public sealed class PrivateDirectory(SessionRegistry sessions, ILookupStore lookups, SnowflakeGenerator ids, TimeProvider time)
{
    private static readonly TimeSpan LoadLimit = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan CommandLimit = TimeSpan.FromSeconds(15);

    private readonly ConcurrentDictionary<Snowflake, PrivateHandle> _handles = new();
    private IActorRef _region = ActorRefs.Nobody;

    /// <summary>The private channel, loaded if need be; null when there is none.</summary>
    public ValueTask<PrivateHandle?> FindAsync(Snowflake channelId)
    {
        if (!_handles.TryGetValue(channelId, out PrivateHandle? handle) || !handle.State.IsAlive)
            return Load();
        handle.Touch(time.GetUtcNow());
        return new(handle);

        async ValueTask<PrivateHandle?> Load()
        {
            // Ids that never named a private channel must not start actors.
            if (await lookups.GetIdAsync(LookupKind.ChannelOwner, channelId) != Snowflake.None)
                return null;
            return (await _region.Ask<PrivateLoaded>(new ShardEnvelope(channelId.Value, LoadPrivate.Instance), LoadLimit)).Handle;
        }
    }

    /// <summary>The DM of two users, open or closed; null when they never had one.</summary>
    public async ValueTask<PrivateHandle?> FindDirectAsync(Snowflake a, Snowflake b) =>
        await lookups.GetIdAsync(LookupKind.DirectChannel, PrivateLookups.DirectKey(a, b)) is { } id ? await FindAsync(id) : null;

    /// <summary>The DM of two users, begun if there is none, opened again if <paramref name="from"/> had closed it.</summary>
    /// <returns>The channel as <paramref name="from"/> sees it.</returns>
    public async ValueTask<Channel> OpenDirectAsync(User from, User to)
    {
        string key = PrivateLookups.DirectKey(from.Id, to.Id);
        for (int attempt = 0; ; attempt++)
        {
            Snowflake channel = await lookups.GetIdAsync(LookupKind.DirectChannel, key) ?? ids.Next();
            try
            {
                return await RunAsync(channel, new OpenDirect(channel, from, to));
            }
            catch (PersistenceFailedException failed) when (failed.InnerException is LookupConflictException && attempt < 3)
            {
                // Both opened it at the same moment; the other one's channel is it.
            }
        }
    }

    /// <summary>Begins a group.</summary>
    /// <returns>The channel as its owner sees it.</returns>
    /// <exception cref="ApiException">30004: more than ten.</exception>
    public ValueTask<Channel> CreateGroupAsync(User owner, IReadOnlyList<User> others, string? name = null)
    {
        Snowflake channel = ids.Next();
        return RunAsync(channel, new CreateGroup(channel, owner, others, name));
    }

    /// <summary>The private channels that are open for a user, by id. At most 10,000.</summary>
    public async ValueTask<IReadOnlyList<PrivateHandle>> ListAsync(Snowflake userId, CancellationToken cancellation = default)
    {
        List<PrivateHandle> open = [];
        foreach (Snowflake id in await lookups.MembersAsync(SetKind.UserPrivateChannels, userId, ct: cancellation))
        {
            if (await FindAsync(id) is { } handle)
                open.Add(handle);
        }
        return open;
    }

    /// <summary>Sends a command to a private channel and waits for its outcome.</summary>
    /// <exception cref="ApiException">The command was refused, or there is no such channel.</exception>
    public async ValueTask<TResult> RunAsync<TResult>(Snowflake channelId, PrivateCommand<TResult> command) =>
        (TResult)(await _region.Ask<CommandDone>(new ShardEnvelope(channelId.Value, command), CommandLimit)).Result!;

    /// <summary>The channel's messages, their actor started if need be; null when the channel is gone.</summary>
    public ValueTask<ChannelHandle?> OpenChannelAsync(PrivateHandle channel)
    {
        channel.Touch(time.GetUtcNow());
        return channel.Messages is { } open ? new(open) : Open();

        async ValueTask<ChannelHandle?> Open() =>
            (await _region.Ask<ChannelOpened>(new ShardEnvelope(channel.Id.Value, new OpenChannel(channel.Id)), LoadLimit)).Channel;
    }

    /// <summary>Called before a message is sent: whoever had the DM closed sees it again. Costs nothing while it is open for all.</summary>
    public ValueTask OpenForAllAsync(ChannelHandle handle)
    {
        return handle.Host is not PrivateChannelHost { Private: var channel } || channel.State.ClosedBy.IsEmpty ? default
            : Open(channel.Id);

        async ValueTask Open(Snowflake id) => await RunAsync(id, new OpenForAll());
    }

    /// <summary>A user's name, avatar or the like changed: the channels it is in follow.</summary>
    public async ValueTask TellUserChangedAsync(User user, CancellationToken cancellation = default)
    {
        foreach (Snowflake id in await lookups.MembersAsync(SetKind.UserPrivateChannels, user.Id, ct: cancellation))
            _region.Tell(new ShardEnvelope(id.Value, new UserChanged(user)));
    }

    internal void Start(IActorRef region) => _region = region;

    internal PrivateHandle HandleOf(Snowflake id) => _handles.GetOrAdd(id, static (id, s) => new PrivateHandle(id, s), sessions);

    internal void Forget(PrivateHandle handle) => _handles.TryRemove(new KeyValuePair<Snowflake, PrivateHandle>(handle.Id, handle));
}
