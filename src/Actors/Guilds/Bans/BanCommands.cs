using Discord.Actors.Guilds.Members;
using Discord.Protocol;
using Discord.Protocol.Errors;
using Discord.Protocol.Payloads;

namespace Discord.Actors.Guilds.Bans;

/// <summary>Bans a user, member or not. Nothing happens when it is banned already.</summary>
/// <param name="User">As the server knows it.</param>
public sealed record BanUser(User User) : GuildCommand<bool>
{
    protected override bool Decide(GuildDecision guild)
    {
        guild.Require(Permissions.BanMembers);
        if (!MayBan(guild, User.Id))
            throw new ApiException(ApiError.MissingPermissions);
        return Apply(guild, User);
    }

    internal static bool MayBan(GuildDecision guild, Snowflake user)
    {
        if (user == guild.By.UserId || guild.State.IsOwner(user))
            return false;
        return !guild.State.Members.TryGet(user, out Member? member) || guild.Outranks(guild.State.RankOf(member));
    }

    internal static bool Apply(GuildDecision guild, User user)
    {
        if (guild.State.Bans.ContainsKey(user.Id))
            return false;
        guild.Put(new BanPut(new Ban(guild.By.Reason, user)));
        if (guild.State.Members.TryGet(user.Id, out Member? member))
            MemberRemoval.Remove(guild, member);
        guild.Audit(AuditLogEvent.MemberBanAdd, user.Id);
        return true;
    }
}

/// <summary>Bans many; those that cannot be banned are told and do not hold up the others.</summary>
/// <param name="Users">Those that exist, in the order asked for.</param>
/// <param name="Unknown">Ids that name nobody.</param>
public sealed record BanUsers(IReadOnlyList<User> Users, IReadOnlyList<Snowflake> Unknown) : GuildCommand<BanUsers.Outcome>
{
    public sealed record Outcome(IReadOnlyList<Snowflake> Banned, IReadOnlyList<Snowflake> Failed);

    protected override Outcome Decide(GuildDecision guild)
    {
        guild.Require(Permissions.BanMembers | Permissions.ManageGuild);
        List<Snowflake> banned = [];
        List<Snowflake> failed = [.. Unknown];
        foreach (User user in Users)
            (BanUser.MayBan(guild, user.Id) && BanUser.Apply(guild, user) ? banned : failed).Add(user.Id);
        return banned.Count > 0 ? new Outcome(banned, failed) : throw new ApiException(ApiError.FailedToBanUsers);
    }
}

/// <summary>Lifts a ban.</summary>
public sealed record UnbanUser(Snowflake UserId) : GuildCommand<bool>
{
    protected override bool Decide(GuildDecision guild)
    {
        guild.Require(Permissions.BanMembers);
        if (!guild.State.Bans.ContainsKey(UserId))
            throw new ApiException(ApiError.UnknownBan);
        guild.Put(new BanRemoved(UserId));
        guild.Audit(AuditLogEvent.MemberBanRemove, UserId);
        return true;
    }
}
