using Discord.Actors.Guilds;
using Discord.Actors.Guilds.Emojis;
using Discord.Node.Cdn;
using Discord.Node.Rest.RateLimits;
using Discord.Protocol;
using Discord.Protocol.Errors;
using Discord.Protocol.Forms;
using Discord.Protocol.Payloads;
using Discord.Storage.Files;

namespace Discord.Node.Rest.Guilds;

/// <summary>Emojis of a guild. Who made one is shown to those who manage them.</summary>
internal static class EmojiEndpoints
{
    public static void Map(RouteTable routes)
    {
        routes.Get("/guilds/{guild_id}/emojis", List);
        routes.Post("/guilds/{guild_id}/emojis", Create).Bucket(Buckets.Emojis);
        routes.Get("/guilds/{guild_id}/emojis/{emoji_id}", Get);
        routes.Patch("/guilds/{guild_id}/emojis/{emoji_id}", Modify).Bucket(Buckets.Emojis);
        routes.Delete("/guilds/{guild_id}/emojis/{emoji_id}", Delete).Bucket(Buckets.Emojis);
    }

    private static async ValueTask<RestReply> List(RestCall call)
    {
        GuildState state = await call.StateAsync();
        return RestReply.Json([.. GuildPayloads.Emojis(state).Select(e => Shown(call, state, e))], PayloadJson.Wire.ListEmoji);
    }

    private static async ValueTask<RestReply> Get(RestCall call)
    {
        GuildState state = await call.StateAsync();
        Emoji emoji = state.Emojis.GetValueOrDefault(call.Id("emoji_id")) ?? throw new ApiException(ApiError.UnknownEmoji);
        return RestReply.Json(Shown(call, state, emoji), PayloadJson.Wire.Emoji);
    }

    private static async ValueTask<RestReply> Create(RestCall call)
    {
        FormReader form = (await call.FormAsync()).Reader();
        string? name = Name(form, required: true);
        ImageData? image = form.ImageData("image", Limits.EmojiBytes, required: true);
        List<Snowflake>? roles = form.SnowflakeSet("roles", Limits.GuildRoles);
        form.ThrowIfInvalid();
        GuildState state = await call.StateAsync();
        if (!state.PermissionsOf(call.Account.Id).HasAny(EmojiRights.Any))
            throw new ApiException(ApiError.MissingPermissions);
        Snowflake id = call.Services.Domain.Ids.Next();
        IBlobStore blobs = call.Services.Domain.Storage.Blobs;
        await blobs.SaveAsync(BlobKind.Emoji, id, image!, Limits.EmojiBytes);
        try
        {
            Emoji emoji = await call.ChangeAsync(new CreateEmoji(id, name!, image!.IsAnimated, roles ?? []));
            return RestReply.Created(emoji, PayloadJson.Wire.Emoji);
        }
        catch (ApiException)
        {
            await blobs.DeleteAsync(BlobKey.Image(BlobKind.Emoji, id), CancellationToken.None);
            throw;
        }
    }

    private static async ValueTask<RestReply> Modify(RestCall call)
    {
        FormReader form = (await call.FormAsync()).Reader();
        string? name = Name(form, required: false);
        Optional<List<Snowflake>> roles = form.OptionalSnowflakeArray("roles", Limits.GuildRoles)
            .Map(static list => list.Distinct().ToList());
        form.ThrowIfInvalid();
        return RestReply.Json(await call.ChangeAsync(new ModifyEmoji(call.Id("emoji_id"), name, roles)), PayloadJson.Wire.Emoji);
    }

    private static async ValueTask<RestReply> Delete(RestCall call)
    {
        await call.ChangeAsync(new DeleteEmoji(call.Id("emoji_id")));
        return RestReply.NoContent;
    }

    private static string? Name(FormReader form, bool required)
    {
        string? name = form.String("name", Limits.EmojiNameMin, Limits.EmojiName, required);
        if (name is not null && !name.All(static c => char.IsAsciiLetterOrDigit(c) || c == '_'))
            form.Fail("name", "STRING_TYPE_REGEX", "String value did not match validation regex.");
        return name;
    }

    private static Emoji Shown(RestCall call, GuildState state, Emoji emoji) =>
        state.PermissionsOf(call.Account.Id).HasAny(EmojiRights.Any) ? emoji : emoji with { User = null };
}
