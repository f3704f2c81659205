using Discord.Actors.Applications;
using Discord.Actors.Guilds;
using Discord.Actors.Guilds.Commands;
using Discord.Protocol;
using Discord.Protocol.Errors;
using Discord.Protocol.Forms;
using Discord.Protocol.Payloads;

namespace Discord.Node.Rest.Applications;

/// <summary>Who may use an application's commands in a guild: read by the application and by members, set by those who manage guild and
/// roles.</summary>
internal static class CommandPermissionEndpoints
{
    public static async ValueTask<RestReply> List(RestCall call)
    {
        (Snowflake application, GuildState guild) = await OpenAsync(call);
        List<CommandPermissions> all = [.. guild.CommandPermissions.Values.Where(p => p.ApplicationId == application).OrderBy(p => p.Id)];
        return RestReply.Json(all, PayloadJson.Wire.ListCommandPermissions);
    }

    public static async ValueTask<RestReply> Get(RestCall call)
    {
        (Snowflake application, GuildState guild) = await OpenAsync(call);
        Snowflake target = call.Id("command_id");
        CommandPermissions found = guild.CommandPermissions.GetValueOrDefault(target) is { } known && known.ApplicationId == application
            ? known
            : throw new ApiException(ApiError.UnknownApplicationCommandPermissions);
        return RestReply.Json(found, PayloadJson.Wire.CommandPermissions);
    }

    public static async ValueTask<RestReply> Set(RestCall call)
    {
        (Snowflake application, GuildState guild) = await OpenAsync(call);
        Snowflake target = call.Id("command_id");
        FormReader form = (await call.FormAsync()).Reader();
        List<CommandPermission>? entries = form.Array("permissions", Limits.CommandPermissions, Read, required: true);
        form.ThrowIfInvalid();
        ApplicationState state = await call.Services.Domain.Applications.GetAsync(application);
        CommandPermissions set = await call.Services.Domain.Guilds.RunAsync(
            guild.Id, new SetCommandPermissions(application, target, entries ?? [], state.Commands.ContainsKey(target))
            {
                By = new Caller(call.Account.Id, call.AuditReason),
            });
        return RestReply.Json(set, PayloadJson.Wire.CommandPermissions);
    }

    private static CommandPermission Read(FormReader form) => new(
        form.Snowflake("id", required: true) ?? default, form.Int("type", 1, 3, required: true) ?? 0,
        form.Bool("permission", required: true) ?? false);

    // The application's bot and members of the guild.
    private static async ValueTask<(Snowflake Application, GuildState Guild)> OpenAsync(RestCall call)
    {
        Snowflake application = call.Id("application_id");
        if (call.Account.IsBot && call.Account.ApplicationId != application)
            throw new ApiException(ApiError.NotAuthorizedForApplication);
        if (await call.Services.Domain.Guilds.FindAsync(call.Id("guild_id")) is not { State: var guild }
            || !guild.Members.Contains(call.Account.Id))
            throw new ApiException(call.Account.IsBot ? ApiError.MissingAccess : ApiError.UnknownGuild);
        if (!guild.Members.Contains(application))
            throw new ApiException(ApiError.UnknownApplication);
        return (application, guild);
    }
}
