using Discord.Actors.Guilds;
using Discord.Actors.Guilds.Threads;
using Discord.Node.Rest.Channels;
using Discord.Protocol;
using Discord.Protocol.Errors;
using Discord.Protocol.Forms;
using Discord.Protocol.Payloads;
using ThreadState = Discord.Actors.Guilds.ThreadState;

namespace Discord.Node.Rest.Threads;

/// <summary>Who is in a thread.</summary>
internal static class ThreadMemberEndpoints
{
    public static void Map(RouteTable routes)
    {
        routes.Get("/channels/{channel_id}/thread-members", ListAsync);
        routes.Put("/channels/{channel_id}/thread-members/@me", call => AddAsync(call, call.Account.Id));
        routes.Delete("/channels/{channel_id}/thread-members/@me", call => RemoveAsync(call, call.Account.Id));
        routes.Get("/channels/{channel_id}/thread-members/{user_id}", GetAsync);
        routes.Put("/channels/{channel_id}/thread-members/{user_id}", call => AddAsync(call, call.Id("user_id")));
        routes.Delete("/channels/{channel_id}/thread-members/{user_id}", call => RemoveAsync(call, call.Id("user_id")));
    }

    private static async ValueTask<RestReply> ListAsync(RestCall call)
    {
        QueryReader query = call.Query;
        bool withMember = query.Bool("with_member") ?? false;
        int? limit = query.Int("limit", 1, Limits.ThreadMembersPage);
        Snowflake after = query.Snowflake("after") ?? Snowflake.None;
        query.ThrowIfInvalid();
        (GuildState state, ThreadState thread) = await FindAsync(call);
        IEnumerable<ThreadMember> members = thread.Members.Values.OrderBy(m => m.UserId);
        // Only with members are they read in pages; the plain list is whole, as it is at most a thousand short entries.
        if (withMember || limit is not null || after != Snowflake.None)
            members = members.Where(m => m.UserId.Value > after.Value).Take(limit ?? Limits.ThreadMembersPage);
        return RestReply.Json([.. members.Select(m => Show(state, m, withMember))], PayloadJson.Wire.ListThreadMember);
    }

    private static async ValueTask<RestReply> GetAsync(RestCall call)
    {
        bool withMember = call.Query.Bool("with_member") ?? false;
        call.Query.ThrowIfInvalid();
        Snowflake user = call.Text("user_id") == "@me" ? call.Account.Id : call.Id("user_id");
        (GuildState state, ThreadState thread) = await FindAsync(call);
        ThreadMember member = thread.Members.GetValueOrDefault(user) ?? throw new ApiException(ApiError.UnknownMember);
        return RestReply.Json(Show(state, member, withMember), PayloadJson.Wire.ThreadMember);
    }

    private static async ValueTask<RestReply> AddAsync(RestCall call, Snowflake user)
    {
        (GuildHandle guild, Channel channel) = await ChannelPlace.InGuildAsync(call);
        await call.Services.Domain.Guilds.RunAsync(guild.Id, new AddThreadMember(channel.Id, user) { By = ChannelEndpoints.By(call) });
        return RestReply.NoContent;
    }

    private static async ValueTask<RestReply> RemoveAsync(RestCall call, Snowflake user)
    {
        (GuildHandle guild, Channel channel) = await ChannelPlace.InGuildAsync(call);
        await call.Services.Domain.Guilds.RunAsync(guild.Id, new RemoveThreadMember(channel.Id, user) { By = ChannelEndpoints.By(call) });
        return RestReply.NoContent;
    }

    private static async ValueTask<(GuildState State, ThreadState Thread)> FindAsync(RestCall call)
    {
        (GuildHandle guild, Channel channel) = await ChannelPlace.InGuildAsync(call);
        GuildState state = guild.State;
        return state.Threads.TryGetValue(channel.Id, out ThreadState? thread) ? (state, thread)
            : throw new ApiException(ApiError.CannotExecuteOnChannelType);
    }

    private static ThreadMember Show(GuildState state, ThreadMember member, bool withMember) =>
        withMember ? member with { Member = state.Members[member.UserId] } : member;
}
