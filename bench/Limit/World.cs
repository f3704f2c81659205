using System.Collections.Concurrent;
using System.Collections.Immutable;

namespace Discord.Limit;

/// <summary>Who is in which guild and which channel belongs to which, in memory. Any thread may call.</summary>
internal sealed class World
{
    private const long DiscordEpoch = 1_420_070_400_000;

    private readonly ConcurrentDictionary<long, ImmutableArray<long>> _guildsOfUser = new();
    private readonly ConcurrentDictionary<long, ImmutableArray<long>> _channelsOfGuild = new();
    private readonly ConcurrentDictionary<long, long> _guildOfChannel = new();
    private long _lastId = (DateTimeOffset.UtcNow.ToUnixTimeMilliseconds() - DiscordEpoch) << 22;

    /// <summary>An id larger than all before it.</summary>
    public long NextId() => Interlocked.Increment(ref _lastId);

    /// <summary>Makes a user or bot.</summary>
    public long AddUser()
    {
        long id = NextId();
        _guildsOfUser[id] = [];
        return id;
    }

    /// <summary>Makes a guild with its owner as the only member.</summary>
    public long AddGuild(long owner)
    {
        long id = NextId();
        _channelsOfGuild[id] = [];
        AddChannel(id);
        Join(owner, id);
        return id;
    }

    /// <summary>Makes a channel in a guild.</summary>
    public long AddChannel(long guild)
    {
        long id = NextId();
        _guildOfChannel[id] = guild;
        _channelsOfGuild.AddOrUpdate(guild, [id], (_, channels) => channels.Add(id));
        return id;
    }

    /// <summary>Adds a member to a guild; a second time changes nothing.</summary>
    public void Join(long user, long guild) =>
        _guildsOfUser.AddOrUpdate(user, [guild], (_, guilds) => guilds.Contains(guild) ? guilds : guilds.Add(guild));

    /// <summary>The guilds of a user, or false when nobody has that id.</summary>
    public bool TryGetGuilds(long user, out ImmutableArray<long> guilds) => _guildsOfUser.TryGetValue(user, out guilds);

    /// <summary>The channels of a guild, or false when there is no such guild.</summary>
    public bool TryGetChannels(long guild, out ImmutableArray<long> channels) => _channelsOfGuild.TryGetValue(guild, out channels);

    /// <summary>The guild of a channel, or false when there is no such channel.</summary>
    public bool TryGetGuildOf(long channel, out long guild) => _guildOfChannel.TryGetValue(channel, out guild);
}
