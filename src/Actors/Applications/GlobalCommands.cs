using Discord.Protocol;
using Discord.Protocol.Errors;
using Discord.Protocol.Payloads;

namespace Discord.Actors.Applications;

/// <summary>A command as stored, and whether it is new or took the place of one with its name and type.</summary>
public sealed record CommandMade(ApplicationCommand Command, bool IsNew);

/// <summary>Makes a global command, or replaces the one of the same name and type.</summary>
public sealed record CreateGlobalCommand(CommandDraft Draft) : ApplicationRequest<CommandMade>
{
    protected override CommandMade Decide(ApplicationDecision application)
    {
        (ApplicationCommand command, bool isNew) =
            CommandRules.Create([.. application.State.Commands.Values], Draft, application.Id, null, application.NewId);
        if (isNew || command != application.State.Commands[command.Id])
            application.Put(new GlobalCommandPut(command));
        return new(command, isNew);
    }
}

/// <summary>Changes a global command; 10063 when there is none, 40041 when its new name is taken.</summary>
public sealed record EditGlobalCommand(Snowflake CommandId, CommandPatch Patch) : ApplicationRequest<ApplicationCommand>
{
    protected override ApplicationCommand Decide(ApplicationDecision application)
    {
        ApplicationCommand known = application.State.Commands.GetValueOrDefault(CommandId)
            ?? throw new ApiException(ApiError.UnknownApplicationCommand);
        ApplicationCommand changed = CommandRules.Edit(application.State.Commands.Values, known, Patch, application.NewId);
        if (changed != known)
            application.Put(new GlobalCommandPut(changed));
        return changed;
    }
}

/// <summary>Deletes a global command; 10063 when there is none.</summary>
public sealed record RemoveGlobalCommand(Snowflake CommandId) : ApplicationRequest<bool>
{
    protected override bool Decide(ApplicationDecision application)
    {
        if (!application.State.Commands.ContainsKey(CommandId))
            throw new ApiException(ApiError.UnknownApplicationCommand);
        application.Put(new GlobalCommandRemoved(CommandId));
        return true;
    }
}

/// <summary>Replaces all global commands. Those whose name and type stay keep their id.</summary>
public sealed record OverwriteGlobalCommands(IReadOnlyList<CommandDraft> Drafts) : ApplicationRequest<IReadOnlyList<ApplicationCommand>>
{
    protected override IReadOnlyList<ApplicationCommand> Decide(ApplicationDecision application)
    {
        ApplicationCommand[] before = [.. application.State.Commands.Values];
        List<ApplicationCommand> after = CommandRules.Overwrite(before, Drafts, application.Id, null, application.NewId);
        HashSet<Snowflake> kept = [.. after.Select(c => c.Id)];
        foreach (ApplicationCommand gone in before.Where(c => !kept.Contains(c.Id)))
            application.Put(new GlobalCommandRemoved(gone.Id));
        foreach (ApplicationCommand command in after.Where(c => application.State.Commands.GetValueOrDefault(c.Id) != c))
            application.Put(new GlobalCommandPut(command));
        return after;
    }
}
