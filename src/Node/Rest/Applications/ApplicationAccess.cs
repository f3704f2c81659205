using Discord.Actors.Applications;
using Discord.Protocol;
using Discord.Protocol.Errors;
using Discord.Protocol.Payloads;
using Discord.Storage;

namespace Discord.Node.Rest.Applications;

/// <summary>The application that a call is about: its own bot and its owner may act on it.</summary>
internal sealed record ApplicationAccess(ApplicationRow Row, Application Profile)
{
    public Snowflake Id => Row.Id;

    /// <summary>The application named by <c>application_id</c> in the path.</summary>
    /// <exception cref="ApiException">10002 no such application, 20012 the caller is neither its bot nor its owner.</exception>
    public static ValueTask<ApplicationAccess> OpenAsync(RestCall call) => OpenAsync(call, call.Id("application_id"));

    /// <summary>The calling bot's own application.</summary>
    /// <exception cref="ApiException">20002: the caller is no bot.</exception>
    public static ValueTask<ApplicationAccess> OwnAsync(RestCall call) =>
        OpenAsync(call, call.Account.ApplicationId ?? throw new ApiException(ApiError.OnlyBotsAllowed));

    private static async ValueTask<ApplicationAccess> OpenAsync(RestCall call, Snowflake id)
    {
        ApplicationRow row = await call.Services.Domain.Storage.Accounts.GetApplicationAsync(id, call.Cancelled)
            ?? throw new ApiException(ApiError.UnknownApplication);
        if (call.Account.ApplicationId != id && (call.Account.IsBot || row.OwnerId != call.Account.Id))
            throw new ApiException(ApiError.NotAuthorizedForApplication);
        return new ApplicationAccess(row, ApplicationProfile.FromBytes(row.Body.Span));
    }

    /// <summary>The id in the path, for what only needs to know that the caller may act on it: a bot's own needs no look-up.</summary>
    /// <exception cref="ApiException">10002, 20012 as for <see cref="OpenAsync(RestCall)"/>.</exception>
    public static ValueTask<Snowflake> IdAsync(RestCall call)
    {
        Snowflake id = call.Id("application_id");
        return call.Account.ApplicationId == id ? new(id) : Check();

        async ValueTask<Snowflake> Check() => (await OpenAsync(call, id)).Id;
    }
}
