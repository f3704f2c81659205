using System.Text.Json;
using Discord.Actors.Encoders;
using Discord.Actors.Users;
using Discord.Protocol;
using Discord.Protocol.Payloads;
using Discord.Storage;

namespace Discord.Actors.Sessions;

/// <summary>READY for bots: guilds are named as unavailable, and a GUILD_CREATE follows for each.</summary>
internal static class BotReady
{
    public static DispatchEvent Make(
        DomainServices domain, SessionIdentity identity, UserProfile profile, ApplicationRow application, List<Snowflake> guilds)
    {
        long flags = Applications.ApplicationProfile.FromBytes(application.Body.Span).Flags;
        return Json.Event(EventNames.Ready, (domain, identity, profile, application, flags, guilds), static (w, s) =>
        {
            w.WriteStartObject();
            w.WriteNumber("v", s.identity.ApiVersion);
            w.WriteStartObject("user_settings");
            w.WriteEndObject();
            w.WritePropertyName("user");
            JsonSerializer.Serialize(w, s.profile.ToSelf(), PayloadJson.Wire.SelfUser);
            w.WriteString("session_type", "normal");
            w.WriteString("session_id", s.identity.SessionId);
            w.WriteString("resume_gateway_url", s.domain.Options.GatewayUrl);
            foreach (string empty in (ReadOnlySpan<string>)
            [
                "relationships", "private_channels", "presences", "guild_join_requests", "geo_ordered_rtc_regions"
            ])
            {
                w.WriteStartArray(empty);
                w.WriteEndArray();
            }
            w.WriteStartArray("guilds");
            foreach (Snowflake guild in s.guilds)
            {
                w.WriteStartObject();
                w.WriteString("id", guild.ToString());
                w.WriteBoolean("unavailable", true);
                w.WriteEndObject();
            }
            w.WriteEndArray();
            if (s.identity.HasShard)
            {
                w.WriteStartArray("shard");
                w.WriteNumberValue(s.identity.ShardId);
                w.WriteNumberValue(s.identity.ShardCount);
                w.WriteEndArray();
            }
            w.WriteStartObject("auth");
            w.WriteEndObject();
            w.WritePropertyName("application");
            JsonSerializer.Serialize(w, new PartialApplication(s.application.Id, s.flags), PayloadJson.Wire.PartialApplication);
            w.WriteStartArray("_trace");
            w.WriteStringValue("discord-akka");
            w.WriteEndArray();
            w.WriteEndObject();
        });
    }
}
