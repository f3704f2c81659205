using Discord.Actors.Guilds;
using Discord.Actors.Messages;
using Discord.Actors.Users;
using Discord.Node.Rest.Messages;
using Discord.Node.Rest.RateLimits;
using Discord.Protocol;
using Discord.Protocol.Errors;
using Discord.Protocol.Forms;
using Discord.Protocol.Payloads;
using Discord.Storage;

namespace Discord.Node.Rest.Channels;

/// <summary>Reactions: one's own, others', by emoji, all.</summary>
internal static class ReactionRoutes
{
    private const string Path = "/channels/{channel_id}/messages/{message_id}/reactions";

    public static void Map(RouteTable routes)
    {
        routes.Put(Path + "/{emoji}/@me", AddAsync).Bucket(Buckets.Reactions);
        routes.Delete(Path + "/{emoji}/@me", call => RemoveAsync(call, call.Account.Id)).Bucket(Buckets.Reactions);
        routes.Delete(Path + "/{emoji}/{user_id}", call => RemoveAsync(call, call.Id("user_id"))).Bucket(Buckets.Reactions);
        routes.Get(Path + "/{emoji}", ListAsync);
        routes.Delete(Path + "/{emoji}", call => ClearAsync(call, EmojiOf(call))).Bucket(Buckets.Reactions);
        routes.Delete(Path, call => ClearAsync(call, null)).Bucket(Buckets.Reactions);
    }

    private static async ValueTask<RestReply> AddAsync(RestCall call)
    {
        ReactionEmoji emoji = EmojiOf(call);
        ChannelAccess channel = await ChannelAccess.OpenAsync(call, Permissions.ReadMessageHistory);
        if (channel.Channel.ThreadMetadata is { Archived: true })
            throw new ApiException(ApiError.ThreadArchived);
        (emoji, bool usable) = await KnownAsync(call, channel, emoji);
        await MessagePosting.AskAsync<ReactionChanged>(channel.Handle, new AddReaction(
            call.Id("message_id"), call.Account.Id, emoji, MayAddNew: usable && channel.Has(Permissions.AddReactions)));
        return RestReply.NoContent;
    }

    private static async ValueTask<RestReply> RemoveAsync(RestCall call, Snowflake userId)
    {
        ReactionEmoji emoji = EmojiOf(call);
        ChannelAccess channel = await ChannelAccess.OpenAsync(call, Permissions.ReadMessageHistory);
        if (userId != call.Account.Id)
            channel.Require(Permissions.ManageMessages);
        await MessagePosting.AskAsync<ReactionChanged>(channel.Handle, new RemoveReaction(call.Id("message_id"), userId, emoji));
        return RestReply.NoContent;
    }

    private static async ValueTask<RestReply> ClearAsync(RestCall call, ReactionEmoji? emoji)
    {
        ChannelAccess channel = await ChannelAccess.OpenAsync(call, Permissions.ManageMessages);
        await MessagePosting.AskAsync<ReactionChanged>(channel.Handle, new ClearReactions(call.Id("message_id"), emoji));
        return RestReply.NoContent;
    }

    private static async ValueTask<RestReply> ListAsync(RestCall call)
    {
        ReactionEmoji emoji = EmojiOf(call);
        QueryReader query = call.Query;
        int limit = query.IntOr("limit", Limits.ReactionsPageDefault, 1, Limits.ReactionsPage);
        Snowflake after = query.Snowflake("after") ?? Snowflake.None;
        int type = query.IntOr("type", 0, 0, 1);
        query.ThrowIfInvalid();
        ChannelAccess channel = await ChannelAccess.OpenAsync(call, Permissions.ReadMessageHistory);
        Snowflake message = call.Id("message_id");
        if (await channel.Log.FindAsync(message) is null)
            throw new ApiException(ApiError.UnknownMessage);
        IMessageStore store = call.Services.Domain.Storage.Messages;
        var counts = await store.ReactionsAsync(channel.Channel.Id, [message], Snowflake.None);
        if (!counts.TryGetValue(message, out IReadOnlyList<ReactionCount>? present)
            || present.FirstOrDefault(count => ReactionEmoji.FromKey(count.Emoji).IsSame(emoji)) is not { Count: > 0 } found)
            return RestReply.Json([], PayloadJson.Wire.ListUser);
        IReadOnlyList<Snowflake> ids = await store.ReactionUsersAsync(channel.Channel.Id, message, found.Emoji, after, limit,
            burst: type == 1);
        return RestReply.Json(await UsersAsync(call, channel.Guild, ids), PayloadJson.Wire.ListUser);
    }

    // In the order of the ids; accounts that are gone are left out.
    private static async ValueTask<List<User>> UsersAsync(RestCall call, GuildState? guild, IReadOnlyList<Snowflake> ids)
    {
        Dictionary<Snowflake, User> users = [];
        List<Snowflake> elsewhere = [];
        foreach (Snowflake id in ids)
        {
            if (guild?.Members[id]?.User is { } user)
                users[id] = user;
            else
                elsewhere.Add(id);
        }
        if (elsewhere.Count > 0)
        {
            foreach (Account account in await call.Services.Domain.Storage.Accounts.GetManyAsync(elsewhere))
                users[account.Id] = UserProfile.FromBytes(account.Profile.Span).ToUser();
        }
        return [.. ids.Where(users.ContainsKey).Select(id => users[id])];
    }

    private static ReactionEmoji EmojiOf(RestCall call) =>
        ReactionEmoji.TryParse(call.Text("emoji"), out ReactionEmoji? emoji) ? emoji.Value : throw new ApiException(ApiError.UnknownEmoji);

    // Members only, and of them those with one of its roles where it has any.
    private static bool MayUse(Emoji emoji, GuildState guild, Snowflake user) => guild.Members.TryGet(user, out Member? member)
        && (emoji.Roles is not { Count: > 0 } roles || member.Roles.Any(roles.Contains));

    // A custom emoji with its real name. One that is on the message already may be used by all; whether the caller may bring it in is the
    // flag.
    private static async ValueTask<(ReactionEmoji Emoji, bool Usable)> KnownAsync(RestCall call, ChannelAccess channel, ReactionEmoji emoji)
    {
        if (emoji.Id is not { } id)
            return (emoji, true);
        if (channel.Guild?.Emojis.TryGetValue(id, out Emoji? own) == true)
            return (new ReactionEmoji(id, own!.Name ?? emoji.Name, own.Animated == true), MayUse(own, channel.Guild, call.Account.Id));
        Snowflake? owner = await call.Services.Domain.Storage.Lookups.GetIdAsync(LookupKind.EmojiOwner, id);
        if (owner is { } guildId && await call.Services.Domain.Guilds.FindAsync(guildId) is { } guild
            && guild.State.Emojis.TryGetValue(id, out Emoji? foreign))
        {
            return (new ReactionEmoji(id, foreign.Name ?? emoji.Name, foreign.Animated == true),
                MayUse(foreign, guild.State, call.Account.Id) && (channel.Guild is null || channel.Has(Permissions.UseExternalEmojis)));
        }
        if (call.Account.ApplicationId is { } application && await call.Services.Domain.Applications.FindAsync(application) is { } state
            && state.Emojis.TryGetValue(id, out Emoji? ofApplication))
            return (new ReactionEmoji(id, ofApplication.Name ?? emoji.Name, ofApplication.Animated == true), true);
        Message? message = await channel.Log.FindAsync(call.Id("message_id"));
        if (message is not null)
        {
            var counts = await call.Services.Domain.Storage.Messages.ReactionsAsync(channel.Channel.Id, [message.Id], Snowflake.None);
            if (counts.TryGetValue(message.Id, out IReadOnlyList<ReactionCount>? present)
                && present.Any(count => ReactionEmoji.FromKey(count.Emoji).IsSame(emoji)))
                return (emoji, false);
        }
        throw new ApiException(message is null ? ApiError.UnknownMessage : ApiError.UnknownEmoji);
    }
}
