using System.Buffers;
using System.Text.Json;
using Discord.Actors.Relays;
using Discord.Actors.Sessions;
using Discord.Protocol;
using Discord.Protocol.Gateway;
using Discord.Protocol.Payloads;

namespace Discord.Actors.Messages;

/// <summary>
/// The dispatches of one channel's messages. MESSAGE_CREATE and MESSAGE_UPDATE share the bytes of the message object: what an event adds
/// (<c>channel_type</c>, <c>guild_id</c>, <c>member</c>) is its tail, which is the same for all messages of an author and kept. Used by the
/// channel's actor only.
/// </summary>
internal sealed class MessageEvents(IChannelHost host, ChannelServices services)
{
    // Authors whose tails are kept: those who talk now. A tail takes about 300 bytes.
    private const int MaxAuthors = 64;

    private readonly Dictionary<Snowflake, AuthorFacts> _authors = [];

    /// <summary>The author as shown, encoded, with what events add for it.</summary>
    public AuthorFacts FactsOf(User author, bool isWebhook, Channel channel)
    {
        Member? member = isWebhook ? null : host.Guild?.Members[author.Id];
        User shown = member?.User ?? author;
        if (_authors.TryGetValue(author.Id, out AuthorFacts? facts) && ReferenceEquals(facts.Member, member)
            && facts.ChannelType == channel.Type
            && (ReferenceEquals(facts.User, shown) || facts.User == shown))
            return facts;
        if (_authors.Count >= MaxAuthors)
            _authors.Clear();
        byte[] tail = Tail(member, channel.Type);
        facts = new AuthorFacts(shown, member, channel.Type)
        {
            UserJson = JsonSerializer.SerializeToUtf8Bytes(shown, PayloadJson.Wire.User),
            Tail = tail,
            TailWithoutContent = [.. MessageJson.NoContent, .. tail],
            Entitled = [author.Id],
        };
        _authors[author.Id] = facts;
        return facts;
    }

    public void PublishCreate(LogEntry entry, AuthorFacts facts, Channel channel, JsonElement? nonce, LogEntry? inside)
    {
        host.Advanced(entry.Id);
        Publish(EventNames.MessageCreate, entry, facts, channel, nonce, inside);
    }

    public void PublishUpdate(LogEntry entry, AuthorFacts facts, Channel channel, LogEntry? inside) =>
        Publish(EventNames.MessageUpdate, entry, facts, channel, null, inside);

    /// <summary>MESSAGE_DELETE for one, MESSAGE_DELETE_BULK where several were asked for.</summary>
    public void PublishDelete(IReadOnlyList<Snowflake> ids, Channel channel, bool bulk)
    {
        // Discord's own limit of one bulk delete; what goes with a ban may be more.
        foreach (Snowflake[] part in ids.Chunk(100))
        {
            byte[] body = MessageJson.Encode((host, part, bulk), static (json, x) =>
            {
                json.WriteStartObject();
                if (!x.bulk)
                    MessageJson.Id(json, "id"u8, x.part[0]);
                else
                    MessageJson.Ids(json, "ids"u8, x.part);
                Place(json, x.host);
                json.WriteEndObject();
            });
            Send(bulk ? EventNames.MessageDeleteBulk
                : EventNames.MessageDelete, body, channel, GatewayIntents.GuildMessages, GatewayIntents.DirectMessages);
        }
    }

    public void PublishReactionAdd(AddReaction added, ReactionEmoji emoji, Message message, Channel channel) =>
        Send(EventNames.MessageReactionAdd, MessageJson.Encode((host, added, emoji, message), static (json, x) =>
        {
            json.WriteStartObject();
            MessageJson.Id(json, "user_id"u8, x.added.UserId);
            MessageJson.Id(json, "message_id"u8, x.message.Id);
            MessageJson.Id(json, "message_author_id"u8, x.message.Author.Id);
            if (x.host.Guild?.Members[x.added.UserId] is { } member)
                MessageJson.Value(json, "member"u8, member, PayloadJson.Wire.Member);
            EmojiOf(json, x.emoji);
            if (x.added.Burst)
            {
                json.WriteStartArray("burst_colors"u8);
                json.WriteEndArray();
            }
            Kind(json, x.added.Burst);
            Place(json, x.host);
            json.WriteEndObject();
        }), channel, GatewayIntents.GuildMessageReactions, GatewayIntents.DirectMessageReactions);

    public void PublishReactionRemove(RemoveReaction removed, ReactionEmoji emoji, bool burst, Channel channel) =>
        Send(EventNames.MessageReactionRemove, MessageJson.Encode((host, removed, emoji, burst), static (json, x) =>
        {
            json.WriteStartObject();
            MessageJson.Id(json, "user_id"u8, x.removed.UserId);
            MessageJson.Id(json, "message_id"u8, x.removed.MessageId);
            EmojiOf(json, x.emoji);
            Kind(json, x.burst);
            Place(json, x.host);
            json.WriteEndObject();
        }), channel, GatewayIntents.GuildMessageReactions, GatewayIntents.DirectMessageReactions);

    public void PublishReactionsCleared(Snowflake messageId, ReactionEmoji? emoji, Channel channel) =>
        Send(emoji is null ? EventNames.MessageReactionRemoveAll
            : EventNames.MessageReactionRemoveEmoji, MessageJson.Encode((host, messageId, emoji), static (json, x) =>
        {
            json.WriteStartObject();
            MessageJson.Id(json, "message_id"u8, x.messageId);
            if (x.emoji is { } emoji)
                EmojiOf(json, emoji);
            Place(json, x.host);
            json.WriteEndObject();
        }), channel, GatewayIntents.GuildMessageReactions, GatewayIntents.DirectMessageReactions);

    public void PublishPins(DateTimeOffset? last, Channel channel) =>
        Send(EventNames.ChannelPinsUpdate, MessageJson.Encode((host, last), static (json, x) =>
        {
            json.WriteStartObject();
            if (x.last is { } last)
                json.WriteTime("last_pin_timestamp"u8, last);
            else
                json.WriteNull("last_pin_timestamp"u8);
            Place(json, x.host);
            json.WriteEndObject();
        }), channel, GatewayIntents.Guilds, GatewayIntents.DirectMessages);

    /// <summary>The message object with keys appended: what the creator is answered.</summary>
    public static ReadOnlyMemory<byte> Answer(LogEntry entry, JsonElement? nonce, LogEntry? inside)
    {
        if (nonce is null && !entry.HasReference)
            return entry.Encoded.Json;
        ArrayBufferWriter<byte> buffer = new(entry.Encoded.Json.Length + 64 + (inside?.Encoded.Json.Length ?? 0));
        buffer.Write(entry.Encoded.Open.Span);
        Extras(buffer, entry, nonce, inside, withContent: true);
        buffer.Write("}"u8);
        return buffer.WrittenMemory;
    }

    private void Publish(EventName name, LogEntry entry, AuthorFacts facts, Channel channel, JsonElement? nonce, LogEntry? inside)
    {
        EncodedMessage encoded = entry.Encoded;
        // Events show the membership of those who are mentioned; it is the one thing that cannot be appended.
        if (host.Guild is { } guild && entry.Message.Mentions.Count > 0)
            encoded = MessageJson.Encode(entry.Message, facts.User, facts.UserJson, services.AttachmentUrls, guild);
        bool plain = nonce is null && !entry.HasReference;
        bool isGuild = host.GuildId is not null;
        DispatchEvent dispatch = new(name, encoded.Open, plain ? facts.Tail : Joined(entry, nonce, inside, facts.Tail, withContent: true))
        {
            WithoutContent = !isGuild ? null : new DispatchEvent(
                name, encoded.Head, plain ? facts.TailWithoutContent : Joined(entry, nonce, inside, facts.Tail, withContent: false)),
        };
        host.Publish(new Relayed(dispatch, isGuild ? GatewayIntents.GuildMessages : GatewayIntents.DirectMessages, AudienceOf(channel))
        {
            EntitledToContent = isGuild ? Entitled(entry.Message, facts) : [],
        });
    }

    private static byte[] Joined(LogEntry entry, JsonElement? nonce, LogEntry? inside, byte[] tail, bool withContent)
    {
        ArrayBufferWriter<byte> buffer = new(tail.Length + 128 + (inside?.Encoded.Json.Length ?? 0));
        if (!withContent)
            buffer.Write(MessageJson.NoContent);
        Extras(buffer, entry, nonce, inside, withContent);
        buffer.Write(tail);
        return buffer.WrittenSpan.ToArray();
    }

    private static void Extras(ArrayBufferWriter<byte> buffer, LogEntry entry, JsonElement? nonce, LogEntry? inside, bool withContent)
    {
        if (nonce is { } value)
        {
            buffer.Write(",\"nonce\":"u8);
            buffer.Write(MessageJson.Encode(value, static (json, nonce) => nonce.WriteTo(json)));
        }
        if (!entry.HasReference)
            return;
        buffer.Write(",\"referenced_message\":"u8);
        if (inside is null)
        {
            buffer.Write("null"u8);
            return;
        }
        buffer.Write(withContent ? inside.Encoded.Open.Span : inside.Encoded.Head.Span);
        if (!withContent)
            buffer.Write(MessageJson.NoContent);
        buffer.Write("}"u8);
    }

    private static Snowflake[] Entitled(Message message, AuthorFacts facts) =>
        message.Mentions.Count == 0 && message.ApplicationId is null
            ? facts.Entitled
            : [message.Author.Id, .. message.Mentions.Select(user =>
                user.Id), .. message.ApplicationId is { } id ? [id] : Array.Empty<Snowflake>()];

    // ,"channel_type":0,"guild_id":"…","member":{…}} : ends the object whose beginning is the message's.
    private byte[] Tail(Member? member, ChannelType type)
    {
        byte[] added = MessageJson.Encode((host, member, type), static (json, x) =>
        {
            json.WriteStartObject();
            json.WriteNumber("channel_type"u8, (int)x.type);
            if (x.host.GuildId is { } guild)
                MessageJson.Id(json, "guild_id"u8, guild);
            if (x.member is not null)
                MessageJson.Value(json, "member"u8, x.member with { User = null }, PayloadJson.Wire.Member);
            json.WriteEndObject();
        });
        added[0] = (byte)',';
        return added;
    }

    private void Send(EventName name, byte[] body, Channel channel, GatewayIntents inGuild, GatewayIntents inPrivate) =>
        host.Publish(new Relayed(new DispatchEvent(name, body), host.GuildId is not null ? inGuild : inPrivate, AudienceOf(channel)));

    private Audience AudienceOf(Channel channel) => host.GuildId is not null ? Audience.Viewers(channel) : Audience.Everyone;

    private static void Place(Utf8JsonWriter json, IChannelHost host)
    {
        MessageJson.Id(json, "channel_id"u8, host.ChannelId);
        if (host.GuildId is { } guild)
            MessageJson.Id(json, "guild_id"u8, guild);
    }

    private static void EmojiOf(Utf8JsonWriter json, ReactionEmoji emoji) =>
        MessageJson.Value(json, "emoji"u8, emoji.ToPayload(), PayloadJson.Wire.Emoji);

    private static void Kind(Utf8JsonWriter json, bool burst)
    {
        json.WriteBoolean("burst"u8, burst);
        json.WriteNumber("type"u8, burst ? 1 : 0);
    }
}

/// <summary>What is the same for all messages of one author in one channel, while neither user nor member changes.</summary>
internal sealed record AuthorFacts(User User, Member? Member, ChannelType ChannelType)
{
    public required byte[] UserJson { get; init; }

    /// <summary>Follows <see cref="EncodedMessage.Open"/> in an event.</summary>
    public required byte[] Tail { get; init; }

    /// <summary>Follows <see cref="EncodedMessage.Head"/> in an event without content.</summary>
    public required byte[] TailWithoutContent { get; init; }

    public required Snowflake[] Entitled { get; init; }
}
