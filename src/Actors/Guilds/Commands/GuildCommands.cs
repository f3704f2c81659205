using Discord.Actors.Applications;
using Discord.Protocol;
using Discord.Protocol.Errors;
using Discord.Protocol.Payloads;

namespace Discord.Actors.Guilds.Commands;

/// <summary>What commands of an application in a guild have in common. The application's bot must be in the guild (its id is the
/// application's).</summary>
internal static class CommandScope
{
    /// <summary>The application's commands in this guild.</summary>
    /// <exception cref="ApiException">50001: the application is not installed here.</exception>
    public static ApplicationCommand[] Of(GuildState state, Snowflake application) => state.Members.Contains(application)
        ? [.. state.Commands.Values.Where(c => c.ApplicationId == application)]
        : throw new ApiException(ApiError.MissingAccess);

    /// <exception cref="ApiException">10063: the application has no such command here.</exception>
    public static ApplicationCommand Find(ApplicationCommand[] scope, Snowflake id) =>
        scope.FirstOrDefault(c => c.Id == id) ?? throw new ApiException(ApiError.UnknownApplicationCommand);
}

/// <summary>Makes a command in the guild, or replaces the application's one of the same name and type.</summary>
public sealed record CreateGuildCommand(Snowflake ApplicationId, CommandDraft Draft) : GuildCommand<CommandMade>
{
    protected override CommandMade Decide(GuildDecision guild)
    {
        ApplicationCommand[] scope = CommandScope.Of(guild.State, ApplicationId);
        (ApplicationCommand command, bool isNew) = CommandRules.Create(scope, Draft, ApplicationId, guild.State.Id, guild.NewId);
        if (isNew || command != guild.State.Commands[command.Id])
            guild.Put(new CommandPut(command));
        return new(command, isNew);
    }
}

/// <summary>Changes a command of the guild.</summary>
public sealed record EditGuildCommand(Snowflake ApplicationId, Snowflake CommandId, CommandPatch Patch) : GuildCommand<ApplicationCommand>
{
    protected override ApplicationCommand Decide(GuildDecision guild)
    {
        ApplicationCommand[] scope = CommandScope.Of(guild.State, ApplicationId);
        ApplicationCommand known = CommandScope.Find(scope, CommandId);
        ApplicationCommand changed = CommandRules.Edit(scope, known, Patch, guild.NewId);
        if (changed != known)
            guild.Put(new CommandPut(changed));
        return changed;
    }
}

/// <summary>Deletes a command of the guild, and what was said about who may use it.</summary>
public sealed record RemoveGuildCommand(Snowflake ApplicationId, Snowflake CommandId) : GuildCommand<bool>
{
    protected override bool Decide(GuildDecision guild)
    {
        CommandScope.Find(CommandScope.Of(guild.State, ApplicationId), CommandId);
        guild.Put(new CommandRemoved(CommandId));
        return true;
    }
}

/// <summary>Replaces all commands of the application in the guild. Those whose name and type stay keep their id and their
/// permissions.</summary>
public sealed record OverwriteGuildCommands(Snowflake ApplicationId, IReadOnlyList<CommandDraft> Drafts)
    : GuildCommand<IReadOnlyList<ApplicationCommand>>
{
    protected override IReadOnlyList<ApplicationCommand> Decide(GuildDecision guild)
    {
        ApplicationCommand[] before = CommandScope.Of(guild.State, ApplicationId);
        List<ApplicationCommand> after = CommandRules.Overwrite(before, Drafts, ApplicationId, guild.State.Id, guild.NewId);
        HashSet<Snowflake> kept = [.. after.Select(c => c.Id)];
        foreach (ApplicationCommand gone in before.Where(c => !kept.Contains(c.Id)))
            guild.Put(new CommandRemoved(gone.Id));
        foreach (ApplicationCommand command in after.Where(c => guild.State.Commands.GetValueOrDefault(c.Id) != c))
            guild.Put(new CommandPut(command));
        return after;
    }
}
