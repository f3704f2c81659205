using System.Text.Json;
using Discord.Actors.Encoders;
using Discord.Actors.Relays;
using Discord.Actors.Users;
using Discord.Protocol;
using Discord.Protocol.Payloads;

namespace Discord.Actors.Sessions;

/// <summary>READY for user accounts: it holds the guilds, so they are gathered from their relays first.</summary>
internal static class UserReady
{
    private static readonly TimeSpan GatherLimit = TimeSpan.FromSeconds(10);

    public static async Task SendAsync(DomainServices domain, Session session, UserProfile profile, List<Snowflake> guilds, CancellationToken cancellation)
    {
        GuildSlice?[] slices = await Task.WhenAll(guilds.Select(id => GatherAsync(domain, session, id, cancellation)));
        session.Release(Make(domain, session.Identity, profile, guilds, slices));
    }

    // A guild that does not answer in time is told as unavailable.
    private static async Task<GuildSlice?> GatherAsync(DomainServices domain, Session session, Snowflake guild, CancellationToken cancellation)
    {
        TaskCompletionSource<GuildSlice?> answer = new(TaskCreationOptions.RunContinuationsAsynchronously);
        domain.Guilds.Tell(guild, new Subscribe(session, slice => answer.TrySetResult(slice)));
        try
        {
            return await answer.Task.WaitAsync(GatherLimit, domain.Time, cancellation);
        }
        catch (TimeoutException)
        {
            return null;
        }
    }

    private static DispatchEvent Make(DomainServices domain, SessionIdentity identity, UserProfile profile, List<Snowflake> guilds, GuildSlice?[] slices) =>
        Json.Event(EventNames.Ready, (domain, identity, profile, guilds, slices), static (w, s) =>
        {
            w.WriteStartObject();
            w.WriteNumber("v", s.identity.ApiVersion);
            w.WritePropertyName("user");
            JsonSerializer.Serialize(w, s.profile.ToSelf(), PayloadJson.Wire.SelfUser);
            w.WriteString("session_type", "normal");
            w.WriteString("session_id", s.identity.SessionId);
            w.WriteString("resume_gateway_url", s.domain.Options.GatewayUrl);
            w.WriteStartArray("guilds");
            for (int i = 0; i < s.guilds.Count; i++)
            {
                if (s.slices[i] is { } slice)
                {
                    w.WriteRawValue([.. slice.Shared, .. slice.Own], skipInputValidation: true);
                    continue;
                }
                w.WriteStartObject();
                w.WriteString("id", s.guilds[i].ToString());
                w.WriteBoolean("unavailable", true);
                w.WriteEndObject();
            }
            w.WriteEndArray();
            w.WriteEndObject();
        });
}
