using System.Text.Json;
using Discord.Protocol;
using Discord.Protocol.Errors;
using Discord.Protocol.Payloads;

namespace Discord.Actors.Guilds.Commands;

/// <summary>
/// Says who may use a command here, or all commands of an application (<paramref name="TargetId"/> is the application's id then). Needs
/// MANAGE_GUILD and MANAGE_ROLES, and the right to use the command itself is not asked for. An empty list takes everything back.
/// </summary>
/// <param name="IsGlobalCommand">The target is known to be a global command of the application; else it is looked for in the guild.</param>
public sealed record SetCommandPermissions(
    Snowflake ApplicationId, Snowflake TargetId, IReadOnlyList<CommandPermission> Entries, bool IsGlobalCommand)
    : GuildCommand<CommandPermissions>
{
    private const int Role = 1, User = 2, Channel = 3;

    protected override CommandPermissions Decide(GuildDecision guild)
    {
        guild.Require(Permissions.ManageGuild | Permissions.ManageRoles);
        ApplicationCommand[] scope = CommandScope.Of(guild.State, ApplicationId);
        if (TargetId != ApplicationId && !IsGlobalCommand)
            CommandScope.Find(scope, TargetId);
        Check(guild.State);
        CommandPermissions before = Of(guild.State, ApplicationId, TargetId);
        CommandPermissions after = before with { Permissions = [.. Entries] };
        if (after.Permissions.SequenceEqual(before.Permissions))
            return before;
        guild.Put(new CommandPermissionsPut(after));
        guild.Audit(
            AuditLogEvent.ApplicationCommandPermissionUpdate, TargetId, [.. Changes(before, after)],
            new Dictionary<string, string> { ["application_id"] = ApplicationId.ToString() });
        return after;
    }

    /// <summary>What is said about a command or an application; an empty list when nothing is.</summary>
    public static CommandPermissions Of(GuildState state, Snowflake application, Snowflake target) =>
        state.CommandPermissions.GetValueOrDefault(target) ?? new CommandPermissions(target, application, state.Id, []);

    private void Check(GuildState state)
    {
        FormErrors errors = new();
        HashSet<(int, Snowflake)> seen = [];
        for (int i = 0; i < Entries.Count; i++)
        {
            CommandPermission entry = Entries[i];
            bool known = entry.Type switch
            {
                Role => state.Roles.ContainsKey(entry.Id),
                // Who has left may still be named.
                User => true,
                // All channels are named by the guild's id minus one.
                Channel => entry.Id.Value == state.Id.Value - 1 || state.Channels.ContainsKey(entry.Id),
                _ => false,
            };
            if (!known)
                errors.Add($"permissions.{i}.id", "APPLICATION_COMMAND_PERMISSIONS_UNKNOWN_ID", "Unknown role, user or channel");
            if (!seen.Add((entry.Type, entry.Id)))
                errors.Add(
                    $"permissions.{i}.id", "APPLICATION_COMMAND_PERMISSIONS_DUPLICATE_ID", "Duplicate permissions for the same target");
        }
        if (!errors.IsEmpty)
            throw new ApiException(ApiError.InvalidFormBody, errors);
    }

    private static IEnumerable<AuditLogChange> Changes(CommandPermissions before, CommandPermissions after)
    {
        foreach (Snowflake id in before.Permissions.Concat(after.Permissions).Select(p => p.Id).Distinct())
        {
            CommandPermission? old = before.Permissions.FirstOrDefault(p => p.Id == id);
            CommandPermission? now = after.Permissions.FirstOrDefault(p => p.Id == id);
            if (old == now)
                continue;
            yield return new AuditLogChange(id.ToString())
            {
                OldValue = old is null ? null : JsonSerializer.SerializeToElement(old, PayloadJson.Wire.CommandPermission),
                NewValue = now is null ? null : JsonSerializer.SerializeToElement(now, PayloadJson.Wire.CommandPermission),
            };
        }
    }
}
