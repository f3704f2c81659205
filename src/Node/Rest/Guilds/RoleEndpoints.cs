using Discord.Actors.Encoders;
using Discord.Actors.Guilds;
using Discord.Actors.Guilds.Roles;
using Discord.Node.Rest.RateLimits;
using Discord.Protocol;
using Discord.Protocol.Errors;
using Discord.Protocol.Forms;
using Discord.Protocol.Payloads;
using Discord.Storage.Files;

namespace Discord.Node.Rest.Guilds;

/// <summary>Roles of a guild.</summary>
internal static class RoleEndpoints
{
    public static void Map(RouteTable routes)
    {
        routes.Get("/guilds/{guild_id}/roles", List);
        routes.Post("/guilds/{guild_id}/roles", Create);
        routes.Patch("/guilds/{guild_id}/roles", Move);
        routes.Get("/guilds/{guild_id}/roles/member-counts", MemberCounts);
        routes.Get("/guilds/{guild_id}/roles/{role_id}", Get);
        routes.Patch("/guilds/{guild_id}/roles/{role_id}", Modify);
        routes.Delete("/guilds/{guild_id}/roles/{role_id}", Delete);
    }

    private static async ValueTask<RestReply> List(RestCall call) =>
        RestReply.Json([.. GuildPayloads.Guild(await call.StateAsync()).Roles], PayloadJson.Wire.ListRole);

    private static async ValueTask<RestReply> Get(RestCall call)
    {
        GuildState state = await call.StateAsync();
        Role role = state.Roles.GetValueOrDefault(call.Id("role_id")) ?? throw new ApiException(ApiError.UnknownRole);
        return RestReply.Json(role, PayloadJson.Wire.Role);
    }

    private static async ValueTask<RestReply> MemberCounts(RestCall call)
    {
        GuildState state = await call.StateAsync();
        Dictionary<Snowflake, int> counts = state.Roles.Keys.Where(id => id != state.Id).ToDictionary(id => id, _ => 0);
        foreach (Member member in state.Members.All)
        {
            foreach (Snowflake role in member.Roles)
            {
                if (counts.TryGetValue(role, out int count))
                    counts[role] = count + 1;
            }
        }
        return RestReply.Raw(Json.Encode(counts, static (w, all) =>
        {
            w.WriteStartObject();
            foreach ((Snowflake role, int count) in all)
                w.WriteNumber(role.ToString(), count);
            w.WriteEndObject();
        }));
    }

    private static async ValueTask<RestReply> Create(RestCall call)
    {
        await call.GuildAsync(Permissions.ManageRoles);
        Snowflake id = call.Services.Domain.Ids.Next();
        RoleChanges changes = await ReadAsync(call, id);
        return RestReply.Json(await call.ChangeAsync(new CreateRole(id, changes)), PayloadJson.Wire.Role);
    }

    private static async ValueTask<RestReply> Modify(RestCall call)
    {
        GuildState state = await call.StateAsync(Permissions.ManageRoles);
        Snowflake id = call.Id("role_id");
        Role before = state.Roles.GetValueOrDefault(id) ?? throw new ApiException(ApiError.UnknownRole);
        Role after = await call.ChangeAsync(new ModifyRole(id, await ReadAsync(call, id)));
        await call.DropAsync(BlobKind.RoleIcon, id, before.Icon, after.Icon);
        return RestReply.Json(after, PayloadJson.Wire.Role);
    }

    private static async ValueTask<RestReply> Delete(RestCall call)
    {
        Snowflake id = call.Id("role_id");
        string? icon = (await call.StateAsync()).Roles.GetValueOrDefault(id)?.Icon;
        await call.ChangeAsync(new DeleteRole(id));
        await call.DropAsync(BlobKind.RoleIcon, id, icon, null);
        return RestReply.NoContent;
    }

    private static async ValueTask<RestReply> Move(RestCall call)
    {
        FormReader form = (await call.FormAsync()).Reader();
        List<(Snowflake? Id, int? Position)>? items = form.Items(
            Limits.GuildRoles, static item => (item.Snowflake("id", required: true), item.Int("position", 0)));
        form.ThrowIfInvalid();
        // An entry without a position changes nothing; of two for one role the last counts.
        Dictionary<Snowflake, int> positions = [];
        foreach ((Snowflake? id, int? position) in items!)
        {
            if (position is { } wanted)
                positions[id!.Value] = wanted;
        }
        return RestReply.Json([.. await call.ChangeAsync(new MoveRoles(positions))], PayloadJson.Wire.ListRole);
    }

    private static async ValueTask<RoleChanges> ReadAsync(RestCall call, Snowflake id)
    {
        FormReader form = (await call.FormAsync()).Reader();
        Optional<ImageData> icon = form.OptionalImageData("icon", Limits.EmojiBytes);
        RoleChanges changes = new()
        {
            Name = form.OptionalString("name", 0, Limits.RoleName),
            Permissions = form.OptionalPermissions("permissions"),
            Color = form.OptionalColor("color"),
            Colors = form.OptionalObject("colors", static colors => new RoleColors(
                colors.Color("primary_color", required: true) ?? 0, colors.Color("secondary_color"), colors.Color("tertiary_color"))),
            Hoist = form.OptionalBool("hoist"),
            Mentionable = form.OptionalBool("mentionable"),
            UnicodeEmoji = form.OptionalString("unicode_emoji", 0, 100),
        };
        form.ThrowIfInvalid();
        return changes with { Icon = await call.StoreAsync(BlobKind.RoleIcon, id, icon) };
    }
}
