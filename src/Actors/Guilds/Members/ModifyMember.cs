using System.Text.Json;
using Discord.Protocol;
using Discord.Protocol.Errors;
using Discord.Protocol.Payloads;

namespace Discord.Actors.Guilds.Members;

/// <summary>
/// Changes a member: name, roles, voice, time-out. Each field asks for its own right; all are granted or nothing happens. Members are told
/// once (GUILD_MEMBER_UPDATE), and of the voice state if it changes.
/// </summary>
public sealed record ModifyMember(Snowflake UserId, MemberChanges Changes) : GuildCommand<Member>
{
    /// <summary>BYPASSES_VERIFICATION is the only flag that can be set.</summary>
    private const int SettableFlags = 1 << 2;

    protected override Member Decide(GuildDecision guild)
    {
        guild.Require(Permissions.None);
        Member before = guild.Member(UserId);
        Member after = before;
        if (Changes.Nick.IsPresent && (Changes.Nick.Or("") is { Length: > 0 } nick ? nick : null) != before.Nick)
            after = WithNick(guild, after);
        if (Changes.Avatar.IsPresent)
            after = after with { Avatar = Changes.Avatar.OrNullReference() };
        if (Changes.CommunicationDisabledUntil.IsPresent)
            after = TimedOut(guild, after);
        if (Changes.Flags.TryGet(out int flags))
            after = Flagged(guild, after, flags);
        VoiceState? voice = Voice(guild, ref after);
        IReadOnlyList<AuditLogChange> changes = AuditChanges.Between(before, after, PayloadJson.Wire.Member);
        if (changes.Count > 0)
            guild.Audit(AuditLogEvent.MemberUpdate, UserId, changes);
        if (Changes.Roles.TryGet(out List<Snowflake>? roles))
            after = RoleAssignment.Set(guild, after, roles);
        if (after != before)
            guild.Put(new MemberPut(after));
        if (voice is not null)
            guild.Put(new VoiceStateChanged(voice));
        return after;
    }

    private Member WithNick(GuildDecision guild, Member member)
    {
        if (UserId == guild.By.UserId)
        {
            if (!guild.Held.HasAny(Permissions.ChangeNickname | Permissions.ManageNicknames))
                throw new ApiException(ApiError.MissingPermissions);
        }
        else
        {
            guild.Require(Permissions.ManageNicknames);
            guild.RequireAbove(member);
        }
        return member with { Nick = Changes.Nick.Or("") is { Length: > 0 } nick ? nick : null };
    }

    private Member TimedOut(GuildDecision guild, Member member)
    {
        guild.Require(Permissions.ModerateMembers);
        guild.RequireAbove(member);
        if (!Changes.CommunicationDisabledUntil.TryGet(out DateTimeOffset until))
            return member with { CommunicationDisabledUntil = null };
        if (guild.State.PermissionsOf(member).Has(Permissions.Administrator))
            throw new ApiException(ApiError.MissingPermissions);
        if (until > guild.Now.AddDays(Limits.TimeoutDays))
        {
            throw new ApiException(ApiError.InvalidFormBody, FormErrors.Of(
                "communication_disabled_until",
                new FormError("GUILD_MEMBER_TIMEOUT_INVALID", "Timeout duration must be less than or equal to 28 days.")));
        }
        return member with { CommunicationDisabledUntil = until };
    }

    private static Member Flagged(GuildDecision guild, Member member, int flags)
    {
        const Permissions moderate = Permissions.ModerateMembers | Permissions.KickMembers | Permissions.BanMembers;
        if (!guild.Held.HasAny(Permissions.ManageGuild | Permissions.ManageRoles) && !guild.Held.Has(moderate))
            throw new ApiException(ApiError.MissingPermissions);
        return member with { Flags = (member.Flags & ~SettableFlags) | (flags & SettableFlags) };
    }

    // Mute and deaf stay with the member when it leaves the channel, but can be given only while it is in one.
    private VoiceState? Voice(GuildDecision guild, ref Member member)
    {
        if (!Changes.Mute.IsPresent && !Changes.Deaf.IsPresent && !Changes.ChannelId.IsPresent)
            return null;
        if (Changes.Mute.IsPresent)
            guild.Require(Permissions.MuteMembers);
        if (Changes.Deaf.IsPresent)
            guild.Require(Permissions.DeafenMembers);
        if (!guild.State.VoiceStates.TryGetValue(UserId, out VoiceState? before))
            throw new ApiException(ApiError.TargetNotInVoice);
        bool mute = Changes.Mute.IsPresent ? Changes.Mute.Or(false) : member.Mute;
        bool deaf = Changes.Deaf.IsPresent ? Changes.Deaf.Or(false) : member.Deaf;
        member = member with { Mute = mute, Deaf = deaf };
        VoiceState after = before with { Mute = mute, Deaf = deaf };
        if (Changes.ChannelId.IsPresent && Changes.ChannelId.OrNull() != before.ChannelId)
            after = Moved(guild, after);
        return after == before ? null : after;
    }

    private VoiceState Moved(GuildDecision guild, VoiceState state)
    {
        guild.Require(guild.Channel(state.ChannelId!.Value), Permissions.MoveMembers);
        if (!Changes.ChannelId.TryGet(out Snowflake target))
        {
            guild.Audit(AuditLogEvent.MemberDisconnect, null, options: new Dictionary<string, string> { ["count"] = "1" });
            return state with { ChannelId = null };
        }
        Channel channel = guild.Channel(target);
        if (!channel.Type.IsVoice())
            throw new ApiException(ApiError.CannotExecuteOnChannelType);
        guild.Require(channel, Permissions.Connect | Permissions.MoveMembers);
        guild.Audit(
            AuditLogEvent.MemberMove, null,
            options: new Dictionary<string, string> { ["channel_id"] = target.ToString(), ["count"] = "1" });
        bool speaks = guild.State.PermissionsIn(channel, UserId, guild.Now).Has(Permissions.Speak);
        return state with
        {
            ChannelId = target,
            Suppress = channel.Type == ChannelType.GuildStageVoice || !speaks,
            RequestToSpeakTimestamp = null,
        };
    }
}
