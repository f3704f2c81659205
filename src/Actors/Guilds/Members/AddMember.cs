using Discord.Protocol;
using Discord.Protocol.Errors;
using Discord.Protocol.Payloads;

namespace Discord.Actors.Guilds.Members;

/// <summary>
/// A bot brings in a user that has authorised it, with name, roles and voice settings that the bot may give. Whoever is in already stays as
/// it is.
/// </summary>
/// <param name="User">Who joins; the authorisation is checked.</param>
/// <param name="Changes">Its first settings; a channel or a time-out cannot be among them.</param>
public sealed record AddMember(User User, MemberChanges Changes) : GuildCommand<AdmitMember.Outcome>
{
    protected override AdmitMember.Outcome Decide(GuildDecision guild)
    {
        guild.Require(Permissions.CreateInstantInvite);
        if (guild.State.Members.TryGet(User.Id, out Member? known))
            return new AdmitMember.Outcome(known, false);
        if (Changes.Nick.Or("").Length > 0)
            guild.Require(Permissions.ManageNicknames);
        if (Changes.Mute.Or(false))
            guild.Require(Permissions.MuteMembers);
        if (Changes.Deaf.Or(false))
            guild.Require(Permissions.DeafenMembers);
        Member member = AdmitMember.NewMember(guild, User, []) with
        {
            Nick = Changes.Nick.Or("") is { Length: > 0 } nick ? nick : null,
            Mute = Changes.Mute.Or(false),
            Deaf = Changes.Deaf.Or(false),
        };
        if (Changes.Roles.TryGet(out List<Snowflake>? roles))
            member = RoleAssignment.Set(guild, member, roles);
        guild.Put(new MemberPut(member));
        WelcomeMessage.Send(guild, User);
        return new AdmitMember.Outcome(member, true);
    }
}
