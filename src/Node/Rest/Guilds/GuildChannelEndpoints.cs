using Discord.Actors.Guilds;
using Discord.Actors.Guilds.Channels;
using Discord.Node.Rest.Channels;
using Discord.Protocol;
using Discord.Protocol.Errors;
using Discord.Protocol.Forms;
using Discord.Protocol.Payloads;

namespace Discord.Node.Rest.Guilds;

/// <summary>The channels of a guild as a whole: list, create, reorder. Threads are listed apart.</summary>
internal static class GuildChannelEndpoints
{
    public static void Map(RouteTable routes)
    {
        routes.Get("/guilds/{guild_id}/channels", List);
        routes.Post("/guilds/{guild_id}/channels", Create);
        routes.Patch("/guilds/{guild_id}/channels", Move);
    }

    private static async ValueTask<RestReply> List(RestCall call)
    {
        GuildHandle guild = await call.GuildAsync();
        GuildState state = guild.State;
        DateTimeOffset now = call.Services.Time.GetUtcNow();
        return RestReply.Json(
            [.. state.Channels.Values
                .Where(c => state.PermissionsIn(c, call.Account.Id, now).Has(Permissions.ViewChannel))
                .OrderBy(c => c.Position).ThenBy(c => c.Id)
                .Select(guild.WithLastMessage)],
            PayloadJson.Wire.ListChannel);
    }

    private static async ValueTask<RestReply> Create(RestCall call)
    {
        FormReader form = (await call.FormAsync()).Reader();
        ChannelSettings settings = ChannelForm.Read(form);
        if (!form.Has("name") || form.IsNull("name"))
            form.Fail("name", FormError.Required);
        form.ThrowIfInvalid();
        return RestReply.Created(await call.ChangeAsync(new CreateChannel(settings)), PayloadJson.Wire.Channel);
    }

    private static async ValueTask<RestReply> Move(RestCall call)
    {
        FormReader form = (await call.FormAsync()).Reader();
        List<ChannelMove>? moves = form.Items(Limits.GuildChannels, static item => new ChannelMove(
            item.Snowflake("id", required: true) ?? default, item.Int("position", 0), item.OptionalSnowflake("parent_id"),
            item.Bool("lock_permissions") ?? false));
        form.ThrowIfInvalid();
        await call.ChangeAsync(new MoveChannels(moves!));
        return RestReply.NoContent;
    }
}
