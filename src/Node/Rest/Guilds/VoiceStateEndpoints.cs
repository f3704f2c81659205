using Discord.Actors.Guilds;
using Discord.Actors.Guilds.Voice;
using Discord.Protocol;
using Discord.Protocol.Errors;
using Discord.Protocol.Forms;
using Discord.Protocol.Payloads;

namespace Discord.Node.Rest.Guilds;

/// <summary>Who is in which voice channel of a guild, and who speaks on its stages.</summary>
internal static class VoiceStateEndpoints
{
    public static void Map(RouteTable routes)
    {
        routes.Get("/guilds/{guild_id}/voice-states/@me", call => Get(call, call.Account.Id));
        routes.Patch("/guilds/{guild_id}/voice-states/@me", call => Modify(call, call.Account.Id));
        routes.Get("/guilds/{guild_id}/voice-states/{user_id}", call => Get(call, call.Id("user_id")));
        routes.Patch("/guilds/{guild_id}/voice-states/{user_id}", call => Modify(call, call.Id("user_id")));
    }

    private static async ValueTask<RestReply> Get(RestCall call, Snowflake user)
    {
        GuildState state = await call.StateAsync();
        if (!state.VoiceStates.TryGetValue(user, out VoiceState? voice)
            || !state.PermissionsIn(state.FindChannel(voice.ChannelId!.Value)!, call.Account.Id, call.Services.Time.GetUtcNow())
                .Has(Permissions.ViewChannel))
            throw new ApiException(ApiError.UnknownVoiceState);
        return RestReply.Json(voice with { GuildId = state.Id, Member = state.Members[user] }, PayloadJson.Wire.VoiceState);
    }

    private static async ValueTask<RestReply> Modify(RestCall call, Snowflake user)
    {
        FormReader form = (await call.FormAsync()).Reader();
        Snowflake? channel = form.Snowflake("channel_id");
        bool? suppress = form.Bool("suppress");
        Optional<DateTimeOffset> request = form.OptionalTimestamp("request_to_speak_timestamp");
        form.ThrowIfInvalid();
        await call.ChangeAsync(new SetStageSpeaking(user, channel, suppress, user == call.Account.Id ? request : default));
        return RestReply.NoContent;
    }
}
