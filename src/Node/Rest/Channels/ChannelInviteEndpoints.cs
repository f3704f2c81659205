using Discord.Actors.Guilds;
using Discord.Actors.Guilds.Invites;
using Discord.Actors.Guilds.Webhooks;
using Discord.Node.Rest.Webhooks;
using Discord.Protocol;
using Discord.Protocol.Forms;
using Discord.Protocol.Payloads;

namespace Discord.Node.Rest.Channels;

/// <summary>What a channel has: its invites and its webhooks.</summary>
internal static class ChannelInviteEndpoints
{
    // Sixty days, which the present description of the API allows; the documentation still says seven.
    private const int MaxAge = 5_184_000;

    public static void Map(RouteTable routes)
    {
        routes.Get("/channels/{channel_id}/invites", ListAsync);
        routes.Post("/channels/{channel_id}/invites", CreateAsync);
        routes.Get("/channels/{channel_id}/webhooks", WebhooksAsync);
        routes.Post("/channels/{channel_id}/webhooks", CreateWebhookAsync);
    }

    private static async ValueTask<RestReply> ListAsync(RestCall call)
    {
        (GuildHandle guild, Channel channel) = await ChannelPlace.InGuildAsync(call, Permissions.ManageChannels);
        GuildState state = guild.State;
        DateTimeOffset now = call.Services.Time.GetUtcNow();
        return RestReply.Json(
            [.. state.Invites.Values.Where(i => i.ChannelId == channel.Id && i.IsValid(now)).OrderBy(i => i.CreatedAt)
                .Select(i => GuildPayloads.InviteWithMetadata(state, i))],
            PayloadJson.Wire.ListInvite);
    }

    private static async ValueTask<RestReply> CreateAsync(RestCall call)
    {
        (GuildHandle guild, Channel channel) = await ChannelPlace.InGuildAsync(call);
        FormReader form = (await call.FormAsync()).Reader();
        CreateInvite create = new(CreateInvite.NewCode(), channel.Id)
        {
            MaxAge = form.Int("max_age", 0, MaxAge) ?? Limits.InviteMaxAgeDefaultSeconds,
            MaxUses = form.Int("max_uses", 0, Limits.InviteMaxUses) ?? 0,
            Temporary = form.Bool("temporary") ?? false,
            Unique = form.Bool("unique") ?? false,
            TargetType = form.Int("target_type", 1, 2),
            TargetUserId = form.Snowflake("target_user_id"),
            TargetApplicationId = form.Snowflake("target_application_id"),
            RoleIds = form.SnowflakeSet("role_ids", Limits.GuildRoles) ?? [],
            By = ChannelEndpoints.By(call),
        };
        if (create.TargetType == 1)
            form.Snowflake("target_user_id", required: true);
        if (create.TargetType == 2)
            form.Snowflake("target_application_id", required: true);
        form.ThrowIfInvalid();
        InviteState invite = await call.Services.Domain.Guilds.RunAsync(guild.Id, create);
        return RestReply.Json(GuildPayloads.InviteWithMetadata(guild.State, invite), PayloadJson.Wire.Invite);
    }

    private static async ValueTask<RestReply> WebhooksAsync(RestCall call)
    {
        (GuildHandle guild, Channel channel) = await ChannelPlace.InGuildAsync(call, Permissions.ManageWebhooks);
        return RestReply.Json(
            [.. guild.State.Webhooks.Values.Where(w => w.ChannelId == channel.Id).OrderBy(w => w.Id)
                .Select(w => WebhookForms.Show(call.Services, w))],
            PayloadJson.Wire.ListWebhook);
    }

    private static async ValueTask<RestReply> CreateWebhookAsync(RestCall call)
    {
        (GuildHandle guild, Channel channel) = await ChannelPlace.InGuildAsync(call, Permissions.ManageWebhooks);
        FormReader form = (await call.FormAsync()).Reader();
        string name = WebhookForms.Name(form, "name", required: true).Or("");
        Optional<ImageData> avatar = form.OptionalImageData("avatar", Cdn.Images.MaxBytes);
        form.ThrowIfInvalid();
        Snowflake id = call.Services.Domain.Ids.Next();
        string? hash = (await WebhookForms.StoreAvatarAsync(call, id, avatar)).OrNullReference();
        Webhook made = await call.Services.Domain.Guilds.RunAsync(guild.Id, new CreateWebhook(
            id, channel.Id, name, hash, call.Account.ApplicationId, CreateWebhook.NewToken())
        { By = ChannelEndpoints.By(call) });
        return RestReply.Json(WebhookForms.Show(call.Services, made), PayloadJson.Wire.Webhook);
    }
}
