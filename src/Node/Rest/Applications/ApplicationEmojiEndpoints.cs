using System.Text.RegularExpressions;
using Discord.Actors;
using Discord.Actors.Applications;
using Discord.Actors.Encoders;
using Discord.Node.Cdn;
using Discord.Node.Rest.RateLimits;
using Discord.Protocol;
using Discord.Protocol.Errors;
using Discord.Protocol.Forms;
using Discord.Protocol.Payloads;
using Discord.Storage.Files;
using System.Text.Json;

namespace Discord.Node.Rest.Applications;

/// <summary>An application's own emojis ("Application-Owned Emoji"): up to 2,000, usable by its bot everywhere.</summary>
internal static partial class ApplicationEmojiEndpoints
{
    public static void Map(RouteTable routes)
    {
        const string emojis = "/applications/{application_id}/emojis";
        routes.Get(emojis, List);
        routes.Post(emojis, Create).Bucket(Buckets.Emojis);
        routes.Get(emojis + "/{emoji_id}", Get);
        routes.Patch(emojis + "/{emoji_id}", Modify).Bucket(Buckets.Emojis);
        routes.Delete(emojis + "/{emoji_id}", Delete).Bucket(Buckets.Emojis);
    }

    private static async ValueTask<RestReply> List(RestCall call)
    {
        ApplicationState state = await StateAsync(call);
        return RestReply.Raw(Json.Encode(state, static (w, s) =>
        {
            w.WriteStartObject();
            w.WriteStartArray("items");
            foreach (Emoji emoji in s.Emojis.Values.OrderBy(e => e.Id!.Value))
                JsonSerializer.Serialize(w, emoji, PayloadJson.Wire.Emoji);
            w.WriteEndArray();
            w.WriteEndObject();
        }));
    }

    private static async ValueTask<RestReply> Get(RestCall call)
    {
        ApplicationState state = await StateAsync(call);
        return Reply(state.Emojis.GetValueOrDefault(call.Id("emoji_id")) ?? throw new ApiException(ApiError.UnknownEmoji));
    }

    private static async ValueTask<RestReply> Create(RestCall call)
    {
        Snowflake application = await ApplicationAccess.IdAsync(call);
        DomainServices domain = call.Services.Domain;
        FormReader form = (await call.FormAsync()).Reader();
        string? name = Name(form, required: true);
        ImageData? image = form.ImageData("image", Limits.EmojiBytes, required: true);
        form.ThrowIfInvalid();
        User user = await domain.Accounts.FindUserAsync(call.Account.Id, call.Cancelled) ?? throw new ApiException(ApiError.UnknownUser);
        Snowflake id = domain.Ids.Next();
        await domain.Storage.Blobs.SaveAsync(BlobKind.Emoji, id, image!, Limits.EmojiBytes);
        try
        {
            Emoji made = await domain.Applications.RunAsync(application, new AddApplicationEmoji(id, name!, image!.IsAnimated, user));
            return RestReply.Created(made, PayloadJson.Wire.Emoji);
        }
        catch (ApiException)
        {
            await domain.Storage.Blobs.DeleteAsync(BlobKey.Image(BlobKind.Emoji, id));
            throw;
        }
    }

    private static async ValueTask<RestReply> Modify(RestCall call)
    {
        Snowflake application = await ApplicationAccess.IdAsync(call);
        Snowflake id = call.Id("emoji_id");
        FormReader form = (await call.FormAsync()).Reader();
        string? name = Name(form, required: false);
        form.ThrowIfInvalid();
        if (name is null)
            return await Get(call);
        return Reply(await call.Services.Domain.Applications.RunAsync(application, new RenameApplicationEmoji(id, name)));
    }

    private static async ValueTask<RestReply> Delete(RestCall call)
    {
        Snowflake application = await ApplicationAccess.IdAsync(call);
        Snowflake id = call.Id("emoji_id");
        await call.Services.Domain.Applications.RunAsync(application, new RemoveApplicationEmoji(id));
        await call.Services.Domain.Storage.Blobs.DeleteAsync(BlobKey.Image(BlobKind.Emoji, id));
        return RestReply.NoContent;
    }

    private static async ValueTask<ApplicationState> StateAsync(RestCall call) =>
        await call.Services.Domain.Applications.GetAsync(await ApplicationAccess.IdAsync(call));

    private static string? Name(FormReader form, bool required)
    {
        string? name = form.String("name", Limits.EmojiNameMin, Limits.EmojiName, required);
        if (name is not null && !EmojiName().IsMatch(name))
            form.Fail("name", "STRING_TYPE_REGEX", "String value did not match validation regex.");
        return name;
    }

    private static RestReply Reply(Emoji emoji) => RestReply.Json(emoji, PayloadJson.Wire.Emoji);

    [GeneratedRegex(@"^\w+$", RegexOptions.ECMAScript)]
    private static partial Regex EmojiName();
}
