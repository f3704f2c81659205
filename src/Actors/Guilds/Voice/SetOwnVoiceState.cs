using Discord.Actors.Sessions;
using Discord.Protocol;
using Discord.Protocol.Errors;
using Discord.Protocol.Payloads;

namespace Discord.Actors.Guilds.Voice;

/// <summary>Op 4: a member joins, leaves or moves between voice channels, or mutes itself.</summary>
/// <param name="SessionId">The main gateway session; it goes into the voice state.</param>
/// <param name="Wish">What the client asked for.</param>
public sealed record SetOwnVoiceState(string SessionId, VoiceStateCommand Wish) : GuildCommand<VoiceState?>
{
    protected override VoiceState? Decide(GuildDecision guild)
    {
        Member member = guild.Member(By.UserId);
        guild.State.VoiceStates.TryGetValue(By.UserId, out VoiceState? known);
        if (Wish.ChannelId is not { } channelId)
        {
            if (known is null)
                return null;
            VoiceState left = known with { ChannelId = null };
            guild.Put(new VoiceStateChanged(left));
            return left;
        }
        Channel channel = guild.Channel(channelId);
        if (channel.Type is not (ChannelType.GuildVoice or ChannelType.GuildStageVoice))
            throw new ApiException(ApiError.CannotExecuteOnChannelType);
        if (known?.ChannelId != channelId)
        {
            guild.Require(channel, Permissions.ViewChannel | Permissions.Connect);
            int inside = guild.State.VoiceStates.Values.Count(v => v.ChannelId == channelId);
            if (channel.UserLimit is > 0 and var limit && inside >= limit
                && !guild.State.PermissionsIn(channel, By.UserId, guild.Now).Has(Permissions.MoveMembers))
                throw new ApiException(ApiError.MissingPermissions);
        }
        Permissions held = guild.State.PermissionsIn(channel, By.UserId, guild.Now);
        VoiceState state = new()
        {
            ChannelId = channelId,
            UserId = By.UserId,
            SessionId = SessionId,
            Deaf = member.Deaf,
            Mute = member.Mute,
            SelfDeaf = Wish.SelfDeaf,
            SelfMute = Wish.SelfMute,
            SelfVideo = Wish.SelfVideo,
            Suppress = channel.Type == ChannelType.GuildStageVoice
                ? known?.ChannelId == channelId ? known.Suppress : true
                : !held.Has(Permissions.Speak),
            RequestToSpeakTimestamp = known?.ChannelId == channelId ? known.RequestToSpeakTimestamp : null,
        };
        guild.Put(new VoiceStateChanged(state));
        return state;
    }
}

/// <summary>The member's session is gone: it leaves its voice channel if that session held it there.</summary>
public sealed record LeaveVoice(string SessionId) : GuildCommand<bool>
{
    protected override bool Decide(GuildDecision guild)
    {
        if (!guild.State.VoiceStates.TryGetValue(By.UserId, out VoiceState? known) || known.SessionId != SessionId)
            return false;
        guild.Put(new VoiceStateChanged(known with { ChannelId = null }));
        return true;
    }
}
