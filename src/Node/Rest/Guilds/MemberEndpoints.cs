using Discord.Actors.Guilds;
using Discord.Actors.Guilds.Members;
using Discord.Node.Rest.Applications;
using Discord.Node.Rest.RateLimits;
using Discord.Protocol;
using Discord.Protocol.Errors;
using Discord.Protocol.Forms;
using Discord.Protocol.Gateway;
using Discord.Protocol.Payloads;
using Discord.Storage.Files;

namespace Discord.Node.Rest.Guilds;

/// <summary>Members of a guild and their roles.</summary>
internal static class MemberEndpoints
{
    private const int AccessTokenLength = 10_240;

    public static void Map(RouteTable routes)
    {
        routes.Get("/guilds/{guild_id}/members", List);
        routes.Get("/guilds/{guild_id}/members/search", Search);
        routes.Patch("/guilds/{guild_id}/members/@me", ModifySelf).Bucket(Buckets.Members);
        routes.Patch("/guilds/{guild_id}/members/@me/nick", RenameSelf).Bucket(Buckets.Members);
        routes.Get("/guilds/{guild_id}/members/{user_id}", Get);
        routes.Put("/guilds/{guild_id}/members/{user_id}", Add).Auth(RestAuth.Bot).Bucket(Buckets.Members);
        routes.Patch("/guilds/{guild_id}/members/{user_id}", Modify).Bucket(Buckets.Members);
        routes.Delete("/guilds/{guild_id}/members/{user_id}", Kick).Bucket(Buckets.Members);
        routes.Put("/guilds/{guild_id}/members/{user_id}/roles/{role_id}", call => Assign(call, true)).Bucket(Buckets.Members);
        routes.Delete("/guilds/{guild_id}/members/{user_id}/roles/{role_id}", call => Assign(call, false)).Bucket(Buckets.Members);
    }

    private static async ValueTask<RestReply> List(RestCall call)
    {
        int limit = call.Query.IntOr("limit", 1, 1, Limits.MembersPage);
        Snowflake after = call.Query.Snowflake("after") ?? Snowflake.None;
        call.Query.ThrowIfInvalid();
        GuildState state = await call.StateAsync();
        if (!await ApplicationIntents.AllowAsync(call, GatewayIntents.GuildMembers))
            throw new ApiException(ApiError.MissingAccess);
        return RestReply.Json([.. state.Members.After(after).Take(limit)], PayloadJson.Wire.ListMember);
    }

    private static async ValueTask<RestReply> Search(RestCall call)
    {
        string? query = call.Query.String("query", 1, 100, required: true);
        int limit = call.Query.IntOr("limit", 1, 1, Limits.MembersPage);
        call.Query.ThrowIfInvalid();
        GuildState state = await call.StateAsync();
        return RestReply.Json([.. MemberSearch.ByPrefix(state, query!, limit)], PayloadJson.Wire.ListMember);
    }

    private static async ValueTask<RestReply> Get(RestCall call)
    {
        Snowflake id = call.Id("user_id");
        GuildState state = await call.StateAsync();
        if (state.Members.TryGet(id, out Member? member))
            return RestReply.Json(member, PayloadJson.Wire.Member);
        await call.UserAsync(state, id);
        throw new ApiException(ApiError.UnknownMember);
    }

    private static async ValueTask<RestReply> Add(RestCall call)
    {
        Snowflake id = call.Id("user_id");
        FormReader form = (await call.FormAsync()).Reader();
        string? token = form.String("access_token", 1, AccessTokenLength, required: true);
        MemberChanges changes = Read(form);
        form.ThrowIfInvalid();
        GuildHandle guild = await call.GuildAsync(Permissions.CreateInstantInvite);
        RestAccount? account = await JoinerAsync(call, token!);
        if (account?.Id != id)
            throw new ApiException(ApiError.InvalidOAuth2Token);
        AdmitMember.Outcome outcome = await call.ChangeAsync(new AddMember(await call.UserAsync(guild.State, id), changes));
        return outcome.IsNew ? RestReply.Created(outcome.Member, PayloadJson.Wire.Member) : RestReply.NoContent;
    }

    // An OAuth2 token with guilds.join, or the user's own token: who shows it could join by himself.
    private static async ValueTask<RestAccount?> JoinerAsync(RestCall call, string token)
    {
        ITokenAuthenticator tokens = call.Services.Authenticator;
        if (await tokens.AuthenticateAsync(TokenKind.User, token, call.Cancelled) is { } user)
            return user;
        RestAccount? bearer = await tokens.AuthenticateAsync(TokenKind.Bearer, token, call.Cancelled);
        return bearer is null || bearer.Scopes.Contains("guilds.join") ? bearer : throw new ApiException(ApiError.MissingOAuth2Scope);
    }

    private static async ValueTask<RestReply> Modify(RestCall call)
    {
        FormReader form = (await call.FormAsync()).Reader();
        MemberChanges changes = Read(form) with
        {
            ChannelId = form.OptionalSnowflake("channel_id"),
            CommunicationDisabledUntil = form.OptionalTimestamp("communication_disabled_until"),
        };
        form.ThrowIfInvalid();
        return RestReply.Json(await call.ChangeAsync(new ModifyMember(call.Id("user_id"), changes)), PayloadJson.Wire.Member);
    }

    private static async ValueTask<RestReply> ModifySelf(RestCall call)
    {
        FormReader form = (await call.FormAsync()).Reader();
        Optional<ImageData> avatar = form.OptionalImageData("avatar", Limits.ImageBytes);
        MemberChanges changes = new() { Nick = form.OptionalString("nick", 0, Limits.Nickname, trim: true) };
        form.ThrowIfInvalid();
        await call.GuildAsync();
        changes = changes with { Avatar = await call.StoreAsync(BlobKind.MemberAvatar, call.Account.Id, avatar) };
        return RestReply.Json(await call.ChangeAsync(new ModifyMember(call.Account.Id, changes)), PayloadJson.Wire.Member);
    }

    private static async ValueTask<RestReply> RenameSelf(RestCall call)
    {
        FormReader form = (await call.FormAsync()).Reader();
        MemberChanges changes = new() { Nick = form.OptionalString("nick", 0, Limits.Nickname, trim: true) };
        form.ThrowIfInvalid();
        Member member = await call.ChangeAsync(new ModifyMember(call.Account.Id, changes));
        return RestReply.Raw(Actors.Encoders.Json.Encode(member.Nick, static (w, nick) =>
        {
            w.WriteStartObject();
            w.WriteString("nick", nick);
            w.WriteEndObject();
        }));
    }

    private static async ValueTask<RestReply> Kick(RestCall call)
    {
        await call.ChangeAsync(new KickMember(call.Id("user_id")));
        return RestReply.NoContent;
    }

    private static async ValueTask<RestReply> Assign(RestCall call, bool give)
    {
        await call.ChangeAsync(new AssignRole(call.Id("user_id"), call.Id("role_id"), give));
        return RestReply.NoContent;
    }

    private static MemberChanges Read(FormReader form) => new()
    {
        Nick = form.OptionalString("nick", 0, Limits.Nickname, trim: true),
        Roles = form.OptionalSnowflakeArray("roles", Limits.GuildRoles),
        Mute = form.OptionalBool("mute"),
        Deaf = form.OptionalBool("deaf"),
        Flags = form.OptionalInt("flags"),
    };
}
