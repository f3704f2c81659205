using System.Text.Json;
using Discord.Protocol;
using Discord.Protocol.Errors;
using Discord.Protocol.Payloads;

namespace Discord.Actors.Applications;

/// <summary>
/// What holds for the commands of one application in one scope (global, or a guild): names are unique by type, and how many there may be.
/// Pure. See "Registering a Command".
/// </summary>
public static class CommandRules
{
    /// <summary>The command that a new one of this name and type replaces.</summary>
    public static ApplicationCommand? Same(IEnumerable<ApplicationCommand> scope, int type, string name) =>
        scope.FirstOrDefault(c => c.Type == type && c.Name == name);

    /// <summary>The command a draft makes: it keeps the id of the one that it replaces, and its version too when nothing differs.</summary>
    /// <exception cref="ApiException">30032: there are too many of its type.</exception>
    internal static (ApplicationCommand Command, bool IsNew) Create(
        IReadOnlyCollection<ApplicationCommand> scope, CommandDraft draft, Snowflake application, Snowflake? guild, Func<Snowflake> newId)
    {
        if (Same(scope, draft.Type, draft.Name) is { } known)
            return (Versioned(known, draft.ToCommand(known.Id, known.Version, application, guild), newId), false);
        if (scope.Count(c => c.Type == draft.Type) >= MaxOf(draft.Type))
            throw new ApiException(ApiError.MaxApplicationCommands);
        Snowflake id = newId();
        return (draft.ToCommand(id, newId(), application, guild), true);
    }

    /// <exception cref="ApiException">40041: another command of the type has the name.</exception>
    internal static ApplicationCommand Edit(
        IEnumerable<ApplicationCommand> scope, ApplicationCommand command, CommandPatch patch, Func<Snowflake> newId)
    {
        ApplicationCommand changed = patch.Apply(command);
        if (changed.Name != command.Name && Same(scope, changed.Type, changed.Name) is not null)
            throw new ApiException(ApiError.CommandNameExists);
        return Versioned(command, changed, newId);
    }

    /// <summary>The whole scope anew, in the order of the drafts.</summary>
    /// <exception cref="ApiException">30032: too many of one type; 50035: a name stands twice.</exception>
    internal static List<ApplicationCommand> Overwrite(
        IReadOnlyCollection<ApplicationCommand> scope, IReadOnlyList<CommandDraft> drafts, Snowflake application, Snowflake? guild,
        Func<Snowflake> newId)
    {
        FormErrors errors = new();
        HashSet<(int, string)> names = [];
        for (int i = 0; i < drafts.Count; i++)
        {
            if (!names.Add((drafts[i].Type, drafts[i].Name)))
                errors.Add($"{i}.name", "APPLICATION_COMMANDS_DUPLICATE_NAME", "Application command names must be unique");
        }
        if (!errors.IsEmpty)
            throw new ApiException(ApiError.InvalidFormBody, errors);
        if (drafts.GroupBy(d => d.Type).Any(g => g.Count() > MaxOf(g.Key)))
            throw new ApiException(ApiError.MaxApplicationCommands);
        List<ApplicationCommand> result = [];
        HashSet<Snowflake> continued = [];
        foreach (CommandDraft draft in drafts)
        {
            ApplicationCommand? named = scope.FirstOrDefault(c => c.Id == draft.Id && c.Type == draft.Type);
            result.Add((named ?? Same(scope, draft.Type, draft.Name)) is { } known && continued.Add(known.Id)
                ? Versioned(known, draft.ToCommand(known.Id, known.Version, application, guild), newId)
                : draft.ToCommand(newId(), newId(), application, guild));
        }
        return result;
    }

    /// <summary>Commands of one type in one scope.</summary>
    public static int MaxOf(int type) => type == 1 ? Limits.SlashCommands : Limits.ContextCommands;

    private static ApplicationCommand Versioned(ApplicationCommand before, ApplicationCommand after, Func<Snowflake> newId) =>
        JsonElement.DeepEquals(Json(before), Json(after)) ? before : after with { Version = newId() };

    private static JsonElement Json(ApplicationCommand command) =>
        JsonSerializer.SerializeToElement(command, PayloadJson.Wire.ApplicationCommand);
}
