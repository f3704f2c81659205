using Discord.Actors.Encoders;
using Discord.Actors.Relays;
using Discord.Actors.Sessions;
using Discord.Protocol;
using Discord.Protocol.Gateway;
using Discord.Protocol.Payloads;

namespace Discord.Actors.Privates;

/// <summary>Payloads and events of private channels.</summary>
public static class PrivatePayloads
{
    /// <summary>What a recipient may do in a private channel.</summary>
    public const Permissions Permissions =
        Protocol.Permissions.ViewChannel | Protocol.Permissions.SendMessages | Protocol.Permissions.SendTtsMessages
        | Protocol.Permissions.EmbedLinks | Protocol.Permissions.AttachFiles | Protocol.Permissions.ReadMessageHistory
        | Protocol.Permissions.MentionEveryone | Protocol.Permissions.UseExternalEmojis | Protocol.Permissions.UseExternalStickers
        | Protocol.Permissions.AddReactions | Protocol.Permissions.PinMessages | Protocol.Permissions.UseApplicationCommands
        | Protocol.Permissions.SendVoiceMessages | Protocol.Permissions.SendPolls | Protocol.Permissions.Connect
        | Protocol.Permissions.Speak
        | Protocol.Permissions.Stream | Protocol.Permissions.UseVad;

    /// <summary>The channel as <paramref name="viewer"/> sees it: its recipients are the others.</summary>
    public static Channel Channel(PrivateChannelState state, Snowflake viewer, Snowflake? lastMessageId) => new()
    {
        Id = state.Id,
        Type = state.Type,
        LastMessageId = lastMessageId,
        Recipients = [.. state.Recipients.Values.Where(u => u.Id != viewer).OrderBy(u => u.Id)],
        Name = state.Name,
        Icon = state.Icon,
        OwnerId = state.OwnerId,
    };

    internal static Relayed Created(Channel channel) => Event(EventNames.ChannelCreate, channel);

    internal static Relayed Updated(Channel channel) => Event(EventNames.ChannelUpdate, channel);

    internal static Relayed Deleted(Channel channel) => Event(EventNames.ChannelDelete, channel);

    internal static Relayed Recipient(EventName name, Snowflake channel, User user) => new(
        Json.Event(name, (channel, user), static (w, s) =>
        {
            w.WriteStartObject();
            w.WriteString("channel_id", s.channel.ToString());
            w.WritePropertyName("user");
            System.Text.Json.JsonSerializer.Serialize(w, s.user, PayloadJson.Wire.User);
            w.WriteEndObject();
        }),
        GatewayIntents.DirectMessages, Audience.Everyone);

    private static Relayed Event(EventName name, Channel channel) =>
        new(Json.Event(name, channel, PayloadJson.Wire.Channel), GatewayIntents.DirectMessages, Audience.Everyone);
}
