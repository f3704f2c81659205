using System.Text.Json;
using Discord.Actors;
using Discord.Actors.Guilds;
using Discord.Actors.Guilds.Threads;
using Discord.Actors.Messages;
using Discord.Node.Rest.Bodies;
using Discord.Node.Rest.Messages;
using Discord.Node.Rest.Threads;
using Discord.Protocol;
using Discord.Protocol.Errors;
using Discord.Protocol.Forms;
using Discord.Protocol.Payloads;

namespace Discord.Node.Rest.Webhooks;

/// <summary>A webhook whose token was shown: it posts into its channel and its threads, and keeps what it posted.</summary>
internal sealed class WebhookTarget(GuildHandle guild, Webhook webhook) : IWebhookTarget
{
    public GuildHandle Guild => guild;

    public Webhook Webhook => webhook;

    public async ValueTask<RestReply> ExecuteAsync(RestCall call)
    {
        bool wait = call.Query.Bool("wait") ?? false;
        RestForm body = await call.FormAsync();
        FormReader form = WebhookBody.Reader(call, body, webhook);
        Optional<string> username = WebhookForms.Name(form, "username");
        WebhookBody.CheckUrl(form, "avatar_url");
        string? threadName = form.String("thread_name", 1, Limits.ChannelName, trim: true);
        IReadOnlyList<Snowflake> tags = form.SnowflakeSet("applied_tags", Limits.PostTags) ?? [];
        Snowflake? threadId = call.Query.Snowflake("thread_id");
        call.Query.ThrowIfInvalid();
        form.ThrowIfInvalid();
        MessageCreated created =
            await PostAsync(call, MessageForm.Read(form, body.Files), username.OrNullReference(), threadId, threadName, tags);
        return wait ? RestReply.Raw(created.Json) : RestReply.NoContent;
    }

    public async ValueTask<RestReply> GetMessageAsync(RestCall call, Snowflake? messageId)
    {
        (ChannelHandle channel, Message message) = await OwnAsync(call, messageId);
        return RestReply.Raw(
            await channel.Log.ReadAsync(message.Id, Viewer, call.Cancelled) ?? throw new ApiException(ApiError.UnknownMessage));
    }

    public async ValueTask<RestReply> EditMessageAsync(RestCall call, Snowflake? messageId)
    {
        (ChannelHandle channel, Message message) = await OwnAsync(call, messageId);
        RestForm body = await call.FormAsync();
        MessageForm form = MessageForm.Read(
            WebhookBody.Reader(call, body, webhook), body.Files, message.Flags.HasFlag(MessageFlags.IsComponentsV2));
        await MessageEditing.EditAsync(call.Services.Domain, channel, message, form, Poster(message.Author), isAuthor: true);
        return RestReply.Raw(
            await channel.Log.ReadAsync(message.Id, Viewer, call.Cancelled) ?? throw new ApiException(ApiError.UnknownMessage));
    }

    public async ValueTask<RestReply> DeleteMessageAsync(RestCall call, Snowflake? messageId)
    {
        (ChannelHandle channel, Message message) = await OwnAsync(call, messageId);
        await MessagePosting.AskAsync<MessagesDeleted>(channel, new DeleteMessages([message.Id]));
        return RestReply.NoContent;
    }

    private MessageViewer Viewer => new(webhook.Id, SeesContent: true);

    private Channel Home => webhook.ChannelId is { } id && guild.State.FindChannel(id) is { } channel ? channel
        : throw new ApiException(ApiError.UnknownWebhook);

    private User Author(string? username) => new()
    {
        Id = webhook.Id,
        Username = username ?? webhook.Name ?? "Webhook",
        Discriminator = "0000",
        Avatar = webhook.Avatar,
        Bot = true,
    };

    // A webhook may do everything a message can, but mention everyone only where everyone may.
    private Poster Poster(User author)
    {
        GuildState state = guild.State;
        Permissions everyone = state.PermissionsIn(Home, Snowflake.None, [], timedOut: false);
        return new(author, everyone.Has(Permissions.MentionEveryone) ? Permissions.All : Permissions.All & ~Permissions.MentionEveryone)
        {
            BypassSlowmode = true,
            WebhookId = webhook.Id,
            ApplicationId = webhook.ApplicationId,
            DefaultMentions = AllowedMentions.UsersOnly,
        };
    }

    private async ValueTask<MessageCreated> PostAsync(
        RestCall call, MessageForm form, string? username, Snowflake? threadId, string? threadName, IReadOnlyList<Snowflake> tags)
    {
        DomainServices domain = call.Services.Domain;
        Channel home = Home;
        Poster poster = Poster(Author(username));
        if (home.Type.IsThreadOnly())
        {
            if (threadId is null && threadName is null)
                throw new ApiException(ApiError.WebhookForumNeedsThread);
            if (threadId is not null && threadName is not null)
                throw new ApiException(ApiError.WebhookForumThreadConflict);
        }
        else if (threadName is not null)
            throw new ApiException(ApiError.WebhookThreadsOnlyInForum);
        if (threadName is not null)
        {
            StartThread start = new(domain.Ids.Next(), home.Id, threadName)
            {
                AppliedTags = tags,
                By = new Caller(webhook.Id) { System = true },
            };
            return (await ForumPosts.CreateAsync(domain, guild, start, poster, form)).First;
        }
        ChannelHandle channel = await OpenAsync(domain, threadId);
        if (channel.Host.Channel?.ThreadMetadata is { Archived: true })
            await domain.Guilds.RunAsync(
                guild.Id, new EnterThread(channel.Host.ChannelId) { By = new Caller(webhook.Id) { System = true } });
        return await MessagePosting.PostAsync(domain, channel, poster, form);
    }

    // The webhook's channel, or a thread of it.
    private async ValueTask<ChannelHandle> OpenAsync(DomainServices domain, Snowflake? threadId)
    {
        Channel home = Home;
        if (threadId is { } id
            && (!guild.State.Threads.TryGetValue(id, out Actors.Guilds.ThreadState? thread) || thread.Channel.ParentId != home.Id))
            throw new ApiException(ApiError.UnknownChannel);
        return await domain.Guilds.OpenChannelAsync(guild, threadId ?? home.Id) ?? throw new ApiException(ApiError.UnknownChannel);
    }

    private async ValueTask<(ChannelHandle Channel, Message Message)> OwnAsync(RestCall call, Snowflake? messageId)
    {
        Snowflake? threadId = call.Query.Snowflake("thread_id");
        call.Query.ThrowIfInvalid();
        // Only interactions have an original.
        if (messageId is not { } id)
            throw new ApiException(ApiError.UnknownMessage);
        ChannelHandle channel = await OpenAsync(call.Services.Domain, threadId);
        Message? message = await channel.Log.FindAsync(id, call.Cancelled);
        return message?.WebhookId == webhook.Id ? (channel, message) : throw new ApiException(ApiError.UnknownMessage);
    }
}

/// <summary>Reads what is special in a webhook's bodies.</summary>
internal static class WebhookBody
{
    /// <summary>A reader of the body. Components count for webhooks of applications, and for others that ask for them; else they are left
    /// out.</summary>
    public static FormReader Reader(RestCall call, RestForm body, Webhook webhook)
    {
        bool components = webhook.ApplicationId is not null || call.Query.Bool("with_components") == true;
        if (components || body.Json.ValueKind != JsonValueKind.Object || !body.Json.TryGetProperty("components"u8, out _))
            return body.Reader();
        System.Buffers.ArrayBufferWriter<byte> buffer = new();
        using (Utf8JsonWriter json = new(buffer))
        {
            json.WriteStartObject();
            foreach (JsonProperty property in body.Json.EnumerateObject())
            {
                if (!property.NameEquals("components"u8))
                    property.WriteTo(json);
            }
            json.WriteEndObject();
        }
        return FormReader.Parse(buffer.WrittenSpan);
    }

    public static void CheckUrl(FormReader form, string field)
    {
        string? url = form.String(field, 0, 2048);
        if (!string.IsNullOrEmpty(url) && !(Uri.TryCreate(url, UriKind.Absolute, out Uri? uri) && uri.Scheme is "http" or "https"))
            form.Fail(field, "URL_TYPE_INVALID_URL", "Not a well formed URL.");
    }
}
