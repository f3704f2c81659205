using Discord.Protocol;
using Discord.Protocol.Payloads;
using Discord.Storage;

namespace Discord.Actors.Messages;

/// <summary>A message with its encoded object. Immutable.</summary>
/// <param name="Message">The author in it is the one that was stored.</param>
/// <param name="Encoded">With <paramref name="Author"/> shown.</param>
/// <param name="Author">The user that is shown: the current one where it is known.</param>
/// <param name="Reactions">Who has reacted; null when that is not known here, and read from the store when the message is shown.</param>
internal sealed record LogEntry(Message Message, EncodedMessage Encoded, User Author, MessageReactions? Reactions)
{
    public Snowflake Id => Message.Id;

    /// <summary>What counts for the bound of the memory.</summary>
    public long Bytes => Encoded.Json.Length + (Reactions?.Bytes ?? 0);

    /// <summary>Whether the answer shows another message inside: replies and thread starters.</summary>
    public bool HasReference =>
        Message.Type is MessageType.Reply or MessageType.ThreadStarterMessage && Message.MessageReference is { MessageId: not null };

    /// <summary>Whether URLs in <see cref="Encoded"/> expire.</summary>
    public bool HasUrls => Message.Attachments.Count > 0 || Message.MessageSnapshots is not null;

    /// <summary>Whether a user sees the content without MESSAGE_CONTENT: its own messages and those that mention it.</summary>
    public bool IsEntitled(Snowflake userId)
    {
        if (Message.Author.Id == userId || Message.ApplicationId == userId)
            return true;
        for (int i = 0; i < Message.Mentions.Count; i++)
        {
            if (Message.Mentions[i].Id == userId)
                return true;
        }
        return false;
    }
}

/// <summary>Who reads.</summary>
/// <param name="UserId">Whose own reactions are marked.</param>
/// <param name="SeesContent">Users, and bots whose application has MESSAGE_CONTENT.</param>
public readonly record struct MessageViewer(Snowflake UserId, bool SeesContent);
