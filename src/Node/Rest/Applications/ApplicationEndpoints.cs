using System.Globalization;
using System.Text.Json;
using Discord.Actors;
using Discord.Node.Cdn;
using Discord.Protocol;
using Discord.Protocol.Errors;
using Discord.Protocol.Forms;
using Discord.Protocol.Payloads;
using Discord.Storage;
using Discord.Storage.Files;

namespace Discord.Node.Rest.Applications;

/// <summary>
/// Applications: read and changed by their bot and their owner; made and listed by user accounts, as in the developer portal. The settings
/// of an application are its row in the accounts store.
/// </summary>
internal static class ApplicationEndpoints
{
    /// <summary>Applications of one user.</summary>
    private const int MaxApplications = 500;

    private static readonly string[] InstallScopes = ["applications.commands", "bot"];

    public static void Map(RouteTable routes)
    {
        routes.Get("/applications/@me", async call => await ReplyAsync(call, await ApplicationAccess.OwnAsync(call))).Auth(RestAuth.Bot);
        routes.Patch("/applications/@me", async call => await ModifyAsync(call, await ApplicationAccess.OwnAsync(call))).Auth(RestAuth.Bot);
        routes.Get("/oauth2/applications/@me", async call => await ReplyAsync(call, await ApplicationAccess.OwnAsync(call)))
            .Auth(RestAuth.Bot);
        routes.Get("/applications/{application_id}", async call => await ReplyAsync(call, await ApplicationAccess.OpenAsync(call)));
        routes.Patch("/applications/{application_id}", async call => await ModifyAsync(call, await ApplicationAccess.OpenAsync(call)));
        routes.Get("/applications", List).Auth(RestAuth.User);
        routes.Post("/applications", Create).Auth(RestAuth.User);
        BotEndpoints.Map(routes);
        ApplicationEmojiEndpoints.Map(routes);
        CommandEndpoints.Map(routes);
        CommandIndexEndpoints.Map(routes);
    }

    private static async ValueTask<RestReply> ReplyAsync(RestCall call, ApplicationAccess application) => RestReply.Json(
        await ApplicationPayloads.CompleteAsync(call.Services.Domain, application.Row, application.Profile, call.Cancelled),
        PayloadJson.Wire.Application);

    private static async ValueTask<RestReply> List(RestCall call)
    {
        DomainServices domain = call.Services.Domain;
        List<Application> applications = [];
        foreach (ApplicationRow row in await domain.Storage.Accounts.ApplicationsOfAsync(call.Account.Id, call.Cancelled))
        {
            applications.Add(await ApplicationPayloads.CompleteAsync(
                domain, row, Actors.Applications.ApplicationProfile.FromBytes(row.Body.Span), call.Cancelled));
        }
        return RestReply.Json(applications, PayloadJson.Wire.ListApplication);
    }

    private static async ValueTask<RestReply> Create(RestCall call)
    {
        DomainServices domain = call.Services.Domain;
        FormReader form = (await call.FormAsync()).Reader();
        string? name = form.String("name", 1, Limits.ApplicationName, required: true, trim: true);
        form.ThrowIfInvalid();
        if ((await domain.Storage.Accounts.ApplicationsOfAsync(call.Account.Id, call.Cancelled)).Count >= MaxApplications)
            throw new ApiException(ApiError.ApplicationLimitReached);
        User owner = await domain.Accounts.FindUserAsync(call.Account.Id, call.Cancelled) ?? throw new ApiException(ApiError.UnknownUser);
        return RestReply.Created(await domain.Accounts.CreateApplicationAsync(name!, owner), PayloadJson.Wire.Application);
    }

    private static async ValueTask<RestReply> ModifyAsync(RestCall call, ApplicationAccess application)
    {
        DomainServices domain = call.Services.Domain;
        FormReader form = (await call.FormAsync()).Reader();
        // What the portal alone sets: a bot cannot rename its application or hand it on.
        string? name = call.Account.IsBot ? null : form.String("name", 1, Limits.ApplicationName, trim: true);
        bool? isPublic = call.Account.IsBot ? null : form.Bool("bot_public");
        Optional<string> description = Description(form);
        Optional<ImageData> icon = form.OptionalImageData("icon", Limits.ImageBytes);
        Optional<ImageData> cover = form.OptionalImageData("cover_image", Limits.ImageBytes);
        Optional<List<string>> tags = form.OptionalStringArray("tags", 5, 1, 20);
        if (tags.HasValue && tags.Value.Distinct().Count() != tags.Value.Count)
            form.Fail("tags", FormError.Duplicate);
        Optional<string> install = Url(form, "custom_install_url");
        Optional<string> terms = Url(form, "terms_of_service_url");
        Optional<string> privacy = Url(form, "privacy_policy_url");
        Optional<string> roles = Url(form, "role_connections_verification_url");
        if (form.String("interactions_endpoint_url") is { Length: > 0 })
        {
            form.Fail("interactions_endpoint_url", "FEATURE_NOT_AVAILABLE",
                "Interactions are delivered over the gateway on this server; leave the URL empty");
        }
        Optional<InstallParams> parameters = form.OptionalObject("install_params", Install);
        Optional<JsonElement> types = Types(form);
        Optional<List<string>> redirects = form.OptionalStringArray("redirect_uris", 10, 1, 2048);
        long? flags = form.Long("flags", 0, long.MaxValue);
        int? filter = form.Int("explicit_content_filter", 0, 2);
        form.ThrowIfInvalid();

        string? iconHash = icon.HasValue
            ? await domain.Storage.Blobs.SaveAsync(BlobKind.ApplicationIcon, application.Id, icon.Value)
            : null;
        string? coverHash = cover.HasValue
            ? await domain.Storage.Blobs.SaveAsync(BlobKind.ApplicationIcon, application.Id, cover.Value)
            : null;
        Application changed = await domain.Applications.ModifyAsync(application.Id, known =>
        {
            long all = flags is { } wanted ? Flags(known.Flags, wanted) : known.Flags;
            return known with
            {
                Name = name ?? known.Name,
                BotPublic = isPublic ?? known.BotPublic,
                Description = description.IsPresent ? description.Or("") : known.Description,
                Summary = known.Summary,
                Icon = icon.IsPresent ? iconHash : known.Icon,
                CoverImage = cover.IsPresent ? coverHash : known.CoverImage,
                Tags = tags.IsPresent ? tags.Or([]) : known.Tags,
                CustomInstallUrl = install.Over(known.CustomInstallUrl),
                TermsOfServiceUrl = terms.Over(known.TermsOfServiceUrl),
                PrivacyPolicyUrl = privacy.Over(known.PrivacyPolicyUrl),
                RoleConnectionsVerificationUrl = roles.Over(known.RoleConnectionsVerificationUrl),
                InstallParams = parameters.Over(known.InstallParams),
                IntegrationTypesConfig = types.Over(known.IntegrationTypesConfig),
                RedirectUris = redirects.IsPresent ? redirects.Or([]) : known.RedirectUris,
                ExplicitContentFilter = filter ?? known.ExplicitContentFilter,
                Flags = all,
                FlagsNew = all.ToString(CultureInfo.InvariantCulture),
            };
        });
        return RestReply.Json(
            await ApplicationPayloads.CompleteAsync(domain, application.Row, changed, call.Cancelled), PayloadJson.Wire.Application);
    }

    // Nobody verifies applications here: their owner decides which privileged intents they may have. The other flags are the server's.
    private static long Flags(long known, long wanted)
    {
        const long settable = (long)(ApplicationFlags.GatewayPresenceLimited | ApplicationFlags.GatewayGuildMembersLimited
            | ApplicationFlags.GatewayMessageContentLimited | ApplicationFlags.GatewayPresence | ApplicationFlags.GatewayGuildMembers
            | ApplicationFlags.GatewayMessageContent | ApplicationFlags.Embedded);
        return (known & ~settable) | (wanted & settable);
    }

    // A text, or an object with translations, of which the default is kept.
    private static Optional<string> Description(FormReader form)
    {
        if (form.Raw("description") is not { ValueKind: JsonValueKind.Object })
            return form.OptionalString("description", 0, Limits.ApplicationDescription);
        return form.Object(
            "description", static d => d.String("default", 0, Limits.ApplicationDescription, required: true) ?? "") is { } text
            ? text
            : default(Optional<string>);
    }

    private static Optional<string> Url(FormReader form, string name)
    {
        Optional<string> url = form.OptionalString(name, 0, 2048);
        if (!url.HasValue)
            return url;
        if (url.Value.Length == 0)
            return Optional<string>.Null;
        if (!Uri.TryCreate(url.Value, UriKind.Absolute, out Uri? parsed) || parsed.Scheme is not ("http" or "https"))
            form.Fail(name, "URL_TYPE_INVALID_URL", "Not a well formed URL.");
        return url;
    }

    private static InstallParams Install(FormReader form)
    {
        List<string> scopes = form.StringArray("scopes", 20, 1, 100) ?? [];
        for (int i = 0; i < scopes.Count; i++)
        {
            if (!InstallScopes.Contains(scopes[i]))
                form.Fail(FormErrors.Join("scopes", i), FormError.Choices(InstallScopes));
        }
        return new InstallParams(scopes, form.Permissions("permissions") ?? Permissions.None);
    }

    // { "0": { "oauth2_install_params": { scopes, permissions } }, "1": … }, written anew.
    private static Optional<JsonElement> Types(FormReader form)
    {
        if (form.IsNull("integration_types_config"))
            return Optional<JsonElement>.Null;
        if (form.Sub("integration_types_config") is not { } config)
            return default;
        System.Buffers.ArrayBufferWriter<byte> buffer = new();
        using (Utf8JsonWriter json = new(buffer))
        {
            json.WriteStartObject();
            foreach (string type in (ReadOnlySpan<string>)["0", "1"])
            {
                if (config.Sub(type) is not { } one)
                    continue;
                json.WriteStartObject(type);
                if (one.Object("oauth2_install_params", Install) is { } install)
                {
                    json.WritePropertyName("oauth2_install_params");
                    JsonSerializer.Serialize(json, install, PayloadJson.Wire.InstallParams);
                }
                json.WriteEndObject();
            }
            json.WriteEndObject();
        }
        return JsonElement.Parse(buffer.WrittenSpan);
    }
}
