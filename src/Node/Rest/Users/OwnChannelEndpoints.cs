using Discord.Actors;
using Discord.Actors.Privates;
using Discord.Protocol;
using Discord.Protocol.Errors;
using Discord.Protocol.Forms;
using Discord.Protocol.Payloads;

namespace Discord.Node.Rest.Users;

/// <summary>The caller's private channels: opening a DM or a group, and the list of those that are open ("Create DM", "Create Group
/// DM").</summary>
internal static class OwnChannelEndpoints
{
    public static void Map(RouteTable routes)
    {
        routes.Post("/users/@me/channels", OpenAsync);
        routes.Get("/users/@me/channels", ListAsync);
        routes.Get("/users/@me/dms/{user_id}", FindAsync).Auth(RestAuth.User);
    }

    private static async ValueTask<RestReply> OpenAsync(RestCall call)
    {
        DomainServices domain = call.Services.Domain;
        FormReader form = (await call.FormAsync()).Reader();
        Snowflake? single = form.Snowflake("recipient_id");
        List<Snowflake>? several = form.SnowflakeSet("recipients", Limits.GroupDmRecipients);
        List<string>? tokens = form.StringArray("access_tokens", Limits.GroupDmRecipients);
        if (single is null && several is null && tokens is null)
            form.Fail("recipient_id", FormError.Required);
        form.ThrowIfInvalid();
        if (tokens is not null)
            throw new ApiException(ApiError.InvalidOAuth2Token);
        List<Snowflake> ids = single is { } one ? [one] : several!;

        // A list that names only the caller is a group of one; a DM with oneself does not exist.
        if (ids is [var self] && self == call.Account.Id && (single is not null || call.Account.IsBot))
            throw new ApiException(ApiError.InvalidRecipients);
        ids.Remove(call.Account.Id);
        User caller = await domain.Accounts.FindUserAsync(call.Account.Id, call.Cancelled)
            ?? throw new ApiException(ApiError.Unauthorized401);
        List<User> others = [];
        foreach (Snowflake id in ids)
            others.Add(
                await domain.Accounts.FindUserAsync(id, call.Cancelled)
                    ?? throw new ApiException(single is null ? ApiError.InvalidRecipients : ApiError.UnknownUser));
        if (call.Account.IsBot && others.Count != 1)
            throw new ApiException(ApiError.InvalidRecipients);
        return RestReply.Json(
            others is [var to] ? await domain.Privates.OpenDirectAsync(caller, to) : await domain.Privates.CreateGroupAsync(caller, others),
            PayloadJson.Wire.Channel);
    }

    private static async ValueTask<RestReply> ListAsync(RestCall call)
    {
        IReadOnlyList<PrivateHandle> open = await call.Services.Domain.Privates.ListAsync(call.Account.Id, call.Cancelled);
        return RestReply.Json(open.Select(channel => channel.ChannelFor(call.Account.Id)).ToList(), PayloadJson.Wire.ListChannel);
    }

    private static async ValueTask<RestReply> FindAsync(RestCall call)
    {
        PrivateHandle channel = await call.Services.Domain.Privates.FindDirectAsync(call.Account.Id, call.Id("user_id"))
            ?? throw new ApiException(ApiError.UnknownChannel);
        return RestReply.Json(channel.ChannelFor(call.Account.Id), PayloadJson.Wire.Channel);
    }
}
