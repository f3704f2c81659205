using Discord.Protocol;
using Discord.Protocol.Errors;
using Discord.Protocol.Payloads;

namespace Discord.Actors.Guilds.Roles;

/// <summary>
/// Makes a role, just above @everyone: at position 1, where of equal positions the older role ranks higher. What is not given is as the
/// application has it: name "new role", the permissions of @everyone.
/// </summary>
/// <param name="RoleId">A fresh id; its icon may be stored already.</param>
public sealed record CreateRole(Snowflake RoleId, RoleChanges Changes) : GuildCommand<Role>
{
    protected override Role Decide(GuildDecision guild)
    {
        guild.Require(Permissions.ManageRoles);
        if (guild.State.Roles.Count >= Limits.GuildRoles)
            throw new ApiException(ApiError.MaxRoles);
        Permissions everyone = guild.State.Everyone.Permissions;
        Role role = Changes.Over(new Role { Id = RoleId, Name = "new role", Permissions = everyone, Position = 1 });
        guild.RequireMayGrant(role.Permissions & ~everyone);
        guild.Put(new RolePut(role));
        guild.Audit(AuditLogEvent.RoleCreate, role.Id, AuditChanges.Between(null, role, PayloadJson.Wire.Role));
        return role;
    }
}

/// <summary>Changes a role below the caller's highest; of @everyone only the permissions.</summary>
public sealed record ModifyRole(Snowflake RoleId, RoleChanges Changes) : GuildCommand<Role>
{
    protected override Role Decide(GuildDecision guild)
    {
        guild.Require(Permissions.ManageRoles);
        Role before = guild.Role(RoleId);
        Role after = Changes.Over(before);
        if (RoleId == guild.State.Id)
            after = before with { Permissions = after.Permissions };
        else
            guild.RequireAbove(before);
        guild.RequireMayGrant(after.Permissions & ~before.Permissions);
        if (after == before)
            return before;
        guild.Put(new RolePut(after));
        guild.Audit(AuditLogEvent.RoleUpdate, RoleId, AuditChanges.Between(before, after, PayloadJson.Wire.Role));
        return after;
    }
}

/// <summary>
/// Deletes a role. Members and overwrites lose it without events of their own: clients conclude that from GUILD_ROLE_DELETE.
/// </summary>
public sealed record DeleteRole(Snowflake RoleId) : GuildCommand<bool>
{
    protected override bool Decide(GuildDecision guild)
    {
        guild.Require(Permissions.ManageRoles);
        Role role = guild.Role(RoleId);
        if (RoleId == guild.State.Id || role.Managed)
            throw new ApiException(ApiError.InvalidRole);
        guild.RequireAbove(role);
        Remove(guild, role);
        guild.Audit(AuditLogEvent.RoleDelete, RoleId, AuditChanges.Between(role, null, PayloadJson.Wire.Role));
        return true;
    }

    /// <summary>Takes the role from whoever and whatever names it, and then away.</summary>
    internal static void Remove(GuildDecision guild, Role role)
    {
        foreach (Member member in guild.State.Members.All)
        {
            if (member.Roles.Contains(role.Id))
                guild.Put(new MemberPut(member with { Roles = [.. member.Roles.Where(r => r != role.Id)] }), silent: true);
        }
        foreach (Channel channel in guild.State.Channels.Values)
        {
            if (channel.PermissionOverwrites?.Any(o => o.Id == role.Id) == true)
                guild.Put(
                    new ChannelPut(channel with { PermissionOverwrites = [.. channel.PermissionOverwrites.Where(o => o.Id != role.Id)] }),
                    silent: true);
        }
        guild.Put(new RoleRemoved(role.Id));
    }
}

/// <summary>
/// Puts roles in another order. A position is an index into the list of all roles from @everyone (0) upwards: named roles go to theirs, the
/// others keep their order around them. Roles that the caller does not outrank must stay where they are, and nothing may pass them; that a
/// request names them without moving them is fine, as clients send the whole list.
/// </summary>
/// <param name="Positions">By role id.</param>
public sealed record MoveRoles(IReadOnlyDictionary<Snowflake, int> Positions) : GuildCommand<IReadOnlyList<Role>>
{
    protected override IReadOnlyList<Role> Decide(GuildDecision guild)
    {
        guild.Require(Permissions.ManageRoles);
        foreach (Snowflake id in Positions.Keys)
            guild.Role(id);
        List<Role> before = [.. guild.State.Roles.Values.OrderBy(r => r.Id != guild.State.Id).ThenBy(r => new RoleRank(r.Position, r.Id))];
        List<Role> after = Ordered(before, guild.State.Id);
        int fixedCount = before.Count(r => r.Id == guild.State.Id || !guild.Outranks(new RoleRank(r.Position, r.Id))) - 1;
        for (int i = before.Count - fixedCount; i < before.Count; i++)
        {
            if (before[i].Id != after[i].Id)
                throw new ApiException(ApiError.MissingPermissions);
        }
        for (int i = 0; i < after.Count; i++)
        {
            Role was = after[i];
            if (was.Position == i)
                continue;
            Role now = was with { Position = i };
            guild.Put(new RolePut(now));
            if (Positions.ContainsKey(was.Id))
                guild.Audit(AuditLogEvent.RoleUpdate, was.Id, AuditChanges.Between(was, now, PayloadJson.Wire.Role));
        }
        return GuildPayloads.Guild(guild.State).Roles;
    }

    private List<Role> Ordered(List<Role> before, Snowflake everyone)
    {
        List<Role> order = [.. before.Where(r => r.Id == everyone || !Positions.ContainsKey(r.Id))];
        foreach (Role role in before.Where(r => r.Id != everyone && Positions.ContainsKey(r.Id)).OrderBy(r => Positions[r.Id]))
            order.Insert(Math.Clamp(Positions[role.Id], 1, order.Count), role);
        return order;
    }
}
