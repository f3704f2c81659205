using System.Buffers;
using System.Text.Json;
using Discord.Protocol;
using Discord.Protocol.Payloads;
using Google.Protobuf;

namespace Discord.Actors.Messages;

/// <summary>Between <see cref="Message"/> and the bytes of <see cref="StoredMessage"/> in the message store. Pure.</summary>
internal static class StoredMessages
{
    /// <summary>The row's body.</summary>
    public static byte[] Encode(Message message)
    {
        StoredMessage stored = new()
        {
            Type = (int)message.Type,
            Content = message.Content,
            Author = Stored(message.Author),
            EditedAt = message.EditedTimestamp?.ToUnixTimeMilliseconds() ?? 0,
            Tts = message.Tts,
            MentionEveryone = message.MentionEveryone,
            Embeds = Json(message.Embeds),
            Components = Json(message.Components),
            Flags = (long)message.Flags,
            WebhookId = message.WebhookId?.Value ?? 0,
            ApplicationId = message.ApplicationId?.Value ?? 0,
        };
        foreach (User user in message.Mentions)
            stored.Mentions.Add(Stored(user));
        foreach (Snowflake role in message.MentionRoles)
            stored.MentionRoles.Add(role.Value);
        foreach (Attachment attachment in message.Attachments)
            stored.Attachments.Add(Stored(attachment));
        if (message.MessageReference is { } reference)
        {
            stored.Reference = new StoredReference
            {
                Type = reference.Type,
                MessageId = reference.MessageId?.Value ?? 0,
                ChannelId = reference.ChannelId.Value,
                GuildId = reference.GuildId?.Value ?? 0,
            };
        }
        foreach (MessageSnapshot snapshot in message.MessageSnapshots ?? [])
            stored.Snapshots.Add(Stored(snapshot.Message));
        foreach (StickerItem sticker in message.StickerItems ?? [])
            stored.Stickers.Add(Stored(sticker));
        if (message.InteractionMetadata is { } interaction)
            stored.Interaction = Stored(interaction);
        if (message.Position is { } position)
            stored.Position = position;
        return stored.ToByteArray();
    }

    /// <summary>The message of a row.</summary>
    /// <exception cref="InvalidProtocolBufferException">The body is damaged.</exception>
    public static Message Decode(Snowflake channelId, Snowflake id, ReadOnlyMemory<byte> body)
    {
        StoredMessage stored = StoredMessage.Parser.ParseFrom(body.Span);
        InteractionMetadata? interaction = stored.Interaction is { } i ? Read(i) : null;
        return new Message
        {
            Id = id,
            ChannelId = channelId,
            Type = (MessageType)stored.Type,
            Content = stored.Content,
            Author = Read(stored.Author ?? new StoredUser()),
            Timestamp = id.Timestamp,
            EditedTimestamp = Time(stored.EditedAt),
            Tts = stored.Tts,
            MentionEveryone = stored.MentionEveryone,
            Mentions = ReadAll(stored.Mentions, Read),
            MentionRoles = ReadAll(stored.MentionRoles, static value => new Snowflake(value)),
            Attachments = ReadAll(stored.Attachments, Read),
            Embeds = Elements(stored.Embeds),
            Components = Elements(stored.Components),
            Flags = (MessageFlags)stored.Flags,
            WebhookId = Id(stored.WebhookId),
            ApplicationId = Id(stored.ApplicationId),
            MessageReference = stored.Reference is { } reference
                ? new MessageReference
                {
                    Type = reference.Type,
                    MessageId = Id(reference.MessageId),
                    ChannelId = new Snowflake(reference.ChannelId),
                    GuildId = Id(reference.GuildId),
                }
                : null,
            MessageSnapshots = stored.Snapshots.Count == 0 ? null : ReadAll(stored.Snapshots, static s => new MessageSnapshot(Read(s))),
            StickerItems = stored.Stickers.Count == 0 ? null : ReadAll(stored.Stickers, Read),
            InteractionMetadata = interaction,
            Interaction = interaction is { Name: { } name }
                ? new MessageInteraction(interaction.Id, interaction.Type, name, interaction.User) : null,
            Position = stored.HasPosition ? stored.Position : null,
        };
    }

    private static StoredUser Stored(User user)
    {
        StoredUser stored = new()
        {
            Id = user.Id.Value,
            Username = user.Username,
            Discriminator = user.Discriminator == "0" ? "" : user.Discriminator,
            PublicFlags = user.PublicFlags,
            Bot = user.Bot == true,
            System = user.System == true,
        };
        if (user.GlobalName is { } name)
            stored.GlobalName = name;
        if (user.Avatar is { } avatar)
            stored.Avatar = avatar;
        return stored;
    }

    private static User Read(StoredUser stored) => new()
    {
        Id = new Snowflake(stored.Id),
        Username = stored.Username,
        Discriminator = stored.Discriminator.Length == 0 ? "0" : stored.Discriminator,
        GlobalName = stored.HasGlobalName ? stored.GlobalName : null,
        Avatar = stored.HasAvatar ? stored.Avatar : null,
        PublicFlags = stored.PublicFlags,
        Flags = stored.PublicFlags,
        Bot = stored.Bot ? true : null,
        System = stored.System ? true : null,
    };

    private static StoredAttachment Stored(Attachment attachment)
    {
        StoredAttachment stored = new()
        {
            Id = attachment.Id.Value,
            Filename = attachment.Filename,
            Size = attachment.Size,
            Ephemeral = attachment.Ephemeral == true,
        };
        if (attachment.Title is { } title)
            stored.Title = title;
        if (attachment.Description is { } description)
            stored.Description = description;
        if (attachment.ContentType is { } type)
            stored.ContentType = type;
        if (attachment.Width is { } width)
            stored.Width = width;
        if (attachment.Height is { } height)
            stored.Height = height;
        if (attachment.DurationSecs is { } duration)
            stored.DurationSecs = duration;
        if (attachment.Waveform is { } waveform)
            stored.Waveform = waveform;
        if (attachment.Flags is { } flags)
            stored.Flags = flags;
        return stored;
    }

    private static Attachment Read(StoredAttachment stored) => new()
    {
        Id = new Snowflake(stored.Id),
        Filename = stored.Filename,
        Title = stored.HasTitle ? stored.Title : null,
        Description = stored.HasDescription ? stored.Description : null,
        ContentType = stored.HasContentType ? stored.ContentType : null,
        Size = stored.Size,
        Width = stored.HasWidth ? stored.Width : null,
        Height = stored.HasHeight ? stored.Height : null,
        Ephemeral = stored.Ephemeral ? true : null,
        DurationSecs = stored.HasDurationSecs ? stored.DurationSecs : null,
        Waveform = stored.HasWaveform ? stored.Waveform : null,
        Flags = stored.HasFlags ? stored.Flags : null,
    };

    private static StoredSticker Stored(StickerItem sticker) =>
        new() { Id = sticker.Id.Value, Name = sticker.Name, FormatType = sticker.FormatType };

    private static StickerItem Read(StoredSticker stored) => new(new Snowflake(stored.Id), stored.Name, stored.FormatType);

    private static StoredSnapshot Stored(SnapshotMessage message)
    {
        StoredSnapshot stored = new()
        {
            Type = (int)message.Type,
            Content = message.Content,
            Embeds = Json(message.Embeds),
            Timestamp = message.Timestamp.ToUnixTimeMilliseconds(),
            EditedAt = message.EditedTimestamp?.ToUnixTimeMilliseconds() ?? 0,
            Flags = (long)message.Flags,
            Components = Json(message.Components),
        };
        foreach (Attachment attachment in message.Attachments)
            stored.Attachments.Add(Stored(attachment));
        foreach (User user in message.Mentions)
            stored.Mentions.Add(Stored(user));
        foreach (Snowflake role in message.MentionRoles)
            stored.MentionRoles.Add(role.Value);
        foreach (StickerItem sticker in message.StickerItems ?? [])
            stored.Stickers.Add(Stored(sticker));
        return stored;
    }

    private static SnapshotMessage Read(StoredSnapshot stored) => new()
    {
        Type = (MessageType)stored.Type,
        Content = stored.Content,
        Embeds = Elements(stored.Embeds),
        Attachments = ReadAll(stored.Attachments, Read),
        Timestamp = DateTimeOffset.FromUnixTimeMilliseconds(stored.Timestamp),
        EditedTimestamp = Time(stored.EditedAt),
        Flags = (MessageFlags)stored.Flags,
        Mentions = ReadAll(stored.Mentions, Read),
        MentionRoles = ReadAll(stored.MentionRoles, static value => new Snowflake(value)),
        Components = Elements(stored.Components),
        StickerItems = stored.Stickers.Count == 0 ? null : ReadAll(stored.Stickers, Read),
    };

    private static StoredInteraction Stored(InteractionMetadata interaction)
    {
        StoredInteraction stored = new()
        {
            Id = interaction.Id.Value,
            Type = interaction.Type,
            User = Stored(interaction.User),
            OriginalResponseMessageId = interaction.OriginalResponseMessageId?.Value ?? 0,
            InteractedMessageId = interaction.InteractedMessageId?.Value ?? 0,
            TargetUser = interaction.TargetUser is { } target ? Stored(target) : null,
            TargetMessageId = interaction.TargetMessageId?.Value ?? 0,
            Triggering = interaction.TriggeringInteractionMetadata is { } triggering ? Stored(triggering) : null,
        };
        foreach ((string type, Snowflake owner) in interaction.AuthorizingIntegrationOwners)
            stored.Owners.Add(type, owner.Value);
        if (interaction.Name is { } name)
            stored.Name = name;
        if (interaction.CommandType is { } type2)
            stored.CommandType = type2;
        return stored;
    }

    private static InteractionMetadata Read(StoredInteraction stored) => new()
    {
        Id = new Snowflake(stored.Id),
        Type = stored.Type,
        User = Read(stored.User ?? new StoredUser()),
        AuthorizingIntegrationOwners = stored.Owners.ToDictionary(pair => pair.Key, pair => new Snowflake(pair.Value)),
        Name = stored.HasName ? stored.Name : null,
        CommandType = stored.HasCommandType ? stored.CommandType : null,
        OriginalResponseMessageId = Id(stored.OriginalResponseMessageId),
        InteractedMessageId = Id(stored.InteractedMessageId),
        TargetUser = stored.TargetUser is { } target ? Read(target) : null,
        TargetMessageId = Id(stored.TargetMessageId),
        TriggeringInteractionMetadata = stored.Triggering is { } triggering ? Read(triggering) : null,
    };

    private static Snowflake? Id(ulong value) => value == 0 ? null : new Snowflake(value);

    private static DateTimeOffset? Time(long milliseconds) =>
        milliseconds == 0 ? null : DateTimeOffset.FromUnixTimeMilliseconds(milliseconds);

    private static TTo[] ReadAll<TFrom, TTo>(IList<TFrom> from, Func<TFrom, TTo> read)
    {
        if (from.Count == 0)
            return [];
        var to = new TTo[from.Count];
        for (int i = 0; i < to.Length; i++)
            to[i] = read(from[i]);
        return to;
    }

    private static ByteString Json(IReadOnlyList<JsonElement> elements)
    {
        if (elements.Count == 0)
            return ByteString.Empty;
        ArrayBufferWriter<byte> buffer = new();
        using (Utf8JsonWriter writer = new(buffer, MessageJson.WriterOptions))
        {
            writer.WriteStartArray();
            foreach (JsonElement element in elements)
                element.WriteTo(writer);
            writer.WriteEndArray();
        }
        return ByteString.CopyFrom(buffer.WrittenSpan);
    }

    private static IReadOnlyList<JsonElement> Elements(ByteString json)
    {
        if (json.IsEmpty)
            return [];
        Utf8JsonReader reader = new(json.Span);
        JsonElement array = JsonElement.ParseValue(ref reader);
        return [.. array.EnumerateArray()];
    }
}
