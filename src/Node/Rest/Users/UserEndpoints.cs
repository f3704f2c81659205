using System.Text.Json;
using Discord.Actors;
using Discord.Actors.Encoders;
using Discord.Actors.Guilds;
using Discord.Actors.Guilds.Members;
using Discord.Actors.Users;
using Discord.Protocol;
using Discord.Protocol.Errors;
using Discord.Protocol.Payloads;
using Discord.Storage;

namespace Discord.Node.Rest.Users;

/// <summary>The caller's own account, other users, and the guilds the caller is in ("User" of the reference).</summary>
internal static class UserEndpoints
{
    public static void Map(RouteTable routes)
    {
        routes.Get("/users/@me", MeAsync);
        routes.Patch("/users/@me", ModifyAccount.HandleAsync);
        routes.Get("/users/{user_id}", UserAsync);
        routes.Get("/users/@me/guilds", GuildsAsync);
        routes.Delete("/users/@me/guilds/{guild_id}", LeaveAsync);
        routes.Get("/users/@me/guilds/{guild_id}/member", MemberAsync);
    }

    private static async ValueTask<RestReply> MeAsync(RestCall call)
    {
        Account account = await call.Services.Domain.Storage.Accounts.GetAsync(call.Account.Id)
            ?? throw new ApiException(ApiError.Unauthorized401);
        return RestReply.Json(UserProfile.FromBytes(account.Profile.Span).ToSelf(), PayloadJson.Wire.SelfUser);
    }

    private static async ValueTask<RestReply> UserAsync(RestCall call)
    {
        User user = await call.Services.Domain.Accounts.FindUserAsync(call.Id("user_id"), call.Cancelled)
            ?? throw new ApiException(ApiError.UnknownUser);
        return RestReply.Json(user, PayloadJson.Wire.User);
    }

    private static async ValueTask<RestReply> GuildsAsync(RestCall call)
    {
        Snowflake? before = call.Query.Snowflake("before");
        Snowflake? after = call.Query.Snowflake("after");
        int limit = call.Query.IntOr("limit", Limits.GuildsPage, 1, Limits.GuildsPage);
        bool counts = call.Query.Bool("with_counts") == true;
        call.Query.ThrowIfInvalid();
        DomainServices domain = call.Services.Domain;
        List<PartialGuild> guilds = [];
        foreach (Snowflake id in await PageAsync(domain.Storage.Lookups, call.Account.Id, before, after, limit))
        {
            // Left since the look-up: not listed.
            if (await domain.Guilds.FindAsync(id) is not { State: var state } guild || !state.Members.Contains(call.Account.Id))
                continue;
            PartialGuild partial = GuildPayloads.Partial(state, call.Account.Id);
            guilds.Add(counts
                ? partial with { ApproximateMemberCount = state.Members.Count, ApproximatePresenceCount = guild.OnlineCount }
                : partial);
        }
        return RestReply.Json(guilds, PayloadJson.Wire.ListPartialGuild);
    }

    // Ascending by id. A page that ends before an id holds the last ones below it.
    private static async ValueTask<IReadOnlyList<Snowflake>> PageAsync(
        ILookupStore lookups, Snowflake user, Snowflake? before, Snowflake? after, int limit)
    {
        if (before is null)
            return await lookups.MembersAsync(SetKind.UserGuilds, user, after ?? Snowflake.None, limit);
        Queue<Snowflake> last = new(limit + 1);
        await foreach (Snowflake id in lookups.GuildsOfAsync(user))
        {
            if (id >= before)
                break;
            if (id <= (after ?? Snowflake.None))
                continue;
            last.Enqueue(id);
            if (last.Count > limit)
                last.Dequeue();
        }
        return [.. last];
    }

    private static async ValueTask<RestReply> LeaveAsync(RestCall call)
    {
        await call.Services.Domain.Guilds.RunAsync(call.Id("guild_id"), new LeaveGuild { By = new Caller(call.Account.Id) });
        return RestReply.NoContent;
    }

    private static async ValueTask<RestReply> MemberAsync(RestCall call)
    {
        GuildState state = (await call.Services.Domain.Guilds.GetAsync(call.Id("guild_id"))).State;
        return state.Members.TryGet(call.Account.Id, out Member? member)
            ? RestReply.Json(member, PayloadJson.Wire.Member)
            : throw new ApiException(ApiError.UnknownGuild);
    }
}
