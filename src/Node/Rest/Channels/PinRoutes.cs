using Discord.Actors.Messages;
using Discord.Node.Rest.Messages;
using Discord.Node.Rest.RateLimits;
using Discord.Protocol;
using Discord.Protocol.Errors;
using Discord.Protocol.Forms;
using Discord.Protocol.Payloads;

namespace Discord.Node.Rest.Channels;

/// <summary>Pins, by the present routes (<c>/messages/pins</c>) and the older ones (<c>/pins</c>).</summary>
internal static class PinRoutes
{
    public static void Map(RouteTable routes)
    {
        routes.Get("/channels/{channel_id}/messages/pins", ListAsync);
        routes.Put("/channels/{channel_id}/messages/pins/{message_id}", PinAsync).Bucket(Buckets.Pins);
        routes.Delete("/channels/{channel_id}/messages/pins/{message_id}", UnpinAsync).Bucket(Buckets.Pins);
        routes.Get("/channels/{channel_id}/pins", OldListAsync);
        routes.Put("/channels/{channel_id}/pins/{message_id}", PinAsync).Bucket(Buckets.Pins);
        routes.Delete("/channels/{channel_id}/pins/{message_id}", UnpinAsync).Bucket(Buckets.Pins);
    }

    private static async ValueTask<RestReply> ListAsync(RestCall call)
    {
        QueryReader query = call.Query;
        int limit = query.IntOr("limit", Limits.PinsPage, 1, Limits.PinsPage);
        DateTimeOffset? before = query.Timestamp("before");
        query.ThrowIfInvalid();
        ChannelAccess channel = await ChannelAccess.OpenAsync(call);
        return channel.Has(Permissions.ReadMessageHistory)
            ? RestReply.Raw(await channel.Log.PinsAsync(await MessageRoutes.ViewerAsync(call), before, limit, asArray: false,
                call.Cancelled))
            : RestReply.Raw("{\"items\":[],\"has_more\":false}"u8.ToArray());
    }

    private static async ValueTask<RestReply> OldListAsync(RestCall call)
    {
        ChannelAccess channel = await ChannelAccess.OpenAsync(call);
        return channel.Has(Permissions.ReadMessageHistory)
            ? RestReply.Raw(await channel.Log.PinsAsync(await MessageRoutes.ViewerAsync(call), null, Limits.PinsPage, asArray: true,
                call.Cancelled))
            : RestReply.Raw("[]"u8.ToArray());
    }

    private static async ValueTask<RestReply> PinAsync(RestCall call)
    {
        (ChannelAccess channel, Message message) = await OpenAsync(call);
        if (message.Type is not (MessageType.ThreadCreated or MessageType.ThreadStarterMessage) && !message.Type.IsWritten())
            throw new ApiException(ApiError.CannotExecuteOnSystemMessage);
        if (!(await MessagePosting.AskAsync<PinChanged>(channel.Handle, new PinMessage(message.Id))).Changed)
            return RestReply.NoContent;
        await MessageRoutes.AuditAsync(call, channel, new AuditMessages(AuditLogEvent.MessagePin, message.Author.Id,
            message.ChannelId)
        { MessageId = message.Id });
        await MessagePosting.AskAsync<MessageCreated>(channel.Handle, new CreateMessage(new MessageDraft
        {
            Author = channel.User,
            Type = MessageType.ChannelPinnedMessage,
            Reference = new MessageReference { MessageId = message.Id, ChannelId = message.ChannelId, GuildId = channel.Guild?.Id },
            BypassSlowmode = true,
        }));
        return RestReply.NoContent;
    }

    private static async ValueTask<RestReply> UnpinAsync(RestCall call)
    {
        (ChannelAccess channel, Message message) = await OpenAsync(call);
        if ((await MessagePosting.AskAsync<PinChanged>(channel.Handle, new UnpinMessage(message.Id))).Changed)
        {
            await MessageRoutes.AuditAsync(
                call, channel, new AuditMessages(AuditLogEvent.MessageUnpin, message.Author.Id,
                    message.ChannelId)
                { MessageId = message.Id });
        }
        return RestReply.NoContent;
    }

    private static async ValueTask<(ChannelAccess Channel, Message Message)> OpenAsync(RestCall call)
    {
        ChannelAccess channel = await ChannelAccess.OpenAsync(call, Permissions.PinMessages | Permissions.ReadMessageHistory);
        return (channel, await channel.Log.FindAsync(call.Id("message_id")) ?? throw new ApiException(ApiError.UnknownMessage));
    }
}
