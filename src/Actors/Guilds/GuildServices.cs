using Discord.Actors.Messages;
using Discord.Actors.Users.ReadStates;
using Discord.Kernel.Persistence;
using Discord.Protocol;
using Discord.Protocol.Payloads;
using Discord.Storage;

namespace Discord.Actors.Guilds;

/// <summary>What guild actors need from the node.</summary>
/// <param name="ResumeWindow">How long sessions without a connection are waited for.</param>
internal sealed record GuildServices(
    GuildDirectory Directory,
    IJournal Journal,
    ISnapshotStore Snapshots,
    IEventAdapter GuildEvents,
    IMessageStore Messages,
    SnowflakeGenerator Ids,
    TimeProvider Time,
    ChannelServices Channels,
    UnreadCounter Unread,
    TimeSpan ResumeWindow);

/// <summary>A guild channel's or thread's surroundings, for its channel actor.</summary>
internal sealed class GuildChannelHost(GuildHandle guild, Snowflake channelId, UnreadCounter unread) : IChannelHost
{
    public Snowflake ChannelId { get; } = channelId;
    public Snowflake? GuildId => guild.Id;
    public GuildState? Guild => guild.State;

    public void Publish(Relays.Relayed relayed) => guild.Relays.Publish(relayed);

    public void Advanced(Snowflake messageId)
    {
        guild.SetLastMessage(ChannelId, messageId);
        guild.CountMessage(ChannelId, messageId);
    }

    public void Sent(Message message)
    {
        GuildState state = guild.State;
        if (state.FindChannel(ChannelId) is { } channel)
            unread.Sent(state, channel, message);
    }

    public void Removed(IReadOnlyList<Snowflake> messageIds) => guild.UncountMessages(ChannelId, messageIds);
}
