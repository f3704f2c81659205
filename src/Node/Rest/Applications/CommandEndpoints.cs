using Discord.Actors.Applications;
using Discord.Actors.Guilds;
using Discord.Actors.Guilds.Commands;
using Discord.Node.Rest.RateLimits;
using Discord.Protocol;
using Discord.Protocol.Errors;
using Discord.Protocol.Forms;
using Discord.Protocol.Payloads;

namespace Discord.Node.Rest.Applications;

/// <summary>Commands of an application, global and in guilds ("Application Commands").</summary>
internal static class CommandEndpoints
{
    // A bulk overwrite may hold all three types at their limits.
    private const int MaxBulk = Limits.SlashCommands + (2 * Limits.ContextCommands);

    public static void Map(RouteTable routes)
    {
        const string global = "/applications/{application_id}/commands";
        routes.Get(global, List);
        routes.Post(global, Create);
        routes.Put(global, Overwrite);
        routes.Get(global + "/{command_id}", Get);
        routes.Patch(global + "/{command_id}", Edit);
        routes.Delete(global + "/{command_id}", Delete);

        const string guild = "/applications/{application_id}/guilds/{guild_id}/commands";
        routes.Get(guild, ListInGuild);
        routes.Post(guild, CreateInGuild);
        routes.Put(guild, OverwriteInGuild);
        routes.Get(guild + "/permissions", CommandPermissionEndpoints.List).Auth(RestAuth.Any);
        routes.Get(guild + "/{command_id}", GetInGuild);
        routes.Patch(guild + "/{command_id}", EditInGuild);
        routes.Delete(guild + "/{command_id}", DeleteInGuild);
        routes.Get(guild + "/{command_id}/permissions", CommandPermissionEndpoints.Get).Auth(RestAuth.Any);
        routes.Put(guild + "/{command_id}/permissions", CommandPermissionEndpoints.Set).Auth(RestAuth.User | RestAuth.Bearer);
    }

    private static async ValueTask<RestReply> List(RestCall call)
    {
        ApplicationState state = await StateAsync(call);
        return Reply(call, state.Commands.Values);
    }

    private static async ValueTask<RestReply> Create(RestCall call)
    {
        Snowflake application = await ApplicationAccess.IdAsync(call);
        CommandDraft draft = await DraftAsync(call);
        ApplicationState state = await call.Services.Domain.Applications.GetAsync(application);
        CountCreate(call, application, CommandRules.Same(state.Commands.Values, draft.Type, draft.Name) is null);
        return Made(await call.Services.Domain.Applications.RunAsync(application, new CreateGlobalCommand(draft)));
    }

    private static async ValueTask<RestReply> Overwrite(RestCall call)
    {
        Snowflake application = await ApplicationAccess.IdAsync(call);
        List<CommandDraft> drafts = await DraftsAsync(call);
        return Reply(await call.Services.Domain.Applications.RunAsync(application, new OverwriteGlobalCommands(drafts)));
    }

    private static async ValueTask<RestReply> Get(RestCall call) => Reply(await GlobalAsync(call));

    private static async ValueTask<RestReply> Edit(RestCall call)
    {
        ApplicationCommand known = await GlobalAsync(call);
        CommandPatch patch = await PatchAsync(call, known);
        return Reply(await call.Services.Domain.Applications.RunAsync(known.ApplicationId, new EditGlobalCommand(known.Id, patch)));
    }

    private static async ValueTask<RestReply> Delete(RestCall call)
    {
        Snowflake application = await ApplicationAccess.IdAsync(call);
        await call.Services.Domain.Applications.RunAsync(application, new RemoveGlobalCommand(call.Id("command_id")));
        return RestReply.NoContent;
    }

    private static async ValueTask<RestReply> ListInGuild(RestCall call) => Reply(call, (await InGuildAsync(call)).Commands);

    private static async ValueTask<RestReply> CreateInGuild(RestCall call)
    {
        (Snowflake application, GuildState guild, ApplicationCommand[] commands) = await InGuildAsync(call);
        CommandDraft draft = await DraftAsync(call);
        CountCreate(call, guild.Id, CommandRules.Same(commands, draft.Type, draft.Name) is null);
        return Made(await call.Services.Domain.Guilds.RunAsync(guild.Id, new CreateGuildCommand(application, draft) { By = By(call) }));
    }

    private static async ValueTask<RestReply> OverwriteInGuild(RestCall call)
    {
        (Snowflake application, GuildState guild, _) = await InGuildAsync(call);
        List<CommandDraft> drafts = await DraftsAsync(call);
        return Reply(await call.Services.Domain.Guilds.RunAsync(
            guild.Id, new OverwriteGuildCommands(application, drafts) { By = By(call) }));
    }

    private static async ValueTask<RestReply> GetInGuild(RestCall call) => Reply(await OneInGuildAsync(call));

    private static async ValueTask<RestReply> EditInGuild(RestCall call)
    {
        ApplicationCommand known = await OneInGuildAsync(call);
        CommandPatch patch = await PatchAsync(call, known);
        return Reply(await call.Services.Domain.Guilds.RunAsync(
            known.GuildId!.Value, new EditGuildCommand(known.ApplicationId, known.Id, patch) { By = By(call) }));
    }

    private static async ValueTask<RestReply> DeleteInGuild(RestCall call)
    {
        Snowflake application = await ApplicationAccess.IdAsync(call);
        await call.Services.Domain.Guilds.RunAsync(
            call.Id("guild_id"), new RemoveGuildCommand(application, call.Id("command_id")) { By = By(call) });
        return RestReply.NoContent;
    }

    private static async ValueTask<ApplicationState> StateAsync(RestCall call) =>
        await call.Services.Domain.Applications.GetAsync(await ApplicationAccess.IdAsync(call));

    private static async ValueTask<ApplicationCommand> GlobalAsync(RestCall call) =>
        (await StateAsync(call)).Commands.GetValueOrDefault(call.Id("command_id"))
            ?? throw new ApiException(ApiError.UnknownApplicationCommand);

    // An application that is not in the guild may not even know that the guild exists.
    private static async ValueTask<(Snowflake Application, GuildState Guild, ApplicationCommand[] Commands)> InGuildAsync(RestCall call)
    {
        Snowflake application = await ApplicationAccess.IdAsync(call);
        if (await call.Services.Domain.Guilds.FindAsync(call.Id("guild_id")) is not { State: var guild }
            || !guild.Members.Contains(application))
            throw new ApiException(ApiError.MissingAccess);
        return (application, guild, [.. guild.Commands.Values.Where(c => c.ApplicationId == application)]);
    }

    private static async ValueTask<ApplicationCommand> OneInGuildAsync(RestCall call)
    {
        (_, _, ApplicationCommand[] commands) = await InGuildAsync(call);
        Snowflake id = call.Id("command_id");
        return commands.FirstOrDefault(c => c.Id == id) ?? throw new ApiException(ApiError.UnknownApplicationCommand);
    }

    private static async ValueTask<CommandDraft> DraftAsync(RestCall call)
    {
        FormReader form = (await call.FormAsync()).Reader();
        CommandDraft draft = CommandForm.Draft(form);
        form.ThrowIfInvalid();
        return draft;
    }

    private static async ValueTask<List<CommandDraft>> DraftsAsync(RestCall call)
    {
        FormReader form = (await call.FormAsync()).Reader();
        List<CommandDraft>? drafts = form.Items(MaxBulk, CommandForm.Draft);
        form.ThrowIfInvalid();
        return drafts ?? [];
    }

    private static async ValueTask<CommandPatch> PatchAsync(RestCall call, ApplicationCommand known)
    {
        FormReader form = (await call.FormAsync()).Reader();
        CommandPatch patch = CommandForm.Patch(form, known.Type);
        form.ThrowIfInvalid();
        return patch;
    }

    // 200 new commands a day in each scope. A limit on creating only: what replaces another is not counted.
    private static void CountCreate(RestCall call, Snowflake scope, bool isNew)
    {
        if (!isNew)
            return;
        try
        {
            call.SubLimit(Buckets.CommandCreate, scope);
        }
        catch (RateLimitedException)
        {
            throw new ApiException(ApiError.MaxDailyCommandCreates);
        }
    }

    private static Caller By(RestCall call) => new(call.Account.Id, call.AuditReason);

    private static RestReply Made(CommandMade made) =>
        RestReply.Json(made.Command, PayloadJson.Wire.ApplicationCommand, made.IsNew ? 201 : 200);

    private static RestReply Reply(ApplicationCommand command) => RestReply.Json(command, PayloadJson.Wire.ApplicationCommand);

    private static RestReply Reply(IReadOnlyList<ApplicationCommand> commands) =>
        RestReply.Json([.. commands], PayloadJson.Wire.ListApplicationCommand);

    private static RestReply Reply(RestCall call, IEnumerable<ApplicationCommand> commands)
    {
        bool localized = call.Query.Bool("with_localizations") ?? false;
        call.Query.ThrowIfInvalid();
        return RestReply.Json(ApplicationPayloads.List(commands, localized), PayloadJson.Wire.ListApplicationCommand);
    }
}
