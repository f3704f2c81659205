using Discord.Actors;
using Discord.Actors.Encoders;
using Discord.Actors.Sessions;
using Discord.Actors.Users;
using Discord.Actors.Users.Relationships;
using Discord.Protocol;
using Discord.Protocol.Errors;
using Discord.Protocol.Forms;
using Discord.Protocol.Payloads;
using Discord.Storage;

namespace Discord.Node.Rest.Users;

/// <summary>A user account's friends, requests and blocks.</summary>
internal static class RelationshipEndpoints
{
    public static void Map(RouteTable routes)
    {
        routes.Get("/users/@me/relationships", ListAsync).Auth(RestAuth.User);
        routes.Post("/users/@me/relationships", AskByNameAsync).Auth(RestAuth.User);
        routes.Delete("/users/@me/relationships", RefuseAllAsync).Auth(RestAuth.User);
        routes.Put("/users/@me/relationships/{user_id}", PutAsync).Auth(RestAuth.User);
        routes.Patch("/users/@me/relationships/{user_id}", PatchAsync).Auth(RestAuth.User);
        routes.Delete("/users/@me/relationships/{user_id}", EndAsync).Auth(RestAuth.User);
        routes.Put("/users/@me/relationships/{user_id}/ignore", static call => IgnoreAsync(call, true)).Auth(RestAuth.User);
        routes.Delete("/users/@me/relationships/{user_id}/ignore", static call => IgnoreAsync(call, false)).Auth(RestAuth.User);
    }

    private static async ValueTask<RestReply> ListAsync(RestCall call)
    {
        DomainServices domain = call.Services.Domain;
        UserState state = await domain.Users.StateOfAsync(call.Account.Id);
        IReadOnlyDictionary<Snowflake, User> users = await domain.Accounts.FindUsersAsync([.. state.Relationships.Keys], call.Cancelled);
        return RestReply.Raw(Json.Encode(
            (state, users), static (w, s) => ReadyParts.WriteRelationships(w, s.state, s.users, UserCapabilities.None)));
    }

    private static async ValueTask<RestReply> AskByNameAsync(RestCall call)
    {
        FormReader form = (await call.FormAsync()).Reader();
        string? name = form.String("username", 1, Limits.Username, required: true, trim: true);
        form.ThrowIfInvalid();
        DomainServices domain = call.Services.Domain;
        Account other = await domain.Storage.Accounts.FindByUsernameAsync(name!, ct: call.Cancelled)
            ?? throw new ApiException(ApiError.NoSuchTag);
        await domain.Friendships.AskAsync(await SelfAsync(call), UserProfile.FromBytes(other.Profile.Span).ToUser());
        return RestReply.NoContent;
    }

    private static async ValueTask<RestReply> PutAsync(RestCall call)
    {
        FormReader form = (await call.FormAsync()).Reader();
        int type = form.Int("type") ?? 1;
        if (type is not (-1 or 1 or 2))
            form.Fail("type", FormError.Choices([-1, 1, 2]));
        form.ThrowIfInvalid();
        User other = await OtherAsync(call);
        if (type == 2)
            await call.Services.Domain.Friendships.BlockAsync(await SelfAsync(call), other);
        else
            await call.Services.Domain.Friendships.AskAsync(await SelfAsync(call), other);
        return RestReply.NoContent;
    }

    private static async ValueTask<RestReply> PatchAsync(RestCall call)
    {
        FormReader form = (await call.FormAsync()).Reader();
        Optional<string> nickname = form.OptionalString("nickname", 0, Limits.Nickname, trim: true);
        form.ThrowIfInvalid();
        await call.Services.Domain.Users.RunAsync(call.Account.Id, new MarkRelationship(
            call.Id("user_id"), nickname.HasValue && nickname.Value.Length == 0 ? Optional<string>.Null : nickname));
        return RestReply.NoContent;
    }

    private static async ValueTask<RestReply> EndAsync(RestCall call)
    {
        await call.Services.Domain.Friendships.EndAsync(call.Account.Id, call.Id("user_id"));
        return RestReply.NoContent;
    }

    // Requests that wait are the only ones that a client ends all at once.
    private static async ValueTask<RestReply> RefuseAllAsync(RestCall call)
    {
        DomainServices domain = call.Services.Domain;
        foreach (Relationship waiting in (await domain.Users.StateOfAsync(call.Account.Id)).Relationships.Values)
        {
            if (waiting.Type == RelationshipType.Incoming)
                await domain.Friendships.EndAsync(call.Account.Id, waiting.Id);
        }
        return RestReply.NoContent;
    }

    private static async ValueTask<RestReply> IgnoreAsync(RestCall call, bool ignored)
    {
        User other = await OtherAsync(call);
        await call.Services.Domain.Users.RunAsync(call.Account.Id, new MarkRelationship(other.Id, Ignored: ignored));
        return RestReply.NoContent;
    }

    private static async ValueTask<User> SelfAsync(RestCall call) =>
        await call.Services.Domain.Accounts.FindUserAsync(call.Account.Id, call.Cancelled)
            ?? throw new ApiException(ApiError.Unauthorized401);

    private static async ValueTask<User> OtherAsync(RestCall call) =>
        await call.Services.Domain.Accounts.FindUserAsync(call.Id("user_id"), call.Cancelled)
            ?? throw new ApiException(ApiError.UnknownUser);
}
