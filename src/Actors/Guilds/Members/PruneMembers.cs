using Discord.Protocol;
using Discord.Protocol.Payloads;

namespace Discord.Actors.Guilds.Members;

/// <summary>Who would go: members without roles (or with none but the included ones) that nobody has seen for a while.</summary>
/// <param name="Days">1 to 30.</param>
/// <param name="IncludeRoles">Roles that do not protect their members.</param>
/// <param name="Seen">Users that were seen since then, whether by their connection or otherwise.</param>
public sealed record PruneMembers(int Days, IReadOnlyList<Snowflake> IncludeRoles, IReadOnlySet<Snowflake> Seen) : GuildCommand<int>
{
    public const Permissions Needs = Permissions.ManageGuild | Permissions.KickMembers;

    protected override int Decide(GuildDecision guild)
    {
        guild.Require(Needs);
        List<Member> gone = [.. Candidates(guild.State, Days, IncludeRoles, guild.Now).Where(m => !Seen.Contains(m.User!.Id)).Where(
            m => guild.Outranks(guild.State.RankOf(m)))];
        foreach (Member member in gone)
            MemberRemoval.Remove(guild, member);
        if (gone.Count > 0)
        {
            guild.Audit(AuditLogEvent.MemberPrune, null, options: new Dictionary<string, string>
            {
                ["delete_member_days"] = Days.ToString(),
                ["members_removed"] = gone.Count.ToString(),
            });
        }
        return gone.Count;
    }

    /// <summary>Those that <paramref name="days"/> and roles single out; whether they were seen is asked of them alone.</summary>
    public static IEnumerable<Member> Candidates(GuildState state, int days, IReadOnlyList<Snowflake> includeRoles, DateTimeOffset now)
    {
        DateTimeOffset limit = now.AddDays(-days);
        foreach (Member member in state.Members.All)
        {
            if (member.JoinedAt < limit && member.User!.Bot != true && !state.IsOwner(member.User.Id)
                && member.Roles.All(includeRoles.Contains) && !state.VoiceStates.ContainsKey(member.User.Id))
                yield return member;
        }
    }
}
