using System.Text.Json;
using Discord.Actors.Encoders;
using Discord.Actors.Guilds;
using Discord.Protocol;
using Discord.Protocol.Payloads;
using Discord.Storage;
using static Discord.Protocol.Payloads.PayloadJson;
using ThreadState = Discord.Actors.Guilds.ThreadState;

namespace Discord.Node.Rest.Guilds;

/// <summary>The audit log, with what its entries name as far as it still exists.</summary>
internal static class AuditLogEndpoints
{
    public static void Map(RouteTable routes) => routes.Get("/guilds/{guild_id}/audit-logs", List);

    private static async ValueTask<RestReply> List(RestCall call)
    {
        Snowflake? before = call.Query.Snowflake("before");
        Snowflake? after = call.Query.Snowflake("after");
        Snowflake? user = call.Query.Snowflake("user_id");
        Snowflake? target = call.Query.Snowflake("target_id");
        int? action = call.Query.Int("action_type", 0);
        int limit = call.Query.IntOr("limit", Limits.AuditLogPageDefault, 1, Limits.AuditLogPage);
        call.Query.ThrowIfInvalid();
        GuildState state = await call.StateAsync(Permissions.ViewAuditLog);
        IReadOnlyList<AuditRow> rows = await call.Services.Domain.Storage.Audit.QueryAsync(
            new AuditQuery(state.Id, limit, before, before is null ? after : null, user, action, target), call.Cancelled);
        List<User> users = await UsersAsync(call, state, rows);
        return RestReply.Raw(Json.Encode((rows, users, state), static (w, s) => Write(w, s.rows, s.users, s.state)));
    }

    private static async ValueTask<List<User>> UsersAsync(RestCall call, GuildState state, IReadOnlyList<AuditRow> rows)
    {
        IEnumerable<Snowflake> named = rows.Select(r => r.UserId).Concat(rows.Where(TargetsUser).Select(r => r.TargetId));
        List<User> users = [];
        foreach (Snowflake id in named.Where(id => id != Snowflake.None).Distinct())
        {
            if ((state.Members[id]?.User ?? await call.Services.Domain.Accounts.FindUserAsync(id, call.Cancelled)) is { } user)
                users.Add(user);
        }
        return users;
    }

    private static bool TargetsUser(AuditRow row) => (AuditLogEvent)row.ActionType
        is >= AuditLogEvent.MemberKick and <= AuditLogEvent.BotAdd or AuditLogEvent.MessageDelete or AuditLogEvent.MessagePin
        or AuditLogEvent.MessageUnpin;

    private static void Write(Utf8JsonWriter w, IReadOnlyList<AuditRow> rows, List<User> users, GuildState state)
    {
        w.WriteStartObject();
        w.WriteStartArray("audit_log_entries");
        foreach (AuditRow row in rows)
            w.WriteRawValue(row.Body.Span, skipInputValidation: true);
        w.WriteEndArray();
        w.WriteStartArray("users");
        foreach (User user in users)
            JsonSerializer.Serialize(w, user, Wire.User);
        w.WriteEndArray();
        w.WriteStartArray("webhooks");
        foreach (Snowflake id in rows.Select(r => r.TargetId).Distinct())
        {
            // Tokens are no business of those who read the log.
            if (state.Webhooks.TryGetValue(id, out Webhook? webhook))
                JsonSerializer.Serialize(w, webhook with { Token = null, Url = null }, Wire.Webhook);
        }
        w.WriteEndArray();
        w.WriteStartArray("threads");
        foreach (Snowflake id in rows.Select(r => r.TargetId).Distinct())
        {
            if (state.Threads.TryGetValue(id, out ThreadState? thread))
                JsonSerializer.Serialize(w, thread.Channel, Wire.Channel);
        }
        w.WriteEndArray();
        w.WriteStartArray("application_commands");
        foreach (Snowflake id in rows.Select(r => r.TargetId).Distinct())
        {
            if (state.Commands.TryGetValue(id, out ApplicationCommand? command))
                JsonSerializer.Serialize(w, command, Wire.ApplicationCommand);
        }
        w.WriteEndArray();
        foreach (string empty in (ReadOnlySpan<string>)["integrations", "guild_scheduled_events", "auto_moderation_rules"])
        {
            w.WriteStartArray(empty);
            w.WriteEndArray();
        }
        w.WriteEndObject();
    }
}
