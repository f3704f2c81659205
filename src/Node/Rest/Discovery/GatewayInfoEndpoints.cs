using System.Text.Json;
using Discord.Actors;
using Discord.Actors.Encoders;
using Discord.Actors.Guilds;
using Discord.Protocol.Payloads;

namespace Discord.Node.Rest.Discovery;

/// <summary>Where the gateway is, and the voice regions: what clients ask before they connect.</summary>
internal static class GatewayInfoEndpoints
{
    /// <summary>Guilds for which one more shard is recommended.</summary>
    private const int GuildsPerShard = 1000;

    private static readonly List<VoiceRegion> Regions = [new("local", "Local", Optimal: true, Deprecated: false, Custom: false)];

    public static void Map(RouteTable routes)
    {
        routes.Get("/gateway", Gateway).Auth(RestAuth.Public);
        routes.Get("/gateway/bot", GatewayForBots).Auth(RestAuth.Bot);
        routes.Get("/voice/regions", static _ => new(RestReply.Json(Regions, PayloadJson.Wire.ListVoiceRegion)));
    }

    private static ValueTask<RestReply> Gateway(RestCall call) =>
        new(RestReply.Raw(Json.Encode(call.Services.Domain.Options.GatewayUrl, static (w, url) =>
        {
            w.WriteStartObject();
            w.WriteString("url", url);
            w.WriteEndObject();
        })));

    private static async ValueTask<RestReply> GatewayForBots(RestCall call)
    {
        int guilds = await call.Services.Domain.Storage.Lookups.GuildsOfAsync(call.Account.Id).CountAsync();
        DomainServices domain = call.Services.Domain;
        return RestReply.Raw(Json.Encode((domain, guilds, call.Account.Id), static (w, s) =>
        {
            w.WriteStartObject();
            w.WriteString("url", s.domain.Options.GatewayUrl);
            w.WriteNumber("shards", Math.Max(1, (s.guilds + GuildsPerShard - 1) / GuildsPerShard));
            w.WriteStartObject("session_start_limit");
            w.WriteNumber("total", s.domain.Options.Sessions.IdentifiesPerDay);
            w.WriteNumber(
                "remaining",
                s.domain.Options.RateLimits ? s.domain.Identifies.Remaining(s.Id) : s.domain.Options.Sessions.IdentifiesPerDay);
            w.WriteNumber("reset_after", (long)s.domain.Identifies.ResetAfter(s.Id).TotalMilliseconds);
            w.WriteNumber("max_concurrency", s.domain.Options.Sessions.IdentifyConcurrency);
            w.WriteEndObject();
            w.WriteEndObject();
        }));
    }
}
