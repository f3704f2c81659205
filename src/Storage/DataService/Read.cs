using Discord.Protocol;

namespace Discord.Storage.DataService;

/// <summary>What a write changes, and a read depends on.</summary>
[Flags]
internal enum Touched
{
    /// <summary>Messages and their bodies.</summary>
    Messages = 1,

    /// <summary>Pins.</summary>
    Pins = 2,

    /// <summary>Reactions.</summary>
    Reactions = 4,

    /// <summary>All of them: a message that goes takes its pins and reactions along.</summary>
    All = Messages | Pins | Reactions,
}

/// <summary>One question about one channel. Two that are equal are the same question.</summary>
/// <param name="DependsOn">After which writes the answer may be another.</param>
/// <param name="Bucket">The bucket in which the store begins to look; <see cref="Newest"/> for what has no id.</param>
internal abstract record Read(Touched DependsOn, int Bucket)
{
    /// <summary>Stands for the bucket of the newest messages, and for what is stored once a channel.</summary>
    public const int Newest = -1;

    /// <summary>Whether the answer may be another after a write of this message.</summary>
    public virtual bool Concerns(Snowflake message) => true;
}

/// <inheritdoc/>
internal abstract record Read<T>(Touched DependsOn, int Bucket) : Read(DependsOn, Bucket)
{
    /// <summary>Asks the store.</summary>
    public abstract ValueTask<T> AskAsync(IMessageStore store, Snowflake channel);

    /// <summary>The bytes of memory that an answer takes; null when it is not to be kept.</summary>
    public abstract long? SizeOf(T answer);
}

internal sealed record MessageRead(Snowflake Id) : Read<MessageRow?>(Touched.Messages, MessageBucket.Of(Id))
{
    public override ValueTask<MessageRow?> AskAsync(IMessageStore store, Snowflake channel) => store.GetAsync(channel, Id);

    public override long? SizeOf(MessageRow? answer) => Tail.BytesOf(answer ?? default);

    public override bool Concerns(Snowflake message) => message == Id;
}

internal sealed record PageRead(MessagePage Page) : Read<IReadOnlyList<MessageRow>>(
    Touched.Messages, Page.Kind == MessagePageKind.Latest ? Newest : MessageBucket.Of(Page.Anchor))
{
    public override ValueTask<IReadOnlyList<MessageRow>> AskAsync(IMessageStore store, Snowflake channel) =>
        store.PageAsync(channel, Page);

    public override long? SizeOf(IReadOnlyList<MessageRow> answer) => answer.Sum(row => (long)Tail.BytesOf(row));

    public override bool Concerns(Snowflake message) => Page.Kind switch
    {
        MessagePageKind.Before => message < Page.Anchor,
        MessagePageKind.After => message > Page.Anchor,
        _ => true,
    };
}

/// <summary>The newest messages, to be kept as the channel's <see cref="Tail"/>.</summary>
internal sealed record NewestRead(int Limit) : Read<Newest>(Touched.Messages, Newest)
{
    public override async ValueTask<Newest> AskAsync(IMessageStore store, Snowflake channel)
    {
        // Side by side: which of them the store answers first makes no difference (see Tail).
        var latest = store.LatestIdAsync([channel]).AsTask();
        try
        {
            var rows = await store.PageAsync(channel, MessagePage.Latest(Limit)).ConfigureAwait(false);
            return new Newest([.. rows.Reverse()], (await latest.ConfigureAwait(false)).GetValueOrDefault(channel));
        }
        finally
        {
            // An error of this one is told once, by whichever is awaited first.
            await ((Task)latest).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    // It is kept as the tail.
    public override long? SizeOf(Newest answer) => null;
}

/// <param name="OldestFirst">The newest messages, up to the limit.</param>
/// <param name="LatestId">The newest id that was ever used, be it deleted; <see cref="Snowflake.None"/> in a channel without any.</param>
internal sealed record Newest(MessageRow[] OldestFirst, Snowflake LatestId)
{
    /// <summary>The first so many, newest first.</summary>
    public TailPage Page(int limit) => new(OldestFirst, Math.Max(0, OldestFirst.Length - limit), OldestFirst.Length);

    /// <summary>As a tail; <paramref name="limit"/> is what was asked for.</summary>
    public TailSnapshot Tail(int limit) =>
        new(OldestFirst, OldestFirst.Length < limit ? 0 : OldestFirst[0].Id.Value, LatestId.Value);
}

internal sealed record PinsRead(DateTimeOffset? Before, int Limit) : Read<IReadOnlyList<PinRow>>(Touched.Pins, Newest)
{
    public override ValueTask<IReadOnlyList<PinRow>> AskAsync(IMessageStore store, Snowflake channel) =>
        store.PinsAsync(channel, Before, Limit);

    public override long? SizeOf(IReadOnlyList<PinRow> answer) => answer.Count * 24L;
}

internal sealed record PinCountRead() : Read<int>(Touched.Pins, Newest)
{
    public override ValueTask<int> AskAsync(IMessageStore store, Snowflake channel) => store.PinCountAsync(channel);

    public override long? SizeOf(int answer) => 0;
}

internal sealed record ReactionUsersRead(Snowflake Message, string Emoji, Snowflake After, int Limit, bool? Burst)
    : Read<IReadOnlyList<Snowflake>>(Touched.Reactions, MessageBucket.Of(Message))
{
    public override ValueTask<IReadOnlyList<Snowflake>> AskAsync(IMessageStore store, Snowflake channel) =>
        store.ReactionUsersAsync(channel, Message, Emoji, After, Limit, Burst);

    public override long? SizeOf(IReadOnlyList<Snowflake> answer) => answer.Count * 8L;

    public override bool Concerns(Snowflake message) => message == Message;
}

/// <summary>A question about the reactions of some messages.</summary>
internal abstract record ReactionsOf<T>(Snowflake[] Messages) : Read<T>(Touched.Reactions, MessageBucket.Of(Messages[0]))
{
    public override bool Concerns(Snowflake message) => Array.IndexOf(Messages, message) >= 0;

    public virtual bool Equals(ReactionsOf<T>? other) => other is not null && Messages.AsSpan().SequenceEqual(other.Messages);

    public override int GetHashCode() => HashCode.Combine(Messages.Length, Messages[0], Messages[^1]);
}

/// <summary>As one user sees them.</summary>
internal sealed record ReactionsRead(Snowflake[] Messages, Snowflake Viewer)
    : ReactionsOf<IReadOnlyDictionary<Snowflake, IReadOnlyList<ReactionCount>>>(Messages)
{
    public override ValueTask<IReadOnlyDictionary<Snowflake, IReadOnlyList<ReactionCount>>> AskAsync(
        IMessageStore store, Snowflake channel) =>
        store.ReactionsAsync(channel, Messages, Viewer);

    public override long? SizeOf(IReadOnlyDictionary<Snowflake, IReadOnlyList<ReactionCount>> answer) =>
        (Messages.Length * 8L) + answer.Values.Sum(counts => 64L + counts.Sum(count => 40L + (count.Emoji.Length * 2L)));
}

/// <summary>For all users: one query, whoever reads.</summary>
internal sealed record WhoReactedRead(Snowflake[] Messages, int MaxReactions)
    : ReactionsOf<IReadOnlyDictionary<Snowflake, MessageReactions?>>(Messages)
{
    public override ValueTask<IReadOnlyDictionary<Snowflake, MessageReactions?>> AskAsync(IMessageStore store, Snowflake channel) =>
        store.WhoReactedAsync(channel, Messages, MaxReactions);

    public override long? SizeOf(IReadOnlyDictionary<Snowflake, MessageReactions?> answer) =>
        (Messages.Length * 8L) + answer.Values.Sum(each => 64L + (each?.Bytes ?? 0));
}
