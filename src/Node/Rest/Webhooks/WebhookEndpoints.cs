using System.Security.Cryptography;
using System.Text;
using Discord.Actors;
using Discord.Actors.Guilds;
using Discord.Actors.Guilds.Webhooks;
using Discord.Node.Rest.Channels;
using Discord.Node.Rest.RateLimits;
using Discord.Protocol;
using Discord.Protocol.Errors;
using Discord.Protocol.Forms;
using Discord.Protocol.Payloads;
using Discord.Storage;

namespace Discord.Node.Rest.Webhooks;

/// <summary>Webhooks by id, for those who manage them, and by id and token, for whoever has it.</summary>
public static class WebhookEndpoints
{
    private const string ByToken = "/webhooks/{webhook_id}/{webhook_token}";

    /// <summary>Declares the routes.</summary>
    public static void Map(RouteTable routes)
    {
        ArgumentNullException.ThrowIfNull(routes);
        routes.Get("/webhooks/{webhook_id}", GetAsync);
        routes.Patch("/webhooks/{webhook_id}", ModifyAsync);
        routes.Delete("/webhooks/{webhook_id}", DeleteAsync);
        routes.Get(ByToken, GetByTokenAsync).Auth(RestAuth.Public);
        routes.Patch(ByToken, ModifyByTokenAsync).Auth(RestAuth.Public);
        routes.Delete(ByToken, DeleteByTokenAsync).Auth(RestAuth.Public);
        routes.Post(ByToken, async call => await (await TargetAsync(call)).ExecuteAsync(call))
            .Auth(RestAuth.Public).Bucket(Buckets.WebhookExecute).OutsideGlobalLimit();
        Messages(routes, ByToken + "/messages/@original", static _ => null);
        Messages(routes, ByToken + "/messages/{message_id}", static call => call.Id("message_id"));
    }

    private static void Messages(RouteTable routes, string path, Func<RestCall, Snowflake?> id)
    {
        routes.Get(path, async call => await (await TargetAsync(call)).GetMessageAsync(call, id(call))).Auth(RestAuth.Public)
            .OutsideGlobalLimit();
        routes.Patch(path, async call => await (await TargetAsync(call)).EditMessageAsync(call, id(call))).Auth(RestAuth.Public)
            .OutsideGlobalLimit();
        routes.Delete(path, async call => await (await TargetAsync(call)).DeleteMessageAsync(call, id(call))).Auth(RestAuth.Public)
            .OutsideGlobalLimit();
    }

    private static async ValueTask<RestReply> GetAsync(RestCall call)
    {
        (_, Webhook webhook) = await ManagedAsync(call);
        return RestReply.Json(WebhookForms.Show(call.Services, webhook), PayloadJson.Wire.Webhook);
    }

    private static async ValueTask<RestReply> ModifyAsync(RestCall call)
    {
        (GuildHandle guild, Webhook webhook) = await ManagedAsync(call);
        return await ModifyAsync(call, guild, webhook, ChannelEndpoints.By(call), byToken: false);
    }

    private static async ValueTask<RestReply> DeleteAsync(RestCall call)
    {
        (GuildHandle guild, Webhook webhook) = await ManagedAsync(call);
        await call.Services.Domain.Guilds.RunAsync(guild.Id, new DeleteWebhook(webhook.Id) { By = ChannelEndpoints.By(call) });
        return RestReply.NoContent;
    }

    private static async ValueTask<RestReply> GetByTokenAsync(RestCall call)
    {
        WebhookTarget target = await HookAsync(call);
        return RestReply.Json(WebhookForms.Show(call.Services, target.Webhook) with { User = null }, PayloadJson.Wire.Webhook);
    }

    private static async ValueTask<RestReply> ModifyByTokenAsync(RestCall call)
    {
        WebhookTarget target = await HookAsync(call);
        return await ModifyAsync(call, target.Guild, target.Webhook, BearerOf(call, target.Webhook), byToken: true);
    }

    private static async ValueTask<RestReply> DeleteByTokenAsync(RestCall call)
    {
        WebhookTarget target = await HookAsync(call);
        await call.Services.Domain.Guilds.RunAsync(
            target.Guild.Id, new DeleteWebhook(target.Webhook.Id) { By = BearerOf(call, target.Webhook) });
        return RestReply.NoContent;
    }

    // Who has the token may do it, whoever he is: the log names the webhook's maker.
    private static Caller BearerOf(RestCall call, Webhook webhook) =>
        new(webhook.User?.Id ?? webhook.Id, call.AuditReason) { System = true };

    private static async ValueTask<RestReply> ModifyAsync(RestCall call, GuildHandle guild, Webhook webhook, Caller by, bool byToken)
    {
        FormReader form = (await call.FormAsync()).Reader();
        Optional<string> name = WebhookForms.Name(form, "name");
        Optional<ImageData> image = form.OptionalImageData("avatar", Cdn.Images.MaxBytes);
        Snowflake? channel = byToken ? null : form.Snowflake("channel_id");
        form.ThrowIfInvalid();
        Optional<string> avatar = await WebhookForms.StoreAvatarAsync(call, webhook.Id, image);
        Webhook changed =
            await call.Services.Domain.Guilds.RunAsync(guild.Id, new ModifyWebhook(webhook.Id, name, avatar, channel) { By = by });
        changed = WebhookForms.Show(call.Services, changed);
        return RestReply.Json(byToken ? changed with { User = null } : changed, PayloadJson.Wire.Webhook);
    }

    private static async ValueTask<(GuildHandle Guild, Webhook Webhook)> ManagedAsync(RestCall call)
    {
        if (await FindAsync(call.Services.Domain, call.Id("webhook_id")) is not (GuildHandle guild, Webhook webhook))
            throw new ApiException(ApiError.UnknownWebhook);
        GuildState state = guild.State;
        if (!state.Members.Contains(call.Account.Id))
            throw new ApiException(ApiError.MissingAccess);
        Permissions held = webhook.ChannelId is { } at && state.FindChannel(at) is { } channel
            ? state.PermissionsIn(channel, call.Account.Id, call.Services.Time.GetUtcNow())
            : state.PermissionsOf(call.Account.Id);
        return held.Has(Permissions.ManageWebhooks) ? (guild, webhook) : throw new ApiException(ApiError.MissingPermissions);
    }

    private static async ValueTask<IWebhookTarget> TargetAsync(RestCall call)
    {
        Snowflake id = call.Id("webhook_id");
        string token = call.Text("webhook_token");
        if (await FindAsync(call.Services.Domain, id) is (GuildHandle guild, Webhook webhook))
            return Checked(guild, webhook, token);
        foreach (IWebhookTokens tokens in call.Services.WebhookTokens)
        {
            if (await tokens.FindAsync(id, token) is { } target)
                return target;
        }
        throw new ApiException(ApiError.UnknownWebhook);
    }

    private static async ValueTask<WebhookTarget> HookAsync(RestCall call) =>
        await FindAsync(call.Services.Domain, call.Id("webhook_id")) is (GuildHandle guild, Webhook webhook)
            ? Checked(guild, webhook, call.Text("webhook_token"))
            : throw new ApiException(ApiError.UnknownWebhook);

    private static WebhookTarget Checked(GuildHandle guild, Webhook webhook, string token) =>
        webhook.Token is { } right && CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(right), Encoding.UTF8.GetBytes(token))
            ? new WebhookTarget(guild, webhook)
            : throw new ApiException(ApiError.InvalidWebhookToken);

    private static async ValueTask<(GuildHandle Guild, Webhook Webhook)?> FindAsync(DomainServices domain, Snowflake id) =>
        await domain.Storage.Lookups.GetIdAsync(LookupKind.WebhookOwner, id) is { } owner
        && await domain.Guilds.FindAsync(owner) is { } guild && guild.State.Webhooks.TryGetValue(id, out Webhook? webhook)
            ? (guild, webhook)
            : null;
}
