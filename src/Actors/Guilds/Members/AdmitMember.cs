using Discord.Protocol;
using Discord.Protocol.Errors;
using Discord.Protocol.Payloads;

namespace Discord.Actors.Guilds.Members;

/// <summary>
/// A user becomes a member: by an invite, or because the server says so. Whoever is in already stays as he is.
/// </summary>
/// <param name="User">Who joins.</param>
/// <param name="InviteCode">The invite that is used up by it; null when no invite is needed (<see cref="GuildCommand.By"/> is the
/// system).</param>
public sealed record AdmitMember(User User, string? InviteCode = null) : GuildCommand<AdmitMember.Outcome>
{
    public sealed record Outcome(Member Member, bool IsNew);

    protected override Outcome Decide(GuildDecision guild)
    {
        InviteState? invite = null;
        if (InviteCode is not null && (!guild.State.Invites.TryGetValue(InviteCode, out invite) || !invite.IsValid(guild.Now)))
            throw new ApiException(ApiError.UnknownInvite);
        if (guild.State.Members.TryGet(User.Id, out Member? known))
            return new Outcome(known, false);
        // Invites that the guild has paused let nobody in and come back when it goes on.
        if (invite is not null && guild.State.Properties.Features.Contains("INVITES_DISABLED"))
            throw new ApiException(ApiError.UnknownInvite);
        Member member = NewMember(guild, User, invite is null ? [] : [.. invite.RoleIds.Where(guild.State.Roles.ContainsKey)]);
        member = member with { IsTemporary = invite is { Temporary: true } && member.Roles.Count == 0 };
        guild.Put(new MemberPut(member));
        WelcomeMessage.Send(guild, User);
        if (invite is not null)
        {
            InviteState used = invite with { Uses = invite.Uses + 1 };
            guild.Put(used.MaxUses > 0 && used.Uses >= used.MaxUses ? new InviteRemoved(invite.Code) : new InvitePut(used));
        }
        return new Outcome(member, true);
    }

    /// <exception cref="ApiException">40007 banned, 30019 the guild is full.</exception>
    internal static Member NewMember(GuildDecision guild, User user, Snowflake[] roles)
    {
        if (guild.State.Bans.ContainsKey(user.Id))
            throw new ApiException(ApiError.UserBanned);
        if (guild.State.Members.Count >= guild.State.Properties.MaxMembers)
            throw new ApiException(ApiError.MaxMembers);
        return new Member { User = user, Roles = roles, JoinedAt = guild.Now };
    }
}

/// <summary>
/// A bot joins with the permissions that were asked for it: they come as a managed role of its own, above all others if
/// <see cref="OnTop"/>.
/// </summary>
public sealed record AdmitBot(User Bot, Permissions Permissions, bool OnTop = false) : GuildCommand<Member>
{
    protected override Member Decide(GuildDecision guild)
    {
        guild.Require(Protocol.Permissions.ManageGuild);
        if (guild.State.Members.TryGet(Bot.Id, out Member? known))
            return known;
        if (guild.State.Bans.ContainsKey(Bot.Id))
            throw new ApiException(ApiError.UserBanned);
        Snowflake[] roles = [];
        if (Permissions != Protocol.Permissions.None)
        {
            guild.RequireMayGrant(Permissions);
            int top = guild.State.Roles.Values.Max(r => r.Position);
            Role role = new()
            {
                Id = guild.NewId(),
                Name = Bot.Username,
                Permissions = Permissions,
                Managed = true,
                Position = OnTop ? top + 1 : 1,
                Tags = new RoleTags { BotId = Bot.Id },
            };
            if (!OnTop)
            {
                foreach (Role above in guild.State.Roles.Values.Where(r => r.Position >= 1).ToArray())
                    guild.Put(new RolePut(above with { Position = above.Position + 1 }), silent: true);
            }
            guild.Put(new RolePut(role));
            roles = [role.Id];
        }
        Member member = new() { User = Bot, Roles = roles, JoinedAt = guild.Now };
        guild.Put(new MemberPut(member));
        WelcomeMessage.Send(guild, Bot);
        guild.Audit(AuditLogEvent.BotAdd, Bot.Id);
        return member;
    }
}
