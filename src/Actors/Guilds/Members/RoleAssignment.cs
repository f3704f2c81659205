using System.Text.Json;
using Discord.Protocol;
using Discord.Protocol.Errors;
using Discord.Protocol.Payloads;

namespace Discord.Actors.Guilds.Members;

/// <summary>
/// Which roles a caller may give and take: those below its highest. Roles of applications come and go with them (50028). How high the
/// member ranks does not matter.
/// </summary>
internal static class RoleAssignment
{
    /// <summary>The member with exactly these roles, as far as the caller may change them; audited. Who is given one stays for
    /// good.</summary>
    public static Member Set(GuildDecision guild, Member member, IEnumerable<Snowflake> wanted)
    {
        List<Snowflake> roles = [.. wanted.Distinct().Where(id => id != guild.State.Id)];
        List<Role> added = [.. roles.Except(member.Roles).Select(guild.Role)];
        List<Role> removed = [.. member.Roles.Except(roles).Select(id => guild.State.Roles.GetValueOrDefault(id)).OfType<Role>()];
        if (added.Count + removed.Count == 0)
            return member;
        guild.Require(Permissions.ManageRoles);
        foreach (Role role in added.Concat(removed))
        {
            if (role.Managed)
                throw new ApiException(ApiError.InvalidRole);
            guild.RequireAbove(role);
        }
        List<AuditLogChange> changes = [];
        if (added.Count > 0)
            changes.Add(Change("$add", added));
        if (removed.Count > 0)
            changes.Add(Change("$remove", removed));
        guild.Audit(AuditLogEvent.MemberRoleUpdate, member.User!.Id, changes);
        return member with { Roles = roles.ToArray(), IsTemporary = member.IsTemporary && added.Count == 0 };
    }

    private static AuditLogChange Change(string key, List<Role> roles) => new(key)
    {
        NewValue = JsonDocument.Parse(Encoders.Json.Encode(roles, static (w, list) =>
        {
            w.WriteStartArray();
            foreach (Role role in list)
            {
                w.WriteStartObject();
                w.WriteString("name", role.Name);
                w.WriteString("id", role.Id.ToString());
                w.WriteEndObject();
            }
            w.WriteEndArray();
        })).RootElement,
    };
}

/// <summary>Gives a member a role, or takes it away. Nothing happens, and nobody is told, when it is so already.</summary>
public sealed record AssignRole(Snowflake UserId, Snowflake RoleId, bool Give) : GuildCommand<bool>
{
    protected override bool Decide(GuildDecision guild)
    {
        guild.Require(Permissions.ManageRoles);
        Member member = guild.Member(UserId);
        Role role = guild.Role(RoleId);
        if (role.Id == guild.State.Id)
            throw new ApiException(ApiError.InvalidRole);
        guild.RequireAbove(role);
        if (member.Roles.Contains(RoleId) == Give)
            return false;
        guild.Put(new MemberPut(RoleAssignment.Set(
            guild, member, Give ? member.Roles.Append(RoleId) : member.Roles.Where(r => r != RoleId))));
        return true;
    }
}
