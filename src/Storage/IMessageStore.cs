using Discord.Protocol;

namespace Discord.Storage;

/// <summary>
/// Messages with their pins and reactions, in (channel, ten-day bucket) partitions ordered by id. The id tells its bucket, so no write
/// reads first. A write completes when it is durable; writes of one caller that awaits each are seen by every read that starts later.
/// Safe to use from any thread. Cancelling a write that is queued already has no effect on it. Every member may throw
/// <see cref="StorageException"/>; after one that is transient the write may or may not be stored, and repeating it is safe.
/// </summary>
public interface IMessageStore
{
    /// <summary>
    /// Stores a new message. An id that exists already, deleted or not, is left as it is: a repeated append changes nothing.
    /// </summary>
    ValueTask AppendAsync(MessageRow row, CancellationToken ct = default);

    /// <summary>
    /// Stores a new message unless this author has stored one with the same nonce in this channel whose id is not older than
    /// <paramref name="since"/>. Both in one step, also over a crash.
    /// </summary>
    /// <returns>The id of the message stored now (<c>row.Id</c>) or then.</returns>
    ValueTask<Snowflake> AppendOnceAsync(MessageRow row, string nonce, DateTimeOffset since, CancellationToken ct = default);

    /// <summary>
    /// The message that <see cref="AppendOnceAsync"/> stored under a nonce at or after <paramref name="since"/>; it may have been deleted.
    /// </summary>
    ValueTask<Snowflake?> FindByNonceAsync(
        Snowflake channel, Snowflake author, string nonce, DateTimeOffset since, CancellationToken ct = default);

    /// <summary>Forgets nonces of messages older than <paramref name="before"/>. The message stays.</summary>
    ValueTask TrimNoncesAsync(DateTimeOffset before, CancellationToken ct = default);

    /// <summary>One message, or null when it does not exist or is deleted.</summary>
    ValueTask<MessageRow?> GetAsync(Snowflake channel, Snowflake id, CancellationToken ct = default);

    /// <summary>Messages newest first, deleted ones left out.</summary>
    ValueTask<IReadOnlyList<MessageRow>> PageAsync(Snowflake channel, MessagePage page, CancellationToken ct = default);

    /// <summary>Replaces the body; never brings a deleted message back.</summary>
    /// <returns>False when there is no such message.</returns>
    ValueTask<bool> UpdateAsync(MessageRow row, CancellationToken ct = default);

    /// <summary>
    /// Deletes messages with their pins and reactions in one commit; a tombstone without content stays in their place until
    /// <see cref="TrimTombstonesAsync"/>. At most 1,000 ids.
    /// </summary>
    /// <returns>Those that existed, in the order of <paramref name="ids"/>.</returns>
    ValueTask<IReadOnlyList<Snowflake>> DeleteAsync(Snowflake channel, IReadOnlyList<Snowflake> ids, CancellationToken ct = default);

    /// <summary>
    /// Deletes an author's messages that are not older than <paramref name="since"/>. Not one commit: it may stop half-way and be repeated.
    /// </summary>
    /// <returns>The deleted ids, oldest first, of the channels that had any.</returns>
    ValueTask<IReadOnlyDictionary<Snowflake, IReadOnlyList<Snowflake>>> DeleteByAuthorAsync(
        IReadOnlyList<Snowflake> channels, Snowflake author, DateTimeOffset since, CancellationToken ct = default);

    /// <summary>
    /// Deletes all of a channel in steps that do not hold up other writes. Once it has begun it is finished even over a crash.
    /// </summary>
    ValueTask DeleteChannelAsync(Snowflake channel, CancellationToken ct = default);

    /// <summary>
    /// Removes tombstones of messages deleted before <paramref name="before"/>; an append that old is not repeated any more.
    /// </summary>
    /// <returns>How many were removed.</returns>
    ValueTask<int> TrimTombstonesAsync(DateTimeOffset before, CancellationToken ct = default);

    /// <summary>
    /// The id of the last message by channel, in one read. As Discord's <c>last_message_id</c> it is also that of a deleted message, for as
    /// long as an append of the same id would change nothing; the data service counts on that. Channels without messages are left out.
    /// </summary>
    ValueTask<IReadOnlyDictionary<Snowflake, Snowflake>> LatestIdAsync(IReadOnlyList<Snowflake> channels, CancellationToken ct = default);

    /// <summary>Pins a message.</summary>
    /// <returns>False when it is pinned already or does not exist.</returns>
    ValueTask<bool> PinAsync(Snowflake channel, Snowflake message, DateTimeOffset at, CancellationToken ct = default);

    /// <summary>Unpins a message.</summary>
    /// <returns>False when it was not pinned.</returns>
    ValueTask<bool> UnpinAsync(Snowflake channel, Snowflake message, CancellationToken ct = default);

    /// <summary>
    /// Pins older than <paramref name="before"/> (all when null), newest pin first; at most <paramref name="limit"/> (1..1000).
    /// </summary>
    ValueTask<IReadOnlyList<PinRow>> PinsAsync(Snowflake channel, DateTimeOffset? before, int limit, CancellationToken ct = default);

    /// <summary>How many pins a channel has.</summary>
    ValueTask<int> PinCountAsync(Snowflake channel, CancellationToken ct = default);

    /// <summary>Adds a reaction. <paramref name="emoji"/> is any text of at most 200 characters, e.g. <c>🔥</c> or
    /// <c>name:id</c>.</summary>
    /// <returns>False when this user has reacted so already or the message does not exist.</returns>
    ValueTask<bool> AddReactionAsync(
        Snowflake channel, Snowflake message, string emoji, Snowflake user, bool burst = false, CancellationToken ct = default);

    /// <summary>Removes one user's reaction.</summary>
    /// <returns>False when there was none.</returns>
    ValueTask<bool> RemoveReactionAsync(Snowflake channel, Snowflake message, string emoji, Snowflake user, CancellationToken ct = default);

    /// <summary>Removes all reactions of a message, or those of one emoji.</summary>
    /// <returns>How many reactions there were.</returns>
    ValueTask<int> RemoveReactionsAsync(Snowflake channel, Snowflake message, string? emoji = null, CancellationToken ct = default);

    /// <summary>
    /// Ids of the users above <paramref name="after"/>, ascending, at most <paramref name="limit"/> (1..1000); only burst or only
    /// ordinary ones when <paramref name="burst"/> is given.
    /// </summary>
    ValueTask<IReadOnlyList<Snowflake>> ReactionUsersAsync(
        Snowflake channel, Snowflake message, string emoji, Snowflake after, int limit, bool? burst = null, CancellationToken ct = default);

    /// <summary>
    /// The reactions of up to 1,000 messages, each in the order in which its emojis came first. Messages without reactions are left out;
    /// when none has any it costs one index seek.
    /// </summary>
    ValueTask<IReadOnlyDictionary<Snowflake, IReadOnlyList<ReactionCount>>> ReactionsAsync(
        Snowflake channel, IReadOnlyList<Snowflake> messages, Snowflake viewer, CancellationToken ct = default);

    /// <summary>
    /// Who has reacted to up to 1,000 messages. Messages without reactions are left out. Users are told of the newest messages as long as
    /// their reactions together are at most <paramref name="maxReactions"/>; a message above it has null.
    /// </summary>
    ValueTask<IReadOnlyDictionary<Snowflake, MessageReactions?>> WhoReactedAsync(
        Snowflake channel, IReadOnlyList<Snowflake> messages, int maxReactions, CancellationToken ct = default);
}
