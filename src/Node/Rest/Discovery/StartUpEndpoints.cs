using System.Security.Cryptography;
using Discord.Actors.Encoders;
using Discord.Protocol;

namespace Discord.Node.Rest.Discovery;

/// <summary>
/// What user clients of the reference ask before and while they start, and cannot start without: experiments (none runs here), where they
/// are, and a place for their telemetry, which is dropped unread.
/// </summary>
internal static class StartUpEndpoints
{
    private static readonly byte[] Location =
        """{"consent_required":false,"country_code":"US","promotional_email_opt_in":{"required":false,"pre_checked":false}}"""u8.ToArray();

    private static readonly byte[] NoExperiments = """{"assignments":[],"guild_experiments":[]}"""u8.ToArray();
    private static readonly byte[] NoApexExperiments = """{"assignments":[]}"""u8.ToArray();

    public static void Map(RouteTable routes)
    {
        routes.Get("/experiments", Experiments).Auth(RestAuth.Optional);
        routes.Get("/apex/experiments", static _ => new(RestReply.Raw(NoApexExperiments))).Auth(RestAuth.Public);
        routes.Get("/auth/location-metadata", static _ => new(RestReply.Raw(Location))).Auth(RestAuth.Public);
        routes.Post("/auth/fingerprint", static call => new(RestReply.Raw(Json.Encode(Fingerprint(call), static (w, fingerprint) =>
        {
            w.WriteStartObject();
            w.WriteString("fingerprint", fingerprint);
            w.WriteEndObject();
        })))).Auth(RestAuth.Public);
        routes.Post("/science", static _ => new(RestReply.NoContent)).Auth(RestAuth.Public);
        routes.Post("/track", static _ => new(RestReply.NoContent)).Auth(RestAuth.Public);
    }

    // Who has no account yet is told apart by a fingerprint.
    private static ValueTask<RestReply> Experiments(RestCall call) => new(RestReply.Raw(call.AccountOrNull is not null
        ? NoExperiments
        : Json.Encode(Fingerprint(call), static (w, fingerprint) =>
        {
            w.WriteStartObject();
            w.WriteString("fingerprint", fingerprint);
            w.WriteStartArray("assignments");
            w.WriteEndArray();
            w.WriteStartArray("guild_experiments");
            w.WriteEndArray();
            w.WriteEndObject();
        })));

    // An id and a signature in form; it is never asked for again, so nothing is kept of it.
    private static string Fingerprint(RestCall call) =>
        $"{call.Services.Domain.Ids.Next()}.{Convert.ToBase64String(RandomNumberGenerator.GetBytes(20)).TrimEnd('=').Replace('+', '-').Replace('/', '_')}";
}
