using System.Text.Json;
using Discord.Actors;
using Discord.Protocol;
using Discord.Protocol.Payloads;
using Discord.Storage;

namespace Discord.Node.Rest.Applications;

/// <summary>Applications as they are answered.</summary>
internal static class ApplicationPayloads
{
    /// <summary>With its owner and bot as they are now, and its counts.</summary>
    public static async ValueTask<Application> CompleteAsync(
        DomainServices domain, ApplicationRow row, Application stored, CancellationToken cancellation)
    {
        User? owner = await domain.Accounts.FindUserAsync(row.OwnerId, cancellation) ?? stored.Owner;
        User? bot = row.BotUserId is { } id ? await domain.Accounts.FindUserAsync(id, cancellation) ?? stored.Bot : null;
        int guilds = row.BotUserId is { } user
            ? (await domain.Storage.Lookups.MembersAsync(SetKind.UserGuilds, user, ct: cancellation)).Count
            : 0;
        return stored with { Owner = owner, Bot = bot, ApproximateGuildCount = guilds };
    }

    /// <summary>What anyone may know: without its owner and its settings.</summary>
    public static PublicApplication Public(Application a) => new()
    {
        Id = a.Id,
        Name = a.Name,
        Icon = a.Icon,
        Description = a.Description,
        Type = a.Type,
        CoverImage = a.CoverImage,
        Bot = a.Bot,
        GuildId = a.GuildId,
        BotPublic = a.BotPublic,
        BotRequireCodeGrant = a.BotRequireCodeGrant,
        TermsOfServiceUrl = a.TermsOfServiceUrl,
        PrivacyPolicyUrl = a.PrivacyPolicyUrl,
        CustomInstallUrl = a.CustomInstallUrl,
        InstallParams = a.InstallParams,
        IntegrationTypesConfig = a.IntegrationTypesConfig,
        VerifyKey = a.VerifyKey,
        Flags = a.Flags,
        FlagsNew = a.FlagsNew,
        Tags = a.Tags,
        Summary = a.Summary,
    };

    /// <summary>Lists leave translations out unless <c>with_localizations</c> asks for them.</summary>
    public static List<ApplicationCommand> List(IEnumerable<ApplicationCommand> commands, bool withLocalizations) =>
        [.. commands.OrderBy(c => c.Id).Select(c => withLocalizations ? c : WithoutLocalizations(c))];

    private static ApplicationCommand WithoutLocalizations(ApplicationCommand command) => command with
    {
        NameLocalizations = null,
        DescriptionLocalizations = null,
        Options = command.Options is null ? null : [.. command.Options.Select(WithoutLocalizations)],
    };

    private static JsonElement WithoutLocalizations(JsonElement option)
    {
        System.Buffers.ArrayBufferWriter<byte> buffer = new();
        using (Utf8JsonWriter json = new(buffer))
            Copy(json, option);
        return JsonElement.Parse(buffer.WrittenSpan);
    }

    private static void Copy(Utf8JsonWriter json, JsonElement element)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                json.WriteStartObject();
                foreach (JsonProperty property in element.EnumerateObject())
                {
                    if (property.Name is "name_localizations" or "description_localizations")
                        continue;
                    json.WritePropertyName(property.Name);
                    Copy(json, property.Value);
                }
                json.WriteEndObject();
                break;
            case JsonValueKind.Array:
                json.WriteStartArray();
                foreach (JsonElement item in element.EnumerateArray())
                    Copy(json, item);
                json.WriteEndArray();
                break;
            default:
                element.WriteTo(json);
                break;
        }
    }
}
