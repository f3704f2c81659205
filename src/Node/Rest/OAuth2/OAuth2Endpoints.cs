using System.Text.Json;
using Discord.Actors;
using Discord.Actors.Applications;
using Discord.Actors.Encoders;
using Discord.Actors.Guilds;
using Discord.Actors.Guilds.Members;
using Discord.Node.Rest.Applications;
using Discord.Protocol;
using Discord.Protocol.Errors;
using Discord.Protocol.Forms;
using Discord.Protocol.Payloads;
using Discord.Storage;

namespace Discord.Node.Rest.OAuth2;

/// <summary>
/// Adding a bot to a guild, as the authorization page does it, and what a token stands for. Grants that end in access tokens are not
/// offered by this server.
/// </summary>
internal static class OAuth2Endpoints
{
    private static readonly string[] Scopes = ["bot", "applications.commands"];

    public static void Map(RouteTable routes)
    {
        routes.Get("/oauth2/@me", Me).Auth(RestAuth.Any);
        routes.Get("/oauth2/authorize", Show).Auth(RestAuth.User);
        routes.Post("/oauth2/authorize", Authorize).Auth(RestAuth.User);
    }

    // A bot's token stands for its application, installed by nobody and for ever.
    private static async ValueTask<RestReply> Me(RestCall call)
    {
        DomainServices domain = call.Services.Domain;
        Application application = call.Account.ApplicationId is { } id
            && await domain.Applications.ProfileAsync(id, call.Cancelled) is { } known
            ? known
            : throw new ApiException(ApiError.Unauthorized401);
        User? user = await domain.Accounts.FindUserAsync(call.Account.Id, call.Cancelled);
        string[] scopes = call.Account.IsBot ? ["bot"] : [.. call.Account.Scopes];
        DateTimeOffset expires = domain.Time.GetUtcNow().AddDays(7);
        return RestReply.Raw(Json.Encode((application, user, scopes, expires), static (w, s) =>
        {
            w.WriteStartObject();
            w.WritePropertyName("application");
            JsonSerializer.Serialize(w, ApplicationPayloads.Public(s.application), PayloadJson.Wire.PublicApplication);
            w.WriteStartArray("scopes");
            foreach (string scope in s.scopes)
                w.WriteStringValue(scope);
            w.WriteEndArray();
            w.WriteTime("expires", s.expires);
            if (s.user is not null)
            {
                w.WritePropertyName("user");
                JsonSerializer.Serialize(w, s.user, PayloadJson.Wire.User);
            }
            w.WriteEndObject();
        }));
    }

    /// <summary>What the page shows: the application, its bot, and the caller's guilds.</summary>
    private static async ValueTask<RestReply> Show(RestCall call)
    {
        DomainServices domain = call.Services.Domain;
        (ApplicationRow row, Application application, _) = await RequestedAsync(call);
        User user = await domain.Accounts.FindUserAsync(call.Account.Id, call.Cancelled) ?? throw new ApiException(ApiError.UnknownUser);
        User? bot = row.BotUserId is { } id ? await domain.Accounts.FindUserAsync(id, call.Cancelled) : null;
        List<PartialGuild> guilds = [];
        foreach (Snowflake guild in await domain.Storage.Lookups.MembersAsync(SetKind.UserGuilds, call.Account.Id, ct: call.Cancelled))
        {
            if (await domain.Guilds.FindAsync(guild) is { State: var state } && state.Members.Contains(call.Account.Id))
                guilds.Add(GuildPayloads.Partial(state, call.Account.Id));
        }
        return RestReply.Raw(Json.Encode((application, bot, user, guilds), static (w, s) =>
        {
            w.WriteStartObject();
            w.WriteBoolean("authorized", false);
            w.WritePropertyName("application");
            JsonSerializer.Serialize(w, ApplicationPayloads.Public(s.application), PayloadJson.Wire.PublicApplication);
            if (s.bot is not null)
            {
                w.WritePropertyName("bot");
                JsonSerializer.Serialize(w, s.bot, PayloadJson.Wire.User);
            }
            w.WritePropertyName("user");
            JsonSerializer.Serialize(w, s.user, PayloadJson.Wire.User);
            w.WritePropertyName("guilds");
            JsonSerializer.Serialize(w, s.guilds, PayloadJson.Wire.ListPartialGuild);
            w.WriteEndObject();
        }));
    }

    /// <summary>Adds the bot to a guild in which the caller holds MANAGE_GUILD.</summary>
    private static async ValueTask<RestReply> Authorize(RestCall call)
    {
        DomainServices domain = call.Services.Domain;
        (ApplicationRow row, Application application, IReadOnlyList<string> scopes) = await RequestedAsync(call);
        FormReader form = (await call.FormAsync()).Reader();
        bool authorize = form.Bool("authorize") ?? true;
        Snowflake? guildId = form.Snowflake("guild_id", required: authorize && scopes.Contains("bot"));
        Permissions permissions = form.Permissions("permissions") ?? Asked(call, application);
        form.ThrowIfInvalid();
        if (!authorize)
            return Location(call, "error=access_denied&error_description=The+resource+owner+or+authorization+server+denied+the+request");
        if (scopes.Contains("bot"))
        {
            Snowflake id = row.BotUserId ?? throw new ApiException(ApiError.ApplicationHasNoBot);
            if (!application.BotPublic && row.OwnerId != call.Account.Id)
                throw new ApiException(ApiError.NotAuthorizedForApplication);
            User bot = await domain.Accounts.FindUserAsync(id, call.Cancelled) ?? throw new ApiException(ApiError.ApplicationHasNoBot);
            GuildState guild = (await domain.Guilds.GetAsync(guildId!.Value)).State;
            if (!guild.Members.Contains(call.Account.Id))
                throw new ApiException(ApiError.UnknownGuild);
            // A role cannot have more than the one who grants it.
            Permissions granted = permissions & guild.PermissionsOf(call.Account.Id);
            await domain.Guilds.RunAsync(guild.Id, new AdmitBot(bot, granted) { By = new Caller(call.Account.Id, call.AuditReason) });
        }
        return Location(call, guildId is { } added ? $"guild_id={added}" : "");
    }

    private static async ValueTask<(ApplicationRow Row, Application Profile, IReadOnlyList<string> Scopes)> RequestedAsync(RestCall call)
    {
        Snowflake? client = call.Query.Snowflake("client_id", required: true);
        string scope = call.Query.String("scope") ?? "bot";
        string[] scopes = scope.Split([' ', '+'], StringSplitOptions.RemoveEmptyEntries);
        if (scopes.Length == 0 || scopes.Any(s => !Scopes.Contains(s)))
        {
            call.Query.Fail("scope", "OAUTH2_INVALID_SCOPE",
                "This server adds bots to guilds: the scopes are bot and applications.commands");
        }
        call.Query.ThrowIfInvalid();
        ApplicationRow row = await call.Services.Domain.Storage.Accounts.GetApplicationAsync(client!.Value, call.Cancelled)
            ?? throw new ApiException(ApiError.UnknownApplication);
        return (row, ApplicationProfile.FromBytes(row.Body.Span), scopes);
    }

    private static Permissions Asked(RestCall call, Application application) =>
        ulong.TryParse(call.Query.String("permissions"), out ulong bits) ? (Permissions)bits & Permissions.All
            : application.InstallParams?.Permissions ?? Permissions.None;

    private static RestReply Location(RestCall call, string query) =>
        RestReply.Raw(Json.Encode((call.Services.PublicUrl, query), static (w, s) =>
        {
            w.WriteStartObject();
            w.WriteString("location", $"{s.PublicUrl.ToString().TrimEnd('/')}/oauth2/authorized{(s.query.Length > 0 ? "?" : "")}{s.query}");
            w.WriteEndObject();
        }));
}
