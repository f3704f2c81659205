using Discord.Actors.Guilds;
using Discord.Actors.Guilds.Threads;
using Discord.Actors.Messages;
using Discord.Node.Rest.Bodies;
using Discord.Node.Rest.Channels;
using Discord.Node.Rest.Messages;
using Discord.Protocol;
using Discord.Protocol.Errors;
using Discord.Protocol.Forms;
using Discord.Protocol.Payloads;

namespace Discord.Node.Rest.Threads;

/// <summary>Starting threads: from a message, without one, and posts in forums and media channels.</summary>
public static class ThreadEndpoints
{
    /// <summary>Declares the routes of threads, their members and lists.</summary>
    public static void Map(RouteTable routes)
    {
        ArgumentNullException.ThrowIfNull(routes);
        routes.Post("/channels/{channel_id}/threads", StartAsync);
        routes.Post("/channels/{channel_id}/messages/{message_id}/threads", StartFromMessageAsync);
        ThreadMemberEndpoints.Map(routes);
        ThreadListEndpoints.Map(routes);
    }

    private static async ValueTask<RestReply> StartFromMessageAsync(RestCall call)
    {
        ChannelAccess access = await ChannelAccess.OpenAsync(call);
        if (access.Guild is null || access.Channel.Type.IsThread())
            throw new ApiException(ApiError.CannotExecuteOnChannelType);
        FormReader form = (await call.FormAsync()).Reader();
        Snowflake messageId = call.Id("message_id");
        StartThread start = Read(form, messageId, access.Channel.Id) with { FromMessage = true, By = ChannelEndpoints.By(call) };
        form.ThrowIfInvalid();
        Message message = await access.Log.FindAsync(messageId) ?? throw new ApiException(ApiError.UnknownMessage);
        if (!message.Type.IsWritten())
            throw new ApiException(ApiError.CannotExecuteOnSystemMessage);
        Channel thread = await call.Services.Domain.Guilds.RunAsync(access.Guild.Id, start);
        GuildHandle guild = await call.Services.Domain.Guilds.GetAsync(access.Guild.Id);

        // The message says that it has a thread; the thread begins with a pointer back to it.
        await MessagePosting.AskAsync<MessageEdited>(access.Handle, new EditMessage(messageId)
        {
            Flags = MessageFlags.HasThread,
            FlagsMask = MessageFlags.HasThread,
            MarksEdited = false,
        });
        if (await call.Services.Domain.Guilds.OpenChannelAsync(guild, thread.Id) is { } handle)
        {
            await MessagePosting.AskAsync<MessageCreated>(handle, new CreateMessage(new MessageDraft
            {
                Author = access.User,
                Type = MessageType.ThreadStarterMessage,
                Reference = new MessageReference { MessageId = messageId, ChannelId = access.Channel.Id, GuildId = guild.Id },
                Referenced = message,
                BypassSlowmode = true,
            }));
            guild.ResetMessageCount(thread.Id);
        }
        return Created(call, guild, thread.Id);
    }

    private static async ValueTask<RestReply> StartAsync(RestCall call)
    {
        (GuildHandle guild, Channel parent) = await ChannelPlace.InGuildAsync(call);
        RestForm body = await call.FormAsync();
        FormReader form = body.Reader();
        return parent.Type.IsThreadOnly() ? await PostAsync(call, guild, parent, form, body)
            : await WithoutMessageAsync(call, guild, parent, form);
    }

    private static async ValueTask<RestReply> WithoutMessageAsync(RestCall call, GuildHandle guild, Channel parent, FormReader form)
    {
        ChannelType type =
            form.Enum<ChannelType>("type", [ChannelType.AnnouncementThread, ChannelType.PublicThread, ChannelType.PrivateThread])
            ?? (parent.Type == ChannelType.GuildAnnouncement ? ChannelType.AnnouncementThread : ChannelType.PrivateThread);
        StartThread start = Read(form, call.Services.Domain.Ids.Next(), parent.Id) with
        {
            Type = type,
            Invitable = form.Bool("invitable"),
            By = ChannelEndpoints.By(call),
        };
        form.ThrowIfInvalid();
        Channel thread = await call.Services.Domain.Guilds.RunAsync(guild.Id, start);
        if (type != ChannelType.PrivateThread && await call.Services.Domain.Guilds.OpenChannelAsync(guild, parent.Id) is { } channel)
        {
            await MessagePosting.AskAsync<MessageCreated>(channel, new CreateMessage(new MessageDraft
            {
                Author = guild.State.Members[call.Account.Id]!.User!,
                Type = MessageType.ThreadCreated,
                Content = start.Name,
                Reference = new MessageReference { ChannelId = thread.Id, GuildId = guild.Id },
                BypassSlowmode = true,
            }));
        }
        return Created(call, guild, thread.Id);
    }

    // A post: the thread and its first message, which has the thread's id.
    private static async ValueTask<RestReply> PostAsync(RestCall call, GuildHandle guild, Channel parent, FormReader form, RestForm body)
    {
        StartThread start = Read(form, call.Services.Domain.Ids.Next(), parent.Id) with
        {
            AppliedTags = form.SnowflakeSet("applied_tags", Limits.PostTags) ?? [],
            By = ChannelEndpoints.By(call),
        };
        FormReader? inner = form.Sub("message", required: true);
        form.ThrowIfInvalid();
        MessageForm message = MessageForm.Read(inner!, body.Files);
        Permissions held = guild.State.PermissionsIn(parent, call.Account.Id, call.Services.Time.GetUtcNow());
        Poster poster = new(guild.State.Members[call.Account.Id]!.User!, held) { BypassSlowmode = true };
        (Channel thread, MessageCreated first) = await ForumPosts.CreateAsync(call.Services.Domain, guild, start, poster, message);
        Channel shown = ThreadLists.Show(
            guild, guild.State.Threads.GetValueOrDefault(thread.Id) ?? new Actors.Guilds.ThreadState(thread), call.Account.Id);
        return RestReply.Created(shown with { Message = first.Message }, PayloadJson.Wire.Channel);
    }

    private static StartThread Read(FormReader form, Snowflake id, Snowflake parent) =>
        new(id, parent, form.String("name", 1, Limits.ChannelName, required: true, trim: true) ?? "")
        {
            AutoArchiveDuration = ChannelForm.ArchiveDuration(form, "auto_archive_duration").OrNull(),
            RateLimitPerUser = form.Int("rate_limit_per_user", 0, Limits.ChannelSlowmodeSeconds),
        };

    private static RestReply Created(RestCall call, GuildHandle guild, Snowflake thread) =>
        RestReply.Created(ThreadLists.Show(guild, guild.State.Threads[thread], call.Account.Id), PayloadJson.Wire.Channel);
}
