using System.Text.Json;
using Discord.Protocol;
using Discord.Protocol.Payloads;

namespace Discord.Actors.Messages;

/// <summary>A message before it has an id: validated, its mentions resolved. Immutable.</summary>
public sealed record MessageDraft
{
    /// <summary>The sender; for webhooks a user made of the webhook's id, name and avatar.</summary>
    public required User Author { get; init; }

    /// <summary>The message's id where it is given beforehand: the first message of a post has its thread's. Null: a new one.</summary>
    public Snowflake? Id { get; init; }

    public MessageType Type { get; init; }
    public string Content { get; init; } = "";

    /// <summary>Elements that outlive the request (cloned).</summary>
    public IReadOnlyList<JsonElement> Embeds { get; init; } = [];

    /// <summary>Elements that outlive the request (cloned).</summary>
    public IReadOnlyList<JsonElement> Components { get; init; } = [];

    public IReadOnlyList<Attachment> Attachments { get; init; } = [];
    public IReadOnlyList<StickerItem>? StickerItems { get; init; }
    public MessageReference? Reference { get; init; }

    /// <summary>The message a reply points at, if it exists.</summary>
    public Message? Referenced { get; init; }

    public IReadOnlyList<MessageSnapshot>? Snapshots { get; init; }
    public MessageFlags Flags { get; init; }
    public bool Tts { get; init; }
    public IReadOnlyList<User> Mentions { get; init; } = [];
    public IReadOnlyList<Snowflake> MentionRoles { get; init; } = [];
    public bool MentionEveryone { get; init; }

    /// <summary>A string or a number, at most 25 characters; cloned.</summary>
    public JsonElement? Nonce { get; init; }

    /// <summary>Answer with the earlier message when this author sent one with the same nonce here within the window.</summary>
    public bool EnforceNonce { get; init; }

    public Snowflake? WebhookId { get; init; }
    public Snowflake? ApplicationId { get; init; }
    public InteractionMetadata? InteractionMetadata { get; init; }

    /// <summary>Slow mode does not bind the sender: a bot, or one who may manage the channel or its messages or bypass slow mode.</summary>
    public bool BypassSlowmode { get; init; }

    /// <summary>The nonce as text; numbers and strings of the same digits are the same nonce.</summary>
    internal string? NonceText =>
        Nonce is not { } nonce ? null : nonce.ValueKind == JsonValueKind.String ? nonce.GetString() : nonce.GetRawText();

    internal Message ToMessage(Snowflake id, Snowflake channelId, int? position) => new()
    {
        Id = id,
        ChannelId = channelId,
        Author = Author,
        Type = Type,
        Content = Content,
        Timestamp = id.Timestamp,
        Tts = Tts,
        MentionEveryone = MentionEveryone,
        Mentions = Mentions,
        MentionRoles = MentionRoles,
        Attachments = Attachments,
        Embeds = Embeds,
        Components = Components,
        Flags = Flags,
        WebhookId = WebhookId,
        ApplicationId = ApplicationId,
        MessageReference = Reference,
        MessageSnapshots = Snapshots,
        StickerItems = StickerItems,
        InteractionMetadata = InteractionMetadata,
        Interaction = InteractionMetadata is { Name: { } name } i ? new MessageInteraction(i.Id, i.Type, name, i.User) : null,
        Position = position,
    };
}
