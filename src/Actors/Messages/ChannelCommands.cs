using System.Text.Json;
using Discord.Protocol;
using Discord.Protocol.Errors;
using Discord.Protocol.Payloads;

namespace Discord.Actors.Messages;

/// <summary>
/// What a <see cref="ChannelActor"/> is asked. Whoever asks has checked permissions and form. Each is answered with the reply that its
/// summary
/// names, or with <c>Status.Failure</c> of an <see cref="ApiException"/> or <see cref="SlowmodeException"/>.
/// </summary>
public abstract record ChannelCommand;

/// <summary>Sends a message. Answered with <see cref="MessageCreated"/>.</summary>
public sealed record CreateMessage(MessageDraft Draft) : ChannelCommand;

/// <summary>
/// Changes a message that is not deleted; what is null stays. Answered with <see cref="MessageEdited"/>; 10008 when there is no such
/// message.
/// </summary>
public sealed record EditMessage(Snowflake MessageId) : ChannelCommand
{
    public string? Content { get; init; }
    public IReadOnlyList<JsonElement>? Embeds { get; init; }
    public IReadOnlyList<JsonElement>? Components { get; init; }

    /// <summary>All that remain: kept ones and new ones.</summary>
    public IReadOnlyList<Attachment>? Attachments { get; init; }

    /// <summary>Follow <see cref="Content"/>.</summary>
    public IReadOnlyList<User>? Mentions { get; init; }

    public IReadOnlyList<Snowflake>? MentionRoles { get; init; }
    public bool? MentionEveryone { get; init; }

    /// <summary>New values of the bits in <see cref="FlagsMask"/>.</summary>
    public MessageFlags Flags { get; init; }

    /// <summary>Bits that change; the others stay as they are.</summary>
    public MessageFlags FlagsMask { get; init; }

    /// <summary>Whether the message shows that it was edited: content changed, not merely a flag.</summary>
    public bool MarksEdited { get; init; } = true;

    /// <summary>The message as it is after the change.</summary>
    public Message ApplyTo(Message before, DateTimeOffset now) => before with
    {
        Content = Content ?? before.Content,
        Embeds = Embeds ?? before.Embeds,
        Components = Components ?? before.Components,
        Attachments = Attachments ?? before.Attachments,
        Mentions = Mentions ?? before.Mentions,
        MentionRoles = MentionRoles ?? before.MentionRoles,
        MentionEveryone = MentionEveryone ?? before.MentionEveryone,
        Flags = (before.Flags & ~FlagsMask) | (Flags & FlagsMask),
        EditedTimestamp = MarksEdited ? Milliseconds(now) : before.EditedTimestamp,
    };

    // What is stored has milliseconds; what is shown at once must not differ from what is shown later.
    internal static DateTimeOffset Milliseconds(DateTimeOffset time) =>
        DateTimeOffset.FromUnixTimeMilliseconds(time.ToUnixTimeMilliseconds());
}

/// <summary>
/// Deletes messages: one gives MESSAGE_DELETE, several MESSAGE_DELETE_BULK. Answered with <see cref="MessagesDeleted"/>. A single one that
/// does
/// not exist is 10008; among several, those that do not exist are passed over.
/// </summary>
public sealed record DeleteMessages(IReadOnlyList<Snowflake> Ids) : ChannelCommand;

/// <summary>Deletes what a user has sent since then (a ban's <c>delete_message_seconds</c>). Answered with
/// <see cref="MessagesDeleted"/>.</summary>
public sealed record DeleteByAuthor(Snowflake AuthorId, DateTimeOffset Since) : ChannelCommand;

/// <summary>
/// Adds a reaction. Answered with <see cref="ReactionChanged"/>; 10008 no such message, 30010 too many emoji, 50013 when the emoji is new
/// on the
/// message and <paramref name="MayAddNew"/> is false.
/// </summary>
public sealed record AddReaction(Snowflake MessageId, Snowflake UserId, ReactionEmoji Emoji, bool MayAddNew, bool Burst = false)
    : ChannelCommand;

/// <summary>Removes one user's reaction. Answered with <see cref="ReactionChanged"/>; 10008 no such message, 10014 no such
/// reaction.</summary>
public sealed record RemoveReaction(Snowflake MessageId, Snowflake UserId, ReactionEmoji Emoji) : ChannelCommand;

/// <summary>Removes all reactions, or those of one emoji. Answered with <see cref="ReactionChanged"/>; 10008 no such message.</summary>
public sealed record ClearReactions(Snowflake MessageId, ReactionEmoji? Emoji = null) : ChannelCommand;

/// <summary>Pins a message. Answered with <see cref="PinChanged"/>; 10008 no such message, 30003 too many pins.</summary>
public sealed record PinMessage(Snowflake MessageId) : ChannelCommand;

/// <summary>Unpins a message. Answered with <see cref="PinChanged"/>; 10008 no such message.</summary>
public sealed record UnpinMessage(Snowflake MessageId) : ChannelCommand;

/// <param name="Message">As stored. The earlier one when <paramref name="Existing"/>.</param>
/// <param name="Json">The message object as its author sees it, nonce included.</param>
/// <param name="Existing">Nothing was created: <c>enforce_nonce</c> found the earlier message.</param>
public sealed record MessageCreated(Message Message, ReadOnlyMemory<byte> Json, bool Existing);

/// <param name="Before">As it was.</param>
/// <param name="Message">As it is now.</param>
public sealed record MessageEdited(Message Before, Message Message);

/// <param name="Ids">Those that existed.</param>
public sealed record MessagesDeleted(IReadOnlyList<Snowflake> Ids);

/// <param name="Changed">False when it was so already.</param>
public sealed record ReactionChanged(bool Changed);

/// <param name="Changed">False when it was so already.</param>
public sealed record PinChanged(bool Changed);

/// <summary>Slow mode: this user may send here again after a while. Error 20016, HTTP 429.</summary>
public sealed class SlowmodeException(TimeSpan retryAfter) : Exception(ApiError.SlowmodeRateLimited.Message)
{
    public TimeSpan RetryAfter { get; } = retryAfter;
}
