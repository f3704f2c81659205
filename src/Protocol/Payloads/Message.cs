using System.Text.Json;
using System.Text.Json.Serialization;
using static System.Text.Json.Serialization.JsonIgnoreCondition;

namespace Discord.Protocol.Payloads;

/// <summary>A message. Embeds and components are validated JSON that is passed on as it is.</summary>
public sealed record Message
{
    public required Snowflake Id { get; init; }
    public required Snowflake ChannelId { get; init; }
    public required User Author { get; init; }
    public MessageType Type { get; init; }
    public string Content { get; init; } = "";
    public required DateTimeOffset Timestamp { get; init; }
    [JsonIgnore(Condition = Never)] public DateTimeOffset? EditedTimestamp { get; init; }
    public bool Tts { get; init; }
    public bool MentionEveryone { get; init; }
    public IReadOnlyList<User> Mentions { get; init; } = [];
    public IReadOnlyList<Snowflake> MentionRoles { get; init; } = [];
    public IReadOnlyList<Attachment> Attachments { get; init; } = [];
    public IReadOnlyList<JsonElement> Embeds { get; init; } = [];
    public IReadOnlyList<JsonElement> Components { get; init; } = [];
    public IReadOnlyList<Reaction>? Reactions { get; init; }
    public bool Pinned { get; init; }
    public MessageFlags Flags { get; init; }

    /// <summary>A string or a number, as the sender wrote it.</summary>
    public JsonElement? Nonce { get; init; }

    /// <summary>Present only on messages of webhooks: its mere presence marks one.</summary>
    public Snowflake? WebhookId { get; init; }

    public Snowflake? ApplicationId { get; init; }

    /// <summary>A webhook wrote it, in a name of its own. What answers an interaction has its application as webhook and the bot as
    /// author.</summary>
    [JsonIgnore] public bool IsByWebhook => WebhookId is not null && WebhookId != ApplicationId;

    public MessageReference? MessageReference { get; init; }

    /// <summary>Replies only; left out when the message was not looked up.</summary>
    public Referenced? ReferencedMessage { get; init; }

    /// <summary>Forwards: one copy of what was forwarded.</summary>
    public IReadOnlyList<MessageSnapshot>? MessageSnapshots { get; init; }

    /// <summary>The thread started from this message.</summary>
    public Channel? Thread { get; init; }

    public IReadOnlyList<StickerItem>? StickerItems { get; init; }
    public InteractionMetadata? InteractionMetadata { get; init; }

    /// <summary>The older form of <see cref="InteractionMetadata"/>, still read by libraries.</summary>
    public MessageInteraction? Interaction { get; init; }

    /// <summary>Approximate place in a thread.</summary>
    public int? Position { get; init; }

    // MESSAGE_CREATE and MESSAGE_UPDATE only.
    public Snowflake? GuildId { get; init; }
    public Member? Member { get; init; }
    public ChannelType? ChannelType { get; init; }
}

public sealed record Attachment
{
    /// <summary>How names of spoilers begin.</summary>
    public const string SpoilerPrefix = "SPOILER_";

    /// <summary>Bit of <see cref="Flags"/>: shown only when it is clicked.</summary>
    public const int IsSpoiler = 1 << 3;

    public required Snowflake Id { get; init; }
    public required string Filename { get; init; }
    public string? Title { get; init; }
    public string? Description { get; init; }
    public string? ContentType { get; init; }
    public long Size { get; init; }

    /// <summary>Signed and expiring; made anew whenever the message is read.</summary>
    public string Url { get; init; } = "";

    public string ProxyUrl { get; init; } = "";
    public int? Width { get; init; }
    public int? Height { get; init; }
    public bool? Ephemeral { get; init; }
    public double? DurationSecs { get; init; }
    public string? Waveform { get; init; }
    public int? Flags { get; init; }

    /// <summary>With this name, and marked as a spoiler if it says so.</summary>
    public Attachment Named(string filename) => this with
    {
        Filename = filename,
        Flags = filename.StartsWith(SpoilerPrefix, StringComparison.Ordinal) ? IsSpoiler : null,
    };
}

public sealed record MessageReference
{
    /// <summary>0 reply, crosspost or pin; 1 forward.</summary>
    public int Type { get; init; }

    public Snowflake? MessageId { get; init; }
    public required Snowflake ChannelId { get; init; }
    public Snowflake? GuildId { get; init; }
}

/// <summary>What a reply points at: written as the message itself, or as null when it was deleted.</summary>
[JsonConverter(typeof(ReferencedConverter))]
public sealed record Referenced(Message? Message);

internal sealed class ReferencedConverter : JsonConverter<Referenced>
{
    public override Referenced Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        new(JsonSerializer.Deserialize(ref reader, PayloadJson.Wire.Message));

    public override void Write(Utf8JsonWriter writer, Referenced value, JsonSerializerOptions options)
    {
        if (value.Message is null)
            writer.WriteNullValue();
        else
            JsonSerializer.Serialize(writer, value.Message, PayloadJson.Wire.Message);
    }
}

public sealed record MessageSnapshot(SnapshotMessage Message);

/// <summary>The part of a forwarded message that travels with the forward; it has no author.</summary>
public sealed record SnapshotMessage
{
    public MessageType Type { get; init; }
    public string Content { get; init; } = "";
    public IReadOnlyList<JsonElement> Embeds { get; init; } = [];
    public IReadOnlyList<Attachment> Attachments { get; init; } = [];
    public required DateTimeOffset Timestamp { get; init; }
    [JsonIgnore(Condition = Never)] public DateTimeOffset? EditedTimestamp { get; init; }
    public MessageFlags Flags { get; init; }
    public IReadOnlyList<User> Mentions { get; init; } = [];
    public IReadOnlyList<Snowflake> MentionRoles { get; init; } = [];
    public IReadOnlyList<JsonElement> Components { get; init; } = [];
    public IReadOnlyList<StickerItem>? StickerItems { get; init; }
}

public sealed record StickerItem(Snowflake Id, string Name, int FormatType);

public sealed record Reaction
{
    public required Emoji Emoji { get; init; }
    public int Count { get; init; }
    public required ReactionCounts CountDetails { get; init; }
    public IReadOnlyList<string> BurstColors { get; init; } = [];
    public bool Me { get; init; }
    public bool MeBurst { get; init; }
}

public sealed record ReactionCounts(int Burst, int Normal);

/// <summary>What interaction a message answers.</summary>
public sealed record InteractionMetadata
{
    public required Snowflake Id { get; init; }
    public int Type { get; init; }
    public required User User { get; init; }

    /// <summary>Integration type (as text) to guild or user id.</summary>
    public IReadOnlyDictionary<string, Snowflake> AuthorizingIntegrationOwners { get; init; } = new Dictionary<string, Snowflake>();

    public string? Name { get; init; }
    public int? CommandType { get; init; }
    public Snowflake? OriginalResponseMessageId { get; init; }
    public Snowflake? InteractedMessageId { get; init; }

    /// <summary>Whom a user command was used on.</summary>
    public User? TargetUser { get; init; }

    /// <summary>What a message command was used on.</summary>
    public Snowflake? TargetMessageId { get; init; }

    /// <summary>Modals only: what opened it.</summary>
    public InteractionMetadata? TriggeringInteractionMetadata { get; init; }
}

public sealed record MessageInteraction(Snowflake Id, int Type, string Name, User User);

/// <summary>One page of the pins route.</summary>
public sealed record PinPage(IReadOnlyList<Pin> Items, bool HasMore);

public sealed record Pin(DateTimeOffset PinnedAt, Message Message);
