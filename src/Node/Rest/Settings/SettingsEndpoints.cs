using System.Buffers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Discord.Actors;
using Discord.Actors.Encoders;
using Discord.Actors.Guilds;
using Discord.Actors.Users;
using Discord.Actors.Users.Settings;
using Discord.Protocol;
using Discord.Protocol.Errors;
using Discord.Protocol.Forms;

namespace Discord.Node.Rest.Settings;

/// <summary>
/// A user account's settings, as JSON and as the protocol's protobuf messages (one store, two forms), and its notification settings for
/// guilds and private channels.
/// </summary>
internal static class SettingsEndpoints
{
    public static void Map(RouteTable routes)
    {
        routes.Get("/users/@me/settings", GetAsync).Auth(RestAuth.User);
        routes.Patch("/users/@me/settings", PatchAsync).Auth(RestAuth.User);
        routes.Get("/users/@me/settings-proto/{type}", GetProtoAsync).Auth(RestAuth.User);
        routes.Get("/users/@me/settings-proto/2/json", GetFavoritesAsync).Auth(RestAuth.User);
        routes.Patch("/users/@me/settings-proto/{type}", PatchProtoAsync).Auth(RestAuth.User);
        routes.Patch("/users/@me/guilds/settings", PatchGuildsAsync).Auth(RestAuth.User);
        routes.Patch("/users/@me/guilds/{guild_id}/settings", PatchGuildAsync).Auth(RestAuth.User);
    }

    private static async ValueTask<RestReply> GetAsync(RestCall call) =>
        RestReply.Raw(SettingsDocument.WholeBytes((await call.Services.Domain.Users.StateOfAsync(call.Account.Id)).Settings));

    private static async ValueTask<RestReply> PatchAsync(RestCall call)
    {
        FormReader form = (await call.FormAsync()).Reader();
        JsonObject patch = SettingsForm.Settings(form);
        form.ThrowIfInvalid();
        return RestReply.Raw(await call.Services.Domain.Users.RunAsync(call.Account.Id, new PatchSettings(Bytes(patch))));
    }

    private static async ValueTask<RestReply> GetProtoAsync(RestCall call)
    {
        UserState state = await call.Services.Domain.Users.StateOfAsync(call.Account.Id);
        return Proto(state.SettingsProtos.GetValueOrDefault(TypeOf(call))?.Bytes ?? default, outOfDate: false);
    }

    // Some clients ask for their favourites as JSON when they start. What others stored is kept as the bytes it came in: there are none to
    // show.
    private static ValueTask<RestReply> GetFavoritesAsync(RestCall call) => new(RestReply.Raw("""{"settings":{}}"""u8.ToArray()));

    private static async ValueTask<RestReply> PatchProtoAsync(RestCall call)
    {
        int type = TypeOf(call);
        FormReader form = (await call.FormAsync()).Reader();
        string? base64 = form.String("settings", 0, PatchSettingsProto.MaxBytes * 4 / 3 + 4, required: true);
        long? required = form.Long("required_data_version", 0);
        form.ThrowIfInvalid();
        byte[] patch = new byte[base64!.Length * 3 / 4 + 3];
        if (!Convert.TryFromBase64String(base64, patch, out int length) || !PatchSettingsProto.IsMessage(patch.AsMemory(0, length)))
            throw RestErrors.Field("settings", FormError.Invalid("Not a settings message in base64."));
        PatchSettingsProto.Outcome outcome = await call.Services.Domain.Users.RunAsync(
            call.Account.Id, new PatchSettingsProto(type, patch.AsMemory(0, length), required));
        return Proto(outcome.Settings, outcome.OutOfDate);
    }

    private static int TypeOf(RestCall call) => call.Text("type") switch
    {
        "1" => 1,
        "2" => 2,
        _ => throw RestErrors.Field("type", FormError.Choices([1, 2])),
    };

    private static RestReply Proto(ReadOnlyMemory<byte> message, bool outOfDate) =>
        RestReply.Raw(Json.Encode((message, outOfDate), static (w, s) =>
        {
            w.WriteStartObject();
            w.WriteBase64String("settings", s.message.Span);
            if (s.outOfDate)
                w.WriteBoolean("out_of_date", true);
            w.WriteEndObject();
        }));

    private static async ValueTask<RestReply> PatchGuildAsync(RestCall call)
    {
        Snowflake? guild = await GuildAsync(call, call.Text("guild_id"));
        FormReader form = (await call.FormAsync()).Reader();
        JsonObject patch = SettingsForm.Guild(form);
        form.ThrowIfInvalid();
        return RestReply.Raw((await call.Services.Domain.Users.RunAsync(
            call.Account.Id, new PatchGuildSettings([new GuildSettingsPatch(guild, Bytes(patch))])))[0]);
    }

    private static async ValueTask<RestReply> PatchGuildsAsync(RestCall call)
    {
        FormReader form = (await call.FormAsync()).Reader();
        List<GuildSettingsPatch> changes = [];
        if (form.Sub("guilds", required: true) is { } guilds)
        {
            foreach (JsonProperty property in form.Raw("guilds")!.Value.EnumerateObject().Take(Limits.UserGuilds + 1))
            {
                Snowflake? guild = await GuildAsync(call, property.Name);
                if (guilds.Object(property.Name, SettingsForm.Guild) is { } patch)
                    changes.Add(new GuildSettingsPatch(guild, Bytes(patch)));
            }
        }
        form.ThrowIfInvalid();
        IReadOnlyList<ReadOnlyMemory<byte>> entries = changes.Count == 0
            ? []
            : await call.Services.Domain.Users.RunAsync(call.Account.Id, new PatchGuildSettings(changes));
        return RestReply.Raw(Json.Encode(entries, static (w, all) =>
        {
            w.WriteStartArray();
            foreach (ReadOnlyMemory<byte> entry in all)
                w.WriteRawValue(entry.Span, skipInputValidation: true);
            w.WriteEndArray();
        }));
    }

    // "@me" stands for private channels. Settings are kept for guilds that the user is in.
    private static async ValueTask<Snowflake?> GuildAsync(RestCall call, string text)
    {
        if (text == "@me")
            return null;
        if (!Snowflake.TryParse(text, out Snowflake id))
            throw RestErrors.BadId("guild_id", text);
        return (await call.Services.Domain.Guilds.GetAsync(id)).State.Members.Contains(call.Account.Id)
            ? id
            : throw new ApiException(ApiError.UnknownGuild);
    }

    private static byte[] Bytes(JsonObject patch) => Encoding.UTF8.GetBytes(patch.ToJsonString());
}
