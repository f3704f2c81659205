using Discord.Actors;
using Discord.Actors.Encoders;
using Discord.Actors.Sessions;
using Discord.Actors.Users;
using Discord.Node.Cdn;
using Discord.Protocol;
using Discord.Protocol.Errors;
using Discord.Protocol.Forms;
using Discord.Protocol.Payloads;
using Discord.Storage;
using Discord.Storage.Files;

namespace Discord.Node.Rest.Applications;

/// <summary>An application's bot user, as its owner manages it in the developer portal. Tokens are shown once, when they are
/// made.</summary>
internal static class BotEndpoints
{
    public static void Map(RouteTable routes)
    {
        const string bot = "/applications/{application_id}/bot";
        routes.Post(bot, Create).Auth(RestAuth.User);
        routes.Post(bot + "/reset", Reset).Auth(RestAuth.User);
        routes.Patch(bot, Modify).Auth(RestAuth.User);
    }

    /// <summary>Makes the bot and answers it with its token; a bot that is there is answered without.</summary>
    private static async ValueTask<RestReply> Create(RestCall call)
    {
        ApplicationAccess application = await ApplicationAccess.OpenAsync(call);
        DomainServices domain = call.Services.Domain;
        if (application.Row.BotUserId is null)
        {
            try
            {
                (User bot, string token) = await domain.Accounts.AddBotAsync(application.Profile, application.Row.OwnerId);
                return Reply(bot, token);
            }
            catch (AccountConflictException taken) when (taken.Field == AccountField.Id)
            {
                // Another request made it in between.
            }
        }
        return Reply(
            await domain.Accounts.FindUserAsync(application.Id, call.Cancelled) ?? throw new ApiException(ApiError.ApplicationHasNoBot),
            null);
    }

    /// <summary>Makes a new token. The old one is worth nothing from then on, and the sessions that it opened are closed.</summary>
    private static async ValueTask<RestReply> Reset(RestCall call)
    {
        ApplicationAccess application = await ApplicationAccess.OpenAsync(call);
        Snowflake bot = application.Row.BotUserId ?? throw new ApiException(ApiError.ApplicationHasNoBot);
        DomainServices domain = call.Services.Domain;
        string token = await domain.Accounts.ResetTokenAsync(bot);
        call.Services.Tokens.Forget(bot);
        foreach (Session session in domain.Sessions.Of(bot))
            session.Revoke();
        return RestReply.Raw(Json.Encode(token, static (w, token) =>
        {
            w.WriteStartObject();
            w.WriteString("token", token);
            w.WriteEndObject();
        }));
    }

    private static async ValueTask<RestReply> Modify(RestCall call)
    {
        ApplicationAccess application = await ApplicationAccess.OpenAsync(call);
        Snowflake bot = application.Row.BotUserId ?? throw new ApiException(ApiError.ApplicationHasNoBot);
        DomainServices domain = call.Services.Domain;
        FormReader form = (await call.FormAsync()).Reader();
        string? username = form.String("username", Limits.UsernameMin, Limits.Username, trim: true);
        Optional<ImageData> avatar = form.OptionalImageData("avatar", Limits.ImageBytes);
        Optional<ImageData> banner = form.OptionalImageData("banner", Limits.ImageBytes);
        bool? isPublic = form.Bool("public");
        form.ThrowIfInvalid();
        string? avatarHash = avatar.HasValue ? await domain.Storage.Blobs.SaveAsync(BlobKind.Avatar, bot, avatar.Value) : null;
        string? bannerHash = banner.HasValue ? await domain.Storage.Blobs.SaveAsync(BlobKind.Banner, bot, banner.Value) : null;
        if (isPublic is { } open)
            await domain.Applications.ModifyAsync(application.Id, known => known with { BotPublic = open });
        UserProfile changed;
        try
        {
            changed = await domain.Users.ChangeAsync(bot, new ChangeAccount
            {
                Username = username,
                Avatar = avatar.Map(_ => avatarHash!),
                Banner = banner.Map(_ => bannerHash!),
            });
        }
        catch (AccountConflictException taken) when (taken.Field == AccountField.Username)
        {
            throw RestErrors.Field(
                "username", new FormError("USERNAME_TOO_MANY_USERS", "Too many users have this username, please try another."));
        }
        return Reply(changed.ToUser(), null);
    }

    private static RestReply Reply(User bot, string? token) => RestReply.Raw(Json.Encode((bot, token), static (w, s) =>
    {
        w.WriteStartObject();
        foreach (System.Text.Json.JsonProperty property in
            System.Text.Json.JsonSerializer.SerializeToElement(s.bot, PayloadJson.Wire.User).EnumerateObject())
            property.WriteTo(w);
        if (s.token is not null)
            w.WriteString("token", s.token);
        w.WriteEndObject();
    }));
}
