using Discord.Actors.Guilds;
using Discord.Actors.Guilds.Threads;
using Discord.Protocol;
using Discord.Protocol.Errors;
using Discord.Protocol.Payloads;

namespace Discord.Node.Rest.Guilds;

/// <summary>What a guild has of things that live in its channels: invites, webhooks, threads.</summary>
internal static class GuildListEndpoints
{
    public static void Map(RouteTable routes)
    {
        routes.Get("/guilds/{guild_id}/invites", Invites);
        routes.Get("/guilds/{guild_id}/webhooks", Webhooks);
        routes.Get("/guilds/{guild_id}/threads/active", ActiveThreads);
    }

    private static async ValueTask<RestReply> Invites(RestCall call)
    {
        GuildState state = await call.StateAsync();
        if (!state.PermissionsOf(call.Account.Id).HasAny(Permissions.ManageGuild | Permissions.ViewAuditLog))
            throw new ApiException(ApiError.MissingPermissions);
        DateTimeOffset now = call.Services.Time.GetUtcNow();
        return RestReply.Json(
            [
                .. state.Invites.Values.Where(i => i.IsValid(now)).OrderBy(i => i.CreatedAt)
                    .Select(i => GuildPayloads.InviteWithMetadata(state, i))
            ],
            PayloadJson.Wire.ListInvite);
    }

    private static async ValueTask<RestReply> Webhooks(RestCall call)
    {
        GuildState state = await call.StateAsync(Permissions.ManageWebhooks);
        string address = call.Services.Domain.Options.PublicUrl;
        return RestReply.Json(
            [
                .. state.Webhooks.Values.OrderBy(w => w.Id)
                    .Select(w => w.Token is null ? w : w with { Url = $"{address}/api/webhooks/{w.Id}/{w.Token}" })
            ],
            PayloadJson.Wire.ListWebhook);
    }

    private static async ValueTask<RestReply> ActiveThreads(RestCall call)
    {
        GuildHandle guild = await call.GuildAsync();
        return RestReply.Json(ThreadLists.Active(guild, call.Account.Id, call.Services.Time.GetUtcNow()), PayloadJson.Wire.ThreadList);
    }
}
