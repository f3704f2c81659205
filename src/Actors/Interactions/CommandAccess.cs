using Discord.Actors.Guilds;
using Discord.Protocol;
using Discord.Protocol.Payloads;

namespace Discord.Actors.Interactions;

/// <summary>
/// Who may invoke a command where. Pure. In a guild: USE_APPLICATION_COMMANDS; what was said for the channel; what was said for the member
/// and its roles, about the command before the application as a whole; and where nothing was said about the command, its
/// <c>default_member_permissions</c>. Administrators may always. See "Application Command Permissions".
/// </summary>
public static class CommandAccess
{
    private const int Role = 1, User = 2, Channel = 3;

    /// <summary>Whether a global command may be used in guilds, or in the DM with its bot.</summary>
    public static bool AllowsContext(ApplicationCommand command, bool inGuild)
    {
        if (command.Contexts is { } contexts)
            return contexts.Contains(inGuild ? 0 : 1);
        return inGuild || command.DmPermission != false;
    }

    /// <summary>Whether the member may invoke the command in this channel or thread.</summary>
    public static bool IsAllowed(GuildState guild, Channel channel, Member member, ApplicationCommand command, DateTimeOffset now)
    {
        Permissions held = guild.PermissionsIn(channel, member, now);
        if (!held.Has(Permissions.ViewChannel | Permissions.UseApplicationCommands))
            return false;
        if (held.Has(Permissions.Administrator))
            return true;
        IReadOnlyList<CommandPermission> own = guild.CommandPermissions.GetValueOrDefault(command.Id)?.Permissions ?? [];
        IReadOnlyList<CommandPermission> all = guild.CommandPermissions.GetValueOrDefault(command.ApplicationId)?.Permissions ?? [];
        Snowflake place = channel.ThreadMetadata is null ? channel.Id : channel.ParentId ?? channel.Id;
        if ((InChannel(own, guild.Id, place) ?? InChannel(all, guild.Id, place)) == false)
            return false;
        if (ForMember(own, guild.Id, member) is { } decided)
            return decided;
        if (ForMember(all, guild.Id, member) == false)
            return false;
        // None stands for "administrators", who were let in above.
        return command.DefaultMemberPermissions switch
        {
            null => true,
            Permissions.None => false,
            { } needed => held.Has(needed),
        };
    }

    // The channel's own entry before that of all channels, which is named by the guild's id minus one.
    private static bool? InChannel(IReadOnlyList<CommandPermission> entries, Snowflake guild, Snowflake channel) =>
        Find(entries, Channel, channel) ?? Find(entries, Channel, new Snowflake(guild.Value - 1));

    // The member's own entry, then its roles (one that allows is enough), then everyone.
    private static bool? ForMember(IReadOnlyList<CommandPermission> entries, Snowflake guild, Member member)
    {
        if (entries.Count == 0)
            return null;
        if (Find(entries, User, member.User!.Id) is { } own)
            return own;
        bool? byRole = null;
        foreach (Snowflake role in member.Roles)
        {
            if (Find(entries, Role, role) is { } said)
                byRole = byRole == true || said;
        }
        return byRole ?? Find(entries, Role, guild);
    }

    private static bool? Find(IReadOnlyList<CommandPermission> entries, int type, Snowflake id)
    {
        foreach (CommandPermission entry in entries)
        {
            if (entry.Type == type && entry.Id == id)
                return entry.Permission;
        }
        return null;
    }
}
