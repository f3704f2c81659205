using Discord.Actors.Encoders;
using Discord.Actors.Guilds;
using Discord.Actors.Guilds.Members;
using Discord.Actors.Users;
using Discord.Protocol;
using Discord.Protocol.Forms;
using Discord.Protocol.Payloads;

namespace Discord.Node.Rest.Guilds;

/// <summary>Removing members that were not seen for a while.</summary>
internal static class PruneEndpoints
{
    private const int DaysDefault = 7;

    public static void Map(RouteTable routes)
    {
        routes.Get("/guilds/{guild_id}/prune", Count);
        routes.Post("/guilds/{guild_id}/prune", Prune);
    }

    private static async ValueTask<RestReply> Count(RestCall call)
    {
        int days = call.Query.IntOr("days", DaysDefault, Limits.PruneDaysMin, Limits.PruneDays);
        List<Snowflake> roles = call.Query.Snowflakes("include_roles", Limits.GuildRoles, commas: true);
        call.Query.ThrowIfInvalid();
        GuildState state = await call.StateAsync(PruneMembers.Needs);
        IReadOnlySet<Snowflake> seen = await SeenAsync(call, state, days, roles);
        RoleRank own = state.RankOf(state.Members[call.Account.Id]!);
        bool all = state.IsOwner(call.Account.Id);
        int count = PruneMembers.Candidates(state, days, roles, call.Services.Time.GetUtcNow())
            .Count(m => !seen.Contains(m.User!.Id) && (all || own > state.RankOf(m)));
        return Pruned(count);
    }

    private static async ValueTask<RestReply> Prune(RestCall call)
    {
        FormReader form = (await call.FormAsync()).Reader();
        int days = form.Int("days", Limits.PruneDaysMin, Limits.PruneDays) ?? DaysDefault;
        bool count = form.Bool("compute_prune_count") ?? true;
        // An array, or the ids in one text.
        List<Snowflake> roles = form.Raw("include_roles") is { ValueKind: System.Text.Json.JsonValueKind.String } text
            ? Listed(form, text.GetString()!)
            : form.SnowflakeSet("include_roles", Limits.GuildRoles) ?? [];
        form.ThrowIfInvalid();
        GuildState state = await call.StateAsync(PruneMembers.Needs);
        int pruned = await call.ChangeAsync(new PruneMembers(days, roles, await SeenAsync(call, state, days, roles)));
        return Pruned(count ? pruned : null);
    }

    private static List<Snowflake> Listed(FormReader form, string text)
    {
        List<Snowflake> roles = [];
        foreach (string part in text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            if (Snowflake.TryParse(part, out Snowflake id))
                roles.Add(id);
            else
                form.Fail("include_roles", Protocol.Errors.FormError.NotASnowflake(part));
        }
        return roles;
    }

    private static async ValueTask<IReadOnlySet<Snowflake>> SeenAsync(
        RestCall call, GuildState state, int days, IReadOnlyList<Snowflake> roles)
    {
        DateTimeOffset now = call.Services.Time.GetUtcNow();
        HashSet<Snowflake> seen = [];
        foreach (Member member in PruneMembers.Candidates(state, days, roles, now))
        {
            Snowflake id = member.User!.Id;
            if (call.Services.Domain.Presences.IsOnline(id)
                || await call.Services.Domain.LastSeen.IsSinceAsync(id, now.AddDays(-days), call.Cancelled))
                seen.Add(id);
        }
        return seen;
    }

    private static RestReply Pruned(int? count) => RestReply.Raw(Json.Encode(count, static (w, n) =>
    {
        w.WriteStartObject();
        if (n is { } pruned)
            w.WriteNumber("pruned", pruned);
        else
            w.WriteNull("pruned");
        w.WriteEndObject();
    }));
}
