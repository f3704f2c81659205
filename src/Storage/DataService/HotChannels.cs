using System.Collections.Concurrent;
using Discord.Protocol;

namespace Discord.Storage.DataService;

/// <summary>
/// The channels in use, and those whose pages are kept until the memory is needed for others. Which go is decided by second chance, which
/// comes near to "the least recently used" and costs a hit no more than a flag: a hand goes round; who was used since it passed stays.
/// Thread-safe.
/// </summary>
internal sealed class HotChannels(DataServiceOptions options)
{
    // The hand's steps at a time: what is over after them is the next operation's work.
    private const int MaxSteps = 64;

    private readonly ConcurrentDictionary<Snowflake, HotChannel> _channels = new();
    private readonly Lock _handGate = new();
    private readonly Queue<HotChannel> _round = [];
    private long _bytes;

    /// <summary>Memory of all channels.</summary>
    public long Bytes => Interlocked.Read(ref _bytes);

    /// <summary>The channel, if something of it is in memory.</summary>
    public HotChannel? Find(Snowflake id) => _channels.GetValueOrDefault(id);

    /// <summary>The channel, held in memory until <see cref="Return"/>.</summary>
    public HotChannel Rent(Snowflake id)
    {
        while (true)
        {
            if (_channels.TryGetValue(id, out var channel))
            {
                if (channel.TryRent()) return channel;
                // It is being taken out by whoever gave it up.
                _channels.TryRemove(new(id, channel));
                continue;
            }
            channel = new HotChannel(id, this, options);
            channel.TryRent();
            if (!_channels.TryAdd(id, channel)) continue;
            Resize(channel.Bytes);
            if (options.CacheBytes > 0)
            {
                lock (_handGate) _round.Enqueue(channel);
            }
            return channel;
        }
    }

    /// <summary>Ends <see cref="Rent"/>.</summary>
    public void Return(HotChannel channel)
    {
        channel.Return();
        if (options.CacheBytes == 0) GiveUp(channel);
        else if (Bytes > options.CacheBytes) MakeRoom();
    }

    /// <summary>
    /// Refuses further writes of the channels that are in memory, and tells what they hold. They stay in memory.
    /// </summary>
    public IEnumerable<(Snowflake Channel, TailSnapshot Snapshot)> Seal()
    {
        foreach (var (id, channel) in _channels)
        {
            if (channel.Seal() is { } snapshot) yield return (id, snapshot);
        }
    }

    /// <summary>Takes a channel's tail over, before anything is written; false when there is no room.</summary>
    public bool TryRestore(Snowflake id, TailSnapshot snapshot)
    {
        if (Bytes >= options.CacheBytes) return false;
        var channel = Rent(id);
        channel.Restore(snapshot);
        Return(channel);
        return true;
    }

    internal void Resize(long by) => Interlocked.Add(ref _bytes, by);

    private void MakeRoom()
    {
        lock (_handGate)
        {
            for (var steps = MaxSteps; steps > 0 && Bytes > options.CacheBytes && _round.TryDequeue(out var channel); steps--)
            {
                if (!channel.IsUsed && GiveUp(channel))
                {
                    StorageMetrics.Evicted();
                    continue;
                }
                channel.IsUsed = false;
                _round.Enqueue(channel);
            }
        }
    }

    private bool GiveUp(HotChannel channel)
    {
        if (!channel.TryRetire()) return false;
        _channels.TryRemove(new(channel.Id, channel));
        return true;
    }
}
