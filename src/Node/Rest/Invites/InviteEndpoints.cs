using Discord.Actors.Guilds;
using Discord.Actors.Guilds.Invites;
using Discord.Actors.Guilds.Members;
using Discord.Node.Rest.Channels;
using Discord.Protocol;
using Discord.Protocol.Errors;
using Discord.Protocol.Forms;
using Discord.Protocol.Payloads;
using Discord.Storage;

namespace Discord.Node.Rest.Invites;

/// <summary>Invites by their code: look at one, take it back, join by it.</summary>
public static class InviteEndpoints
{
    /// <summary>Declares the routes.</summary>
    public static void Map(RouteTable routes)
    {
        ArgumentNullException.ThrowIfNull(routes);
        routes.Get("/invites/{code}", GetAsync).Auth(RestAuth.Optional);
        routes.Delete("/invites/{code}", DeleteAsync);
        routes.Post("/invites/{code}", JoinAsync).Auth(RestAuth.User);
    }

    private static async ValueTask<RestReply> GetAsync(RestCall call)
    {
        bool counts = call.Query.Bool("with_counts") ?? false;
        call.Query.Bool("with_expiration");
        call.Query.ThrowIfInvalid();
        (GuildHandle guild, InviteState invite) = await FindAsync(call);
        return RestReply.Json(await ShowAsync(call, guild, invite, counts), PayloadJson.Wire.Invite);
    }

    private static async ValueTask<RestReply> DeleteAsync(RestCall call)
    {
        (GuildHandle guild, InviteState invite) = await FindAsync(call);
        GuildState before = guild.State;
        await call.Services.Domain.Guilds.RunAsync(guild.Id, new DeleteInvite(invite.Code) { By = ChannelEndpoints.By(call) });
        return RestReply.Json(GuildPayloads.Invite(before, invite), PayloadJson.Wire.Invite);
    }

    private static async ValueTask<RestReply> JoinAsync(RestCall call)
    {
        (GuildHandle guild, InviteState invite) = await FindAsync(call);
        User user = await call.Services.Domain.Accounts.FindUserAsync(call.Account.Id) ?? throw new ApiException(ApiError.UnknownUser);
        AdmitMember.Outcome outcome =
            await call.Services.Domain.Guilds.RunAsync(guild.Id, new AdmitMember(user, invite.Code) { By = ChannelEndpoints.By(call) });
        return RestReply.Json(
            await ShowAsync(call, guild, invite, counts: true) with { NewMember = outcome.IsNew }, PayloadJson.Wire.Invite);
    }

    private static async ValueTask<(GuildHandle Guild, InviteState Invite)> FindAsync(RestCall call)
    {
        string code = call.Text("code");
        if (code.Length <= LookupWrite.MaxKeyLength
            && await call.Services.Domain.Storage.Lookups.GetIdAsync(LookupKind.InviteCode, code) is { } id
            && await call.Services.Domain.Guilds.FindAsync(id) is { } guild
            && guild.State.Invites.TryGetValue(code, out InviteState? invite) && invite.IsValid(call.Services.Time.GetUtcNow()))
            return (guild, invite);
        throw new ApiException(ApiError.UnknownInvite);
    }

    private static async ValueTask<Invite> ShowAsync(RestCall call, GuildHandle guild, InviteState invite, bool counts)
    {
        GuildState state = guild.State;
        Invite shown = GuildPayloads.Invite(state, invite);
        if (invite.TargetUserId is { } target)
            shown = shown with { TargetUser = state.Members[target]?.User ?? await call.Services.Domain.Accounts.FindUserAsync(target) };
        return counts ? shown with { ApproximateMemberCount = state.Members.Count, ApproximatePresenceCount = guild.OnlineCount } : shown;
    }
}
