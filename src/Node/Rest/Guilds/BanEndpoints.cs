using Discord.Actors.Encoders;
using Discord.Actors.Guilds;
using Discord.Actors.Guilds.Bans;
using Discord.Actors.Messages;
using Discord.Kernel;
using Discord.Protocol;
using Discord.Protocol.Errors;
using Discord.Protocol.Forms;
using Discord.Protocol.Payloads;

namespace Discord.Node.Rest.Guilds;

/// <summary>Bans of a guild.</summary>
internal static class BanEndpoints
{
    private const int SecondsOfDay = 86_400;
    private static readonly TimeSpan DeleteLimit = TimeSpan.FromSeconds(30);

    public static void Map(RouteTable routes)
    {
        routes.Get("/guilds/{guild_id}/bans", List);
        routes.Get("/guilds/{guild_id}/bans/{user_id}", Get);
        routes.Put("/guilds/{guild_id}/bans/{user_id}", Put);
        routes.Delete("/guilds/{guild_id}/bans/{user_id}", Delete);
        routes.Post("/guilds/{guild_id}/bulk-ban", Bulk);
    }

    private static async ValueTask<RestReply> List(RestCall call)
    {
        int limit = call.Query.IntOr("limit", Limits.BansPage, 1, Limits.BansPage);
        Snowflake? before = call.Query.Snowflake("before");
        Snowflake? after = call.Query.Snowflake("after");
        call.Query.ThrowIfInvalid();
        GuildState state = await call.StateAsync(Permissions.BanMembers);
        // Always ascending; with before it is the page that ends there.
        IEnumerable<Ban> page = before is { } end
            ? state.Bans.Values.Where(b => b.User.Id < end).OrderByDescending(b => b.User.Id).Take(limit).Reverse()
            : state.Bans.Values.Where(b => after is null || b.User.Id > after).OrderBy(b => b.User.Id).Take(limit);
        return RestReply.Json([.. page], PayloadJson.Wire.ListBan);
    }

    private static async ValueTask<RestReply> Get(RestCall call)
    {
        GuildState state = await call.StateAsync(Permissions.BanMembers);
        Ban ban = state.Bans.GetValueOrDefault(call.Id("user_id")) ?? throw new ApiException(ApiError.UnknownBan);
        return RestReply.Json(ban, PayloadJson.Wire.Ban);
    }

    private static async ValueTask<RestReply> Put(RestCall call)
    {
        Snowflake id = call.Id("user_id");
        FormReader form = (await call.FormAsync()).Reader();
        int? seconds = form.Int("delete_message_seconds", 0, Limits.BanDeleteSeconds);
        int? days = form.Int("delete_message_days", 0, Limits.BanDeleteSeconds / SecondsOfDay);
        form.ThrowIfInvalid();
        GuildHandle guild = await call.GuildAsync(Permissions.BanMembers);
        User user = await call.UserAsync(guild.State, id);
        await call.ChangeAsync(new BanUser(user));
        await DeleteMessagesAsync(call, guild, [id], seconds ?? (days * SecondsOfDay) ?? 0);
        return RestReply.NoContent;
    }

    private static async ValueTask<RestReply> Delete(RestCall call)
    {
        await call.ChangeAsync(new UnbanUser(call.Id("user_id")));
        return RestReply.NoContent;
    }

    private static async ValueTask<RestReply> Bulk(RestCall call)
    {
        FormReader form = (await call.FormAsync()).Reader();
        List<Snowflake>? ids = form.SnowflakeSet("user_ids", Limits.BulkBanUsers, 1, required: true);
        int? seconds = form.Int("delete_message_seconds", 0, Limits.BanDeleteSeconds);
        form.ThrowIfInvalid();
        GuildHandle guild = await call.GuildAsync(Permissions.BanMembers | Permissions.ManageGuild);
        List<User> users = [];
        List<Snowflake> unknown = [];
        foreach (Snowflake id in ids!)
        {
            User? user = guild.State.Members[id]?.User ?? await call.Services.Domain.Accounts.FindUserAsync(id, call.Cancelled);
            if (user is null)
                unknown.Add(id);
            else
                users.Add(user);
        }
        BanUsers.Outcome outcome = await call.ChangeAsync(new BanUsers(users, unknown));
        await DeleteMessagesAsync(call, guild, outcome.Banned, seconds ?? 0);
        return RestReply.Raw(Json.Encode(outcome, static (w, o) =>
        {
            w.WriteStartObject();
            w.WriteStartArray("banned_users");
            foreach (Snowflake id in o.Banned)
                w.WriteStringValue(id.ToString());
            w.WriteEndArray();
            w.WriteStartArray("failed_users");
            foreach (Snowflake id in o.Failed)
                w.WriteStringValue(id.ToString());
            w.WriteEndArray();
            w.WriteEndObject();
        }));
    }

    // Only channels in which something was sent since then are opened; each deletes for itself, in its own order.
    private static async ValueTask DeleteMessagesAsync(RestCall call, GuildHandle guild, IReadOnlyList<Snowflake> users, int seconds)
    {
        if (seconds == 0)
            return;
        DateTimeOffset since = call.Services.Time.GetUtcNow().AddSeconds(-seconds);
        foreach (Snowflake channel in guild.State.Channels.Keys.Concat(guild.State.Threads.Keys))
        {
            if (guild.LastMessageOf(channel) is not { } last || last.Timestamp < since
                || await call.Services.Domain.Guilds.OpenChannelAsync(guild, channel) is not { } open)
                continue;
            foreach (Snowflake user in users)
                await open.Actor.Ask<MessagesDeleted>(new DeleteByAuthor(user, since), DeleteLimit);
        }
    }
}
