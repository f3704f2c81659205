using Discord.Protocol;

namespace Discord.Storage;

/// <summary>
/// A message as the store sees it. Its place is (<paramref name="ChannelId"/>, <see cref="MessageBucket"/> of the id, id).
/// </summary>
/// <param name="ChannelId">The channel or thread it is in.</param>
/// <param name="Id">Its id; below 2^63, which snowflakes reach in 2084.</param>
/// <param name="AuthorId">Who is found by <see cref="IMessageStore.DeleteByAuthorAsync"/>: a user, or a webhook's id.</param>
/// <param name="Body">Opaque to the store; at most <see cref="MaxBodyBytes"/>. Once it was given to a write its bytes never change: they
/// may be kept for reads.</param>
public readonly record struct MessageRow(Snowflake ChannelId, Snowflake Id, Snowflake AuthorId, ReadOnlyMemory<byte> Body)
{
    /// <summary>256 KiB: ten embeds of 6,000 characters in all, 40 components and 10 attachments need less than a quarter of it.</summary>
    public const int MaxBodyBytes = 256 * 1024;
}

/// <summary>A pinned message.</summary>
public readonly record struct PinRow(Snowflake MessageId, DateTimeOffset PinnedAt);

/// <summary>One emoji of a message's reactions.</summary>
/// <param name="Emoji">As it was given to <see cref="IMessageStore.AddReactionAsync"/>.</param>
/// <param name="Count">All reactions, burst ones included; at least 1.</param>
/// <param name="BurstCount">Those that are burst reactions.</param>
/// <param name="Me">The viewer has reacted with it, not as a burst.</param>
/// <param name="MeBurst">The viewer has reacted with it as a burst.</param>
public readonly record struct ReactionCount(string Emoji, int Count, int BurstCount, bool Me, bool MeBurst);
