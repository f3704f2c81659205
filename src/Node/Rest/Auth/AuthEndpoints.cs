using Discord.Actors;
using Discord.Actors.Encoders;
using Discord.Actors.Guilds;
using Discord.Actors.Guilds.Members;
using Discord.Actors.Users;
using Discord.Node.Rest.RateLimits;
using Discord.Protocol;
using Discord.Protocol.Errors;
using Discord.Protocol.Forms;
using Discord.Protocol.Payloads;
using Discord.Storage;

namespace Discord.Node.Rest.Auth;

/// <summary>Making accounts, logging in and out: what user clients do before they have a token, and last.</summary>
internal static class AuthEndpoints
{
    private static readonly FormError InvalidLogin = new("INVALID_LOGIN", "Login or password is invalid.");

    public static void Map(RouteTable routes)
    {
        routes.Post("/auth/register", RegisterAsync).Auth(RestAuth.Public).Bucket(Buckets.Credentials);
        routes.Post("/auth/login", LogInAsync).Auth(RestAuth.Public).Bucket(Buckets.Credentials);
        routes.Post("/auth/mfa/totp", TotpAsync).Auth(RestAuth.Public).Bucket(Buckets.Credentials);
        routes.Post("/auth/logout", LogOutAsync).Auth(RestAuth.User);
    }

    private static async ValueTask<RestReply> RegisterAsync(RestCall call)
    {
        FormReader form = (await call.FormAsync()).Reader();
        string? username = AccountForms.UserName(form, required: true);
        string? globalName = form.String("global_name", 1, Limits.Username, trim: true);
        Optional<string> email = AccountForms.Email(form);
        string? password = AccountForms.Password(form, "password", required: true);
        string? invite = form.String("invite", 1, 100);
        AccountForms.BirthDate(form);
        if (form.Bool("consent") == false)
            form.Fail("consent", "CONSENT_REQUIRED", "You must agree to the terms to register.");
        form.ThrowIfInvalid();

        DomainServices domain = call.Services.Domain;
        Snowflake? guild = invite is null ? null : await InvitedToAsync(domain, invite);
        (User User, string Token) made;
        try
        {
            made = await domain.Accounts.CreateUserAsync(username!, password!, globalName, email.OrNullReference(), call.Cancelled);
        }
        catch (AccountConflictException taken)
        {
            throw AccountForms.Taken(taken);
        }
        if (guild is { } id)
            await JoinAsync(domain, id, made.User, invite!);
        return RestReply.Raw(Json.Encode(made.Token, static (w, token) =>
        {
            w.WriteStartObject();
            w.WriteString("token", token);
            w.WriteEndObject();
        }));
    }

    private static async ValueTask<Snowflake> InvitedToAsync(DomainServices domain, string code)
    {
        if (await domain.Storage.Lookups.GetIdAsync(LookupKind.InviteCode, code) is { } id
            && await domain.Guilds.FindAsync(id) is { State: var state }
            && state.Invites.TryGetValue(code, out InviteState? invite) && invite.IsValid(domain.Time.GetUtcNow()))
            return id;
        throw new ApiException(ApiError.UnknownInvite);
    }

    // The account exists by now and its token must be answered: an invite that was used up meanwhile only leaves it without a guild.
    private static async ValueTask JoinAsync(DomainServices domain, Snowflake guild, User user, string invite)
    {
        try
        {
            await domain.Guilds.RunAsync(guild, new AdmitMember(user, invite) { By = new Caller(user.Id) });
        }
        catch (ApiException)
        {
            return;
        }
    }

    private static async ValueTask<RestReply> LogInAsync(RestCall call)
    {
        FormReader form = (await call.FormAsync()).Reader();
        string? login = form.String("login", 1, 254, required: true, trim: true);
        string? password = form.String("password", 1, 1024, required: true);
        form.ThrowIfInvalid();
        DomainServices domain = call.Services.Domain;
        Account account = await domain.Credentials.FindAsync(login!, password!, call.Cancelled)
            ?? throw new ApiException(
                ApiError.InvalidFormBody, FormErrors.Of("login", InvalidLogin).Add("password", InvalidLogin));
        string token = await domain.Accounts.IssueTokenAsync(account.Id, call.Cancelled);
        return RestReply.Raw(Json.Encode((account.Id, token, UserProfile.FromBytes(account.Profile.Span).Locale), static (w, s) =>
        {
            w.WriteStartObject();
            w.WriteString("user_id", s.Id.ToString());
            w.WriteString("token", s.token);
            w.WriteStartObject("user_settings");
            w.WriteString("locale", s.Locale);
            w.WriteString("theme", "dark");
            w.WriteEndObject();
            w.WriteEndObject();
        }));
    }

    // No log-in here asks for a second factor, so there is no ticket that could be right.
    private static async ValueTask<RestReply> TotpAsync(RestCall call)
    {
        FormReader form = (await call.FormAsync()).Reader();
        form.String("ticket", required: true);
        form.String("code", required: true);
        form.ThrowIfInvalid();
        throw new ApiException(new ApiError(60006, 400, "Invalid two-factor auth ticket"));
    }

    private static async ValueTask<RestReply> LogOutAsync(RestCall call)
    {
        await call.Services.Domain.Credentials.LogOutAsync(TokenCache.Split(call.Http.Request.Headers.Authorization!).Token);
        call.Services.Tokens.Forget(call.Account.Id);
        return RestReply.NoContent;
    }
}
