using Discord.Protocol;

namespace Discord.Storage.Migration;

/// <summary>Messages with their keys noted. What each write may change stands in its line.</summary>
internal sealed class MirroredMessages(MirroredStorage storage) : IMessageStore
{
    private IMessageStore Store => storage.Primary.Messages;

    private bool Plain => storage.Changes is null;

    public ValueTask AppendAsync(MessageRow row, CancellationToken ct) => Plain
        ? Store.AppendAsync(row, ct)
        : storage.WriteAsync((row, ct), static (s, a) => s.Messages.AppendAsync(a.row, a.ct), [Message(row.ChannelId, row.Id)], ct);

    public ValueTask<Snowflake> AppendOnceAsync(MessageRow row, string nonce, DateTimeOffset since, CancellationToken ct) => Plain
        ? Store.AppendOnceAsync(row, nonce, since, ct)
        : storage.WriteAsync(
            (row, nonce, since, ct), static (s, a) => s.Messages.AppendOnceAsync(a.row, a.nonce, a.since, a.ct),
            [Message(row.ChannelId, row.Id), new(ReplicaTable.Nonces, row.ChannelId, row.AuthorId, nonce)], ct);

    public ValueTask<Snowflake?> FindByNonceAsync(
        Snowflake channel, Snowflake author, string nonce, DateTimeOffset since, CancellationToken ct) =>
        Store.FindByNonceAsync(channel, author, nonce, since, ct);

    // What is trimmed goes by its age in every store.
    public ValueTask TrimNoncesAsync(DateTimeOffset before, CancellationToken ct) => Store.TrimNoncesAsync(before, ct);

    public ValueTask<int> TrimTombstonesAsync(DateTimeOffset before, CancellationToken ct) => Store.TrimTombstonesAsync(before, ct);

    public ValueTask<MessageRow?> GetAsync(Snowflake channel, Snowflake id, CancellationToken ct) => Store.GetAsync(channel, id, ct);

    public ValueTask<IReadOnlyList<MessageRow>> PageAsync(Snowflake channel, MessagePage page, CancellationToken ct) =>
        Store.PageAsync(channel, page, ct);

    public ValueTask<bool> UpdateAsync(MessageRow row, CancellationToken ct) => Plain
        ? Store.UpdateAsync(row, ct)
        : storage.WriteAsync((row, ct), static (s, a) => s.Messages.UpdateAsync(a.row, a.ct), [Message(row.ChannelId, row.Id)], ct);

    public ValueTask<IReadOnlyList<Snowflake>> DeleteAsync(Snowflake channel, IReadOnlyList<Snowflake> ids, CancellationToken ct) => Plain
        ? Store.DeleteAsync(channel, ids, ct)
        : storage.WriteAsync(
            (channel, ids, ct), static (s, a) => s.Messages.DeleteAsync(a.channel, a.ids, a.ct),
            [.. ids.SelectMany(id => WithAllOf(channel, id))], ct);

    public ValueTask<IReadOnlyDictionary<Snowflake, IReadOnlyList<Snowflake>>> DeleteByAuthorAsync(
        IReadOnlyList<Snowflake> channels, Snowflake author, DateTimeOffset since, CancellationToken ct) => Plain
        ? Store.DeleteByAuthorAsync(channels, author, since, ct)
        : storage.WriteAsync(
            (channels, author, since, ct), static (s, a) => s.Messages.DeleteByAuthorAsync(a.channels, a.author, a.since, a.ct),
            [.. channels.SelectMany(AllOf)], ct,
            static (_, deleted) => [.. deleted.SelectMany(channel => channel.Value.SelectMany(id => WithAllOf(channel.Key, id)))]);

    public ValueTask DeleteChannelAsync(Snowflake channel, CancellationToken ct) => Plain
        ? Store.DeleteChannelAsync(channel, ct)
        : storage.WriteAsync((channel, ct), static (s, a) => s.Messages.DeleteChannelAsync(a.channel, a.ct), [.. AllOf(channel)], ct);

    public ValueTask<IReadOnlyDictionary<Snowflake, Snowflake>> LatestIdAsync(IReadOnlyList<Snowflake> channels, CancellationToken ct) =>
        Store.LatestIdAsync(channels, ct);

    public ValueTask<bool> PinAsync(Snowflake channel, Snowflake message, DateTimeOffset at, CancellationToken ct) => Plain
        ? Store.PinAsync(channel, message, at, ct)
        : storage.WriteAsync(
            (channel, message, at, ct), static (s, a) => s.Messages.PinAsync(a.channel, a.message, a.at, a.ct),
            [new(ReplicaTable.Pins, channel, message)], ct);

    public ValueTask<bool> UnpinAsync(Snowflake channel, Snowflake message, CancellationToken ct) => Plain
        ? Store.UnpinAsync(channel, message, ct)
        : storage.WriteAsync(
            (channel, message, ct), static (s, a) => s.Messages.UnpinAsync(a.channel, a.message, a.ct),
            [new(ReplicaTable.Pins, channel, message)], ct);

    public ValueTask<IReadOnlyList<PinRow>> PinsAsync(Snowflake channel, DateTimeOffset? before, int limit, CancellationToken ct) =>
        Store.PinsAsync(channel, before, limit, ct);

    public ValueTask<int> PinCountAsync(Snowflake channel, CancellationToken ct) => Store.PinCountAsync(channel, ct);

    public ValueTask<bool> AddReactionAsync(
        Snowflake channel, Snowflake message, string emoji, Snowflake user, bool burst, CancellationToken ct) => Plain
        ? Store.AddReactionAsync(channel, message, emoji, user, burst, ct)
        : storage.WriteAsync(
            (channel, message, emoji, user, burst, ct),
            static (s, a) => s.Messages.AddReactionAsync(a.channel, a.message, a.emoji, a.user, a.burst, a.ct),
            [new(ReplicaTable.Reactions, channel, message)], ct);

    public ValueTask<bool> RemoveReactionAsync(Snowflake channel, Snowflake message, string emoji, Snowflake user, CancellationToken ct) =>
        Plain
            ? Store.RemoveReactionAsync(channel, message, emoji, user, ct)
            : storage.WriteAsync(
                (channel, message, emoji, user, ct),
                static (s, a) => s.Messages.RemoveReactionAsync(a.channel, a.message, a.emoji, a.user, a.ct),
                [new(ReplicaTable.Reactions, channel, message)], ct);

    public ValueTask<int> RemoveReactionsAsync(Snowflake channel, Snowflake message, string? emoji, CancellationToken ct) => Plain
        ? Store.RemoveReactionsAsync(channel, message, emoji, ct)
        : storage.WriteAsync(
            (channel, message, emoji, ct), static (s, a) => s.Messages.RemoveReactionsAsync(a.channel, a.message, a.emoji, a.ct),
            [new(ReplicaTable.Reactions, channel, message)], ct);

    public ValueTask<IReadOnlyList<Snowflake>> ReactionUsersAsync(
        Snowflake channel, Snowflake message, string emoji, Snowflake after, int limit, bool? burst, CancellationToken ct) =>
        Store.ReactionUsersAsync(channel, message, emoji, after, limit, burst, ct);

    public ValueTask<IReadOnlyDictionary<Snowflake, IReadOnlyList<ReactionCount>>> ReactionsAsync(
        Snowflake channel, IReadOnlyList<Snowflake> messages, Snowflake viewer, CancellationToken ct) =>
        Store.ReactionsAsync(channel, messages, viewer, ct);

    public ValueTask<IReadOnlyDictionary<Snowflake, MessageReactions?>> WhoReactedAsync(
        Snowflake channel, IReadOnlyList<Snowflake> messages, int maxReactions, CancellationToken ct) =>
        Store.WhoReactedAsync(channel, messages, maxReactions, ct);

    private static ReplicaKey Message(Snowflake channel, Snowflake id) => new(ReplicaTable.Messages, channel, id);

    private static ReplicaKey[] WithAllOf(Snowflake channel, Snowflake id) =>
        [Message(channel, id), new(ReplicaTable.Pins, channel, id), new(ReplicaTable.Reactions, channel, id)];

    // Nonces end by themselves.
    private static ReplicaKey[] AllOf(Snowflake channel) =>
        [new(ReplicaTable.Messages, channel), new(ReplicaTable.Pins, channel), new(ReplicaTable.Reactions, channel)];
}
