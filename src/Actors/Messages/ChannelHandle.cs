using Discord.Kernel;
using Discord.Protocol;

namespace Discord.Actors.Messages;

/// <summary>A channel whose actor runs: its surroundings, its messages to read without asking, and its actor to write.
/// Thread-safe.</summary>
public sealed record ChannelHandle(IChannelHost Host, ChannelLog Log, IActorRef Actor);

/// <summary>Asks a channel's parent to start its actor; answered by <see cref="ChannelOpened"/>.</summary>
public sealed record OpenChannel(Snowflake ChannelId);

/// <summary><see cref="Channel"/> is null when there is no such channel.</summary>
public sealed record ChannelOpened(ChannelHandle? Channel);
