using Discord.Actors.Guilds;
using Discord.Actors.Guilds.Channels;
using Discord.Actors.Guilds.Threads;
using Discord.Actors.Messages;
using Discord.Actors.Privates;
using Discord.Node.Cdn;
using Discord.Node.Rest.Messages;
using Discord.Node.Rest.RateLimits;
using Discord.Protocol;
using Discord.Protocol.Errors;
using Discord.Protocol.Forms;
using Discord.Protocol.Payloads;
using Discord.Storage.Files;
using ThreadState = Discord.Actors.Guilds.ThreadState;

namespace Discord.Node.Rest.Channels;

/// <summary>Channels of all kinds: get, modify, delete, overwrites, recipients of groups.</summary>
public static class ChannelEndpoints
{
    /// <summary>Declares the routes.</summary>
    public static void Map(RouteTable routes)
    {
        ArgumentNullException.ThrowIfNull(routes);
        routes.Get("/channels/{channel_id}", GetAsync);
        routes.Patch("/channels/{channel_id}", ModifyAsync);
        routes.Delete("/channels/{channel_id}", DeleteAsync);
        routes.Put("/channels/{channel_id}/permissions/{overwrite_id}", PutOverwriteAsync);
        routes.Delete("/channels/{channel_id}/permissions/{overwrite_id}", DeleteOverwriteAsync);
        routes.Put("/channels/{channel_id}/recipients/{user_id}", AddRecipientAsync);
        routes.Delete("/channels/{channel_id}/recipients/{user_id}", RemoveRecipientAsync);
        ChannelInviteEndpoints.Map(routes);
    }

    internal static Caller By(RestCall call) => new(call.Account.Id, call.AuditReason);

    private static async ValueTask<RestReply> GetAsync(RestCall call)
    {
        ChannelPlace place = await ChannelPlace.FindAsync(call);
        return RestReply.Json(Shown(call, place.Guild, place.Channel), PayloadJson.Wire.Channel);
    }

    // A thread shows the caller's membership too.
    private static Channel Shown(RestCall call, GuildHandle? guild, Channel channel) => guild is null ? channel
        : guild.State.Threads.TryGetValue(channel.Id, out ThreadState? thread) ? ThreadLists.Show(guild, thread, call.Account.Id)
        : guild.WithLastMessage(channel);

    private static async ValueTask<RestReply> ModifyAsync(RestCall call)
    {
        ChannelPlace place = await ChannelPlace.FindAsync(call);
        FormReader form = (await call.FormAsync()).Reader();
        if (place.Private is { } channel)
            return RestReply.Json(await ModifyGroupAsync(call, channel, form), PayloadJson.Wire.Channel);
        GuildHandle guild = place.Guild!;
        Channel changed;
        if (place.Channel.Type.IsThread())
            changed = await call.Services.Domain.Guilds.RunAsync(guild.Id, ThreadChange(form, place.Channel.Id) with { By = By(call) });
        else
        {
            ChannelSettings settings = ChannelForm.Read(form);
            if (form.IsNull("name"))
                form.Fail("name", FormError.Required);
            form.ThrowIfInvalid();
            if ((settings.Name.HasValue && settings.Name.Value != place.Channel.Name)
                || (settings.Topic.HasValue && settings.Topic.Value != (place.Channel.Topic ?? "")))
                call.SubLimit(Buckets.ChannelName, place.Channel.Id);
            changed = await call.Services.Domain.Guilds.RunAsync(guild.Id, new ModifyChannel(place.Channel.Id, settings) { By = By(call) });
        }
        return RestReply.Json(Shown(call, guild, changed), PayloadJson.Wire.Channel);
    }

    private static ModifyThread ThreadChange(FormReader form, Snowflake thread)
    {
        ModifyThread change = new(thread)
        {
            Name = form.String("name", 1, Limits.ChannelName, trim: true),
            Archived = form.Bool("archived"),
            Locked = form.Bool("locked"),
            Invitable = form.Bool("invitable"),
            AutoArchiveDuration = ChannelForm.ArchiveDuration(form, "auto_archive_duration").OrNull(),
            RateLimitPerUser = form.Int("rate_limit_per_user", 0, Limits.ChannelSlowmodeSeconds),
            Flags = form.Int("flags", 0),
            AppliedTags = form.SnowflakeSet("applied_tags", Limits.PostTags),
        };
        form.ThrowIfInvalid();
        return change;
    }

    private static async ValueTask<Channel> ModifyGroupAsync(RestCall call, PrivateHandle channel, FormReader form)
    {
        if (channel.State.Type != ChannelType.GroupDm)
            throw new ApiException(ApiError.CannotExecuteOnDm);
        Optional<string> name = form.OptionalString("name", 0, Limits.ChannelName, trim: true);
        Optional<ImageData> image = form.OptionalImageData("icon", Images.MaxBytes);
        Snowflake? owner = form.Snowflake("owner");
        form.ThrowIfInvalid();
        if (name.HasValue && name.Value.Length == 0)
            name = Optional<string>.Null;
        Optional<string> icon = image.IsNull ? Optional<string>.Null
            : image.TryGet(out ImageData? given)
                ? await call.Services.Domain.Storage.Blobs.SaveAsync(BlobKind.ChannelIcon, channel.Id, given)
            : Optional<string>.Absent;
        PrivateChannelState before = channel.State;
        Channel changed = await call.Services.Domain.Privates.RunAsync(channel.Id, new ModifyGroup(call.Account.Id, name, icon, owner));
        if (changed.Name != before.Name)
            await SystemMessages.PostAsync(call, channel, MessageType.ChannelNameChange, content: changed.Name ?? "");
        if (changed.Icon != before.Icon)
            await SystemMessages.PostAsync(call, channel, MessageType.ChannelIconChange);
        return changed;
    }

    private static async ValueTask<RestReply> DeleteAsync(RestCall call)
    {
        ChannelPlace place = await ChannelPlace.FindAsync(call);
        if (place.Private is { } channel)
        {
            // The others read that somebody left, so it is said while he is still in.
            if (channel.State.Type == ChannelType.GroupDm && call.Query.Bool("silent") != true)
                await SystemMessages.PostAsync(call, channel, MessageType.RecipientRemove, about: call.Account.Id);
            return RestReply.Json(
                await call.Services.Domain.Privates.RunAsync(channel.Id, new CloseChannel(call.Account.Id)), PayloadJson.Wire.Channel);
        }
        GuildHandle guild = place.Guild!;
        Snowflake? last = guild.LastMessageOf(place.Channel.Id);
        GuildCommand<Channel> delete = place.Channel.Type.IsThread()
            ? new DeleteThread(place.Channel.Id) { By = By(call) }
            : new DeleteChannel(place.Channel.Id) { By = By(call) };
        return RestReply.Json(
            (await call.Services.Domain.Guilds.RunAsync(guild.Id, delete)) with { LastMessageId = last }, PayloadJson.Wire.Channel);
    }

    private static async ValueTask<RestReply> PutOverwriteAsync(RestCall call)
    {
        (GuildHandle guild, Channel channel) = await ChannelPlace.InGuildAsync(call);
        FormReader form = (await call.FormAsync()).Reader();
        PutOverwrite put = new(
            channel.Id, call.Id("overwrite_id"), ChannelForm.OverwriteKind(form, required: false),
            form.Permissions("allow") ?? Permissions.None, form.Permissions("deny") ?? Permissions.None)
        { By = By(call) };
        form.ThrowIfInvalid();
        await call.Services.Domain.Guilds.RunAsync(guild.Id, put);
        return RestReply.NoContent;
    }

    private static async ValueTask<RestReply> DeleteOverwriteAsync(RestCall call)
    {
        (GuildHandle guild, Channel channel) = await ChannelPlace.InGuildAsync(call);
        await call.Services.Domain.Guilds.RunAsync(guild.Id, new DeleteOverwrite(channel.Id, call.Id("overwrite_id")) { By = By(call) });
        return RestReply.NoContent;
    }

    // On a DM it makes a group of the two and the third.
    private static async ValueTask<RestReply> AddRecipientAsync(RestCall call)
    {
        (PrivateHandle channel, User user) = await RecipientAsync(call);
        if (user.Bot == true)
            throw new ApiException(ApiError.InvalidRecipients);
        if (channel.State.Type == ChannelType.Dm)
        {
            User self = channel.State.Recipients[call.Account.Id];
            Channel group = await call.Services.Domain.Privates.CreateGroupAsync(self, [.. channel.State.Recipients.Values, user]);
            return RestReply.Created(group, PayloadJson.Wire.Channel);
        }
        if (await call.Services.Domain.Privates.RunAsync(channel.Id, new AddRecipient(call.Account.Id, user)))
            await SystemMessages.PostAsync(call, channel, MessageType.RecipientAdd, about: user.Id);
        return RestReply.NoContent;
    }

    private static async ValueTask<RestReply> RemoveRecipientAsync(RestCall call)
    {
        (PrivateHandle channel, User user) = await RecipientAsync(call);
        await call.Services.Domain.Privates.RunAsync(channel.Id, new RemoveRecipient(call.Account.Id, user.Id));
        if (channel.State.IsAlive)
            await SystemMessages.PostAsync(call, channel, MessageType.RecipientRemove, mentioned: user);
        return RestReply.NoContent;
    }

    private static async ValueTask<(PrivateHandle Channel, User User)> RecipientAsync(RestCall call)
    {
        ChannelPlace place = await ChannelPlace.FindAsync(call);
        if (place.Private is not { } channel)
            throw new ApiException(ApiError.CannotExecuteOnChannelType);
        Snowflake id = call.Id("user_id");
        User user = channel.State.Recipients.GetValueOrDefault(id) ?? await call.Services.Domain.Accounts.FindUserAsync(id)
            ?? throw new ApiException(ApiError.UnknownUser);
        return (channel, user);
    }
}

/// <summary>Messages that the server writes into private channels.</summary>
internal static class SystemMessages
{
    public static async ValueTask PostAsync(
        RestCall call, PrivateHandle channel, MessageType type, string content = "", Snowflake? about = null, User? mentioned = null)
    {
        if (await call.Services.Domain.Privates.OpenChannelAsync(channel) is not { } messages)
            return;
        User? author = channel.State.Recipients.GetValueOrDefault(call.Account.Id) ?? await call.Services.Domain.Accounts.FindUserAsync(
            call.Account.Id);
        User? user = mentioned ?? (about is { } id ? channel.State.Recipients.GetValueOrDefault(id) : null);
        await MessagePosting.AskAsync<MessageCreated>(messages, new CreateMessage(new MessageDraft
        {
            Author = author!,
            Type = type,
            Content = content,
            Mentions = user is null ? [] : [user],
            BypassSlowmode = true,
        }));
    }
}
