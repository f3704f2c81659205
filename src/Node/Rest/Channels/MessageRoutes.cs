using System.Text.Json;
using Discord.Actors.Encoders;
using Discord.Actors.Guilds;
using Discord.Actors.Messages;
using Discord.Actors.Relays;
using Discord.Actors.Sessions;
using Discord.Node.Rest.Applications;
using Discord.Node.Rest.Messages;
using Discord.Node.Rest.RateLimits;
using Discord.Protocol;
using Discord.Protocol.Errors;
using Discord.Protocol.Forms;
using Discord.Protocol.Gateway;
using Discord.Protocol.Payloads;
using Discord.Storage;

namespace Discord.Node.Rest.Channels;

/// <summary>Messages of a channel: history, create, edit, delete, typing. Reactions and pins have files of their own.</summary>
public static class MessageRoutes
{
    /// <summary>Declares the routes.</summary>
    public static void Map(RouteTable routes)
    {
        ArgumentNullException.ThrowIfNull(routes);
        routes.Get("/channels/{channel_id}/messages", ListAsync);
        routes.Post("/channels/{channel_id}/messages", CreateAsync).Bucket(Buckets.MessageCreate);
        routes.Post("/channels/{channel_id}/messages/bulk-delete", BulkDeleteAsync).Bucket(Buckets.BulkDelete);
        routes.Get("/channels/{channel_id}/messages/{message_id}", GetAsync);
        routes.Patch("/channels/{channel_id}/messages/{message_id}", EditAsync).Bucket(Buckets.MessageEdit);
        routes.Delete("/channels/{channel_id}/messages/{message_id}", DeleteAsync).Bucket(Buckets.MessageDelete);
        routes.Post("/channels/{channel_id}/typing", TypingAsync).Bucket(Buckets.Typing);
        ReactionRoutes.Map(routes);
        PinRoutes.Map(routes);
    }

    internal static async ValueTask<MessageViewer> ViewerAsync(RestCall call) =>
        new(call.Account.Id, await ApplicationIntents.AllowAsync(call, GatewayIntents.MessageContent));

    /// <summary>Writes to the guild's audit log, with the call's reason; nothing in private channels.</summary>
    internal static async ValueTask AuditAsync(RestCall call, ChannelAccess channel, AuditMessages entry)
    {
        if (channel.Guild is { } guild)
            await call.Services.Domain.Guilds.RunAsync(guild.Id, entry with { By = new Caller(call.Account.Id, call.AuditReason) });
    }

    /// <summary>What the caller may do as a poster.</summary>
    internal static Poster PosterOf(RestCall call, ChannelAccess channel) => new(channel.User, channel.Permissions)
    {
        BypassSlowmode = call.Account.IsBot
            || channel.Permissions.HasAny(Permissions.ManageMessages | Permissions.ManageChannels | Permissions.BypassSlowmode),
    };

    private static async ValueTask<RestReply> ListAsync(RestCall call)
    {
        QueryReader query = call.Query;
        int limit = query.IntOr("limit", Limits.MessagesPageDefault, 1, Limits.MessagesPage);
        Snowflake? around = query.Snowflake("around"), before = query.Snowflake("before"), after = query.Snowflake("after");
        query.ThrowIfInvalid();
        ChannelAccess channel = await ChannelAccess.OpenAsync(call);
        if (!channel.Has(Permissions.ReadMessageHistory))
            return RestReply.Raw("[]"u8.ToArray());
        MessagePage page = around is { } center ? MessagePage.Around(center, limit)
            : before is { } end ? MessagePage.Before(end, limit)
            : after is { } start ? MessagePage.After(start, limit)
            : MessagePage.Latest(limit);
        return RestReply.Raw(await channel.Log.PageAsync(page, await ViewerAsync(call), call.Cancelled));
    }

    private static async ValueTask<RestReply> GetAsync(RestCall call)
    {
        ChannelAccess channel = await ChannelAccess.OpenAsync(call, Permissions.ReadMessageHistory);
        return await ShowAsync(call, channel, call.Id("message_id"));
    }

    private static async ValueTask<RestReply> ShowAsync(RestCall call, ChannelAccess channel, Snowflake id) =>
        RestReply.Raw(await channel.Log.ReadAsync(id, await ViewerAsync(call),
            call.Cancelled) ?? throw new ApiException(ApiError.UnknownMessage));

    private static async ValueTask<RestReply> CreateAsync(RestCall call)
    {
        ChannelAccess channel = await ChannelAccess.OpenAsync(call, Permissions.SendMessages);
        MessageForm form = MessageForm.Read(await call.FormAsync());
        MessageCreated created = await MessagePosting.PostAsync(call.Services.Domain, channel.Handle, PosterOf(call, channel), form);
        return RestReply.Raw(created.Json);
    }

    private static async ValueTask<RestReply> EditAsync(RestCall call)
    {
        ChannelAccess channel = await ChannelAccess.OpenAsync(call);
        Snowflake id = call.Id("message_id");
        Message message = await channel.Log.FindAsync(id) ?? throw new ApiException(ApiError.UnknownMessage);
        MessageForm form = MessageForm.Read(await call.FormAsync(), message.Flags.HasFlag(MessageFlags.IsComponentsV2));
        await MessageEditing.EditAsync(call.Services.Domain, channel.Handle, message, form, PosterOf(call, channel),
            isAuthor: message.Author.Id == call.Account.Id);
        return await ShowAsync(call, channel, id);
    }

    private static async ValueTask<RestReply> DeleteAsync(RestCall call)
    {
        ChannelAccess channel = await ChannelAccess.OpenAsync(call);
        Snowflake id = call.Id("message_id");
        Message message = await channel.Log.FindAsync(id) ?? throw new ApiException(ApiError.UnknownMessage);
        bool own = message.Author.Id == call.Account.Id;
        if (!own)
            channel.Require(Permissions.ManageMessages);
        if (!message.Type.IsDeletable())
            throw new ApiException(ApiError.CannotExecuteOnSystemMessage);
        await MessagePosting.AskAsync<MessagesDeleted>(channel.Handle, new DeleteMessages([id]));
        if (!own)
            await AuditAsync(call, channel, new AuditMessages(AuditLogEvent.MessageDelete, message.Author.Id,
                message.ChannelId)
            { Count = 1 });
        return RestReply.NoContent;
    }

    private static async ValueTask<RestReply> BulkDeleteAsync(RestCall call)
    {
        ChannelAccess channel = await ChannelAccess.OpenAsync(call, Permissions.ManageMessages);
        if (channel.Guild is null)
            throw new ApiException(ApiError.CannotExecuteOnDm);
        FormReader form = (await call.FormAsync()).Reader();
        List<Snowflake>? ids = form.SnowflakeArray("messages", 10_000, required: true);
        form.ThrowIfInvalid();
        if (ids!.Count is < Limits.BulkDeleteMin or > Limits.BulkDeleteMax)
            throw new ApiException(ApiError.BulkDeleteCount);
        for (int i = 0; i < ids.Count; i++)
        {
            if (ids.IndexOf(ids[i]) < i)
                form.Fail(FormErrors.Join("messages", i), FormError.Duplicate);
        }
        form.ThrowIfInvalid();
        DateTimeOffset oldest = call.Services.Time.GetUtcNow().AddDays(-Limits.BulkDeleteDays);
        if (ids.Exists(id => id.Timestamp < oldest))
            throw new ApiException(ApiError.TooOldToBulkDelete);
        MessagesDeleted gone = await MessagePosting.AskAsync<MessagesDeleted>(channel.Handle, new DeleteMessages(ids));
        if (gone.Ids.Count > 0)
            await AuditAsync(call, channel, new AuditMessages(AuditLogEvent.MessageBulkDelete, channel.Channel.Id,
                channel.Channel.Id)
            { Count = gone.Ids.Count });
        return RestReply.NoContent;
    }

    private static async ValueTask<RestReply> TypingAsync(RestCall call)
    {
        ChannelAccess channel = await ChannelAccess.OpenAsync(call, Permissions.SendMessages);
        long now = call.Services.Time.GetUtcNow().ToUnixTimeSeconds();
        byte[] body = Written(json =>
        {
            json.WriteStartObject();
            json.WriteString("channel_id"u8, channel.Channel.Id.ToString());
            json.WriteString("user_id"u8, call.Account.Id.ToString());
            json.WriteNumber("timestamp"u8, now);
            if (channel.Guild is { } guild)
            {
                json.WriteString("guild_id"u8, guild.Id.ToString());
                json.WritePropertyName("member"u8);
                JsonSerializer.Serialize(json, guild.Members[call.Account.Id]!, PayloadJson.Wire.Member);
            }
            json.WriteEndObject();
        });
        bool inGuild = channel.Guild is not null;
        channel.Handle.Host.Publish(new Relayed(
            new DispatchEvent(EventNames.TypingStart, body),
            inGuild ? GatewayIntents.GuildMessageTyping : GatewayIntents.DirectMessageTyping,
            inGuild ? Audience.Viewers(channel.Channel) : Audience.Everyone));
        return RestReply.NoContent;
    }

    private static byte[] Written(Action<Utf8JsonWriter> write)
    {
        System.Buffers.ArrayBufferWriter<byte> buffer = new();
        using (Utf8JsonWriter json = new(buffer,
            new JsonWriterOptions { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
            write(json);
        return buffer.WrittenSpan.ToArray();
    }
}
