using Discord.Actors.Guilds.Roles;
using Discord.Protocol;
using Discord.Protocol.Errors;
using Discord.Protocol.Payloads;

namespace Discord.Actors.Guilds.Members;

/// <summary>What goes with a member that leaves, however it leaves: its voice state, its places in threads, and of a bot its managed
/// role.</summary>
internal static class MemberRemoval
{
    public static void Remove(GuildDecision guild, Member member)
    {
        Snowflake user = member.User!.Id;
        if (guild.State.VoiceStates.TryGetValue(user, out VoiceState? voice))
            guild.Put(new VoiceStateChanged(voice with { ChannelId = null }));
        foreach (ThreadState thread in guild.State.Threads.Values)
        {
            if (thread.Members.ContainsKey(user))
                guild.Put(new ThreadMemberRemoved(thread.Channel.Id, user));
        }
        guild.Put(new MemberRemoved(user));
        foreach (Role role in guild.State.Roles.Values)
        {
            if (role.Managed && role.Tags?.BotId == user)
                DeleteRole.Remove(guild, role);
        }
    }
}

/// <summary>Removes a member that ranks below the caller.</summary>
public sealed record KickMember(Snowflake UserId) : GuildCommand<bool>
{
    protected override bool Decide(GuildDecision guild)
    {
        guild.Require(Permissions.KickMembers);
        Member member = guild.Member(UserId);
        guild.RequireAbove(member);
        MemberRemoval.Remove(guild, member);
        guild.Audit(AuditLogEvent.MemberKick, UserId);
        return true;
    }
}

/// <summary>The caller leaves. An owner cannot: it gives the guild away or deletes it.</summary>
public sealed record LeaveGuild : GuildCommand<bool>
{
    protected override bool Decide(GuildDecision guild)
    {
        if (!guild.State.Members.TryGet(By.UserId, out Member? member))
            throw new ApiException(ApiError.UnknownGuild);
        if (guild.State.IsOwner(By.UserId))
            throw new ApiException(ApiError.InvalidGuild);
        MemberRemoval.Remove(guild, member);
        return true;
    }
}

/// <summary>
/// Removes those of these users who are members for as long as they have a session (<see cref="Member.IsTemporary"/>), asked for by the
/// guild's own actor. Nobody has kicked them: the audit log has no entry. Answers with how many there were.
/// </summary>
internal sealed record EndTemporaryMemberships(IReadOnlyList<Snowflake> UserIds) : GuildCommand<int>
{
    protected override int Decide(GuildDecision guild)
    {
        Member[] members = [.. UserIds.Select(id => guild.State.Members[id]).OfType<Member>().Where(m => m.IsTemporary)];
        foreach (Member member in members)
            MemberRemoval.Remove(guild, member);
        return members.Length;
    }
}
