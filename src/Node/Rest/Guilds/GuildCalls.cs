using Discord.Actors.Guilds;
using Discord.Protocol;
using Discord.Protocol.Errors;
using Discord.Protocol.Forms;
using Discord.Protocol.Payloads;
using Discord.Storage.Files;

namespace Discord.Node.Rest.Guilds;

/// <summary>What every endpoint below <c>/guilds/{guild_id}</c> does first.</summary>
internal static class GuildCalls
{
    /// <summary>The guild of the path, of which the caller is a member.</summary>
    /// <param name="call">With <c>guild_id</c> in its path.</param>
    /// <param name="needs">Guild-level permissions that the caller must hold.</param>
    /// <exception cref="ApiException">10004: there is no such guild, or the caller is not in it; 50013.</exception>
    public static async ValueTask<GuildHandle> GuildAsync(this RestCall call, Permissions needs = Permissions.None)
    {
        GuildHandle guild = await call.Services.Domain.Guilds.GetAsync(call.Id("guild_id"));
        GuildState state = guild.State;
        if (!state.Members.TryGet(call.Account.Id, out Member? member))
            throw new ApiException(ApiError.UnknownGuild);
        if (!state.PermissionsOf(member).Has(needs))
            throw new ApiException(ApiError.MissingPermissions);
        return guild;
    }

    /// <summary>The state of <see cref="GuildAsync"/>'s guild.</summary>
    public static async ValueTask<GuildState> StateAsync(this RestCall call, Permissions needs = Permissions.None) =>
        (await call.GuildAsync(needs)).State;

    /// <summary>Has the guild of the path decide on a command by the caller, with the reason of the request.</summary>
    /// <exception cref="ApiException">As <see cref="GuildAsync"/>, and what the command refuses with.</exception>
    public static async ValueTask<TResult> ChangeAsync<TResult>(this RestCall call, GuildCommand<TResult> command)
    {
        GuildHandle guild = await call.GuildAsync();
        return await call.Services.Domain.Guilds.RunAsync(guild.Id, command with { By = new Caller(call.Account.Id, call.AuditReason) });
    }

    /// <summary>A user that exists.</summary>
    /// <exception cref="ApiException">10013.</exception>
    public static async ValueTask<User> UserAsync(this RestCall call, GuildState state, Snowflake id) =>
        state.Members[id]?.User ?? await call.Services.Domain.Accounts.FindUserAsync(id, call.Cancelled)
            ?? throw new ApiException(ApiError.UnknownUser);

    /// <summary>Stores an uploaded image and gives the hash that names it: absent and null stay so.</summary>
    public static async ValueTask<Optional<string>> StoreAsync(
        this RestCall call, BlobKind kind, Snowflake owner, Optional<ImageData> image)
    {
        if (!image.TryGet(out ImageData? data))
            return image.Map(static _ => "");
        BlobKey key = BlobKey.ForContent(kind, owner, data.Bytes, data.IsAnimated);
        await using MemoryStream content = new(data.Bytes, writable: false);
        await call.Services.Domain.Storage.Blobs.PutAsync(key, content, data.Bytes.Length, call.Cancelled);
        return key.Hash;
    }

    /// <summary>Deletes an image that nothing refers to any more.</summary>
    public static async ValueTask DropAsync(this RestCall call, BlobKind kind, Snowflake owner, string? before, string? after)
    {
        if (before is not null && before != after && BlobKey.TryImage(kind, owner, before) is { } key)
            await call.Services.Domain.Storage.Blobs.DeleteAsync(key, CancellationToken.None);
    }
}
