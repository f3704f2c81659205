using System.Text.Json;
using Discord.Actors;
using Discord.Actors.Encoders;
using Discord.Actors.Users;
using Discord.Node.Cdn;
using Discord.Node.Rest.Auth;
using Discord.Node.Rest.RateLimits;
using Discord.Protocol;
using Discord.Protocol.Errors;
using Discord.Protocol.Forms;
using Discord.Protocol.Payloads;
using Discord.Storage;
using Discord.Storage.Files;

namespace Discord.Node.Rest.Users;

/// <summary>
/// PATCH /users/@me ("Modify Current User"). Bots change name, avatar and banner. User accounts change all of their profile too, and with
/// their password also name, address and password; a new password ends all other log-ins.
/// </summary>
internal static class ModifyAccount
{
    private const int BioMax = 190, PronounsMax = 40;

    public static async ValueTask<RestReply> HandleAsync(RestCall call)
    {
        DomainServices domain = call.Services.Domain;
        Account account = await domain.Storage.Accounts.GetAsync(call.Account.Id) ?? throw new ApiException(ApiError.Unauthorized401);
        FormReader form = (await call.FormAsync()).Reader();
        Optional<ImageData> avatar = form.OptionalImageData("avatar", Images.MaxBytes);
        Optional<ImageData> banner = form.OptionalImageData("banner", Images.MaxBytes);
        ChangeAccount change;
        string? newPassword = null;
        if (account.Bot)
        {
            change = new ChangeAccount { Username = form.String("username", Limits.UsernameMin, Limits.Username, trim: true) };
        }
        else
        {
            newPassword = AccountForms.Password(form, "new_password");
            change = new ChangeAccount
            {
                Username = AccountForms.UserName(form) is { } name && name != account.Username ? name : null,
                GlobalName = form.OptionalString("global_name", 1, Limits.Username, trim: true),
                Email = AccountForms.Email(form),
                AccentColor = form.OptionalColor("accent_color"),
                Bio = form.OptionalString("bio", 0, BioMax) is { IsPresent: true } bio ? bio.Or("") : null,
                Pronouns = form.OptionalString("pronouns", 0, PronounsMax) is { IsPresent: true } pronouns ? pronouns.Or("") : null,
            };
            await AuthoriseAsync(call, form, account, change, newPassword);
        }
        form.ThrowIfInvalid();
        change = change with
        {
            Avatar = await SaveAsync(domain, BlobKind.Avatar, account.Id, avatar),
            Banner = await SaveAsync(domain, BlobKind.Banner, account.Id, banner),
            PasswordHash = newPassword is null ? null : await domain.Credentials.HashAsync(newPassword, call.Cancelled),
        };

        UserProfile profile;
        try
        {
            profile = await domain.Users.ChangeAsync(account.Id, change);
        }
        catch (AccountConflictException taken)
        {
            throw account.Bot
                ? RestErrors.Field(
                    "username", new FormError("USERNAME_TOO_MANY_USERS", "Too many users have this username, please try another."))
                : AccountForms.Taken(taken);
        }
        if (account.Bot)
            return RestReply.Json(profile.ToSelf(), PayloadJson.Wire.SelfUser);
        string token = TokenCache.Split(call.Http.Request.Headers.Authorization!).Token;
        if (newPassword is not null)
        {
            await domain.Credentials.LogOutOthersAsync(account.Id, token);
            call.Services.Tokens.Forget(account.Id);
        }
        return Answer(profile, token);
    }

    // Name, address and password are changed by whoever knows the password, not by whoever found an open client.
    private static async ValueTask AuthoriseAsync(
        RestCall call, FormReader form, Account account, ChangeAccount change, string? newPassword)
    {
        bool changesEmail = change.Email.IsPresent
            && !string.Equals(change.Email.OrNullReference(), account.Email, StringComparison.OrdinalIgnoreCase);
        if (newPassword is null && change.Username is null && !changesEmail)
            return;
        if (form.String("password", 1, 1024, required: true) is not { } password || !form.IsValid)
            return;
        call.SubLimit(Buckets.Credentials, account.Id);
        if (!await call.Services.Domain.Credentials.IsPasswordAsync(account, password, call.Cancelled))
            form.Fail("password", AccountForms.WrongPassword);
    }

    private static async ValueTask<Optional<string>> SaveAsync(
        DomainServices domain, BlobKind kind, Snowflake owner, Optional<ImageData> image)
    {
        if (!image.TryGet(out ImageData? data))
            return image.IsNull ? Optional<string>.Null : Optional<string>.Absent;
        return await domain.Storage.Blobs.SaveAsync(kind, owner, data);
    }

    private static RestReply Answer(UserProfile profile, string token) => RestReply.Raw(Json.Encode((profile, token), static (w, s) =>
    {
        w.WriteStartObject();
        foreach (JsonProperty property in JsonSerializer.SerializeToElement(s.profile.ToSelf(), PayloadJson.Wire.SelfUser)
            .EnumerateObject())
            property.WriteTo(w);
        w.WriteString("token", s.token);
        w.WriteEndObject();
    }));
}
